//! How a segment lies in its bytes: a header, sections, and a checksum of every block.
//!
//! ```text
//! header      512 bytes  magic, version, parts, signals, rows, mark, flags, parts, bit order, lowest id, CRC-32
//! firsts                 bits 0 to 127 of each different signal, in the order of the segment
//! seconds                bits 128 to 255
//! ids                    of each row, by signal: how far above the lowest, in 4 bytes, or 8 where that is too far
//! spans                  only where signals repeat: the first row of each signal, and one more
//! directory   ┐ for each where the entries of each value begin, and one more
//! entries     ┘ part     of each value, the tags of its entries, then their numbers; at the end 64 zero bytes
//! checksums              CRC-32 of each MiB of what is before, then the CRC-32 of those
//! ```
//!
//! A tag is the 16 bits behind those of the directory. A number is that of a signal, with further bits above
//! it as far as there is room; in the first part an entry stands at its number, and only tags are there, or
//! nothing where signals are so many that they stand in for them.
//!
//! All is little-endian; each section begins at a multiple of 64 bytes. Where they lie follows from the
//! header, so nothing in a file points anywhere. What a directory, span or number says is checked
//! when it is used: a file that somebody wrote on purpose gives wrong answers at worst.

use std::ops::Range;

use super::SegmentError;
use super::order::Order;
use super::plan::{BITS, Entry, MAX_DIRECTORY_BITS, MAX_PARTS, MIN_PARTS, Part, TAG_BITS};
use crate::index::compiled::{BLOCK_BYTES, Checksums};
use crate::simd::Tags;

const MAGIC: [u8; 8] = *b"TUTNEAR\0";
pub(super) const VERSION: u32 = 2;
pub(super) const HEADER_BYTES: usize = 512;
const ALIGNMENT: usize = 64;

const AT_PARTS: usize = 48;
const PART_BYTES: usize = 3;
const AT_ORDER: usize = AT_PARTS + PART_BYTES * MAX_PARTS;
const AT_LOWEST: usize = AT_ORDER + BITS;
const AT_SUM: usize = HEADER_BYTES - 4;

/// Half of a signal in its section.
pub(super) type Half = [u8; 16];

/// What the header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) parts: Vec<Part>,
    pub(super) order: Order,
    /// Different signals.
    pub(super) signals: usize,
    /// Signals with their ids.
    pub(super) rows: usize,
    /// What the caller wants to find again.
    pub(super) mark: u64,
    /// Every signal has an even number of bits set.
    pub(super) even: bool,
    pub(super) ids: Ids,
}

/// How ids are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ids {
    /// The lowest, which stands for 0.
    pub(super) lowest: u64,
    /// 4 or 8.
    pub(super) bytes: usize,
}

impl Ids {
    /// As short as these allow.
    pub(super) fn of(ids: impl Iterator<Item = u64> + Clone) -> Self {
        let lowest = ids.clone().min().unwrap_or(0);
        let span = ids.max().unwrap_or(0) - lowest;
        Self { lowest, bytes: if u32::try_from(span).is_ok() { 4 } else { 8 } }
    }
}

/// Where the sections of a part lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PartPlaces {
    pub(super) directory: Range<usize>,
    pub(super) entries: Range<usize>,
}

/// Where the sections lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) firsts: Range<usize>,
    pub(super) seconds: Range<usize>,
    pub(super) ids: Range<usize>,
    pub(super) spans: Range<usize>,
    pub(super) parts: Vec<PartPlaces>,
    /// Bytes of header and sections.
    pub(super) body_bytes: usize,
    /// Bytes of all.
    pub(super) bytes: usize,
}

/// Bits of a number that tell the signal; those above are further bits of it.
pub(super) fn number_bits(signals: usize) -> u32 {
    (usize::BITS - signals.saturating_sub(1).leading_zeros()).max(32 - TAG_BITS as u32)
}

impl Layout {
    /// `None` where it would not fit into memory.
    pub(super) fn new(header: &Header) -> Option<Self> {
        let mut end = HEADER_BYTES;
        let mut section = |count: usize, each: usize, more: usize| {
            let start = end.checked_next_multiple_of(ALIGNMENT)?;
            end = count.checked_mul(each)?.checked_add(more)?.checked_add(start)?;
            Some(start..end)
        };
        let Header { signals, rows, .. } = *header;
        let firsts = section(signals, size_of::<Half>(), 0)?;
        let seconds = section(signals, size_of::<Half>(), 0)?;
        let ids = section(rows, header.ids.bytes, 0)?;
        let spans = section(if rows > signals { signals + 1 } else { 0 }, 4, 0)?;
        let mut parts = Vec::new();
        for part in &header.parts {
            parts.push(PartPlaces {
                directory: section((1 << part.directory_bits) + 1, 4, 0)?,
                entries: section(signals, part.entry.bytes(), size_of::<Tags>())?,
            });
        }
        let sums = end.div_ceil(BLOCK_BYTES).checked_add(1)?.checked_mul(4)?;
        let bytes = end.checked_add(sums)?;
        Some(Self { firsts, seconds, ids, spans, parts, body_bytes: end, bytes })
    }

    /// Whether all is as it was written. Reads everything.
    pub(super) fn check(&self, bytes: &[u8]) -> Result<(), SegmentError> {
        let (body, sums) = bytes.split_at_checked(self.body_bytes).unwrap_or_default();
        if checksums(body) == sums { Ok(()) } else { Err(SegmentError::Damaged) }
    }
}

/// What stands behind the body.
pub(super) fn checksums(body: &[u8]) -> Vec<u8> {
    let mut sums = Checksums::default();
    body.chunks(BLOCK_BYTES).for_each(|block| sums.add(block));
    sums.finish()
}

impl Header {
    pub(super) fn write(&self, bytes: &mut [u8]) {
        let Some(header) = bytes.first_chunk_mut::<HEADER_BYTES>() else { return };
        let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
        put(0, &MAGIC);
        put(8, &VERSION.to_le_bytes());
        put(12, &(self.parts.len() as u32).to_le_bytes());
        let flags = u64::from(self.even) | u64::from(self.ids.bytes == 8) << 1;
        let numbers = [self.signals as u64, self.rows as u64, self.mark, flags];
        for (number, at) in numbers.iter().zip((16..).step_by(8)) {
            put(at, &number.to_le_bytes());
        }
        for (part, at) in self.parts.iter().zip((AT_PARTS..).step_by(PART_BYTES)) {
            put(at, &[part.width, part.directory_bits, part.entry.bytes() as u8]);
        }
        put(AT_ORDER, &self.order);
        put(AT_LOWEST, &self.ids.lowest.to_le_bytes());
        let sum = crc32fast::hash(&header[..AT_SUM]);
        header[AT_SUM..].copy_from_slice(&sum.to_le_bytes());
    }

    /// Reads the header of all bytes of a segment. Its cost does not depend on how many there are.
    pub(super) fn read(bytes: &[u8]) -> Result<(Self, Layout), SegmentError> {
        if bytes.first_chunk() != Some(&MAGIC) {
            return Err(SegmentError::NotSegment);
        }
        let cut = SegmentError::Cut { found: bytes.len() as u64 };
        let header = bytes.first_chunk::<HEADER_BYTES>().ok_or_else(|| cut.clone())?;
        let long =
            |at: usize| header[at..].first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
        let (version, parts) = (long(8) as u32, (long(8) >> 32) as usize);
        if version != VERSION {
            return Err(SegmentError::Version { found: version });
        }
        if crc32fast::hash(&header[..AT_SUM]).to_le_bytes() != header[AT_SUM..] {
            return Err(SegmentError::Damaged);
        }
        let numbers = [16, 24].map(|at| u32::try_from(long(at)).map(|number| number as usize));
        let ([Ok(signals), Ok(rows)], Some(parts)) =
            (numbers, read_parts(&header[AT_PARTS..AT_ORDER], parts))
        else {
            return Err(SegmentError::Damaged);
        };
        let mut order = [0; BITS];
        order.copy_from_slice(&header[AT_ORDER..AT_ORDER + BITS]);
        let mut found = [false; BITS];
        order.iter().for_each(|bit| found[usize::from(*bit)] = true);
        if found != [true; BITS] || rows < signals || (rows > 0 && signals == 0) {
            return Err(SegmentError::Damaged);
        }
        let (even, long_ids) = (long(40) & 1 == 1, long(40) & 2 == 2);
        let ids = Ids { lowest: long(AT_LOWEST), bytes: if long_ids { 8 } else { 4 } };
        let header = Self { parts, order, signals, rows, mark: long(32), even, ids };
        let layout = Layout::new(&header).ok_or(SegmentError::Damaged)?;
        if layout.bytes == bytes.len() { Ok((header, layout)) } else { Err(cut) }
    }
}

/// The parts, if they are some that could have been written.
fn read_parts(bytes: &[u8], count: usize) -> Option<Vec<Part>> {
    if count == 0 {
        return Some(Vec::new());
    }
    let mut start = 0_u16;
    let mut parts = Vec::new();
    for [width, directory_bits, entry_bytes] in bytes.as_chunks().0.iter().take(count) {
        let entry = match (parts.is_empty(), *entry_bytes) {
            (true, 0) => Entry::Bare,
            (true, 2) => Entry::Tag,
            (false, 6) => Entry::Number,
            _ => return None,
        };
        let most = MAX_DIRECTORY_BITS.min(*width);
        if usize::from(*width) < TAG_BITS || !(1..=most).contains(directory_bits) {
            return None;
        }
        parts.push(Part { start, width: *width, directory_bits: *directory_bits, entry });
        start += u16::from(*width);
    }
    let all = usize::from(start) == BITS && parts.len() == count;
    (all && (MIN_PARTS..=MAX_PARTS).contains(&count)).then_some(parts)
}
