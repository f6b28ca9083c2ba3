//! Finds all pairs of near signals without comparing all pairs: bands of bits, by the pigeonhole principle.

use std::ops::RangeInclusive;

use tutela_core::Pdq;

use super::{Hit, LinearIndex, words_distance};
use crate::simd::{self, Kernel, Level};

/// Bands of a signal: 16 of 16 bits.
const BANDS: usize = 16;
/// Values of one band.
const BUCKETS: usize = 1 << 16;
/// Bits that may differ in all at most for one band to differ in at most one: 2 × 16 - 1.
const MAX_RADIUS: u16 = 31;
/// Entries below which the plain scan is faster than filling the buckets.
const MIN_ENTRIES: usize = 4_096;

/// PDQ signals that are looked up among each other, or by very many queries.
///
/// Two signals at most 31 bits apart differ in at most one bit in one of 16 bands at least: were it
/// two bits in each, they would be 32 apart. So it is enough to compare a query with the entries of
/// 17 buckets for each band. Where that would be more than a plain scan (few entries, many alike, a
/// larger radius), it is a plain scan.
///
/// **Cost.** 96 bytes an entry and 4 MiB; a search compares some 200 of 50,000 unlike entries.
#[derive(Debug, Clone)]
pub struct BandIndex {
    linear: LinearIndex,
    radius: u16,
    bands: Option<Bands>,
}

impl BandIndex {
    /// Builds it for searches within `radius` bits.
    pub fn new(entries: &[Pdq], radius: u16) -> Self {
        let linear: LinearIndex = entries.iter().copied().collect();
        let usable = radius <= MAX_RADIUS && entries.len() >= MIN_ENTRIES;
        let bands = usable.then(|| Bands::new(entries, radius)).filter(Bands::pays);
        Self { linear, radius, bands }
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.linear.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds to `hits` every entry within the radius, as hits of query 0 by rising entry.
    pub fn search(&self, query: &Pdq, hits: &mut Vec<Hit>) {
        let Some(bands) = &self.bands else { return self.linear.search(query, self.radius, hits) };
        let old = hits.len();
        let near = |entry, distance| hits.push(Hit { query: 0, entry, distance });
        simd::run(Probe { bands, query: query.words(), radius: self.radius, near });
        hits[old..].sort_unstable();
    }

    /// Sums the weights of all entries within the radius; there is one weight an entry.
    pub(crate) fn weigh(&self, query: &Pdq, weights: &[u64]) -> u64 {
        let Some(bands) = &self.bands else {
            return self.linear.weigh(query, self.radius, weights);
        };
        let mut sum = 0;
        let near = |entry: u32, _| sum += weights[entry as usize];
        simd::run(Probe { bands, query: query.words(), radius: self.radius, near });
        sum
    }
}

/// The entries by the value of each band.
#[derive(Debug, Clone)]
struct Bands {
    words: Vec<[u64; 4]>,
    /// Of each band: where the entries of each value start, and one more for the end.
    starts: Vec<u32>,
    /// Of each band: all entries, by its value.
    entries: Vec<u32>,
    /// Bits of one band that may differ.
    slack: u32,
}

impl Bands {
    fn new(entries: &[Pdq], radius: u16) -> Self {
        let words: Vec<[u64; 4]> = entries.iter().map(|entry| entry.words()).collect();
        let mut bands = Self {
            starts: vec![0; BANDS * (BUCKETS + 1)],
            entries: vec![0; BANDS * words.len()],
            slack: u32::from(radius) / BANDS as u32,
            words,
        };
        for band in 0..BANDS {
            let starts = &mut bands.starts[band * (BUCKETS + 1)..][..BUCKETS + 1];
            for words in &bands.words {
                starts[band_of(words, band) + 1] += 1;
            }
            let mut sum = 0;
            for start in starts.iter_mut() {
                sum += *start;
                *start = sum;
            }
            let mut next = starts.to_vec();
            let sorted = &mut bands.entries[band * bands.words.len()..][..bands.words.len()];
            for (entry, words) in (0..).zip(&bands.words) {
                let place = &mut next[band_of(words, band)];
                sorted[*place as usize] = entry;
                *place += 1;
            }
        }
        bands
    }

    /// Whether looking every entry up costs fewer comparisons than scanning. A comparison here reads
    /// memory at random, so it counts as several.
    fn pays(&self) -> bool {
        const COST_OF_A_JUMP: u64 = 8;
        let mut comparisons = 0;
        for band in 0..BANDS {
            for value in 0..BUCKETS {
                let own = self.bucket(band, value).len() as u64;
                if own > 0 {
                    let near = neighbours(value, self.slack).map(|near| self.bucket(band, near));
                    comparisons += own * near.map(|bucket| bucket.len() as u64).sum::<u64>();
                }
            }
        }
        comparisons * COST_OF_A_JUMP < (self.words.len() as u64).pow(2)
    }

    #[inline(always)]
    fn bucket(&self, band: usize, value: usize) -> &[u32] {
        let at = band * (BUCKETS + 1) + value;
        let (start, end) = (self.starts[at] as usize, self.starts[at + 1] as usize);
        let first = band * self.words.len();
        &self.entries[first + start..first + end]
    }
}

#[inline(always)]
fn band_of(words: &[u64; 4], band: usize) -> usize {
    (words[band / 4] >> (48 - 16 * (band % 4))) as usize & (BUCKETS - 1)
}

/// A value of a band, and with slack those that differ from it in one bit.
#[inline(always)]
fn neighbours(value: usize, slack: u32) -> impl Iterator<Item = usize> {
    // Bit 16 is outside of a band: flipping it and masking gives the value itself.
    let flips: RangeInclusive<u32> = if slack == 0 { 16..=16 } else { 0..=16 };
    flips.map(move |bit| (value ^ (1 << bit)) & (BUCKETS - 1))
}

/// Hands over each near entry once.
struct Probe<'a, F> {
    bands: &'a Bands,
    query: [u64; 4],
    radius: u16,
    near: F,
}

impl<F: FnMut(u32, u16)> Kernel for Probe<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<L: Level>(mut self, _level: L) {
        let slack = self.bands.slack;
        for band in 0..BANDS {
            for value in neighbours(band_of(&self.query, band), slack) {
                for &entry in self.bands.bucket(band, value) {
                    let words = &self.bands.words[entry as usize];
                    let distance = words_distance(*words, self.query);
                    // An entry that is near in several bands counts in the first of them.
                    if distance <= self.radius && first_band(words, &self.query, slack) == band {
                        (self.near)(entry, distance);
                    }
                }
            }
        }
    }
}

#[inline(always)]
fn first_band(a: &[u64; 4], b: &[u64; 4], slack: u32) -> usize {
    let bits = |band| (band_of(a, band) ^ band_of(b, band)).count_ones();
    (0..BANDS).find(|&band| bits(band) <= slack).unwrap_or(BANDS)
}

#[cfg(test)]
mod tests {
    use tutela_core::Pdq;

    use super::{Bands, Probe};
    use crate::index::distance;
    use crate::simd::{Kernel, Level, run_at_all};

    struct Collect<'a>(&'a Bands, Pdq, u16);

    impl Kernel for Collect<'_> {
        type Output = Vec<(u32, u16)>;

        #[inline(always)]
        fn run<L: Level>(self, level: L) -> Self::Output {
            let mut hits = Vec::new();
            let near = |entry, distance| hits.push((entry, distance));
            Probe { bands: self.0, query: self.1.words(), radius: self.2, near }.run(level);
            hits.sort_unstable();
            hits
        }
    }

    #[test]
    fn every_level_finds_what_a_plain_loop_finds() {
        // Steps of a few bits each, so that all distances up to the radius occur, around two centres.
        let mut signal = Pdq([0x35; 32]);
        let mut entries = vec![signal];
        for step in 0..2_000_usize {
            let bit = step * 97 % 256;
            signal.0[bit / 8] ^= 1 << (bit % 8);
            entries.push(signal);
        }
        for radius in [0, 1, 15, 16, 30, 31] {
            let bands = Bands::new(&entries, radius);
            for query in entries.iter().step_by(131).copied() {
                let all = (0..).zip(&entries).map(|(n, entry)| (n, distance(entry, &query)));
                let expected: Vec<_> = all.filter(|(_, distance)| *distance <= radius).collect();
                for (level, hits) in run_at_all(|| Collect(&bands, query, radius)) {
                    assert!(hits == expected, "{level}: radius {radius}");
                }
            }
        }
    }
}
