//! Makes the bytes of a segment from rows.

use std::ops::Range;

use super::Row;
use super::layout::{Header, Ids, Layout, checksums, number_bits};
use super::order::{Moves, Order, Ordered, bits, order};
use super::plan::{Entry, Part, TAG_BITS};

/// Rows of one segment at most: places are numbers of 32 bits.
pub const MAX_ROWS: usize = u32::MAX as usize - 1;

/// A row whose bits stand in the order of the segment.
type OrderedRow = (Ordered, u64);

/// The bytes of a segment with these rows; those beyond [`MAX_ROWS`] are left out. `plan` gives the
/// parts for a number of signals.
///
/// The rows are given back to the system before the parts are made, so that memory peaks at little
/// more than the segment itself.
pub(super) fn build(rows: Vec<Row>, mark: u64, plan: impl Fn(usize) -> Vec<Part>) -> Vec<u8> {
    let (header, rows) = sorted(rows, mark, plan);
    let Some(layout) = Layout::new(&header) else { return Vec::new() };
    let mut image = vec![0; layout.bytes];
    write_rows(&mut image, &header, &layout, &rows);
    drop(rows);
    let (signals, behind) = image.split_at_mut(layout.seconds.end);
    let firsts = &signals[layout.firsts.clone()];
    let seconds = &signals[layout.seconds.clone()];
    let signals = || {
        let halves = firsts.as_chunks::<16>().0.iter().zip(seconds.as_chunks::<16>().0);
        halves.map(|(first, second)| joined(first, second))
    };
    let number_bits = number_bits(header.signals);
    let of =
        |range: &Range<usize>| range.start - layout.seconds.end..range.end - layout.seconds.end;
    for (part, places) in header.parts.iter().zip(&layout.parts) {
        let (before, entries) = behind.split_at_mut(of(&places.entries).start);
        let directory = &mut before[of(&places.directory)];
        let entries = &mut entries[..places.entries.len()];
        match part.entry {
            Entry::Bare => write_part::<_, 0>(part, number_bits, signals, directory, entries),
            Entry::Tag => write_part::<_, 2>(part, number_bits, signals, directory, entries),
            Entry::Number => write_part::<_, 6>(part, number_bits, signals, directory, entries),
        }
    }
    header.write(&mut image);
    let sums = checksums(&image[..layout.body_bytes]);
    image[layout.body_bytes..].copy_from_slice(&sums);
    image
}

/// The two halves of a signal as words.
#[inline(always)]
pub(super) fn joined(first: &[u8; 16], second: &[u8; 16]) -> Ordered {
    let [a, b] = halves(first);
    let [c, d] = halves(second);
    [a, b, c, d]
}

#[inline(always)]
pub(super) fn halves(bytes: &[u8; 16]) -> [u64; 2] {
    let both = u128::from_le_bytes(*bytes);
    [both as u64, (both >> 64) as u64]
}

/// Chooses parts and order, and sorts the rows so that equal signals stand together and entries of
/// the first part stand at their numbers.
fn sorted(
    mut rows: Vec<Row>,
    mark: u64,
    plan: impl Fn(usize) -> Vec<Part>,
) -> (Header, Vec<OrderedRow>) {
    rows.truncate(MAX_ROWS);
    let mut rows: Vec<OrderedRow> =
        rows.into_iter().map(|row| (row.signal.words(), row.id)).collect();
    let even =
        rows.iter().all(|(words, _)| words.iter().map(|w| w.count_ones()).sum::<u32>() % 2 == 0);
    let mut expected = rows.len();
    loop {
        let parts = plan(expected);
        let order = order_of(&rows, &parts);
        let first = parts.first().map_or(0, |part| u32::from(part.directory_bits));
        let moves = Moves::into_order(&order);
        rows.iter_mut().for_each(|(words, _)| *words = moves.apply(*words));
        rows.sort_unstable_by_key(|(words, id)| {
            let [a, b, c, d] = *words;
            (a.rotate_right(first), b, c, d, *id)
        });
        rows.dedup();
        let signals = rows.chunk_by(|a, b| a.0 == b.0).count();
        if signals >= expected / 2 {
            let ids = Ids::of(rows.iter().map(|(_, id)| *id));
            let header = Header { parts, order, signals, rows: rows.len(), mark, even, ids };
            return (header, rows);
        }
        // Many are equal: parts for those that are not. Each turn halves the number at least.
        expected = signals;
        let moves = Moves::out_of(&order);
        rows.iter_mut().for_each(|(words, _)| *words = moves.apply(*words));
    }
}

fn order_of(rows: &[OrderedRow], parts: &[Part]) -> Order {
    order(rows.len(), |row| rows.get(row).map_or([0; 4], |row| row.0), parts)
}

fn write_rows(image: &mut [u8], header: &Header, layout: &Layout, rows: &[OrderedRow]) {
    let write = |image: &mut [u8], start: usize, number: usize, bytes: &[u8]| {
        let at = start + number * bytes.len();
        image[at..at + bytes.len()].copy_from_slice(bytes);
    };
    let mut row = 0;
    for (number, equal) in rows.chunk_by(|a, b| a.0 == b.0).enumerate() {
        let [a, b, c, d] = equal[0].0;
        let half = |low: u64, high: u64| (u128::from(high) << 64 | u128::from(low)).to_le_bytes();
        write(image, layout.firsts.start, number, &half(a, b));
        write(image, layout.seconds.start, number, &half(c, d));
        if header.rows > header.signals {
            write(image, layout.spans.start, number, &(row as u32).to_le_bytes());
        }
        for (_, id) in equal {
            let id = (id - header.ids.lowest).to_le_bytes();
            write(image, layout.ids.start, row, &id[..header.ids.bytes]);
            row += 1;
        }
    }
    if header.rows > header.signals {
        write(image, layout.spans.start, header.signals, &(row as u32).to_le_bytes());
    }
}

/// Sorts the entries of a part by counting: the directory, then the tags and numbers of each value.
fn write_part<I: Iterator<Item = Ordered>, const ENTRY_BYTES: usize>(
    part: &Part,
    number_bits: u32,
    signals: impl Fn() -> I,
    directory: &mut [u8],
    entries: &mut [u8],
) {
    let directory_bits = u32::from(part.directory_bits);
    let value = |signal: &Ordered| bits(signal, usize::from(part.start), directory_bits) as usize;
    let mut next = vec![0_u32; (1 << directory_bits) + 1];
    for signal in signals() {
        next[value(&signal) + 1] += 1;
    }
    let mut sum = 0;
    let (starts, _) = directory.as_chunks_mut::<4>();
    for (next, start) in next.iter_mut().zip(&mut *starts) {
        sum += *next;
        *next = sum;
        *start = sum.to_le_bytes();
    }
    if ENTRY_BYTES == 0 {
        return;
    }
    for (number, signal) in (0_u32..).zip(signals()) {
        let value = value(&signal);
        let [start, end] =
            [starts[value], starts[value + 1]].map(|at| u32::from_le_bytes(at) as usize);
        let place = next[value] as usize - start;
        next[value] += 1;
        let first = ENTRY_BYTES * start;
        let at = first + 2 * place;
        entries[at..at + 2].copy_from_slice(&tag(part, &signal).to_le_bytes());
        if ENTRY_BYTES > 2 {
            let at = first + 2 * (end - start) + 4 * place;
            let more = u32::from(further(part, number_bits, &signal));
            let number = number | more.checked_shl(number_bits).unwrap_or(0);
            entries[at..at + 4].copy_from_slice(&number.to_le_bytes());
        }
    }
}

/// The bits behind those of the directory.
#[inline(always)]
pub(super) fn tag(part: &Part, signal: &Ordered) -> u16 {
    let start = usize::from(part.start) + usize::from(part.directory_bits);
    bits(signal, start % 256, TAG_BITS as u32) as u16
}

/// The bits behind those of the tag, as many as have room above a number.
#[inline(always)]
pub(super) fn further(part: &Part, number_bits: u32, signal: &Ordered) -> u16 {
    let start = usize::from(part.start) + usize::from(part.directory_bits) + TAG_BITS;
    bits(signal, start % 256, 32 - number_bits) as u16
}
