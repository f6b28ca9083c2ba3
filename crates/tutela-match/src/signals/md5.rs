//! MD5 of a whole content.

use tutela_core::Md5;

use super::{SignalError, SignalType};

/// MD5 of the bytes of a file.
pub const TYPE: SignalType = SignalType {
    id: "md5",
    title: "MD5",
    made_from: "every byte of the content",
    text_form: "32 hexadecimal digits, lower case; upper case is read too",
    threshold: None,
    source: "RFC 1321",
    valid: &["d41d8cd98f00b204e9800998ecf8427e", "D41D8CD98F00B204E9800998ECF8427E"],
    invalid: &["", "41d8cd98f00b204e9800998ecf8427e", "g41d8cd98f00b204e9800998ecf8427e"],
    parse,
};

fn parse(text: &str) -> Result<String, SignalError> {
    text.parse::<Md5>()
        .map(|value| value.to_string())
        .map_err(|source| SignalError { kind: TYPE.id, source: source.into() })
}
