//! Our side of the comparison of flows: one command a run, one line of JSON.
//!
//! `peer-flows COMMAND FILE [OUT]` reads 24-byte records in time order (see stream.py), in pieces of some megabytes.
//! `windows` gives both sides of each transfer over a rolling window of 30 days; with OUT it also writes the payer's
//! count and sum of each. `rolling` counts and sums the payer's side only. `months` gives the payer's side by windows that follow each other. `twenty` is `windows`
//! over the twenty days that the peer's figures stand for. `score` ranks all accounts by the shipped evidence.

use std::collections::HashMap;
use std::fs::File;
use std::hash::{BuildHasherDefault, Hasher};
use std::io::{BufWriter, Read, Write};
use std::time::Instant;

use anyhow::{Context, bail};
use serde_json::{Value, json};
use tutela_benches::cpu_ns;
use tutela_flow::models::evidence::Evidence;
use tutela_flow::models::graph::{Account, Flow, Graph};
use tutela_flow::transfers::Side;
use tutela_flow::windows::{DAYS_30_S, Moved, Windows, months};

/// What the peers call small: up to a hundred major units.
const SMALL_MINOR: u32 = 10_000;
const RECORD: usize = 24;
const PIECE: usize = 1 << 15;

#[derive(Default)]
struct Mixed(u64);

impl Hasher for Mixed {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }
    fn write_u64(&mut self, id: u64) {
        let mixed = (self.0 ^ id).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = mixed ^ mixed >> 32;
    }
    fn finish(&self) -> u64 {
        self.0
    }
}

/// Ids as numbers from zero, in the order in which they come.
#[derive(Default)]
struct Numbers(HashMap<u64, u32, BuildHasherDefault<Mixed>>);

impl Numbers {
    fn of(&mut self, id: u64) -> u32 {
        let next = self.0.len() as u32;
        *self.0.entry(id).or_insert(next)
    }
}

/// Hands over the records of a file, piece by piece, as they are numbered by `number`.
fn pieces(
    path: &str,
    mut number: impl FnMut(u64, u64) -> (u32, u32),
    mut each: impl FnMut(&[Moved]) -> anyhow::Result<()>,
) -> anyhow::Result<u64> {
    let mut file = File::open(path)?;
    let mut bytes = vec![0; PIECE * RECORD];
    let mut piece = Vec::with_capacity(PIECE);
    let mut count = 0;
    loop {
        let mut filled = 0;
        while filled < bytes.len() {
            match file.read(&mut bytes[filled..])? {
                0 => break,
                more => filled += more,
            }
        }
        if filled == 0 {
            return Ok(count);
        }
        piece.clear();
        for record in bytes[..filled].chunks_exact(RECORD) {
            let (ids, rest) = record.split_at(16);
            let long =
                |at: usize| ids[at..at + 8].iter().rev().fold(0, |n, b| n << 8 | u64::from(*b));
            let word =
                |at: usize| rest[at..at + 4].iter().rev().fold(0, |n, b| n << 8 | u32::from(*b));
            let (payer, payee) = number(long(0), long(8));
            piece.push(Moved { time_s: word(0), payer, payee, amount_minor: word(4) });
        }
        count += piece.len() as u64;
        each(&piece)?;
    }
}

fn windows(path: &str, window_s: u32, out: Option<&String>) -> anyhow::Result<Value> {
    let mut windows = Windows::new(window_s).with_small_minor(SMALL_MINOR);
    let (mut payers, mut payees) = (Numbers::default(), Numbers::default());
    let mut out = out.map(File::create).transpose()?.map(BufWriter::new);
    let (mut sums, mut fullest) = ([0_u64; 10], 0);
    let transfers = pieces(
        path,
        |payer, payee| (payers.of(payer), payees.of(payee)),
        |piece| {
            let mut failed = None;
            windows.push_all(piece, |_, seen| {
                for (side, seen) in seen.iter().enumerate() {
                    let of = &mut sums[side * 5..][..5];
                    of[0] += u64::from(seen.transfers);
                    of[1] += u64::from(seen.counterparties);
                    of[2] += u64::from(seen.small);
                    of[3] += u64::from(seen.median_gap_s.unwrap_or(0));
                    of[4] += seen.sum_minor;
                }
                if let Some(out) = &mut out {
                    let [payer, payee] = seen;
                    for seen in [payer, payee] {
                        let line =
                            [seen.transfers.into(), seen.counterparties.into(), seen.sum_minor];
                        let bytes = line.map(u64::to_le_bytes).concat();
                        failed = failed.take().or(out.write_all(&bytes).err());
                    }
                }
            })?;
            fullest = fullest.max(windows.len());
            failed.map_or(Ok(()), |error| Err(error.into()))
        },
    )?;
    Ok(json!({
        "transfers": transfers, "payers": payers.0.len(), "payees": payees.0.len(),
        "fullest_window": fullest, "sums": sums,
    }))
}

/// Counts and sums of the payer's side, and nothing else.
fn rolling(path: &str) -> anyhow::Result<Value> {
    let windows = Windows::new(DAYS_30_S).only(Side::Payer);
    let mut windows = windows.without_counterparties().without_gaps();
    let mut payers = Numbers::default();
    let mut sums = [0_u64; 2];
    let transfers = pieces(
        path,
        |payer, _| (payers.of(payer), 0),
        |piece| {
            Ok(windows.push_all(piece, |_, [payer, _]| {
                sums[0] += u64::from(payer.transfers);
                sums[1] += payer.sum_minor;
            })?)
        },
    )?;
    Ok(json!({ "transfers": transfers, "sums": sums }))
}

fn by_months(path: &str) -> anyhow::Result<Value> {
    let mut all = Vec::with_capacity(File::open(path)?.metadata()?.len() as usize / RECORD);
    let (mut payers, mut payees) = (Numbers::default(), Numbers::default());
    pieces(
        path,
        |payer, payee| (payers.of(payer), payees.of(payee)),
        |piece| {
            all.extend_from_slice(piece);
            Ok(())
        },
    )?;
    let (mut groups, mut sums, mut gaps) = (0_u64, [0_u64; 4], 0.0);
    months(Side::Payer, &all, DAYS_30_S, SMALL_MINOR, |month| {
        groups += 1;
        sums[0] += u64::from(month.transfers);
        sums[1] += u64::from(month.counterparties);
        sums[2] += u64::from(month.small);
        sums[3] += month.sum_minor;
        gaps += month.median_gap_s.unwrap_or(0.0);
    });
    Ok(json!({ "transfers": all.len(), "groups": groups, "sums": sums, "gaps_s": gaps }))
}

/// Reads, makes the graph, measures every account on both sides and scores it.
fn score(path: &str) -> anyhow::Result<Value> {
    let mut numbers = Numbers::default();
    let mut flows = Vec::new();
    pieces(
        path,
        |payer, payee| (numbers.of(payer), numbers.of(payee)),
        |piece| {
            flows.extend(piece.iter().map(|one| Flow {
                time_s: one.time_s.into(),
                payer: one.payer,
                payee: one.payee,
                amount: one.amount_minor as f32 / 100.0,
                institution: 0,
                domestic: false,
            }));
            Ok(())
        },
    )?;
    let transfers = flows.len();
    let graph = Graph::new(vec![Account::default(); numbers.0.len()], flows);
    let scored = Evidence::shipped()?.score(&graph, false);
    let accounts = scored.payer_scores.len() + scored.payee_scores.len();
    Ok(json!({ "transfers": transfers, "scored": accounts }))
}

fn peak_mib() -> anyhow::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib: u64 = line.context("no VmHWM")?.trim().trim_end_matches(" kB").parse()?;
    Ok(kib / 1024)
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [command, path, rest @ ..] = arguments.as_slice() else {
        bail!("usage: peer-flows windows|twenty|rolling|months|score FILE [OUT]");
    };
    let (start, wall) = (cpu_ns(), Instant::now());
    let mut answer = match command.as_str() {
        "windows" => windows(path, DAYS_30_S, rest.first())?,
        // The peer lets go of what is twenty days old to the second, we of what is older.
        "twenty" => windows(path, 20 * 86_400 - 1, rest.first())?,
        "rolling" => rolling(path)?,
        "months" => by_months(path)?,
        "score" => score(path)?,
        _ => bail!("no such command: {command}"),
    };
    let cpu_s = (cpu_ns() - start) as f64 / 1e9;
    answer["cpu_s"] = json!(cpu_s);
    answer["wall_s"] = json!(wall.elapsed().as_secs_f64());
    answer["transfers_a_cpu_s"] =
        json!((answer["transfers"].as_f64().unwrap_or(0.0) / cpu_s).round());
    answer["peak_mib"] = json!(peak_mib()?);
    println!("{answer}");
    Ok(())
}
