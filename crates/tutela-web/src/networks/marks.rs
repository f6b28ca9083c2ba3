//! What both drawings write: accounts cut to size, amounts, days, elements of SVG.

use tutela_core::Currency;

use crate::show::figures::count;
use crate::show::hostile::{escaped, middle_cut, plain};

/// Width of one character of the label face at its size, in pixels. Wide scripts take two.
pub(super) const CHARACTER: f64 = 6.65;

/// A label of at most so many widths of a character, and escaped.
pub(super) fn label(account: &str, most: usize) -> String {
    let text = plain(account);
    let wide = text.chars().filter(|c| is_wide(*c)).count();
    let all = text.chars().count();
    let room = if wide == 0 { most } else { (most * all / (all + wide)).max(4) };
    escaped(&middle_cut(&text, room))
}

/// Characters that take the room of two: scripts of East Asia and pictures. Source: Unicode 16.0, East_Asian_Width W and F.
fn is_wide(c: char) -> bool {
    matches!(u32::from(c), 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f300..=0x1faff | 0x20000..=0x3fffd)
}

/// A title that says what a mark is.
pub(super) fn title(text: &str) -> String {
    format!("<title>{}</title>", escaped(text))
}

/// `1 234.50 USD`.
pub(crate) fn money(minor: u64, currency: &str, decimal_mark: &str) -> String {
    let digits = currency.parse::<Currency>().map_or(2, Currency::minor_digits);
    let unit = 10_u64.pow(digits);
    let name = plain(currency);
    match digits {
        0 => format!("{}\u{a0}{name}", count(minor)),
        _ => {
            let rest = format!("{:0width$}", minor % unit, width = digits as usize);
            format!("{}{decimal_mark}{rest}\u{a0}{name}", count(minor / unit))
        }
    }
}

/// The day of an RFC 3339 time.
pub(crate) fn day(at: &str) -> String {
    plain(at.split('T').next().unwrap_or(at))
}

/// Days since 1970-01-01 with the part of a day, from RFC 3339; `None` where it is no time.
pub(super) fn days_since_1970(at: &str) -> Option<f64> {
    let time: tutela_core::Timestamp = at.parse().ok()?;
    Some(time.as_second() as f64 / 86_400.0)
}

/// `3.4`.
pub(crate) fn score(score: f64, decimal_mark: &str) -> String {
    format!("{score:.1}").replace('.', decimal_mark)
}

#[cfg(test)]
mod tests {
    use super::{day, days_since_1970, label, money};

    #[test]
    fn labels_are_short_and_harmless() {
        assert_eq!(label("P-1", 22), "P-1");
        assert_eq!(label("<script>", 22), "&#60;script&#62;");
        assert_eq!(label(&"9".repeat(60), 22).chars().count(), 22);
        assert!(label(&"写".repeat(60), 22).chars().count() <= 11);
        assert_eq!(label("a\u{202e}b", 22), "a⟨U+202E⟩b");
    }

    #[test]
    fn amounts_have_the_decimals_of_their_currency() {
        assert_eq!(money(123_450, "USD", "."), "1\u{202f}234.50\u{a0}USD");
        assert_eq!(money(500, "JPY", ","), "500\u{a0}JPY");
        assert_eq!(money(5, "KWD", ","), "0,005\u{a0}KWD");
    }

    #[test]
    fn days_count_from_1970() {
        assert_eq!(days_since_1970("1970-01-02T12:00:00Z"), Some(1.5));
        assert_eq!(days_since_1970("yesterday"), None);
        assert_eq!(day("2025-03-04T05:06:07Z"), "2025-03-04");
    }
}
