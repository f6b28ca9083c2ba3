//! Our side of the comparison of indexes: a question per line on standard input, a line of JSON for each.
//!
//! `peer-search ENTRIES QUERIES` reads 32-byte signals from both files; `random:COUNT:SEED` in the place of
//! a file makes them. Commands: `build`, `time FIRST COUNT BATCH RADIUS`, `each FIRST COUNT RADIUS`,
//! `hits FIRST COUNT RADIUS`, `save FILE`, `open FILE`, `restart FILE`, `append`, `settle`, `memory`.

use std::fs::File;
use std::io::{Write, stdin, stdout};
use std::sync::Arc;
use std::time::Instant;

/// What the service maps its files with.
#[path = "../../../crates/tutela-app/src/intake/mapped.rs"]
mod mapped;

use anyhow::{Context, bail};
use serde_json::{Value, json};
use tutela_benches::cpu_ns;
use tutela_core::Pdq;
use tutela_match::index::{Found, LiveIndex, Row, Segment, Snapshot};

use mapped::Mapped;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut argument = || arguments.next().context("usage: peer-search ENTRIES QUERIES");
    let entries = argument()?;
    let queries = signals(&argument()?)?;
    let mut index = Snapshot::default();
    let mut live = LiveIndex::new();
    for line in stdin().lines() {
        let line = line?;
        let words: Vec<&str> = line.split(' ').collect();
        let number = |at: usize| -> anyhow::Result<usize> {
            Ok(words.get(at).context("a number is missing")?.parse()?)
        };
        let part = || -> anyhow::Result<&[Pdq]> {
            queries.get(number(1)?..number(1)? + number(2)?).context("no such queries")
        };
        let answer = match words[0] {
            "build" => {
                let rows = rows(&entries)?;
                let start = cpu_ns();
                let segment = Segment::build(rows, 0);
                let build_s = seconds(cpu_ns() - start);
                let bytes = segment.bytes().len();
                index = of(segment);
                json!({ "build_s": build_s, "bytes": bytes })
            }
            "save" => {
                let segment = index.segments().next().context("nothing is built")?;
                File::create(words[1])?.write_all(segment.bytes())?;
                json!({})
            }
            "open" => open(words[1], &mut index)?,
            "restart" => restart(words[1], &queries, &mut index)?,
            "append" => {
                live = LiveIndex::new();
                append(&entries, &mut live, &mut index)?
            }
            "settle" => settle(&mut live, &mut index),
            "time" => time(&index, part()?, number(3)?, number(4)? as u16),
            "each" => each(&index, part()?, number(3)? as u16),
            "hits" => {
                let mut found = Vec::new();
                index.search(part()?, number(3)? as u16, &mut found);
                let hits = found.iter().map(|f| (f.query, f.id, f.distance));
                json!(hits.collect::<Vec<_>>())
            }
            "memory" => memory()?,
            _ => bail!("no such command: {line}"),
        };
        println!("{answer}");
        stdout().flush()?;
    }
    Ok(())
}

fn of(segment: Segment) -> Snapshot {
    LiveIndex::of([Arc::new(segment)]).snapshot()
}

/// Reads the file into memory, opens it, answers one query.
fn open(path: &str, index: &mut Snapshot) -> anyhow::Result<Value> {
    let (start, wall) = (cpu_ns(), Instant::now());
    let bytes = std::fs::read(path)?;
    *index = of(Segment::open(Arc::new(bytes))?);
    let opened_ms = wall.elapsed().as_secs_f64() * 1e3;
    let mut found = Vec::new();
    index.search(&[Pdq::ZERO], 31, &mut found);
    let answered_ms = wall.elapsed().as_secs_f64() * 1e3;
    Ok(json!({
        "opened_wall_ms": opened_ms,
        "first_answer_wall_ms": answered_ms,
        "cpu_ms": seconds(cpu_ns() - start) * 1e3,
    }))
}

/// Maps the file, opens it, answers the queries one by one: what a restart does. Then goes through every byte,
/// as a service does beside its first answers.
fn restart(path: &str, queries: &[Pdq], index: &mut Snapshot) -> anyhow::Result<Value> {
    let wall = Instant::now();
    let ms = || wall.elapsed().as_secs_f64() * 1e3;
    let segment = Arc::new(Segment::open(Arc::new(Mapped::new(&File::open(path)?)?))?);
    *index = LiveIndex::of([Arc::clone(&segment)]).snapshot();
    let opened_ms = ms();
    let mut found = Vec::new();
    let mut answered_ms = Vec::new();
    for query in queries.iter().take(1_000) {
        index.search(std::slice::from_ref(query), 31, &mut found);
        answered_ms.push(ms());
    }
    let start = cpu_ns();
    let before = ms();
    segment.verify()?;
    Ok(json!({
        "opened_wall_ms": opened_ms,
        "first_answer_wall_ms": answered_ms.first(),
        "answers_100_wall_ms": answered_ms.get(99),
        "answers_1000_wall_ms": answered_ms.get(999),
        "verified_wall_ms": ms() - before,
        "verified_cpu_ms": seconds(cpu_ns() - start) * 1e3,
    }))
}

/// Does what a service does in quiet moments.
fn settle(live: &mut LiveIndex, index: &mut Snapshot) -> Value {
    let start = cpu_ns();
    let merge = live.merge_at_leisure();
    let had_work = merge.is_some_and(|merge| live.install(merge.run(0)));
    *index = live.snapshot();
    json!({ "had_work": had_work, "cpu_s": seconds(cpu_ns() - start),
            "segments": index.segments().map(Segment::len).collect::<Vec<_>>() })
}

/// Appends all entries one by one, merging whenever that is due, as a service would on another thread.
fn append(entries: &str, live: &mut LiveIndex, index: &mut Snapshot) -> anyhow::Result<Value> {
    let mut appends = Vec::new();
    let mut found = Vec::new();
    let mut seen = Vec::new();
    let (mut merges, mut merge_ns) = (0, 0);
    let start = cpu_ns();
    for (number, Row { signal, id }) in rows(entries)?.into_iter().enumerate() {
        let sampled = number % 1_000 == 999;
        let before = Instant::now();
        live.append(signal, id);
        let snapshot = live.snapshot();
        if sampled {
            appends.push(before.elapsed().as_secs_f64() * 1e6);
            found.clear();
            snapshot.search(&[signal], 0, &mut found);
            anyhow::ensure!(found.iter().any(|row| row.id == id), "{id} is not found");
            seen.push(before.elapsed().as_secs_f64() * 1e6);
        }
        while let Some(merge) = live.merge_due() {
            let start = cpu_ns();
            let merged = merge.run(0);
            merge_ns += cpu_ns() - start;
            merges += 1;
            live.install(merged);
        }
    }
    let all_ns = cpu_ns() - start;
    *index = live.snapshot();
    Ok(json!({
        "rows": index.len(),
        "cpu_s": seconds(all_ns),
        "merge_cpu_s": seconds(merge_ns),
        "merges": merges,
        "segments": index.segments().map(Segment::len).collect::<Vec<_>>(),
        "tail": index.tail_len(),
        "append_wall_us": percentiles(appends),
        "append_to_found_wall_us": percentiles(seen),
    }))
}

fn time(index: &Snapshot, queries: &[Pdq], batch: usize, radius: u16) -> Value {
    let mut found: Vec<Found> = Vec::new();
    let mut count = 0;
    let start = cpu_ns();
    for queries in queries.chunks(batch) {
        found.clear();
        index.search(queries, radius, &mut found);
        count += found.len();
    }
    let ns = cpu_ns() - start;
    json!({ "us_a_query": ns as f64 / 1e3 / queries.len() as f64, "found": count })
}

/// Processor time of each query by itself; asking the clock is part of it, some tenths of a microsecond.
fn each(index: &Snapshot, queries: &[Pdq], radius: u16) -> Value {
    let mut found: Vec<Found> = Vec::new();
    let times = queries.iter().map(|query| {
        let start = cpu_ns();
        found.clear();
        index.search(std::slice::from_ref(query), radius, &mut found);
        (cpu_ns() - start) as f64 / 1e3
    });
    percentiles(times.collect())
}

fn percentiles(mut times: Vec<f64>) -> Value {
    times.sort_unstable_by(f64::total_cmp);
    let at = |part: f64| times.get((times.len() as f64 * part) as usize).copied();
    json!({ "p50": at(0.5), "p99": at(0.99), "most": times.last() })
}

fn memory() -> anyhow::Result<Value> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let value = |name: &str| -> Option<f64> {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1024.0)
    };
    Ok(json!({ "resident_mib": value("VmRSS"), "peak_mib": value("VmHWM") }))
}

fn rows(from: &str) -> anyhow::Result<Vec<Row>> {
    let rows = signals(from)?.into_iter().zip(0..);
    Ok(rows.map(|(signal, id)| Row { signal, id }).collect())
}

fn signals(from: &str) -> anyhow::Result<Vec<Pdq>> {
    if let Some((count, seed)) = from.strip_prefix("random:").and_then(|rest| rest.split_once(':'))
    {
        let mut state: u64 = seed.parse()?;
        // SplitMix64.
        let mut next = || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^ (mixed >> 31)
        };
        let count: usize = count.parse()?;
        return Ok((0..count).map(|_| Pdq::from_words([next(), next(), next(), next()])).collect());
    }
    let bytes = std::fs::read(from).with_context(|| from.to_owned())?;
    let (signals, rest) = bytes.as_chunks();
    anyhow::ensure!(rest.is_empty(), "{from} is not a whole number of 32-byte signals");
    Ok(signals.iter().copied().map(Pdq).collect())
}

fn seconds(ns: u64) -> f64 {
    ns as f64 / 1e9
}
