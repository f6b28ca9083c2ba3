//! What a list says of a file, and what a file says of its making, in words.

use tutela_app::views::{CaptureView, ItemView, ListMatchView};
use tutela_core::{Orientation, Outcome};

use super::MAX_MATCHES_PER_FILE;
use super::outcomes::Mark;
use crate::words::{Words, fill};

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
}

impl<'a> Finding<'a> {
    /// Puts one item into words.
    pub(super) fn new(outcome: Outcome, item: &'a ItemView, words: &Words) -> Self {
        let line = |found: &'a ListMatchView| MatchLine {
            found,
            category: category(found),
            how: how(found, words),
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
    let digest = match found.method.as_str() {
        "sha256" => "SHA-256",
        "sha1" => "SHA-1",
        "md5" => "MD5",
        _ => return near(found, words),
    };
    fill(words.same_digest, "digest", digest)
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
    use tutela_app::views::ListMatchView;

    use super::{category, how};
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
    fn a_code_is_never_shown_without_its_scheme_where_there_is_one() {
        assert_eq!(category(&pdq(0, "original")).as_deref(), Some("example:v1: 2"));
        let found = ListMatchView { code: None, ..pdq(0, "original") };
        assert_eq!(category(&found), None);
    }
}
