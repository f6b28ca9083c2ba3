//! Several institutions.

use super::{Example, IndicatorType, Made};
use crate::transfers::Side;

pub(super) const TYPE: IndicatorType = IndicatorType {
    id: "institutions",
    title: "Several institutions",
    sides: &[Side::Payer],
    why: "Using several institutions keeps each of them from seeing the whole.",
    not_proof: "People follow fees and rates from one institution to the next.",
    units: "Counts institutions; from 3, full at 5.",
    cost: "O(n log n) in the account's transfers, as part of its profile.",
    source: "ECPAT Sweden, Projekt Indikatorer, 2024; AUSTRAC, case study \"Online transactions lead to convictions\"",
    from: 3.0,
    full: 5.0,
    examples: &[
        Example {
            title: "three institutions",
            made: || {
                Made::default()
                    .pay(0, 9, 3_500, "a", "r")
                    .by("one")
                    .pay(3, 9, 2_000, "a", "r")
                    .by("two")
                    .pay(9, 9, 3_000, "a", "r")
                    .by("three")
            },
            flagged: &["a"],
        },
        Example {
            title: "one institution",
            made: || {
                Made::default()
                    .pay(0, 9, 3_500, "a", "r")
                    .by("one")
                    .pay(3, 9, 2_000, "a", "r")
                    .by("one")
                    .pay(9, 9, 3_000, "a", "r")
                    .by("one")
            },
            flagged: &[],
        },
    ],
    value: |seen| f64::from(seen.figures.institutions),
    says: |seen| {
        let figures = seen.figures;
        format!("Institutions used: {}; transfers: {}.", figures.institutions, figures.transfers)
    },
    carries: |seen| seen.all(),
};
