//! Our side of the look-up comparison, and what it is compared with inside one process.
//!
//! `peer-lookup generate md5|vics ENTRIES` writes a made-up list to standard output, from a fixed seed.
//! `peer-lookup time ENTRIES LOOKUPS` looks random digests up in such a list and prints a line of JSON
//! for each way: processor time, look-ups a second, bytes a key.

use std::io::{BufWriter, Write, stdout};

use anyhow::{Context, Result, bail};
use tutela_benches::cpu_ns;
use tutela_core::Md5;
use tutela_match::index::ExactIndex;
use tutela_match::index::compiled::{
    Assembler, BLOCK_BYTES, Checksums, CompiledList, HEADER_BYTES, Section, TableWriter,
};
use xorf::{BinaryFuse16, Filter};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["generate", "md5", entries] => generate_md5(entries.parse()?),
        ["generate", "vics", entries] => generate_vics(entries.parse()?),
        ["time", entries, look_ups] => time_all(entries.parse()?, look_ups.parse()?),
        _ => bail!("generate md5|vics ENTRIES, or time ENTRIES LOOKUPS"),
    }
}

/// The digest with a number: entries count from 0, digests that are in no list from [`ELSEWHERE`].
fn digest(number: u64) -> Md5 {
    let half = |seed: u64| {
        let mut mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(seed);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    };
    Md5((u128::from(half(1)) << 64 | u128::from(half(2))).to_be_bytes())
}

/// Numbers of digests that no list holds.
const ELSEWHERE: u64 = 1 << 40;
/// Rounds of each way; the middle one counts.
const ROUNDS: usize = 7;

fn generate_md5(entries: u64) -> Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, stdout().lock());
    for number in 0..entries {
        writeln!(out, "{}  made-up/{number}", digest(number))?;
    }
    Ok(out.flush()?)
}

/// Project VIC 2.0 with MD5, SHA-1, PhotoDNA in length and alphabet only, categories in about the
/// shares of a real set, and a PDQ for one in a thousand.
fn generate_vics(entries: u64) -> Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, stdout().lock());
    out.write_all(
        b"{\"@odata.context\":\"http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/$metadata#Media\",\"value\":[\n",
    )?;
    for number in 0..entries {
        let (md5, more) = (digest(number), digest(number + 2 * ELSEWHERE));
        let sha1 = format!("{md5}{}", &more.to_string()[..8]);
        let category = match number % 100 {
            0..=34 => 0,
            35..=51 => 1,
            52..=97 => 2,
            98 => 3,
            _ => 4,
        };
        let photodna = md5.to_string().repeat(6);
        let end = if number + 1 < entries { ",\n" } else { "\n" };
        write!(
            out,
            "{{\"MediaID\":{number},\"Category\":{category},\"MD5\":\"{md5}\",\"SHA1\":\"{sha1}\",\"MediaSize\":{},\
             \"MimeType\":\"image/jpeg\",\"VictimIdentified\":false,\"IsDistributed\":true,\"DateUpdated\":\"2026-03-01T00:00:00Z\",\
             \"PhotoDNA\":\"{photodna}\"",
            1_000 + number % 4_000_000,
        )?;
        if number % 1000 == 0 {
            let pdq = format!("{md5}{more}");
            write!(
                out,
                ",\"AlternativeHashes\":[{{\"HashName\":\"PDQ\",\"HashValue\":\"{pdq}\"}}]"
            )?;
        }
        write!(out, "}}{end}")?;
    }
    out.write_all(b"]}\n")?;
    Ok(out.flush()?)
}

fn time_all(entries: u64, look_ups: u64) -> Result<()> {
    let start = cpu_ns();
    let list = compiled(entries)?;
    let made_ms = (cpu_ns() - start) / 1_000_000;
    let mut keys: Vec<u64> = (0..entries).map(|number| key(&digest(number))).collect();
    keys.sort_unstable();
    keys.dedup();
    let filter = BinaryFuse16::try_from(&keys).map_err(anyhow::Error::msg)?;
    let exact = ExactIndex::build((0..).zip(0..entries).map(|(e, n)| (digest(n).0, e)).collect());
    let (fuse, _) = list.filter_bytes::<16, Md5>();
    let per_key = |bytes: u64| bytes as f64 / entries as f64;
    let misses = || ELSEWHERE..ELSEWHERE + look_ups;
    let hits = || (0..look_ups).map(|number| number.wrapping_mul(0x9e37_79b9) % entries);
    println!(
        "{}",
        serde_json::json!({"way": "compiling the table and filters", "cpu_ms": made_ms})
    );
    report_all(
        look_ups,
        &[
            // What it costs to make the digests: taken off all others.
            (MAKING, 0.0, &|| misses().map(|n| u64::from(digest(n).0[0])).sum()),
            ("our filter, digests not listed", per_key(fuse), &|| {
                misses().map(|n| u64::from(list.may_hold(&digest(n)))).sum()
            }),
            ("xorf BinaryFuse16, digests not listed", per_key(2 * filter.len() as u64), &|| {
                misses().map(|n| u64::from(filter.contains(&key(&digest(n))))).sum()
            }),
            (
                "whole look-up in the compiled list, digests not listed",
                per_key(fuse) + 20.0,
                &|| misses().map(|n| list.get(&digest(n)).count() as u64).sum(),
            ),
            ("the index in memory, digests not listed", 21.0, &|| {
                misses().map(|n| exact.get(&digest(n).0).count() as u64).sum()
            }),
            ("sorted 64-bit prefixes, binary search, digests not listed", 8.0, &|| {
                misses().map(|n| u64::from(keys.binary_search(&key(&digest(n))).is_ok())).sum()
            }),
            ("whole look-up in the compiled list, digests listed", per_key(fuse) + 20.0, &|| {
                hits().map(|n| list.get(&digest(n)).count() as u64).sum()
            }),
        ],
    );
    Ok(())
}

/// Making digests only.
const MAKING: &str = "making the digests";

/// Its name, its bytes a key, and what it finds.
type Way<'a> = (&'a str, f64, &'a dyn Fn() -> u64);

/// Runs all ways one after the other, several times over, so that whatever else the machine does
/// disturbs them alike. Prints the middle and the least time of each.
fn report_all(look_ups: u64, ways: &[Way<'_>]) {
    let mut times = vec![Vec::new(); ways.len()];
    let mut found = vec![0; ways.len()];
    for _ in 0..ROUNDS {
        for (number, (_, _, way)) in ways.iter().enumerate() {
            let start = cpu_ns();
            found[number] = std::hint::black_box(way());
            times[number].push(cpu_ns() - start);
        }
    }
    times.iter_mut().for_each(|times| times.sort_unstable());
    let making = times[0].clone();
    for (((way, bytes, _), times), found) in ways.iter().zip(times).zip(found).skip(1) {
        let net = |at: usize| times[at].saturating_sub(making[at]).max(1);
        let a_second = |at: usize| (look_ups as f64 * 1e9 / net(at) as f64) as u64;
        println!(
            "{}",
            serde_json::json!({
                "way": way, "lookups": look_ups, "found": found, "cpu_ms": net(ROUNDS / 2) / 1_000_000,
                "lookups_per_s": a_second(ROUNDS / 2), "best_lookups_per_s": a_second(0),
                "bytes_per_key": (bytes * 100.0).round() / 100.0,
            })
        );
    }
}

fn key(Md5(bytes): &Md5) -> u64 {
    bytes.first_chunk().map_or(0, |head| u64::from_be_bytes(*head))
}

/// A compiled list of MD5 only, in memory.
fn compiled(entries: u64) -> Result<CompiledList<Vec<u8>>> {
    let mut pairs: Vec<([u8; 16], u32)> =
        (0..).zip(0..entries).map(|(e, n)| (digest(n).0, e)).collect();
    pairs.sort_unstable();
    let mut out = Assembler::new(Vec::new())?;
    let mut writer = TableWriter::<16>::new(entries);
    let mut prints = Vec::new();
    out.section(Section::Md5, 0, |rows| {
        pairs.iter().try_for_each(|(digest, entry)| writer.push(digest, *entry, rows, &mut prints))
    })?;
    let end = writer.finish(&mut prints)?;
    for (part, bytes) in [(1, end.starts), (2, end.shards), (3, prints)] {
        out.section(Section::Md5, part, |out| out.write_all(&bytes))?;
    }
    empty_table::<20>(&mut out, Section::Sha1)?;
    empty_table::<32>(&mut out, Section::Sha256)?;
    let (mut bytes, layout) = out.finish();
    bytes[..HEADER_BYTES].copy_from_slice(&layout.header());
    let mut sums = Checksums::default();
    bytes.chunks(BLOCK_BYTES).for_each(|block| sums.add(block));
    bytes.extend(sums.finish());
    CompiledList::open(bytes).context("what was compiled does not open")
}

fn empty_table<const N: usize>(out: &mut Assembler<Vec<u8>>, section: Section) -> Result<()> {
    let end = TableWriter::<N>::new(0).finish(&mut Vec::new())?;
    out.section(section, 1, |out| out.write_all(&end.starts))?;
    Ok(out.section(section, 2, |out| out.write_all(&end.shards))?)
}
