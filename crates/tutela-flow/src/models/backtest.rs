//! What a model would have been worth: trained on what was known before a day, judged on the months after it.

use super::evidence::Plain;
use super::graph::{Flow, Graph};
use super::training::{Outcomes, Trained, Training, train};
use crate::quality::{Judged, Quality, quality};
use crate::transfers::Side;

/// Share of the period that lies before the cut.
const BEFORE: f64 = 0.6;
/// Months after the cut that are judged.
const MONTHS: usize = 6;
/// One month.
const MONTH_S: i64 = 30 * 86_400;
/// Alerts a side that stand open at the cut; the lowest of their scores is the bar that later accounts must pass.
pub const OPEN: usize = 500;

/// When each account's outcome was known, by account number; nothing where the labels do not say.
#[derive(Debug, Clone, Copy)]
pub struct Decided<'a> {
    /// Seconds since 1970, of payers.
    pub payers: &'a [Option<i64>],
    /// The same of payees.
    pub payees: &'a [Option<i64>],
}

/// One month after the cut, one side.
#[derive(Debug, Clone, PartialEq)]
pub struct Month {
    /// Its first second.
    pub from_s: i64,
    /// Its last second.
    pub to_s: i64,
    /// Which side.
    pub side: Side,
    /// How accounts that moved money in this month were ranked, those whose outcome was known before the cut left out.
    pub quality: Quality,
    /// Accounts that passed the bar in this month for the first time.
    pub alerts: u64,
    /// Those of them that are marked.
    pub right: u64,
}

/// A backtest.
#[derive(Debug, Clone, PartialEq)]
pub struct Backtest {
    /// The last second that the model knew.
    pub cut_s: i64,
    /// Marked accounts known at the cut: payers, payees.
    pub known: [u64; 2],
    /// Whether every mark says when it was decided; otherwise an account with a transfer before the cut counts as known.
    pub dated: bool,
    /// Month by month, payees first in each.
    pub months: Vec<Month>,
}

/// What was known of each account at the cut.
fn known_at(
    graph: &Graph,
    labels: &[Option<bool>],
    decided: &[Option<i64>],
    cut_s: i64,
    side: Side,
) -> Vec<Option<bool>> {
    let first = |account: u32| {
        let places = match side {
            Side::Payer => graph.paid.of(account),
            Side::Payee => graph.received.of(account),
        };
        places.first().map_or(i64::MAX, |place| graph.flows[*place as usize].time_s)
    };
    (0_u32..)
        .zip(labels)
        .map(|(account, label)| {
            let when = decided.get(account as usize).copied().flatten();
            label.filter(|_| when.unwrap_or_else(|| first(account)) <= cut_s)
        })
        .collect()
}

/// The same accounts, and the transfers up to a second.
fn until(graph: &Graph, last_s: i64) -> Graph {
    let flows: Vec<Flow> =
        graph.flows.iter().filter(|flow| flow.time_s <= last_s).copied().collect();
    Graph::new(graph.accounts.clone(), flows)
}

fn marked(labels: &[Option<bool>]) -> u64 {
    labels.iter().filter(|label| **label == Some(true)).count() as u64
}

/// Trains on what was known at the cut and judges each month after it. Nothing where the period is shorter than
/// four months, or where no side had `least` marked accounts at the cut. A side that had fewer keeps its prior.
pub fn backtest(
    known: &Outcomes<'_>,
    decided: Decided<'_>,
    how: &Training,
    least: u64,
) -> Option<Backtest> {
    let graph = known.graph;
    let (first, last) = (graph.flows.first()?.time_s, graph.flows.last()?.time_s);
    if last - first < 4 * MONTH_S {
        return None;
    }
    let cut_s = first + ((last - first) as f64 * BEFORE) as i64;
    let payers = known_at(graph, known.payers, decided.payers, cut_s, Side::Payer);
    let payees = known_at(graph, known.payees, decided.payees, cut_s, Side::Payee);
    let counts = [marked(&payers), marked(&payees)];
    let learn = [0, 1].map(|side| how.learn[side] && counts[side] >= least);
    if learn == [false, false] {
        return None;
    }
    let before = until(graph, cut_s);
    let outcomes = [Outcomes { graph: &before, payers: &payers, payees: &payees }];
    let Trained { evidence, .. } = train(&outcomes, &Training { learn, ..how.clone() });
    let mut seen = [vec![false; graph.accounts.len()], vec![false; graph.accounts.len()]];
    let mut bars: Option<[f32; 2]> = None;
    let mut months = Vec::new();
    for month in 0..=MONTHS as i64 {
        let (from_s, to_s) = (cut_s + (month - 1) * MONTH_S + 1, cut_s + month * MONTH_S);
        if to_s > last {
            break;
        }
        let now = until(graph, to_s);
        let scored = evidence.score_given(&now, &Plain::measure(&now, how.person), &[]);
        let sides = [
            (Side::Payee, &scored.payees.accounts, &scored.payee_scores, &payees, known.payees),
            (Side::Payer, &scored.payers.accounts, &scored.payer_scores, &payers, known.payers),
        ];
        let bar = *bars.get_or_insert_with(|| {
            [&scored.payee_scores, &scored.payer_scores].map(|scores| lowest_open(scores))
        });
        for (n, (side, accounts, scores, before, labels)) in sides.into_iter().enumerate() {
            let (mut judged, mut alerts, mut right) = (Vec::new(), 0, 0);
            for (account, score) in accounts.iter().zip(scores) {
                let label = labels[*account as usize] == Some(true);
                let passes = *score >= bar[n];
                let new = passes && !std::mem::replace(&mut seen[n][*account as usize], passes);
                if before[*account as usize] == Some(true) {
                    continue;
                }
                alerts += u64::from(new);
                right += u64::from(new && label);
                if moved(&now, side, *account, from_s) {
                    judged.push(Judged { score: f64::from(*score), label });
                }
            }
            // Month zero is the cut itself: it opens the first alerts.
            if month > 0 {
                let quality = quality(&judged, 0, 1);
                months.push(Month { from_s, to_s, side, quality, alerts, right });
            }
        }
    }
    let dated = [(known.payers, decided.payers), (known.payees, decided.payees)];
    let dated = dated.into_iter().all(|(labels, decided)| {
        labels.iter().zip(decided).all(|(label, when)| *label != Some(true) || when.is_some())
    });
    Some(Backtest { cut_s, known: counts, dated, months })
}

/// Whether an account moved money on this side since a second.
fn moved(graph: &Graph, side: Side, account: u32, from_s: i64) -> bool {
    let places = match side {
        Side::Payer => graph.paid.of(account),
        Side::Payee => graph.received.of(account),
    };
    places.last().is_some_and(|place| graph.flows[*place as usize].time_s >= from_s)
}

fn lowest_open(scores: &[f32]) -> f32 {
    let mut all = scores.to_vec();
    all.sort_unstable_by(|a, b| b.total_cmp(a));
    all.get(OPEN - 1).or(all.last()).copied().unwrap_or(f32::INFINITY)
}

#[cfg(test)]
mod tests {
    use super::{Decided, backtest};
    use crate::models::boosting::Fit;
    use crate::models::training::{Outcomes, Training};
    use crate::world::{Parameters, Variant, World};

    #[test]
    fn later_months_are_judged_by_what_was_known_before_them() {
        let world =
            World::generate(Parameters::new(81, Variant::In).with_transfers(30_000)).known();
        let said = |of: &[bool]| of.iter().copied().map(Some).collect::<Vec<_>>();
        let (payers, payees) = (said(&world.buyers), said(&world.facilitators));
        let known = Outcomes { graph: &world.graph, payers: &payers, payees: &payees };
        let never = vec![None; payers.len()];
        let decided = Decided { payers: &never, payees: &never };
        let fit = Fit { rounds: 100, pairs: 0, rate: 0.12, ..Training::default().fit };
        let how = Training { fit, folds: 2, ..Training::default() };
        let tested = backtest(&known, decided, &how, 10).unwrap();
        assert!(!tested.dated && tested.known.iter().all(|known| *known > 10), "{tested:?}");
        assert!(tested.months.len() >= 8 && tested.months.len().is_multiple_of(2));
        let all = world.buyers.iter().filter(|buyer| **buyer).count() as u64;
        for month in &tested.months {
            assert!(month.from_s > tested.cut_s && month.to_s > month.from_s);
            assert!(month.right <= month.alerts);
            assert!(month.quality.positives <= all - tested.known[0].min(all) + 200);
        }
        let found: u64 = tested.months.iter().map(|month| month.right).sum();
        assert!(found > 0, "{:?}", tested.months);
        assert!(backtest(&known, decided, &how, 10_000).is_none(), "too few at the cut");
        let early = vec![Some(0); payers.len()];
        let decided = Decided { payers: &early, payees: &early };
        assert!(backtest(&known, decided, &how, 10).unwrap().dated);
    }
}
