//! The filter as published: whole planes, one row or column at a time. The streamed filter must
//! give the same floats, at every level.

use tutela_core::PdqVariant;

use super::luma::Luma;
use super::{GRID, Grid, Hash, filter};
use crate::content::Pixels;
use crate::simd::{Kernel, Level, Portable, run_at_all};

fn plain_grid(luma: &Luma<'_>) -> Grid {
    let (width, height) = (luma.width(), luma.height());
    let mut plane = vec![0.0; width * height];
    for (y, row) in plane.chunks_exact_mut(width).enumerate() {
        luma.row(Portable, y, row);
    }
    for _ in 0..2 {
        for y in 0..height {
            box_line(&mut plane, y * width, 1, width);
        }
        for x in 0..width {
            box_line(&mut plane, x, width, height);
        }
    }
    let centre = |k: usize, side: usize| ((k as f64 + 0.5) * side as f64 / GRID as f64) as usize;
    std::array::from_fn(|i| {
        std::array::from_fn(|j| plane[centre(i, height) * width + centre(j, width)])
    })
}

/// Replaces the `len` values from `start` on, `step` apart, by the means of their windows.
fn box_line(plane: &mut [f32], start: usize, step: usize, len: usize) {
    let line: Vec<f32> = (0..len).map(|i| plane[start + i * step]).collect();
    let span = len.div_ceil(128);
    let reach = (span + 2) / 2 - 1;
    let (mut sum, mut count) = (0.0_f32, 0.0_f32);
    for right in 0..len + reach {
        if right < len {
            sum += line[right];
            count += 1.0;
        }
        if right >= span {
            sum -= line[right - span];
            count -= 1.0;
        }
        if right >= reach {
            plane[start + (right - reach) * step] = sum / count;
        }
    }
}

/// Pixels without any pattern, so that every float is different.
fn pixels(width: u32, height: u32, channels: u32) -> Pixels {
    let mut state = width * 31 + height;
    let samples = (0..width * height * channels).map(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    });
    let make = if channels == 1 { Pixels::grey } else { Pixels::rgb };
    make(width, height, samples.collect()).unwrap()
}

struct Sample<'a>(Luma<'a>);

impl Kernel for Sample<'_> {
    type Output = Grid;

    #[inline(always)]
    fn run<L: Level>(self, level: L) -> Grid {
        filter::sample(level, &self.0)
    }
}

/// Sides around every border: of windows, strips, blocks, cache lines, the grid and the reduction.
const SIZES: [(u32, u32); 16] = [
    (5, 5),
    (5, 700),
    (17, 16),
    (31, 33),
    (64, 64),
    (65, 63),
    (128, 129),
    (257, 127),
    (500, 333),
    (512, 512),
    (512, 513),
    (513, 5),
    (640, 97),
    (1025, 300),
    (1500, 40),
    (33, 2100),
];

#[test]
fn the_streamed_filter_equals_the_plain_one() {
    for (width, height) in SIZES {
        for (channels, variant) in
            [(1, PdqVariant::Full), (3, PdqVariant::Full), (3, PdqVariant::Reference)]
        {
            let pixels = pixels(width, height, channels);
            let expected = plain_grid(&Luma::new(&pixels, variant));
            for (level, grid) in run_at_all(|| Sample(Luma::new(&pixels, variant))) {
                assert!(grid == expected, "{level}: {width}×{height}×{channels}, {variant:?}");
            }
        }
    }
}

#[test]
fn every_level_gives_the_same_signals() {
    for (width, height) in SIZES {
        for variant in [PdqVariant::Full, PdqVariant::Reference] {
            let pixels = pixels(width, height, 3);
            let mut levels = run_at_all(|| Hash { pixels: &pixels, variant }).into_iter();
            let (_, portable) = levels.next().unwrap();
            for (level, signals) in levels {
                assert_eq!(signals, portable, "{level}: {width}×{height}, {variant:?}");
            }
        }
    }
}
