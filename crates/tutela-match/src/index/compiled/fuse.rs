//! A binary fuse filter with 16-bit prints: says of most keys at once that they are not there.
//!
//! Source: Graf and Lemire, "Binary Fuse Filters: Fast and Smaller Than Xor Filters", 2022. Written here
//! rather than taken from a crate because the prints are a file format: they are read in place from bytes
//! that nobody vouches for, and must mean the same for as long as such files are carried about.

/// Seeds that are tried before a set of keys is left without a filter. One in some dozens fails.
const MAX_TRIES: u64 = 64;
/// Tries after which the filter is given more room.
const TRIES_A_SIZE: u64 = 8;
/// Longest segment: longer ones leave the cache and gain nothing.
const MAX_SEGMENT: u32 = 1 << 18;

/// Chance that a key which is not there is passed on, per filter.
pub const FALSE_POSITIVE_RATE: f64 = 1.0 / 65_536.0;

/// How one filter is laid out: three prints in three neighbouring segments belong to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) seed: u64,
    /// Prints in a segment, a power of two.
    pub(super) segment: u32,
    /// Segments that a key's first print may stand in.
    pub(super) segments: u32,
}

impl Shape {
    /// Prints in all; `None` of a shape that no filter has.
    pub(super) fn prints(self) -> Option<usize> {
        let sound = self.segment.is_power_of_two() && self.segment <= MAX_SEGMENT;
        let segments = self.segments.checked_add(2).filter(|_| sound && self.segments > 0)?;
        usize::try_from(u64::from(segments) * u64::from(self.segment)).ok()
    }

    /// The three places of a hash, all below [`Shape::prints`].
    #[inline]
    fn places(self, hash: u64) -> [usize; 3] {
        let starts = u64::from(self.segments) * u64::from(self.segment);
        let first = ((u128::from(hash) * u128::from(starts)) >> 64) as u64;
        let (segment, mask) = (u64::from(self.segment), u64::from(self.segment - 1));
        let second = (first + segment) ^ ((hash >> 18) & mask);
        let third = (first + 2 * segment) ^ (hash & mask);
        [first as usize, second as usize, third as usize]
    }

    /// Whether the key may be among those the prints were made of. `prints` holds two bytes for each.
    #[inline]
    pub(super) fn may_hold(self, prints: &[u8], key: u64) -> bool {
        let hash = mix(key, self.seed);
        let prints = prints.as_chunks::<2>().0;
        let print = |place: usize| prints.get(place).map_or(0, |pair| u16::from_le_bytes(*pair));
        let [a, b, c] = self.places(hash);
        print_of(hash) == print(a) ^ print(b) ^ print(c)
    }
}

/// Makes a filter of keys that all differ. `None` where no seed serves: such keys go unfiltered.
///
/// **Cost.** Some 40 bytes a key while it is made, 2.3 bytes of prints.
pub(super) fn build(keys: &[u64]) -> Option<(Shape, Vec<u16>)> {
    (0..MAX_TRIES).find_map(|attempt| {
        let shape = shape(keys.len(), attempt);
        let order = peel(keys, shape)?;
        let mut prints = vec![0; shape.prints()?];
        // Last peeled first: each key's own place is not yet spoken for by those that follow.
        for (hash, place) in order.into_iter().rev() {
            let [a, b, c] = shape.places(hash);
            prints[place as usize] = print_of(hash) ^ prints[a] ^ prints[b] ^ prints[c];
        }
        Some((shape, prints))
    })
}

fn shape(keys: usize, attempt: u64) -> Shape {
    let count = (keys.max(2)) as f64;
    let segment = 1 << (count.ln() / 3.33_f64.ln() + 2.25) as u32;
    let segment = std::cmp::min(segment, MAX_SEGMENT);
    let spare = (attempt / TRIES_A_SIZE) as f64 * 0.05;
    let factor = f64::max(1.125, 0.875 + 0.25 * 1e6_f64.ln() / count.ln()) + spare;
    let segments = ((count * factor) as u32).div_ceil(segment).saturating_sub(2).max(1);
    Shape { seed: mix(attempt, 0x7475_7465_6c61), segment, segments }
}

/// Takes keys out one by one, each with a place that by then is its own. `None` if some have none.
fn peel(keys: &[u64], shape: Shape) -> Option<Vec<(u64, u32)>> {
    let prints = shape.prints()?;
    let (mut counts, mut sums) = (vec![0_u32; prints], vec![0_u64; prints]);
    for key in keys {
        let hash = mix(*key, shape.seed);
        for place in shape.places(hash) {
            counts[place] += 1;
            sums[place] ^= hash;
        }
    }
    let alone = (0..prints as u32).filter(|place| counts[*place as usize] == 1);
    let mut alone: Vec<u32> = alone.collect();
    let mut order = Vec::with_capacity(keys.len());
    while let Some(place) = alone.pop() {
        if counts[place as usize] != 1 {
            continue;
        }
        let hash = sums[place as usize];
        order.push((hash, place));
        for other in shape.places(hash) {
            counts[other] -= 1;
            sums[other] ^= hash;
            if counts[other] == 1 {
                alone.push(other as u32);
            }
        }
    }
    (order.len() == keys.len()).then_some(order)
}

/// Spreads a key over all bits; for one seed no two keys come out alike. Source: MurmurHash3.
#[inline]
fn mix(key: u64, seed: u64) -> u64 {
    let mut hash = key.wrapping_add(seed);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

#[inline]
fn print_of(hash: u64) -> u16 {
    (hash ^ (hash >> 32)) as u16
}

#[cfg(test)]
mod tests {
    use super::{Shape, build, mix};

    fn bytes(prints: &[u16]) -> Vec<u8> {
        prints.iter().flat_map(|print| print.to_le_bytes()).collect()
    }

    #[test]
    fn every_key_is_held_and_few_others_are() {
        for len in [0_u64, 1, 2, 3, 10, 100, 1_000, 30_000, 200_000] {
            let keys: Vec<u64> = (0..len).map(|key| mix(key, 1)).collect();
            let (shape, prints) = build(&keys).unwrap();
            let prints = bytes(&prints);
            assert!(keys.iter().all(|key| shape.may_hold(&prints, *key)), "{len} keys");
            let others = (0..400_000).filter(|key| shape.may_hold(&prints, mix(*key, 1 << 40)));
            // Six are expected; more than thirty would be a defect.
            assert!(others.count() <= 30, "{len} keys");
        }
    }

    #[test]
    fn keys_that_differ_in_one_end_only_are_no_harder() {
        let low: Vec<u64> = (0..50_000).collect();
        let high: Vec<u64> = (0..50_000).map(|key| key << 40).collect();
        for keys in [low, high] {
            let (shape, prints) = build(&keys).unwrap();
            let prints = bytes(&prints);
            assert!(keys.iter().all(|key| shape.may_hold(&prints, *key)));
        }
    }

    #[test]
    fn shapes_that_no_filter_has_are_refused() {
        let check = |segment, segments, prints| {
            assert_eq!(Shape { seed: 0, segment, segments }.prints(), prints);
        };
        check(4, 1, Some(12));
        check(0, 1, None);
        check(3, 1, None);
        check(4, 0, None);
        check(4, u32::MAX, None);
        check(1 << 19, 1, None);
        check(1 << 18, u32::MAX - 2, Some(((1_u64 << 32) - 1) as usize * (1 << 18)));
    }

    #[test]
    fn two_equal_keys_have_no_filter() {
        assert!(build(&[7, 7]).is_none());
    }
}
