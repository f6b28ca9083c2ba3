//! The next payees to look at, for those who have neither labels nor seeds.
//!
//! A person reviews a few at a time. What is confirmed becomes a seed; what is dismissed is held down, and
//! with it, by way of their payers, those around it. The ranking is made anew after each answer.

use std::collections::BTreeMap;

use super::evidence::{Evidence, Plain, Scored};
use super::graph::Graph;
use super::seeded;

/// Payees shown at a time.
pub const BATCH: usize = 25;

/// What a person has said so far.
#[derive(Debug, Clone, Default)]
pub struct Review {
    answers: BTreeMap<u32, bool>,
}

impl Review {
    /// Notes that a payee was confirmed, or dismissed. The last answer holds.
    pub fn answer(&mut self, payee: u32, confirmed: bool) {
        self.answers.insert(payee, confirmed);
    }

    /// How many payees were looked at, and how many of them confirmed.
    pub fn counts(&self) -> (usize, usize) {
        (self.answers.len(), self.answers.values().filter(|confirmed| **confirmed).count())
    }

    /// Scores of all accounts after the answers: the weights, with answers in place of scores, and the
    /// walk from what was confirmed.
    pub fn rank(&self, evidence: &Evidence, graph: &Graph, plain: &Plain) -> Scored {
        let known: Vec<(u32, bool)> =
            self.answers.iter().map(|(payee, said)| (*payee, *said)).collect();
        let seeds: Vec<u32> =
            known.iter().filter(|(_, said)| *said).map(|(payee, _)| *payee).collect();
        let mut scored = evidence.score_given(graph, plain, &known);
        if seeds.is_empty() {
            return scored;
        }
        let reached = seeded::walk(graph, &seeds);
        // A dismissed payee is no path: what reaches an account only by way of one is damped.
        for (account, score) in scored.payees.accounts.iter().zip(&mut scored.payee_scores) {
            let path = seeded::path(&reached, *account);
            let dismissed =
                path.iter().filter(|step| self.answers.get(step) == Some(&false)).count();
            let lift = seeded::adds(&reached[*account as usize], seeds.len());
            *score += lift * 0.3_f32.powi(dismissed as i32);
        }
        scored
    }

    /// The next payees to look at, best first: none that was looked at before.
    pub fn next(&self, scored: &Scored, many: usize) -> Vec<u32> {
        let mut open: Vec<(f32, u32)> = scored
            .payees
            .accounts
            .iter()
            .zip(&scored.payee_scores)
            .filter(|(account, _)| !self.answers.contains_key(account))
            .map(|(account, score)| (*score, *account))
            .collect();
        open.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        open.into_iter().take(many).map(|(_, account)| account).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{BATCH, Review};
    use crate::models::evidence::{Evidence, Plain};
    use crate::world::{Parameters, Variant, World};

    #[test]
    fn nobody_is_shown_twice_and_answers_move_the_queue() {
        let known =
            World::generate(Parameters::new(3, Variant::Hard).with_transfers(30_000)).known();
        let evidence = Evidence::shipped().unwrap();
        let plain = Plain::measure(&known.graph, false);
        let mut review = Review::default();
        let first = review.next(&review.rank(&evidence, &known.graph, &plain), BATCH);
        assert_eq!(first.len(), BATCH);
        for payee in &first {
            review.answer(*payee, known.facilitators[*payee as usize]);
        }
        let (seen, confirmed) = review.counts();
        assert_eq!(seen, BATCH);
        assert!(confirmed > BATCH / 2, "{confirmed} of the first {BATCH}");
        let second = review.next(&review.rank(&evidence, &known.graph, &plain), BATCH);
        assert!(second.iter().all(|payee| !first.contains(payee)));
    }
}
