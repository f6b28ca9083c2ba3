//! SHA-256 of a whole content.

use tutela_core::Sha256;

use super::{SignalError, SignalType};

/// SHA-256 of the bytes of a file.
pub const TYPE: SignalType = SignalType {
    id: "sha256",
    title: "SHA-256",
    made_from: "every byte of the content",
    text_form: "64 hexadecimal digits, lower case; upper case is read too",
    threshold: None,
    source: "FIPS 180-4, section 6.2",
    valid: &[
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
    ],
    invalid: &[
        "",
        "3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "g3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ],
    parse,
};

fn parse(text: &str) -> Result<String, SignalError> {
    text.parse::<Sha256>()
        .map(|value| value.to_string())
        .map_err(|source| SignalError { kind: TYPE.id, source: source.into() })
}
