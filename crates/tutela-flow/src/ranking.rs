//! Ranks payers and payees by contributions that sum to a score.
//!
//! The weights are those of [`crate::models::evidence`], estimated on generated worlds. What each of its measures
//! adds is told under the indicator it belongs to, with that indicator's sentence and transfers. A score orders
//! accounts for a person to look at. It says nothing of guilt.

use std::collections::BTreeMap;

use crate::indicators::{INDICATORS, Seen, by_id};
use crate::models::evidence::{Evidence, Plain, Scored};
use crate::models::features::{PAYEE, PAYER, PERSON};
use crate::models::graph::Graph;
use crate::models::seeded::{self, Reached};
use crate::models::words::sentence;
use crate::profiles::{Links, Profile};
use crate::transfers::{AccountNumber, Side, TransferNumber, Transfers};

/// What the counterparties look like.
const COMPANY: &str = "ranked_counterparty";
/// Measures that belong to no indicator.
const OTHER: &str = "other_measures";
/// Of them, the weightiest are said in words: what a person reads.
const SAID: usize = 4;
/// What every account of a side starts from.
const BASE: &str = "base";
/// The score of an account that cannot be measured, for want of comparable amounts or of payments across a
/// border: below what is measured.
const UNMEASURED: f32 = -12.0;

/// Which indicator a measure of the model belongs to.
#[rustfmt::skip]
const BELONGS: &[(&str, &[&str])] = &[
    ("fan_in_unrelated", &["payers", "payers_per_month", "transfers_per_payer", "largest_payer_share", "one_time_payers_share"]),
    ("small_similar", &["median_amount", "amount_spread", "small_share", "payer_median_spread"]),
    ("payer_countries", &["payer_countries"]),
    ("shared_counterparties", &["payees_of_its_payers", "payees_sharing_two_payers", "most_payers_shared", "region_shared_payers",
        "payees_sharing_payers", "share_to_shared_payees", "widest_payee", "mean_payers_of_payees"]),
    ("same_phone", &["payees_of_phone", "phone_shared_payers"]),
    ("referral", &["referred_payers"]),
    ("splitting", &["onward_transfers", "onward_payees", "onward_after_receipt"]),
    ("frequent", &["transfers", "median_gap_days", "active_days"]),
    ("night", &["night_share"]),
    ("round_sums", &["round_share"]),
    ("institutions", &["institutions"]),
];

/// What a group of measures adds, and each of them with its size and sentence.
type Told = (f64, Vec<(f32, String)>);

/// One part of a score.
#[derive(Debug, Clone, PartialEq)]
pub struct Contribution {
    /// Id of an indicator, `ranked_counterparty`, `reached_from_known`, `other_measures` or `base`.
    pub id: &'static str,
    /// How much was seen, in the indicator's own unit.
    pub value: f64,
    /// What it adds to the score: logarithm of odds, below zero where it speaks against.
    pub adds: f64,
    /// What was seen, in one sentence without names or accounts.
    pub why: String,
    /// The transfers it rests on, in time order; none for what rests on no single one.
    pub transfers: Vec<TransferNumber>,
}

/// All scores.
#[derive(Debug)]
pub struct Ranking<'a> {
    transfers: &'a Transfers,
    links: &'a Links,
    evidence: Evidence,
    scored: Scored,
    /// Row + 1 of each account, by side.
    rows: [Vec<u32>; 2],
    known: Vec<AccountNumber>,
    reached: Vec<Reached>,
}

impl<'a> Ranking<'a> {
    /// Scores all accounts by the shipped weights; from known payees, where some are given. What a person is (age,
    /// sex) is not looked at.
    ///
    /// **Cost.** O(T log T) time.
    ///
    /// # Errors
    /// The shipped weights cannot be read; a test holds that they can.
    pub fn new(
        transfers: &'a Transfers,
        links: &'a Links,
        known: &[AccountNumber],
    ) -> Result<Self, serde_json::Error> {
        Ok(Self::by(transfers, links, known, Evidence::shipped()?, false))
    }

    /// The same by other weights. `person`: they use age and sex of payers, and an institution has said on which legal
    /// basis.
    pub fn by(
        transfers: &'a Transfers,
        links: &'a Links,
        known: &[AccountNumber],
        evidence: Evidence,
        person: bool,
    ) -> Self {
        let graph = Graph::of(transfers);
        let plain = Plain::measure(&graph, person);
        let (scored, reached) = match known {
            [] => (evidence.score_given(&graph, &plain, &[]), Vec::new()),
            known => seeded::rank(&evidence, &graph, &plain, known),
        };
        let rows = [&scored.payers, &scored.payees].map(|table| {
            let mut rows = vec![0; transfers.accounts() as usize];
            (1..).zip(&table.accounts).for_each(|(row, account)| rows[*account as usize] = row);
            rows
        });
        let mut known = known.to_vec();
        known.sort_unstable();
        Self { transfers, links, evidence, scored, rows, known, reached }
    }

    fn row(&self, side: Side, account: AccountNumber) -> Option<usize> {
        let row = *self.rows[side as usize].get(account as usize)?;
        (row as usize).checked_sub(1)
    }

    /// The score of an account on a side; none where it has no transfer there.
    pub fn score(&self, side: Side, account: AccountNumber) -> Option<f32> {
        if self.transfers.of(side, account).is_empty() {
            return None;
        }
        let scores = match side {
            Side::Payer => &self.scored.payer_scores,
            Side::Payee => &self.scored.payee_scores,
        };
        Some(self.row(side, account).map_or(UNMEASURED, |row| scores[row]))
    }

    /// The accounts with the highest scores, without known ones and what cannot be measured; equal scores by
    /// account id.
    pub fn top(&self, side: Side, count: usize) -> Vec<AccountNumber> {
        let mut accounts: Vec<AccountNumber> = (0..self.transfers.accounts())
            .filter(|account| self.row(side, *account).is_some())
            .filter(|account| self.known.binary_search(account).is_err())
            .collect();
        let score = |account: AccountNumber| self.score(side, account).unwrap_or(UNMEASURED);
        accounts.sort_by(|a, b| {
            let id = |account: &AccountNumber| self.transfers.account_id(*account);
            score(*b).total_cmp(&score(*a)).then_with(|| id(a).cmp(id(b)))
        });
        accounts.truncate(count);
        accounts
    }

    /// Accounts from this one to a known one, itself first; none without known ones or a way to them.
    pub fn path(&self, account: AccountNumber) -> Vec<AccountNumber> {
        let path = seeded::path(&self.reached, account);
        if path.len() > 1 { path } else { Vec::new() }
    }

    /// Why an account has its score: parts that sum to it, the largest first. Indicators that were seen and
    /// weigh nothing in these weights are told too.
    pub fn explain(&self, side: Side, account: AccountNumber) -> Vec<Contribution> {
        let Some(row) = self.row(side, account) else {
            return Vec::new();
        };
        let model = match side {
            Side::Payer => self.evidence.explain_payer(&self.scored, row),
            Side::Payee => self.evidence.explain_payee(&self.scored, row),
        };
        let (transfers, links) = (self.transfers, self.links);
        let seen = Seen::gather(transfers, links, side, account, &mut Profile::default());
        let mut groups: BTreeMap<&'static str, Told> = BTreeMap::new();
        for part in model {
            let group = groups.entry(told_under(&part.name, &seen)).or_default();
            group.0 += f64::from(part.adds);
            group.1.push((part.adds.abs(), sentence(&part.name, part.value)));
        }
        for indicator in INDICATORS.iter().filter(|one| one.is_for(side)) {
            if indicator.strength((indicator.value)(&seen)) > 0.0 {
                groups.entry(indicator.id).or_default();
            }
        }
        let mut parts: Vec<Contribution> = groups
            .into_iter()
            .map(|(id, (adds, measures))| self.part(&seen, id, adds, measures))
            .collect();
        parts.extend(self.reached_from_known(&seen));
        parts.sort_by(|a, b| b.adds.total_cmp(&a.adds));
        parts
    }

    fn part(
        &self,
        seen: &Seen<'_>,
        id: &'static str,
        adds: f64,
        mut measures: Vec<(f32, String)>,
    ) -> Contribution {
        if let Some(indicator) = by_id(id) {
            let (value, why) = ((indicator.value)(seen), (indicator.says)(seen));
            return Contribution { id, value, adds, why, transfers: (indicator.carries)(seen) };
        }
        if id == BASE {
            let why = "Every account of this side starts from here.".to_owned();
            return Contribution { id, value: 0.0, adds, why, transfers: Vec::new() };
        }
        measures.sort_by(|a, b| b.0.total_cmp(&a.0));
        let told: Vec<String> = measures.into_iter().take(SAID).map(|one| one.1).collect();
        let why = told.join(" ");
        if id == COMPANY {
            return self.company(seen, adds, why);
        }
        Contribution { id, value: 0.0, adds, why, transfers: Vec::new() }
    }

    /// Carried by the transfers with the counterparty of the highest score, which is its value.
    fn company(&self, seen: &Seen<'_>, adds: f64, why: String) -> Contribution {
        let side = seen.side.other();
        let of = |other: &AccountNumber| self.score(side, *other).unwrap_or(UNMEASURED);
        let contacts = self.links.contacts(seen.side, seen.account).iter().copied();
        let best = contacts.max_by(|a, b| of(a).total_cmp(&of(b)));
        let value = best.map_or(0.0, |best| f64::from(of(&best)));
        let transfers = seen.those(|one| Some(self.transfers.end(side, one)) == best);
        Contribution { id: COMPANY, value, adds, why, transfers }
    }

    fn reached_from_known(&self, seen: &Seen<'_>) -> Option<Contribution> {
        let reached = self.reached.get(seen.account as usize)?;
        let adds = f64::from(seeded::adds(reached, self.known.len()));
        (adds > 0.0).then(|| Contribution {
            id: "reached_from_known",
            value: f64::from(reached.share),
            adds,
            why: format!(
                "{} steps from a known account, by way of {} of its counterparties.",
                reached.hops, reached.witnesses
            ),
            transfers: seen
                .those(|one| Some(self.transfers.end(seen.side.other(), one)) == reached.via),
        })
    }
}

/// Where a measure of the model is told. Two measures together belong where the first does.
pub(crate) fn group_of(name: &str) -> &'static str {
    let first = name.split(" × ").next().unwrap_or(name);
    if first == "base" {
        return BASE;
    }
    let belongs = BELONGS.iter().find(|(_, measures)| measures.contains(&first));
    match belongs {
        Some((id, _)) => id,
        None if [&PAYEE[..], &PAYER, &PERSON].iter().any(|of| of.contains(&first)) => OTHER,
        None => COMPANY,
    }
}

/// Where it is told of one account: under its indicator if that saw something, else in words of its own.
fn told_under(name: &str, seen: &Seen<'_>) -> &'static str {
    let id = group_of(name);
    match by_id(id) {
        Some(indicator) if !indicator.is_for(seen.side) || (indicator.value)(seen) == 0.0 => OTHER,
        _ => id,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::indicators::Made;

    #[test]
    fn every_group_is_an_indicator_and_every_measure_is_one_of_the_model() {
        for (id, measures) in BELONGS {
            assert!(by_id(id).is_some(), "{id}");
            for one in *measures {
                assert!(PAYEE.contains(one) || PAYER.contains(one), "{one}");
            }
        }
        assert_eq!(group_of("base"), BASE);
        assert_eq!(group_of("payers × best_payer"), "fan_in_unrelated");
        assert_eq!(group_of("best_payee"), COMPANY);
        assert_eq!(group_of("domestic_share"), OTHER);
        assert_eq!(group_of("age"), OTHER);
    }

    #[test]
    fn known_accounts_lead_to_their_neighbours_and_not_to_themselves() {
        let made = Made::default()
            .pay(0, 9, 2_500, "a", "known")
            .pay(1, 9, 2_500, "a", "next")
            .pay(2, 9, 2_500, "b", "next")
            .pay(3, 9, 2_500, "c", "far");
        let transfers = made.transfers();
        let links = Links::new(&transfers);
        let known = transfers.find_account("known").unwrap();
        let ranking = Ranking::new(&transfers, &links, &[known]).unwrap();
        let ids = |accounts: Vec<AccountNumber>| -> Vec<String> {
            accounts.into_iter().map(|account| transfers.account_id(account).to_owned()).collect()
        };
        let mut left = ids(ranking.top(Side::Payee, 9));
        left.sort();
        assert_eq!(left, ["far", "next"], "the known one is not among them");
        let next = transfers.find_account("next").unwrap();
        assert_eq!(ids(ranking.path(next)), ["next", "a", "known"]);
        let far = transfers.find_account("far").unwrap();
        assert!(ranking.path(far).is_empty());
        let lifted = |account| {
            let parts = ranking.explain(Side::Payee, account);
            parts.iter().any(|part| part.id == "reached_from_known" && part.adds > 0.0)
        };
        assert_eq!([next, far].map(lifted), [true, false]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
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
            let links = Links::new(&transfers);
            let known: &[AccountNumber] = if seeded && !transfers.is_empty() { &[0] } else { &[] };
            let ranking = Ranking::new(&transfers, &links, known).unwrap();
            for side in [Side::Payer, Side::Payee] {
                for account in ranking.top(side, 100) {
                    let score = f64::from(ranking.score(side, account).unwrap());
                    let sum: f64 = ranking.explain(side, account).iter().map(|part| part.adds).sum();
                    prop_assert!((sum - score).abs() < 1e-3, "{} for {}", sum, score);
                    let parts = ranking.explain(side, account);
                    let empty = parts.iter().find(|part| by_id(part.id).is_some() && part.value == 0.0);
                    prop_assert!(empty.is_none(), "{:?} says that it saw nothing", empty);
                }
            }
        }
    }
}
