//! Seeded chance: one stream of numbers a seed, and the distributions that worlds are drawn from.
//!
//! Same seed, same numbers, on every run of one build. It is no source of secrets.

/// A stream of pseudo-random numbers (xoshiro256++, seeded by SplitMix64).
#[derive(Debug, Clone)]
pub struct Chance {
    state: [u64; 4],
}

/// One step of SplitMix64: a bijection that scatters neighbouring numbers.
pub(crate) fn scatter(n: u64) -> u64 {
    let mut z = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Chance {
    /// The stream of this seed.
    pub fn new(seed: u64) -> Self {
        let first = scatter(seed);
        let second = scatter(first);
        let third = scatter(second);
        Self { state: [first, second, third, scatter(third)] }
    }

    /// A stream of its own for a named part, so that a change in one part leaves others as they were.
    pub fn part(seed: u64, name: &str) -> Self {
        let named = name.bytes().fold(seed, |sum, byte| scatter(sum ^ u64::from(byte)));
        Self::new(named)
    }

    /// The next number, all 64 bits of it.
    pub fn bits(&mut self) -> u64 {
        let [s0, s1, s2, s3] = &mut self.state;
        let result = s0.wrapping_add(*s3).rotate_left(23).wrapping_add(*s0);
        let shifted = *s1 << 17;
        *s2 ^= *s0;
        *s3 ^= *s1;
        *s1 ^= *s2;
        *s0 ^= *s3;
        *s2 ^= shifted;
        *s3 = s3.rotate_left(45);
        result
    }

    /// From 0 up to, not including, 1.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True with this probability.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// From 0 up to, not including, `n`; 0 where `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        ((self.unit() * n as f64) as usize).min(n.saturating_sub(1))
    }

    /// A whole number of this range, both ends included.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below((high.saturating_sub(low) + 1) as usize) as u32
    }

    /// Uniform between the two.
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// One of these, or nothing of nothing.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }

    /// A place drawn by weight; the last one where weights sum to nothing.
    pub fn weighted(&mut self, weights: impl Iterator<Item = f64> + Clone) -> usize {
        let mut left = self.unit() * weights.clone().sum::<f64>();
        let mut place = 0;
        for (n, weight) in weights.enumerate() {
            place = n;
            left -= weight;
            if left < 0.0 {
                break;
            }
        }
        place
    }

    /// Normal with mean 0 and deviation 1 (Box and Muller).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// Log-normal around this median.
    pub fn log_normal(&mut self, median: f64, log_deviation: f64) -> f64 {
        median * (log_deviation * self.normal()).exp()
    }

    /// Gamma (Marsaglia and Tsang); `shape` above zero.
    pub fn gamma(&mut self, shape: f64, scale: f64) -> f64 {
        if shape < 1.0 {
            let boost = (1.0 - self.unit()).powf(1.0 / shape.max(1e-3));
            return self.gamma(shape + 1.0, scale) * boost;
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = (1.0 + c * x).powi(3);
            if v > 0.0 && (1.0 - self.unit()).ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                return d * v * scale;
            }
        }
    }

    /// Beta of two gammas.
    pub fn beta(&mut self, a: f64, b: f64) -> f64 {
        let (x, y) = (self.gamma(a, 1.0), self.gamma(b, 1.0));
        x / (x + y)
    }

    /// Poisson; above a mean of 60 by the normal that it comes near.
    pub fn poisson(&mut self, mean: f64) -> u32 {
        if mean > 60.0 {
            return (mean + mean.sqrt() * self.normal()).round().max(0.0) as u32;
        }
        let limit = (-mean).exp();
        let (mut product, mut n) = (self.unit(), 0);
        while product > limit {
            product *= self.unit();
            n += 1;
        }
        n
    }

    /// Tries until the first success, counted from 1.
    pub fn geometric(&mut self, probability: f64) -> u32 {
        1 + ((1.0 - self.unit()).ln() / (1.0 - probability).ln()) as u32
    }

    /// Pareto from 1 upwards with this exponent.
    pub fn pareto(&mut self, exponent: f64) -> f64 {
        (1.0 - self.unit()).powf(-1.0 / exponent)
    }
}

#[cfg(test)]
mod tests {
    use super::Chance;

    fn mean(n: usize, mut draw: impl FnMut() -> f64) -> f64 {
        (0..n).map(|_| draw()).sum::<f64>() / n as f64
    }

    #[test]
    fn a_seed_gives_one_stream_and_parts_differ() {
        let draw = |mut chance: Chance| (0..4).map(|_| chance.bits()).collect::<Vec<_>>();
        assert_eq!(draw(Chance::new(7)), draw(Chance::new(7)));
        assert_ne!(draw(Chance::new(7)), draw(Chance::new(8)));
        assert_ne!(draw(Chance::part(7, "a")), draw(Chance::part(7, "b")));
    }

    #[test]
    fn distributions_have_the_means_they_should() {
        let mut chance = Chance::new(1);
        let near = |found: f64, expected: f64, name: &str| {
            assert!((found / expected - 1.0).abs() < 0.04, "{name}: {found} for {expected}");
        };
        near(mean(20_000, || chance.unit()), 0.5, "unit");
        near(mean(20_000, || chance.gamma(1.4, 2.0)), 2.8, "gamma");
        near(mean(20_000, || chance.gamma(0.5, 2.0)), 1.0, "gamma below one");
        near(mean(20_000, || f64::from(chance.poisson(3.0))), 3.0, "poisson");
        near(mean(20_000, || f64::from(chance.poisson(90.0))), 90.0, "poisson, large");
        near(mean(20_000, || chance.beta(4.0, 1.3)), 4.0 / 5.3, "beta");
        near(mean(20_000, || f64::from(chance.geometric(0.28))), 1.0 / 0.28, "geometric");
        near(mean(20_000, || chance.pareto(3.0)), 1.5, "pareto");
        near(mean(20_000, || chance.log_normal(1.0, 0.5)), (0.125_f64).exp(), "log-normal");
    }

    #[test]
    fn weights_decide_how_often() {
        let mut chance = Chance::new(2);
        let mut seen = [0_u32; 3];
        for _ in 0..30_000 {
            seen[chance.weighted([1.0, 0.0, 2.0].into_iter())] += 1;
        }
        assert_eq!(seen[1], 0);
        assert!((9_000..11_000).contains(&seen[0]), "{seen:?}");
        assert_eq!(chance.below(0), 0);
    }
}
