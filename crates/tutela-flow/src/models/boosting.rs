//! Estimates a glass-box model: one split at a time, from nothing or from a model that is there already.
//!
//! After Lou and others, "Accurate intelligible models with pairwise interactions" (2013). What is estimated
//! from a prior is the difference to it: curves and tables of both are added up, so the result is a sum like any
//! other. The procedure is exact and asks no chance.

use super::features::Table;
use super::shapes::{Pair, Shape, Shapes, place};

/// How a model is estimated.
#[derive(Debug, Clone)]
pub struct Fit {
    /// Splits made on single features.
    pub rounds: usize,
    /// Tables of two.
    pub pairs: usize,
    /// Splits made in them.
    pub pair_rounds: usize,
    /// Share of each step that is taken.
    pub rate: f64,
    /// Pulls steps to zero.
    pub pull: f64,
    /// Features that may only raise a score as they grow.
    pub rising: &'static [&'static str],
    /// Features that may only lower it.
    pub falling: &'static [&'static str],
}

impl Default for Fit {
    fn default() -> Self {
        Self {
            rounds: 1_000,
            pairs: 12,
            pair_rounds: 600,
            rate: 0.06,
            pull: 4.0,
            rising: &[],
            falling: &[],
        }
    }
}

impl Fit {
    /// For the difference to a prior: few, larger steps. More of them learn what is peculiar to the labels.
    pub fn correcting() -> Self {
        Self { rounds: 200, pairs: 6, pair_rounds: 150, rate: 0.12, ..Self::default() }
    }
}

/// What a model is estimated from.
#[derive(Debug, Clone, Copy)]
pub struct Sample<'a> {
    /// One row an account.
    pub table: &'a Table,
    /// How likely each row is what is looked for: 1 where it is known to be, 0 where it is known not to be.
    pub targets: &'a [f32],
    /// How much each row counts.
    pub weights: &'a [f32],
    /// The model to start from.
    pub prior: Option<&'a Shapes>,
}

/// Curves have at most so many parts; tables of two are coarser.
const BINS: usize = 48;
const PAIR_BINS: usize = 8;

/// Cuts that part the values of a column into about equally many, finer where positives are.
fn cuts(column: &[f32], targets: &[f32], bins: usize) -> Vec<f32> {
    let quantiles = |mut values: Vec<f32>, parts: usize| {
        values.sort_unstable_by(f32::total_cmp);
        let at = |n: usize| values.get(n * values.len() / parts).copied();
        (1..parts).filter_map(at).collect::<Vec<f32>>()
    };
    let found = column.iter().zip(targets).filter(|(_, target)| **target > 0.5);
    let mut cuts = quantiles(column.to_vec(), bins / 2);
    cuts.extend(quantiles(found.map(|(value, _)| *value).collect(), bins / 2));
    cuts.sort_unstable_by(f32::total_cmp);
    cuts.dedup();
    cuts
}

struct Rows<'a> {
    targets: &'a [f32],
    weights: &'a [f32],
    scores: Vec<f64>,
    gradients: Vec<f32>,
    curvatures: Vec<f32>,
}

impl Rows<'_> {
    fn refresh(&mut self) {
        for n in 0..self.scores.len() {
            let chance = 1.0 / (1.0 + (-self.scores[n]).exp());
            let weight = f64::from(self.weights[n]);
            self.gradients[n] = (weight * (f64::from(self.targets[n]) - chance)) as f32;
            self.curvatures[n] = (weight * chance * (1.0 - chance)) as f32;
        }
    }

    /// Lifts all rows alike, so that as many are expected as there are. Gives the lift.
    fn level(&mut self, pull: f64) -> f64 {
        let mut lift = 0.0;
        for _ in 0..20 {
            self.refresh();
            let sum = |of: &[f32]| of.iter().map(|one| f64::from(*one)).sum::<f64>();
            let step = sum(&self.gradients) / (sum(&self.curvatures) + pull);
            let step = step.clamp(-1.0, 1.0);
            lift += step;
            self.scores.iter_mut().for_each(|score| *score += step);
            if step.abs() < 1e-4 {
                break;
            }
        }
        lift
    }
}

/// Sums of gradient and curvature of each bin.
fn sums(rows: &Rows<'_>, bins: &[u8], of: usize) -> Vec<(f64, f64)> {
    let mut sums = vec![(0.0, 0.0); of];
    for ((bin, gradient), curvature) in bins.iter().zip(&rows.gradients).zip(&rows.curvatures) {
        let sum = &mut sums[usize::from(*bin)];
        sum.0 += f64::from(*gradient);
        sum.1 += f64::from(*curvature);
    }
    sums
}

/// Where a curve must go as its feature grows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Any,
    Up,
    Down,
}

impl Fit {
    fn way(&self, feature: &str) -> Way {
        match feature {
            up if self.rising.contains(&up) => Way::Up,
            down if self.falling.contains(&down) => Way::Down,
            _ => Way::Any,
        }
    }
}

/// The best split of a row of bins: gain, place, what lies below it and above it.
fn split(sums: &[(f64, f64)], pull: f64, way: Way) -> Option<(f64, usize, f64, f64)> {
    let all = sums.iter().fold((0.0, 0.0), |sum, bin| (sum.0 + bin.0, sum.1 + bin.1));
    let worth = |(g, h): (f64, f64)| g * g / (h + pull);
    let mut below = (0.0, 0.0);
    let mut best: Option<(f64, usize, f64, f64)> = None;
    for (at, bin) in sums.iter().enumerate().take(sums.len().saturating_sub(1)) {
        below = (below.0 + bin.0, below.1 + bin.1);
        let above = (all.0 - below.0, all.1 - below.1);
        if below.1 < 0.5 || above.1 < 0.5 {
            continue;
        }
        let (low, high) = (below.0 / (below.1 + pull), above.0 / (above.1 + pull));
        let gain = worth(below) + worth(above);
        let allowed = match way {
            Way::Any => true,
            Way::Up => low <= high,
            Way::Down => low >= high,
        };
        if allowed && best.is_none_or(|best| gain > best.0) {
            best = Some((gain, at + 1, low, high));
        }
    }
    best
}

/// Estimates a model. O(rounds · rows · features).
pub fn boost(sample: &Sample<'_>, fit: &Fit) -> Shapes {
    let Sample { table, targets, weights, prior } = *sample;
    let n = targets.len();
    let start = match prior {
        Some(prior) => prior.scores(table).into_iter().map(f64::from).collect(),
        None => {
            let sum = |of: &dyn Fn(f32) -> f32| {
                let parts =
                    targets.iter().zip(weights).map(|(target, weight)| of(*target) * weight);
                parts.map(f64::from).sum::<f64>() + 0.5
            };
            vec![(sum(&|target| target) / sum(&|target| 1.0 - target)).ln(); n]
        }
    };
    let base = if prior.is_some() { 0.0 } else { start.first().copied().unwrap_or(0.0) };
    let (gradients, curvatures) = (vec![0.0; n], vec![0.0; n]);
    let mut rows = Rows { targets, weights, scores: start, gradients, curvatures };
    let base = base + if prior.is_some() { rows.level(fit.pull) } else { 0.0 };
    let mut shapes: Vec<Shape> = table
        .names
        .iter()
        .zip(&table.columns)
        .map(|(name, column)| {
            let cuts = cuts(column, targets, BINS);
            Shape { feature: name.clone(), adds: vec![0.0; cuts.len() + 1], cuts }
        })
        .collect();
    let binned: Vec<Vec<u8>> = shapes
        .iter()
        .zip(&table.columns)
        .map(|(shape, column)| {
            column.iter().map(|value| place(&shape.cuts, *value) as u8).collect()
        })
        .collect();
    for _ in 0..fit.rounds {
        rows.refresh();
        let splits = shapes.iter().zip(&binned).enumerate().filter_map(|(at, (shape, bins))| {
            split(&sums(&rows, bins, shape.adds.len()), fit.pull, fit.way(&shape.feature))
                .map(|best| (at, best))
        });
        let Some((at, (_, cut, low, high))) = splits.max_by(|a, b| a.1.0.total_cmp(&b.1.0)) else {
            break;
        };
        let step = |bin: usize| fit.rate * if bin < cut { low } else { high };
        for (bin, add) in shapes[at].adds.iter_mut().enumerate() {
            *add += step(bin) as f32;
        }
        for (score, bin) in rows.scores.iter_mut().zip(&binned[at]) {
            *score += step(usize::from(*bin));
        }
    }
    let pairs = pairs(table, &shapes, &mut rows, fit);
    shapes.retain(|shape| shape.adds.iter().any(|add| *add != 0.0));
    shapes.iter_mut().for_each(Shape::shorten);
    let found = Shapes { base: base as f32, shapes, pairs };
    prior.map_or(found.clone(), |prior| prior.plus(&found))
}

/// Chooses the pairs that explain most of what single features leave, and fits their tables.
fn pairs(table: &Table, shapes: &[Shape], rows: &mut Rows<'_>, fit: &Fit) -> Vec<Pair> {
    if fit.pairs == 0 {
        return Vec::new();
    }
    rows.refresh();
    let mut weight: Vec<(usize, f32)> = shapes
        .iter()
        .enumerate()
        .map(|(n, shape)| {
            let range = shape
                .adds
                .iter()
                .fold((0.0_f32, 0.0_f32), |(low, high), add| (low.min(*add), high.max(*add)));
            (n, range.1 - range.0)
        })
        // What must rise keeps rising: it is in no table of two.
        .filter(|(n, range)| *range > 0.0 && fit.way(&shapes[*n].feature) == Way::Any)
        .collect();
    weight.sort_by(|a, b| b.1.total_cmp(&a.1));
    weight.truncate(10);
    let coarse: Vec<(usize, Vec<f32>, Vec<u8>)> = weight
        .iter()
        .map(|(n, _)| {
            let column = &table.columns[*n];
            let cuts = cuts(column, rows.targets, PAIR_BINS);
            let bins = column.iter().map(|value| place(&cuts, *value) as u8).collect();
            (*n, cuts, bins)
        })
        .collect();
    let mut candidates = Vec::new();
    for (i, a) in coarse.iter().enumerate() {
        for b in &coarse[i + 1..] {
            let (wide, of) = (b.1.len() + 1, (a.1.len() + 1) * (b.1.len() + 1));
            let bins: Vec<u8> =
                a.2.iter()
                    .zip(&b.2)
                    .map(|(a, b)| (usize::from(*a) * wide + usize::from(*b)) as u8)
                    .collect();
            let gain: f64 = sums(rows, &bins, of).iter().map(|(g, h)| g * g / (h + fit.pull)).sum();
            let features = [table.names[a.0].clone(), table.names[b.0].clone()];
            let pair = Pair { features, cuts: [a.1.clone(), b.1.clone()], adds: vec![0.0; of] };
            candidates.push((gain, pair, bins));
        }
    }
    candidates.sort_by(|a, b| b.0.total_cmp(&a.0));
    candidates.truncate(fit.pairs);
    for round in 0..fit.pair_rounds {
        let many = candidates.len();
        let Some((_, pair, bins)) = candidates.get_mut(round % many.max(1)) else { break };
        let sums = sums(rows, bins, pair.adds.len());
        let steps: Vec<f64> = sums.iter().map(|(g, h)| fit.rate * g / (h + fit.pull)).collect();
        for (add, step) in pair.adds.iter_mut().zip(&steps) {
            *add += *step as f32;
        }
        for (score, bin) in rows.scores.iter_mut().zip(bins.iter()) {
            *score += steps[usize::from(*bin)];
        }
        rows.refresh();
    }
    candidates.into_iter().map(|(_, pair, _)| pair).collect()
}

#[cfg(test)]
mod tests {
    use super::{Fit, Sample, boost};
    use crate::chance::Chance;
    use crate::models::features::Table;
    use crate::models::shapes::Shapes;

    fn table() -> (Table, Vec<bool>) {
        let mut chance = Chance::new(3);
        let columns: Vec<Vec<f32>> =
            (0..3).map(|_| (0..4_000).map(|_| chance.unit() as f32).collect()).collect();
        let labels = (0..4_000)
            .map(|n| {
                let odds =
                    4.0 * columns[0][n] - 3.0 * f32::from(u8::from(columns[1][n] > 0.5)) - 1.0;
                chance.happens(1.0 / (1.0 + f64::from(-odds).exp()))
            })
            .collect();
        let names = ["rising", "step", "noise"].map(str::to_owned).to_vec();
        (Table { names, accounts: (0..4_000).collect(), columns }, labels)
    }

    fn fitted(table: &Table, labels: &[bool], fit: &Fit, prior: Option<&Shapes>) -> Shapes {
        let targets: Vec<f32> = labels.iter().map(|label| f32::from(u8::from(*label))).collect();
        let weights = &vec![1.0; labels.len()];
        boost(&Sample { table, targets: &targets, weights, prior }, fit)
    }

    #[test]
    fn contributions_sum_to_the_score_and_survive_being_written() {
        let (table, labels) = table();
        let model = fitted(&table, &labels, &Fit::default(), None);
        let scores = model.scores(&table);
        for row in [0, 17, 3_999] {
            let sum: f32 = model.explain(&table, row).iter().map(|part| part.adds).sum();
            assert!((sum - scores[row]).abs() < 1e-4, "{sum} for {}", scores[row]);
        }
        let text = serde_json::to_string(&model).unwrap();
        assert_eq!(serde_json::from_str::<Shapes>(&text).unwrap().scores(&table), scores);
    }

    #[test]
    fn it_finds_what_matters_and_keeps_what_must_rise_rising() {
        let (table, labels) = table();
        let fit = Fit { rising: &["rising"], ..Fit::default() };
        let model = fitted(&table, &labels, &fit, None);
        let strongest = model.strongest(&table);
        assert_eq!(strongest.last().map(|(name, _)| name.contains("noise")), Some(true));
        assert!(strongest[0].0 == "step" || strongest[0].0 == "rising", "{strongest:?}");
        let rising = model.shapes.iter().find(|shape| shape.feature == "rising").unwrap();
        assert!(rising.adds.windows(2).all(|pair| pair[0] <= pair[1]), "{:?}", rising.adds);
    }

    #[test]
    fn a_prior_is_corrected_and_what_must_fall_falls() {
        let (table, labels) = table();
        let fit = Fit { rising: &["rising"], ..Fit::default() };
        let prior = fitted(&table, &labels, &fit, None);
        let turned: Vec<bool> = labels.iter().map(|label| !label).collect();
        let falling = Fit { falling: &["rising"], rounds: 300, pairs: 0, ..Fit::default() };
        let model = fitted(&table, &turned, &falling, Some(&prior));
        let mean = |model: &Shapes, wanted: bool| {
            let scores = model.scores(&table);
            let of = scores.iter().zip(&labels).filter(|(_, label)| **label == wanted);
            of.clone().map(|(score, _)| *score).sum::<f32>() / of.count() as f32
        };
        assert!(mean(&prior, true) > mean(&prior, false));
        assert!(mean(&model, true) < mean(&model, false), "labels were turned");
        let alone = fitted(&table, &turned, &falling, None);
        let curve = alone.shapes.iter().find(|shape| shape.feature == "rising").unwrap();
        assert!(curve.adds.windows(2).all(|pair| pair[0] >= pair[1]), "{:?}", curve.adds);
        let twice = Shapes::mean(&[prior.clone(), prior.clone()]);
        let both = twice.scores(&table).into_iter().zip(prior.scores(&table));
        assert!(both.into_iter().all(|(a, b)| (a - b).abs() < 1e-3));
    }
}
