//! Payees scored first; their scores feed payers, payers' scores feed payees back, and once more.
//!
//! The receiving side is the lever: being paid small sums by unrelated people is far rarer than anything
//! that one buyer does. A score that travels along an edge leaves out the part that came along the same
//! edge before, so nobody is suspected for their own shadow.

use serde::{Deserialize, Serialize};

use super::features::{self, Table, same};
use super::graph::{Edge, Graph};
use super::shapes::{Contribution, Shapes};

/// What is added to payers: what the payees they pay look like.
pub const OF_PAYEES: [&str; 8] = [
    "best_payee",
    "second_payee",
    "mean_payee",
    "sum_of_payees",
    "share_to_suspected",
    "company_of_best",
    "company_mean",
    "suspected_in_turn",
];

/// What is added to payees: what those who pay them look like, and the payees beside them.
pub const OF_PAYERS: [&str; 8] = [
    "best_payer",
    "second_payer",
    "third_payer",
    "mean_payer",
    "sum_of_payers",
    "best_neighbour",
    "sum_of_neighbours",
    "best_onward",
];

/// All weights of the model, as data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What the weights were estimated on, in words.
    pub estimated_on: String,
    /// When, as a date.
    pub estimated: String,
    /// One model a round for payees.
    pub payees: Vec<Shapes>,
    /// One model a round for payers.
    pub payers: Vec<Shapes>,
}

/// What is estimated from: a world and its truth, by account number.
#[derive(Debug, Clone)]
pub struct Known {
    /// The transfers.
    pub graph: Graph,
    /// Whether each account is a buyer.
    pub buyers: Vec<bool>,
    /// Whether each account is a facilitator's, as far as is known.
    pub facilitators: Vec<bool>,
}

/// Both tables, as the last round saw them, and a score for each of their rows.
#[derive(Debug, Clone)]
pub struct Scored {
    /// Rows of payees.
    pub payees: Table,
    /// Logarithms of odds.
    pub payee_scores: Vec<f32>,
    /// Rows of payers.
    pub payers: Table,
    /// Logarithms of odds.
    pub payer_scores: Vec<f32>,
}

pub(super) fn chance_of(score: f32) -> f32 {
    1.0 / (1.0 + (-score).exp())
}

/// Scores by account number; accounts without a row have none.
pub(crate) fn by_account(graph: &Graph, table: &Table, scores: &[f32]) -> Vec<f32> {
    let mut all = vec![f32::NEG_INFINITY; graph.accounts.len()];
    for (account, score) in table.accounts.iter().zip(scores) {
        all[*account as usize] = *score;
    }
    all
}

/// The best three of some scores; −12 (one in 160,000) stands for one that is not there.
fn best(scores: impl Iterator<Item = f32>) -> [f32; 3] {
    let mut best = [-12.0_f32; 3];
    for score in scores {
        let mut score = score.max(-12.0);
        for place in &mut best {
            if score > *place {
                std::mem::swap(place, &mut score);
            }
        }
    }
    best
}

/// Adds to payers what the payees they pay look like, and who else pays those.
pub(crate) fn add_payees(graph: &Graph, table: &mut Table, payees: &[f32], payers: Option<&[f32]>) {
    let mut columns = vec![Vec::with_capacity(table.accounts.len()); OF_PAYEES.len()];
    for payer in &table.accounts {
        let edges = graph.edges_from(*payer);
        let score = |edge: &Edge| payees[edge.payee as usize];
        let [first, second, _] = best(edges.clone().map(score));
        let transfers: f32 = edges.clone().map(|edge| edge.transfers as f32).sum::<f32>().max(1.0);
        let mean =
            edges.clone().map(|edge| score(edge).max(-12.0) * edge.transfers as f32).sum::<f32>();
        let sum = edges.clone().map(|edge| chance_of(score(edge))).sum();
        let suspected = edges.clone().map(|edge| chance_of(score(edge)) * edge.transfers as f32);
        // How the other payers of each payee look, on average: without this payer's own part.
        let company: Vec<f32> = edges
            .clone()
            .map(|edge| {
                let others = graph.edges_to(edge.payee).filter(|other| other.payer != *payer);
                let look = |other: &Edge| {
                    payers.map_or(0.0, |payers| chance_of(payers[other.payer as usize]))
                };
                others.clone().take(200).map(look).sum::<f32>()
            })
            .collect();
        let most = company.iter().copied().fold(0.0, f32::max);
        let mut order: Vec<&Edge> =
            edges.clone().filter(|edge| chance_of(score(edge)) > 0.3).collect();
        order.sort_by_key(|edge| edge.first_s);
        let values = [
            first,
            second,
            mean / transfers,
            sum,
            suspected.sum::<f32>() / transfers,
            most,
            company.iter().sum::<f32>() / edges.len().max(1) as f32,
            order.len() as f32,
        ];
        for (column, value) in columns.iter_mut().zip(values) {
            column.push(value);
        }
    }
    for (name, column) in OF_PAYEES.into_iter().zip(columns) {
        table.add(name, column);
    }
}

/// Adds to payees what those who pay them look like, and the payees beside them.
pub(crate) fn add_payers(graph: &Graph, table: &mut Table, payers: &[f32], payees: &[f32]) {
    let mut columns = vec![Vec::with_capacity(table.accounts.len()); OF_PAYERS.len()];
    for payee in &table.accounts {
        let own = graph.accounts[*payee as usize];
        let edges = graph.edges_to(*payee);
        let score = |edge: &Edge| payers[edge.payer as usize];
        let [first, second, third] = best(edges.clone().map(score));
        let sum: f32 = edges.clone().map(|edge| chance_of(score(edge))).sum();
        let mut beside: Vec<(u32, f32)> = Vec::new();
        for edge in edges.clone().take(400) {
            let others = graph.edges_from(edge.payer).filter(|other| other.payee != *payee);
            for other in others.take(64) {
                let at = graph.accounts[other.payee as usize];
                if same(at.region, own.region) || same(at.phone, own.phone) {
                    beside.push((other.payee, payees[other.payee as usize]));
                }
            }
        }
        beside.sort_by_key(|(account, _)| *account);
        beside.dedup_by_key(|(account, _)| *account);
        let paid = graph.paid.of(*payee).iter().map(|place| &graph.flows[*place as usize]);
        let passed = graph.received.of(*payee).iter().map(|place| &graph.flows[*place as usize]);
        let onward = paid.take(400).map(|flow| payees[flow.payee as usize]);
        let inward =
            passed.filter(|flow| flow.domestic).take(400).map(|flow| payees[flow.payer as usize]);
        let values = [
            first,
            second,
            third,
            sum / edges.len().max(1) as f32,
            sum,
            best(beside.iter().map(|(_, score)| *score))[0],
            beside.iter().map(|(_, score)| chance_of(*score)).sum(),
            best(onward.chain(inward))[0],
        ];
        for (column, value) in columns.iter_mut().zip(values) {
            column.push(value);
        }
    }
    for (name, column) in OF_PAYERS.into_iter().zip(columns) {
        table.add(name, column);
    }
}

/// What is measured of each account before any score is known.
#[derive(Debug, Clone)]
pub struct Plain {
    payees: Table,
    payers: Table,
}

impl Plain {
    /// Measures all accounts. `person` adds age and sex of payers. O(T log T).
    pub fn measure(graph: &Graph, person: bool) -> Self {
        Self { payees: features::payees(graph), payers: features::payers(graph, person) }
    }
}

/// What a payee counts as that a person confirmed, and less that for one that was dismissed.
const CERTAIN: f32 = 8.0;

/// Where the rounds stand for one graph.
pub(super) struct Standing {
    pub(super) payees: Vec<f32>,
    pub(super) payers: Option<Vec<f32>>,
}

impl Evidence {
    /// The shipped weights: estimated on generated worlds, and named so.
    ///
    /// # Errors
    /// Where the data file is not what this version reads; a test holds that it is.
    pub fn shipped() -> Result<Self, serde_json::Error> {
        serde_json::from_str(include_str!("../../data/weights-2026-12-01.json"))
    }

    /// Scores all accounts of a graph. O(T log T).
    pub fn score(&self, graph: &Graph, person: bool) -> Scored {
        self.score_given(graph, &Plain::measure(graph, person), &[])
    }

    /// The same, where a person has confirmed (`true`) or dismissed some payees: what they said stands
    /// in place of those payees' scores, and travels on from there.
    pub fn score_given(&self, graph: &Graph, plain: &Plain, known: &[(u32, bool)]) -> Scored {
        let said = |scores: &mut Vec<f32>| {
            for (account, confirmed) in known {
                if let Some(score) = scores.get_mut(*account as usize) {
                    *score = if *confirmed { CERTAIN } else { -CERTAIN };
                }
            }
        };
        let mut standing: Option<Standing> = None;
        let mut scored = None;
        for (payee_model, payer_model) in self.payees.iter().zip(&self.payers) {
            let payees = payee_table(graph, plain, standing.as_ref());
            let mut payee_scores = payee_model.scores(&payees);
            let before = standing.and_then(|standing| standing.payers);
            let mut near = by_account(graph, &payees, &payee_scores);
            said(&mut near);
            for (account, score) in payees.accounts.iter().zip(&mut payee_scores) {
                *score = near[*account as usize];
            }
            let payers = payer_table(graph, plain, &near, before.as_deref());
            let payer_scores = payer_model.scores(&payers);
            let known = Some(by_account(graph, &payers, &payer_scores));
            standing = Some(Standing { payees: near, payers: known });
            scored = Some(Scored { payees, payee_scores, payers, payer_scores });
        }
        scored.unwrap_or_else(|| Scored {
            payee_scores: vec![0.0; plain.payees.accounts.len()],
            payer_scores: vec![0.0; plain.payers.accounts.len()],
            payees: plain.payees.clone(),
            payers: plain.payers.clone(),
        })
    }

    /// Why a row of the payees has its score.
    pub fn explain_payee(&self, scored: &Scored, row: usize) -> Vec<Contribution> {
        self.payees.last().map(|model| model.explain(&scored.payees, row)).unwrap_or_default()
    }

    /// Why a row of the payers has its score.
    pub fn explain_payer(&self, scored: &Scored, row: usize) -> Vec<Contribution> {
        self.payers.last().map(|model| model.explain(&scored.payers, row)).unwrap_or_default()
    }
}

pub(super) fn payee_table(graph: &Graph, plain: &Plain, standing: Option<&Standing>) -> Table {
    let mut table = plain.payees.clone();
    if let Some(Standing { payees, payers: Some(payers) }) = standing {
        add_payers(graph, &mut table, payers, payees);
    }
    table
}

pub(super) fn payer_table(
    graph: &Graph,
    plain: &Plain,
    payees: &[f32],
    before: Option<&[f32]>,
) -> Table {
    let mut table = plain.payers.clone();
    add_payees(graph, &mut table, payees, before);
    table
}

#[cfg(test)]
mod tests {
    use super::{Evidence, Known, Scored};
    use crate::models::boosting::Fit;
    use crate::quality::{Judged, average_precision};
    use crate::world::{Parameters, Variant, World};

    fn known(seed: u64, variant: Variant, transfers: u64) -> Known {
        World::generate(Parameters::new(seed, variant).with_transfers(transfers)).known()
    }

    /// Average precision of payers, then of payees.
    fn quality(scored: &Scored, known: &Known) -> [f64; 2] {
        let judged = |accounts: &[u32], scores: &[f32], labels: &[bool]| {
            let judge = |(account, score): (&u32, &f32)| Judged {
                score: f64::from(*score),
                label: labels[*account as usize],
            };
            average_precision(&accounts.iter().zip(scores).map(judge).collect::<Vec<_>>())
        };
        [
            judged(&scored.payers.accounts, &scored.payer_scores, &known.buyers),
            judged(&scored.payees.accounts, &scored.payee_scores, &known.facilitators),
        ]
    }

    #[test]
    fn shipped_weights_find_most_of_a_world_they_have_not_seen() {
        let evidence = Evidence::shipped().unwrap();
        assert!(evidence.estimated_on.contains("generated worlds"));
        for (variant, payers, payees) in
            [(Variant::In, 0.85, 0.85), (Variant::Shift, 0.80, 0.75), (Variant::Hard, 0.65, 0.75)]
        {
            let known = known(41, variant, 200_000);
            let scored = evidence.score(&known.graph, false);
            let found = quality(&scored, &known);
            assert!(found[0] > payers && found[1] > payees, "{variant:?}: {found:?}");
            for row in [0, scored.payees.accounts.len() / 2] {
                let parts = evidence.explain_payee(&scored, row);
                let sum: f32 = parts.iter().map(|part| part.adds).sum();
                assert!((sum - scored.payee_scores[row]).abs() < 1e-3, "{parts:?}");
            }
        }
    }

    #[test]
    fn weights_estimated_on_one_world_rank_another() {
        let fit = Fit { rounds: 120, pairs: 2, pair_rounds: 20, ..Fit::default() };
        let worlds = [known(51, Variant::In, 40_000), known(52, Variant::In, 40_000)];
        let evidence = Evidence::estimate(&worlds, false, 1, &fit);
        let other = known(53, Variant::In, 40_000);
        let [payers, payees] = quality(&evidence.score(&other.graph, false), &other);
        assert!(payers > 0.8 && payees > 0.8, "{payers} {payees}");
        let sex = ["age", "male"];
        let used = |name: &String| sex.contains(&name.as_str());
        assert!(!evidence.payers.iter().flat_map(|m| &m.shapes).any(|s| used(&s.feature)));
    }
}
