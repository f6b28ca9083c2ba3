//! The plain scan: exact for every radius, and the yardstick of every faster index.

use tutela_core::Pdq;

use super::{Hit, words_distance};
use crate::simd::{self, Kernel, Level};

/// Entries whose first halves are looked at before asking whether any of them is near.
const CHUNK: usize = 32;

/// Entries that a whole batch of queries goes over before the next ones are read from memory:
/// 16 KiB of first halves, so that they stay in the first-level cache.
const BLOCK: usize = 1024;

/// PDQ signals in columns of 64-bit words, scanned from first to last.
///
/// A scan reads the first 128 bits of every entry, which are more than `radius` bits away for
/// nearly all of them, and the rest only where they are not.
///
/// **Cost.** 32 bytes an entry; a search reads 16 bytes of each. It takes some 10 ms for ten
/// million entries and one query, and less a query in batches: see `benches/peers/linear`.
#[derive(Debug, Clone, Default)]
pub struct LinearIndex {
    columns: [Vec<u64>; 4],
}

impl LinearIndex {
    /// An index without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an entry; entries count from 0. An index holds at most 2³² of them.
    pub fn push(&mut self, entry: Pdq) {
        for (column, word) in self.columns.iter_mut().zip(entry.words()) {
            column.push(word);
        }
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.columns[0].len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds to `hits` every entry at most `radius` bits away, as hits of query 0 by rising entry.
    pub fn search(&self, query: &Pdq, radius: u16, hits: &mut Vec<Hit>) {
        simd::run(Scan { index: self, queries: &[query.words()], first_query: 0, radius, hits });
    }

    /// Adds to `hits` every entry at most `radius` bits away from each query, by query and entry.
    pub fn search_batch(&self, queries: &[Pdq], radius: u16, hits: &mut Vec<Hit>) {
        self.search_part(queries, 0, radius, hits);
    }

    /// As [`LinearIndex::search_batch`], with the queries shared out over `threads`.
    pub fn search_parallel(
        &self,
        queries: &[Pdq],
        radius: u16,
        threads: usize,
        hits: &mut Vec<Hit>,
    ) {
        let share = queries.len().div_ceil(threads.max(1)).max(1);
        if queries.len() <= share {
            return self.search_part(queries, 0, radius, hits);
        }
        let parts: Vec<Vec<Hit>> = std::thread::scope(|scope| {
            let workers: Vec<_> = (queries.chunks(share).enumerate())
                .map(|(part, queries)| {
                    scope.spawn(move || {
                        let mut hits = Vec::new();
                        self.search_part(queries, (part * share) as u32, radius, &mut hits);
                        hits
                    })
                })
                .collect();
            let joined = workers.into_iter().map(|worker| match worker.join() {
                Ok(hits) => hits,
                Err(panic) => std::panic::resume_unwind(panic),
            });
            joined.collect()
        });
        hits.extend(parts.into_iter().flatten());
    }

    fn search_part(&self, queries: &[Pdq], first_query: u32, radius: u16, hits: &mut Vec<Hit>) {
        let old = hits.len();
        let words: Vec<_> = queries.iter().map(|query| query.words()).collect();
        simd::run(Scan { index: self, queries: &words, first_query, radius, hits });
        hits[old..].sort_unstable();
    }
}

impl FromIterator<Pdq> for LinearIndex {
    fn from_iter<I: IntoIterator<Item = Pdq>>(entries: I) -> Self {
        let mut index = Self::new();
        index.extend(entries);
        index
    }
}

impl Extend<Pdq> for LinearIndex {
    fn extend<I: IntoIterator<Item = Pdq>>(&mut self, entries: I) {
        entries.into_iter().for_each(|entry| self.push(entry));
    }
}

/// Goes over all entries, block by block, with all queries.
struct Scan<'a> {
    index: &'a LinearIndex,
    queries: &'a [[u64; 4]],
    first_query: u32,
    radius: u16,
    hits: &'a mut Vec<Hit>,
}

impl Kernel for Scan<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Level>(self, _: L) {
        let Self { index, queries, first_query, radius, hits } = self;
        let [first, second, ..] = &index.columns;
        for start in (0..index.len()).step_by(BLOCK) {
            let end = index.len().min(start + BLOCK);
            let (first, second) = (&first[start..end], &second[start..end]);
            for (query, words) in (first_query..).zip(queries) {
                let chunks = first.chunks(CHUNK).zip(second.chunks(CHUNK));
                for (chunk, (first, second)) in chunks.enumerate() {
                    if any_near(first, second, words, radius) {
                        let start = start + chunk * CHUNK;
                        index.verify(start..start + first.len(), query, words, radius, hits);
                    }
                }
            }
        }
    }
}

/// Whether the first halves of any entry are within the radius.
#[inline(always)]
fn any_near(first: &[u64], second: &[u64], query: &[u64; 4], radius: u16) -> bool {
    // The difference is negative, so has its sign bit set, only for an entry that is near.
    let limit = i64::from(radius) + 1;
    let excess = |first: u64, second: u64| {
        let bits = (first ^ query[0]).count_ones() + (second ^ query[1]).count_ones();
        i64::from(bits) - limit
    };
    let signs = if let (Some(first), Some(second)) =
        (first.first_chunk::<CHUNK>(), second.first_chunk::<CHUNK>())
    {
        first.iter().zip(second).fold(0, |signs, (a, b)| signs | excess(*a, *b))
    } else {
        first.iter().zip(second).fold(0, |signs, (a, b)| signs | excess(*a, *b))
    };
    signs < 0
}

impl LinearIndex {
    /// Adds the entries of a range that are near in all their bits.
    #[cold]
    fn verify(
        &self,
        range: std::ops::Range<usize>,
        query: u32,
        words: &[u64; 4],
        radius: u16,
        hits: &mut Vec<Hit>,
    ) {
        for entry in range {
            let distance = words_distance(self.columns.each_ref().map(|c| c[entry]), *words);
            if distance <= radius {
                hits.push(Hit { query, entry: entry as u32, distance });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tutela_core::Pdq;

    use super::{BLOCK, LinearIndex, Scan};
    use crate::index::{Hit, distance};
    use crate::simd::{Kernel, Level, run_at_all};

    struct Collect<'a>(&'a LinearIndex, &'a [[u64; 4]], u16);

    impl Kernel for Collect<'_> {
        type Output = Vec<Hit>;

        #[inline(always)]
        fn run<L: Level>(self, level: L) -> Vec<Hit> {
            let Self(index, queries, radius) = self;
            let mut hits = Vec::new();
            Scan { index, queries, first_query: 0, radius, hits: &mut hits }.run(level);
            hits.sort_unstable();
            hits
        }
    }

    #[test]
    fn every_level_finds_what_a_plain_loop_finds() {
        // Multiples of a large odd number: every bit varies, distances spread around 128.
        let entry = |i: u64| {
            Pdq::from_words([1, 2, 3, 4].map(|w| (i * w + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)))
        };
        let entries: Vec<Pdq> = (0..BLOCK as u64 * 2 + 77).map(entry).collect();
        let queries = [entries[5], entries[BLOCK + 76], Pdq::ZERO];
        let index: LinearIndex = entries.iter().copied().collect();
        for radius in [0, 31, 110, 128, 256] {
            let mut expected = Vec::new();
            for (query, signal) in (0..).zip(&queries) {
                for (entry, other) in (0..).zip(&entries) {
                    let distance = distance(signal, other);
                    if distance <= radius {
                        expected.push(Hit { query, entry, distance });
                    }
                }
            }
            let words = queries.map(Pdq::words);
            for (level, hits) in run_at_all(|| Collect(&index, &words, radius)) {
                assert!(hits == expected, "{level}: radius {radius}");
            }
        }
    }
}
