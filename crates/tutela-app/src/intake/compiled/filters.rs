//! Measures the filters of a compiled list: how large they are, and how often they let through in vain.

use tutela_core::{Md5, Sha1, Sha256};
use tutela_match::index::compiled::{FALSE_POSITIVE_RATE, Indexed};

use super::CompiledFile;

/// Random digests that are tried of each kind: 64 are expected to be let through, so that the measured
/// rate is within a quarter of the true one nearly always.
const TRIES: u64 = 1 << 22;
/// Where the random digests begin: the same ones each time.
const SEED: u64 = 0x7475_7465_6c61;

/// The filters of one kind of digest.
#[derive(Debug, Clone, PartialEq)]
pub struct FilterFigures {
    /// `md5`, `sha1` or `sha256`.
    pub kind: &'static str,
    /// Digests behind the filters.
    pub digests: u64,
    /// Bits of filter for each.
    pub bits_per_digest: f64,
    /// Filters that were given up, because too many digests begin alike.
    pub given_up: usize,
    /// How often a digest that is not listed is let through, by construction.
    pub expected_rate: f64,
    /// How often it was, of the digests tried.
    pub measured_rate: f64,
    /// Random digests tried that are not listed.
    pub tried: u64,
}

/// Measures every kind of digest that the list has.
pub(crate) fn measure(file: &CompiledFile) -> Vec<FilterFigures> {
    let all = [
        of::<16, Md5>(file, "md5"),
        of::<20, Sha1>(file, "sha1"),
        of::<32, Sha256>(file, "sha256"),
    ];
    all.into_iter().flatten().collect()
}

fn of<const N: usize, D: Indexed<N>>(
    file: &CompiledFile,
    kind: &'static str,
) -> Option<FilterFigures> {
    let list = &file.list;
    let digests = Some(list.digests::<N, D>()).filter(|digests| *digests > 0)?;
    let (bytes, given_up) = list.filter_bytes::<N, D>();
    let (mut tried, mut passed) = (0, 0_u64);
    for number in 0..TRIES {
        let digest = D::of(random(SEED.wrapping_add(number << 3)));
        let through = list.may_hold(&digest);
        // Chance may hit a digest that is listed: it is let through by right.
        if through && list.get(&digest).next().is_some() {
            continue;
        }
        tried += 1;
        passed += u64::from(through);
    }
    Some(FilterFigures {
        kind,
        digests,
        bits_per_digest: bytes as f64 * 8.0 / digests as f64,
        given_up,
        expected_rate: FALSE_POSITIVE_RATE,
        measured_rate: passed as f64 / tried.max(1) as f64,
        tried,
    })
}

/// Bytes as good as random. Source: SplitMix64.
fn random<const N: usize>(seed: u64) -> [u8; N] {
    let mut bytes = [0; N];
    for (step, part) in (1_u64..).zip(bytes.chunks_mut(8)) {
        let mut mixed = seed.wrapping_add(step.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        part.copy_from_slice(&mixed.to_le_bytes()[..part.len()]);
    }
    bytes
}
