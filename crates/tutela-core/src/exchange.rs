//! Exchanges: where signals come from by themselves, and what is said back about them.

use std::fmt;

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number!(
    /// Number of an exchange. Never used again after the exchange is gone.
    ExchangeNumber
);
number!(
    /// Number of a verdict on its way back to a sender.
    VerdictNumber
);
number!(
    /// Number of one delivery to a webhook.
    DeliveryNumber
);

/// What a person says of a sender's signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It names what the sender says it names.
    Confirm,
    /// It does not, or it matches what it should not.
    Dispute,
}

impl Verdict {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Confirm, Self::Dispute];

    /// Its name in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Dispute => "dispute",
        }
    }
}

/// How far something that waits to be sent has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SendState {
    /// It waits for its next attempt.
    Queued,
    /// The other side took it.
    Sent,
    /// It was given up; a person may queue it again.
    Dead,
}

impl SendState {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Queued, Self::Sent, Self::Dead];

    /// Its name in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Dead => "dead",
        }
    }
}
