//! Small amounts from payers unrelated to each other and to the payee.

use super::{Example, IndicatorType, Made};
use crate::profiles::{Figures, SMALL_MINOR};
use crate::transfers::Side;

pub(super) const TYPE: IndicatorType = IndicatorType {
    id: "fan_in_unrelated",
    title: "Small amounts from payers unrelated to each other and to the payee",
    sides: &[Side::Payee],
    why: "One payee of many small sums from people whom nothing ties to each other or to the payee is the published pattern of a common beneficiary.",
    not_proof: "Market stalls, tip jars, teachers and charity drives look the same; combine and review.",
    units: "Counts families of payers with small amounts, each family name or phone once; from 3, full at 12.",
    cost: "O(n log n) in the account's transfers, as part of its profile.",
    source: "AUSTRAC, case study \"Online transactions lead to convictions\"; FINTRAC, Operational Alert, November 2025 (updates FINTRAC-2020-OA001)",
    from: 3.0,
    full: 12.0,
    examples: &[
        Example {
            title: "five people send small amounts",
            made: || {
                Made::default()
                    .pay(0, 9, 3_500, "a", "r")
                    .pay(3, 9, 2_000, "b", "r")
                    .pay(9, 9, 3_000, "c", "r")
                    .pay(15, 9, 3_500, "d", "r")
                    .pay(30, 9, 1_500, "e", "r")
            },
            flagged: &["r"],
        },
        Example {
            title: "one person sends five times",
            made: || {
                Made::default()
                    .pay(0, 9, 3_500, "a", "r")
                    .pay(3, 9, 2_000, "a", "r")
                    .pay(9, 9, 3_000, "a", "r")
                    .pay(15, 9, 3_500, "a", "r")
            },
            flagged: &[],
        },
        Example {
            title: "five of one family send",
            made: || {
                Made::default()
                    .pay(0, 9, 3_500, "a", "r")
                    .pay(3, 9, 2_000, "b", "r")
                    .pay(9, 9, 3_000, "c", "r")
                    .pay(15, 9, 3_500, "d", "r")
                    .pay(30, 9, 1_500, "e", "r")
                    .named("a", "Ada Invented")
                    .named("b", "Bo Invented")
                    .named("c", "Cy Invented")
                    .named("d", "Di Invented")
                    .named("e", "Ed Invented")
            },
            flagged: &[],
        },
        Example {
            title: "five people send large amounts",
            made: || {
                Made::default()
                    .pay(0, 9, 353_500, "a", "r")
                    .pay(3, 9, 322_000, "b", "r")
                    .pay(9, 9, 343_000, "c", "r")
                    .pay(15, 9, 353_500, "d", "r")
                    .pay(30, 9, 311_500, "e", "r")
            },
            flagged: &[],
        },
    ],
    value: |seen| f64::from(seen.figures.unrelated) * seen.figures.small,
    says: |seen| {
        let Figures { unrelated, transfers, small, .. } = seen.figures;
        format!(
            "Payers whom nothing ties to each other or to the payee: {unrelated}; transfers: {transfers}, {:.0} % of them small.",
            small * 100.0
        )
    },
    carries: |seen| {
        seen.those(|transfer| {
            let small = seen.transfers.reference_minor(transfer);
            small.is_some_and(|minor| minor <= SMALL_MINOR)
        })
    },
};
