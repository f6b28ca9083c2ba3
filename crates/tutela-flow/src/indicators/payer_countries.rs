//! Payers from several countries.

use super::{Example, IndicatorType, Made};
use crate::transfers::Side;

pub(super) const TYPE: IndicatorType = IndicatorType {
    id: "payer_countries",
    title: "Payers from several countries",
    sides: &[Side::Payee],
    why: "A common beneficiary of unrelated people is often paid from several countries at once.",
    not_proof: "Families live scattered; guides, teachers and sellers have customers abroad.",
    units: "Counts countries of payers; from 3, full at 7.",
    cost: "O(n log n) in the account's transfers, as part of its profile.",
    source: "AMLC (Philippines), study of July 2023, as reported",
    from: 3.0,
    full: 7.0,
    examples: &[
        Example {
            title: "payers of three countries",
            made: || {
                Made::default()
                    .pay(0, 9, 3_500, "a", "r")
                    .pay(3, 9, 2_000, "b", "r")
                    .pay(9, 9, 3_000, "c", "r")
                    .pay(15, 9, 3_500, "d", "r")
                    .pay(30, 9, 1_500, "e", "r")
                    .lives("a", "GB")
                    .lives("b", "US")
                    .lives("c", "DE")
            },
            flagged: &["r"],
        },
        Example {
            title: "payers of one country",
            made: || {
                Made::default()
                    .pay(0, 9, 3_500, "a", "r")
                    .pay(3, 9, 2_000, "b", "r")
                    .pay(9, 9, 3_000, "c", "r")
                    .pay(15, 9, 3_500, "d", "r")
                    .pay(30, 9, 1_500, "e", "r")
                    .lives("a", "GB")
                    .lives("b", "GB")
                    .lives("c", "GB")
            },
            flagged: &[],
        },
    ],
    value: |seen| f64::from(seen.figures.countries),
    says: |seen| {
        let figures = seen.figures;
        format!(
            "Countries of its payers: {}; payers: {}.",
            figures.countries, figures.counterparties
        )
    },
    carries: |seen| seen.all(),
};
