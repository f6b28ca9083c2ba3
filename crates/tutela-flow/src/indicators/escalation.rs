//! Amounts that grow.

use super::{Example, IndicatorType, Made, Seen};
use crate::transfers::Side;

pub(super) const TYPE: IndicatorType = IndicatorType {
    id: "escalation",
    title: "Amounts that grow",
    sides: &[Side::Payer],
    why: "Over a relationship of this kind amounts rise and intervals shorten.",
    not_proof: "Wages rise, and so do school fees; victims of fraud send more and more.",
    units: "Median of the last third of amounts over that of the first, for six transfers or more, half of them small; from 1.5, full at 3.",
    cost: "O(n log n) in the account's transfers, as part of its profile.",
    source: "AIC Trends and issues 589",
    from: 1.5,
    full: 3.0,
    examples: &[
        Example {
            title: "doubling",
            made: || {
                Made::default()
                    .pay(0, 9, 1_500, "a", "r")
                    .pay(3, 9, 1_500, "a", "r")
                    .pay(9, 9, 2_000, "a", "r")
                    .pay(15, 9, 2_500, "a", "r")
                    .pay(20, 9, 3_500, "a", "r")
                    .pay(22, 9, 3_600, "a", "r")
            },
            flagged: &["a"],
        },
        Example {
            title: "steady",
            made: || {
                Made::default()
                    .pay(0, 9, 3_500, "a", "r")
                    .pay(3, 9, 2_000, "a", "r")
                    .pay(9, 9, 3_000, "a", "r")
                    .pay(15, 9, 3_500, "a", "r")
                    .pay(20, 9, 1_500, "a", "r")
                    .pay(22, 9, 3_500, "a", "r")
            },
            flagged: &[],
        },
    ],
    value: growing,
    says: |seen| {
        format!(
            "The last third of {} amounts is {:.1} times the first third, by their medians.",
            seen.figures.transfers, seen.figures.growth
        )
    },
    carries: |seen| seen.all(),
};

fn growing(seen: &Seen<'_>) -> f64 {
    if seen.figures.small < 0.5 {
        return 0.0;
    }
    seen.figures.growth
}
