//! Small amounts at short intervals.

use super::{Example, IndicatorType, Made, Seen};
use crate::transfers::Side;

pub(super) const TYPE: IndicatorType = IndicatorType {
    id: "frequent",
    title: "Small amounts at short intervals",
    sides: &[Side::Payer],
    why: "Small amounts at intervals of under 20 days mark the most active buyers in published studies.",
    not_proof: "Weekly support of a family and top-ups of a phone have the same rhythm.",
    units: "20 days over the median gap in days, times the share of small amounts, for five transfers or more; from 1, full at 5.",
    cost: "O(n log n) in the account's transfers, as part of its profile.",
    source: "AIC Trends and issues 634 (2021)",
    from: 1.0,
    full: 5.0,
    examples: &[
        Example {
            title: "every few days",
            made: || {
                Made::default()
                    .pay(0, 9, 3_500, "a", "r")
                    .pay(3, 9, 2_000, "a", "r")
                    .pay(9, 9, 3_000, "a", "r")
                    .pay(15, 9, 3_500, "a", "r")
                    .pay(20, 9, 1_500, "a", "r")
            },
            flagged: &["a"],
        },
        Example {
            title: "every month",
            made: || {
                Made::default()
                    .pay(0, 9, 3_500, "a", "r")
                    .pay(30, 9, 2_000, "a", "r")
                    .pay(60, 9, 3_000, "a", "r")
                    .pay(90, 9, 3_500, "a", "r")
                    .pay(120, 9, 1_500, "a", "r")
            },
            flagged: &[],
        },
    ],
    value: rhythm,
    says: |seen| {
        let figures = seen.figures;
        format!(
            "{} transfers, {:.0} % of them small, half of them {:.1} days or less after the one before.",
            figures.transfers,
            figures.small * 100.0,
            figures.gap_days
        )
    },
    carries: |seen| seen.all(),
};

fn rhythm(seen: &Seen<'_>) -> f64 {
    if seen.figures.transfers < 5 {
        return 0.0;
    }
    20.0 / seen.figures.gap_days.max(1.0) * seen.figures.small
}
