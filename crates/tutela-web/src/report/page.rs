//! The data of the report's template.

use askama::Template;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use tutela_app::sentences::Said;
use tutela_app::views::{
    BucketView, CategoryCountView, DeviceView, FindingCounts, ItemView, ScanReport, SkippedView,
};
use tutela_core::Outcome;

use super::answers::Answers;
use super::charts::{Timeline, outcome_bar, row_bar, timeline};
use super::findings::{Finding, OtherFinding, device, rules};
use super::groups::{Group, groups};
use super::outcomes::{Mark, files};
use super::print;
use super::provenance::Provenance;
use super::unknown::{self, Categorised, Tied};
use super::{
    MAX_DEVICES, MAX_EMBEDDED_ITEMS, MAX_FINDINGS, MAX_PLAIN_ROWS, MAX_TYPES, MAX_UNREAD, embedded,
};
use crate::show::figures::{count, counted, duration, moment};
use crate::show::filters;
use crate::show::hostile::plain;
use crate::words::{self, AnswerWords, QueueWords, Recorded, Words, fill};
use crate::{Lang, WebError};

const STYLE: &str = concat!(
    include_str!("../../templates/colours.css"),
    include_str!("../../templates/report.css")
);
const SCRIPT: &str = include_str!("../../templates/report.js");

/// Everything the page shows.
#[derive(Template)]
#[template(path = "report.html", whitespace = "minimize")]
pub(super) struct Page<'a> {
    language: Lang,
    lang: &'static str,
    w: &'static Words,
    a: &'static AnswerWords,
    q: &'static QueueWords,
    answers: Answers<'a>,
    report: &'a ScanReport,
    style: String,
    script: &'static str,
    policy: String,
    elapsed: String,
    tiles: [(Mark, u64); 5],
    outcome_bar: String,
    types: Vec<(BucketView, String)>,
    months: Timeline,
    categories: Vec<(&'a CategoryCountView, String)>,
    groups: Vec<Group<'a>>,
    queue: Vec<Tied<'a>>,
    categorised: Vec<Categorised<'a>>,
    categorised_left_out: usize,
    devices: &'a [DeviceView],
    findings: Vec<Finding<'a>>,
    findings_total: u64,
    rules: Vec<(&'a str, Recorded<'a>)>,
    others: Vec<OtherFinding<'a>>,
    others_total: usize,
    failed: Vec<&'a ItemView>,
    skipped: &'a [SkippedView],
    plain_rows: Vec<PlainRow<'a>>,
    embedded_rows: usize,
    provenance: Provenance<'a>,
    data: String,
}

/// One row of the table as it stands without the script.
struct PlainRow<'a> {
    mark: Mark,
    item: &'a ItemView,
    device: Option<String>,
}

impl<'a> Page<'a> {
    /// Gathers what the template prints.
    pub(super) fn new(
        report: &'a ScanReport,
        items: &'a [ItemView],
        lang: Lang,
    ) -> Result<Self, WebError> {
        let w = lang.words();
        let rows = embedded::ordered(items)?;
        let totals = &report.totals;
        let of = |wanted: Outcome| rows.iter().filter(move |(outcome, _)| *outcome == wanted);
        let groups = groups(report, items);
        let (categorised, categorised_left_out) = unknown::categorised(items);
        let thumbnails: Vec<(u64, &str)> =
            report.thumbnails.iter().map(|one| (one.item, one.png_base64.as_str())).collect();
        let style =
            [STYLE, &print::section_letters(report), &print::page_margins(report, lang)].concat();
        Ok(Self {
            language: lang,
            lang: lang.as_str(),
            w,
            a: lang.answer_words(),
            q: lang.queue_words(),
            answers: Answers::new(report, items),
            report,
            policy: policy(&style, !thumbnails.is_empty()),
            style,
            script: SCRIPT,
            elapsed: duration(report.scan.elapsed_ms, w.decimal_mark),
            tiles: Mark::all(w).map(|mark| (mark, files(&totals.outcomes, mark.outcome))),
            outcome_bar: outcome_bar(&totals.outcomes, w),
            types: type_bars(&report.types, w),
            months: timeline(&report.new_by_month, w),
            categories: category_bars(&report.known_by_category, w),
            groups,
            queue: unknown::queue(report, items),
            categorised,
            categorised_left_out,
            devices: first(&report.devices, MAX_DEVICES),
            findings: of(Outcome::Known)
                .chain(of(Outcome::Near))
                .take(MAX_FINDINGS)
                .map(|(outcome, item)| Finding::new(*outcome, item, lang))
                .collect(),
            rules: rules(items, lang),
            others: OtherFinding::all(items, lang).take(MAX_FINDINGS).collect(),
            others_total: OtherFinding::all(items, lang).count(),
            findings_total: totals.outcomes.known + totals.outcomes.near,
            failed: of(Outcome::Failed).take(MAX_UNREAD).map(|(_, item)| *item).collect(),
            skipped: first(&report.skipped, MAX_UNREAD),
            plain_rows: rows
                .iter()
                .take(MAX_PLAIN_ROWS)
                .map(|row| PlainRow::new(*row, w))
                .collect(),
            embedded_rows: rows.len().min(MAX_EMBEDDED_ITEMS),
            provenance: Provenance::new(&report.provenance, lang),
            data: embedded::json(&rows, &thumbnails, lang)?,
        })
    }

    /// The sample that tests render.
    #[cfg(test)]
    pub(super) fn sample(sample: &'a (ScanReport, Vec<ItemView>), lang: Lang) -> Self {
        Self::new(&sample.0, &sample.1, lang).unwrap()
    }

    /// Files that were handed over but found no room, and files that were not handed over.
    fn rows_left_out(&self) -> u64 {
        self.report.totals.files.saturating_sub(self.embedded_rows as u64)
    }

    /// Whether there were checks and all of them held: an empty self-test proves nothing.
    fn self_test_holds(&self) -> bool {
        self.report.self_test.passed && !self.report.self_test.checks.is_empty()
    }

    /// What to call a self-test that does not hold.
    fn self_test_word(&self) -> &'static str {
        let was_run = !self.report.self_test.passed || !self.report.self_test.checks.is_empty();
        if was_run { self.w.not_passed } else { self.w.not_run }
    }

    /// A remark or check in the language of the page.
    fn said<'t>(&self, said: &'t Said) -> Recorded<'t> {
        words::said(said, self.language)
    }

    /// What a code of a failure means.
    fn failure<'t>(&self, code: &str, message: &'t str) -> Recorded<'t> {
        words::failure(code, message, self.language)
    }

    /// Why a limit stands.
    fn limit<'t>(&self, name: &str, why: &'t str) -> Recorded<'t> {
        words::limit(name, why, self.language)
    }

    /// The unit of a limit.
    fn unit<'t>(&self, unit: &'t str) -> Recorded<'t> {
        words::unit(unit, self.language)
    }

    /// How well the decoder was fenced in; a level this page does not know stays as it is.
    fn level_word(&self) -> &str {
        match self.report.protection.level.as_str() {
            "full" => self.w.level_full,
            "partial" => self.w.level_partial,
            "process only" => self.w.level_process_only,
            other => other,
        }
    }

    /// `2024-05-01 10:00:00 – 2024-05-02 11:30:00`; `None` where neither end is stated.
    fn period(&self, first: &Option<String>, last: &Option<String>) -> Option<String> {
        let ends = [first, last].map(|end| end.as_deref().map(moment).map(|end| plain(&end)));
        match ends {
            [Some(first), Some(last)] if first != last => Some(format!("{first} – {last}")),
            [first, last] => first.or(last),
        }
    }

    /// One of the five outcomes, in the order of the keys.
    fn mark(&self, at: usize) -> Mark {
        self.tiles[at].0
    }

    /// The remarks that belong to one question of the first page, by the beginning of their codes.
    fn remarks(&self, beginning: &str) -> Vec<&Said> {
        self.report.remarks.iter().filter(|said| said.code().starts_with(beginning)).collect()
    }

    /// Findings of all states.
    fn findings_decidable(&self) -> u64 {
        let FindingCounts { open, confirmed, dismissed } = self.report.findings;
        open + confirmed + dismissed
    }

    /// What is new among the pictures, in one sentence.
    fn new_line(&self) -> String {
        let (a, report) = (self.a, self.report);
        let pictures = report.totals.new_pictures;
        match report.clusters.first() {
            _ if pictures == 0 => a.no_new_pictures.to_owned(),
            None => counted(a.new_grouped, pictures),
            Some(largest) => {
                let groups = counted(a.new_groups, report.clusters.len() as u64);
                let groups = fill(&groups, "most", &count(largest.files));
                fill(&groups, "pictures", &counted(a.new_pictures, pictures))
            }
        }
    }

    /// Whether everything that was found was read and compared in every way.
    fn nothing_unread(&self) -> bool {
        let totals = &self.report.totals;
        self.report.failures.is_empty()
            && self.report.not_examined.is_none()
            && totals.skipped == 0
            && totals.low_detail == 0
    }

    /// Groups without a card.
    fn groups_left_out(&self) -> usize {
        self.report.clusters.len() - self.groups.len()
    }

    /// Known and near files that are not in their table.
    fn findings_left_out(&self) -> u64 {
        self.findings_total.saturating_sub(self.findings.len() as u64)
    }
}

impl<'a> PlainRow<'a> {
    fn new((outcome, item): (Outcome, &'a ItemView), words: &Words) -> Self {
        let device = item.capture.as_ref().and_then(|capture| device(capture, words));
        Self { mark: Mark::of(outcome, words), item, device }
    }
}

/// What the page may do: run this style and this script, and show embedded images where it has any.
fn policy(style: &str, has_images: bool) -> String {
    let images = if has_images { " img-src data:;" } else { "" };
    format!(
        "default-src 'none'; style-src {}; script-src {};{images} base-uri 'none'; \
         form-action 'none'; require-trusted-types-for 'script'",
        source_digest(style),
        source_digest(SCRIPT),
    )
}

/// The policy of a page that has one style, drawings of its own, and nothing else.
pub(super) fn style_only(style: &str) -> String {
    let style = source_digest(style);
    format!("default-src 'none'; style-src {style}; base-uri 'none'; form-action 'none'")
}

/// `'sha256-…'` of the exact text between the tags.
fn source_digest(text: &str) -> String {
    format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)))
}

fn first<T>(list: &[T], most: usize) -> &[T] {
    list.get(..most).unwrap_or(list)
}

/// The most frequent types, then the others in one bar.
fn type_bars(types: &[BucketView], words: &Words) -> Vec<(BucketView, String)> {
    let most = types.iter().map(|bucket| bucket.files).max().unwrap_or(0);
    // One more bar costs no more than a bar that says "1 other".
    let shown = if types.len() <= MAX_TYPES + 1 { types.len() } else { MAX_TYPES };
    let (shown, others) = types.split_at(shown);
    let mut bars = shown.to_vec();
    if !others.is_empty() {
        bars.push(BucketView {
            name: counted(words.other_types, others.len() as u64),
            files: others.iter().map(|bucket| bucket.files).sum(),
            size_bytes: others.iter().map(|bucket| bucket.size_bytes).sum(),
        });
    }
    let most = bars.iter().map(|bucket| bucket.files).max().unwrap_or(most);
    bars.into_iter()
        .map(|bucket| {
            let said = format!("{}: {}", plain(&bucket.name), counted(words.files, bucket.files));
            let svg = row_bar(bucket.files, 0, most, &said);
            (bucket, svg)
        })
        .collect()
}

fn category_bars<'a>(
    categories: &'a [CategoryCountView],
    words: &Words,
) -> Vec<(&'a CategoryCountView, String)> {
    let most = categories.iter().map(|one| one.known + one.near).max().unwrap_or(0);
    let bar = |one: &CategoryCountView| {
        let said =
            fill(words.category_desc, "code", &plain(&format!("{}: {}", one.scheme, one.code)));
        let said = fill(&said, "known", &one.known.to_string());
        row_bar(one.known, one.near, most, &fill(&said, "near", &one.near.to_string()))
    };
    categories.iter().map(|one| (one, bar(one))).collect()
}

#[cfg(test)]
mod tests {
    use askama::Template;

    use super::{Page, SCRIPT, STYLE, policy, source_digest};
    use crate::Lang;
    use crate::report::samples;

    #[test]
    fn the_sample_renders_in_every_language() {
        let sample = samples();
        for lang in Lang::ALL {
            let html = Page::sample(&sample, lang).render().unwrap();
            assert!(html.ends_with("</html>\n") || html.ends_with("</html>"), "{lang:?}");
        }
    }

    #[test]
    fn style_and_script_can_stand_between_tags_as_they_are() {
        for text in [STYLE, SCRIPT] {
            // A browser would read other bytes than those the digest was taken of.
            assert!(!text.contains('\r') && !text.contains('\0'));
            let lower = text.to_lowercase();
            for tag in ["</style", "</script", "<script", "<!--"] {
                assert!(!lower.contains(tag), "{tag}");
            }
            assert!(
                !lower.contains("http:") && !lower.contains("https:") && !lower.contains("@import")
            );
        }
    }

    #[test]
    fn the_digest_is_that_of_an_empty_text() {
        assert_eq!(source_digest(""), "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
    }

    #[test]
    fn images_are_allowed_only_where_there_are_any() {
        assert!(policy(STYLE, true).contains("img-src data:;"));
        assert!(!policy(STYLE, false).contains("img-src"));
        assert!(!policy(STYLE, true).contains("unsafe"));
    }
}
