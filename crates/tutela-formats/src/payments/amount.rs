//! Decimal amounts as whole minor units.

use super::format::Fault;

/// Which character stands before the decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Decimal {
    /// A point and nothing else: what is not mapped may have no other separator.
    #[default]
    PlainPoint,
    /// A point; commas, blanks and apostrophes part thousands.
    Point,
    /// A comma; points, blanks and apostrophes part thousands.
    Comma,
}

/// Why a text is no amount.
pub(super) type Refusal = (Fault, &'static str);

const NOT_A_NUMBER: Refusal = (Fault::Amount, "not a decimal number");
const TOO_LARGE: Refusal = (Fault::Amount, "larger than an amount can be");

/// The minor units of a text: digits, at most one decimal separator, and no more decimals than the
/// currency has, zeros aside. A sign is read, and refused by its own name.
pub(super) fn minor_units(text: &str, decimals: u8, decimal: Decimal) -> Result<i64, Refusal> {
    let bytes = text.as_bytes();
    let (negative, digits) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, bytes),
    };
    let minor = match decimal {
        Decimal::PlainPoint if digits.contains(&b',') => {
            return Err((
                Fault::MixedDecimals,
                "a comma may part decimals or thousands; say which with `decimal` in a map",
            ));
        }
        Decimal::PlainPoint => plain(digits, b'.', decimals)?,
        Decimal::Point => plain(&ungrouped(text, digits, b'.', b',')?, b'.', decimals)?,
        Decimal::Comma => plain(&ungrouped(text, digits, b',', b'.')?, b',', decimals)?,
    };
    match (minor, negative) {
        (0, _) => Err((Fault::ZeroAmount, "an amount of nothing")),
        (_, true) => Err((Fault::NegativeAmount, "an amount below nothing")),
        (minor, false) => Ok(minor),
    }
}

fn plain(digits: &[u8], point: u8, decimals: u8) -> Result<i64, Refusal> {
    let mut minor: i64 = 0;
    let mut seen = 0_u32;
    let mut behind: Option<u8> = None;
    for &byte in digits {
        match byte {
            b'0'..=b'9' => {
                seen += 1;
                if let Some(count) = &mut behind {
                    if *count == decimals {
                        if byte != b'0' {
                            return Err((Fault::Amount, "more decimals than the currency has"));
                        }
                        continue;
                    }
                    *count += 1;
                }
                minor = minor
                    .checked_mul(10)
                    .and_then(|minor| minor.checked_add(i64::from(byte - b'0')))
                    .ok_or(TOO_LARGE)?;
            }
            _ if byte == point && behind.is_none() => behind = Some(0),
            _ => return Err(NOT_A_NUMBER),
        }
    }
    if seen == 0 {
        return Err(NOT_A_NUMBER);
    }
    let missing = u32::from(decimals - behind.unwrap_or(0));
    minor.checked_mul(10_i64.pow(missing)).ok_or(TOO_LARGE)
}

/// The digits without what parts thousands. Only whole groups of three are parted: `12.50` where the comma
/// parts decimals is no twelve hundred and fifty.
fn ungrouped(text: &str, digits: &[u8], point: u8, group: u8) -> Result<Vec<u8>, Refusal> {
    // A blank may be a wide one, of several bytes, or narrow, or an apostrophe.
    let text = &text[text.len() - digits.len()..];
    let mut plain = Vec::with_capacity(digits.len());
    let mut since_group: Option<u32> = None;
    let mut whole = true;
    for c in text.chars() {
        let parts = c == char::from(group) || matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’');
        match c {
            '0'..='9' => {
                plain.push(c as u8);
                if let (true, Some(count)) = (whole, &mut since_group) {
                    *count += 1;
                }
            }
            _ if parts => {
                let first = since_group.is_none() && (1..=3).contains(&plain.len());
                if !whole || !(first || since_group == Some(3)) {
                    return Err((
                        Fault::MixedDecimals,
                        "separators of thousands and decimals are mixed",
                    ));
                }
                since_group = Some(0);
            }
            _ if c == char::from(point) => {
                if !whole || since_group.is_some_and(|count| count != 3) {
                    return Err((
                        Fault::MixedDecimals,
                        "separators of thousands and decimals are mixed",
                    ));
                }
                whole = false;
                plain.push(point);
            }
            _ => return Err(NOT_A_NUMBER),
        }
    }
    if whole && since_group.is_some_and(|count| count != 3) {
        return Err((Fault::MixedDecimals, "separators of thousands and decimals are mixed"));
    }
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, decimals: u8, decimal: Decimal, expected: Result<i64, Fault>) {
        let found = minor_units(text, decimals, decimal).map_err(|(fault, _)| fault);
        assert_eq!(found, expected, "{text:?} with {decimals} decimals, {decimal:?}");
    }

    #[test]
    fn plain_amounts_are_exact() {
        use Decimal::PlainPoint;
        for (text, decimals, expected) in [
            ("15", 2, Ok(1500)),
            ("15.5", 2, Ok(1550)),
            ("15.50", 2, Ok(1550)),
            ("15.", 2, Ok(1500)),
            (".5", 2, Ok(50)),
            ("+1.00", 2, Ok(100)),
            ("15.500", 2, Ok(1550)),
            ("15.501", 2, Err(Fault::Amount)),
            ("1500", 0, Ok(1500)),
            ("1500.0", 0, Ok(1500)),
            ("1500.5", 0, Err(Fault::Amount)),
            ("1.234", 3, Ok(1234)),
            ("92233720368547758.07", 2, Ok(i64::MAX)),
            ("92233720368547758.08", 2, Err(Fault::Amount)),
            ("99999999999999999999", 0, Err(Fault::Amount)),
            ("92233720368547758", 4, Err(Fault::Amount)),
            ("0", 2, Err(Fault::ZeroAmount)),
            ("-0.00", 2, Err(Fault::ZeroAmount)),
            ("-15.00", 2, Err(Fault::NegativeAmount)),
            ("12,50", 2, Err(Fault::MixedDecimals)),
            ("1,234.50", 2, Err(Fault::MixedDecimals)),
            ("", 2, Err(Fault::Amount)),
            (".", 2, Err(Fault::Amount)),
            ("1.2.3", 2, Err(Fault::Amount)),
            ("1e3", 2, Err(Fault::Amount)),
            ("NaN", 2, Err(Fault::Amount)),
            ("１５", 2, Err(Fault::Amount)),
            ("--1", 2, Err(Fault::Amount)),
        ] {
            check(text, decimals, PlainPoint, expected);
        }
    }

    #[test]
    fn a_map_says_what_parts_decimals() {
        for (text, decimal, expected) in [
            ("1.234,56", Decimal::Comma, Ok(123_456)),
            ("1 234,56", Decimal::Comma, Ok(123_456)),
            ("1\u{202f}234\u{a0}567,5", Decimal::Comma, Ok(123_456_750)),
            ("1'234.50", Decimal::Point, Ok(123_450)),
            ("12,50", Decimal::Comma, Ok(1250)),
            ("12.50", Decimal::Comma, Err(Fault::MixedDecimals)),
            ("1,234.56", Decimal::Comma, Err(Fault::MixedDecimals)),
            ("1.234", Decimal::Comma, Ok(123_400)),
            ("1234.567,00", Decimal::Comma, Err(Fault::MixedDecimals)),
            (".234,00", Decimal::Comma, Err(Fault::MixedDecimals)),
            ("1,234.56", Decimal::Point, Ok(123_456)),
            ("-1.234,56", Decimal::Comma, Err(Fault::NegativeAmount)),
            ("1,2,3", Decimal::Point, Err(Fault::MixedDecimals)),
            ("1,23", Decimal::Point, Err(Fault::MixedDecimals)),
        ] {
            check(text, 2, decimal, expected);
        }
    }
}
