//! Segments: signals in a form that is searched in microseconds, made once and never changed.
//!
//! A segment is a run of bytes: it is searched where it lies, be that memory or a file that is mapped. Every
//! search is exact. See `docs/matching.md` for how it works and what it costs.

mod build;
mod flips;
mod layout;
mod order;
mod plan;
mod replay;
mod scan;
mod search;
#[cfg(test)]
mod tests;
mod view;

use std::fmt;
use std::sync::Arc;

use tutela_core::{Class, Coded, Pdq};

pub use build::MAX_ROWS;
pub use replay::replay_segment;

use layout::{Header, Layout};
use order::{Moves, Ordered};
use search::{Search, Usual};
use view::View;

use super::Hit;
use crate::simd;

/// A signal and what the caller calls it. Several rows may share either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Row {
    /// The signal.
    pub signal: Pdq,
    /// The caller's number.
    pub id: u64,
}

/// A row within the radius of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Found {
    /// Which query, from 0.
    pub query: u32,
    /// Bits that differ.
    pub distance: u16,
    /// The id of the row.
    pub id: u64,
    /// The signal of the row.
    pub signal: Pdq,
}

/// Why bytes are no segment that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SegmentError {
    /// They are something else.
    #[error("not an index segment")]
    NotSegment,
    /// Another version of the layout.
    #[error(
        "the index segment has layout {found}, and this program reads {}; build it again",
        layout::VERSION
    )]
    Version {
        /// The version it states.
        found: u32,
    },
    /// It is shorter or longer than it says.
    #[error("the index segment is cut or has grown: {found} bytes are not what its header says")]
    Cut {
        /// Bytes there are.
        found: u64,
    },
    /// A part is not as it was written.
    #[error("the index segment is damaged")]
    Damaged,
}

impl Coded for SegmentError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotSegment => "match.segment.not_segment",
            Self::Version { .. } => "match.segment.version",
            Self::Cut { .. } => "match.segment.cut",
            Self::Damaged => "match.segment.damaged",
        }
    }

    fn class(&self) -> Class {
        match self {
            Self::NotSegment | Self::Version { .. } => Class::Invalid,
            Self::Cut { .. } | Self::Damaged => Class::Integrity,
        }
    }
}

/// Bytes of a segment, wherever they lie.
pub type SegmentBytes = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// Rows that do not change, ready to be searched.
#[derive(Clone)]
pub struct Segment {
    bytes: SegmentBytes,
    header: Header,
    layout: Layout,
    usual: Vec<Option<Usual>>,
    into_order: Moves,
    out_of_order: Moves,
}

impl Segment {
    /// Makes a segment of rows; a row that is there twice counts once. `mark` is what the caller wants to find
    /// again in the file, such as the last change that the rows contain.
    ///
    /// **Cost.** A microsecond of processor time and 130 bytes a row, and while it works 40 more.
    pub fn build(rows: Vec<Row>, mark: u64) -> Self {
        let image = build::build(rows, mark, plan::parts);
        match Self::open(Arc::new(image)) {
            Ok(segment) => segment,
            Err(error) => unreachable!("a segment that was just made is none: {error}"),
        }
    }

    /// Takes the bytes of a segment, as [`Segment::bytes`] gave them. Reads the header and nothing else:
    /// [`Segment::verify`] reads all.
    ///
    /// # Errors
    /// The bytes are something else, of another version or cut, or the header is damaged.
    pub fn open(bytes: SegmentBytes) -> Result<Self, SegmentError> {
        let (header, layout) = Header::read((*bytes).as_ref())?;
        let usual = Usual::new(&header.parts, header.signals);
        let into_order = Moves::into_order(&header.order);
        let out_of_order = Moves::out_of(&header.order);
        Ok(Self { bytes, header, layout, usual, into_order, out_of_order })
    }

    /// Whether every byte is as it was written.
    ///
    /// # Errors
    /// Some is not.
    pub fn verify(&self) -> Result<(), SegmentError> {
        self.layout.check(self.bytes())
    }

    /// What is to be written to a file, to be opened again.
    pub fn bytes(&self) -> &[u8] {
        (*self.bytes).as_ref()
    }

    /// What the caller wanted to find again.
    pub fn mark(&self) -> u64 {
        self.header.mark
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.header.rows
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many different signals there are.
    pub fn signals(&self) -> usize {
        self.header.signals
    }

    /// All rows, those of equal signals one behind the other.
    pub fn rows(&self) -> impl Iterator<Item = Row> {
        let view = self.view();
        (0..self.header.signals).flat_map(move |number| {
            let signal = view.signal(number).map(|words| self.restored(words));
            let ids = self.ids(number as u32);
            signal.into_iter().flat_map(move |signal| ids.clone().map(move |id| Row { signal, id }))
        })
    }

    /// Adds to `found` every row at most `radius` bits away from each query, by query, distance, id.
    ///
    /// Queries that come together share their waiting for memory, so eight are cheaper than eight times one.
    pub fn search(&self, queries: &[Pdq], radius: u16, found: &mut Vec<Found>) {
        let start = found.len();
        // A row is found once by a query, whatever the spans of a damaged file say.
        let mut left = (0, self.len());
        self.near(queries, radius, |Hit { query, entry, distance }, differs| {
            if query != left.0 {
                left = (query, self.len());
            }
            let signal = self.differing(queries[query as usize], differs);
            let before = found.len();
            let row = |id| Found { query, distance, id, signal };
            found.extend(self.ids(entry).take(left.1).map(row));
            left.1 -= found.len() - before;
        });
        // Hits came by distance, so short stretches are left to be put in order.
        let stretches =
            found[start..].chunk_by_mut(|a, b| (a.query, a.distance) == (b.query, b.distance));
        stretches.for_each(<[Found]>::sort_unstable);
    }

    /// Hands over each different signal that is near, by query, distance and number, with the bits that differ
    /// from the query, in the order of the segment.
    fn near(&self, queries: &[Pdq], radius: u16, mut each: impl FnMut(Hit, Ordered)) {
        let view = self.view();
        let queries: Vec<Ordered> =
            queries.iter().map(|query| self.into_order.apply(query.words())).collect();
        let mut hits = Vec::new();
        let is_even = |query: &Ordered| query.iter().map(|w| w.count_ones()).sum::<u32>() % 2 == 0;
        // Between signals with an even number of bits set, as proper ones are, distances are even.
        let even = self.header.even && queries.iter().all(is_even);
        let radius = if even { radius & !1 } else { radius };
        let usual = self.usual.get(usize::from(radius)).and_then(Option::as_ref);
        simd::run(Search { view: &view, usual, queries: &queries, radius, hits: &mut hits });
        hits.sort_unstable_by_key(|hit| (hit.query, hit.distance, hit.entry));
        hits.dedup();
        for hit in hits {
            let (signal, query) = (view.signal(hit.entry as usize), queries[hit.query as usize]);
            if let Some(signal) = signal {
                each(hit, std::array::from_fn(|word| signal[word] ^ query[word]));
            }
        }
    }

    fn view(&self) -> View<'_> {
        View::new(self.bytes(), &self.header, &self.layout)
    }

    /// A signal with some bits flipped, which are few.
    fn differing(&self, query: Pdq, differs: Ordered) -> Pdq {
        let mut words = query.words();
        for (word, mut bits) in differs.into_iter().enumerate() {
            while bits != 0 {
                let place = 64 * word + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let bit = usize::from(self.header.order[place]);
                words[bit / 64] ^= 1 << (bit % 64);
            }
        }
        Pdq::from_words(words)
    }

    fn restored(&self, words: Ordered) -> Pdq {
        Pdq::from_words(self.out_of_order.apply(words))
    }

    /// The ids of a signal.
    fn ids(&self, number: u32) -> impl Iterator<Item = u64> + Clone + use<'_> {
        let section = |range: &std::ops::Range<usize>| self.bytes().get(range.clone());
        let (spans, _) = section(&self.layout.spans).unwrap_or_default().as_chunks::<4>();
        let ids = section(&self.layout.ids).unwrap_or_default();
        let (lowest, bytes) = (self.header.ids.lowest, self.header.ids.bytes);
        let at = number as usize;
        let (start, end) = match spans.get(at..at.saturating_add(2)) {
            Some([start, end]) => {
                (u32::from_le_bytes(*start) as usize, u32::from_le_bytes(*end) as usize)
            }
            _ => (at, at.saturating_add(1)),
        };
        let ids = ids.get(bytes * start..(bytes * end).min(ids.len())).unwrap_or_default();
        ids.chunks_exact(bytes).map(move |id| {
            let above = match (id.first_chunk(), id.first_chunk()) {
                (Some(long), _) => u64::from_le_bytes(*long),
                (None, Some(short)) => u64::from(u32::from_le_bytes(*short)),
                (None, None) => 0,
            };
            lowest.wrapping_add(above)
        })
    }
}

impl fmt::Debug for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Segment")
            .field("rows", &self.len())
            .field("signals", &self.signals())
            .field("mark", &self.mark())
            .finish_non_exhaustive()
    }
}
