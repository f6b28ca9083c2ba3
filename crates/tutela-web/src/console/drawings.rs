//! The drawings of the console: SVG made here, with everything in them also in words.

use std::fmt::Write;

use crate::show::figures::{count, counted};
use crate::show::grid::bits_path;
use crate::show::hostile::escaped;
use crate::words::{ConsoleWords, MatchWords, fill};

/// Rows and columns of a signal.
const SIDE: usize = 16;
/// Bits of a signal.
const BITS: usize = SIDE * SIDE;
/// The scale of distances goes this far: one more than the largest radius.
const SCALE_BITS: u16 = 32;
/// Height of the columns, in pixels.
const COLUMN_HEIGHT: u64 = 84;
/// A part that is not nothing gets at least this width, in percent, so that it can be seen.
const LEAST_SHARE: f64 = 0.6;

/// Two signals side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pair {
    /// The signal that was looked up.
    pub(super) asked: String,
    /// The signal of the bank.
    pub(super) stored: String,
    /// How many bits differ.
    pub(super) bits: usize,
    /// How many bits differ, in words.
    pub(super) said: String,
    /// Which bits differ, a row a line.
    pub(super) rows: Vec<String>,
}

/// Draws two signals; `None` where one of them is no 256 bits.
pub(super) fn pair(asked: &str, stored: &str, w: &MatchWords) -> Option<Pair> {
    let differing = differing(asked, stored)?;
    let bits = differing.len();
    let all = BITS.to_string();
    let said = match bits {
        0 => fill(w.no_bits_differ, "all", &all),
        bits => counted(&fill(w.bits_differ, "all", &all), bits as u64),
    };
    let mut rows = Vec::new();
    for row in 0..SIDE {
        let columns: Vec<String> = differing
            .iter()
            .filter(|(at, _)| *at == row)
            .map(|(_, column)| (column + 1).to_string())
            .collect();
        if !columns.is_empty() {
            let line = fill(w.grid_row, "row", &(row + 1).to_string());
            rows.push(fill(&line, "columns", &columns.join(", ")));
        }
    }
    let described = format!("{said}. {}", rows.join("; "));
    Some(Pair {
        asked: grid(asked, &differing, w.asked, &described)?,
        stored: grid(stored, &differing, w.stored, &described)?,
        bits,
        said,
        rows,
    })
}

/// Draws one signal.
pub(super) fn single(value: &str, title: &str, described: &str) -> Option<String> {
    grid(value, &[], title, described)
}

/// Row and column of each bit that differs. Bit `k` stands in row `k / 16` and column `k % 16`.
fn differing(asked: &str, stored: &str) -> Option<Vec<(usize, usize)>> {
    let (asked, stored) = (words(asked)?, words(stored)?);
    let differs = |k: &usize| is_set(&asked, *k) != is_set(&stored, *k);
    Some((0..BITS).filter(differs).map(|k| (k / SIDE, k % SIDE)).collect())
}

fn words(hex: &str) -> Option<[u64; 4]> {
    Some(hex.parse::<tutela_core::Pdq>().ok()?.words())
}

/// A signal as 16 by 16 cells. Those that differ are crossed: dark where the bit is set here, framed where
/// it is clear.
fn grid(hex: &str, differing: &[(usize, usize)], title: &str, described: &str) -> Option<String> {
    let (bits, values) = (bits_path(hex)?, words(hex)?);
    let mut lines = String::new();
    for at in 1..SIDE {
        // Writing to a string cannot fail.
        let _ = write!(lines, "M{at} 0v16M0 {at}h16");
    }
    let mut marks = [(String::new(), String::new()), (String::new(), String::new())];
    for (row, column) in differing {
        let [clear, set] = &mut marks;
        let (boxes, crosses) = if is_set(&values, row * SIDE + column) { set } else { clear };
        let _ = write!(boxes, "M{column} {row}m.1 .1h.8v.8h-.8z");
        let _ = write!(crosses, "M{column} {row}m.28 .28l.44 .44m0-.44l-.44 .44");
    }
    let [clear, set] = marks;
    Some(format!(
        "<svg class=\"cells\" viewBox=\"-.3 -.3 16.6 16.6\" role=\"img\"><title>{}</title><desc>{}</desc>\
         <rect class=\"paper\" x=\"-.2\" y=\"-.2\" width=\"16.4\" height=\"16.4\"/><path class=\"set\" d=\"{bits}\"/>\
         <path class=\"lines\" d=\"{lines}\"/><path class=\"differs-set\" d=\"{}\"/><path class=\"cross-set\" d=\"{}\"/>\
         <path class=\"differs-clear\" d=\"{}\"/><path class=\"cross-clear\" d=\"{}\"/></svg>",
        escaped(title),
        escaped(described),
        set.0,
        set.1,
        clear.0,
        clear.1,
    ))
}

fn is_set(words: &[u64; 4], k: usize) -> bool {
    words.get(3 - k / 64).is_some_and(|word| word >> (k % 64) & 1 == 1)
}

/// A distance on the scale of what counts as near.
pub(super) fn gauge(bits: u16, radius: u16, w: &MatchWords) -> String {
    let title = fill(w.gauge, "bits", &bits.to_string());
    let title = fill(&title, "radius", &radius.to_string());
    let scale = SCALE_BITS.max(bits).max(radius);
    let at = |bits: u16| f64::from(bits) / f64::from(scale) * 100.0;
    let (bit, near) = (at(bits), at(radius));
    let mut svg = format!(
        "<svg class=\"gauge\" width=\"100%\" height=\"34\" role=\"img\"><title>{}</title>\
         <rect class=\"scale\" y=\"8\" width=\"100%\" height=\"8\"/><rect class=\"near\" y=\"8\" width=\"{near:.2}%\" height=\"8\"/>\
         <rect class=\"at\" x=\"{bit:.2}%\" y=\"2\" width=\"3\" height=\"20\"/>",
        escaped(&title)
    );
    for (tick, place) in [(0, 0.0), (radius, near)] {
        let anchor = if tick == 0 { "start" } else { "middle" };
        // Writing to a string cannot fail.
        let _ =
            write!(svg, "<text x=\"{place:.2}%\" y=\"33\" text-anchor=\"{anchor}\">{tick}</text>");
    }
    svg + "</svg>"
}

/// New matches a day: as many columns as days, the last one today.
pub(super) fn days(days: &[(String, u64)], w: &ConsoleWords) -> String {
    let most = days.iter().map(|(_, matches)| *matches).max().unwrap_or(0);
    let described = fill(w.days_desc, "days", &days.len().to_string());
    let described = fill(&described, "most", &count(most));
    let mut svg = format!(
        "<svg class=\"columns\" width=\"100%\" height=\"{}\" role=\"img\"><title>{}</title><desc>{}</desc>",
        COLUMN_HEIGHT + 34,
        escaped(w.days_title),
        escaped(&described),
    );
    let step = 100.0 / f64::from(u16::try_from(days.len().max(1)).unwrap_or(u16::MAX));
    let base = COLUMN_HEIGHT + 14;
    let mut x = 0.0;
    for (day, matches) in days {
        let height = match most {
            0 => 0,
            most => (COLUMN_HEIGHT * matches / most).max(u64::from(*matches > 0) * 2),
        };
        let said = counted(&fill(w.a_day, "day", day), *matches);
        // Writing to a string cannot fail.
        let _ = write!(
            svg,
            "<rect x=\"{x:.3}%\" y=\"{}\" width=\"{:.3}%\" height=\"{height}\"><title>{}</title></rect>",
            base - height,
            step * 0.78,
            escaped(&said),
        );
        x += step;
    }
    let _ = write!(svg, "<rect class=\"base\" y=\"{base}\" width=\"100%\" height=\"1\"/>");
    if let (Some((first, _)), Some((last, _))) = (days.first(), days.last()) {
        let y = base + 16;
        let _ = write!(
            svg,
            "<text x=\"0\" y=\"{y}\">{}</text><text x=\"100%\" y=\"{y}\" text-anchor=\"end\">{}</text>\
             <text x=\"0\" y=\"10\">{}</text>",
            escaped(first),
            escaped(last),
            escaped(&count(most)),
        );
    }
    svg + "</svg>"
}

/// One bar in a row of a table.
pub(super) fn bar(part: u64, of: u64, said: &str) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a drawing needs three digits")]
    let share = if of == 0 { 0.0 } else { part as f64 / of as f64 * 100.0 };
    let width = if part == 0 { 0.0 } else { share.max(LEAST_SHARE) };
    format!(
        "<svg class=\"bar\" width=\"100%\" height=\"10\" role=\"img\"><title>{}</title>\
         <rect width=\"{width:.3}%\" height=\"10\"/></svg>",
        escaped(said)
    )
}

#[cfg(test)]
mod tests {
    use super::{bar, days, differing, gauge, pair};
    use crate::Lang;

    const ZERO: &str = "0000000000000000000000000000000000000000000000000000000000000000";

    #[test]
    fn bits_that_differ_are_counted_and_named() {
        // Bits 0, 17 and 255.
        let other = format!("8{}20001", &ZERO[6..]);
        assert_eq!(differing(ZERO, &other), Some(vec![(0, 0), (1, 1), (15, 15)]));
        let drawn = pair(ZERO, &other, Lang::En.match_words()).unwrap();
        assert_eq!((drawn.bits, drawn.said.as_str()), (3, "3 of 256 bits differ"));
        assert_eq!(drawn.rows, ["Row 1: columns 1", "Row 2: columns 2", "Row 16: columns 16"]);
        for svg in [&drawn.asked, &drawn.stored] {
            assert_eq!(svg.matches("m.28 .28").count(), 3, "a cross each");
            assert!(svg.contains("<desc>3 of 256 bits differ. Row 1: columns 1; "), "{svg}");
        }
        let boxes = |svg: &str, class: &str| {
            let path = svg.split(&format!("class=\"{class}\" d=\"")).nth(1).unwrap();
            path.split('"').next().unwrap().matches('z').count()
        };
        assert_eq!(
            (boxes(&drawn.asked, "differs-clear"), boxes(&drawn.asked, "differs-set")),
            (3, 0)
        );
        assert_eq!(
            (boxes(&drawn.stored, "differs-clear"), boxes(&drawn.stored, "differs-set")),
            (0, 3)
        );
        let same = pair(ZERO, ZERO, Lang::En.match_words()).unwrap();
        assert_eq!((same.bits, same.said.as_str()), (0, "All 256 bits are the same"));
        assert_eq!(pair(ZERO, "d41d8cd98f00b204e9800998ecf8427e", Lang::En.match_words()), None);
    }

    #[test]
    fn what_is_drawn_is_said() {
        assert!(
            gauge(12, 31, Lang::En.match_words())
                .contains("<title>12 bits apart, of 31 that count as near")
        );
        let columns = [
            ("2026-03-01".to_owned(), 0),
            ("2026-03-02".to_owned(), 1),
            ("2026-03-03".to_owned(), 2_000),
        ];
        let svg = days(&columns, Lang::En.console_words());
        for said in
            ["2026-03-01: 0 matches", "2026-03-02: 1 match<", "2026-03-03: 2\u{202f}000 matches"]
        {
            assert!(svg.contains(said), "{said}: {svg}");
        }
        assert!(bar(1, 1_000_000, "one").contains("width=\"0.600%\""), "seen though small");
        assert!(days(&[], Lang::En.console_words()).contains("<svg"));
    }
}
