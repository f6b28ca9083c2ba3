//! Ranks payers and payees by contributions that sum to a score.
//!
//! Indicators add up; then what an account's counterparties look like is added, payees first, because being
//! paid by unrelated strangers is rarer than anything one payer does; then what is reached from accounts that
//! are known. A score orders accounts for a person to look at. It says nothing of guilt.

mod walk;

pub use walk::Walk;

use std::ops::Range;

use crate::indicators::{INDICATORS, Seen};
use crate::profiles::{Links, Profile};
use crate::transfers::{AccountNumber, Side, TransferNumber, Transfers};

/// What the best counterparty's own indicators add, at full strength. Set by judgement.
const COMPANY_WEIGHT: f64 = 3.0;
/// Counterparties below this score of their own say nothing; from the other one on they say all they can.
const COMPANY_FROM: f64 = 2.5;
const COMPANY_FULL: f64 = 7.0;
/// What being reached from known accounts adds at most: more than all indicators together, so that a
/// ranking with known accounts starts from them.
const KNOWN_WEIGHT: f64 = 20.0;

/// One part of a score.
#[derive(Debug, Clone, PartialEq)]
pub struct Contribution {
    /// Id of an indicator, `ranked_counterparty` or `reached_from_known`.
    pub id: &'static str,
    /// How much was seen, in the indicator's own unit.
    pub value: f64,
    /// What it adds to the score.
    pub adds: f64,
    /// What was seen, in one sentence without names or accounts.
    pub why: String,
    /// The transfers it rests on, in time order.
    pub transfers: Vec<TransferNumber>,
}

/// What indicators alone give the accounts of a range; nothing for accounts that have no transfer on the
/// side. Ranges can be worked on side by side.
pub fn own_scores(
    transfers: &Transfers,
    links: &Links,
    side: Side,
    accounts: Range<AccountNumber>,
) -> Vec<Option<f32>> {
    let mut profile = Profile::default();
    let score = |account| {
        if transfers.of(side, account).is_empty() {
            return None;
        }
        let seen = Seen::gather(transfers, links, side, account, &mut profile);
        Some(own(&seen).map(|(_, _, adds)| adds).sum::<f64>() as f32)
    };
    accounts.map(score).collect()
}

/// Each indicator that speaks, with its value and what it adds.
fn own<'a>(
    seen: &'a Seen<'_>,
) -> impl Iterator<Item = (&'static crate::indicators::IndicatorType, f64, f64)> + 'a {
    INDICATORS.iter().filter(|indicator| indicator.is_for(seen.side)).filter_map(|indicator| {
        let value = (indicator.value)(seen);
        let adds = indicator.weight * indicator.strength(value);
        (adds > 0.0).then_some((indicator, value, adds))
    })
}

/// All scores.
#[derive(Debug)]
pub struct Ranking<'a> {
    transfers: &'a Transfers,
    links: &'a Links,
    /// By side and account: what indicators alone gave.
    own: [Vec<Option<f32>>; 2],
    walk: Option<&'a Walk>,
    scores: [Vec<Option<f32>>; 2],
}

impl<'a> Ranking<'a> {
    /// Puts the parts together. `own` is what [`own_scores`] gave for all accounts, payers first.
    pub fn new(
        transfers: &'a Transfers,
        links: &'a Links,
        own: [Vec<Option<f32>>; 2],
        walk: Option<&'a Walk>,
    ) -> Self {
        let mut ranking = Self { transfers, links, own, walk, scores: [Vec::new(), Vec::new()] };
        ranking.scores = [Side::Payer, Side::Payee].map(|side| {
            let score = |account: AccountNumber| {
                let own = ranking.own[side as usize][account as usize]?;
                let (_, _, company) = ranking.company(side, account);
                let (_, known) = ranking.known(side, account);
                Some((f64::from(own) + company + known) as f32)
            };
            (0..transfers.accounts()).map(score).collect()
        });
        ranking
    }

    /// The score of an account on a side; none where it has no transfer there.
    pub fn score(&self, side: Side, account: AccountNumber) -> Option<f32> {
        self.scores[side as usize].get(account as usize).copied().flatten()
    }

    /// The accounts with the highest scores above zero, without known ones; equal scores by account id.
    pub fn top(&self, side: Side, count: usize) -> Vec<AccountNumber> {
        let known = |account: &AccountNumber| self.walk.is_some_and(|walk| walk.is_known(*account));
        let score = |account: AccountNumber| self.score(side, account).unwrap_or(0.0);
        let mut accounts: Vec<AccountNumber> = (0..self.transfers.accounts())
            .filter(|account| score(*account) > 0.0 && !known(account))
            .collect();
        accounts.sort_by(|a, b| {
            let id = |account: &AccountNumber| self.transfers.account_id(*account);
            score(*b).total_cmp(&score(*a)).then_with(|| id(a).cmp(id(b)))
        });
        accounts.truncate(count);
        accounts
    }

    /// Why an account has its score: parts that sum to it, the largest first.
    pub fn explain(&self, side: Side, account: AccountNumber) -> Vec<Contribution> {
        let (transfers, links) = (self.transfers, self.links);
        let seen = Seen::gather(transfers, links, side, account, &mut Profile::default());
        let mut parts: Vec<Contribution> = own(&seen)
            .map(|(indicator, value, adds)| Contribution {
                id: indicator.id,
                value,
                adds,
                why: (indicator.says)(&seen),
                transfers: (indicator.carries)(&seen),
            })
            .collect();
        let (best, value, adds) = self.company(side, account);
        if adds > 0.0 {
            parts.push(Contribution {
                id: "ranked_counterparty",
                value,
                adds,
                why: format!("Indicators alone give one of its counterparties {value:.1} points."),
                transfers: seen.those(|one| Some(transfers.end(side.other(), one)) == best),
            });
        }
        let (value, adds) = self.known(side, account);
        if let (true, Some(walk)) = (adds > 0.0, self.walk) {
            let over: Vec<TransferNumber> = seen
                .those(|one| walk.reached(side.other(), transfers.end(side.other(), one)) > 0.0);
            parts.push(Contribution {
                id: "reached_from_known",
                value,
                adds,
                why: format!(
                    "{} of its transfers are with accounts on a way from known ones.",
                    over.len()
                ),
                transfers: over,
            });
        }
        parts.sort_by(|a, b| b.adds.total_cmp(&a.adds));
        parts
    }

    /// The counterparty whose own indicators speak loudest, with its points and what they add here.
    fn company(&self, side: Side, account: AccountNumber) -> (Option<AccountNumber>, f64, f64) {
        let of = &self.own[side.other() as usize];
        let mut best = (None, 0.0);
        for other in self.links.contacts(side, account) {
            let points = f64::from(of[*other as usize].unwrap_or(0.0));
            if points > best.1 {
                best = (Some(*other), points);
            }
        }
        let strength = ((best.1 - COMPANY_FROM) / (COMPANY_FULL - COMPANY_FROM)).clamp(0.0, 1.0);
        (best.0, best.1, strength * COMPANY_WEIGHT)
    }

    /// How strongly an account is reached from known ones, 0 to 1, and what that adds.
    fn known(&self, side: Side, account: AccountNumber) -> (f64, f64) {
        let value = self.walk.map_or(0.0, |walk| walk.reached(side, account));
        (value, value.sqrt() * KNOWN_WEIGHT)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::indicators::Made;

    fn ranked<T>(
        transfers: &Transfers,
        known: &[AccountNumber],
        then: impl FnOnce(&Ranking<'_>) -> T,
    ) -> T {
        let links = Links::new(transfers);
        let all = 0..transfers.accounts();
        let own =
            [Side::Payer, Side::Payee].map(|side| own_scores(transfers, &links, side, all.clone()));
        let walk = (!known.is_empty()).then(|| Walk::new(transfers, &links, known));
        then(&Ranking::new(transfers, &links, own, walk.as_ref()))
    }

    #[test]
    fn a_common_beneficiary_and_who_pays_it_come_first() {
        let mut made = Made::default();
        for n in 0..20_u32 {
            made = made.pay(n, 9, 21_034, &format!("family-{n}"), &format!("home-{n}"));
        }
        for n in 0..8_u32 {
            made = made.pay(n, 9, 2_500, &format!("buyer-{n}"), "common");
        }
        let transfers = made.transfers();
        ranked(&transfers, &[], |ranking| {
            let first = ranking.top(Side::Payee, 1)[0];
            assert_eq!(transfers.account_id(first), "common");
            let ids: Vec<&str> =
                ranking.explain(Side::Payee, first).iter().map(|part| part.id).collect();
            assert_eq!(ids[0], "fan_in_unrelated", "{ids:?}");
        });
    }

    #[test]
    fn known_accounts_lead_to_their_neighbours_and_not_to_themselves() {
        let made = Made::default()
            .pay(0, 9, 2_500, "a", "known")
            .pay(1, 9, 2_500, "a", "next")
            .pay(2, 9, 2_500, "b", "next")
            .pay(3, 9, 2_500, "c", "far");
        let transfers = made.transfers();
        let known = transfers.find_account("known").unwrap();
        ranked(&transfers, &[known], |ranking| {
            let ids = |side| -> Vec<String> {
                let top = ranking.top(side, 9).into_iter();
                top.map(|account| transfers.account_id(account).to_owned()).collect()
            };
            assert_eq!(ids(Side::Payee), ["next"]);
            assert_eq!(ids(Side::Payer), ["a", "b"]);
        });
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_score(
            rows in prop::collection::vec((0_u32..60, 0_u32..24, 1_i64..9_000, 0_u8..6, 4_u8..12), 1..60),
            seeded in any::<bool>(),
        ) {
            let made = rows.iter().filter(|row| row.3 != row.4).fold(
                Made::default(),
                |made, (day, hour, cents, payer, payee)| {
                    made.pay(*day, *hour, *cents, &payer.to_string(), &payee.to_string())
                },
            );
            let transfers = made.transfers();
            let known: &[AccountNumber] = if seeded && !transfers.is_empty() { &[0] } else { &[] };
            ranked(&transfers, known, |ranking| {
                for side in [Side::Payer, Side::Payee] {
                    for account in 0..transfers.accounts() {
                        let Some(score) = ranking.score(side, account) else {
                            assert!(transfers.of(side, account).is_empty());
                            continue;
                        };
                        let parts = ranking.explain(side, account);
                        let sum: f64 = parts.iter().map(|part| part.adds).sum();
                        assert!((sum - f64::from(score)).abs() < 1e-4, "{sum} for {score}");
                        assert!(parts.iter().all(|part| !part.transfers.is_empty()));
                    }
                }
            });
        }
    }
}
