//! Whether scores mean what they say: of accounts expected with some probability, how many are marked.

use serde::Serialize;

use super::Judged;

/// Accounts whose expected probability lies between two bounds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Reliability {
    /// Lower bound of the probability.
    pub from: f64,
    /// Upper bound.
    pub to: f64,
    /// How many accounts.
    pub accounts: u64,
    /// Mean of what was expected of them.
    pub expected: f64,
    /// Share of them that is marked.
    pub found: f64,
}

/// Bounds of probability: close together where almost all accounts are.
const BOUNDS: [f64; 11] = [0.0, 0.001, 0.01, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9, 1.0];

/// A reliability table; scores are logarithms of odds. Parts without accounts are left out. O(A).
pub fn reliability(judged: &[Judged]) -> Vec<Reliability> {
    let mut parts = [(0_u64, 0.0, 0_u64); BOUNDS.len() - 1];
    for account in judged.iter().filter(|account| !account.score.is_nan()) {
        let chance = 1.0 / (1.0 + (-account.score).exp());
        let place = BOUNDS[1..].partition_point(|bound| *bound <= chance).min(parts.len() - 1);
        let part = &mut parts[place];
        part.0 += 1;
        part.1 += chance;
        part.2 += u64::from(account.label);
    }
    let bounds = BOUNDS.windows(2);
    bounds
        .zip(parts)
        .filter(|(_, part)| part.0 > 0)
        .map(|(bounds, (accounts, expected, found))| Reliability {
            from: bounds[0],
            to: bounds[1],
            accounts,
            expected: expected / accounts as f64,
            found: found as f64 / accounts as f64,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Judged, reliability};

    #[test]
    fn parts_count_what_falls_into_them() {
        let odds = |chance: f64| (chance / (1.0 - chance)).ln();
        let judged = |chance: f64, label: bool| Judged { score: odds(chance), label };
        let parts = reliability(&[
            judged(0.0005, false),
            judged(0.0005, false),
            judged(0.6, true),
            judged(0.6, false),
            Judged { score: f64::INFINITY, label: true },
            Judged { score: f64::NAN, label: true },
        ]);
        let said: Vec<(f64, u64, f64)> =
            parts.iter().map(|part| (part.from, part.accounts, part.found)).collect();
        assert_eq!(said, [(0.0, 2, 0.0), (0.5, 2, 0.5), (0.9, 1, 1.0)]);
        assert!((parts[1].expected - 0.6).abs() < 1e-9);
        assert!(reliability(&[]).is_empty());
    }
}
