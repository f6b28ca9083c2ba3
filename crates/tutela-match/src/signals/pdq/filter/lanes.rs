//! Strips of rows turned so that vector instructions work on several rows at once.

use crate::simd::{Block, Level, SIDE};

/// Rows in a strip: enough that the sums of a row box do not wait for each other.
pub(super) const LANES: usize = 16;

/// The values of one column in each of the rows of a strip.
pub(super) type Lanes = [f32; LANES];

/// Floats in a cache line.
const LINE: usize = 16;

/// Floats from one row of a strip to the next: whole cache lines, and an odd number of them, as
/// the rows of a strip would else compete for the same few places in the cache.
pub(super) fn stride(width: usize) -> usize {
    (width.div_ceil(LINE) | 1) * LINE
}

/// A strip of rows, [`stride`] floats apart.
pub(super) fn strip(width: usize) -> Vec<f32> {
    vec![0.0; LANES * stride(width)]
}

/// The columns of a strip, some unused ones at the end.
pub(super) fn lanes(width: usize) -> Vec<Lanes> {
    vec![[0.0; LANES]; stride(width)]
}

/// From a strip of rows to its columns.
#[inline(always)]
pub(super) fn to_lanes<L: Level>(level: L, strip: &[f32], lanes: &mut [Lanes]) {
    let stride = lanes.len();
    for x in (0..stride).step_by(SIDE) {
        for top in (0..LANES).step_by(SIDE) {
            let block = read_block(|row| &strip[(top + row) * stride + x..]);
            for (lanes, values) in lanes[x..].iter_mut().zip(level.transpose(block)) {
                lanes[top..top + SIDE].copy_from_slice(&values);
            }
        }
    }
}

/// From the columns of a strip to its rows.
#[inline(always)]
pub(super) fn from_lanes<L: Level>(level: L, lanes: &[Lanes], strip: &mut [f32]) {
    let stride = lanes.len();
    for x in (0..stride).step_by(SIDE) {
        for top in (0..LANES).step_by(SIDE) {
            let block = read_block(|column| &lanes[x + column][top..]);
            for (row, values) in level.transpose(block).iter().enumerate() {
                strip[(top + row) * stride + x..][..SIDE].copy_from_slice(values);
            }
        }
    }
}

#[inline(always)]
fn read_block<'a>(line: impl Fn(usize) -> &'a [f32]) -> Block {
    let mut block = [[0.0; SIDE]; SIDE];
    for (i, out) in block.iter_mut().enumerate() {
        out.copy_from_slice(&line(i)[..SIDE]);
    }
    block
}

#[cfg(test)]
mod tests {
    use super::{from_lanes, lanes, stride, strip, to_lanes};
    use crate::simd::Portable;

    #[test]
    fn strips_turn_and_turn_back() {
        for width in [1, 5, 8, 13, 64] {
            let mut rows = strip(width);
            rows.iter_mut().enumerate().for_each(|(i, value)| *value = i as f32);
            let mut columns = lanes(width);
            to_lanes(Portable, &rows, &mut columns);
            for (x, column) in columns.iter().enumerate() {
                for (row, value) in column.iter().enumerate() {
                    assert_eq!(*value, (row * stride(width) + x) as f32);
                }
            }
            let mut back = strip(width);
            from_lanes(Portable, &columns, &mut back);
            assert_eq!(back, rows);
        }
    }

    #[test]
    fn rows_lie_an_odd_number_of_cache_lines_apart() {
        for width in 1..2000 {
            assert!(stride(width) >= width);
            assert_eq!(stride(width) % 32, 16);
        }
    }
}
