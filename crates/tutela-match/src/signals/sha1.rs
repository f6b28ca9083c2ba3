//! SHA-1 of a whole content.

use tutela_core::Sha1;

use super::{SignalError, SignalType};

/// SHA-1 of the bytes of a file.
pub const TYPE: SignalType = SignalType {
    id: "sha1",
    title: "SHA-1",
    made_from: "every byte of the content",
    text_form: "40 hexadecimal digits, lower case; upper case is read too",
    threshold: None,
    source: "FIPS 180-4, section 6.1",
    valid: &[
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709",
    ],
    invalid: &[
        "",
        "a39a3ee5e6b4b0d3255bfef95601890afd80709",
        "ga39a3ee5e6b4b0d3255bfef95601890afd80709",
    ],
    parse,
};

fn parse(text: &str) -> Result<String, SignalError> {
    text.parse::<Sha1>()
        .map(|value| value.to_string())
        .map_err(|source| SignalError { kind: TYPE.id, source: source.into() })
}
