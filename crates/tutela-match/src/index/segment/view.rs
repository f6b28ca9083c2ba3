//! The sections of a segment, borrowed; every number in them is checked where it is used.

use super::build::{halves, joined};
use super::layout::{Half, Header, Layout, number_bits};
use super::order::Ordered;
use super::plan::{Entry, MAX_PARTS, Part};
use crate::simd::Level;

/// The sections of one part.
#[derive(Clone, Copy)]
pub(super) struct PartView<'a> {
    pub(super) part: Part,
    pub(super) directory: &'a [u8],
    pub(super) entries: &'a [u8],
}

/// All sections of a segment.
pub(super) struct View<'a> {
    pub(super) firsts: &'a [Half],
    pub(super) seconds: &'a [Half],
    /// Where it is looked at first for the ids of a signal, and the bytes of each there.
    ids: (&'a [u8], usize),
    parts: [PartView<'a>; MAX_PARTS],
    count: usize,
    pub(super) number_bits: u32,
}

impl<'a> View<'a> {
    pub(super) fn new(bytes: &'a [u8], header: &Header, layout: &Layout) -> Self {
        let section = |range: &std::ops::Range<usize>| bytes.get(range.clone()).unwrap_or_default();
        let empty = PartView { part: Part::NONE, directory: &[], entries: &[] };
        let mut parts = [empty; MAX_PARTS];
        let places = header.parts.iter().zip(&layout.parts);
        for (view, (part, places)) in parts.iter_mut().zip(places) {
            *view = PartView {
                part: *part,
                directory: section(&places.directory),
                // Where there is nothing beside signals, they are what is looked at.
                entries: section(match part.entry {
                    Entry::Bare => &layout.firsts,
                    Entry::Tag | Entry::Number => &places.entries,
                }),
            };
        }
        Self {
            firsts: section(&layout.firsts).as_chunks().0,
            seconds: section(&layout.seconds).as_chunks().0,
            ids: match section(&layout.spans) {
                [] => (section(&layout.ids), header.ids.bytes),
                spans => (spans, 4),
            },
            parts,
            count: header.parts.len(),
            number_bits: number_bits(header.signals),
        }
    }

    pub(super) fn parts(&self) -> &[PartView<'a>] {
        &self.parts[..self.count]
    }

    /// How many different signals there are.
    pub(super) fn len(&self) -> usize {
        self.firsts.len()
    }

    /// The distance to a signal, if it is near enough. Most are told apart by their first half.
    #[inline(always)]
    pub(super) fn near(&self, number: u32, query: &Ordered, radius: u16) -> Option<u16> {
        let [a, b] = halves(self.firsts.get(number as usize)?);
        let first = (a ^ query[0]).count_ones() + (b ^ query[1]).count_ones();
        if first > u32::from(radius) {
            return None;
        }
        let [c, d] = halves(self.seconds.get(number as usize)?);
        let all = first + (c ^ query[2]).count_ones() + (d ^ query[3]).count_ones();
        (all <= u32::from(radius)).then_some(all as u16)
    }

    /// A signal, with its bits in the order of the segment.
    pub(super) fn signal(&self, number: usize) -> Option<Ordered> {
        Some(joined(self.firsts.get(number)?, self.seconds.get(number)?))
    }

    /// Whether the first half of a signal is near enough.
    #[inline(always)]
    pub(super) fn may_be_near(&self, number: usize, query: &Ordered, radius: u16) -> bool {
        self.firsts.get(number).is_some_and(|first| {
            let [a, b] = halves(first);
            (a ^ query[0]).count_ones() + (b ^ query[1]).count_ones() <= u32::from(radius)
        })
    }

    #[inline(always)]
    pub(super) fn prefetch_signal<L: Level>(&self, level: L, number: u32) {
        level.prefetch(self.firsts.as_flattened(), number as usize * size_of::<Half>());
    }

    #[inline(always)]
    pub(super) fn prefetch_ids<L: Level>(&self, level: L, number: u32) {
        let (ids, bytes) = self.ids;
        level.prefetch(ids, number as usize * bytes);
    }
}

impl PartView<'_> {
    /// Bytes from one entry to the next.
    #[inline(always)]
    pub(super) fn stride(&self) -> usize {
        match self.part.entry {
            Entry::Bare => size_of::<Half>(),
            Entry::Tag | Entry::Number => self.part.entry.bytes(),
        }
    }

    /// The entries with a value: the first, and the one behind the last; never more than there are.
    #[inline(always)]
    pub(super) fn entries(&self, value: usize, signals: usize) -> (u32, u32) {
        let at = 4 * value;
        let both = self.directory.get(at..at + 8).and_then(|bytes| bytes.first_chunk());
        let both = both.map_or(0, |bytes| u64::from_le_bytes(*bytes));
        ((both as u32), ((both >> 32) as u32).min(signals as u32))
    }

    /// 32 bits of the entries, from a byte on.
    #[inline(always)]
    pub(super) fn word(&self, at: usize) -> u32 {
        let bytes =
            self.entries.get(at..at.saturating_add(4)).and_then(|bytes| bytes.first_chunk());
        bytes.map_or(0, |bytes| u32::from_le_bytes(*bytes))
    }
}
