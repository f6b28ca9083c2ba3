//! Payment indicators: every warning sign that is looked for, in one registry.

mod fan_in;

pub use fan_in::FanIn;

use tutela_core::{AccountId, Currency, Money, Timestamp, Transfer, TransferId};

/// Every indicator, in the order in which documents list them.
pub const INDICATORS: &[IndicatorType] = &[fan_in::TYPE];

/// What is known of an indicator. One constant each, in the file of its name.
#[derive(Debug, Clone, Copy)]
pub struct IndicatorType {
    /// The name in documents; never renamed.
    pub id: &'static str,
    /// The name for people.
    pub title: &'static str,
    /// Why it is a warning sign.
    pub why: &'static str,
    /// Who else moves money in this way.
    pub not_proof: &'static str,
    /// Units of its parameters and of its value.
    pub units: &'static str,
    /// Time and memory it takes.
    pub cost: &'static str,
    /// Where it is published.
    pub source: &'static str,
    /// Small sets of transfers, and which accounts they flag: some do, some do not.
    pub examples: &'static [Example],
    /// Looks for it with default parameters, in transfers of any order.
    pub find: fn(&[Transfer]) -> Vec<Indication>,
}

/// The indicator with this id.
pub fn by_id(id: &str) -> Option<&'static IndicatorType> {
    INDICATORS.iter().find(|indicator| indicator.id == id)
}

/// One warning sign on one account. An indicator, never more: a person weighs it with others.
#[derive(Debug, Clone, PartialEq)]
pub struct Indication {
    /// Id of the indicator.
    pub indicator: &'static str,
    /// The account it speaks of.
    pub account: AccountId,
    /// How strong it is, in the indicator's own unit.
    pub value: f64,
    /// What was seen, in one sentence without names or accounts.
    pub why: String,
    /// The transfers it rests on, in the order of their time.
    pub transfers: Vec<TransferId>,
}

/// A small set of transfers that shows what an indicator flags, or lets pass.
#[derive(Debug, Clone, Copy)]
pub struct Example {
    /// What it shows.
    pub title: &'static str,
    /// The transfers, numbered from 1.
    pub transfers: &'static [ExampleTransfer],
    /// The accounts that are flagged.
    pub flagged: &'static [&'static str],
}

/// One transfer of an example, in euro.
#[derive(Debug, Clone, Copy)]
pub struct ExampleTransfer {
    /// Seconds since the first moment of 1970, UTC.
    pub second: u32,
    /// Euro cents.
    pub amount_minor: i64,
    /// An invented account.
    pub payer: &'static str,
    /// Another invented account.
    pub payee: &'static str,
}

impl Example {
    /// Its transfers as any other transfers.
    pub fn transfers(&self) -> Vec<Transfer> {
        self.transfers
            .iter()
            .zip(1_u32..)
            .map(|(transfer, number)| transfer.numbered(number))
            .collect()
    }
}

impl ExampleTransfer {
    fn numbered(&self, number: u32) -> Transfer {
        Transfer {
            id: TransferId(number.to_string()),
            time: Timestamp::UNIX_EPOCH + std::time::Duration::from_secs(self.second.into()),
            amount: Money { minor: self.amount_minor, currency: Currency::EUR },
            payer: AccountId(self.payer.to_owned()),
            payee: AccountId(self.payee.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{INDICATORS, by_id};

    #[test]
    fn every_indicator_is_complete_and_does_what_its_examples_say() {
        for indicator in INDICATORS {
            let id = indicator.id;
            assert!(id.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{id}");
            assert_eq!(
                INDICATORS.iter().filter(|other| other.id == id).count(),
                1,
                "{id} is twice"
            );
            assert_eq!(by_id(id).map(|found| found.id), Some(id));
            for text in [indicator.why, indicator.not_proof, indicator.units, indicator.cost] {
                assert!(text.len() > 10 && text.ends_with('.'), "{id}: `{text}` is no sentence");
            }
            assert!(!indicator.title.is_empty() && !indicator.source.is_empty(), "{id}");
            assert!(indicator.examples.iter().any(|e| !e.flagged.is_empty()), "{id}: none fires");
            assert!(indicator.examples.iter().any(|e| e.flagged.is_empty()), "{id}: all fire");

            for example in indicator.examples {
                let mut transfers = example.transfers();
                let found = (indicator.find)(&transfers);
                let flagged: Vec<&str> = found.iter().map(|f| f.account.as_str()).collect();
                assert_eq!(flagged, example.flagged, "{id}: {}", example.title);
                transfers.reverse();
                assert_eq!((indicator.find)(&transfers), found, "{id}: order mattered");
                for indication in found {
                    assert_eq!(indication.indicator, id);
                    assert!(indication.why.ends_with('.'), "{id}: `{}`", indication.why);
                    assert!(!indication.transfers.is_empty(), "{id}: rests on nothing");
                }
            }
        }
    }
}
