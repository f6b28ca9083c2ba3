//! Finds the entries whose signals are near, or equal, to those asked for.

mod bands;
pub mod compiled;
mod exact;
mod films;
mod linear;
mod live;
mod segment;

pub use bands::BandIndex;
pub use exact::ExactIndex;
pub use films::FilmIndex;
pub use linear::LinearIndex;
pub use live::{LiveIndex, Merge, Merged, Snapshot};
pub use segment::{Found, MAX_ROWS, Row, Segment, SegmentBytes, SegmentError, replay_segment};

use tutela_core::Pdq;

/// Bits of a PDQ signal, and so the largest distance.
pub const PDQ_BITS: u16 = 256;

/// One entry within the radius of one query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hit {
    /// Which query, from 0.
    pub query: u32,
    /// Which entry, from 0 in the order they were added.
    pub entry: u32,
    /// Bits that differ.
    pub distance: u16,
}

/// Bits that differ between two PDQ signals: 0 (same) to 256. Up to 31 counts as near.
/// Proper PDQ signals have 128 bits set, so their distances are even and 31 acts as 30.
/// Source: PDQ reference, "Distance Threshold".
pub fn distance(a: &Pdq, b: &Pdq) -> u16 {
    words_distance(a.words(), b.words())
}

#[inline(always)]
fn words_distance(a: [u64; 4], b: [u64; 4]) -> u16 {
    a.iter().zip(b).map(|(a, b)| (a ^ b).count_ones() as u16).sum()
}

#[cfg(test)]
mod tests {
    use tutela_core::Pdq;

    use super::distance;

    #[test]
    fn distance_counts_the_bits_that_differ() {
        let check = |a: [u8; 32], b: [u8; 32], expected| {
            assert_eq!(distance(&Pdq(a), &Pdq(b)), expected);
            assert_eq!(distance(&Pdq(b), &Pdq(a)), expected);
        };
        check([0; 32], [0; 32], 0);
        check([0; 32], [0xff; 32], 256);
        check([0x55; 32], [0xaa; 32], 256);
        check([0x0f; 32], [0x0e; 32], 32);
    }
}
