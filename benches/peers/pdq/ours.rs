//! Our side of the PDQ comparison: a pass over all pictures per line on standard input.
//!
//! `peer-pdq PICTURE…` reads PNG and JPEG files. `signals VARIANT` prints a line for each picture:
//! quality and the eight signals in the reference's order. `hash VARIANT` and `decode` print a line
//! with the nanoseconds of processor time for each picture.

use std::hint::black_box;
use std::io::{Write, stdin, stdout};

use anyhow::{Context, bail};
use tutela_benches::cpu_ns;
use tutela_match::content::{Limits, Pixels, decode};
use tutela_match::signals::pdq;

fn main() -> anyhow::Result<()> {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    let read = |path: &String| std::fs::read(path).with_context(|| path.clone());
    let files: Vec<Vec<u8>> = paths.iter().map(read).collect::<Result<_, _>>()?;
    let limits = Limits::default();
    let decoded = files.iter().map(|file| decode(file, &limits).map(|decoded| decoded.pixels));
    let pictures: Vec<Pixels> = decoded.collect::<Result<_, _>>()?;
    for line in stdin().lines() {
        match line?.split(' ').collect::<Vec<_>>().as_slice() {
            ["decode"] => print_times(&files, |file| decode(file, &limits)),
            ["hash", variant] => {
                let variant = variant.parse()?;
                print_times(&pictures, |picture| pdq(picture, variant));
            }
            ["signals", variant] => {
                let variant = variant.parse()?;
                for picture in &pictures {
                    let signals = pdq(picture, variant);
                    let values = signals.values.map(|value| value.to_string()).join(" ");
                    println!("{} {values}", signals.quality);
                }
            }
            _ => bail!("neither `signals VARIANT`, `hash VARIANT` nor `decode`"),
        }
        stdout().flush()?;
    }
    Ok(())
}

fn print_times<T, O>(inputs: &[T], work: impl Fn(&T) -> O) {
    let times = inputs.iter().map(|input| {
        let start = cpu_ns();
        black_box(work(black_box(input)));
        (cpu_ns() - start).to_string()
    });
    println!("{}", times.collect::<Vec<_>>().join(" "));
}
