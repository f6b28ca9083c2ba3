//! The patterns of up to three flipped bits, in the order in which a directory is looked at.

use super::plan::{MAX_DIRECTORY_BITS, MAX_THRESHOLD, choose};

const BITS: u8 = MAX_DIRECTORY_BITS;
const COUNT: usize = {
    let mut count = 0;
    let mut flips = 0;
    while flips <= MAX_THRESHOLD {
        count += choose(BITS, flips as u8) as usize;
        flips += 1;
    }
    count
};

/// All patterns: those of fewer bits first, and of the same number those with a lower highest bit. So the
/// patterns of a smaller directory are the first of each number of bits.
static PATTERNS: [u32; COUNT] = {
    let mut patterns = [0; COUNT];
    let mut at = 1;
    let mut a = 0;
    while a < BITS {
        patterns[at] = 1 << a;
        at += 1;
        a += 1;
    }
    a = 0;
    while a < BITS {
        let mut b = 0;
        while b < a {
            patterns[at] = 1 << a | 1 << b;
            at += 1;
            b += 1;
        }
        a += 1;
    }
    a = 0;
    while a < BITS {
        let mut b = 0;
        while b < a {
            let mut c = 0;
            while c < b {
                patterns[at] = 1 << a | 1 << b | 1 << c;
                at += 1;
                c += 1;
            }
            b += 1;
        }
        a += 1;
    }
    patterns
};

/// Where the patterns of each number of bits begin.
const STARTS: [usize; MAX_THRESHOLD + 1] = {
    let mut starts = [0; MAX_THRESHOLD + 1];
    let mut flips = 1;
    while flips <= MAX_THRESHOLD {
        starts[flips] = starts[flips - 1] + choose(BITS, flips as u8 - 1) as usize;
        flips += 1;
    }
    starts
};

/// The patterns of `flips` bits of a directory: 0 to 3 of at most 24.
#[inline(always)]
pub(super) fn patterns(directory_bits: u8, flips: usize) -> &'static [u32] {
    let start = STARTS[flips];
    &PATTERNS[start..start + choose(directory_bits, flips as u8) as usize]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::patterns;

    #[test]
    fn each_pattern_is_there_once() {
        for bits in [1, 2, 3, 4, 9, 16, 24] {
            for flips in 0..=3 {
                let all: BTreeSet<u32> = patterns(bits, flips).iter().copied().collect();
                assert_eq!(all.len(), patterns(bits, flips).len());
                assert!(all.iter().all(|p| p.count_ones() == flips as u32 && *p < 1 << bits));
                let ways = (0..1_u32 << bits.min(16)).filter(|p| p.count_ones() == flips as u32);
                assert!(bits > 16 || ways.count() == all.len(), "{bits} {flips}");
            }
        }
    }
}
