//! A merge: rows of several segments and of a tail into one new segment.

use std::sync::Arc;

use super::Held;
use super::removed::Removed;
use super::tail::Tail;
use crate::index::Segment;

/// What is to become one segment. It holds what it needs, so it runs wherever there is time.
#[derive(Debug)]
pub struct Merge {
    pub(super) segments: Vec<Held>,
    pub(super) tail: Tail,
    pub(super) removed: Removed,
    pub(super) change: u64,
}

/// A new segment, and what it stands for.
#[derive(Debug)]
pub struct Merged {
    pub(super) from: Merge,
    pub(super) segment: Arc<Segment>,
    pub(super) change: u64,
}

impl Merge {
    /// Rows that go in, before removed and repeated ones are left out.
    pub fn rows(&self) -> usize {
        self.segments.iter().map(|held| held.segment.len()).sum::<usize>() + self.tail.len()
    }

    /// Makes the segment, with a mark that the caller finds again in its file.
    ///
    /// **Cost.** About a microsecond of processor time a row.
    pub fn run(self, mark: u64) -> Merged {
        let mut rows = Vec::with_capacity(self.rows());
        for Held { segment, change } in &self.segments {
            rows.extend(segment.rows().filter(|row| !self.removed.holds(row.id, *change)));
        }
        let tail = self.tail.rows().filter(|(row, change)| !self.removed.holds(row.id, *change));
        rows.extend(tail.map(|(row, _)| *row));
        let segment = Arc::new(Segment::build(rows, mark));
        Merged { segment, change: self.change, from: self }
    }
}

impl Merged {
    /// The segment, to be written to a file before it is installed.
    pub fn segment(&self) -> &Arc<Segment> {
        &self.segment
    }
}
