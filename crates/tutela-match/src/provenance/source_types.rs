//! What the terms of "digital source type" say. A table, as of November 2026.

use tutela_core::Origin;

/// What a term says of how some content came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceType {
    /// The term, without the address of its vocabulary.
    pub term: &'static str,
    /// What it says. A term that phones also write for ordinary pictures is ambiguous.
    pub origin: Origin,
    /// Whether a camera can have no part in it: beside a statement of capture it is a conflict.
    pub excludes_capture: bool,
}

/// Every term that is known. Sources: IPTC NewsCodes "Digital Source Type"; C2PA 2.2, "Digital source type".
pub const SOURCE_TYPES: &[SourceType] = &[
    whole("trainedAlgorithmicMedia"),
    whole("trainedAlgorithmicData"),
    term("compositeWithTrainedAlgorithmicMedia", Origin::Generated),
    term("algorithmicMedia", Origin::Ambiguous),
    term("algorithmicallyEnhanced", Origin::Ambiguous),
    term("compositeSynthetic", Origin::Ambiguous),
    term("composite", Origin::Ambiguous),
    term("dataDrivenMedia", Origin::Ambiguous),
    term("virtualRecording", Origin::Ambiguous),
    term("digitalCreation", Origin::Ambiguous),
    term("digitalArt", Origin::Ambiguous),
    term("softwareImage", Origin::Ambiguous),
    term("empty", Origin::Ambiguous),
    term("digitalCapture", Origin::Captured),
    term("computationalCapture", Origin::Captured),
    term("negativeFilm", Origin::Captured),
    term("positiveFilm", Origin::Captured),
    term("print", Origin::Captured),
    term("compositeCapture", Origin::Captured),
    term("screenCapture", Origin::Captured),
    term("humanEdits", Origin::Edited),
    term("minorHumanEdits", Origin::Edited),
];

const fn term(term: &'static str, origin: Origin) -> SourceType {
    SourceType { term, origin, excludes_capture: false }
}

const fn whole(term: &'static str) -> SourceType {
    SourceType { term, origin: Origin::Generated, excludes_capture: true }
}

/// The entry of a term, with or without the address of its vocabulary.
pub fn source_type(written: &str) -> Option<&'static SourceType> {
    let term = bare(written);
    SOURCE_TYPES.iter().find(|known| known.term == term)
}

/// The term without the address of a vocabulary that is known; anything else as it is.
pub(super) fn bare(written: &str) -> &str {
    const VOCABULARIES: [&str; 2] =
        ["cv.iptc.org/newscodes/digitalsourcetype/", "c2pa.org/digitalsourcetype/"];
    let written = written.trim();
    let address = written.strip_prefix("https://").or_else(|| written.strip_prefix("http://"));
    let Some(address) = address else { return written };
    VOCABULARIES.iter().find_map(|vocabulary| address.strip_prefix(vocabulary)).unwrap_or(written)
}

#[cfg(test)]
mod tests {
    use tutela_core::Origin;

    use super::{SOURCE_TYPES, source_type};

    #[test]
    fn terms_are_known_with_and_without_their_vocabulary() {
        let cases = [
            ("http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia", true),
            ("https://c2pa.org/digitalsourcetype/trainedAlgorithmicData", true),
            (" trainedAlgorithmicMedia ", true),
            ("http://example.org/digitalsourcetype/trainedAlgorithmicMedia", false),
            ("trainedalgorithmicmedia", false),
            ("", false),
        ];
        for (written, known) in cases {
            assert_eq!(source_type(written).is_some(), known, "{written}");
        }
    }

    #[test]
    fn what_phones_write_is_never_called_generated() {
        for term in ["algorithmicallyEnhanced", "dataDrivenMedia", "virtualRecording", "composite"]
        {
            assert_eq!(source_type(term).unwrap().origin, Origin::Ambiguous);
        }
        let generated = SOURCE_TYPES.iter().filter(|known| known.origin == Origin::Generated);
        assert_eq!(generated.count(), 3);
    }
}
