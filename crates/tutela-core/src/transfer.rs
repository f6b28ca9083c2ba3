//! A transfer: money moving from one account to another.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

/// A text is not a currency code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not three capital letters, as ISO 4217 has them")]
pub struct CurrencyError;

/// A currency, by its three letters of ISO 4217. The form is checked, not that the code is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The euro; its minor unit is the cent.
    pub const EUR: Self = Self(*b"EUR");
    /// The United States dollar; its minor unit is the cent.
    pub const USD: Self = Self(*b"USD");
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

/// An account as an institution names it. It leads to a person, so it never prints itself.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountId(pub String);

impl AccountId {
    /// The identifier, for looking up and for documents that a person asked for.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccountId([redacted])")
    }
}

/// A transfer's identifier, as its institution gave it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TransferId(pub String);

impl fmt::Display for TransferId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Money moving from one account to another. It says nothing of why.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Transfer {
    /// Its identity.
    pub id: TransferId,
    /// When it was ordered.
    pub time: Timestamp,
    /// What the payee was sent.
    pub amount: Money,
    /// Who sent it.
    pub payer: AccountId,
    /// Who received it.
    pub payee: AccountId,
}

#[cfg(test)]
mod tests {
    use super::{AccountId, Currency, CurrencyError, Money, Timestamp, Transfer, TransferId};

    #[test]
    fn currencies_are_three_capital_letters() {
        assert_eq!("EUR".parse(), Ok(Currency::EUR));
        assert_eq!(Currency::USD.to_string(), "USD");
        for text in ["", "EU", "eur", "EURO", "€", "E1R"] {
            assert_eq!(text.parse::<Currency>(), Err(CurrencyError), "{text:?}");
        }
    }

    #[test]
    fn accounts_never_print() {
        let transfer = Transfer {
            id: TransferId("t-1".to_owned()),
            time: Timestamp::UNIX_EPOCH,
            amount: Money { minor: 1500, currency: Currency::EUR },
            payer: AccountId("payer-secret".to_owned()),
            payee: AccountId("payee-secret".to_owned()),
        };
        let printed = format!("{transfer:?}");
        assert!(printed.contains("[redacted]") && !printed.contains("secret"), "{printed}");
    }
}
