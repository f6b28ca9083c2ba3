//! The legend below a drawing: a mark and its word each, in as many rows as they need.

use super::marks::CHARACTER;
use crate::show::hostile::escaped;

/// Room for a mark.
const MARK: f64 = 34.0;
/// Height of a row.
pub(super) const ROW: f64 = 19.0;

/// A mark, drawn around (0, 0) in the width of its room, and its word.
pub(super) type Key = (String, String);

/// The legend from a height on, and its own height.
pub(super) fn legend(keys: &[Key], top: f64, width: f64) -> (String, f64) {
    let (mut x, mut y) = (0.0, top + 10.0);
    let mut svg = String::from("<g class=\"n-legend\" aria-hidden=\"true\">");
    for (mark, word) in keys {
        let own = MARK + word.chars().count() as f64 * CHARACTER * 0.86 + 18.0;
        if x > 0.0 && x + own > width {
            (x, y) = (0.0, y + ROW);
        }
        svg.push_str(&format!(
            "<g transform=\"translate({:.1} {:.1})\">{mark}</g><text class=\"n-small\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            x + MARK / 2.0,
            y,
            x + MARK + 4.0,
            y + 3.5,
            escaped(word),
        ));
        x += own;
    }
    (svg + "</g>", y + ROW - top)
}
