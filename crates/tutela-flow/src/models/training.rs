//! Estimates weights from outcomes that are known: of generated worlds, or an institution's own.
//!
//! Every account is scored by models that did not see its label before its score feeds the next model, so that later
//! models learn from scores as they will meet them, and figures about those scores may be believed.

use super::boosting::{Fit, Sample, boost};
use super::evidence::{Evidence, Known, Plain, Scored, Standing, by_account, chance_of};
use super::evidence::{payee_table, payer_table};
use super::features::Table;
use super::graph::Graph;
use super::shapes::Shapes;
use crate::chance::{Chance, scatter};
use crate::transfers::Side;

/// Rounds of payee, then payer.
const ROUNDS: usize = 2;

/// Features that may only raise a score as they grow: more of what is looked for nearby is never a reason against.
pub const RISING: &[&str] = &["best_payee", "sum_of_payees", "sum_of_payers", "third_payer"];

/// Share of ordinary accounts that a model is estimated from; those that scored high before are all kept.
const KEPT: f64 = 0.15;
/// Least share of what is looked for that labels are taken for: with less, everything would be held to be hidden.
const LEAST_SHARE: f64 = 0.05;
/// Share of accounts that count as having scored high.
const HIGH: f64 = 0.02;

/// Transfers, and what is known of their accounts, by account number.
#[derive(Debug, Clone, Copy)]
pub struct Outcomes<'a> {
    /// The transfers.
    pub graph: &'a Graph,
    /// Whether each account is a buyer; nothing where nobody said.
    pub payers: &'a [Option<bool>],
    /// Whether each account is a facilitator's.
    pub payees: &'a [Option<bool>],
}

/// How weights are estimated.
#[derive(Debug, Clone)]
pub struct Training {
    /// How each curve is found from nothing.
    pub fit: Fit,
    /// How the difference to a prior is found.
    pub correcting: Fit,
    /// Parts that accounts are dealt into by lot, two or more: each is scored by models that learnt from the others.
    pub folds: usize,
    /// Only part of what is looked for is known: an account of which nobody said anything counts by how likely it
    /// is, not as harmless.
    pub partial: bool,
    /// Weights to start from.
    pub prior: Option<Evidence>,
    /// Which sides correct the prior: payers, payees. One that has labels enough does better from nothing.
    pub correct: [bool; 2],
    /// Which sides are estimated: payers, payees. The other keeps its prior.
    pub learn: [bool; 2],
    /// Whether age and sex of payers are used.
    pub person: bool,
    /// What lots are drawn from.
    pub seed: u64,
}

impl Default for Training {
    /// Whole labels of both sides, five parts, from nothing.
    fn default() -> Self {
        let fit = Fit { rising: RISING, ..Fit::default() };
        let correcting = Fit { rising: RISING, ..Fit::correcting() };
        let (folds, partial, prior, learn) = (5, false, None, [true, true]);
        let correct = [true, true];
        Self { fit, correcting, folds, partial, prior, correct, learn, person: false, seed: 1 }
    }
}

/// New weights, and the scores that accounts have by models that did not see their labels.
#[derive(Debug, Clone)]
pub struct Trained {
    /// The weights.
    pub evidence: Evidence,
    /// One a graph, in order.
    pub held_out: Vec<Scored>,
}

/// Estimates weights. O(rounds · accounts · features) for each part, side and pass; some 250 bytes an account.
pub fn train(outcomes: &[Outcomes<'_>], how: &Training) -> Trained {
    let plain: Vec<Plain> =
        outcomes.iter().map(|known| Plain::measure(known.graph, how.person)).collect();
    let mut standing: Vec<Option<Standing>> = outcomes.iter().map(|_| None).collect();
    let (mut of_payees, mut of_payers) = (Vec::new(), Vec::new());
    let mut held_out = Vec::new();
    for round in 0..ROUNDS {
        let payees: Vec<Table> = (0..outcomes.len())
            .map(|n| payee_table(outcomes[n].graph, &plain[n], standing[n].as_ref()))
            .collect();
        let labels: Vec<_> = outcomes.iter().map(|known| known.payees).collect();
        let lesson = Lesson { tables: &payees, labels: &labels, side: Side::Payee, round };
        let (model, payee_scores) = lesson.learn(how);
        of_payees.push(model);
        let before: Vec<Option<Vec<f32>>> =
            standing.iter_mut().map(|one| one.take().and_then(|one| one.payers)).collect();
        let near: Vec<Vec<f32>> = (0..outcomes.len())
            .map(|n| by_account(outcomes[n].graph, &payees[n], &payee_scores[n]))
            .collect();
        let payers: Vec<Table> = (0..outcomes.len())
            .map(|n| payer_table(outcomes[n].graph, &plain[n], &near[n], before[n].as_deref()))
            .collect();
        let labels: Vec<_> = outcomes.iter().map(|known| known.payers).collect();
        let lesson = Lesson { tables: &payers, labels: &labels, side: Side::Payer, round };
        let (model, payer_scores) = lesson.learn(how);
        of_payers.push(model);
        for (n, payees) in near.into_iter().enumerate() {
            let payers = by_account(outcomes[n].graph, &payers[n], &payer_scores[n]);
            standing[n] = Some(Standing { payees, payers: Some(payers) });
        }
        held_out = payees
            .into_iter()
            .zip(payee_scores)
            .zip(payers.into_iter().zip(payer_scores))
            .map(|((payees, payee_scores), (payers, payer_scores))| Scored {
                payees,
                payee_scores,
                payers,
                payer_scores,
            })
            .collect();
    }
    let (estimated_on, estimated) = (String::new(), String::new());
    let evidence = Evidence { estimated_on, estimated, payees: of_payees, payers: of_payers };
    Trained { evidence, held_out }
}

/// What one side learns from in one round.
struct Lesson<'a> {
    tables: &'a [Table],
    labels: &'a [&'a [Option<bool>]],
    side: Side,
    round: usize,
}

/// Scores by table and row.
type Scores = Vec<Vec<f32>>;

impl Lesson<'_> {
    /// One model from all tables, and scores of each row by a model that did not see its label.
    fn learn(&self, how: &Training) -> (Shapes, Scores) {
        let prior = how.prior.as_ref().and_then(|prior| match self.side {
            Side::Payer => prior.payers.get(self.round),
            Side::Payee => prior.payees.get(self.round),
        });
        let by = |prior: &Shapes| -> Scores {
            self.tables.iter().map(|table| prior.scores(table)).collect()
        };
        if !how.learn[self.side as usize] {
            let zero = || self.tables.iter().map(|table| vec![0.0; table.accounts.len()]).collect();
            return (prior.cloned().unwrap_or_default(), prior.map(by).unwrap_or_else(zero));
        }
        let prior = prior.filter(|_| how.correct[self.side as usize]);
        let by_prior: Option<Scores> = prior.map(by);
        // A prior speaks of all that is looked for; a first fit only of what has a label.
        let mut likely: Option<Scores> = match (how.partial, &by_prior) {
            (true, Some(scores)) => Some(self.likely(scores, self.share(scores, false), false)),
            _ => None,
        };
        let mut scores = by_prior;
        let mut share_labelled = None;
        let passes = if how.partial { 3 } else { 2 };
        let mut models = Vec::new();
        for _ in 0..passes {
            let sample = self.choose(scores.as_deref(), likely.as_deref(), how);
            models = self.by_folds(&sample, prior, how);
            let found = self.held_out(&models, how);
            if how.partial {
                let first = likely.is_none();
                let share = *share_labelled.get_or_insert_with(|| self.share(&found, first));
                likely = Some(self.likely(&found, share, first));
            }
            scores = Some(found);
        }
        (Shapes::mean(&models), scores.unwrap_or_default())
    }

    fn label(&self, n: usize, row: usize) -> Option<bool> {
        self.labels[n][self.tables[n].accounts[row] as usize]
    }

    /// The part that an account was dealt into. The same in every round and on both sides.
    fn fold(&self, n: usize, row: usize, how: &Training) -> usize {
        let account = u64::from(self.tables[n].accounts[row]);
        let lot = scatter(how.seed ^ scatter(((n as u64) << 32) | account));
        (lot % how.folds.max(2) as u64) as usize
    }

    /// One model a part, which has not learnt from it.
    fn by_folds(&self, sample: &Chosen, prior: Option<&Shapes>, how: &Training) -> Vec<Shapes> {
        let Chosen { table, places, targets, weights } = sample;
        let without = |held: usize| -> Vec<f32> {
            let weight =
                |((n, row), weight): (&(usize, usize), &f32)| match self.fold(*n, *row, how) {
                    fold if fold == held => 0.0,
                    _ => *weight,
                };
            places.iter().zip(weights).map(weight).collect()
        };
        (0..how.folds.max(2))
            .map(|held| {
                let weights = &without(held);
                let fit = if prior.is_some() { &how.correcting } else { &how.fit };
                boost(&Sample { table, targets, weights, prior }, fit)
            })
            .collect()
    }

    /// The score of every row by the model that has not learnt from it.
    fn held_out(&self, models: &[Shapes], how: &Training) -> Scores {
        let of_table = |(n, table): (usize, &Table)| {
            let by_model: Scores = models.iter().map(|model| model.scores(table)).collect();
            let rows = 0..table.accounts.len();
            rows.map(|row| by_model[self.fold(n, row, how)][row]).collect()
        };
        self.tables.iter().enumerate().map(of_table).collect()
    }

    /// The share of what is looked for that has a label: labelled accounts over all that are expected, or where scores
    /// say how likely a label is, their mean over labelled accounts (Elkan and Noto).
    fn share(&self, scores: &Scores, of_labels: bool) -> f64 {
        let (mut expected, mut own, mut labelled) = (0.0, 0.0, 0.0);
        for (n, scores) in scores.iter().enumerate() {
            for (row, score) in scores.iter().enumerate() {
                let chance = f64::from(chance_of(*score));
                expected += chance;
                if self.label(n, row) == Some(true) {
                    labelled += 1.0;
                    own += chance;
                }
            }
        }
        let share = match of_labels {
            true => own / f64::max(labelled, 1.0),
            false => labelled / f64::max(expected, 1e-9),
        };
        if labelled == 0.0 { 1.0 } else { share.clamp(LEAST_SHARE, 1.0) }
    }

    /// How likely each account without a label is what is looked for, where this share of what is looked for has one.
    /// `of_labels`: scores say how likely a label is. After Elkan and Noto, "Learning classifiers from only positive and
    /// unlabeled data" (2008).
    fn likely(&self, scores: &Scores, share: f64, of_labels: bool) -> Scores {
        let hidden = |score: &f32| {
            let chance = f64::from(chance_of(*score));
            let likely = match of_labels {
                true => (1.0 - share) / share * chance / (1.0 - chance).max(1e-9),
                false => chance * (1.0 - share) / (1.0 - chance * share).max(1e-9),
            };
            likely.clamp(0.0, 1.0) as f32
        };
        scores.iter().map(|scores| scores.iter().map(hidden).collect()).collect()
    }

    /// All labelled rows, all that scored high, and some of the others, which count for those left out.
    fn choose(
        &self,
        scores: Option<&[Vec<f32>]>,
        likely: Option<&[Vec<f32>]>,
        how: &Training,
    ) -> Chosen {
        let mut chance = Chance::part(how.seed.wrapping_add(self.round as u64), self.side.as_str());
        let names = self.tables.first().map(|table| table.names.clone()).unwrap_or_default();
        let high = scores.map_or(f32::INFINITY, |scores| {
            let mut all: Vec<f32> = scores.iter().flatten().copied().collect();
            let place = ((1.0 - HIGH) * all.len() as f64) as usize;
            all.sort_unstable_by(f32::total_cmp);
            all.get(place).copied().unwrap_or(f32::INFINITY)
        });
        let columns = vec![Vec::new(); names.len()];
        let mut table = Table { columns, names, accounts: Vec::new() };
        let (mut places, mut targets, mut weights) = (Vec::new(), Vec::new(), Vec::new());
        for (n, from) in self.tables.iter().enumerate() {
            for (row, account) in from.accounts.iter().enumerate() {
                let drawn = chance.happens(KEPT);
                let label = self.label(n, row);
                let whole =
                    label == Some(true) || scores.is_some_and(|scores| scores[n][row] >= high);
                if !whole && !drawn {
                    continue;
                }
                targets.push(match (label, likely) {
                    (Some(label), _) => f32::from(u8::from(label)),
                    (None, Some(likely)) => likely[n][row],
                    (None, None) => 0.0,
                });
                weights.push(if whole { 1.0 } else { 1.0 / KEPT as f32 });
                places.push((n, row));
                table.accounts.push(*account);
                for (column, from) in table.columns.iter_mut().zip(&from.columns) {
                    column.push(from[row]);
                }
            }
        }
        Chosen { table, places, targets, weights }
    }
}

/// Rows that a model is estimated from.
struct Chosen {
    table: Table,
    /// Table and row of each.
    places: Vec<(usize, usize)>,
    targets: Vec<f32>,
    weights: Vec<f32>,
}

impl Evidence {
    /// Estimates weights from nothing on worlds whose whole truth is known.
    pub fn estimate(known: &[Known], person: bool, seed: u64, fit: &Fit) -> Self {
        let said = |of: &[bool]| of.iter().copied().map(Some).collect::<Vec<_>>();
        let labels: Vec<_> =
            known.iter().map(|known| (said(&known.buyers), said(&known.facilitators))).collect();
        let outcomes: Vec<Outcomes<'_>> = known
            .iter()
            .zip(&labels)
            .map(|(known, (payers, payees))| Outcomes { graph: &known.graph, payers, payees })
            .collect();
        let fit = Fit { rising: RISING, ..fit.clone() };
        train(&outcomes, &Training { fit, person, seed, ..Training::default() }).evidence
    }
}

#[cfg(test)]
mod tests {
    use super::{Outcomes, Training, train};
    use crate::chance::Chance;
    use crate::models::boosting::Fit;
    use crate::models::evidence::Evidence;
    use crate::models::features::PERSON;
    use crate::quality::{Judged, average_precision};
    use crate::world::{Parameters, Variant, World};

    fn fast() -> Fit {
        Fit { rounds: 120, pairs: 2, pair_rounds: 20, rate: 0.12, ..Training::default().fit }
    }

    /// Some of what is looked for keeps its label; nobody said anything of the others.
    fn some(labels: &[bool], share: f64) -> Vec<Option<bool>> {
        let mut chance = Chance::part(3, "labels");
        labels.iter().map(|label| (*label && chance.happens(share)).then_some(true)).collect()
    }

    fn precision(accounts: &[u32], scores: &[f32], labels: &[bool]) -> f64 {
        let judge = |(account, score): (&u32, &f32)| Judged {
            score: f64::from(*score),
            label: labels[*account as usize],
        };
        average_precision(&accounts.iter().zip(scores).map(judge).collect::<Vec<_>>())
    }

    #[test]
    fn a_third_of_the_labels_finds_what_the_others_would_have_named() {
        let worlds = [71, 72].map(|seed| {
            World::generate(Parameters::new(seed, Variant::In).with_transfers(40_000)).known()
        });
        let [seen, other] = &worlds;
        let (payers, payees) = (some(&seen.buyers, 0.33), some(&seen.facilitators, 0.33));
        let known = [Outcomes { graph: &seen.graph, payers: &payers, payees: &payees }];
        let measure = |partial| {
            let (fit, folds) = (fast(), 3);
            let how = Training { fit, folds, partial, ..Training::default() };
            let scored = train(&known, &how).evidence.score(&other.graph, false);
            precision(&scored.payers.accounts, &scored.payer_scores, &other.buyers)
                + precision(&scored.payees.accounts, &scored.payee_scores, &other.facilitators)
        };
        let (as_harmless, by_likelihood) = (measure(false), measure(true));
        assert!(by_likelihood > as_harmless, "{by_likelihood} against {as_harmless}");
        assert!(by_likelihood > 1.4, "{by_likelihood}");
    }

    #[test]
    fn a_side_that_is_not_learnt_keeps_its_prior_and_a_seed_gives_one_model() {
        let world =
            World::generate(Parameters::new(73, Variant::In).with_transfers(30_000)).known();
        let (payers, payees) = (some(&world.buyers, 1.0), vec![None; world.facilitators.len()]);
        let known = [Outcomes { graph: &world.graph, payers: &payers, payees: &payees }];
        let prior = Evidence::shipped().unwrap();
        let how = Training {
            correcting: Fit { rounds: 40, pairs: 0, ..Fit::correcting() },
            folds: 2,
            prior: Some(prior.clone()),
            learn: [true, false],
            person: true,
            ..Training::default()
        };
        let trained = train(&known, &how);
        assert_eq!(trained.evidence.payees, prior.payees);
        assert_ne!(trained.evidence.payers, prior.payers);
        let last = &trained.evidence.payers[1];
        assert!(last.shapes.iter().any(|shape| PERSON.contains(&shape.feature.as_str())));
        assert_eq!(trained.evidence, train(&known, &how).evidence);
        let held = &trained.held_out[0];
        assert_eq!(held.payers.accounts.len(), held.payer_scores.len());
        assert!(precision(&held.payers.accounts, &held.payer_scores, &world.buyers) > 0.7);
    }
}
