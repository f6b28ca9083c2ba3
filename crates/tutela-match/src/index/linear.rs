//! The plain scan: exact for every radius, and the yardstick of every faster index.

use std::ops::Range;

use tutela_core::Pdq;

use super::{Hit, words_distance};
use crate::simd::{self, CHUNK, Kernel, Level};

/// Entries that a whole batch of queries goes over before the next ones are read from memory:
/// 16 KiB of first halves, so that they stay in the first-level cache.
const BLOCK: usize = 1024;

/// Queries of a batch that are compared with the same entries at once.
const GROUP: usize = 4;

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

    /// The entries, in the order they were added.
    pub fn signals(&self) -> impl Iterator<Item = Pdq> {
        let [a, b, c, d] = &self.columns;
        let words = a.iter().zip(b).zip(c.iter().zip(d));
        words.map(|((a, b), (c, d))| Pdq::from_words([*a, *b, *c, *d]))
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

    /// Sums the weights of all entries at most `radius` bits away; there is one weight an entry.
    pub(crate) fn weigh(&self, query: &Pdq, radius: u16, weights: &[u64]) -> u64 {
        simd::run(Weigh { index: self, query: query.words(), radius, weights })
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
    fn run<L: Level>(mut self, level: L) {
        for start in (0..self.index.len()).step_by(BLOCK) {
            let block = start..self.index.len().min(start + BLOCK);
            let (groups, rest) = self.queries.as_chunks::<GROUP>();
            for (group, queries) in groups.iter().enumerate() {
                self.scan_block(level, block.clone(), group * GROUP, queries);
            }
            for (i, query) in rest.iter().enumerate() {
                self.scan_block(level, block.clone(), groups.len() * GROUP + i, &[*query]);
            }
        }
    }
}

impl Scan<'_> {
    /// Goes over some entries with the queries from `first_query` on.
    #[inline(always)]
    fn scan_block<L: Level, const Q: usize>(
        &mut self,
        level: L,
        block: Range<usize>,
        first_query: usize,
        queries: &[[u64; 4]; Q],
    ) {
        let halves = queries.map(|[first, second, ..]| [first, second]);
        let [first, second, ..] = &self.index.columns;
        let (first, _) = first[block.clone()].as_chunks::<CHUNK>();
        let (second, _) = second[block.clone()].as_chunks::<CHUNK>();
        let mut start = block.start;
        for (first, second) in first.iter().zip(second) {
            let near = level.any_near([first, second], &halves, self.radius);
            if near != [false; Q] {
                for (i, _) in near.iter().enumerate().filter(|(_, near)| **near) {
                    self.verify(start..start + CHUNK, first_query + i);
                }
            }
            start += CHUNK;
        }
        for i in 0..Q {
            self.verify(start..block.end, first_query + i);
        }
    }

    /// Adds the entries of a range that are near in all their bits.
    fn verify(&mut self, entries: Range<usize>, query: usize) {
        let [a, b, c, d] = &self.index.columns;
        for entry in entries {
            let words = [a[entry], b[entry], c[entry], d[entry]];
            let distance = words_distance(words, self.queries[query]);
            if distance <= self.radius {
                let query = self.first_query + query as u32;
                self.hits.push(Hit { query, entry: entry as u32, distance });
            }
        }
    }
}

/// Sums the weights of the entries that are near, without a list of them.
struct Weigh<'a> {
    index: &'a LinearIndex,
    query: [u64; 4],
    radius: u16,
    weights: &'a [u64],
}

impl Kernel for Weigh<'_> {
    type Output = u64;

    #[inline(always)]
    fn run<L: Level>(self, level: L) -> u64 {
        let half = [[self.query[0], self.query[1]]];
        let columns = self.index.columns.each_ref().map(|column| column.as_chunks::<CHUNK>());
        let [(a, a_rest), (b, b_rest), (c, c_rest), (d, d_rest)] = columns;
        let (weights, weights_rest) = self.weights.as_chunks::<CHUNK>();
        let chunks = a.iter().zip(b).zip(c.iter().zip(d)).zip(weights);
        let mut sum = 0;
        for (((a, b), (c, d)), weights) in chunks {
            if level.any_near([a, b], &half, self.radius)[0] {
                sum += self.weigh_chunk([a, b, c, d], weights);
            }
        }
        sum + self.weigh_chunk([a_rest, b_rest, c_rest, d_rest], weights_rest)
    }
}

impl Weigh<'_> {
    #[inline(always)]
    fn weigh_chunk(&self, [a, b, c, d]: [&[u64]; 4], weights: &[u64]) -> u64 {
        let mut sum = 0;
        for ((((a, b), c), d), weight) in a.iter().zip(b).zip(c).zip(d).zip(weights) {
            let bits = u64::from((a ^ self.query[0]).count_ones())
                + u64::from((b ^ self.query[1]).count_ones())
                + u64::from((c ^ self.query[2]).count_ones())
                + u64::from((d ^ self.query[3]).count_ones());
            sum += if bits <= u64::from(self.radius) { *weight } else { 0 };
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use tutela_core::Pdq;

    use super::{BLOCK, LinearIndex, Scan, Weigh};
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
            let weights: Vec<u64> = (1..).take(entries.len()).collect();
            for (query, words) in (0..).zip(words) {
                let near = expected.iter().filter(|hit| hit.query == query);
                let sum: u64 = near.map(|hit| weights[hit.entry as usize]).sum();
                let weigh = || Weigh { index: &index, query: words, radius, weights: &weights };
                for (level, weight) in run_at_all(weigh) {
                    assert_eq!(weight, sum, "{level}: radius {radius}");
                }
            }
            for (level, hits) in run_at_all(|| Collect(&index, &words, radius)) {
                assert!(hits == expected, "{level}: radius {radius}");
            }
        }
    }
}
