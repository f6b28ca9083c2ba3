//! The window of a box filter along one axis.

use super::super::GRID;

/// A centred window: the mean at place `o` is complete when place `o + reach` has entered, and a
/// place leaves `span` places after it entered. At the borders the window shrinks, and the mean
/// divides by the number of places that are really in it.
/// Source: PDQ reference, `computeJaroszFilterWindowSize` and `box1DFloat`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    /// Places along the axis.
    pub(super) len: usize,
    /// Places in the window, away from the borders.
    pub(super) span: usize,
    /// Places after the middle one.
    pub(super) reach: usize,
}

impl Window {
    /// Half a cell of the grid wide, rounded up: two rounds together blur over one cell.
    pub(super) fn new(len: usize) -> Self {
        let span = len.div_ceil(2 * GRID);
        Self { len, span, reach: span / 2 }
    }

    /// How many places are in the window around `place`.
    #[inline(always)]
    pub(super) fn count(&self, place: usize) -> usize {
        let end = place + self.reach + 1;
        end.min(self.len) - end.saturating_sub(self.span)
    }
}

#[cfg(test)]
mod tests {
    use super::Window;

    #[test]
    fn spans_are_those_of_the_reference() {
        for (len, span, reach) in [(5, 1, 0), (128, 1, 0), (129, 2, 1), (512, 4, 2), (4032, 32, 16)]
        {
            let window = Window::new(len);
            assert_eq!((window.span, window.reach), (span, reach), "{len}");
        }
    }

    #[test]
    fn windows_shrink_at_the_borders() {
        let window = Window::new(512);
        let counts = |places: [usize; 4]| places.map(|place| window.count(place));
        assert_eq!(counts([0, 1, 2, 3]), [3, 4, 4, 4]);
        assert_eq!(counts([508, 509, 510, 511]), [4, 4, 3, 2]);
    }
}
