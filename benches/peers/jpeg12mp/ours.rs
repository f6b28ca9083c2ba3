//! Our side of the comparison of whole files: read, decode and hash, on every line of standard input.
//!
//! `peer-jpeg12mp FILE…` answers `time VARIANT…` with a line of nanoseconds of processor time, user and system, one
//! a file, and `signals VARIANT` with a line a file: the quality and the signal.

use std::hint::black_box;
use std::io::{Write, stdin, stdout};

use anyhow::{Context, bail};
use tutela_benches::cpu_ns;
use tutela_core::PdqVariant;
use tutela_match::content::{Limits, decode};
use tutela_match::signals::{PdqSignals, pdq};

fn main() -> anyhow::Result<()> {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    for line in stdin().lines() {
        match line?.split(' ').collect::<Vec<_>>().as_slice() {
            ["time", variants @ ..] => {
                let variants =
                    variants.iter().map(|name| name.parse()).collect::<Result<Vec<_>, _>>()?;
                let mut times = Vec::new();
                for path in &paths {
                    let start = cpu_ns();
                    black_box(hash(black_box(path), &variants)?);
                    times.push((cpu_ns() - start).to_string());
                }
                println!("{}", times.join(" "));
            }
            ["signals", variant] => {
                for path in &paths {
                    for signals in hash(path, &[variant.parse()?])? {
                        println!("{} {}", signals.quality, signals.original());
                    }
                }
            }
            _ => bail!("neither `time VARIANT…` nor `signals VARIANT`"),
        }
        stdout().flush()?;
    }
    Ok(())
}

fn hash(path: &str, variants: &[PdqVariant]) -> anyhow::Result<Vec<PdqSignals>> {
    let bytes = std::fs::read(path).with_context(|| path.to_owned())?;
    let decoded = decode(&bytes, &Limits::default())?;
    Ok(variants.iter().map(|variant| pdq(&decoded.pixels, *variant)).collect())
}
