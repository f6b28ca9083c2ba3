//! Payment indicators: every warning sign that is looked for, in one registry.

mod escalation;
mod examples;
mod fan_in_unrelated;
mod frequent;
mod institutions;
mod listed_recipients;
mod night;
mod payer_countries;
mod referral;
mod round_sums;
mod same_phone;
mod shared_counterparties;
mod small_similar;
mod splitting;
mod travel;

pub use examples::Made;

use crate::profiles::{Figures, Links, Profile};
use crate::transfers::{AccountNumber, Side, TransferNumber, Transfers};

/// Every indicator, in the order in which documents list them.
pub const INDICATORS: &[IndicatorType] = &[
    fan_in_unrelated::TYPE,
    small_similar::TYPE,
    payer_countries::TYPE,
    shared_counterparties::TYPE,
    same_phone::TYPE,
    referral::TYPE,
    splitting::TYPE,
    listed_recipients::TYPE,
    frequent::TYPE,
    night::TYPE,
    round_sums::TYPE,
    institutions::TYPE,
    escalation::TYPE,
    travel::TYPE,
];

/// What is known of an indicator. One constant each, in the file of its name.
#[derive(Debug, Clone, Copy)]
pub struct IndicatorType {
    /// The name in documents; never renamed.
    pub id: &'static str,
    /// The name for people.
    pub title: &'static str,
    /// Which sides of an account it is looked for on.
    pub sides: &'static [Side],
    /// Why it is a warning sign.
    pub why: &'static str,
    /// Who else moves money in this way.
    pub not_proof: &'static str,
    /// The unit of its value, and its thresholds.
    pub units: &'static str,
    /// Time and memory it takes.
    pub cost: &'static str,
    /// Where it is published.
    pub source: &'static str,
    /// Below this value it says nothing.
    pub from: f64,
    /// From this value on it has full strength.
    pub full: f64,
    /// Small sets of transfers, and which accounts they flag: some do, some do not.
    pub examples: &'static [Example],
    /// How much of it an account shows, in its own unit; 0 for nothing.
    pub value: fn(&Seen<'_>) -> f64,
    /// What was seen, in one sentence without names or accounts.
    pub says: fn(&Seen<'_>) -> String,
    /// The transfers it rests on, in time order.
    pub carries: fn(&Seen<'_>) -> Vec<TransferNumber>,
}

/// The indicator with this id.
pub fn by_id(id: &str) -> Option<&'static IndicatorType> {
    INDICATORS.iter().find(|indicator| indicator.id == id)
}

/// One side of one account, with everything that indicators may look at.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// All transfers.
    pub transfers: &'a Transfers,
    /// The ties between accounts.
    pub links: &'a Links,
    /// The side looked at.
    pub side: Side,
    /// The account looked at.
    pub account: AccountNumber,
    /// Its figures on this side.
    pub figures: Figures,
}

impl<'a> Seen<'a> {
    /// Gathers an account's figures; `profile` lends its memory.
    pub fn gather(
        transfers: &'a Transfers,
        links: &'a Links,
        side: Side,
        account: AccountNumber,
        profile: &mut Profile,
    ) -> Self {
        profile.clear();
        let of = transfers.of(side, account);
        of.iter().for_each(|transfer| profile.update(transfers, side, *transfer));
        let figures = profile.figures(transfers, account);
        Self { transfers, links, side, account, figures }
    }

    /// The account's transfers on this side, in time order.
    pub fn all(&self) -> Vec<TransferNumber> {
        self.transfers.of(self.side, self.account).to_vec()
    }

    /// Those of them that fit.
    pub fn those(&self, fits: impl Fn(TransferNumber) -> bool) -> Vec<TransferNumber> {
        let of = self.transfers.of(self.side, self.account);
        of.iter().copied().filter(|transfer| fits(*transfer)).collect()
    }
}

impl IndicatorType {
    /// How strongly a value speaks: 0 below `from`, two fifths at it, 1 from `full` on.
    pub fn strength(&self, value: f64) -> f64 {
        if value < self.from {
            return 0.0;
        }
        let span = (self.full - self.from).max(f64::MIN_POSITIVE);
        0.4 + 0.6 * ((value - self.from) / span).clamp(0.0, 1.0)
    }

    /// Whether it is looked for on this side.
    pub fn is_for(&self, side: Side) -> bool {
        self.sides.contains(&side)
    }
}

/// A small set of transfers that shows what an indicator flags, or lets pass.
#[derive(Debug, Clone, Copy)]
pub struct Example {
    /// What it shows.
    pub title: &'static str,
    /// Makes the transfers.
    pub made: fn() -> Made,
    /// The accounts that are flagged, in the order of their names.
    pub flagged: &'static [&'static str],
}

#[cfg(test)]
mod tests {
    use super::{INDICATORS, Seen, by_id};
    use crate::profiles::{Links, Profile};

    #[test]
    fn every_indicator_is_complete_and_does_what_its_examples_say() {
        for indicator in INDICATORS {
            let id = indicator.id;
            assert!(id.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{id}");
            assert_eq!(
                INDICATORS.iter().filter(|other| other.id == id).count(),
                1,
                "{id} is twice"
            );
            assert_eq!(by_id(id).map(|found| found.id), Some(id));
            for text in [indicator.why, indicator.not_proof, indicator.units, indicator.cost] {
                assert!(text.len() > 10 && text.ends_with('.'), "{id}: `{text}` is no sentence");
            }
            assert!(!indicator.title.is_empty() && !indicator.source.is_empty(), "{id}");
            assert!(!indicator.sides.is_empty(), "{id}");
            assert!(indicator.from > 0.0 && indicator.full > indicator.from, "{id}");
            assert!(indicator.examples.iter().any(|e| !e.flagged.is_empty()), "{id}: none fires");
            assert!(indicator.examples.iter().any(|e| e.flagged.is_empty()), "{id}: all fire");

            for example in indicator.examples {
                let made = (example.made)();
                assert_eq!(flagged(indicator, &made), example.flagged, "{id}: {}", example.title);
                let turned = made.reversed();
                assert_eq!(flagged(indicator, &turned), example.flagged, "{id}: order mattered");
            }
        }
    }

    fn flagged(indicator: &super::IndicatorType, made: &super::Made) -> Vec<String> {
        let transfers = made.transfers();
        let links = Links::new(&transfers);
        let mut profile = Profile::default();
        let mut flagged = Vec::new();
        for side in indicator.sides {
            for account in 0..transfers.accounts() {
                let seen = Seen::gather(&transfers, &links, *side, account, &mut profile);
                let value = (indicator.value)(&seen);
                assert!(value.is_finite() && value >= 0.0, "{}: {value}", indicator.id);
                if indicator.strength(value) > 0.0 {
                    let (says, carries) = ((indicator.says)(&seen), (indicator.carries)(&seen));
                    assert!(says.ends_with('.') && says.len() > 20, "{}: `{says}`", indicator.id);
                    assert!(!carries.is_empty() && carries.is_sorted(), "{}", indicator.id);
                    flagged.push(transfers.account_id(account).to_owned());
                }
            }
        }
        flagged.sort();
        flagged
    }

    #[test]
    fn strength_rises_from_two_fifths_to_one() {
        for indicator in INDICATORS {
            assert_eq!(indicator.strength(indicator.from - 1e-9), 0.0, "{}", indicator.id);
            assert_eq!(indicator.strength(indicator.from), 0.4, "{}", indicator.id);
            assert_eq!(indicator.strength(indicator.full * 2.0), 1.0, "{}", indicator.id);
        }
    }
}
