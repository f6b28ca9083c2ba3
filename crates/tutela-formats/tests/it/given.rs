//! What the tests read, and how.

use tutela_core::ListEntry;
use tutela_formats::FormatError;
use tutela_formats::lists::{Hex64, ListFormat, ListReading, ReadOptions, format};

/// An MD5, a SHA-1 and a 64-digit value for rows that must be sound.
pub(crate) const MD5: &str = "0123456789abcdef0123456789abcdef";
pub(crate) const SHA1: &str = "0123456789abcdef0123456789abcdef01234567";
pub(crate) const HEX64: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
pub(crate) const EMPTY_MD5: &str = "d41d8cd98f00b204e9800998ecf8427e";

/// Entries and reading of some bytes.
pub(crate) fn try_read(
    format: &ListFormat,
    mut bytes: &[u8],
    options: &ReadOptions,
) -> Result<(Vec<ListEntry>, ListReading), FormatError> {
    let mut entries = Vec::new();
    let reading = (format.read)(&mut bytes, options, &mut |entry| entries.push(entry))?;
    Ok((entries, reading))
}

/// The same for a format named by id, with default options.
pub(crate) fn read(id: &str, bytes: impl AsRef<[u8]>) -> (Vec<ListEntry>, ListReading) {
    try_read(format(id).unwrap(), bytes.as_ref(), &ReadOptions::default()).unwrap()
}

/// The same with 64 digits as SHA-256.
pub(crate) fn read_sha256(id: &str, bytes: &str) -> Vec<ListEntry> {
    let options = ReadOptions { hex64: Hex64::Sha256, ..ReadOptions::default() };
    try_read(format(id).unwrap(), bytes.as_bytes(), &options).unwrap().0
}

/// Errors as a person reads them.
pub(crate) fn errors(reading: &ListReading) -> Vec<String> {
    reading.errors.iter().map(ToString::to_string).collect()
}

/// Signals, key, category and label of an entry in one line.
pub(crate) fn line(entry: &ListEntry) -> String {
    let mut parts = vec![format!("{}:", entry.row)];
    let mut add = |name: &str, value: Option<String>| {
        parts.extend(value.map(|value| format!("{name}={value}")));
    };
    add("key", entry.key.clone());
    add("md5", entry.md5.map(|v| v.to_string()[..4].to_owned()));
    add("sha1", entry.sha1.map(|v| v.to_string()[..4].to_owned()));
    add("sha256", entry.sha256.map(|v| v.to_string()[..4].to_owned()));
    add("pdq", entry.pdq.map(|v| v.to_string()[..4].to_owned()));
    for other in &entry.other {
        add(&other.kind, Some(other.value.chars().take(8).collect()));
    }
    add("category", entry.category.as_ref().map(ToString::to_string));
    add("size", entry.size_bytes.map(|v| v.to_string()));
    add("withdrawn", entry.withdrawn.then(|| "yes".to_owned()));
    add("label", entry.label.clone());
    parts.join(" ")
}
