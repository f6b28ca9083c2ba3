//! The words of the console.

mod alerts;
mod banks;
mod frame;
mod matches;

pub(crate) use alerts::{ALERTS_EN, ALERTS_IT, AlertWords};
pub(crate) use banks::{BANKS_EN, BANKS_IT, BankWords};
pub(crate) use frame::{CONSOLE_EN, CONSOLE_IT, ConsoleWords};
pub(crate) use matches::{MATCHES_EN, MATCHES_IT, MatchWords};

use super::Lang;

impl Lang {
    pub(crate) const fn console_words(self) -> &'static ConsoleWords {
        match self {
            Self::En => &CONSOLE_EN,
            Self::It => &CONSOLE_IT,
        }
    }

    pub(crate) const fn alert_words(self) -> &'static AlertWords {
        match self {
            Self::En => &ALERTS_EN,
            Self::It => &ALERTS_IT,
        }
    }

    pub(crate) const fn bank_words(self) -> &'static BankWords {
        match self {
            Self::En => &BANKS_EN,
            Self::It => &BANKS_IT,
        }
    }

    pub(crate) const fn match_words(self) -> &'static MatchWords {
        match self {
            Self::En => &MATCHES_EN,
            Self::It => &MATCHES_IT,
        }
    }
}
