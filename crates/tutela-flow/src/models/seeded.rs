//! From accounts that are known: a walk over payments that names the path to each account it reaches.
//!
//! A walk that starts at the known payees, goes to those who paid them, to whom else those paid, and
//! starts again at the seeds with a fixed chance. A payee whom hundreds pay passes little on: each step
//! is divided by the roots of how many share either end of it. The walk needs no weights. Ranked together with
//! `evidence`, its part is one more contribution, so that the sum still explains the score.

use super::evidence::{Evidence, Plain, Scored};
use super::graph::{Edge, Graph};

/// How an account was reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reached {
    /// How much of the walk passes here; seeds start with one in all.
    pub share: f32,
    /// The neighbour that most of it came from, by account number; an account reached has one.
    pub via: Option<u32>,
    /// Steps from the nearest seed.
    pub hops: u8,
    /// Neighbours on the way that were reached before it.
    pub witnesses: u32,
}

/// Chance to start again at the seeds at each step.
const RESTART: f32 = 0.35;
/// Steps: payers of seeds, their other payees, the payers of those, and so on.
const STEPS: u8 = 6;

/// Walks from known payees. O(steps · edges). Accounts not reached have a share of zero.
pub fn walk(graph: &Graph, seeds: &[u32]) -> Vec<Reached> {
    let nothing = Reached { share: 0.0, via: None, hops: u8::MAX, witnesses: 0 };
    let mut reached = vec![nothing; graph.accounts.len()];
    let start = 1.0 / seeds.len().max(1) as f32;
    let mut at_payees = vec![0.0_f32; graph.accounts.len()];
    for seed in seeds.iter().filter(|seed| (**seed as usize) < graph.accounts.len()) {
        at_payees[*seed as usize] = start;
        reached[*seed as usize] = Reached { share: start, hops: 0, ..nothing };
    }
    // Divided by the roots of how many share either end: a hub neither floods nor drains the walk.
    let hub = |edge: &Edge| {
        let (payers, payees) =
            (graph.payers.of(edge.payee).len(), graph.payees.of(edge.payer).len());
        1.0 / ((payers * payees).max(1) as f32).sqrt()
    };
    let mut at_payers = vec![0.0_f32; graph.accounts.len()];
    for step in 1..=STEPS {
        let to_payers = step % 2 == 1;
        let (from, to) =
            if to_payers { (&at_payees, &mut at_payers) } else { (&at_payers, &mut at_payees) };
        to.fill(0.0);
        let mut most = vec![0.0_f32; graph.accounts.len()];
        for edge in &graph.edges {
            let (near, far) = match to_payers {
                true => (edge.payee, edge.payer),
                false => (edge.payer, edge.payee),
            };
            let share = from[near as usize];
            if share == 0.0 {
                continue;
            }
            let passed = (1.0 - RESTART) * share * hub(edge);
            to[far as usize] += passed;
            let found = &mut reached[far as usize];
            if found.hops > step || (found.hops == step && passed > most[far as usize]) {
                most[far as usize] = passed;
                (found.via, found.hops) = (Some(near), step);
            }
            if found.hops == step {
                found.witnesses += 1;
            }
        }
        for (found, share) in reached.iter_mut().zip(to.iter()) {
            found.share += share;
        }
        if !to_payers {
            for seed in seeds.iter().filter(|seed| (**seed as usize) < graph.accounts.len()) {
                at_payees[*seed as usize] += start * RESTART;
            }
        }
    }
    reached
}

/// The accounts from this one back to a seed, itself first; just itself where no seed leads to it.
pub fn path(reached: &[Reached], account: u32) -> Vec<u32> {
    let mut path = vec![account];
    let mut at = account;
    while let Some(via) = reached.get(at as usize).and_then(|reached| reached.via) {
        if path.contains(&via) {
            break;
        }
        path.push(via);
        at = via;
    }
    path
}

/// What a share of the walk adds to the logarithm of odds: nothing where nothing arrives, and up to
/// six where as much arrives as at a seed.
pub fn adds(reached: &Reached, seeds: usize) -> f32 {
    let relative = reached.share * seeds.max(1) as f32;
    (1.0 + 400.0 * relative).ln()
}

/// Ranks all accounts by the walk and the weights together: seeds count as confirmed payees.
pub fn rank(
    evidence: &Evidence,
    graph: &Graph,
    plain: &Plain,
    seeds: &[u32],
) -> (Scored, Vec<Reached>) {
    let known: Vec<(u32, bool)> = seeds.iter().map(|seed| (*seed, true)).collect();
    let mut scored = evidence.score_given(graph, plain, &known);
    let reached = walk(graph, seeds);
    let lift = |account: &u32| adds(&reached[*account as usize], seeds.len());
    for (account, score) in scored.payers.accounts.iter().zip(&mut scored.payer_scores) {
        *score += lift(account);
    }
    for (account, score) in scored.payees.accounts.iter().zip(&mut scored.payee_scores) {
        *score += lift(account);
    }
    (scored, reached)
}

#[cfg(test)]
mod tests {
    use super::{path, walk};
    use crate::models::graph::{Account, Flow, Graph};

    fn graph(pairs: &[(u32, u32)]) -> Graph {
        let flow = |(payer, payee): &(u32, u32)| Flow {
            time_s: 0,
            payer: *payer,
            payee: *payee,
            amount: 20.0,
            institution: 0,
            domestic: false,
        };
        Graph::new(vec![Account::default(); 60], pairs.iter().map(flow).collect())
    }

    #[test]
    fn a_path_leads_back_to_the_seed() {
        // 10 is known; 1 paid it and 11; 2 paid 11 and 12; nobody leads to 13.
        let graph = graph(&[(1, 10), (1, 11), (2, 11), (2, 12), (3, 13)]);
        let reached = walk(&graph, &[10]);
        assert_eq!(path(&reached, 12), [12, 2, 11, 1, 10]);
        assert_eq!((reached[1].hops, reached[11].hops, reached[12].hops), (1, 2, 4));
        assert!(reached[1].share > reached[2].share && reached[2].share > 0.0);
        assert_eq!((reached[13].share, path(&reached, 13)), (0.0, vec![13]));
    }

    #[test]
    fn a_hub_passes_less_on_than_a_payee_of_few() {
        let mut pairs = vec![(1, 10), (2, 11), (3, 10)];
        pairs.extend((4..50).map(|payer| (payer, 11)));
        let reached = walk(&graph(&pairs), &[10, 11]);
        assert!(reached[3].share > 2.0 * reached[4].share, "{:?} {:?}", reached[3], reached[4]);
    }

    #[test]
    fn seeds_that_do_not_exist_are_survived() {
        let reached = walk(&graph(&[(1, 10)]), &[900, u32::MAX]);
        assert!(reached.iter().all(|reached| reached.share == 0.0));
        assert!(walk(&graph(&[]), &[]).iter().all(|reached| reached.via.is_none()));
    }
}
