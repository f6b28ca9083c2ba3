//! Brightness of pixels as floats, in the two published precisions.

use tutela_core::PdqVariant;

use super::{GRID, Grid};
use crate::content::Pixels;
use crate::simd::{Level, SIDE};

/// The reference reduces a picture with a longer side to a square of this side first.
const REDUCED_SIDE: usize = 512;

/// The brightness of a picture, computed row by row when asked for.
pub(super) struct Luma<'a> {
    pixels: &'a Pixels,
    variant: PdqVariant,
    width: usize,
    height: usize,
    /// For a reduced picture, where in a row of samples each of its columns starts.
    columns: Vec<usize>,
}

impl<'a> Luma<'a> {
    pub(super) fn new(pixels: &'a Pixels, variant: PdqVariant) -> Self {
        let (width, height) = (pixels.width() as usize, pixels.height() as usize);
        let longer = width.max(height) > REDUCED_SIDE && width.min(height) > 0;
        if longer && variant == PdqVariant::Reference {
            let channels = usize::from(pixels.channels());
            let columns = (0..REDUCED_SIDE).map(|x| x * width / REDUCED_SIDE * channels).collect();
            Self { pixels, variant, width: REDUCED_SIDE, height: REDUCED_SIDE, columns }
        } else {
            Self { pixels, variant, width, height, columns: Vec::new() }
        }
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    pub(super) fn height(&self) -> usize {
        self.height
    }

    /// Writes the brightness of row `y`; `out` is one row wide.
    #[inline(always)]
    pub(super) fn row<L: Level>(&self, level: L, y: usize, out: &mut [f32]) {
        let width = self.pixels.width() as usize;
        let channels = usize::from(self.pixels.channels());
        let source_y = y * self.pixels.height() as usize / self.height;
        let samples = &self.pixels.samples()[source_y * width * channels..];
        match (channels, self.variant) {
            _ if width != self.width => reduced_row(samples, channels, &self.columns, out),
            (1, _) => {
                for (out, grey) in out.iter_mut().zip(samples) {
                    *out = f32::from(*grey);
                }
            }
            (_, PdqVariant::Reference) => rgb_row(level, samples, out, reference_luma),
            (_, PdqVariant::Full) => rgb_row(level, samples, out, binding_luma),
        }
    }

    /// The brightness of a picture that has the size of the grid.
    #[inline(always)]
    pub(super) fn grid<L: Level>(&self, level: L) -> Grid {
        let mut grid = [[0.0; GRID]; GRID];
        for (y, row) in grid.iter_mut().enumerate() {
            self.row(level, y, row);
        }
        grid
    }
}

/// A row of an RGB picture; `samples` begin with it and may go on.
#[inline(always)]
fn rgb_row<L: Level>(
    level: L,
    samples: &[u8],
    out: &mut [f32],
    luma: impl Fn(f32, f32, f32) -> f32,
) {
    let (mut samples, mut done) = (samples, 0);
    for out in out.as_chunks_mut::<SIDE>().0 {
        // The last pixels of a picture have nothing after them.
        let Some(pixels) = samples.first_chunk() else { break };
        let [r, g, b] = level.split_rgb(pixels);
        for (i, out) in out.iter_mut().enumerate() {
            *out = luma(r[i], g[i], b[i]);
        }
        samples = &samples[3 * SIDE..];
        done += SIDE;
    }
    for (out, [r, g, b]) in out[done..].iter_mut().zip(samples.as_chunks().0) {
        *out = luma(f32::from(*r), f32::from(*g), f32::from(*b));
    }
}

/// A row of the nearest pixels of a wider or narrower one, in the reference's precision.
#[inline(always)]
fn reduced_row(samples: &[u8], channels: usize, columns: &[usize], out: &mut [f32]) {
    let mut words = [0; REDUCED_SIDE];
    for (word, &start) in words.iter_mut().zip(columns) {
        *word = match samples.get(start..start + 4) {
            Some(bytes) => u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]),
            None => last_pixel(&samples[start..]),
        };
    }
    for (out, word) in out.iter_mut().zip(words) {
        let [r, g, b] = [word & 255, word >> 8 & 255, word >> 16 & 255].map(|value| value as f32);
        *out = if channels == 1 { r } else { reference_luma(r, g, b) };
    }
}

/// The last pixels of a picture, where four bytes are more than there are.
#[cold]
fn last_pixel(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |word, byte| word << 8 | u32::from(*byte))
}

/// As the C++ reference weighs the colours: in single precision, left to right.
#[inline(always)]
fn reference_luma(r: f32, g: f32, b: f32) -> f32 {
    0.299 * r + 0.587 * g + 0.114 * b
}

/// As the Python binding does: in double precision, rounded once.
#[inline(always)]
fn binding_luma(r: f32, g: f32, b: f32) -> f32 {
    (f64::from(r) * 0.299 + f64::from(g) * 0.587 + f64::from(b) * 0.114) as f32
}
