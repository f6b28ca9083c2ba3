//! Small and similar amounts.

use super::{Example, IndicatorType, Made, Seen};
use crate::transfers::Side;

pub(super) const TYPE: IndicatorType = IndicatorType {
    id: "small_similar",
    title: "Small and similar amounts",
    sides: &[Side::Payer, Side::Payee],
    why: "The sums in published cases are small, some 10 to 200 euro, and much alike: a price, not a need.",
    not_proof: "Subscriptions, pocket money and sponsorships are small and alike too.",
    units: "Share of small amounts, less the spread of their logarithm, for four transfers or more; from 0.4, full at 0.9.",
    cost: "O(n log n) in the account's transfers, as part of its profile.",
    source: "FATF, Detecting, Disrupting and Investigating Online Child Sexual Exploitation, March 2025; AIC Trends and issues 639 (2021)",
    from: 0.4,
    full: 0.9,
    examples: &[
        Example {
            title: "four of about 35 dollars",
            made: || {
                Made::default()
                    .pay(0, 9, 3_500, "a", "r")
                    .pay(3, 9, 3_400, "a", "r")
                    .pay(9, 9, 3_600, "a", "r")
                    .pay(15, 9, 3_500, "a", "r")
            },
            flagged: &["a", "r"],
        },
        Example {
            title: "four very different amounts",
            made: || {
                Made::default()
                    .pay(0, 9, 500, "a", "r")
                    .pay(3, 9, 13_400, "a", "r")
                    .pay(9, 9, 3_600, "a", "r")
                    .pay(15, 9, 73_500, "a", "r")
            },
            flagged: &[],
        },
    ],
    value: similar,
    says: |seen| {
        let median = f64::from(seen.figures.median_minor) / 100.0;
        format!(
            "{:.0} % of {} transfers are small, around {median:.2} {}, and much alike.",
            seen.figures.small * 100.0,
            seen.figures.transfers,
            seen.transfers.reference()
        )
    },
    carries: |seen| seen.all(),
};

fn similar(seen: &Seen<'_>) -> f64 {
    if seen.figures.transfers < 4 {
        return 0.0;
    }
    (seen.figures.small - seen.figures.spread).max(0.0)
}
