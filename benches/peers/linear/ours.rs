//! Our side of the plain-scan comparison: a search per line on standard input.
//!
//! `peer-linear ENTRIES QUERIES RADIUS` reads 32-byte signals from both files. The line
//! `time FIRST COUNT BATCH` searches that many queries in batches and prints the nanoseconds of
//! processor time and the number of hits; `hits FIRST COUNT` prints every hit as
//! `query:entry:distance`.

use std::io::{Write, stdin, stdout};

use anyhow::{Context, bail};
use tutela_benches::cpu_ns;
use tutela_core::Pdq;
use tutela_match::index::{Hit, LinearIndex};

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut argument = || arguments.next().context("usage: peer-linear ENTRIES QUERIES RADIUS");
    let index: LinearIndex = read(&argument()?)?.into_iter().collect();
    let queries = read(&argument()?)?;
    let radius = argument()?.parse()?;
    for line in stdin().lines() {
        let line = line?;
        let (command, numbers) = line.split_once(' ').context("no numbers")?;
        let numbers: Vec<usize> = numbers.split(' ').map(str::parse).collect::<Result<_, _>>()?;
        match (command, numbers.as_slice()) {
            ("time", &[first, count, batch]) => {
                let (time, hits) = time(&index, &queries[first..first + count], radius, batch);
                println!("{time} {hits}");
            }
            ("hits", &[first, count]) => {
                let mut hits = Vec::new();
                index.search_batch(&queries[first..first + count], radius, &mut hits);
                let hits = hits.iter().map(|h| format!("{}:{}:{}", h.query, h.entry, h.distance));
                println!("{}", hits.collect::<Vec<_>>().join(" "));
            }
            _ => bail!("neither `time FIRST COUNT BATCH` nor `hits FIRST COUNT`"),
        }
        stdout().flush()?;
    }
    Ok(())
}

fn time(index: &LinearIndex, queries: &[Pdq], radius: u16, batch: usize) -> (u64, usize) {
    let mut hits: Vec<Hit> = Vec::new();
    let mut found = 0;
    let start = cpu_ns();
    for queries in queries.chunks(batch) {
        hits.clear();
        match queries {
            [query] => index.search(query, radius, &mut hits),
            _ => index.search_batch(queries, radius, &mut hits),
        }
        found += hits.len();
    }
    (cpu_ns() - start, found)
}

fn read(path: &str) -> anyhow::Result<Vec<Pdq>> {
    let bytes = std::fs::read(path).with_context(|| path.to_owned())?;
    let (signals, rest) = bytes.as_chunks();
    anyhow::ensure!(rest.is_empty(), "{path} is not a whole number of 32-byte signals");
    Ok(signals.iter().copied().map(Pdq).collect())
}
