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

/// Where a value lies among cuts.
pub(super) fn place(cuts: &[f32], value: f32) -> usize {
    cuts.partition_point(|cut| *cut <= value)
}

impl Shapes {
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
                *score += shape.at(*value);
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
                let adds = shape.at(value);
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

impl Shape {
    /// Cuts that part nothing are left out.
    pub(super) fn shorten(&mut self) {
        let kept: Vec<usize> = (0..self.cuts.len().min(self.adds.len().saturating_sub(1)))
            .filter(|n| self.adds[*n] != self.adds[*n + 1])
            .collect();
        let cuts = kept.iter().map(|n| self.cuts[*n]).collect();
        let last = self.adds.len().saturating_sub(1);
        self.adds = kept.iter().copied().chain([last]).map(|n| self.adds[n]).collect();
        self.cuts = cuts;
    }

    /// What a value adds.
    fn at(&self, value: f32) -> f32 {
        self.adds.get(place(&self.cuts, value)).copied().unwrap_or(0.0)
    }

    /// The curve that adds what both add.
    fn plus(&self, other: &Self) -> Self {
        let mut cuts: Vec<f32> = self.cuts.iter().chain(&other.cuts).copied().collect();
        cuts.sort_unstable_by(f32::total_cmp);
        cuts.dedup();
        // A value equal to a cut lies above it, so the cut itself speaks for the part above.
        let both = |value: f32| self.at(value) + other.at(value);
        let below = self.adds.first().unwrap_or(&0.0) + other.adds.first().unwrap_or(&0.0);
        let adds = [below].into_iter().chain(cuts.iter().map(|cut| both(*cut))).collect();
        let mut sum = Self { feature: self.feature.clone(), cuts, adds };
        sum.shorten();
        sum
    }
}

impl Shapes {
    /// The model whose scores are the sums of both models' scores.
    pub(super) fn plus(&self, other: &Self) -> Self {
        let mut sum = self.clone();
        sum.base += other.base;
        for shape in &other.shapes {
            match sum.shapes.iter_mut().find(|one| one.feature == shape.feature) {
                Some(one) => *one = one.plus(shape),
                None => sum.shapes.push(shape.clone()),
            }
        }
        for pair in &other.pairs {
            let same = |one: &&mut Pair| one.features == pair.features && one.cuts == pair.cuts;
            match sum.pairs.iter_mut().find(same) {
                Some(one) => one.adds.iter_mut().zip(&pair.adds).for_each(|(a, b)| *a += b),
                None => sum.pairs.push(pair.clone()),
            }
        }
        sum
    }

    /// The model whose scores are the means of all models' scores.
    pub(super) fn mean(models: &[Self]) -> Self {
        let Some((first, others)) = models.split_first() else { return Self::default() };
        let mut sum = others.iter().fold(first.clone(), |sum, one| sum.plus(one));
        let n = models.len() as f32;
        sum.base /= n;
        let curves = sum.shapes.iter_mut().flat_map(|shape| &mut shape.adds);
        curves
            .chain(sum.pairs.iter_mut().flat_map(|pair| &mut pair.adds))
            .for_each(|add| *add /= n);
        sum
    }
}

impl Pair {
    fn at(&self, a: f32, b: f32) -> f32 {
        let (row, column) = (place(&self.cuts[0], a), place(&self.cuts[1], b));
        self.adds.get(row * (self.cuts[1].len() + 1) + column).copied().unwrap_or(0.0)
    }
}
