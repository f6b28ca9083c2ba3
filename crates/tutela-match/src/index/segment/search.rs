//! Looks queries up in a segment: directories, tags, numbers, signals, each step for several queries at
//! once, so that memory that is asked for is there when its turn comes.

use super::build::{further, tag};
use super::flips::patterns;
use super::order::{Ordered, bits};
use super::plan::{self, Entry, MAX_PARTS, MAX_THRESHOLD, Spending, Thresholds, limits};
use super::scan::Scan;
use super::view::{PartView, View};
use crate::index::Hit;
use crate::simd::{Kernel, Level, TAGS, Tags};

/// Queries that take each step together, at most.
const GROUP: usize = 8;
/// Places that they look at together, or so: what is asked for ahead has to stay in the second-level cache.
const GROUP_PLACES: u64 = 4_096;
/// Runs of tags that are asked for ahead.
const AHEAD: usize = 12;
/// Parts whose directories are asked for ahead.
const PARTS_AHEAD: usize = 3;
/// Slots that remember which signals a query was compared with: at least, and at most.
const SEEN: (usize, usize) = (256, 8_192);
/// Entries beyond which a query is not an ordinary one, as a multiple of what is usual, and as a number.
const UNUSUAL: (u64, u64) = (2, 2_000);
/// Entries of a scan that cost as much as one that is compared out of turn.
const SCANNED_FOR_ONE: usize = 32;

/// The thresholds for one radius, had signals come evenly.
#[derive(Debug, Clone, Copy)]
pub(super) struct Usual {
    pub(super) thresholds: Thresholds,
    /// Entries above which the thresholds are chosen anew for the query.
    most: u64,
    /// Queries that take each step together.
    group: usize,
}

impl Usual {
    /// For each radius, or `None` where the segment is scanned.
    pub(super) fn new(parts: &[plan::Part], signals: usize) -> Vec<Option<Self>> {
        let spending = Spending::new(&plan::uniform_costs(parts, signals), parts.len());
        let usual = |radius| {
            let (_, thresholds) = spending.thresholds(radius, signals)?;
            let (mut places, mut entries) = (0, 0);
            for (part, threshold) in parts.iter().zip(thresholds) {
                let of_part: u64 =
                    (0..=threshold).map(|n| plan::choose(part.directory_bits, n as u8)).sum();
                places += of_part;
                entries += (of_part * signals as u64) >> part.directory_bits;
            }
            let group = usize::try_from(GROUP_PLACES / places.max(1)).unwrap_or(GROUP);
            let most = entries * UNUSUAL.0 + UNUSUAL.1;
            Some(Self { thresholds, most, group: group.clamp(1, GROUP) })
        };
        (0..=plan::MAX_RADIUS as u16).map(usual).collect()
    }
}

/// Entries of one part with one value.
#[derive(Clone, Copy)]
struct Run {
    start: u32,
    end: u32,
    /// Of the group.
    query: u8,
    part: u8,
    /// The tag of the query, and the bits that may differ from it.
    tag: u16,
    limit: u8,
    /// The further bits of the query, and how many more may differ in tag and these.
    more: u8,
    further: u16,
}

/// An entry whose tag is near.
#[derive(Clone, Copy)]
struct Near {
    /// The byte of its number among the entries; in the first part its number.
    at: usize,
    query: u8,
    part: u8,
    /// The further bits of the query, and how many of them may differ.
    further: u16,
    left: u8,
}

/// Looks up some queries. Hits come in no order, and some of them twice.
pub(super) struct Search<'a> {
    pub(super) view: &'a View<'a>,
    pub(super) usual: Option<&'a Usual>,
    pub(super) queries: &'a [Ordered],
    pub(super) radius: u16,
    pub(super) hits: &'a mut Vec<Hit>,
}

/// What the steps of one group hand on.
#[derive(Default)]
struct Steps {
    runs: Vec<Run>,
    near: Vec<Near>,
    numbers: Vec<(u8, u32)>,
    /// The query and the number that each slot remembers.
    seen: Vec<(u8, u32)>,
    /// Queries for which a scan is cheaper.
    scanned: [bool; GROUP],
}

impl Kernel for Search<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Level>(self, level: L) {
        let numbered = (0..).zip(self.queries.iter().copied());
        let Some(usual) = self.usual else {
            let queries: Vec<(u32, Ordered)> = numbered.collect();
            let Self { view, radius, hits, .. } = self;
            return Scan { view, queries: &queries, radius, hits }.run(level);
        };
        let mut steps = Steps::default();
        let mut scanned = Vec::new();
        for (group, queries) in self.queries.chunks(usual.group).enumerate() {
            steps.scanned = [false; GROUP];
            self.gather(level, usual, queries, &mut steps);
            self.sift(level, queries, &mut steps);
            self.fetch(level, &mut steps);
            for (query, number) in steps.numbers.drain(..) {
                let signal = &queries[usize::from(query)];
                if let Some(distance) = self.view.near(number, signal, self.radius) {
                    self.view.prefetch_ids(level, number);
                    let query = (group * usual.group) as u32 + u32::from(query);
                    self.hits.push(Hit { query, entry: number, distance });
                }
            }
            scanned.extend(
                steps
                    .scanned
                    .iter()
                    .zip(numbered.clone().skip(group * usual.group))
                    .filter_map(|(scanned, query)| scanned.then_some(query)),
            );
        }
        let Self { view, radius, hits, .. } = self;
        if !scanned.is_empty() {
            Scan { view, queries: &scanned, radius, hits }.run(level);
        }
    }
}

impl Search<'_> {
    /// First step: which entries stand where a directory is looked at.
    #[inline(always)]
    fn gather<L: Level>(&self, level: L, usual: &Usual, queries: &[Ordered], steps: &mut Steps) {
        steps.runs.clear();
        for (query, signal) in queries.iter().enumerate() {
            let before = steps.runs.len();
            let entries = self.runs(level, query, signal, &usual.thresholds, &mut steps.runs);
            if entries <= usual.most {
                continue;
            }
            steps.runs.truncate(before);
            match self.thresholds(signal) {
                Some(thresholds) => {
                    self.runs(level, query, signal, &thresholds, &mut steps.runs);
                }
                None => steps.scanned[query] = true,
            }
        }
    }

    #[inline(always)]
    fn runs<L: Level>(
        &self,
        level: L,
        query: usize,
        signal: &Ordered,
        thresholds: &Thresholds,
        runs: &mut Vec<Run>,
    ) -> u64 {
        let parts = self.view.parts();
        for (view, threshold) in parts.iter().zip(thresholds).take(PARTS_AHEAD) {
            ask_for_directory(level, view, signal, *threshold);
        }
        let mut sum = 0;
        for (number, view) in parts.iter().enumerate() {
            let ahead = number + PARTS_AHEAD;
            if let (Some(view), Some(threshold)) = (parts.get(ahead), thresholds.get(ahead)) {
                ask_for_directory(level, view, signal, *threshold);
            }
            let part = view.part;
            let value = bits(signal, usize::from(part.start), u32::from(part.directory_bits));
            let tag = tag(&part, signal);
            let further = further(&part, self.view.number_bits, signal);
            let (pair, more) = limits(thresholds, parts.len(), number);
            let (query, of_part, more) = (query as u8, number as u8, more as u8);
            for flips in 0..=thresholds[number] {
                let limit = (pair - flips) as u8;
                for pattern in patterns(part.directory_bits, flips as usize) {
                    let (start, end) = view.entries((value ^ pattern) as usize, self.view.len());
                    if start < end {
                        // Nothing waits here, so that several pages are looked for at once.
                        level.prefetch(view.entries, view.stride() * start as usize);
                        let part = of_part;
                        runs.push(Run { start, end, query, part, tag, limit, more, further });
                        sum += u64::from(end - start);
                    }
                }
            }
        }
        sum
    }

    /// The cheapest thresholds for this query, by counting the entries that each would look at.
    fn thresholds(&self, signal: &Ordered) -> Option<Thresholds> {
        // Beyond one more than is usual, counting alone would cost too much.
        let usual = self.usual.and_then(|usual| usual.thresholds.iter().max().copied());
        let most = usual.map_or(0, |usual| usize::try_from(usual + 1).unwrap_or(0));
        let most = most.min(MAX_THRESHOLD);
        let mut entries = [[0; MAX_THRESHOLD + 1]; MAX_PARTS];
        let mut parts = [plan::Part::NONE; MAX_PARTS];
        for ((view, entries), part) in self.view.parts().iter().zip(&mut entries).zip(&mut parts) {
            *part = view.part;
            let value = bits(signal, usize::from(part.start), u32::from(part.directory_bits));
            for (flips, entries) in entries.iter_mut().enumerate().take(most + 1) {
                for pattern in patterns(part.directory_bits, flips) {
                    let (start, end) = view.entries((value ^ pattern) as usize, self.view.len());
                    *entries += u64::from(end.saturating_sub(start));
                }
            }
        }
        let count = self.view.parts().len();
        let costs = plan::real_costs(&parts[..count], &entries, most);
        let cheapest = Spending::new(&costs, count).thresholds(self.radius, self.view.len());
        cheapest.map(|(_, thresholds)| thresholds)
    }

    /// Second step: which of these entries have a tag that is near.
    #[inline(always)]
    fn sift<L: Level>(&self, level: L, queries: &[Ordered], steps: &mut Steps) {
        let Steps { runs, near, scanned, .. } = steps;
        near.clear();
        runs.iter().take(AHEAD).for_each(|run| self.ask_for_tags(level, run));
        let most = self.view.len() / SCANNED_FOR_ONE + UNUSUAL.1 as usize;
        let (mut query, mut first) = (0, 0);
        for (number, run) in runs.iter().enumerate() {
            if let Some(run) = runs.get(number + AHEAD) {
                self.ask_for_tags(level, run);
            }
            if run.query != query {
                (query, first) = (run.query, near.len());
            }
            if scanned[usize::from(query) % GROUP] {
                continue;
            }
            let Some(view) = self.view.parts().get(usize::from(run.part)) else { continue };
            let (start, count) = (run.start as usize, (run.end - run.start) as usize);
            if view.part.entry == Entry::Bare {
                let Some(signal) = queries.get(usize::from(query)) else { continue };
                let (part, further, left) = (run.part, 0, 0);
                let may_be = (start..start + count)
                    .filter(|at| self.view.may_be_near(*at, signal, self.radius));
                near.extend(may_be.map(|at| Near { at, query, part, further, left }));
            }
            let first_byte = view.stride() * start;
            let tags = if view.part.entry == Entry::Bare { 0 } else { count };
            for place in (0..tags).step_by(TAGS) {
                let byte = first_byte + 2 * place;
                let tags = view.entries.get(byte..byte + size_of::<Tags>());
                let Some(tags) = tags.and_then(|tags| tags.first_chunk::<{ size_of::<Tags>() }>())
                else {
                    break;
                };
                let mut mask = level.near_tags(tags, run.tag, u16::from(run.limit));
                if count - place < TAGS {
                    mask &= (1 << (count - place)) - 1;
                }
                while mask != 0 {
                    let bit = mask.trailing_zeros() as usize;
                    mask &= mask - 1;
                    let at = match view.part.entry {
                        Entry::Bare | Entry::Tag => start + place + bit,
                        Entry::Number => first_byte + 2 * count + 4 * (place + bit),
                    };
                    level.prefetch(view.entries, at);
                    let tag = tags.as_chunks().0.get(bit).map_or(0, |tag| u16::from_le_bytes(*tag));
                    let spent = (tag ^ run.tag).count_ones() as u8;
                    let left = (run.limit + run.more).saturating_sub(spent);
                    near.push(Near { at, query, part: run.part, further: run.further, left });
                }
            }
            if near.len() - first > most {
                near.truncate(first);
                scanned[usize::from(query) % GROUP] = true;
            }
        }
    }

    #[inline(always)]
    fn ask_for_tags<L: Level>(&self, level: L, run: &Run) {
        const LINE: usize = 64;
        // What is behind these lines the processor foresees.
        const LINES: usize = 8;
        let Some(view) = self.view.parts().get(usize::from(run.part)) else { return };
        let start = view.stride() * run.start as usize;
        let each = if view.part.entry == Entry::Bare { view.stride() } else { 2 };
        let end = start + each * (run.end - run.start) as usize;
        for at in (start..end).step_by(LINE).take(LINES) {
            level.prefetch(view.entries, at);
        }
        level.prefetch(view.entries, end - 1);
    }

    /// Third step: the numbers of their signals, each once as far as a small table remembers.
    #[inline(always)]
    fn fetch<L: Level>(&self, level: L, steps: &mut Steps) {
        let number_bits = self.view.number_bits;
        let number_mask = u32::MAX >> (32 - number_bits);
        // Entries of crowds come by several parts, so as many slots as there are entries, or so.
        let (least, most) = SEEN;
        let Steps { near, numbers, seen, .. } = steps;
        seen.clear();
        seen.resize(near.len().next_power_of_two().clamp(least, most), (0, u32::MAX));
        let slots = seen.len() - 1;
        for near in near {
            let Some(view) = self.view.parts().get(usize::from(near.part)) else { continue };
            let number = if view.part.entry != Entry::Number {
                near.at as u32
            } else {
                let word = view.word(near.at);
                let above = word.checked_shr(number_bits).unwrap_or(0) as u16;
                if (above ^ near.further).count_ones() > u32::from(near.left) {
                    continue;
                }
                word & number_mask
            };
            let slot = &mut seen[number as usize & slots];
            if *slot != (near.query, number) {
                *slot = (near.query, number);
                self.view.prefetch_signal(level, number);
                numbers.push((near.query, number));
            }
        }
    }
}

#[inline(always)]
fn ask_for_directory<L: Level>(level: L, view: &PartView<'_>, signal: &Ordered, threshold: i8) {
    let part = view.part;
    let value = bits(signal, usize::from(part.start), u32::from(part.directory_bits));
    for flips in 0..=threshold {
        for pattern in patterns(part.directory_bits, flips as usize) {
            level.prefetch(view.directory, 4 * (value ^ pattern) as usize);
        }
    }
}
