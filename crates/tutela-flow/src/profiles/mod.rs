//! What one side of an account looks like over some transfers: gathered one by one, or merged from parts.

mod figures;
mod links;
mod places;

pub use figures::Figures;
pub use links::{Links, Referral};
pub use places::{is_listed, is_night, offset_s};

use crate::transfers::{AccountNumber, Country, Side, TransferNumber, Transfers, Word};

/// Amounts up to this many minor units of the reference currency are small: the upper end of what
/// published alerts call so. Source: FATF 2025; AUSTRAC 2022; FINTRAC 2025 (200 of their own units).
pub const SMALL_MINOR: u32 = 20_000;
/// Amounts that are a multiple of this many minor units are round.
pub const ROUND_MINOR: i64 = 500;

/// One transfer as one of its sides sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Move {
    /// Seconds since 1970.
    pub time_s: u32,
    /// The transfer.
    pub transfer: TransferNumber,
    /// Who is on the other side.
    pub other: AccountNumber,
    /// Minor units of the reference currency, where there is a rate.
    pub reference_minor: Option<u32>,
}

/// An accumulator for one side of one account. Any split of its transfers, gathered apart and merged in any
/// order, gives the same figures as one pass.
///
/// **Cost.** 20 bytes a transfer; [`update`](Self::update) and [`merge`](Self::merge) copy, and
/// [`figures`](Self::figures) sorts what has come since: O(n log n) in the account's transfers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    moves: Vec<Move>,
    round: u32,
    night: u32,
    with_hour: u32,
    institutions: Vec<Word>,
    countries: Vec<Country>,
}

impl Profile {
    /// Takes one more transfer, of whatever time, as this side of it sees it.
    pub fn update(&mut self, transfers: &Transfers, side: Side, transfer: TransferNumber) {
        let other = transfers.end(side.other(), transfer);
        let time_s = transfers.time_s(transfer);
        let reference_minor = transfers.reference_minor(transfer);
        self.moves.push(Move { time_s, transfer, other, reference_minor });

        let round_reference = reference_minor.is_some_and(|m| i64::from(m) % ROUND_MINOR == 0);
        let round = round_reference || transfers.amount_minor(transfer) % ROUND_MINOR == 0;
        self.round += u32::from(round);
        let payer_country = transfers.about(transfers.payer(transfer)).country;
        if let Some(night) = payer_country.and_then(|country| is_night(time_s, country)) {
            self.with_hour += 1;
            self.night += u32::from(night);
        }
        if let Some(institution) = transfers.institution(transfer) {
            note(&mut self.institutions, institution);
        }
        if let Some(country) = transfers.about(other).country {
            note(&mut self.countries, country);
        }
    }

    /// Takes over what another one has seen of the same side of the same account, in other transfers.
    pub fn merge(&mut self, other: Self) {
        self.moves.extend(other.moves);
        self.round += other.round;
        self.night += other.night;
        self.with_hour += other.with_hour;
        other.institutions.into_iter().for_each(|one| note(&mut self.institutions, one));
        other.countries.into_iter().for_each(|one| note(&mut self.countries, one));
    }

    /// Forgets all, and keeps the memory for the next account.
    pub fn clear(&mut self) {
        self.moves.clear();
        self.institutions.clear();
        self.countries.clear();
        (self.round, self.night, self.with_hour) = (0, 0, 0);
    }

    /// What stands so far. More transfers may follow.
    pub fn figures(&mut self, transfers: &Transfers, account: AccountNumber) -> Figures {
        self.moves.sort_unstable();
        Figures::of(self, transfers, account)
    }
}

/// Keeps a sorted list of different values; there are few institutions and countries.
fn note<T: Ord>(sorted: &mut Vec<T>, value: T) {
    if let Err(place) = sorted.binary_search(&value) {
        sorted.insert(place, value);
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
