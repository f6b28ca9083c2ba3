//! The Jarosz filter and the 64×64 sampling, streamed over the rows of a picture.
//!
//! The filter blurs twice, each time with a box along rows and a box along columns. A box is a
//! running sum, and a running sum of floats must add and subtract in the published order. But no
//! row depends on another, nor a column on another: so [`LANES`] rows go through a row box side by
//! side, and a column box takes whole rows at a time. Nothing keeps more rows than a window spans,
//! and the last boxes divide only where the grid samples.

mod columns;
mod lanes;
mod rows;
mod window;

use self::columns::ColumnBox;
use self::lanes::{LANES, Lanes, from_lanes, lanes, stride, strip, to_lanes};
use self::rows::{box_rows, box_rows_at};
use self::window::Window;
use super::luma::Luma;
use super::{GRID, Grid};
use crate::simd::Level;

/// Blurs the picture and samples it at the centres of a 64×64 grid.
#[inline(always)]
pub(super) fn sample<L: Level>(level: L, luma: &Luma<'_>) -> Grid {
    let (width, height) = (luma.width(), luma.height());
    let along_row = Window::new(width);
    let mut rows = strip(width);
    let (mut turned, mut boxed) = (lanes(width), lanes(width));
    let mut columns = ColumnBox::new(width, height);
    let mut second = SecondRound::new(width, height);
    for y in (0..height).step_by(LANES) {
        let height = LANES.min(height - y);
        for (row, out) in rows.chunks_exact_mut(stride(width)).take(height).enumerate() {
            luma.row(level, y + row, &mut out[..width]);
        }
        to_lanes(level, &rows, &mut turned);
        box_rows(along_row, &turned, &mut boxed);
        from_lanes(level, &boxed, columns.next_strip());
        for _ in 0..height {
            second.take_from(level, &mut columns);
        }
    }
    while !columns.is_done() {
        second.take_from(level, &mut columns);
    }
    second.finish(level)
}

/// The second box along rows and along columns, which only the sampled places leave.
struct SecondRound {
    along_row: Window,
    sampled_columns: [usize; GRID],
    sampled_rows: [usize; GRID],
    rows: Vec<f32>,
    filled: usize,
    turned: Vec<Lanes>,
    boxed: Vec<Lanes>,
    columns: ColumnBox,
    grid: Grid,
    sampled: usize,
}

impl SecondRound {
    fn new(width: usize, height: usize) -> Self {
        Self {
            along_row: Window::new(width),
            sampled_columns: sampled_places(width),
            sampled_rows: sampled_places(height),
            rows: strip(width),
            filled: 0,
            turned: lanes(width),
            boxed: lanes(GRID),
            columns: ColumnBox::new(GRID, height),
            grid: [[0.0; GRID]; GRID],
            sampled: 0,
        }
    }

    /// Moves the first round one row on, and takes the row it completes, if any.
    #[inline(always)]
    fn take_from<L: Level>(&mut self, level: L, first: &mut ColumnBox) {
        if first.completes().is_none() {
            first.step(None);
            return;
        }
        let Window { len, .. } = self.along_row;
        first.step(Some(&mut self.rows[self.filled * stride(len)..][..len]));
        self.filled += 1;
        if self.filled == LANES {
            self.filter_strip(level);
        }
    }

    #[inline(always)]
    fn filter_strip<L: Level>(&mut self, level: L) {
        to_lanes(level, &self.rows, &mut self.turned);
        box_rows_at(self.along_row, &self.turned, &self.sampled_columns, &mut self.boxed);
        from_lanes(level, &self.boxed, self.columns.next_strip());
        for _ in 0..self.filled {
            self.sample_row();
        }
        self.filled = 0;
    }

    /// Moves one row on. Several rows of the grid may sample the same row of a small picture.
    #[inline(always)]
    fn sample_row(&mut self) {
        let row = self.columns.completes();
        let wanted = self.sampled_rows[self.sampled..].partition_point(|r| Some(*r) <= row);
        let Some((first, rest)) = self.grid[self.sampled..][..wanted].split_first_mut() else {
            self.columns.step(None);
            return;
        };
        self.columns.step(Some(first));
        rest.fill(*first);
        self.sampled += wanted;
    }

    #[inline(always)]
    fn finish<L: Level>(mut self, level: L) -> Grid {
        self.filter_strip(level);
        while !self.columns.is_done() {
            self.sample_row();
        }
        self.grid
    }
}

/// The row or column nearest the centre of each cell of the grid.
fn sampled_places(side: usize) -> [usize; GRID] {
    std::array::from_fn(|k| (2 * k + 1) * side / (2 * GRID))
}
