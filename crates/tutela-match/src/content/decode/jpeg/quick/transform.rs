//! From weighed coefficients to samples: the inverse cosine transform, in 32-bit integers.
//!
//! Step for step what zune-jpeg computes, so that every sample is the same: its short forms for
//! blocks of few coefficients give what the full form gives, as long as the constant term is small.

use super::Block;
use crate::simd::{self, Level};

const SIDE: usize = 8;

/// What each coefficient is multiplied by, in the order of the block.
pub(super) type Weights = [i32; 64];

/// Constant terms of ordinary pictures stay far below.
const MAX_CONSTANT: u32 = 1 << 16;

/// Half a unit of the second step, and 128 to make samples positive.
const SECOND_ROUND: i32 = 512 + (1 << 16) + (128 << 17);

type Lines = [[i32; SIDE]; SIDE];

/// Writes the samples of a block that has only a constant term.
#[inline(always)]
pub(super) fn flat(block: &Block, weights: &Weights, out: &mut [u8], stride: usize) -> Option<()> {
    let constant = constant(block, weights)?;
    let sample = ((constant + 4 + 1024) >> 3).clamp(0, 255) as u8;
    for line in out.chunks_mut(stride).take(SIDE) {
        *line.first_chunk_mut::<SIDE>()? = [sample; SIDE];
    }
    Some(())
}

/// Writes the samples of a block. `None` where the constant term is none that a picture has.
#[inline(always)]
pub(super) fn samples<L: Level>(
    level: L,
    block: &Block,
    weights: &Weights,
    out: &mut [u8],
    stride: usize,
) -> Option<()> {
    constant(block, weights)?;
    let mut lines: Lines = [[0; SIDE]; SIDE];
    let pairs = block.as_chunks::<SIDE>().0.iter().zip(weights.as_chunks::<SIDE>().0);
    for (line, (terms, weights)) in lines.iter_mut().zip(pairs) {
        for (value, (term, weight)) in line.iter_mut().zip(terms.iter().zip(weights)) {
            *value = i32::from(*term) * weight;
        }
    }
    let lines = turn(level, step::<10>(&lines, 512));
    let lines = turn(level, step::<17>(&lines, SECOND_ROUND));
    for (line, out) in lines.iter().zip(out.chunks_mut(stride)) {
        for (sample, value) in out.first_chunk_mut::<SIDE>()?.iter_mut().zip(line) {
            *sample = (*value).clamp(0, 255) as u8;
        }
    }
    Some(())
}

#[inline(always)]
fn constant(block: &Block, weights: &Weights) -> Option<i32> {
    let constant = i32::from(block[0]) * weights[0];
    (constant.unsigned_abs() < MAX_CONSTANT).then_some(constant)
}

/// One dimension, for all eight columns.
#[inline(always)]
fn step<const SHIFT: u32>(lines: &Lines, round: i32) -> Lines {
    let mut out: Lines = [[0; SIDE]; SIDE];
    for i in 0..SIDE {
        let [c0, c1, c2, c3, c4, c5, c6, c7] = std::array::from_fn(|line| lines[line][i]);
        let both = c2.wrapping_add(c6).wrapping_mul(2217);
        let t2 = both.wrapping_add(c6.wrapping_mul(-7567));
        let t3 = both.wrapping_add(c2.wrapping_mul(3135));
        let t0 = (c0.wrapping_add(c4) << 12).wrapping_add(round);
        let t1 = (c0.wrapping_sub(c4) << 12).wrapping_add(round);
        let (x0, x3) = (t0.wrapping_add(t3), t0.wrapping_sub(t3));
        let (x1, x2) = (t1.wrapping_add(t2), t1.wrapping_sub(t2));
        let (p3, p4) = (c7.wrapping_add(c3), c5.wrapping_add(c1));
        let (p1, p2) = (c7.wrapping_add(c1), c5.wrapping_add(c3));
        let p5 = p3.wrapping_add(p4).wrapping_mul(4816);
        let p1 = p5.wrapping_add(p1.wrapping_mul(-3685));
        let p2 = p5.wrapping_add(p2.wrapping_mul(-10497));
        let (p3, p4) = (p3.wrapping_mul(-8034), p4.wrapping_mul(-1597));
        let t3 = c1.wrapping_mul(6149).wrapping_add(p1.wrapping_add(p4));
        let t2 = c3.wrapping_mul(12586).wrapping_add(p2.wrapping_add(p3));
        let t1 = c5.wrapping_mul(8410).wrapping_add(p2.wrapping_add(p4));
        let t0 = c7.wrapping_mul(1223).wrapping_add(p1.wrapping_add(p3));
        out[0][i] = x0.wrapping_add(t3) >> SHIFT;
        out[1][i] = x1.wrapping_add(t2) >> SHIFT;
        out[2][i] = x2.wrapping_add(t1) >> SHIFT;
        out[3][i] = x3.wrapping_add(t0) >> SHIFT;
        out[4][i] = x3.wrapping_sub(t0) >> SHIFT;
        out[5][i] = x2.wrapping_sub(t1) >> SHIFT;
        out[6][i] = x1.wrapping_sub(t2) >> SHIFT;
        out[7][i] = x0.wrapping_sub(t3) >> SHIFT;
    }
    out
}

/// Exchanges lines and columns. The numbers pass as bit patterns of floats, which are only moved.
#[inline(always)]
fn turn<L: Level>(level: L, lines: Lines) -> Lines {
    let floats: simd::Block = lines.map(|line| line.map(|v| f32::from_bits(v.cast_unsigned())));
    level.transpose(floats).map(|line| line.map(|v| v.to_bits().cast_signed()))
}
