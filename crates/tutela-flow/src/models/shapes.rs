//! A glass-box model: one curve a feature and a few tables of two, added up.
//!
//! A score is `base` plus one number a feature, read from its curve, plus one number a pair, read from
//! its table. Nothing else enters it, so the contributions of an account sum to its score, which is the
//! logarithm of odds. Curves are boosted one split at a time (after Lou and others, "Accurate
//! intelligible models with pairwise interactions", 2013), from a seed-free, exact procedure.

use serde::{Deserialize, Serialize};

use super::features::Table;

/// The curve of one feature: constant between cuts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shape {
    /// Which feature.
    pub feature: String,
    /// Rising; a value equal to a cut lies above it.
    pub cuts: Vec<f32>,
    /// One more than cuts: what a value below the first, between them, and above the last adds.
    pub adds: Vec<f32>,
}

/// The table of two features.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// Which features.
    pub features: [String; 2],
    /// Cuts of each.
    pub cuts: [Vec<f32>; 2],
    /// Row by row of the first feature.
    pub adds: Vec<f32>,
}

/// A model as data.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Shapes {
    /// What every account starts from.
    pub base: f32,
    /// One a feature that adds anything.
    pub shapes: Vec<Shape>,
    /// A few.
    pub pairs: Vec<Pair>,
}

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
    /// Only some of what is looked for is labelled: rows without a label that look like those with one
    /// are left out of a second fit, instead of being learnt as harmless.
    pub partial: bool,
}

impl Default for Fit {
    fn default() -> Self {
        Self {
            rounds: 500,
            pairs: 6,
            pair_rounds: 150,
            rate: 0.12,
            pull: 4.0,
            rising: &[],
            partial: false,
        }
    }
}

/// What one feature or pair added to a score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Contribution {
    /// The feature, or two joined by ` × `.
    pub name: String,
    /// The feature's value; of two, the first one's.
    pub value: f32,
    /// Logarithm of odds.
    pub adds: f32,
}

/// Curves have at most so many parts; tables of two are coarser.
const BINS: usize = 48;
const PAIR_BINS: usize = 8;

fn place(cuts: &[f32], value: f32) -> usize {
    cuts.partition_point(|cut| *cut <= value)
}

/// Cuts that part the values of a column into about equally many, finer where positives are.
fn cuts(column: &[f32], labels: &[bool], bins: usize) -> Vec<f32> {
    let quantiles = |mut values: Vec<f32>, parts: usize| {
        values.sort_unstable_by(f32::total_cmp);
        let at = |n: usize| values.get(n * values.len() / parts).copied();
        (1..parts).filter_map(at).collect::<Vec<f32>>()
    };
    let found = column.iter().zip(labels).filter(|(_, label)| **label).map(|(value, _)| *value);
    let mut cuts = quantiles(column.to_vec(), bins / 2);
    cuts.extend(quantiles(found.collect(), bins / 2));
    cuts.sort_unstable_by(f32::total_cmp);
    cuts.dedup();
    cuts
}

struct Rows<'a> {
    labels: &'a [bool],
    weights: &'a [f32],
    scores: Vec<f64>,
    gradients: Vec<f32>,
    curvatures: Vec<f32>,
}

impl Rows<'_> {
    fn refresh(&mut self) {
        for n in 0..self.scores.len() {
            let chance = 1.0 / (1.0 + (-self.scores[n]).exp());
            let label = f64::from(u8::from(self.labels[n]));
            let weight = f64::from(self.weights[n]);
            self.gradients[n] = (weight * (label - chance)) as f32;
            self.curvatures[n] = (weight * chance * (1.0 - chance)) as f32;
        }
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

/// The best split of a row of bins: gain, place, what lies below it and above it.
fn split(sums: &[(f64, f64)], pull: f64, rising: bool) -> Option<(f64, usize, f64, f64)> {
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
        if best.is_none_or(|best| gain > best.0) && !(rising && low > high) {
            best = Some((gain, at + 1, low, high));
        }
    }
    best
}

impl Shapes {
    /// Estimates a model from a table and what is known of its rows. O(rounds · rows · features).
    pub fn fit(table: &Table, labels: &[bool], weights: &[f32], fit: &Fit) -> Self {
        let n = labels.len();
        let sum = |of: &dyn Fn(bool) -> bool| {
            let kept = labels.iter().zip(weights).filter(|(label, _)| of(**label));
            kept.map(|(_, weight)| f64::from(*weight)).sum::<f64>() + 0.5
        };
        let base = (sum(&|label| label) / sum(&|label| !label)).ln();
        let mut rows = Rows {
            labels,
            weights,
            scores: vec![base; n],
            gradients: vec![0.0; n],
            curvatures: vec![0.0; n],
        };
        let mut shapes: Vec<Shape> = table
            .names
            .iter()
            .zip(&table.columns)
            .map(|(name, column)| {
                let cuts = cuts(column, labels, BINS);
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
            let splits =
                shapes.iter().zip(&binned).enumerate().filter_map(|(at, (shape, bins))| {
                    let rising = fit.rising.contains(&shape.feature.as_str());
                    split(&sums(&rows, bins, shape.adds.len()), fit.pull, rising)
                        .map(|best| (at, best))
                });
            let Some((at, (_, cut, low, high))) = splits.max_by(|a, b| a.1.0.total_cmp(&b.1.0))
            else {
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
        Self { base: base as f32, shapes, pairs }
    }

    /// As [`fit`](Self::fit), where only some of what is looked for is labelled: fits, sets aside the
    /// unlabelled rows that score as three in four labelled ones do, and fits again.
    pub fn fit_partial(table: &Table, labels: &[bool], weights: &[f32], fit: &Fit) -> Self {
        let first = Self::fit(table, labels, weights, fit);
        let scores = first.scores(table);
        let labelled = scores.iter().zip(labels).filter(|(_, label)| **label);
        let mut labelled: Vec<f32> = labelled.map(|(score, _)| *score).collect();
        labelled.sort_unstable_by(f32::total_cmp);
        let Some(like) = labelled.get(labelled.len() / 4).copied() else { return first };
        let kept = |n: usize| if labels[n] || scores[n] < like { weights[n] } else { 0.0 };
        let weights: Vec<f32> = (0..weights.len()).map(kept).collect();
        Self::fit(table, labels, &weights, fit)
    }

    /// The score of each row: logarithm of odds.
    pub fn scores(&self, table: &Table) -> Vec<f32> {
        let rows = table.accounts.len();
        let mut scores = vec![self.base; rows];
        let column = |name: &str| {
            let place = table.names.iter().position(|found| found == name);
            place.map(|place| &table.columns[place])
        };
        for shape in &self.shapes {
            let Some(column) = column(&shape.feature) else { continue };
            for (score, value) in scores.iter_mut().zip(column) {
                *score += shape.adds.get(place(&shape.cuts, *value)).copied().unwrap_or(0.0);
            }
        }
        for pair in &self.pairs {
            let [a, b] = &pair.features;
            let (Some(a), Some(b)) = (column(a), column(b)) else { continue };
            for ((score, a), b) in scores.iter_mut().zip(a).zip(b) {
                *score += pair.at(*a, *b);
            }
        }
        scores
    }

    /// Why the account of this row has its score: contributions that sum to it, with the base among
    /// them, largest first.
    pub fn explain(&self, table: &Table, row: usize) -> Vec<Contribution> {
        let value = |name: &str| {
            let place = table.names.iter().position(|found| found == name)?;
            table.columns[place].get(row).copied()
        };
        let mut all =
            vec![Contribution { name: "base".to_owned(), value: self.base, adds: self.base }];
        for shape in &self.shapes {
            if let Some(value) = value(&shape.feature) {
                let adds = shape.adds.get(place(&shape.cuts, value)).copied().unwrap_or(0.0);
                all.push(Contribution { name: shape.feature.clone(), value, adds });
            }
        }
        for pair in &self.pairs {
            if let (Some(a), Some(b)) = (value(&pair.features[0]), value(&pair.features[1])) {
                all.push(Contribution {
                    name: pair.features.join(" × "),
                    value: a,
                    adds: pair.at(a, b),
                });
            }
        }
        all.sort_by(|a, b| b.adds.abs().total_cmp(&a.adds.abs()));
        all
    }

    /// Features by how far apart their curves lift accounts: deviation over the rows of a table.
    pub fn strongest(&self, table: &Table) -> Vec<(String, f32)> {
        let mut all: Vec<(String, f32)> = Vec::new();
        for shape in &self.shapes {
            let alone = Self { base: 0.0, shapes: vec![shape.clone()], pairs: Vec::new() };
            all.push((shape.feature.clone(), deviation(&alone.scores(table))));
        }
        for pair in &self.pairs {
            let alone = Self { base: 0.0, shapes: Vec::new(), pairs: vec![pair.clone()] };
            all.push((pair.features.join(" × "), deviation(&alone.scores(table))));
        }
        all.sort_by(|a, b| b.1.total_cmp(&a.1));
        all
    }
}

fn deviation(of: &[f32]) -> f32 {
    let n = of.len().max(1) as f32;
    let mean = of.iter().sum::<f32>() / n;
    (of.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / n).sqrt()
}

impl Pair {
    fn at(&self, a: f32, b: f32) -> f32 {
        let (row, column) = (place(&self.cuts[0], a), place(&self.cuts[1], b));
        self.adds.get(row * (self.cuts[1].len() + 1) + column).copied().unwrap_or(0.0)
    }
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
        .filter(|(n, range)| *range > 0.0 && !fit.rising.contains(&shapes[*n].feature.as_str()))
        .collect();
    weight.sort_by(|a, b| b.1.total_cmp(&a.1));
    weight.truncate(10);
    let coarse: Vec<(usize, Vec<f32>, Vec<u8>)> = weight
        .iter()
        .map(|(n, _)| {
            let column = &table.columns[*n];
            let cuts = cuts(column, rows.labels, PAIR_BINS);
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
    use super::{Fit, Shapes};
    use crate::chance::Chance;
    use crate::models::features::Table;

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

    #[test]
    fn contributions_sum_to_the_score_and_survive_being_written() {
        let (table, labels) = table();
        let model = Shapes::fit(&table, &labels, &vec![1.0; 4_000], &Fit::default());
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
        let model = Shapes::fit(&table, &labels, &vec![1.0; 4_000], &fit);
        let strongest = model.strongest(&table);
        assert_eq!(strongest.last().map(|(name, _)| name.contains("noise")), Some(true));
        assert!(strongest[0].0 == "step" || strongest[0].0 == "rising", "{strongest:?}");
        let rising = model.shapes.iter().find(|shape| shape.feature == "rising").unwrap();
        assert!(rising.adds.windows(2).all(|pair| pair[0] <= pair[1]), "{:?}", rising.adds);
    }
}
