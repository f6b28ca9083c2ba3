//! The rows that the script of the page searches, sorts and pages: compact JSON inside the page.
//!
//! What is absent is left out. Texts that repeat stand once in `texts`, and rows hold their number.

use std::collections::HashMap;

use serde::Serialize;
use tutela_app::views::{
    CaptureView, FailureView, ItemView, ListMatchView, MediaFindingView, SignalView,
};
use tutela_core::Outcome;

use super::MAX_EMBEDDED_ITEMS;
use super::findings::{Raised, category, claim, device, how, signal_name};
use super::outcomes::of_item;
use crate::show::hostile;
use crate::words::{self, ScriptWords, Words};
use crate::{Lang, WebError};

/// What is cut last stands first: nothing that matters falls to the limit before what does not.
const ORDER: [Outcome; 5] =
    [Outcome::Known, Outcome::Near, Outcome::Failed, Outcome::New, Outcome::KnownGood];

/// Every item with its outcome, in the order of the table; within an outcome as scanned.
pub(super) fn ordered(items: &[ItemView]) -> Result<Vec<(Outcome, &ItemView)>, WebError> {
    let mut rows = items
        .iter()
        .map(|item| of_item(item).map(|outcome| (outcome, item)))
        .collect::<Result<Vec<_>, _>>()?;
    rows.sort_by_key(|(outcome, _)| ORDER.iter().position(|place| place == outcome));
    Ok(rows)
}

#[derive(Serialize)]
struct Data<'a> {
    words: &'a ScriptWords,
    outcomes: [&'static str; 5],
    hidden: String,
    texts: Vec<String>,
    rows: Vec<Row<'a>>,
    thumbnails: &'a [(u64, &'a str)],
}

#[derive(Serialize)]
struct Row<'a> {
    index: u64,
    outcome: usize,
    path: &'a str,
    size: u64,
    mime: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    modified: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dimensions: Option<(u32, u32)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    md5: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha1: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    signals: Vec<Signal<'a>>,
    exhibit: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Error>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    matches: Vec<Match<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    others: Vec<Other<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    good: Vec<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    capture: Option<Capture<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<u64>,
}

#[derive(Serialize)]
struct Error {
    code: usize,
    reason: usize,
    /// Whether the reason is English on a page that is not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    foreign: bool,
    /// What was recorded, where it says more than the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<usize>,
}

#[derive(Serialize)]
struct Signal<'a> {
    name: usize,
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    quality: Option<u8>,
}

#[derive(Serialize)]
struct Match<'a> {
    list: usize,
    row: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<usize>,
    how: usize,
    raised: usize,
    finding: &'a str,
}

#[derive(Serialize)]
struct Other<'a> {
    claim: usize,
    raised: usize,
    finding: &'a str,
}

#[derive(Serialize)]
struct Capture<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lens: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    software: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    taken: Option<&'a str>,
}

/// Texts that stand once, by number.
#[derive(Default)]
struct Texts {
    lang: Lang,
    numbers: HashMap<String, usize>,
    all: Vec<String>,
}

impl Texts {
    fn number(&mut self, text: &str) -> usize {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = self.all.len();
        self.numbers.insert(text.to_owned(), number);
        self.all.push(text.to_owned());
        number
    }

    fn row<'a>(&mut self, outcome: Outcome, item: &'a ItemView, words: &Words) -> Row<'a> {
        Row {
            index: item.index,
            outcome: Outcome::ALL.iter().position(|one| *one == outcome).unwrap_or_default(),
            path: &item.path,
            size: item.size_bytes,
            mime: self.number(&item.mime),
            modified: item.modified_at.as_deref(),
            dimensions: item.width.zip(item.height),
            md5: item.md5.as_deref(),
            sha1: item.sha1.as_deref(),
            sha256: item.sha256.as_deref(),
            signals: item.signals.iter().map(|signal| self.signal(signal)).collect(),
            exhibit: &item.exhibit,
            error: item.error.as_ref().map(|error| self.error(error)),
            matches: item.matches.iter().map(|found| self.matched(found, words)).collect(),
            others: item.other_findings.iter().map(|one| self.other(one, words)).collect(),
            good: item.known_good.iter().map(|list| self.number(list)).collect(),
            capture: item.capture.as_ref().map(|capture| self.capture(capture, words)),
            group: item.cluster,
        }
    }

    fn error(&mut self, error: &FailureView) -> Error {
        let reason = words::failure(&error.code, &error.message, self.lang);
        let says_more = reason.text != error.message;
        Error {
            code: self.number(&error.code),
            reason: self.number(&reason.text),
            foreign: reason.foreign,
            message: says_more.then(|| self.number(&error.message)),
        }
    }

    fn signal<'a>(&mut self, signal: &'a SignalView) -> Signal<'a> {
        let name = signal_name(&signal.kind, Some(&signal.variant));
        Signal { name: self.number(&name), value: &signal.value, quality: signal.quality }
    }

    fn matched<'a>(&mut self, found: &'a ListMatchView, words: &Words) -> Match<'a> {
        Match {
            list: self.number(&found.list),
            row: found.row,
            key: found.key.as_deref(),
            category: category(found).map(|category| self.number(&category)),
            how: self.number(&how(found, words)),
            raised: self.number(&Raised::line(&found.raised, self.lang)),
            finding: &found.finding,
        }
    }

    fn other<'a>(&mut self, finding: &'a MediaFindingView, words: &Words) -> Other<'a> {
        Other {
            claim: self.number(&claim(finding, words)),
            raised: self.number(&Raised::line(&finding.raised, self.lang)),
            finding: &finding.finding,
        }
    }

    fn capture<'a>(&mut self, capture: &'a CaptureView, words: &Words) -> Capture<'a> {
        Capture {
            device: device(capture, words).map(|line| self.number(&line)),
            lens: capture.lens_serial.as_deref().map(|serial| self.number(serial)),
            software: capture.software.as_deref().map(|software| self.number(software)),
            taken: capture.taken_at.as_deref(),
        }
    }
}

/// The JSON of the page, safe between script tags. Rows past [`MAX_EMBEDDED_ITEMS`] are left out.
pub(super) fn json(
    rows: &[(Outcome, &ItemView)],
    thumbnails: &[(u64, &str)],
    lang: Lang,
) -> Result<String, WebError> {
    let words = lang.words();
    let mut texts = Texts { lang, ..Texts::default() };
    let rows = rows
        .iter()
        .take(MAX_EMBEDDED_ITEMS)
        .map(|(outcome, item)| texts.row(*outcome, item, words))
        .collect();
    let outcomes = Outcome::ALL.map(Outcome::as_str);
    let hidden = hostile::hidden_class();
    let script = lang.script_words();
    let data = Data { words: script, outcomes, hidden, texts: texts.all, rows, thumbnails };
    Ok(between_tags(&serde_json::to_string(&data)?))
}

/// Nothing in the JSON can end or open a tag or a comment: outside strings none of these occurs,
/// and inside strings the escape means the same.
fn between_tags(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + json.len() / 64);
    for character in json.chars() {
        match character {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use tutela_core::Outcome;

    use super::{between_tags, json, ordered};
    use crate::Lang;
    use crate::report::samples::items;

    #[test]
    fn what_matters_comes_before_what_the_limit_may_cut() {
        let items = items();
        let outcomes: Vec<Outcome> = ordered(&items).unwrap().iter().map(|row| row.0).collect();
        let mut seen = outcomes.clone();
        seen.dedup();
        let order =
            [Outcome::Known, Outcome::Near, Outcome::Failed, Outcome::New, Outcome::KnownGood];
        assert_eq!(seen, order);
        assert_eq!(outcomes.len(), items.len());
    }

    #[test]
    fn an_outcome_that_is_none_of_the_five_is_refused() {
        let mut items = items();
        items[3].outcome = "guilty".to_owned();
        assert_eq!(
            ordered(&items).unwrap_err().to_string(),
            "item 3 has an outcome that is none of the five"
        );
    }

    #[test]
    fn no_tag_survives_and_the_json_still_says_the_same() {
        let text = serde_json::to_string("</script><!--<img src=x>&amp;").unwrap();
        let safe = between_tags(&text);
        assert!(!safe.contains(['<', '>', '&']), "{safe}");
        assert_eq!(serde_json::from_str::<String>(&safe).unwrap(), "</script><!--<img src=x>&amp;");
    }

    #[test]
    fn rows_can_be_read_back() {
        let items = items();
        let rows = ordered(&items).unwrap();
        let text = json(&rows, &[], Lang::En).unwrap();
        let data: serde_json::Value = serde_json::from_str(&text).unwrap();
        let first = &data["rows"][0];
        assert_eq!(data["rows"].as_array().map(Vec::len), Some(items.len()));
        assert_eq!(first["path"], rows[0].1.path.as_str());
        let mime = usize::try_from(first["mime"].as_u64().unwrap()).unwrap();
        assert_eq!(data["texts"][mime], rows[0].1.mime.as_str());
    }
}
