//! What a score is made of, drawn: a strip in the queue, a staircase beside the table of an alert.

use std::fmt::Write;

use tutela_app::views::AlertPartView;

use crate::show::hostile::escaped;
use crate::words::{AlertWords, fill};

/// Height of one bar, in pixels.
const HEIGHT: u32 = 10;
/// Shades that parts of a strip take in turn.
const SHADES: usize = 3;
/// A part that is not nothing can be seen, in percent of the width.
const LEAST: f64 = 0.4;

/// A score or part of one: two digits, with a sign that is no hyphen.
pub(super) fn points(value: f64) -> String {
    format!("{value:.2}").replace('-', "\u{2212}")
}

/// The same with a plus.
pub(super) fn signed(value: f64) -> String {
    if value > 0.0 { format!("+{}", points(value)) } else { points(value) }
}

/// The parts that speak for looking, side by side; `most` is the full width.
pub(super) fn strip(parts: &[AlertPartView], most: f64, w: &AlertWords) -> String {
    let said: Vec<String> = parts.iter().map(|part| said(part, w)).collect();
    let mut svg = format!(
        "<svg class=\"strip\" width=\"100%\" height=\"{HEIGHT}\" role=\"img\"><title>{}</title>",
        escaped(&said.join("; "))
    );
    let mut x = 0.0;
    let raising = parts.iter().filter(|part| part.weight > 0.0);
    for (place, part) in raising.enumerate() {
        let width = (part.weight / most.max(1e-9) * 100.0).min(100.0 - x).max(0.0);
        // Writing to a string cannot fail.
        let _ = write!(
            svg,
            "<rect class=\"shade-{}\" x=\"{x:.2}%\" width=\"{width:.2}%\" height=\"{HEIGHT}\"/>",
            place % SHADES
        );
        x += width;
    }
    svg + "</svg>"
}

/// One bar for each part, beginning where the one before ends, and one for the sum at the end.
pub(super) fn staircase(parts: &[AlertPartView], w: &AlertWords) -> (Vec<String>, String) {
    let mut ends = vec![0.0_f64];
    let mut sum = 0.0;
    for part in parts {
        sum += part.weight;
        ends.push(sum);
    }
    let low = ends.iter().copied().fold(0.0, f64::min);
    let high = ends.iter().copied().fold(0.0, f64::max);
    let scale = Scale { low, span: (high - low).max(1e-9) };
    let bars = parts.iter().zip(&ends).map(|(part, from)| {
        let class = if part.weight < 0.0 { "against" } else { "for" };
        scale.bar(*from, from + part.weight, class, &said(part, w))
    });
    let title = fill(&fill(w.bar_from_to, "part", w.score_sum), "adds", &points(sum));
    (bars.collect(), scale.bar(0.0, sum, "sum", &title))
}

fn said(part: &AlertPartView, w: &AlertWords) -> String {
    fill(&fill(w.bar_from_to, "part", w.part(&part.id)), "adds", &signed(part.weight))
}

struct Scale {
    low: f64,
    span: f64,
}

impl Scale {
    fn at(&self, value: f64) -> f64 {
        (value - self.low) / self.span * 100.0
    }

    fn bar(&self, from: f64, to: f64, class: &str, title: &str) -> String {
        let (left, right) = (self.at(from.min(to)), self.at(from.max(to)));
        let width = if from == to { 0.0 } else { (right - left).max(LEAST) };
        format!(
            "<svg class=\"stair\" width=\"100%\" height=\"14\" role=\"img\"><title>{}</title>\
             <rect class=\"zero\" x=\"{:.2}%\" width=\"1\" height=\"14\"/>\
             <rect class=\"{class}\" x=\"{left:.2}%\" y=\"2\" width=\"{width:.2}%\" height=\"{HEIGHT}\"/></svg>",
            escaped(title),
            self.at(0.0)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{points, signed, staircase, strip};
    use crate::Lang;
    use tutela_app::views::AlertPartView;

    fn part(id: &str, weight: f64) -> AlertPartView {
        AlertPartView {
            id: id.to_owned(),
            value: 0.0,
            weight,
            why: String::new(),
            transfers: Vec::new(),
            transfer_count: 0,
        }
    }

    #[test]
    fn bars_follow_one_another_and_end_at_the_sum() {
        let parts = [part("night", 3.0), part("referral", 1.0), part("base", -2.0)];
        let (bars, sum) = staircase(&parts, Lang::En.alert_words());
        for (bar, expected) in bars.iter().zip([
            "x=\"0.00%\" y=\"2\" width=\"75.00%\"",
            "x=\"75.00%\" y=\"2\" width=\"25.00%\"",
            "class=\"against\" x=\"50.00%\" y=\"2\" width=\"50.00%\"",
        ]) {
            assert!(bar.contains(expected), "{bar}");
        }
        assert!(bars[0].contains("<title>At night: +3.00</title>"), "{}", bars[0]);
        assert!(sum.contains("x=\"0.00%\" y=\"2\" width=\"50.00%\""), "{sum}");
        assert!(sum.contains("<title>Score: 2.00</title>"), "{sum}");
        let drawn = strip(&parts, 8.0, Lang::It.alert_words());
        assert_eq!(drawn.matches("<rect").count(), 2, "what speaks against has no length");
        assert!(drawn.contains("Di notte: +3.00"), "{drawn}");
    }

    #[test]
    fn nothing_is_drawn_where_there_is_nothing() {
        let (bars, sum) = staircase(&[], Lang::En.alert_words());
        assert!(bars.is_empty() && sum.contains("width=\"0.00%\""), "{sum}");
        assert_eq!((points(-1.5), signed(0.25)), ("\u{2212}1.50".to_owned(), "+0.25".to_owned()));
    }
}
