//! The coin that decides which banks answer a request, by their ratios.

use std::hash::{BuildHasher, Hasher, RandomState};

use sha2::{Digest, Sha256};

/// A coin with which every bank answers, even one that is off.
pub(crate) const BYPASS: f64 = -1.0;

/// One coin a request, above 0 up to 1, so that what a bank with a small ratio answers a larger one answers
/// too. The same seed gives the same coin.
pub(crate) fn draw(seed: Option<&str>) -> f64 {
    let bits = match seed {
        Some(seed) => {
            let digest: [u8; 32] = Sha256::digest(seed).into();
            digest.iter().take(8).fold(0, |bits, byte| bits << 8 | u64::from(*byte))
        }
        // Its keys differ each time; good enough for a share of the traffic.
        None => RandomState::new().build_hasher().finish(),
    };
    // 53 bits are what a float can hold.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit exactly")]
    let share = ((bits >> 11) + 1) as f64 / (1_u64 << 53) as f64;
    share
}

#[cfg(test)]
mod tests {
    use super::draw;

    #[test]
    fn a_seed_always_gives_its_coin_and_coins_spread_over_all_ratios() {
        assert_eq!(draw(Some("a")).to_bits(), draw(Some("a")).to_bits());
        let coins: Vec<f64> = (0..1_000).map(|n: u32| draw(Some(&n.to_string()))).collect();
        assert!(coins.iter().all(|coin| *coin > 0.0 && *coin <= 1.0));
        let below = coins.iter().filter(|coin| **coin <= 0.25).count();
        assert!((200..300).contains(&below), "{below} of 1,000 below a quarter");
        assert!((0..100).map(|_| draw(None)).any(|coin| coin > 0.5));
    }
}
