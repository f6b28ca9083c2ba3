//! Renders the sample and hostile variations of it.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tutela_app::views::{ItemView, ScanReport, ThumbnailView, TotalsView};
use tutela_web::report::{MAX_EMBEDDED_ITEMS, render, samples};
use tutela_web::{Lang, WebError};

const HOSTILE: &str = "</script><img src=x onerror=alert(1)>.jpg";

pub(crate) fn page(report: &ScanReport, items: &[ItemView]) -> String {
    render(report, items, Lang::En).unwrap()
}

fn sample_page() -> String {
    let (report, items) = samples();
    page(&report, &items)
}

/// What stands between the first `open` and the next `close` after it.
pub(crate) fn between<'a>(html: &'a str, open: &str, close: &str) -> &'a str {
    let from = html.find(open).unwrap_or_else(|| panic!("{open} is missing")) + open.len();
    let len = html[from..].find(close).unwrap_or_else(|| panic!("{close} is missing"));
    &html[from..from + len]
}

fn data(html: &str) -> Value {
    let json = between(html, "<script type=\"application/json\" id=\"data\">", "</script>");
    assert!(!json.contains(['<', '>', '&']), "the data could end its own tag");
    serde_json::from_str(json).unwrap()
}

/// The page without its data, style and script: what a reader sees with scripts disabled.
pub(crate) fn body(html: &str) -> &str {
    between(html, "<body>", "<script type=\"application/json\"")
}

#[test]
fn the_policy_allows_exactly_the_one_style_and_the_one_script() {
    let html = sample_page();
    let policy = between(&html, "http-equiv=\"Content-Security-Policy\" content=\"", "\"");
    let digest = |text: &str| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)));
    let style = digest(between(&html, "<style>", "</style>"));
    let script = digest(between(&html, "<script>", "</script>"));
    assert_eq!(
        policy,
        format!(
            "default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; \
             form-action 'none'; require-trusted-types-for 'script'"
        )
    );
    assert_eq!(html.matches("<script").count(), 2, "one of data, one of code");
    assert_eq!(html.matches("<style").count(), 1);
    assert!(html.find("Content-Security-Policy") < html.find("<style>"));
}

#[test]
fn nothing_is_loaded_and_nothing_is_inline() {
    let html = sample_page();
    for way in [" src=", "<link", "<iframe", "<object", "<embed", "http://", "https://", "url(data"]
    {
        assert!(!body(&html).contains(way), "{way}");
    }
    for inline in [" style=", " onclick=", " onload=", " onerror=", "javascript:"] {
        assert!(!body(&html).contains(inline), "{inline}");
    }
    for target in body(&html).split("href=\"").skip(1) {
        assert!(target.starts_with('#'), "{}", &target[..40]);
    }
}

#[test]
fn every_link_and_label_leads_somewhere() {
    let html = sample_page();
    let body = body(&html);
    for attribute in ["href=\"#", "aria-labelledby=\"", "url(#"] {
        for target in body.split(attribute).skip(1) {
            let id = target.split(['"', ')']).next().unwrap();
            assert!(body.contains(&format!("id=\"{id}\"")), "{attribute}{id}");
        }
    }
    for drawing in body.split("role=\"img\"").skip(1) {
        assert!(drawing.starts_with("><title>"), "{}", &drawing[..40]);
    }
}

#[test]
fn the_answer_comes_first_and_the_unknown_before_the_known() {
    let html = sample_page();
    let order = [
        "answers", "custody", "charts", "new", "devices", "findings", "unread", "material",
        "lists", "trust", "files",
    ]
    .map(|id| format!("<section id=\"{id}\""));
    let places: Vec<usize> = order.iter().map(|section| html.find(section).unwrap()).collect();
    assert!(places.is_sorted(), "{places:?}");
    let (report, _) = samples();
    let tiles = between(&html, "<ul class=\"tiles\">", "</ul>");
    let outcomes = report.totals.outcomes;
    for files in [outcomes.known, outcomes.near, outcomes.known_good, outcomes.new, outcomes.failed]
    {
        assert!(tiles.contains(&format!("<p class=\"tile-count\">{files}</p>")), "{files}");
    }
}

#[test]
fn all_sections_stand_in_the_page_without_the_script() {
    let (report, items) = samples();
    let html = page(&report, &items);
    let body = body(&html);
    let rows = between(body, "<table id=\"rows\"", "</table>");
    assert_eq!(rows.matches("<tr>").count(), 51, "a head and the first fifty rows");
    for cluster in &report.clusters {
        assert!(body.contains(&cluster.signal), "group {}", cluster.rank);
    }
    for device in &report.devices {
        assert!(body.contains(&device.name));
    }
    for list in &report.lists {
        assert!(body.contains(&list.sha256) && body.contains(&list.name));
    }
    for limit in &report.limits {
        assert!(body.contains(&limit.why), "{}", limit.why);
    }
    for skipped in &report.skipped {
        assert!(body.contains(&skipped.code));
    }
    for what in
        ["media.near, version 1", "distance_max 31, quality_min 50", "open: nobody has confirmed"]
    {
        assert!(body.contains(what), "each finding says how it came to be: {what}");
    }
    assert!(body.contains(&report.ledger.root) && body.contains("tutela ledger verify"));
    assert!(
        body.contains("turned 90° counter-clockwise") && body.contains("mirrored left to right")
    );
    assert!(body.contains("Cut off.") && body.contains("row 2045, field md5"));
}

#[test]
fn hostile_names_are_text_and_hidden_characters_are_visible() {
    let (mut report, mut items) = samples();
    items[0].path = HOSTILE.to_owned();
    items[1].path = "DCIM/\u{202e}gpj.exe\nsecond\u{200b}line".to_owned();
    items[2].mime = HOSTILE.to_owned();
    items[3].matches[0].list = HOSTILE.to_owned();
    report.devices[0].name = HOSTILE.to_owned();
    report.lists[0].name = HOSTILE.to_owned();
    report.types[0].name = HOSTILE.to_owned();
    report.known_by_category[0].code = HOSTILE.to_owned();
    report.skipped[0].path = HOSTILE.to_owned();
    report.clusters[0].signal = HOSTILE.to_owned();
    report.clusters[0].first_taken = Some(HOSTILE.to_owned());
    report.scan.id = HOSTILE.to_owned();
    let html = page(&report, &items);
    let body = body(&html);
    assert!(!html.contains("<img") && !body.contains("<script"), "no tag is made of a name");
    assert!(body.contains("script&#62;&#60;img src=x onerror=alert(1)&#62;.jpg"));
    assert_eq!(html.matches("</script>").count(), 2);
    for hidden in ['\u{202e}', '\u{200b}'] {
        assert!(!body.contains(hidden), "{hidden:?} would act on the page");
    }
    let boxed = |number: &str| format!("<span class=\"ctl\">U+{number}</span>");
    let shown = format!("{}gpj.exe{}second{}line", boxed("202E"), boxed("000A"), boxed("200B"));
    assert!(body.contains(&shown));
    let rows = &data(&html)["rows"];
    assert_eq!(rows[0]["path"], HOSTILE, "the data keep the name as it is");
    assert_eq!(rows[1]["path"], items[1].path.as_str());
}

#[test]
fn a_failed_self_test_cannot_be_missed() {
    let (mut report, items) = samples();
    assert!(!sample_page().contains("role=\"alert\""));
    report.self_test.passed = false;
    report.self_test.checks[1].passed = false;
    let html = page(&report, &items);
    let alarm = between(&html, "<div class=\"alarm\" role=\"alert\">", "</ul>");
    assert!(alarm.contains("Self-test failed: do not rely on this report"));
    assert!(alarm.contains(report.self_test.checks[1].name.text()));
    assert!(!alarm.contains(report.self_test.checks[0].name.text()));
    assert!(html.find("class=\"alarm\"") < html.find("class=\"tiles\""));
}

#[test]
fn a_self_test_without_checks_never_shows_as_passed() {
    let (mut report, items) = samples();
    report.self_test.checks.clear();
    let html = page(&report, &items);
    let line = between(&html, "<p class=\"run\">", "</p>");
    assert!(line.contains("not recorded") && !line.contains("passed"), "{line}");
}

#[test]
fn a_stopped_scan_says_that_it_is_not_whole() {
    let (mut report, items) = samples();
    assert!(!sample_page().contains("Stopped early."));
    report.scan.state = "stopped".to_owned();
    assert!(page(&report, &items).contains("Stopped early."));
}

#[test]
fn empty_states_are_plain_words() {
    let (mut report, _) = samples();
    report.totals = TotalsView::default();
    report.lists.clear();
    report.known_by_category.clear();
    report.types.clear();
    report.new_by_month.clear();
    report.failures.clear();
    report.skipped.clear();
    report.clusters.clear();
    report.devices.clear();
    report.scan.case = None;
    let html = page(&report, &[]);
    for sentence in [
        "No list was given: nothing could be known or near.",
        "There is no new picture.",
        "No picture names a device.",
        "The scan found no file.",
        "No file failed.",
        "No path was skipped.",
        "not part of a case",
    ] {
        assert!(body(&html).contains(sentence), "{sentence}");
    }
    assert!(!html.contains("id=\"rows\""));
}

#[test]
fn thumbnails_wait_in_the_data_until_they_are_asked_for() {
    let (mut report, items) = samples();
    let plain = page(&report, &items);
    assert!(plain.contains("This report holds no picture") && !plain.contains("img-src"));
    let item = report.clusters[0].items[0];
    report.thumbnails = vec![ThumbnailView { item, png_base64: "iVBORw0KGgo=".to_owned() }];
    let html = page(&report, &items);
    assert!(!body(&html).contains("iVBORw0KGgo=") && !html.contains("<img"));
    assert!(html.contains(&format!("<div class=\"thumbs\" data-items=\"{item}\" hidden>")));
    assert!(html.contains("img-src data:;"));
    assert_eq!(data(&html)["thumbnails"][0], serde_json::json!([item, "iVBORw0KGgo="]));
}

#[test]
fn rows_past_the_limit_are_counted_and_the_important_ones_stay() {
    let (mut report, items) = samples();
    // Known-good files first, so that a cut at the front of the scan would lose the known ones.
    let (good, others): (Vec<_>, Vec<_>) =
        items.into_iter().partition(|item| item.outcome == "known_good");
    let filler = good.iter().cycle().take(MAX_EMBEDDED_ITEMS).cloned();
    let many: Vec<ItemView> = filler.chain(others.iter().cloned()).collect();
    report.totals.files = many.len() as u64;
    let html = page(&report, &many);
    let data = data(&html);
    let rows = data["rows"].as_array().unwrap();
    assert_eq!(rows.len(), MAX_EMBEDDED_ITEMS);
    let kept = rows.iter().filter(|row| row["outcome"] != 2).count();
    assert_eq!(kept, others.len(), "everything but known-good");
    let left_out = format!("{} more files stand in items.jsonl", others.len());
    assert!(body(&html).contains(&left_out), "{left_out}");
}

#[test]
fn an_unknown_outcome_is_an_error_and_not_a_guess() {
    let (report, mut items) = samples();
    items[7].outcome = "suspect".to_owned();
    let error = render(&report, &items, Lang::En).unwrap_err();
    assert!(matches!(error, WebError::UnknownOutcome { index: 7 }), "{error}");
}

#[test]
fn italian_pages_speak_italian_around_what_was_recorded() {
    let (report, items) = samples();
    let html = render(&report, &items, Lang::It).unwrap();
    assert!(html.contains("<html lang=\"it\">"));
    for words in [
        "Rapporto di scansione",
        "Catena di custodia",
        "ruotata di 90° in senso antiorario",
        "stessa impronta MD5",
    ] {
        assert!(body(&html).contains(words), "{words}");
    }
    for english in ["Scan report", "In short", "Known and near", "not stated"] {
        assert!(!body(&html).contains(english), "{english}");
    }
    let remarks = between(&html, "<section class=\"remarks\"", "</section>");
    assert!(remarks.contains("Nulla in questo rapporto è stato confermato"), "{remarks}");
    assert!(body(&html).contains("il file termina prima dell’immagine"));
    assert!(body(&html).contains("Milioni di voci vuote"));
}

#[test]
fn no_page_speaks_of_guilt_as_a_result() {
    for lang in Lang::ALL {
        let (report, items) = samples();
        let html = render(&report, &items, lang).unwrap().to_lowercase();
        for word in ["guilty", "colpevole"] {
            let allowed = html.matches("never who is guilty").count()
                + html.matches("mai chi è colpevole").count();
            assert!(html.matches(word).count() <= allowed, "{word}");
        }
        for word in ["suspect", "offender", "illegal", "sospett", "indagato", "reo "] {
            assert!(!body(&html).contains(word), "{word}");
        }
    }
}
