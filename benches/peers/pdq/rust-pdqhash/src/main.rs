//! The same conversation as `../../ours.rs`, with the crate `pdqhash`: `signals`, `hash`, `decode`.
#![forbid(unsafe_code)]

use std::hint::black_box;
use std::io::{Write, stdin, stdout};

use anyhow::{Context, bail};
use image::{DynamicImage, load_from_memory};
use pdqhash::generate_pdq;
use rustix::time::{ClockId, clock_gettime};

fn main() -> anyhow::Result<()> {
    let files: Vec<Vec<u8>> =
        std::env::args().skip(1).map(std::fs::read).collect::<Result<_, _>>()?;
    let decoded = files.iter().map(|file| load_from_memory(file));
    let pictures: Vec<DynamicImage> = decoded.collect::<Result<_, _>>()?;
    for line in stdin().lines() {
        match line?.as_str() {
            "decode" => print_times(&files, |file| load_from_memory(file)),
            "hash" => print_times(&pictures, generate_pdq),
            "signals" => {
                for picture in &pictures {
                    let (hash, quality) = generate_pdq(picture).context("no hash")?;
                    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
                    println!("{} {hex}", (quality * 100.0) as u8);
                }
            }
            other => bail!("no command {other}"),
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

fn cpu_ns() -> u64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}
