//! From the 64×64 samples to quality, frequencies and bits.

use std::sync::LazyLock;

use tutela_core::Pdq;

use super::{GRID, Grid};

/// Frequencies kept a side: 1 to 16; the constant one is left out.
const SIDE: usize = 16;

/// Frequencies by vertical, then horizontal index.
type Square = [[f32; SIDE]; SIDE];

/// Basis vectors: `BASIS[i][j]` weighs sample `j` for frequency `i + 1`.
static BASIS: LazyLock<[[f32; GRID]; SIDE]> = LazyLock::new(|| {
    let scale = f64::from((2.0 / GRID as f64).sqrt() as f32);
    let step = std::f64::consts::PI / 2.0 / GRID as f64;
    std::array::from_fn(|i| {
        std::array::from_fn(|j| {
            let angle = step * (i + 1) as f64 * (2 * j + 1) as f64;
            (scale * angle.cos()) as f32
        })
    })
});

/// How much structure the samples have, 0 to 100: the sum of all steps between neighbours that
/// are at least 1 % of full brightness, scaled.
/// Source: PDQ reference, `pdqImageDomainQualityMetric`.
#[inline(always)]
pub(super) fn quality(grid: &Grid) -> u8 {
    let mut steps = 0;
    for (upper, lower) in grid.iter().zip(&grid[1..]) {
        for (u, v) in upper.iter().zip(lower) {
            steps += percent_step(*u, *v);
        }
    }
    for row in grid {
        for (u, v) in row.iter().zip(&row[1..]) {
            steps += percent_step(*u, *v);
        }
    }
    (steps / 90).min(100) as u8
}

/// The step in whole percent, towards zero.
#[inline(always)]
fn percent_step(u: f32, v: f32) -> u32 {
    (((u - v) * 100.0 / 255.0) as i32).unsigned_abs()
}

/// The 16×16 lowest frequencies of the samples.
pub(super) struct Spectrum(Square);

impl Spectrum {
    /// Transforms by columns, then by rows; each sum runs in the order of the samples.
    #[inline(always)]
    pub(super) fn of(grid: &Grid) -> Self {
        let basis: &[[f32; GRID]; SIDE] = &BASIS;
        let mut by_column = [[0.0; GRID]; SIDE];
        for (out, weights) in by_column.iter_mut().zip(basis) {
            for (weight, row) in weights.iter().zip(grid) {
                for (sum, sample) in out.iter_mut().zip(row) {
                    *sum += weight * sample;
                }
            }
        }
        let mut transposed = [[0.0; SIDE]; GRID];
        for (j, row) in transposed.iter_mut().enumerate() {
            for (weight, frequency) in row.iter_mut().zip(basis) {
                *weight = frequency[j];
            }
        }
        let mut square = [[0.0; SIDE]; SIDE];
        for (out, values) in square.iter_mut().zip(&by_column) {
            for (value, weights) in values.iter().zip(&transposed) {
                for (sum, weight) in out.iter_mut().zip(weights) {
                    *sum += value * weight;
                }
            }
        }
        Self(square)
    }

    /// The signal of the picture as it is.
    #[inline(always)]
    pub(super) fn original(&self) -> Pdq {
        pack(bits(&self.0))
    }

    /// The signals of all orientations, in the order of `Orientation::ALL`.
    ///
    /// Mirroring a picture negates its odd frequencies along one axis (index `i` here is
    /// frequency `i + 1`), and transposing it transposes them; so the eight are four patterns of
    /// signs, each as it is and transposed.
    #[inline(always)]
    pub(super) fn signals(&self) -> [Pdq; 8] {
        let same = bits(&self.0);
        let flip_x = bits(&self.with_signs(|i, _| i % 2 == 0));
        let flip_y = bits(&self.with_signs(|_, j| j % 2 == 0));
        let half_turn = bits(&self.with_signs(|i, j| (i + j) % 2 == 1));
        [
            pack(same),
            pack(transpose(flip_y)),
            pack(half_turn),
            pack(transpose(flip_x)),
            pack(flip_x),
            pack(flip_y),
            pack(transpose(same)),
            pack(transpose(half_turn)),
        ]
    }

    #[inline(always)]
    fn with_signs(&self, negate: impl Fn(usize, usize) -> bool) -> Square {
        let mut square = self.0;
        for (i, row) in square.iter_mut().enumerate() {
            for (j, value) in row.iter_mut().enumerate() {
                if negate(i, j) {
                    *value = -*value;
                }
            }
        }
        square
    }
}

/// One bit a frequency: whether it exceeds the lower median. Bit `j` of row `i`.
#[inline(always)]
fn bits(square: &Square) -> [u16; SIDE] {
    let mut sorted = *square;
    let values = sorted.as_flattened_mut();
    let middle = values.len() / 2 - 1;
    let (_, median, _) = values.select_nth_unstable_by(middle, f32::total_cmp);
    let median = *median;
    square.map(|row| {
        row.iter().enumerate().fold(0, |bits, (j, value)| bits | (u16::from(*value > median) << j))
    })
}

#[inline(always)]
fn transpose(rows: [u16; SIDE]) -> [u16; SIDE] {
    std::array::from_fn(|j| {
        rows.iter().enumerate().fold(0, |bits, (i, row)| bits | ((row >> j & 1) << i))
    })
}

/// Bit 255 first: the last bit of the last row.
#[inline(always)]
fn pack(rows: [u16; SIDE]) -> Pdq {
    let mut bytes = [0; 32];
    for (out, row) in bytes.as_chunks_mut().0.iter_mut().zip(rows.iter().rev()) {
        *out = row.to_be_bytes();
    }
    Pdq(bytes)
}
