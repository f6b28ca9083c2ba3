//! A sorted table of digests with their entries, searched where it lies; and how one is written.

use std::io::{self, Write};

use super::fuse::{self, Shape};

/// Rows that a slot of the table's index covers on average, as a power of two: a page of memory or so.
const SLOT_SHIFT: u32 = 7;
/// Keys of one filter on average at most, as a power of two: what is needed to make it fits the cache.
const SHARD_SHIFT: u32 = 18;
/// Keys of one filter at most. Digests are spread evenly, so only a list that was made to be uneven
/// comes near; there the table is searched without a filter, and memory stays bounded.
const MAX_SHARD_KEYS: usize = 1 << 21;
/// Bytes of a shard's description: seed, first print, segment, segments.
pub(super) const SHARD_BYTES: usize = 24;
/// Most filters of one table: enough for 2³² entries.
pub(super) const MAX_SHARDS: usize = 1 << 14;

/// The bytes of one table.
#[derive(Clone, Copy)]
pub(super) struct Parts<'a> {
    /// Digest and entry, row by row.
    pub(super) rows: &'a [u8],
    /// Row at which each slot starts; one more at the end.
    pub(super) starts: &'a [u8],
    /// Prints of all filters.
    pub(super) prints: &'a [u8],
}

/// What is decoded of a table once; the rest is read where it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    slot_bits: u32,
    shard_bits: u32,
    shards: Vec<Shard>,
    /// Rows.
    pub(super) len: u32,
}

/// The filter of the digests with one prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shard {
    /// No digest has the prefix.
    Empty,
    /// Every digest with it may be there.
    Open,
    /// Where its prints start, in bytes, and where they end.
    Filter { shape: Shape, start: usize, end: usize },
}

impl Table {
    /// Checks how the parts fit. `None` where they do not.
    pub(super) fn new<const N: usize>(parts: Parts<'_>, shards: &[u8]) -> Option<Self> {
        let len = parts.rows.len() / (N + 4);
        let sound =
            parts.rows.len().is_multiple_of(N + 4) && shards.len().is_multiple_of(SHARD_BYTES);
        let len = u32::try_from(len).ok().filter(|_| sound)?;
        let slots = (parts.starts.len() / 4).checked_sub(1)?;
        let count = shards.len() / SHARD_BYTES;
        let powers = slots.is_power_of_two() && count.is_power_of_two() && count <= MAX_SHARDS;
        if !powers || !parts.starts.len().is_multiple_of(4) || slots > 1 << 32 {
            return None;
        }
        let shards = shards.as_chunks::<SHARD_BYTES>().0.iter();
        let shards = shards.map(|shard| Shard::read(shard, parts.prints.len()));
        Some(Self {
            slot_bits: slots.ilog2(),
            shard_bits: count.ilog2(),
            shards: shards.collect::<Option<_>>()?,
            len,
        })
    }

    /// Whether the filter lets a digest through.
    #[inline]
    pub(super) fn may_hold<const N: usize>(&self, prints: &[u8], digest: &[u8; N]) -> bool {
        let key = key(digest);
        match self.shards.get(prefix(key, self.shard_bits)) {
            Some(Shard::Filter { shape, start, end }) => {
                prints.get(*start..*end).is_some_and(|prints| shape.may_hold(prints, key))
            }
            Some(Shard::Open) => true,
            Some(Shard::Empty) | None => false,
        }
    }

    /// The entries with this digest, by rising number, whatever the filter says.
    pub(super) fn search<'a, const N: usize>(
        &self,
        parts: Parts<'a>,
        digest: &'a [u8; N],
    ) -> impl Iterator<Item = u32> + use<'a, N> {
        let slot = prefix(key(digest), self.slot_bits);
        let start = |slot: usize| word(parts.starts, slot).min(self.len) as usize;
        let (mut low, end) = (start(slot), start(slot + 1));
        let mut high = end;
        while low < high {
            let middle = low.midpoint(high);
            match row::<N>(parts.rows, middle) {
                Some((found, _)) if found < digest => low = middle + 1,
                _ => high = middle,
            }
        }
        let rows = (low..end).map_while(move |at| row::<N>(parts.rows, at));
        rows.take_while(move |(found, _)| *found == digest).map(|(_, entry)| entry)
    }

    /// The digest in some row.
    pub(super) fn digest<const N: usize>(parts: Parts<'_>, at: u32) -> Option<[u8; N]> {
        row::<N>(parts.rows, at as usize).map(|(digest, _)| *digest)
    }

    /// Filters in use, and those given up.
    pub(super) fn filters(&self) -> (usize, usize) {
        let open = self.shards.iter().filter(|shard| **shard == Shard::Open).count();
        (self.shards.len() - open, open)
    }
}

impl Shard {
    fn read(bytes: &[u8; SHARD_BYTES], prints: usize) -> Option<Self> {
        let (words, _) = bytes.as_chunks::<8>();
        let [seed, first, shape] = *words.first_chunk()?;
        let [first, shape] = [first, shape].map(u64::from_le_bytes);
        let (segment, segments) = (shape as u32, (shape >> 32) as u32);
        match (segment, segments) {
            (0, 0) => return Some(Self::Empty),
            (0, 1) => return Some(Self::Open),
            _ => {}
        }
        let shape = Shape { seed: u64::from_le_bytes(seed), segment, segments };
        let start = usize::try_from(first).ok()?.checked_mul(2)?;
        let end = start.checked_add(shape.prints()?.checked_mul(2)?)?;
        (end <= prints).then_some(Self::Filter { shape, start, end })
    }
}

/// Writes a table from digests that come sorted. Rows and prints go out as they are made.
pub struct TableWriter<const N: usize> {
    starts: Vec<u32>,
    slot_bits: u32,
    shard_bits: u32,
    shards: Vec<u8>,
    keys: Vec<u64>,
    shard: usize,
    prints: u64,
    rows: u32,
}

/// What of a table is known only at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableEnd {
    /// Row at which each slot starts.
    pub starts: Vec<u8>,
    /// Descriptions of the filters.
    pub shards: Vec<u8>,
    /// Rows written.
    pub rows: u32,
}

impl<const N: usize> TableWriter<N> {
    /// A table of about this many digests: more or fewer are right as well, and less handy.
    pub fn new(about: u64) -> Self {
        let bits = |shift: u32| about.max(1).ilog2().saturating_sub(shift);
        let slot_bits = bits(SLOT_SHIFT).min(26);
        Self {
            starts: vec![0; (1 << slot_bits) + 1],
            slot_bits,
            shard_bits: bits(SHARD_SHIFT).min(MAX_SHARDS.ilog2()),
            shards: Vec::new(),
            keys: Vec::new(),
            shard: 0,
            prints: 0,
            rows: 0,
        }
    }

    /// Takes the next digest; none may be smaller than the one before. At most 2³²-1 are taken.
    ///
    /// # Errors
    /// What the outputs say.
    pub fn push(
        &mut self,
        digest: &[u8; N],
        entry: u32,
        rows: &mut dyn Write,
        prints: &mut dyn Write,
    ) -> io::Result<()> {
        let key = key(digest);
        while self.shard < prefix(key, self.shard_bits) {
            self.end_shard(prints)?;
        }
        if self.keys.last() != Some(&key) && self.keys.len() <= MAX_SHARD_KEYS {
            self.keys.push(key);
        }
        self.rows = self.rows.checked_add(1).ok_or(io::ErrorKind::FileTooLarge)?;
        self.starts[prefix(key, self.slot_bits) + 1] += 1;
        rows.write_all(digest)?;
        rows.write_all(&entry.to_le_bytes())
    }

    /// Ends the table.
    ///
    /// # Errors
    /// What the output says.
    pub fn finish(mut self, prints: &mut dyn Write) -> io::Result<TableEnd> {
        while self.shard < 1 << self.shard_bits {
            self.end_shard(prints)?;
        }
        let mut sum = 0;
        let starts = self.starts.iter().flat_map(|count| {
            sum += count;
            u32::to_le_bytes(sum)
        });
        Ok(TableEnd { starts: starts.collect(), shards: self.shards, rows: self.rows })
    }

    fn end_shard(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let filter = match self.keys.len() {
            0 => None,
            1..=MAX_SHARD_KEYS => fuse::build(&self.keys),
            _ => None,
        };
        let (seed, segment, segments) = match &filter {
            Some((shape, _)) => (shape.seed, shape.segment, shape.segments),
            None => (0, 0, u32::from(!self.keys.is_empty())),
        };
        self.shards.extend(seed.to_le_bytes());
        self.shards.extend(self.prints.to_le_bytes());
        self.shards.extend((u64::from(segments) << 32 | u64::from(segment)).to_le_bytes());
        if let Some((_, prints)) = filter {
            let bytes: Vec<u8> = prints.iter().flat_map(|print| print.to_le_bytes()).collect();
            out.write_all(&bytes)?;
            self.prints += prints.len() as u64;
        }
        self.keys.clear();
        self.shard += 1;
        Ok(())
    }
}

/// What of a digest the filter and the slots go by.
#[inline]
fn key<const N: usize>(digest: &[u8; N]) -> u64 {
    const { assert!(N >= 8, "a key is taken from the first eight bytes") };
    digest.first_chunk().map_or(0, |head| u64::from_be_bytes(*head))
}

/// The first bits of a key.
#[inline]
fn prefix(key: u64, bits: u32) -> usize {
    key.checked_shr(64 - bits).unwrap_or(0) as usize
}

fn word(words: &[u8], at: usize) -> u32 {
    let bytes = words.get(4 * at..4 * at + 4).and_then(|bytes| bytes.first_chunk());
    bytes.map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

/// Digest and entry of a row.
fn row<const N: usize>(rows: &[u8], at: usize) -> Option<(&[u8; N], u32)> {
    let row = rows.get(at * (N + 4)..(at + 1) * (N + 4))?;
    let (digest, entry) = row.split_first_chunk()?;
    Some((digest, u32::from_le_bytes(*entry.first_chunk()?)))
}
