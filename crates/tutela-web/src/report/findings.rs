//! What a list says of a file, and what a file says of its making, in words.

use std::collections::BTreeSet;

use tutela_app::views::{CaptureView, ItemView, ListMatchView, MediaFindingView, RaisedView};
use tutela_core::{Orientation, Outcome};

use super::MAX_MATCHES_PER_FILE;
use super::outcomes::Mark;
use crate::Lang;
use crate::show::figures::{count, duration, moment};
use crate::words::{self, Recorded, Words, fill};

/// Bits of a PDQ signal.
const PDQ_BITS: u16 = 256;

/// One file with what the alert lists say of it.
#[derive(Debug)]
pub(super) struct Finding<'a> {
    /// Its outcome.
    pub(super) mark: Mark,
    /// The file.
    pub(super) item: &'a ItemView,
    /// The best entries.
    pub(super) matches: Vec<MatchLine<'a>>,
    /// Entries beyond those.
    pub(super) more: usize,
}

/// One entry of a list, as a line of the table.
#[derive(Debug)]
pub(super) struct MatchLine<'a> {
    /// List and row.
    pub(super) found: &'a ListMatchView,
    /// Scheme and code; `None` where the list gives none.
    pub(super) category: Option<String>,
    /// By what they were compared, and how the picture was turned.
    pub(super) how: String,
    /// How the finding came to be.
    pub(super) raised: Raised<'a>,
}

/// A finding about no list.
#[derive(Debug)]
pub(super) struct OtherFinding<'a> {
    /// The file.
    pub(super) item: &'a ItemView,
    /// Id of the finding.
    pub(super) id: &'a str,
    /// What it claims.
    pub(super) claim: String,
    /// How it came to be.
    pub(super) raised: Raised<'a>,
}

/// What raises the same finding again from the same inputs, and what people said of it.
#[derive(Debug)]
pub(super) struct Raised<'a> {
    /// `media.near, version 1`.
    pub(super) rule: String,
    /// `distance_max 31, quality_min 50`; empty where the rule has none.
    pub(super) parameters: String,
    /// Digests of what was looked at.
    pub(super) inputs: &'a [String],
    /// Open, confirmed or dismissed, by whom and when.
    pub(super) state: String,
}

impl<'a> Raised<'a> {
    fn new(raised: &'a RaisedView, lang: Lang) -> Self {
        let w = lang.words();
        let rule = fill(w.rule_version, "version", &raised.rule_version.to_string());
        let parameters: Vec<String> =
            raised.parameters.iter().map(|(name, value)| format!("{name} {value}")).collect();
        Self {
            rule: fill(&rule, "rule", &raised.rule),
            parameters: parameters.join(", "),
            inputs: &raised.inputs,
            state: state(raised, w),
        }
    }

    /// All of it in one line, but for the digests.
    pub(super) fn line(raised: &RaisedView, lang: Lang) -> String {
        let Raised { rule, parameters, state, .. } = Raised::new(raised, lang);
        let parts = [rule, parameters, state];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }
}

fn state(raised: &RaisedView, w: &Words) -> String {
    let decided = |sentence: &str| {
        let sentence = fill(sentence, "who", raised.decided_by.as_deref().unwrap_or("?"));
        fill(&sentence, "when", &moment(raised.decided_at.as_deref().unwrap_or("?")))
    };
    match raised.state {
        "confirmed" => decided(w.state_confirmed),
        "dismissed" => decided(w.state_dismissed),
        _ => w.state_open.to_owned(),
    }
}

impl<'a> OtherFinding<'a> {
    /// All that the items carry.
    pub(super) fn all(items: &'a [ItemView], lang: Lang) -> impl Iterator<Item = Self> {
        let of_item = move |item: &'a ItemView| {
            item.other_findings.iter().map(move |finding| Self {
                item,
                id: &finding.finding,
                claim: claim(finding, lang.words()),
                raised: Raised::new(&finding.raised, lang),
            })
        };
        items.iter().flat_map(of_item)
    }
}

/// The rules that raised the findings of some items, each once, with what it says.
pub(super) fn rules(items: &[ItemView], lang: Lang) -> Vec<(&str, Recorded<'_>)> {
    let listed = items.iter().flat_map(|item| item.matches.iter().map(|one| &one.raised));
    let others = items.iter().flat_map(|item| item.other_findings.iter().map(|one| &one.raised));
    let ids: BTreeSet<&str> = listed.chain(others).map(|raised| raised.rule.as_str()).collect();
    ids.into_iter().map(|id| (id, words::rule(id, lang))).collect()
}

/// What a finding about no list claims; a name that is not known stays as it is.
pub(super) fn claim(finding: &MediaFindingView, words: &Words) -> String {
    match (finding.claim.as_str(), finding.distance) {
        ("thumbnail_differs", Some(bits)) => {
            fill(words.claim_thumbnail_differs, "bits", &bits.to_string())
        }
        ("provenance_conflict", _) => words.claim_provenance_conflict.to_owned(),
        (other, _) => other.to_owned(),
    }
}

impl<'a> Finding<'a> {
    /// Puts one item into words.
    pub(super) fn new(outcome: Outcome, item: &'a ItemView, lang: Lang) -> Self {
        let words = lang.words();
        let line = |found: &'a ListMatchView| MatchLine {
            found,
            category: category(found),
            how: how(found, words),
            raised: Raised::new(&found.raised, lang),
        };
        Self {
            mark: Mark::of(outcome, words),
            item,
            matches: item.matches.iter().take(MAX_MATCHES_PER_FILE).map(line).collect(),
            more: item.matches.len().saturating_sub(MAX_MATCHES_PER_FILE),
        }
    }
}

/// Scheme and code as received.
pub(super) fn category(found: &ListMatchView) -> Option<String> {
    let code = found.code.as_deref()?;
    Some(match found.scheme.as_deref() {
        Some(scheme) => format!("{scheme}: {code}"),
        None => code.to_owned(),
    })
}

/// `PDQ (reference)`: a kind of signal and which published computation of it.
pub(super) fn signal_name(kind: &str, variant: Option<&str>) -> String {
    match variant {
        None | Some("") => kind.to_uppercase(),
        Some(variant) => format!("{} ({variant})", kind.to_uppercase()),
    }
}

/// By what a file and an entry were compared: `same SHA-256`, or `PDQ, 6 of 256 bits differ`.
pub(super) fn how(found: &ListMatchView, words: &Words) -> String {
    let compared = match found.method.as_str() {
        "sha256" => fill(words.same_digest, "digest", "SHA-256"),
        "sha1" => fill(words.same_digest, "digest", "SHA-1"),
        "md5" => fill(words.same_digest, "digest", "MD5"),
        "vpdq" => film(found, words),
        _ => near(found, words),
    };
    match part(found, words) {
        Some(part) => format!("{part}: {compared}"),
        None => compared,
    }
}

/// Which part of the file was compared; `None` where it was the whole.
fn part(found: &ListMatchView, words: &Words) -> Option<String> {
    match (found.part, found.frame) {
        ("thumbnail", _) => Some(words.part_thumbnail.to_owned()),
        ("frame", Some(number)) => {
            let frame = fill(words.part_frame, "number", &count(u64::from(number) + 1));
            let at = found.frame_at_ms.unwrap_or_default();
            Some(fill(&frame, "time", &duration(at, words.decimal_mark)))
        }
        _ => None,
    }
}

fn film(found: &ListMatchView, words: &Words) -> String {
    let percent = |share: Option<u8>| share.unwrap_or_default().to_string();
    let shares = fill(words.film_shares, "exhibit", &percent(found.exhibit_percent));
    fill(&shares, "entry", &percent(found.entry_percent))
}

fn near(found: &ListMatchView, words: &Words) -> String {
    let bits = fill(words.bits_differ, "bits", &found.distance.to_string());
    let bits = fill(&bits, "all", &PDQ_BITS.to_string());
    let mut parts = vec![signal_name(&found.method, found.variant.as_deref()), bits];
    parts.extend(found.orientation.as_deref().and_then(|turned| orientation(turned, words)));
    parts.join(", ")
}

/// How a picture was turned; `None` for a picture as it is. A name of no known turn stays as it is.
fn orientation(name: &str, words: &Words) -> Option<String> {
    let Ok(orientation) = name.parse() else {
        return Some(name.to_owned());
    };
    let turned = match orientation {
        Orientation::Original => return None,
        Orientation::Rotate90 => words.turned_90,
        Orientation::Rotate180 => words.turned_180,
        Orientation::Rotate270 => words.turned_270,
        Orientation::FlipX => words.flipped_x,
        Orientation::FlipY => words.flipped_y,
        Orientation::FlipPlus1 => words.flipped_plus_1,
        Orientation::FlipMinus1 => words.flipped_minus_1,
    };
    Some(turned.to_owned())
}

/// Maker, model and serial in one line; `None` where the file names no device.
pub(super) fn device(capture: &CaptureView, words: &Words) -> Option<String> {
    let parts = [capture.make.clone(), capture.model.clone()];
    let name = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    match (name.is_empty(), &capture.serial) {
        (true, None) => None,
        (false, None) => Some(name),
        (true, Some(serial)) => Some(format!("{} {serial}", words.serial)),
        (false, Some(serial)) => Some(format!("{name}, {} {serial}", words.serial)),
    }
}

#[cfg(test)]
mod tests {
    use tutela_app::views::{ListMatchView, RaisedView};

    use super::{Raised, category, how};
    use crate::Lang;
    use crate::report::samples::raised;
    use crate::words::{EN, IT};

    fn pdq(distance: u16, orientation: &str) -> ListMatchView {
        ListMatchView {
            finding: "f".to_owned(),
            raised: raised("media.near"),
            list: "l".to_owned(),
            row: 1,
            key: None,
            scheme: Some("example:v1".to_owned()),
            code: Some("2".to_owned()),
            method: "pdq".to_owned(),
            distance,
            variant: Some("reference".to_owned()),
            orientation: Some(orientation.to_owned()),
            part: "whole",
            frame: None,
            frame_at_ms: None,
            exhibit_percent: None,
            entry_percent: None,
        }
    }

    #[test]
    fn turns_are_said_in_words() {
        let cases = [
            ("original", "PDQ (reference), 6 of 256 bits differ"),
            ("rotate_90", "PDQ (reference), 6 of 256 bits differ, turned 90° counter-clockwise"),
            ("flip_y", "PDQ (reference), 6 of 256 bits differ, mirrored left to right"),
            ("sideways", "PDQ (reference), 6 of 256 bits differ, sideways"),
        ];
        for (orientation, expected) in cases {
            assert_eq!(how(&pdq(6, orientation), &EN), expected);
        }
    }

    #[test]
    fn equal_digests_are_named() {
        let found = ListMatchView { method: "sha1".to_owned(), ..pdq(0, "original") };
        assert_eq!(how(&found, &EN), "same SHA-1");
        assert_eq!(how(&found, &IT), "stessa impronta SHA-1");
    }

    #[test]
    fn frames_thumbnails_and_films_are_named() {
        let frame = ListMatchView {
            part: "frame",
            frame: Some(11),
            frame_at_ms: Some(8_200),
            ..pdq(6, "original")
        };
        let said = how(&frame, &EN);
        assert_eq!(said, "frame 12, at 8.2\u{a0}s: PDQ (reference), 6 of 256 bits differ");
        let thumbnail = ListMatchView { part: "thumbnail", ..pdq(6, "original") };
        assert!(how(&thumbnail, &IT).starts_with("miniatura incorporata: PDQ"));
        let film = ListMatchView {
            method: "vpdq".to_owned(),
            exhibit_percent: Some(92),
            entry_percent: Some(40),
            ..pdq(0, "original")
        };
        assert!(how(&film, &EN).contains("92 % of its frames"), "{}", how(&film, &EN));
    }

    #[test]
    fn a_decided_finding_names_who_decided() {
        let raised = RaisedView {
            state: "confirmed",
            decided_by: Some("A. Example".to_owned()),
            decided_at: Some("2026-03-05T10:00:00Z".to_owned()),
            ..raised("media.near")
        };
        assert_eq!(
            Raised::line(&raised, Lang::En),
            "media.near, version 1 · distance_max 31, quality_min 50 · \
             confirmed by A. Example, 2026-03-05 10:00:00 UTC"
        );
    }

    #[test]
    fn a_code_is_never_shown_without_its_scheme_where_there_is_one() {
        assert_eq!(category(&pdq(0, "original")).as_deref(), Some("example:v1: 2"));
        let found = ListMatchView { code: None, ..pdq(0, "original") };
        assert_eq!(category(&found), None);
    }
}
