//! Scores everything anew, as the ranking does; also beside the work, on a copy.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Arriving, Round, WIDEST_WORK, work};
use crate::models::evidence::{Evidence, add_payees, add_payers, by_account};
use crate::models::features::{self, Table};
use crate::models::graph::Graph;
use crate::transfers::{AccountNumber, Side};

/// A copy of the history, to be scored while transfers go on arriving.
#[derive(Debug)]
pub struct Snapshot {
    graph: Graph,
    evidence: Arc<Evidence>,
    alerts: usize,
    arrived: u64,
}

/// Scores of everything in a snapshot.
#[derive(Debug)]
pub struct Refreshed {
    rounds: Vec<Round>,
    phones: HashMap<u32, u32>,
    wide: [HashMap<AccountNumber, Table>; 2],
    line: [f32; 2],
    /// Transfers that had arrived when the snapshot was taken.
    arrived: u64,
}

impl Snapshot {
    /// Scores all accounts. O(T log T).
    pub fn score(&self) -> Refreshed {
        scored(&self.graph, &self.evidence, self.alerts, self.arrived)
    }
}

impl Arriving {
    /// Scores everything anew: afterwards, scores are those of the ranking over the same history. O(T log T).
    pub fn refresh(&mut self) {
        self.since.clear();
        let refreshed = scored(&self.graph, &self.evidence, self.alerts, self.arrived);
        self.phones.clone_from(&refreshed.phones);
        self.adopt(refreshed);
    }

    /// A copy of what is to be scored: the graph's memory once more, while it is there.
    pub fn snapshot(&mut self) -> Snapshot {
        self.since.clear();
        Snapshot {
            graph: self.graph.clone(),
            evidence: self.evidence.clone(),
            alerts: self.alerts,
            arrived: self.arrived,
        }
    }

    /// Takes over scores of the last snapshot. Accounts that were scored since keep what they have.
    pub fn adopt(&mut self, refreshed: Refreshed) {
        let Refreshed { mut rounds, wide, line, arrived, .. } = refreshed;
        let many = self.graph.accounts.len();
        for (n, round) in rounds.iter_mut().enumerate() {
            round.payees.resize(many, f32::NEG_INFINITY);
            round.payers.resize(many, f32::NEG_INFINITY);
            let Some(own) = self.rounds.get(n) else { continue };
            for at in self.since.iter().map(|account| *account as usize) {
                (round.payees[at], round.payers[at]) = (own.payees[at], own.payers[at]);
            }
        }
        (self.rounds, self.wide, self.line) = (rounds, wide, line);
        self.arrived -= arrived.min(self.arrived);
        self.since.clear();
    }
}

fn scored(graph: &Graph, evidence: &Evidence, alerts: usize, arrived: u64) -> Refreshed {
    let all = 0..graph.accounts.len() as u32;
    let receiving: Vec<u32> =
        all.clone().filter(|account| !graph.received.of(*account).is_empty()).collect();
    let paying: Vec<u32> = all.filter(|account| !graph.paid.of(*account).is_empty()).collect();
    let phones = features::phones(graph, &receiving);
    let plain_payees = features::payees_of(graph, receiving, &phones);
    let plain_payers = features::payers_of(graph, paying);
    let mut last = [plain_payers.clone(), plain_payees.clone()];
    let mut rounds: Vec<Round> = Vec::new();
    for (payee_model, payer_model) in evidence.payees.iter().zip(&evidence.payers) {
        let before = rounds.last();
        let mut table = plain_payees.clone();
        if let Some(before) = before {
            add_payers(graph, &mut table, &before.payers, &before.payees);
        }
        let payees = by_account(graph, &table, &payee_model.scores(&table));
        last[1] = table;
        let mut table = plain_payers.clone();
        add_payees(graph, &mut table, &payees, before.map(|before| before.payers.as_slice()));
        let payers = by_account(graph, &table, &payer_model.scores(&table));
        last[0] = table;
        rounds.push(Round { payees, payers });
    }
    let line = rounds.last().map_or([f32::INFINITY; 2], |round| {
        [&round.payers, &round.payees].map(|scores| line(scores, alerts))
    });
    let wide = [(Side::Payer, &last[0]), (Side::Payee, &last[1])].map(|(side, table)| {
        let rows = table.accounts.iter().enumerate();
        let rows = rows.filter(|(_, account)| work(graph, side, **account) > WIDEST_WORK);
        rows.map(|(row, account)| (*account, one_row(table, row))).collect()
    });
    Refreshed { rounds, phones, wide, line, arrived }
}

fn one_row(table: &Table, row: usize) -> Table {
    Table {
        names: table.names.clone(),
        accounts: vec![table.accounts[row]],
        columns: table.columns.iter().map(|column| vec![column[row]]).collect(),
    }
}

/// Of a side, one account in so many is above the line at most: on a short history, the first hundreds are nearly everybody.
const ONE_IN: usize = 100;

/// The score that so many accounts reach, or one in [`ONE_IN`] where that is fewer; infinite where that is none.
fn line(scores: &[f32], alerts: usize) -> f32 {
    let mut finite: Vec<f32> = scores.iter().copied().filter(|score| score.is_finite()).collect();
    match alerts.min(finite.len() / ONE_IN).checked_sub(1) {
        Some(last) => *finite.select_nth_unstable_by(last, |a, b| b.total_cmp(a)).1,
        None => f32::INFINITY,
    }
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn the_line_leaves_few_above_it() {
        let scores = |count: u16| (0..count).map(f32::from).collect::<Vec<f32>>();
        assert_eq!(line(&scores(99), 5), f32::INFINITY);
        assert_eq!(line(&scores(250), 5), 248.0, "two in 250");
        assert_eq!(line(&scores(2_000), 5), 1_995.0);
        assert_eq!(line(&[f32::NEG_INFINITY; 300], 5), f32::INFINITY, "nobody was scored");
    }
}
