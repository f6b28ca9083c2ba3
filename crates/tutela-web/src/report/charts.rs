//! The drawings of the report: SVG made here, with every number also in words.

use std::fmt::Write;

use tutela_app::views::{BucketView, OutcomeCounts};

use super::outcomes::{Mark, files};
use crate::show::figures::{count, counted};
use crate::show::hostile;
use crate::words::{Words, fill};

/// A part that is not nothing gets at least this width, in percent, so that it can be seen.
const LEAST_SHARE: f64 = 0.6;
/// A part narrower than this, in percent, has no room for its key.
const SHARE_WITH_KEY: f64 = 2.5;
/// More months than this are joined to years.
const MAX_MONTHS: usize = 84;
/// Height of the month drawing above its base line, in pixels.
const COLUMN_HEIGHT: u64 = 96;
/// Labels closer than this, in percent of the width, would touch.
const LABEL_EVERY: f64 = 9.0;

/// Share of a whole in percent of a width. Only for drawing: numbers are printed exactly.
#[expect(clippy::cast_precision_loss, reason = "a drawing needs three digits")]
pub(super) fn share(part: u64, of: u64) -> f64 {
    if of == 0 { 0.0 } else { part as f64 / of as f64 * 100.0 }
}

/// Title of a drawing: our own text, or text from outside that was made plain before.
fn title(text: &str) -> String {
    format!("<title>{}</title>", hostile::escaped(text))
}

/// One bar over the whole width: how the files divide into outcomes.
pub(super) fn outcome_bar(counts: &OutcomeCounts, words: &Words) -> String {
    let marks = Mark::all(words);
    let total: u64 = marks.iter().map(|mark| files(counts, mark.outcome)).sum();
    let said: Vec<String> = marks
        .iter()
        .map(|mark| format!("{}: {}", mark.word, count(files(counts, mark.outcome))))
        .collect();
    let mut svg = format!(
        "<svg class=\"outcome-bar\" width=\"100%\" height=\"46\" role=\"img\">{}<desc>{}</desc>",
        title(words.outcomes_title),
        hostile::escaped(&format!("{}. {}", said.join("; "), words.outcomes_note)),
    );
    let widths = marks.map(|mark| match share(files(counts, mark.outcome), total) {
        0.0 => 0.0,
        share => share.max(LEAST_SHARE),
    });
    let scale = 100.0 / widths.iter().sum::<f64>().max(1.0);
    let mut x = 0.0;
    for (mark, width) in marks.into_iter().zip(widths).filter(|(_, width)| *width > 0.0) {
        let width = width * scale;
        // Writing to a string cannot fail.
        let _ = write!(
            svg,
            "<rect x=\"{x:.3}%\" y=\"0\" width=\"{width:.3}%\" height=\"28\" fill=\"url(#p-{})\"/>",
            mark.id
        );
        if x > 0.0 {
            let _ = write!(
                svg,
                "<rect class=\"gap\" x=\"{x:.3}%\" y=\"0\" width=\"2\" height=\"28\"/>"
            );
        }
        if width >= SHARE_WITH_KEY {
            let (middle, key) = (x + width / 2.0, mark.key);
            let _ = write!(svg, "<text x=\"{middle:.3}%\" y=\"43\">{key}</text>");
        }
        x += width;
    }
    svg + "</svg>"
}

/// One bar in a table row; the second part stands behind the first and is drawn in stripes.
pub(super) fn row_bar(first: u64, second: u64, of: u64, said: &str) -> String {
    let (first, second) = (share(first, of), share(second, of));
    let mut svg =
        format!("<svg class=\"bar\" width=\"100%\" height=\"10\" role=\"img\">{}", title(said));
    for (x, width, class) in [(0.0, first, "solid"), (first, second, "striped")] {
        if width > 0.0 {
            // Writing to a string cannot fail.
            let _ = write!(
                svg,
                "<rect class=\"{class}\" x=\"{x:.3}%\" width=\"{:.3}%\" height=\"10\"/>",
                width.max(LEAST_SHARE)
            );
        }
    }
    svg + "</svg>"
}

/// New pictures over time.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    /// The drawing; empty where no picture states a time.
    pub(super) svg: String,
    /// What each column stands for, and how many pictures.
    pub(super) columns: Vec<(String, u64)>,
    /// Pictures that state no time that could be read.
    pub(super) undated: u64,
    /// Whether the columns are years.
    pub(super) by_year: bool,
}

/// Draws the months; gaps between them are kept, so that the distance on paper is time.
pub(super) fn timeline(buckets: &[BucketView], words: &Words) -> Timeline {
    let dated: Vec<(i32, u64)> =
        buckets.iter().filter_map(|b| Some((month_number(&b.name)?, b.files))).collect();
    let all: u64 = buckets.iter().map(|bucket| bucket.files).sum();
    let undated = all - dated.iter().map(|(_, files)| files).sum::<u64>();
    let span = |numbers: &[(i32, u64)]| match (numbers.first(), numbers.last()) {
        (Some((first, _)), Some((last, _))) => usize::try_from(last - first).map_or(0, |n| n + 1),
        _ => 0,
    };
    let by_year = span(&dated) > MAX_MONTHS;
    let counted_by = if by_year { years(&dated) } else { dated };
    let columns = match span(&counted_by) {
        span if span <= MAX_MONTHS => filled(&counted_by),
        // Dates centuries apart: a clock was wrong, and the empty years would hide the rest.
        _ => counted_by,
    };
    let columns: Vec<(String, u64)> =
        columns.into_iter().map(|(number, files)| (column_name(number, by_year), files)).collect();
    Timeline { svg: column_drawing(&columns, words), columns, undated, by_year }
}

/// Months since year 0 of `YYYY-MM`, or `None` for anything else, such as `unknown`.
fn month_number(name: &str) -> Option<i32> {
    let (year, month) = name.split_once('-')?;
    let (year, month) = (year.parse::<i32>().ok()?, month.parse::<i32>().ok()?);
    ((0..=9999).contains(&year) && (1..=12).contains(&month)).then_some(year * 12 + month - 1)
}

fn column_name(number: i32, by_year: bool) -> String {
    if by_year {
        format!("{number:04}")
    } else {
        format!("{:04}-{:02}", number / 12, number % 12 + 1)
    }
}

/// Joins months to years.
fn years(months: &[(i32, u64)]) -> Vec<(i32, u64)> {
    let mut years: Vec<(i32, u64)> = Vec::new();
    for (month, files) in months {
        match years.last_mut() {
            Some((year, sum)) if *year == month / 12 => *sum += files,
            _ => years.push((month / 12, *files)),
        }
    }
    years
}

/// Puts in what lies between and holds nothing.
fn filled(numbers: &[(i32, u64)]) -> Vec<(i32, u64)> {
    let mut out = Vec::new();
    for (number, files) in numbers {
        let next = out.last().map_or(*number, |(last, _)| last + 1);
        out.extend((next..*number).map(|gap| (gap, 0)));
        out.push((*number, *files));
    }
    out
}

fn column_drawing(columns: &[(String, u64)], words: &Words) -> String {
    let (Some((first, _)), Some((last, _)), Some(most)) =
        (columns.first(), columns.last(), columns.iter().map(|(_, files)| *files).max())
    else {
        return String::new();
    };
    let said = fill(&fill(words.months_desc, "from", first), "to", last);
    let mut svg = format!(
        "<svg class=\"columns\" width=\"100%\" height=\"132\" role=\"img\">{}<desc>{}</desc>\
         <line x1=\"0\" x2=\"100%\" y1=\"14.5\" y2=\"14.5\" class=\"rule\"/>\
         <text x=\"0\" y=\"10\">{}</text>",
        title(words.months_title),
        hostile::escaped(&fill(&said, "most", &count(most))),
        count(most),
    );
    let step = share(1, columns.len() as u64);
    let base = 14 + COLUMN_HEIGHT;
    let mut x = 0.0;
    let mut label_at = 0.0;
    let mut year = "";
    for (name, files) in columns {
        if *files > 0 {
            let height = (files * COLUMN_HEIGHT / most).max(2);
            // Writing to a string cannot fail.
            let _ = write!(
                svg,
                "<rect x=\"{x:.3}%\" y=\"{}\" width=\"{:.3}%\" height=\"{height}\">{}</rect>",
                base - height,
                step * 0.84,
                title(&format!("{name}: {}", counted(words.pictures, *files))),
            );
        }
        let this_year = name.get(..4).unwrap_or(name);
        if this_year != year && x >= label_at && x <= 100.0 - LABEL_EVERY / 2.0 {
            let _ = write!(svg, "<text x=\"{x:.3}%\" y=\"{}\">{this_year}</text>", base + 16);
            label_at = x + LABEL_EVERY;
        }
        year = this_year;
        x += step;
    }
    let _ =
        write!(svg, "<line x1=\"0\" x2=\"100%\" y1=\"{base}.5\" y2=\"{base}.5\" class=\"base\"/>");
    svg + "</svg>"
}

#[cfg(test)]
mod tests {
    use tutela_app::views::{BucketView, OutcomeCounts};

    use super::{outcome_bar, row_bar, timeline};
    use crate::words::EN;

    fn months(list: &[(&str, u64)]) -> Vec<BucketView> {
        let bucket = |(name, files): &(&str, u64)| BucketView {
            name: (*name).to_owned(),
            files: *files,
            size_bytes: 0,
        };
        list.iter().map(bucket).collect()
    }

    #[test]
    fn the_bar_draws_what_is_there_and_says_what_is_not() {
        let counts = OutcomeCounts { known: 1, near: 0, known_good: 40, new: 100_000, failed: 3 };
        let svg = outcome_bar(&counts, &EN);
        for id in ["known", "known_good", "new", "failed"] {
            assert!(svg.contains(&format!("url(#p-{id})")), "{id}");
        }
        assert!(!svg.contains("url(#p-near)"), "nothing is not drawn");
        assert!(svg.contains("Near: 0") && svg.contains("New: 100\u{202f}000"), "{svg}");
        assert!(svg.contains("role=\"img\"") && svg.contains("<title>"));
    }

    #[test]
    fn a_scan_of_nothing_has_an_empty_bar() {
        let svg = outcome_bar(&OutcomeCounts::default(), &EN);
        assert!(!svg.contains("<rect") && svg.contains("Known: 0"));
    }

    #[test]
    fn gaps_between_months_are_kept_and_the_undated_are_counted() {
        let drawn = timeline(&months(&[("2025-11", 3), ("2026-02", 9), ("unknown", 4)]), &EN);
        let names: Vec<&str> = drawn.columns.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["2025-11", "2025-12", "2026-01", "2026-02"]);
        assert_eq!((drawn.undated, drawn.by_year), (4, false));
        assert_eq!(drawn.svg.matches("<rect").count(), 2);
        assert!(drawn.svg.contains("height=\"96\"") && drawn.svg.contains("height=\"32\""));
    }

    #[test]
    fn many_months_become_years_and_a_wrong_clock_does_not_stretch_the_drawing() {
        let drawn = timeline(&months(&[("2001-01", 1), ("2001-05", 2), ("2024-12", 3)]), &EN);
        assert!(drawn.by_year);
        assert_eq!(drawn.columns.len(), 24);
        assert_eq!(drawn.columns.first(), Some(&("2001".to_owned(), 3)));
        let drawn = timeline(&months(&[("0001-01", 1), ("2024-12", 3)]), &EN);
        assert_eq!(drawn.columns, [("0001".to_owned(), 1), ("2024".to_owned(), 3)]);
    }

    #[test]
    fn no_dates_no_drawing() {
        let drawn = timeline(&months(&[("unknown", 7)]), &EN);
        assert_eq!((drawn.svg.as_str(), drawn.undated), ("", 7));
    }

    #[test]
    fn names_in_drawings_are_escaped() {
        let svg = row_bar(1, 1, 2, "</title><script>");
        assert!(svg.contains("&#60;/title&#62;&#60;script&#62;") && !svg.contains("<script"));
    }
}
