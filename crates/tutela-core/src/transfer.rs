//! A transfer: money moving from one account to another.

use std::fmt;

use jiff::Timestamp;

use crate::Money;

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

/// A transfer as an institution's file tells it, with what it says of both sides. Every reader of a
/// payment format gives these; what the file does not say is `None`, never an empty text.
#[derive(Clone, PartialEq, Eq)]
pub struct TransferRecord {
    /// Row or message in the file, from 1.
    pub row: u64,
    /// The transfer.
    pub transfer: Transfer,
    /// What the payer was asked to pay, where the file says it and it is of another currency.
    pub instructed: Option<Money>,
    /// What is said of who sent it.
    pub payer: PartyRecord,
    /// What is said of who received it.
    pub payee: PartyRecord,
    /// Product or channel, such as `app` or `counter`.
    pub channel: Option<String>,
    /// The institution that carried it.
    pub institution: Option<String>,
    /// The stated purpose.
    pub purpose: Option<String>,
    /// The device it was ordered from.
    pub device: Option<String>,
    /// Columns that Tutela does not know, kept as they came: (name, value).
    pub extra: Vec<(String, String)>,
}

/// What a file says of one side of a transfer. It leads to a person, so it never prints itself.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct PartyRecord {
    /// The name as written.
    pub name: Option<String>,
    /// ISO 3166, two capital letters.
    pub country: Option<String>,
    /// Region, province or town.
    pub region: Option<String>,
    /// Year of birth.
    pub birth_year: Option<u16>,
    /// As written. Used only where an institution switches it on.
    pub sex: Option<String>,
    /// Telephone number as written.
    pub phone: Option<String>,
    /// E-mail address as written.
    pub email: Option<String>,
    /// Country of the network address, ISO 3166.
    pub ip_country: Option<String>,
}

impl TransferRecord {
    /// A record that says no more than the transfer itself.
    pub fn bare(row: u64, transfer: Transfer) -> Self {
        Self {
            row,
            transfer,
            instructed: None,
            payer: PartyRecord::default(),
            payee: PartyRecord::default(),
            channel: None,
            institution: None,
            purpose: None,
            device: None,
            extra: Vec::new(),
        }
    }
}

impl fmt::Debug for TransferRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TransferRecord(row {}, [redacted])", self.row)
    }
}

impl fmt::Debug for PartyRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PartyRecord([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::{AccountId, Timestamp, Transfer, TransferId, TransferRecord};
    use crate::{Currency, Money};

    #[test]
    fn accounts_never_print() {
        let transfer = Transfer {
            id: TransferId("t-1".to_owned()),
            time: Timestamp::UNIX_EPOCH,
            amount: Money { minor: 1500, currency: Currency::EUR },
            payer: AccountId("payer-secret".to_owned()),
            payee: AccountId("payee-secret".to_owned()),
        };
        let mut record = TransferRecord::bare(1, transfer.clone());
        record.payer.name = Some("secret".to_owned());
        let printed = format!("{transfer:?} {record:?} {:?}", record.payer);
        assert!(printed.contains("[redacted]") && !printed.contains("secret"), "{printed}");
    }
}
