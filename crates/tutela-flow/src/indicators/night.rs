//! Payments at night by the payer's clock.

use super::{Example, IndicatorType, Made, Seen};
use crate::profiles::is_night;
use crate::transfers::Side;

pub(super) const TYPE: IndicatorType = IndicatorType {
    id: "night",
    title: "Payments at night by the payer's clock",
    sides: &[Side::Payer, Side::Payee],
    why: "Payments late in the evening and before dawn, by the clock of the payer's country, go with sessions arranged across time zones.",
    not_proof: "Shift workers and those who wait for the payee's morning pay at night too; a country's clock is not a person's.",
    units: "Share of transfers from 22 to 5 o'clock, for three transfers or more with a known clock; from 0.4, full at 0.8.",
    cost: "O(n log n) in the account's transfers, as part of its profile.",
    source: "FATF, Detecting, Disrupting and Investigating Online Child Sexual Exploitation, March 2025; ECPAT Sweden, Projekt Indikatorer, 2024",
    from: 0.4,
    full: 0.8,
    examples: &[
        Example {
            title: "at two in the morning",
            made: || {
                Made::default()
                    .pay(0, 2, 3_500, "a", "r")
                    .pay(3, 2, 2_000, "a", "r")
                    .pay(9, 2, 3_000, "a", "r")
                    .lives("a", "GB")
            },
            flagged: &["a", "r"],
        },
        Example {
            title: "the same hour where it is noon",
            made: || {
                Made::default()
                    .pay(0, 2, 3_500, "a", "r")
                    .pay(3, 2, 2_000, "a", "r")
                    .pay(9, 2, 3_000, "a", "r")
                    .lives("a", "AU")
            },
            flagged: &[],
        },
    ],
    value: at_night,
    says: |seen| {
        format!(
            "{:.0} % of {} transfers were made between 22 and 5 o'clock where the payer lives.",
            seen.figures.night * 100.0,
            seen.figures.with_hour
        )
    },
    carries: |seen| {
        seen.those(|transfer| {
            let country = seen.transfers.about(seen.transfers.payer(transfer)).country;
            country.and_then(|one| is_night(seen.transfers.time_s(transfer), one)) == Some(true)
        })
    },
};

fn at_night(seen: &Seen<'_>) -> f64 {
    if seen.figures.with_hour < 3 {
        return 0.0;
    }
    seen.figures.night
}
