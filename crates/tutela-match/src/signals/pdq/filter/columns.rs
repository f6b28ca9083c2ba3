//! A box filter along all columns at once, fed with one row after another.

use super::lanes::{LANES, stride};
use super::window::Window;

/// Running sums of all columns, and the rows that are still in the window.
pub(super) struct ColumnBox {
    width: usize,
    stride: usize,
    window: Window,
    sums: Vec<f32>,
    /// Row `y` is in slot `y % slots`; strips never wrap, as `slots` is a multiple of their rows.
    ring: Vec<f32>,
    slots: usize,
    strips: usize,
    next: usize,
}

impl ColumnBox {
    pub(super) fn new(width: usize, height: usize) -> Self {
        let window = Window::new(height);
        let slots = window.span.next_multiple_of(LANES) + LANES;
        Self {
            width,
            stride: stride(width),
            window,
            sums: vec![0.0; width],
            ring: vec![0.0; slots * stride(width)],
            slots,
            strips: 0,
            next: 0,
        }
    }

    /// Where the next [`LANES`] rows go. The rows before must have been stepped over.
    #[inline(always)]
    pub(super) fn next_strip(&mut self) -> &mut [f32] {
        let slot = self.strips * LANES % self.slots;
        self.strips += 1;
        &mut self.ring[slot * self.stride..][..LANES * self.stride]
    }

    /// Whether every row is complete.
    #[inline(always)]
    pub(super) fn is_done(&self) -> bool {
        self.next == self.window.len + self.window.reach
    }

    /// The row that the next step completes, if any.
    #[inline(always)]
    pub(super) fn completes(&self) -> Option<usize> {
        self.next.checked_sub(self.window.reach)
    }

    /// Moves one row on, and writes the means of the row completed if `out` asks for them.
    #[inline(always)]
    pub(super) fn step(&mut self, out: Option<&mut [f32]>) {
        let entering = (self.next < self.window.len).then(|| self.slot(self.next));
        let leaving = self.next.checked_sub(self.window.span).map(|row| self.slot(row));
        let count = self.completes().map_or(1, |row| self.window.count(row)) as f32;
        self.next += 1;
        let entering = entering.map(|slot| &self.ring[slot..][..self.width]);
        let leaving = leaving.map(|slot| &self.ring[slot..][..self.width]);
        match (entering, leaving, out) {
            (Some(entering), Some(leaving), Some(out)) => {
                slide(&mut self.sums, entering, leaving, out, count);
            }
            (entering, leaving, out) => {
                if let Some(entering) = entering {
                    self.sums.iter_mut().zip(entering).for_each(|(sum, value)| *sum += value);
                }
                if let Some(leaving) = leaving {
                    self.sums.iter_mut().zip(leaving).for_each(|(sum, value)| *sum -= value);
                }
                if let Some(out) = out {
                    out.iter_mut().zip(&self.sums).for_each(|(out, sum)| *out = sum / count);
                }
            }
        }
    }

    #[inline(always)]
    fn slot(&self, row: usize) -> usize {
        row % self.slots * self.stride
    }
}

/// One row enters, one leaves, one is complete. By a power of two, multiplying by the reciprocal
/// is the same to the last bit as dividing, and faster.
#[inline(always)]
fn slide(sums: &mut [f32], entering: &[f32], leaving: &[f32], out: &mut [f32], count: f32) {
    let moves = sums.iter_mut().zip(entering).zip(leaving).zip(out);
    if (count as usize).is_power_of_two() {
        let share = 1.0 / count;
        for (((sum, entering), leaving), out) in moves {
            *sum = (*sum + entering) - leaving;
            *out = *sum * share;
        }
    } else {
        for (((sum, entering), leaving), out) in moves {
            *sum = (*sum + entering) - leaving;
            *out = *sum / count;
        }
    }
}
