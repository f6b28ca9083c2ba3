//! The PDQ signals of all lists, scanned or in an index; either gives the same answers.

use tutela_core::Pdq;
use tutela_match::index::{Found, Hit, LinearIndex, Row, Segment};

/// Queries from which on making an index costs less than it saves: a query of a batch scans some 2,700
/// signals in the time that it takes to index one.
const MIN_QUERIES: u64 = 4_000;
/// Signals below which a scan is about as fast.
const MIN_SIGNALS: usize = 20_000;

/// How signals are searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchBy {
    /// Whatever is faster for so many queries.
    Auto {
        /// Signals that are going to be looked up.
        queries: u64,
    },
    /// Every query is compared with every signal.
    Scan,
    /// By an exact index, which is made first.
    Index,
}

/// Signals by number, from 0.
pub(super) enum SignalIndex {
    Scanned(LinearIndex),
    Indexed(Box<Segment>),
}

impl SignalIndex {
    /// Makes the index, where it is wanted and is not there.
    pub(super) fn search_by(&mut self, way: SearchBy) {
        let Self::Scanned(signals) = self else { return };
        let wanted = match way {
            SearchBy::Auto { queries } => queries >= MIN_QUERIES && signals.len() >= MIN_SIGNALS,
            SearchBy::Scan => false,
            SearchBy::Index => true,
        };
        if wanted {
            let signals = std::mem::take(signals);
            let rows = signals.signals().zip(0..).map(|(signal, id)| Row { signal, id });
            *self = Self::Indexed(Box::new(Segment::build(rows.collect(), 0)));
        }
    }

    /// Its name in documents.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Scanned(_) => "linear",
            Self::Indexed(_) => "fast",
        }
    }

    /// Everything at most `radius` bits from each query, by query, then number.
    pub(super) fn search(&self, queries: &[Pdq], radius: u16, threads: usize) -> Vec<Hit> {
        let mut hits = Vec::new();
        match self {
            Self::Scanned(signals) => match queries {
                [query] => signals.search(query, radius, &mut hits),
                _ => signals.search_parallel(queries, radius, threads, &mut hits),
            },
            Self::Indexed(segment) => {
                let share = queries.len().div_ceil(threads.max(1)).max(1);
                let parts: Vec<Vec<Hit>> = std::thread::scope(|scope| {
                    let search = |(part, queries): (usize, &'_ [Pdq])| {
                        let mut found = Vec::new();
                        segment.search(queries, radius, &mut found);
                        let first = (part * share) as u32;
                        let hit = |Found { query, id, distance, .. }: Found| Hit {
                            query: first + query,
                            entry: id as u32,
                            distance,
                        };
                        found.into_iter().map(hit).collect::<Vec<Hit>>()
                    };
                    let mut shares = queries.chunks(share).enumerate();
                    let own = shares.next();
                    let others: Vec<_> =
                        shares.map(|part| scope.spawn(move || search(part))).collect();
                    let others = others.into_iter().map(|worker| match worker.join() {
                        Ok(hits) => hits,
                        Err(panic) => std::panic::resume_unwind(panic),
                    });
                    own.map(search).into_iter().chain(others).collect()
                });
                hits.extend(parts.into_iter().flatten());
                hits.sort_unstable();
            }
        }
        hits
    }
}

#[cfg(test)]
mod tests {
    use tutela_core::Pdq;
    use tutela_match::index::LinearIndex;

    use super::{SearchBy, SignalIndex};

    fn signals() -> Vec<Pdq> {
        let spread = |i: u64, w: u64| (i * w + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (0..30_000).map(|i| Pdq::from_words([1, 2, 3, 4].map(|w| spread(i / 2, w)))).collect()
    }

    #[test]
    fn both_ways_give_the_same() {
        let all: LinearIndex = signals().into_iter().collect();
        let scanned = SignalIndex::Scanned(all.clone());
        let mut indexed = SignalIndex::Scanned(all);
        indexed.search_by(SearchBy::Index);
        assert_eq!((scanned.name(), indexed.name()), ("linear", "fast"));
        let queries: Vec<Pdq> = signals().into_iter().step_by(997).chain([Pdq::ZERO]).collect();
        for radius in [0, 31, 100] {
            for threads in [1, 3] {
                let expected = scanned.search(&queries, radius, 1);
                assert!(expected.len() >= 2 * (queries.len() - 1));
                assert_eq!(indexed.search(&queries, radius, threads), expected);
                assert_eq!(scanned.search(&queries, radius, threads), expected);
            }
        }
        assert!(indexed.search(&[], 31, 2).is_empty());
    }

    #[test]
    fn an_index_is_made_where_it_pays() {
        let name = |signals: &[Pdq], way| {
            let mut index = SignalIndex::Scanned(signals.iter().copied().collect());
            index.search_by(way);
            index.name()
        };
        let all = signals();
        assert_eq!(name(&all, SearchBy::Auto { queries: 4_000 }), "fast");
        assert_eq!(name(&all, SearchBy::Auto { queries: 3_999 }), "linear");
        assert_eq!(name(&all[..19_999], SearchBy::Auto { queries: 1 << 40 }), "linear");
        assert_eq!(name(&all, SearchBy::Scan), "linear");
        assert_eq!(name(&all[..1], SearchBy::Index), "fast");
    }
}
