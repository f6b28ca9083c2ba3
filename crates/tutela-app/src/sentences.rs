//! Every sentence that the program itself writes into a report: a stable code and the English words.
//!
//! The words are stored and printed as they stand here. The code and the values beside them let a page
//! say the same in another language; a test of `tutela_web` refuses a sentence without a translation.

mod failures;

use serde::{Serialize, Serializer};

pub use failures::{FAILURES, failure};

/// One sentence. `{name}` is filled in; `one row|{n} rows` gives both forms, by the value of `n`.
#[derive(Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Never renamed, never reused.
    pub code: &'static str,
    /// The words.
    pub english: &'static str,
}

impl Sentence {
    /// The sentence with its places filled.
    pub fn say<const N: usize>(&'static self, values: [(&'static str, String); N]) -> Said {
        let values = values.to_vec();
        Said { code: self.code, text: fill(self.english, &values), values }
    }
}

/// A sentence that was said. In JSON it is its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    code: &'static str,
    values: Vec<(&'static str, String)>,
    text: String,
}

impl Said {
    /// What is the same in every language: a number, a digest, a name.
    pub fn verbatim(text: impl Into<String>) -> Self {
        Self { code: "", values: Vec::new(), text: text.into() }
    }

    /// The code; empty for what is said verbatim.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The English words, filled.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The same values in the words of another language.
    pub fn in_words(&self, words: &str) -> String {
        fill(words, &self.values)
    }
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Said {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

/// Fills places from left to right: a value that looks like a place stays as it is.
fn fill(words: &str, values: &[(&'static str, String)]) -> String {
    let value = |name: &str| values.iter().find(|(known, _)| *known == name).map(|(_, v)| v);
    let words = match words.split_once('|') {
        Some((one, _)) if value("n").is_some_and(|n| n == "1") => one,
        Some((_, many)) => many,
        None => words,
    };
    let mut parts = words.split('{');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('}').and_then(|(name, rest)| Some((value(name)?, rest))) {
            Some((value, rest)) => text.extend([value, rest]),
            None => text.extend(["{", part]),
        }
    }
    text
}

macro_rules! sentences {
    ($(#[$doc:meta])* $list:ident: $($name:ident $code:literal $english:literal;)*) => {
        $(#[doc = $english] pub static $name: Sentence = Sentence { code: $code, english: $english };)*
        $(#[$doc])*
        pub static $list: &[&Sentence] = &[$(&$name,)*];
    };
}

sentences! {
    /// What a reader must know of the limits of a scan's results.
    REMARKS:
    UNCONFIRMED "scan.unconfirmed"
        "A match is an indicator. Nothing in this report has been confirmed by a person.";
    NEVER_EXAMINED "scan.never_examined"
        "Deleted and carved data and unallocated space were not examined.";
    STOPPED_BY_BUDGET "scan.stopped_by_budget"
        "The scan stopped when its time was used up: 1 file ({bytes} bytes) was not looked at.|The scan stopped when its time was used up: {n} files ({bytes} bytes) were not looked at.";
    STOPPED_BY_A_PERSON "scan.stopped_by_a_person"
        "The scan was stopped before its end: 1 file ({bytes} bytes) was not looked at.|The scan was stopped before its end: {n} files ({bytes} bytes) were not looked at.";
    NO_LIST "scan.no_list" "No list was given: nothing could be known or near.";
    LIST_INCOMPLETE "scan.list_incomplete"
        "The list {list} could not be used in full: 1 row rejected.|The list {list} could not be used in full: {n} rows rejected.";
    LIST_CUT_OFF "scan.list_cut_off"
        "The list {list} could not be used in full: 1 row rejected; the file ends inside an entry.|The list {list} could not be used in full: {n} rows rejected; the file ends inside an entry.";
    PARTLY_FENCED "scan.partly_fenced" "The decoder was not fully fenced in: {protection}.";
    MANY_MATCHES "scan.many_matches"
        "1 file matches {most} entries or more; the nearest {most} are listed.|{n} files match {most} entries or more; the nearest {most} of each are listed.";
    DIGEST_CONFLICT "scan.digest_conflict"
        "1 file shares MD5 or SHA-1 with a list entry whose stronger digest differs: a collision, or an error in the list.|{n} files share MD5 or SHA-1 with a list entry whose stronger digest differs: a collision, or an error in the list.";
    FILMS_BY_KEY "scan.films_by_key"
        "1 film was looked into with ffmpeg {version}, at its key frames, at most one a second.|{n} films were looked into with ffmpeg {version}, at their key frames, at most one a second.";
    FILMS_BY_SECOND "scan.films_by_second"
        "1 film was looked into with ffmpeg {version}, at one frame a second.|{n} films were looked into with ffmpeg {version}, at one frame a second.";
    FILMS_NOT "scan.films_not"
        "1 film was not looked into: ffmpeg is not installed, or switched off.|{n} films were not looked into: ffmpeg is not installed, or switched off.";
    THUMBNAILS "scan.thumbnails"
        "1 grey blurred thumbnail is in this report.|{n} grey blurred thumbnails are in this report.";
    THUMBNAILS_MISSING "scan.thumbnails_missing"
        "1 thumbnail could not be made: a picture inside an archive, or a file that changed since.|{n} thumbnails could not be made: pictures inside archives, or files that changed since.";
}

sentences! {
    /// What a self-test tries, and what came out.
    CHECKS:
    DIGEST_FOUND "check.digest_found" "planted {kind} is found";
    PDQ_FOUND "check.pdq_found" "planted PDQ is found at distance {bits}";
    PDQ_NOT_FOUND "check.pdq_not_found" "planted PDQ is not found at distance {bits}";
    ROW_FOUND "check.row_found" "row {row} of {list} is found";
    CHART_DECODES "check.chart_decodes" "the test chart decodes to its published signal";
    OPEN_REFUSED "check.open_refused" "the decoder cannot open a file by name";
    MEMORY_CAPPED "check.memory_capped" "the decoder cannot take more memory than its cap";
    SOCKET_FATAL "check.socket_fatal" "the decoder is ended when it makes a network socket";
    FILM_OPEN_REFUSED "check.film_open_refused"
        "the process of films cannot open a file by name";
    FILM_SOCKET_REFUSED "check.film_socket_refused"
        "the process of films cannot make a network socket";
    FILM_PROCESS_REFUSED "check.film_process_refused"
        "the process of films cannot start a process";
    FOUND "check.found" "found";
    NOT_FOUND "check.not_found" "not found";
    REFUSED "check.refused" "refused";
    NOT_REFUSED "check.not_refused" "NOT refused";
    NO_SIGNAL "check.no_signal" "no signal";
}

sentences! {
    /// What ties new content together, and what points are given for.
    TIES:
    TIE_NEAR "tie.near" "Near-duplicates: at most {bits} of 256 bits from one of them.";
    TIE_NEAR_FILMS "tie.near_films"
        "Films that have {percent} of 100 frames and more in common with one of them.";
    TIE_DEVICE "tie.device" "One device, by its serial number: {device}.";
    TIE_MODEL "tie.model" "One model, which many devices share: {model}.";
    TIE_SESSION "tie.session" "Captured in a row by {device}, from {first} to {last}.";
    TIE_NAMES "tie.names" "Names in one folder that count on, from {first} to {last}.";
    TIE_OTHER_CASE "tie.other_case"
        "The same or near content is in an earlier scan of another case: {scan}.";
    TIE_OTHER_CASE_DEVICE "tie.other_case_device"
        "An earlier scan of another case names the same device: {scan}.";
    TIE_FOLDER "tie.folder" "All in one folder.";
    POINTS_DISTINCT "points.distinct"
        "1 file with bytes of its own: one point.|{n} files with different bytes: one point each, {most} at most.";
    POINTS_SERIAL "points.device_serial" "A serial number ties them to one device.";
    POINTS_TIES "points.further_ties"
        "{ties} ties hold for all of them: {points} points for each beyond the first, {most} at most.";
    POINTS_RECENT "points.recent"
        "The latest says it was taken 1 day before the scan.|The latest says it was taken {n} days before the scan.";
    POINTS_CONTENT "points.other_case_content"
        "An earlier scan of another case holds the same or near content.";
    POINTS_DEVICE "points.other_case_device" "An earlier scan of another case names the same device.";
}

/// Every sentence, the meanings of failures and of rules among them.
pub fn all() -> impl Iterator<Item = &'static Sentence> {
    [REMARKS, CHECKS, TIES].into_iter().flatten().copied().chain(FAILURES)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{LIST_INCOMPLETE, Said, all};

    #[test]
    fn codes_are_unlike_each_other() {
        let codes: BTreeSet<&str> = all().map(|sentence| sentence.code).collect();
        assert_eq!(codes.len(), all().count());
    }

    #[test]
    fn places_are_filled_once_and_numbers_choose_the_form() {
        let list = || ("list", "a{n}.csv".to_owned());
        let said = LIST_INCOMPLETE.say([list(), ("n", "1".to_owned())]);
        assert_eq!(said.text(), "The list a{n}.csv could not be used in full: 1 row rejected.");
        let said = LIST_INCOMPLETE.say([list(), ("n", "2".to_owned())]);
        assert_eq!(
            said.to_string(),
            "The list a{n}.csv could not be used in full: 2 rows rejected."
        );
        assert_eq!(said.in_words("uno|{n} righe, {list}, {else"), "2 righe, a{n}.csv, {else");
        assert_eq!(serde_json::to_string(&Said::verbatim("ff")).unwrap(), "\"ff\"");
    }
}
