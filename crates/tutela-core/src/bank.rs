//! Signal banks: the signals that a service curates and matches against.

use std::fmt;

use jiff::Timestamp;

/// Number of a signal bank. Never used again after the bank is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BankNumber(pub u32);

/// Number of one content of a bank, the same for clients. Never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContentNumber(pub u64);

impl fmt::Display for BankNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for ContentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a match with a bank means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BankRole {
    /// A match is a finding.
    Alert,
    /// A negative bank: whoever matches here is not reported for other banks.
    Allow,
}

impl BankRole {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Alert, Self::Allow];

    /// Its name in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Alert => "alert",
            Self::Allow => "allow",
        }
    }
}

/// How much of the traffic a bank or signal type takes part in: 0 (never) to 1 (always).
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Ratio(f64);

impl Ratio {
    /// Never.
    pub const OFF: Self = Self(0.0);
    /// Always.
    pub const ON: Self = Self(1.0);

    /// A ratio; `None` for what is not between 0 and 1.
    pub fn new(value: f64) -> Option<Self> {
        (0.0..=1.0).contains(&value).then_some(Self(value))
    }

    /// As a number.
    pub fn get(self) -> f64 {
        self.0
    }
}

/// What happens when something matches a bank, besides the finding.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BankActions {
    /// The finding is put before a person.
    pub alert: bool,
    /// Names of webhooks in the settings that are told.
    pub webhooks: Vec<String>,
}

/// What an operator says of a bank.
#[derive(Debug, Clone, PartialEq)]
pub struct BankTerms {
    /// Upper-case letters, digits and underscores; begins with a letter or underscore.
    pub name: String,
    /// What a match means.
    pub role: BankRole,
    /// Share of the look-ups that it answers.
    pub enabled_ratio: Ratio,
    /// Radius in bits for signals that have a distance; `None`: that of the signal type.
    pub distance: Option<u16>,
    /// What people say of it.
    pub note: Option<String>,
    /// What happens on a match.
    pub actions: BankActions,
}

impl BankTerms {
    /// A bank of this name, as one is made when nothing else is said.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            role: BankRole::Alert,
            enabled_ratio: Ratio::ON,
            distance: None,
            note: None,
            actions: BankActions { alert: true, webhooks: Vec::new() },
        }
    }
}

/// One signal of a content.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ContentSignal {
    /// Id of the signal type.
    pub kind: String,
    /// Canonical text of the value.
    pub value: String,
}

/// When a content takes part in look-ups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Enabled {
    /// Not until somebody says so.
    Off,
    /// Always.
    On,
    /// From this second on, counted from 1970 in UTC.
    From(i64),
}

impl Enabled {
    /// From the number that HMA's clients know: 0 off, 1 on, else off until then.
    pub fn from_disable_until(seconds: i64) -> Self {
        match seconds {
            0 => Self::Off,
            1 => Self::On,
            seconds => Self::From(seconds),
        }
    }

    /// The inverse of [`Enabled::from_disable_until`].
    pub fn disable_until(self) -> i64 {
        match self {
            Self::Off => 0,
            Self::On => 1,
            Self::From(seconds) => seconds,
        }
    }

    /// Whether it takes part at this time.
    pub fn at(self, now: Timestamp) -> bool {
        match self {
            Self::Off => false,
            Self::On => true,
            Self::From(seconds) => now.as_second() >= seconds,
        }
    }
}

/// What is known of a content besides its signals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentTerms {
    /// When it takes part.
    pub enabled: Enabled,
    /// After this it matches no more.
    pub expires_at: Option<Timestamp>,
    /// Where it came from, as said by whoever added it; a locator, so personal data.
    pub uri: Option<String>,
    /// What people say of it.
    pub note: Option<String>,
    /// Words to sort by.
    pub labels: Vec<String>,
    /// Whatever the client sent along, as JSON.
    pub metadata_json: Option<String>,
    /// The sender's own key, where it came through an exchange.
    pub exchange_key: Option<String>,
    /// The sender's record, as JSON, where it came through an exchange.
    pub record_json: Option<String>,
}

impl Default for ContentTerms {
    fn default() -> Self {
        Self {
            enabled: Enabled::On,
            expires_at: None,
            uri: None,
            note: None,
            labels: Vec::new(),
            metadata_json: None,
            exchange_key: None,
            record_json: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{Enabled, Ratio};

    #[test]
    fn ratios_are_between_none_and_all() {
        for good in [0.0, 0.5, 1.0] {
            assert_eq!(Ratio::new(good).map(Ratio::get), Some(good));
        }
        for bad in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
            assert_eq!(Ratio::new(bad), None, "{bad}");
        }
    }

    #[test]
    fn contents_come_back_at_their_second() {
        let check = |number: i64, at: i64, expected: bool| {
            let enabled = Enabled::from_disable_until(number);
            assert_eq!(enabled.disable_until(), number);
            assert_eq!(enabled.at(Timestamp::from_second(at).unwrap()), expected, "{number} {at}");
        };
        check(0, 5_000, false);
        check(1, 5_000, true);
        check(5_001, 5_000, false);
        check(5_000, 5_000, true);
    }
}
