//! An index that grows and shrinks while it is read: segments, a tail, and what was removed.
//!
//! Rows are appended to a tail, which is scanned. When it is long enough it is merged into a small segment, and
//! that into the large one when it is not small any more, so that a query looks into few. Whoever owns the index decides on which
//! thread that happens: [`LiveIndex::merge_due`] says what there is to do, [`Merge::run`] does it away from the
//! index, [`LiveIndex::install`] takes the result. Readers hold a [`Snapshot`], which never changes and which
//! nothing waits for.

mod merge;
mod removed;
mod tail;

use std::sync::Arc;

use tutela_core::Pdq;

pub use merge::{Merge, Merged};

use super::{Found, Row, Segment};
use removed::Removed;
use tail::Tail;

/// Rows that are scanned at most before a merge is due, however few there are in all.
const MIN_TAIL: usize = 2_048;
/// And a part of those in segments: a longer tail is worth it there, as every merge costs.
const TAIL_PART: usize = 512;
/// The oldest segment is merged with the later ones unless it is so many times as large as they are. A
/// smaller number merges less and leaves more to look into.
const TIER: usize = 32;
/// Removed ids that are carried before all is merged, and the part of the rows they have to be.
const REMOVED: (usize, usize) = (4_096, 8);

/// A segment, and which changes it contains.
#[derive(Debug, Clone)]
struct Held {
    segment: Arc<Segment>,
    /// The last change that it knows of: its rows are older, and later removals concern them.
    change: u64,
}

/// Signals with ids that can be searched, added and removed.
///
/// Several rows may carry the same signal, and an id may have several signals; the same row twice is one.
/// A search is exact at every moment: it finds what was appended before and not removed since.
#[derive(Debug, Clone, Default)]
pub struct LiveIndex {
    state: Snapshot,
    /// Appends and removals so far.
    change: u64,
}

/// An index as it was when the snapshot was taken. Cloning it is cheap.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// By falling age, so mostly by falling size.
    segments: Vec<Held>,
    tail: Tail,
    removed: Removed,
}

impl LiveIndex {
    /// An index without rows.
    pub fn new() -> Self {
        Self::default()
    }

    /// An index of these segments. What was appended and removed since they were written is for the
    /// caller to repeat; [`Segment::mark`] may say from where on.
    pub fn of(segments: impl IntoIterator<Item = Arc<Segment>>) -> Self {
        let held = segments.into_iter().map(|segment| Held { segment, change: 0 });
        let mut segments: Vec<Held> = held.collect();
        segments.sort_by_key(|held| std::cmp::Reverse(held.segment.len()));
        Self { state: Snapshot { segments, ..Snapshot::default() }, change: 0 }
    }

    /// Adds a row, which the next snapshot finds.
    pub fn append(&mut self, signal: Pdq, id: u64) {
        self.change += 1;
        self.state.tail.push(Row { signal, id }, self.change);
    }

    /// Removes all rows with an id that are there now. One that is not there changes nothing.
    pub fn remove(&mut self, id: u64) {
        self.change += 1;
        self.state.removed.insert(id, self.change);
    }

    /// The index as it is now.
    ///
    /// **Cost.** A copy of a few pointers: some hundred nanoseconds.
    pub fn snapshot(&self) -> Snapshot {
        self.state.clone()
    }

    /// What there is to merge, if it is worth it. While one merge runs, no other should.
    pub fn merge_due(&self) -> Option<Merge> {
        let Snapshot { segments, tail, removed } = &self.state;
        let in_segments: usize = segments.iter().map(|held| held.segment.len()).sum();
        let (least, part) = REMOVED;
        if removed.len() > least.max((in_segments + tail.len()) / part) {
            return self.merge_all();
        }
        let tail_is_due = tail.len() >= MIN_TAIL.max(in_segments / TAIL_PART);
        // All but the oldest are merged each time: a query then looks into two and a short tail.
        let later: usize = segments.iter().skip(1).map(|held| held.segment.len()).sum();
        let oldest = segments.first().map_or(0, |held| held.segment.len());
        let first = usize::from(oldest >= TIER * (later + tail.len()).max(1));
        (tail_is_due || first + 1 < segments.len()).then(|| self.merge(first))
    }

    /// Everything in one segment, if it is not: the fastest to search, the dearest to make.
    pub fn merge_all(&self) -> Option<Merge> {
        let Snapshot { segments, tail, removed } = &self.state;
        let is_one = segments.len() <= 1 && tail.len() == 0 && removed.len() == 0;
        (!is_one).then(|| self.merge(0))
    }

    /// Everything in one segment, where searches gain by it: for moments in which nothing changes.
    pub fn merge_at_leisure(&self) -> Option<Merge> {
        let Snapshot { segments, tail, .. } = &self.state;
        (segments.len() > 1 || tail.len() >= MIN_TAIL).then(|| self.merge(0))
    }

    fn merge(&self, first: usize) -> Merge {
        let Snapshot { segments, tail, removed } = &self.state;
        let segments = segments.get(first..).unwrap_or_default().to_vec();
        Merge { segments, tail: tail.clone(), removed: removed.clone(), change: self.change }
    }

    /// Puts the result of a merge in the place of what it was made from. What was appended or removed
    /// meanwhile stays. Returns false and changes nothing where that is no longer there.
    pub fn install(&mut self, merged: Merged) -> bool {
        let Merged { from, segment, change } = merged;
        let state = &mut self.state;
        let first = state.segments.len().wrapping_sub(from.segments.len());
        let same = state.segments.get(first..).is_some_and(|held| {
            held.iter().zip(&from.segments).all(|(a, b)| Arc::ptr_eq(&a.segment, &b.segment))
        });
        if !same || !state.tail.begins_with(&from.tail) {
            return false;
        }
        state.segments.truncate(first);
        if !segment.is_empty() {
            state.segments.push(Held { segment, change });
        }
        state.tail.drop_first(from.tail.len());
        let in_segments = state.segments.iter().map(|held| held.change);
        let in_tail = state.tail.rows().map(|(_, change)| *change).take(1);
        let oldest = in_segments.chain(in_tail).min().unwrap_or(self.change);
        state.removed.forget(oldest);
        true
    }
}

impl Snapshot {
    /// Adds to `found` every row at most `radius` bits away from each query, by query, distance, id.
    pub fn search(&self, queries: &[Pdq], radius: u16, found: &mut Vec<Found>) {
        let start = found.len();
        let mut sources = 0;
        for Held { segment, change } in &self.segments {
            let before = found.len();
            segment.search(queries, radius, found);
            if self.removed.len() > 0 {
                let mut kept = before;
                for at in before..found.len() {
                    if !self.removed.holds(found[at].id, *change) {
                        found.swap(kept, at);
                        kept += 1;
                    }
                }
                found.truncate(kept);
            }
            sources += usize::from(found.len() > before);
        }
        let before = found.len();
        self.tail.search(queries, radius, &mut Vec::new(), |row, change| {
            if !self.removed.holds(row.id, change) {
                found.push(row);
            }
        });
        sources += 2 * usize::from(found.len() > before);
        if sources < 2 {
            // One segment gave all: each row once, and in order.
            return;
        }
        let mut added = found.split_off(start);
        added.sort_unstable();
        added.dedup();
        found.append(&mut added);
    }

    /// Rows, removed ones and repeated ones among them.
    pub fn len(&self) -> usize {
        self.segments().map(Segment::len).sum::<usize>() + self.tail.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Rows that are scanned, as they are in no segment yet.
    pub fn tail_len(&self) -> usize {
        self.tail.len()
    }

    /// Ids whose removal is remembered, as rows of them may be in segments.
    pub fn removed_len(&self) -> usize {
        self.removed.len()
    }

    /// The segments, to be written to files.
    pub fn segments(&self) -> impl Iterator<Item = &Segment> {
        self.segments.iter().map(|held| &*held.segment)
    }

    /// What the segments do not say: ids that are to be removed from an index of them, and the rows that are
    /// to be appended to it after that, so that it is like this one again.
    pub fn loose(&self) -> (Vec<u64>, Vec<Row>) {
        let removed: Vec<u64> = self.removed.ids().collect();
        let mut rows = Vec::new();
        if !removed.is_empty() {
            // Rows of an id that was removed and is there again.
            for Held { segment, change } in &self.segments {
                let again =
                    |row: &Row| self.removed.names(row.id) && !self.removed.holds(row.id, *change);
                rows.extend(segment.rows().filter(again));
            }
        }
        let tail = self.tail.rows().filter(|(row, change)| !self.removed.holds(row.id, *change));
        rows.extend(tail.map(|(row, _)| *row));
        (removed, rows)
    }
}
