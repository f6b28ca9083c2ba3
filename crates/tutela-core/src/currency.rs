//! Currencies of ISO 4217, and amounts in their minor units.

use std::fmt;
use std::str::FromStr;

/// A text is not a currency code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not three capital letters, as ISO 4217 has them")]
pub struct CurrencyError;

/// A currency, by its three letters of ISO 4217. The form is checked, not that the code is in use;
/// [`Currency::decimals`] knows the codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The euro; its minor unit is the cent.
    pub const EUR: Self = Self(*b"EUR");
    /// The United States dollar; its minor unit is the cent.
    pub const USD: Self = Self(*b"USD");

    /// How many decimals the minor unit has: 2 for the euro, 0 for the yen. None for a code that
    /// [`CODES_DATED`] does not list.
    pub fn decimals(self) -> Option<u8> {
        let listed = |codes: &[[u8; 3]]| codes.binary_search(&self.0).is_ok();
        // The commonest first: nearly every currency has two.
        if listed(TWO_DECIMALS) {
            Some(2)
        } else if listed(NO_DECIMALS) {
            Some(0)
        } else if listed(THREE_DECIMALS) {
            Some(3)
        } else if listed(FOUR_DECIMALS) {
            Some(4)
        } else {
            None
        }
    }

    /// The same, and 2 for a code that is not listed: what nearly all have.
    pub fn minor_digits(self) -> u32 {
        self.decimals().map_or(2, u32::from)
    }

    /// Its three letters.
    pub const fn letters(self) -> [u8; 3] {
        self.0
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|letter| write!(f, "{}", char::from(*letter)))
    }
}

impl FromStr for Currency {
    type Err = CurrencyError;

    fn from_str(text: &str) -> Result<Self, CurrencyError> {
        let letters: [u8; 3] = text.as_bytes().try_into().map_err(|_| CurrencyError)?;
        if letters.iter().all(u8::is_ascii_uppercase) {
            Ok(Self(letters))
        } else {
            Err(CurrencyError)
        }
    }
}

/// An amount of one currency. Amounts of two currencies are never added or compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    /// How many minor units, such as cents.
    pub minor: i64,
    /// Of which currency.
    pub currency: Currency,
}

/// The state of the tables below: list one of ISO 4217 with its amendments up to the start of 2026. Codes that
/// were withdrawn since 2014 are kept, since records of those years hold them. Metals, test codes and
/// codes for no currency are left out.
pub const CODES_DATED: &str = "2026-01";

/// Sorted, as are the three that follow.
#[rustfmt::skip]
const TWO_DECIMALS: &[[u8; 3]] = &[
    *b"AED", *b"AFN", *b"ALL", *b"AMD", *b"ANG", *b"AOA", *b"ARS", *b"AUD", *b"AWG", *b"AZN", *b"BAM", *b"BBD",
    *b"BDT", *b"BGN", *b"BMD", *b"BND", *b"BOB", *b"BOV", *b"BRL", *b"BSD", *b"BTN", *b"BWP", *b"BYN", *b"BZD",
    *b"CAD", *b"CDF", *b"CHE", *b"CHF", *b"CHW", *b"CNY", *b"COP", *b"COU", *b"CRC", *b"CUC", *b"CUP", *b"CVE",
    *b"CZK", *b"DKK", *b"DOP", *b"DZD", *b"EGP", *b"ERN", *b"ETB", *b"EUR", *b"FJD", *b"FKP", *b"GBP", *b"GEL",
    *b"GHS", *b"GIP", *b"GMD", *b"GTQ", *b"GYD", *b"HKD", *b"HNL", *b"HRK", *b"HTG", *b"HUF", *b"IDR", *b"ILS",
    *b"INR", *b"IRR", *b"JMD", *b"KES", *b"KGS", *b"KHR", *b"KPW", *b"KYD", *b"KZT", *b"LAK", *b"LBP", *b"LKR",
    *b"LRD", *b"LSL", *b"MAD", *b"MDL", *b"MGA", *b"MKD", *b"MMK", *b"MNT", *b"MOP", *b"MRO", *b"MRU", *b"MUR",
    *b"MVR", *b"MWK", *b"MXN", *b"MXV", *b"MYR", *b"MZN", *b"NAD", *b"NGN", *b"NIO", *b"NOK", *b"NPR", *b"NZD",
    *b"PAB", *b"PEN", *b"PGK", *b"PHP", *b"PKR", *b"PLN", *b"QAR", *b"RON", *b"RSD", *b"RUB", *b"SAR", *b"SBD",
    *b"SCR", *b"SDG", *b"SEK", *b"SGD", *b"SHP", *b"SLE", *b"SLL", *b"SOS", *b"SRD", *b"SSP", *b"STD", *b"STN",
    *b"SVC", *b"SYP", *b"SZL", *b"THB", *b"TJS", *b"TMT", *b"TOP", *b"TRY", *b"TTD", *b"TWD", *b"TZS", *b"UAH",
    *b"USD", *b"USN", *b"UYU", *b"UZS", *b"VED", *b"VEF", *b"VES", *b"WST", *b"XCD", *b"XCG", *b"YER", *b"ZAR",
    *b"ZMW", *b"ZWG", *b"ZWL",
];

#[rustfmt::skip]
const NO_DECIMALS: &[[u8; 3]] = &[
    *b"BIF", *b"BYR", *b"CLP", *b"DJF", *b"GNF", *b"ISK", *b"JPY", *b"KMF", *b"KRW", *b"PYG", *b"RWF", *b"UGX",
    *b"UYI", *b"VND", *b"VUV", *b"XAF", *b"XOF", *b"XPF",
];

const THREE_DECIMALS: &[[u8; 3]] = &[*b"BHD", *b"IQD", *b"JOD", *b"KWD", *b"LYD", *b"OMR", *b"TND"];

const FOUR_DECIMALS: &[[u8; 3]] = &[*b"CLF", *b"UYW"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currencies_are_three_capital_letters() {
        assert_eq!("EUR".parse(), Ok(Currency::EUR));
        assert_eq!(Currency::USD.to_string(), "USD");
        for text in ["", "EU", "eur", "EURO", "€", "E1R"] {
            assert_eq!(text.parse::<Currency>(), Err(CurrencyError), "{text:?}");
        }
    }

    #[test]
    fn each_code_is_in_one_table_and_tables_are_sorted() {
        let tables = [TWO_DECIMALS, NO_DECIMALS, THREE_DECIMALS, FOUR_DECIMALS];
        for table in tables {
            assert!(table.windows(2).all(|pair| pair[0] < pair[1]));
        }
        let mut all: Vec<_> = tables.concat();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn decimals_are_those_of_the_standard() {
        let decimals = |code: &str| code.parse::<Currency>().ok().and_then(Currency::decimals);
        for (code, expected) in [
            ("EUR", Some(2)),
            ("PHP", Some(2)),
            ("JPY", Some(0)),
            ("VND", Some(0)),
            ("KWD", Some(3)),
            ("CLF", Some(4)),
            ("XTS", None),
            ("XAU", None),
            ("ZZZ", None),
        ] {
            assert_eq!(decimals(code), expected, "{code}");
        }
    }
}
