//! Two steps from known accounts over the payment graph, corrected for hubs.

use crate::profiles::Links;
use crate::transfers::{AccountNumber, Side, Transfers};

/// How strongly accounts are reached from known ones.
///
/// Weight goes from known payees to their payers and from these to their other payees, and the other way
/// round for known payers. Whoever has many counterparties passes little on to each: a shop that everybody
/// pays ties nobody to anybody.
///
/// **Cost.** O(T): each pair of payer and payee is gone over a fixed number of times.
#[derive(Debug, Clone)]
pub struct Walk {
    known: Vec<AccountNumber>,
    /// By side and account, the largest of a side being 1.
    reached: [Vec<f64>; 2],
}

impl Walk {
    /// Walks from these accounts.
    pub fn new(transfers: &Transfers, links: &Links, known: &[AccountNumber]) -> Self {
        let accounts = transfers.accounts() as usize;
        let mut known = known.to_vec();
        known.sort_unstable();
        known.dedup();
        known.retain(|account| (*account as usize) < accounts);
        let mut start = vec![0.0; accounts];
        known.iter().for_each(|account| start[*account as usize] = 1.0);

        let step = |from: Side, weights: &[f64]| step(transfers, links, from, weights);
        let payers = step(Side::Payee, &start);
        let payees = step(Side::Payer, &start);
        let mut reached = [added(&payers, &step(Side::Payee, &payees)), payees];
        reached[1] = added(&reached[1], &step(Side::Payer, &payers));
        // A third step reaches who else pays what was reached; it counts for less by itself.
        let beyond = step(Side::Payee, &reached[1]);
        reached[0] = added(&reached[0], &beyond);
        for side in &mut reached {
            known.iter().for_each(|account| side[*account as usize] = 0.0);
            let most = side.iter().copied().fold(0.0, f64::max);
            if most > 0.0 {
                side.iter_mut().for_each(|weight| *weight /= most);
            }
            known.iter().for_each(|account| side[*account as usize] = 1.0);
        }
        Self { known, reached }
    }

    /// From 0, not reached, to 1, reached most or known.
    pub fn reached(&self, side: Side, account: AccountNumber) -> f64 {
        self.reached[side as usize].get(account as usize).copied().unwrap_or(0.0)
    }

    /// Whether the walk began there.
    pub fn is_known(&self, account: AccountNumber) -> bool {
        self.known.binary_search(&account).is_ok()
    }
}

fn added(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a + b).collect()
}

/// One step from the accounts of a side to those of the other: each gives its weight on, less the more
/// counterparties it has, and each receives less the more it has.
fn step(transfers: &Transfers, links: &Links, from: Side, weights: &[f64]) -> Vec<f64> {
    let mut reached = vec![0.0; weights.len()];
    for account in 0..transfers.accounts() {
        let weight = weights[account as usize];
        let others = links.contacts(from, account);
        if weight > 0.0 && !others.is_empty() {
            let given = weight / (1.0 + others.len() as f64).ln().max(0.5);
            for other in others {
                let back = links.contacts(from.other(), *other).len() as f64;
                reached[*other as usize] += given / back.max(1.0).sqrt();
            }
        }
    }
    reached
}
