//! The figures of a profile.

use std::collections::HashMap;

use super::{Move, Profile, SMALL_MINOR, is_listed};
use crate::transfers::{Account, AccountNumber, Transfers};

const DAY_S: f64 = 86_400.0;
const WINDOW_S: u32 = 30 * 86_400;
/// Fewer transfers show no growth.
const MIN_TO_GROW: usize = 6;

/// What indicators read. A share is 0 to 1; what is not known counts as nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Figures {
    /// Transfers.
    pub transfers: u32,
    /// Different accounts on the other side.
    pub counterparties: u32,
    /// The most different counterparties within 30 days.
    pub counterparties_30d: u32,
    /// Counterparties unrelated to this account and to each other: one for each family name or phone
    /// among them that is not this account's own.
    pub unrelated: u32,
    /// Unrelated counterparties in listed countries.
    pub unrelated_listed: u32,
    /// Countries of counterparties.
    pub countries: u32,
    /// Institutions used.
    pub institutions: u32,
    /// Median amount, minor units of the reference currency; 0 without any rate.
    pub median_minor: u32,
    /// Standard deviation of the logarithm of amounts.
    pub spread: f64,
    /// Share of amounts up to [`SMALL_MINOR`].
    pub small: f64,
    /// Share of amounts that are round in their own or in the reference currency.
    pub round: f64,
    /// Share made at night by the payer's clock, of those whose clock is known.
    pub night: f64,
    /// Transfers whose payer's clock is known.
    pub with_hour: u32,
    /// Median days between transfers; 0 for fewer than two.
    pub gap_days: f64,
    /// Median amount of the last third over that of the first; 0 for fewer than six transfers.
    pub growth: f64,
}

impl Figures {
    pub(super) fn of(profile: &Profile, transfers: &Transfers, account: AccountNumber) -> Self {
        let moves = profile.moves.as_slice();
        let count = moves.len() as u32;
        let mut amounts: Vec<u32> = moves.iter().filter_map(|m| m.reference_minor).collect();
        let small = amounts.iter().filter(|minor| **minor <= SMALL_MINOR).count() as f64;
        let growth = growth(&amounts);
        let spread = spread(&amounts);
        amounts.sort_unstable();
        let mut gaps: Vec<u32> =
            moves.windows(2).map(|two| two[1].time_s - two[0].time_s).collect();
        gaps.sort_unstable();
        let mut others: Vec<AccountNumber> = moves.iter().map(|m| m.other).collect();
        others.sort_unstable();
        others.dedup();
        let (unrelated, unrelated_listed) = unrelated(&others, transfers, transfers.about(account));
        Self {
            transfers: count,
            counterparties: others.len() as u32,
            counterparties_30d: fullest_window(moves),
            unrelated,
            unrelated_listed,
            countries: profile.countries.len() as u32,
            institutions: profile.institutions.len() as u32,
            median_minor: median(&amounts),
            spread,
            small: small / amounts.len().max(1) as f64,
            round: f64::from(profile.round) / f64::from(count.max(1)),
            night: f64::from(profile.night) / f64::from(profile.with_hour.max(1)),
            with_hour: profile.with_hour,
            gap_days: f64::from(median(&gaps)) / DAY_S,
            growth,
        }
    }
}

fn median(sorted: &[u32]) -> u32 {
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

fn spread(amounts: &[u32]) -> f64 {
    // By size, so that the sum does not depend on the order in which parts were merged.
    let log = |minor: &u32| f64::from((*minor).max(1)).ln();
    let n = amounts.len().max(1) as f64;
    let mean = amounts.iter().map(log).sum::<f64>() / n;
    (amounts.iter().map(|minor| (log(minor) - mean).powi(2)).sum::<f64>() / n).sqrt()
}

fn growth(in_time: &[u32]) -> f64 {
    if in_time.len() < MIN_TO_GROW {
        return 0.0;
    }
    let third = in_time.len() / 3;
    let middle = |part: &[u32]| {
        let mut part = part.to_vec();
        part.sort_unstable();
        f64::from(median(&part))
    };
    middle(&in_time[in_time.len() - third..]) / middle(&in_time[..third]).max(1.0)
}

/// The most different counterparties within one window. Each move enters and leaves once.
fn fullest_window(moves: &[Move]) -> u32 {
    if let [first, .., last] = moves
        && moves.iter().any(|m| m.other != first.other)
        && last.time_s > first.time_s
    {
        let mut inside: HashMap<AccountNumber, u32> = HashMap::new();
        let (mut fullest, mut start) = (0, 0);
        for newest in moves {
            *inside.entry(newest.other).or_default() += 1;
            while newest.time_s - moves[start].time_s > WINDOW_S {
                if let Some(left) = inside.get_mut(&moves[start].other) {
                    *left -= 1;
                    if *left == 0 {
                        inside.remove(&moves[start].other);
                    }
                }
                start += 1;
            }
            fullest = fullest.max(inside.len());
        }
        return fullest as u32;
    }
    let mut others: Vec<AccountNumber> = moves.iter().map(|m| m.other).collect();
    others.sort_unstable();
    others.dedup();
    others.len() as u32
}

/// Whether the records tie two accounts: one family name, phone or e-mail address.
pub(super) fn related(a: &Account, b: &Account) -> bool {
    let same = |a: Option<_>, b: Option<_>| a.is_some() && a == b;
    same(a.surname, b.surname) || same(a.phone, b.phone) || same(a.email, b.email)
}

/// Groups of counterparties that nothing ties to the account; in all, and in listed countries.
fn unrelated(others: &[AccountNumber], transfers: &Transfers, own: &Account) -> (u32, u32) {
    let group = |other: &AccountNumber| {
        let about = transfers.about(*other);
        let listed = about.country.is_some_and(is_listed);
        // A family name speaks for a family; without one, a phone does, or else the account for itself.
        let key = match (about.surname, about.phone) {
            (Some(surname), _) => (0, Some(surname), 0),
            (None, Some(phone)) => (1, Some(phone), 0),
            (None, None) => (2, None, *other),
        };
        (!related(own, about)).then_some((key, listed))
    };
    let mut groups: Vec<_> = others.iter().filter_map(group).collect();
    groups.sort_unstable();
    groups.dedup_by_key(|(key, _)| *key);
    let all = groups.len() as u32;
    (all, groups.iter().filter(|(_, listed)| *listed).count() as u32)
}
