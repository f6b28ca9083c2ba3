//! Values that several formats share: hex of unstated kind, dates in the forms that are met.

use tutela_core::{HexError, ListEntry, Timestamp};

use super::format::Hex64;

/// A text is no digest or signal of a known length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not 32, 40 or 64 hexadecimal digits")]
pub(super) struct NotADigest;

impl From<HexError> for NotADigest {
    fn from(_: HexError) -> Self {
        Self
    }
}

/// Puts hexadecimal digits where their number says: 32 MD5, 40 SHA-1, 64 as `hex64` says.
pub(super) fn digits(entry: &mut ListEntry, text: &str, hex64: Hex64) -> Result<(), NotADigest> {
    match (text.len(), hex64) {
        (32, _) => entry.md5 = Some(text.parse()?),
        (40, _) => entry.sha1 = Some(text.parse()?),
        (64, Hex64::Pdq) => entry.pdq = Some(text.parse()?),
        (64, Hex64::Sha256) => entry.sha256 = Some(text.parse()?),
        _ => return Err(NotADigest),
    }
    Ok(())
}

/// Whether the bytes have the length and the letters of a digest.
pub(super) fn looks_like_digest(bytes: &[u8]) -> bool {
    matches!(bytes.len(), 32 | 40 | 64) && bytes.iter().all(u8::is_ascii_hexdigit)
}

/// A date in one of the forms that lists use: RFC 3339; the same without an offset, which then is
/// UTC; with an offset and a stray `Z` behind it; `/Date(ms)/`, with or without an offset.
pub(super) fn date(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Some(inner) = text.strip_prefix("/Date(").and_then(|t| t.strip_suffix(")/")) {
        // The offset only says how to show the instant; the number already is UTC.
        let end = inner.char_indices().skip(1).find(|(_, c)| matches!(c, '+' | '-'));
        let ms = &inner[..end.map_or(inner.len(), |(at, _)| at)];
        return Timestamp::from_millisecond(ms.parse().ok()?).ok();
    }
    if let Ok(date) = text.parse() {
        return Some(date);
    }
    if let Some(without) = text.strip_suffix('Z')
        && let Ok(date) = without.parse()
    {
        return Some(date);
    }
    format!("{text}Z").parse().ok()
}

/// An instant in seconds since 1970, as text or number.
pub(super) fn unix_seconds(text: &str) -> Option<Timestamp> {
    Timestamp::from_second(text.trim().parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_digits_tells_the_kind() {
        let mut entry = ListEntry::default();
        for n in [32, 40, 64] {
            digits(&mut entry, &"Ab".repeat(n / 2), Hex64::Pdq).unwrap();
        }
        digits(&mut entry, &"cd".repeat(32), Hex64::Sha256).unwrap();
        assert_eq!(entry.md5.unwrap().to_string(), "ab".repeat(16));
        assert_eq!(entry.sha1.unwrap().to_string(), "ab".repeat(20));
        assert_eq!(entry.pdq.unwrap().to_string(), "ab".repeat(32));
        assert_eq!(entry.sha256.unwrap().to_string(), "cd".repeat(32));
        for bad in ["", "abc", &"g".repeat(32), &"ab".repeat(17), &"ab".repeat(64)] {
            assert_eq!(digits(&mut entry, bad, Hex64::Pdq), Err(NotADigest), "{bad:?}");
        }
    }

    #[test]
    fn dates_read_in_every_form() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(date(text).map(|d| d.to_string()).as_deref(), expected, "{text:?}");
        };
        check("2020-01-02T03:04:05Z", Some("2020-01-02T03:04:05Z"));
        check("2020-01-02T03:04:05", Some("2020-01-02T03:04:05Z"));
        check("2020-01-02T03:04:05+02:00", Some("2020-01-02T01:04:05Z"));
        check("2020-01-02T03:04:05+02:00Z", Some("2020-01-02T01:04:05Z"));
        check("/Date(1577934245000)/", Some("2020-01-02T03:04:05Z"));
        check("/Date(1577934245000+0200)/", Some("2020-01-02T03:04:05Z"));
        check("/Date(-1000)/", Some("1969-12-31T23:59:59Z"));
        check("/Date()/", None);
        check("/Date(99999999999999999999)/", None);
        check("yesterday", None);
        check("", None);
    }
}
