//! Round sums in either currency.

use super::{Example, IndicatorType, Made, Seen};
use crate::transfers::Side;

pub(super) const TYPE: IndicatorType = IndicatorType {
    id: "round_sums",
    title: "Round sums in either currency",
    sides: &[Side::Payer, Side::Payee],
    why: "Even amounts, in the currency sent or in the one that amounts are compared in, are typical of an agreed price.",
    not_proof: "Most people send round sums.",
    units: "Share of amounts that are a multiple of five, for four transfers or more; from 0.8, full at 1.",
    cost: "O(n log n) in the account's transfers, as part of its profile.",
    source: "FATF, Detecting, Disrupting and Investigating Online Child Sexual Exploitation, March 2025",
    from: 0.8,
    full: 1.0,
    examples: &[
        Example {
            title: "only multiples of five",
            made: || {
                Made::default()
                    .pay(0, 9, 3_500, "a", "r")
                    .pay(3, 9, 2_000, "a", "r")
                    .pay(9, 9, 3_000, "a", "r")
                    .pay(15, 9, 3_500, "a", "r")
                    .pay(20, 9, 1_500, "a", "r")
            },
            flagged: &["a", "r"],
        },
        Example {
            title: "odd amounts",
            made: || {
                Made::default()
                    .pay(0, 9, 3_501, "a", "r")
                    .pay(3, 9, 2_002, "a", "r")
                    .pay(9, 9, 3_003, "a", "r")
                    .pay(15, 9, 3_504, "a", "r")
            },
            flagged: &[],
        },
    ],
    value: round,
    says: |seen| {
        format!(
            "{:.0} % of {} amounts are a multiple of five.",
            seen.figures.round * 100.0,
            seen.figures.transfers
        )
    },
    carries: |seen| seen.all(),
};

fn round(seen: &Seen<'_>) -> f64 {
    if seen.figures.transfers < 4 {
        return 0.0;
    }
    seen.figures.round
}
