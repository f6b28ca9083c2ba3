//! Our side of the decoding comparison: decodes each file named and writes its samples beside it.
//!
//! `peer-decoding FILE…` writes `FILE.raw` and prints `file width height channels`, or
//! `file code`, one line a file, tabs between.

use std::panic::catch_unwind;

use anyhow::Context;
use tutela_core::Coded;
use tutela_match::content::{Limits, decode};

fn main() -> anyhow::Result<()> {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path).with_context(|| path.clone())?;
        match catch_unwind(|| decode(&bytes, &Limits::default())) {
            Ok(Ok(decoded)) => {
                let pixels = decoded.pixels;
                std::fs::write(format!("{path}.raw"), pixels.samples())?;
                let (width, height) = (decoded.width, decoded.height);
                println!("{path}\t{width}\t{height}\t{}", pixels.channels());
            }
            Ok(Err(error)) => println!("{path}\t{}", error.code()),
            Err(_) => println!("{path}\tdecode.panicked"),
        }
    }
    Ok(())
}
