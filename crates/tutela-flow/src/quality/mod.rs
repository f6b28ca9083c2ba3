//! How well a ranking puts what is looked for on top.
//!
//! Average precision, precision and recall among the first so many, each with an interval from
//! resampled accounts. Ties share their places: an account with the score of others counts as if the
//! order among them were drawn by lot.

mod calibration;
mod corridors;
mod picture;

use serde::Serialize;

use crate::chance::Chance;

pub use calibration::{Reliability, reliability};
pub use corridors::{Corridor, corridors};
pub use picture::{picture, reliability_picture, shape_picture};

/// An account with its score and what the truth says of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    /// Higher is suspected more.
    pub score: f64,
    /// Whether it is what is looked for.
    pub label: bool,
}

/// A figure and the middle 95 % of what it is when accounts are drawn again.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// On the accounts as they are.
    pub value: f64,
    /// 2.5th percentile.
    pub low: f64,
    /// 97.5th percentile.
    pub high: f64,
}

/// The quality of one ranking.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quality {
    /// Accounts that were ranked.
    pub accounts: u64,
    /// Those that are what is looked for.
    pub positives: u64,
    /// Area under the steps of precision over recall.
    pub average_precision: Estimate,
    /// Share of the first 100 that is what is looked for.
    pub precision_at_100: Estimate,
    /// Share of what is looked for that is among the first 100.
    pub recall_at_100: Estimate,
    /// The same among the first 500.
    pub precision_at_500: Estimate,
    /// The same among the first 500.
    pub recall_at_500: Estimate,
}

/// A point of the curve: (recall, precision).
pub type Point = (f64, f64);

/// Accounts of one score, each counted so often as a draw has it.
#[derive(Debug, Clone, Copy, Default)]
struct Tier {
    accounts: f64,
    positives: f64,
}

/// Judges a ranking; `rounds` draws with this seed give the intervals. O(A log A + rounds · A) for A accounts.
pub fn quality(judged: &[Judged], rounds: u32, seed: u64) -> Quality {
    let ordered = ordered(judged);
    let plain = figures(&tiers(&ordered, |_| 1.0));
    let mut chance = Chance::part(seed, "bootstrap");
    let mut draws: Vec<[f64; 5]> = Vec::new();
    for _ in 0..rounds {
        draws.push(figures(&tiers(&ordered, |_| f64::from(chance.poisson(1.0)))));
    }
    let estimate = |place: usize| {
        let mut values: Vec<f64> = draws.iter().map(|draw| draw[place]).collect();
        values.sort_unstable_by(f64::total_cmp);
        let at = |share: f64| {
            let last = values.len().saturating_sub(1);
            values.get((share * last as f64).round() as usize).copied().unwrap_or(plain[place])
        };
        Estimate { value: plain[place], low: at(0.025), high: at(0.975) }
    };
    Quality {
        accounts: judged.len() as u64,
        positives: judged.iter().filter(|account| account.label).count() as u64,
        average_precision: estimate(0),
        precision_at_100: estimate(1),
        recall_at_100: estimate(2),
        precision_at_500: estimate(3),
        recall_at_500: estimate(4),
    }
}

/// Average precision alone, without intervals.
pub fn average_precision(judged: &[Judged]) -> f64 {
    figures(&tiers(&ordered(judged), |_| 1.0))[0]
}

/// Precision over recall, one point a tier of equal scores.
pub fn curve(judged: &[Judged]) -> Vec<Point> {
    let tiers = tiers(&ordered(judged), |_| 1.0);
    let positives = tiers.iter().map(|tier| tier.positives).sum::<f64>().max(1.0);
    let mut seen = Tier::default();
    let mut points = Vec::new();
    for tier in tiers {
        seen.accounts += tier.accounts;
        seen.positives += tier.positives;
        points.push((seen.positives / positives, seen.positives / seen.accounts));
    }
    points
}

/// Best first. What is no number ranks last.
fn ordered(judged: &[Judged]) -> Vec<Judged> {
    let mut ordered = judged.to_vec();
    let key = |account: &Judged| match account.score {
        nan if nan.is_nan() => f64::NEG_INFINITY,
        score => score,
    };
    ordered.sort_unstable_by(|a, b| key(b).total_cmp(&key(a)));
    ordered
}

fn tiers(ordered: &[Judged], mut weight: impl FnMut(&Judged) -> f64) -> Vec<Tier> {
    let mut tiers: Vec<Tier> = Vec::new();
    let mut score = None;
    for account in ordered {
        let weight = weight(account);
        if score != Some(account.score) || tiers.is_empty() {
            tiers.push(Tier::default());
            score = Some(account.score);
        }
        if let Some(tier) = tiers.last_mut() {
            tier.accounts += weight;
            tier.positives += if account.label { weight } else { 0.0 };
        }
    }
    tiers.retain(|tier| tier.accounts > 0.0);
    tiers
}

/// Average precision, then precision and recall at 100 and at 500.
fn figures(tiers: &[Tier]) -> [f64; 5] {
    let positives: f64 = tiers.iter().map(|tier| tier.positives).sum();
    if positives == 0.0 {
        return [0.0; 5];
    }
    let mut seen = Tier::default();
    let mut area = 0.0;
    let mut found = [0.0; 2];
    for tier in tiers {
        for (found, alerts) in found.iter_mut().zip([100.0, 500.0]) {
            let room = (alerts - seen.accounts).clamp(0.0, tier.accounts);
            *found += tier.positives * room / tier.accounts;
        }
        seen.accounts += tier.accounts;
        seen.positives += tier.positives;
        area += tier.positives / positives * seen.positives / seen.accounts;
    }
    let [at_100, at_500] = found;
    let of = |alerts: f64| alerts.min(seen.accounts);
    [area, at_100 / of(100.0), at_100 / positives, at_500 / of(500.0), at_500 / positives]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Judged, average_precision, curve, quality};

    fn judged(of: &[(f64, bool)]) -> Vec<Judged> {
        of.iter().map(|(score, label)| Judged { score: *score, label: *label }).collect()
    }

    /// Precision at the place of each positive, averaged: what the words say, for scores without ties.
    fn slowly(judged: &[Judged]) -> f64 {
        let positives = judged.iter().filter(|account| account.label);
        let (mut sum, mut n) = (0.0, 0.0);
        for positive in positives {
            let above = judged.iter().filter(|other| other.score >= positive.score);
            let (all, right) = above.fold((0.0, 0.0), |(all, right), other| {
                (all + 1.0, right + f64::from(u8::from(other.label)))
            });
            sum += right / all;
            n += 1.0;
        }
        if n == 0.0 { 0.0 } else { sum / n }
    }

    #[test]
    fn figures_worked_by_hand_come_out() {
        let check = |of: &[(f64, bool)], expected: f64| {
            let found = average_precision(&judged(of));
            assert!((found - expected).abs() < 1e-12, "{of:?}: {found} for {expected}");
        };
        check(&[(3.0, true), (2.0, false), (1.0, true)], (1.0 + 2.0 / 3.0) / 2.0);
        check(&[(1.0, true), (1.0, false), (1.0, false), (1.0, false)], 0.25);
        check(&[(2.0, false), (f64::NAN, true)], 0.5);
        check(&[(2.0, false)], 0.0);
        check(&[], 0.0);
    }

    #[test]
    fn ties_at_the_last_place_count_by_their_share() {
        let mut accounts = judged(&[(9.0, true); 50]);
        accounts.extend(judged(&[(5.0, true); 50]));
        accounts.extend(judged(&[(5.0, false); 50]));
        let quality = quality(&accounts, 0, 1);
        assert_eq!(quality.precision_at_100.value, 0.75);
        assert_eq!(quality.recall_at_100.value, 0.75);
        assert_eq!(quality.recall_at_500.value, 1.0);
        assert_eq!(quality.precision_at_500.value, 100.0 / 150.0);
    }

    #[test]
    fn intervals_hold_the_value_and_come_from_the_seed() {
        let accounts: Vec<Judged> = (0..400)
            .map(|n| Judged { score: f64::from(n % 97), label: n % 97 > 80 && n % 3 == 0 })
            .collect();
        let once = quality(&accounts, 200, 7);
        assert_eq!(once, quality(&accounts, 200, 7));
        let average = once.average_precision;
        assert!(average.low < average.value && average.value < average.high, "{average:?}");
        assert!(average.high - average.low < 0.4, "{average:?}");
        assert_ne!(average.low, quality(&accounts, 200, 8).average_precision.low);
    }

    proptest! {
        #[test]
        fn it_is_what_the_words_say(of in proptest::collection::vec(any::<bool>(), 0..60)) {
            let accounts: Vec<Judged> = of
                .iter()
                .enumerate()
                .map(|(n, label)| Judged { score: n as f64, label: *label })
                .collect();
            prop_assert!((average_precision(&accounts) - slowly(&accounts)).abs() < 1e-9);
            prop_assert!(curve(&accounts).windows(2).all(|pair| pair[0].0 <= pair[1].0));
        }
    }
}
