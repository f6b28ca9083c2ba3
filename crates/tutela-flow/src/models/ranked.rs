//! The shipped weights over transfers as they were read: scores, the best of a side, and why.

use super::evidence::{Evidence, Plain, Scored};
use super::graph::Graph;
use super::seeded::{self, Reached};
use super::shapes::{Contribution, Shapes};
use crate::transfers::{AccountNumber, Side, Transfers};

/// All accounts of some transfers, ranked by weights, and from known payees where there are some.
#[derive(Debug)]
pub struct Ranked {
    evidence: Evidence,
    scored: Scored,
    reached: Vec<Reached>,
    known: Vec<AccountNumber>,
    /// Row of each account on each side; payers first.
    rows: [Vec<Option<u32>>; 2],
}

impl Ranked {
    /// Ranks. O(T log T), some 200 bytes an account and 70 a transfer while it works.
    ///
    /// # Errors
    /// Where the shipped weights are not what this version reads.
    pub fn new(transfers: &Transfers, known: &[AccountNumber]) -> Result<Self, serde_json::Error> {
        let evidence = Evidence::shipped()?;
        let graph = Graph::of(transfers);
        let plain = Plain::measure(&graph, false);
        let (scored, reached) = match known {
            [] => (evidence.score_given(&graph, &plain, &[]), Vec::new()),
            known => seeded::rank(&evidence, &graph, &plain, known),
        };
        let rows = [&scored.payers, &scored.payees].map(|table| {
            let mut rows = vec![None; graph.accounts.len()];
            for (row, account) in (0..).zip(&table.accounts) {
                rows[*account as usize] = Some(row);
            }
            rows
        });
        Ok(Self { evidence, scored, reached, known: known.to_vec(), rows })
    }

    fn row(&self, side: Side, account: AccountNumber) -> Option<usize> {
        let rows = &self.rows[usize::from(side == Side::Payee)];
        rows.get(account as usize).copied().flatten().map(|row| row as usize)
    }

    fn scores(&self, side: Side) -> (&[u32], &[f32]) {
        let scored = &self.scored;
        match side {
            Side::Payer => (&scored.payers.accounts, &scored.payer_scores),
            Side::Payee => (&scored.payees.accounts, &scored.payee_scores),
        }
    }

    /// Logarithm of odds that an account is what is looked for, by the weights; `None` where it has no
    /// transfer on the side that could be compared.
    pub fn score(&self, side: Side, account: AccountNumber) -> Option<f32> {
        self.row(side, account).map(|row| self.scores(side).1[row])
    }

    /// The accounts with the highest scores, best first; of equal ones the lower number first.
    pub fn top(&self, side: Side, most: usize) -> Vec<AccountNumber> {
        let (accounts, scores) = self.scores(side);
        let mut all: Vec<(f32, u32)> =
            scores.iter().copied().zip(accounts.iter().copied()).collect();
        all.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        all.truncate(most);
        all.into_iter().map(|(_, account)| account).collect()
    }

    /// Contributions that sum to the score, largest first.
    pub fn explain(&self, side: Side, account: AccountNumber) -> Vec<Contribution> {
        let Some(row) = self.row(side, account) else { return Vec::new() };
        let score = self.scores(side).1[row];
        let named =
            |name: &str, value: f32, adds: f32| Contribution { name: name.to_owned(), value, adds };
        let walked = self.reached.get(account as usize).map(|reached| {
            let share = reached.share * self.known.len() as f32;
            named("reached_from_known", share, seeded::adds(reached, self.known.len()))
        });
        let lift = walked.as_ref().map_or(0.0, |walked| walked.adds);
        let mut parts = match (side, self.known.contains(&account)) {
            (Side::Payee, true) => vec![named("confirmed", score - lift, score - lift)],
            (Side::Payee, false) => self.evidence.explain_payee(&self.scored, row),
            (Side::Payer, _) => self.evidence.explain_payer(&self.scored, row),
        };
        parts.extend(walked.filter(|walked| walked.adds > 0.0));
        parts.retain(|part| part.adds != 0.0);
        parts.sort_by(|a, b| b.adds.abs().total_cmp(&a.adds.abs()));
        parts
    }

    /// What the weights were estimated on, and when.
    pub fn estimated(&self) -> (&str, &str) {
        (&self.evidence.estimated_on, &self.evidence.estimated)
    }

    /// The model of each side that gave the scores.
    pub fn models(&self) -> [Option<&Shapes>; 2] {
        [self.evidence.payers.last(), self.evidence.payees.last()]
    }
}

#[cfg(test)]
mod tests {
    use tutela_core::{
        AccountId, Currency, Money, PartyRecord, Transfer, TransferId, TransferRecord,
    };

    use super::Ranked;
    use crate::transfers::{Rates, Side, TransfersBuilder};
    use crate::world::{Parameters, Row, Variant, World};

    fn record(row: &Row<'_>) -> TransferRecord {
        let amount = Money { minor: row.amount_minor, currency: Currency::USD };
        let transfer = Transfer {
            id: TransferId(row.transfer_id.clone()),
            time: row.time,
            amount,
            payer: AccountId(row.payer_account.clone()),
            payee: AccountId(row.payee_account.clone()),
        };
        let payer = PartyRecord {
            name: Some(row.payer_name.clone()),
            country: Some(row.payer_country.to_owned()),
            ..PartyRecord::default()
        };
        let payee = PartyRecord {
            name: Some(row.payee_name.clone()),
            country: Some(row.payee_country.to_owned()),
            region: Some(row.payee_region.clone()),
            phone: Some(row.payee_phone.clone()),
            ..PartyRecord::default()
        };
        let institution = Some(row.institution.clone());
        TransferRecord { payer, payee, institution, ..TransferRecord::bare(1, transfer) }
    }

    #[test]
    fn it_finds_buyers_among_rows_as_they_are_read_and_says_why() {
        let world = World::generate(Parameters::new(8, Variant::In).with_transfers(60_000));
        let mut builder = TransfersBuilder::new(Rates::only(Currency::USD));
        for row in world.rows() {
            builder.push(&record(&row)).unwrap();
        }
        let transfers = builder.finish();
        let ranked = Ranked::new(&transfers, &[]).unwrap();
        for (side, name) in [(Side::Payer, "payer"), (Side::Payee, "payee")] {
            let marked: Vec<String> = world
                .truth()
                .filter(|(of, _, label)| *label && of.name() == name)
                .map(|(_, account, _)| account)
                .collect();
            let top = ranked.top(side, 50);
            let right = top
                .iter()
                .filter(|account| marked.iter().any(|id| id == transfers.account_id(**account)));
            let right = right.count();
            assert!(right >= 45, "{name}: {right} of the first 50");
            let parts = ranked.explain(side, top[0]);
            let sum: f32 = parts.iter().map(|part| part.adds).sum();
            assert!((sum - ranked.score(side, top[0]).unwrap()).abs() < 1e-3, "{parts:?}");
        }
        let known = ranked.top(Side::Payee, 3);
        let seeded = Ranked::new(&transfers, &known).unwrap();
        let parts = seeded.explain(Side::Payee, known[0]);
        assert!(parts.iter().any(|part| part.name == "confirmed"), "{parts:?}");
        let sum: f32 = parts.iter().map(|part| part.adds).sum();
        assert!((sum - seeded.score(Side::Payee, known[0]).unwrap()).abs() < 1e-3);
    }
}
