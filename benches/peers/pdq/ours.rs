//! Our side of the PDQ comparison: reads raw pictures, prints signals and processor time.
//!
//! `peer-pdq full|reference ROUNDS PICTURE…` reads binary PPM and PGM files and prints one line a
//! picture: name, quality, median nanoseconds, and the eight signals in the reference's order.

use std::hint::black_box;

use anyhow::{Context, bail};
use tutela_benches::{cpu_ns, median};
use tutela_core::PdqVariant;
use tutela_match::content::Pixels;
use tutela_match::signals::pdq;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let variant: PdqVariant = arguments.next().context("no variant")?.parse()?;
    let rounds: usize = arguments.next().context("no number of rounds")?.parse()?;
    for path in arguments {
        let pixels = read(&std::fs::read(&path)?).with_context(|| path.clone())?;
        let mut times = Vec::new();
        for _ in 0..rounds {
            let start = cpu_ns();
            black_box(pdq(black_box(&pixels), variant));
            times.push(cpu_ns() - start);
        }
        let signals = pdq(&pixels, variant);
        let values = signals.values.map(|value| value.to_string()).join(" ");
        println!("{path} {} {} {values}", signals.quality, median(times));
    }
    Ok(())
}

/// Reads a binary PPM or PGM with 8-bit samples and no comments.
fn read(bytes: &[u8]) -> anyhow::Result<Pixels> {
    let mut fields = bytes.splitn(4, u8::is_ascii_whitespace);
    let mut field = || fields.next().context("the header ends early");
    let magic = field()?;
    let (width, height) = (number(field()?)?, number(field()?)?);
    let samples = field()?.strip_prefix(b"255\n").context("the samples are not 8-bit")?.to_vec();
    match magic {
        b"P5" => Ok(Pixels::grey(width, height, samples)?),
        b"P6" => Ok(Pixels::rgb(width, height, samples)?),
        _ => bail!("neither PGM nor PPM"),
    }
}

fn number(digits: &[u8]) -> anyhow::Result<u32> {
    Ok(std::str::from_utf8(digits)?.parse()?)
}
