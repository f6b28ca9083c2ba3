//! Looks up films: which of many share enough frames with one.

use std::collections::{BTreeMap, HashSet};

use tutela_core::Pdq;

use super::{Hit, LinearIndex};
use crate::signals::{Partners, VpdqRule};

/// Frames of many films in one index.
///
/// **Cost.** 36 bytes a frame. A look-up compares each frame of the query with every frame.
#[derive(Debug, Clone, Default)]
pub struct FilmIndex {
    frames: LinearIndex,
    /// Film of each frame.
    film_of: Vec<u32>,
    /// How many frames each film has, and the caller's number of it.
    films: Vec<(u32, u32)>,
}

impl FilmIndex {
    /// Takes the comparable frames of a film under the caller's number. One without any is like no other.
    pub fn push(&mut self, number: u32, frames: &[Pdq]) {
        let film = count(self.films.len());
        self.films.push((count(frames.len()), number));
        for frame in frames {
            self.frames.push(*frame);
            self.film_of.push(film);
        }
    }

    /// How many films there are.
    pub fn len(&self) -> usize {
        self.films.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.films.is_empty()
    }

    /// The films that count as alike by the rule, by the caller's numbers in the order they came.
    pub fn search(&self, query: &[Pdq], rule: &VpdqRule) -> Vec<(u32, Partners)> {
        let mut hits = Vec::new();
        self.frames.search_batch(query, rule.distance, &mut hits);
        let mut found: BTreeMap<u32, (HashSet<u32>, HashSet<u32>)> = BTreeMap::new();
        for Hit { query, entry, .. } in hits {
            let Some(film) = self.film_of.get(entry as usize) else { continue };
            let (of_query, of_film) = found.entry(*film).or_default();
            of_query.insert(query);
            of_film.insert(entry);
        }
        let alike = |(film, (of_query, of_film)): (u32, (HashSet<u32>, HashSet<u32>))| {
            let (frames, number) = self.films.get(film as usize)?;
            let partners = Partners {
                query_found: count(of_query.len()),
                query_frames: count(query.len()),
                compared_found: count(of_film.len()),
                compared_frames: *frames,
            };
            partners.matches(rule).then_some((*number, partners))
        };
        found.into_iter().filter_map(alike).collect()
    }
}

fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::any;
    use proptest::proptest;
    use proptest::test_runner::Config;
    use tutela_core::Pdq;

    use super::FilmIndex;
    use crate::signals::{VpdqRule, partners};

    /// Few different values, some of them near one another.
    fn pdq(seed: u8) -> Pdq {
        let mut bytes = [seed.wrapping_mul(37) & 0xf0; 32];
        bytes[0] ^= seed & 0x0f;
        Pdq(bytes)
    }

    proptest! {
        #![proptest_config(Config { failure_persistence: None, ..Config::with_cases(64) })]

        #[test]
        fn the_index_finds_what_comparing_every_frame_finds(
            films in vec(vec(any::<u8>(), 0..12), 0..8),
            query in vec(any::<u8>(), 0..12),
            query_percent in 0..=100_u8,
            compared_percent in 0..=100_u8,
        ) {
            let frames = |film: &[u8]| film.iter().map(|seed| pdq(*seed)).collect::<Vec<_>>();
            let rule = VpdqRule { distance: 31, query_percent, compared_percent };
            let query = frames(&query);
            let mut index = FilmIndex::default();
            let mut expected = Vec::new();
            for (number, film) in (0..).zip(&films) {
                index.push(number, &frames(film));
                let found = partners(&query, &frames(film), rule.distance);
                if found.matches(&rule) {
                    expected.push((number, found));
                }
            }
            assert_eq!(index.search(&query, &rule), expected);
        }
    }
}
