//! What the house asks of every change: `cargo xtask ci`, or one step of it.
#![forbid(unsafe_code)]

mod ci;
mod tidy;

use std::path::Path;

use anyhow::{Context, Result, bail};

const USAGE: &str = "cargo xtask ci [format] [clippy] [tests] [docs] [tidy]\ncargo xtask tidy";

fn main() -> Result<()> {
    let root =
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask stands in no workspace")?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((verb, steps)) if verb == "ci" => ci::run(root, steps),
        Some((verb, [])) if verb == "tidy" => tidy::run(root),
        _ => bail!("usage:\n{USAGE}"),
    }
}
