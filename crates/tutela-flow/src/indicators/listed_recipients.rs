//! Several payees in listed countries without a family link.

use super::{Example, IndicatorType, Made};
use crate::profiles::is_listed;
use crate::transfers::Side;

pub(super) const TYPE: IndicatorType = IndicatorType {
    id: "listed_recipients",
    title: "Several payees in listed countries without a family link",
    sides: &[Side::Payer],
    why: "Several payees in countries that alerts list, none of whom shares a name, phone or address with the payer, is a published pattern.",
    not_proof: "People holiday, trade and give in those countries, and most who send money there support a family.",
    units: "Counts families of unrelated payees in listed countries; from 2, full at 6; the list is data/listed_countries-2025-11.csv.",
    cost: "O(n log n) in the account's transfers, as part of its profile.",
    source: "FINTRAC, Operational Alert, November 2025 (updates FINTRAC-2020-OA001); Egmont Group 2020",
    from: 2.0,
    full: 6.0,
    examples: &[
        Example {
            title: "three strangers in a listed country",
            made: || {
                Made::default()
                    .pay(0, 9, 3_500, "a", "r")
                    .pay(9, 9, 3_500, "a", "s")
                    .pay(15, 9, 3_500, "a", "t")
                    .lives("r", "PH")
                    .lives("s", "PH")
                    .lives("t", "PH")
            },
            flagged: &["a"],
        },
        Example {
            title: "three of the payer's name",
            made: || {
                Made::default()
                    .pay(0, 9, 3_500, "a", "r")
                    .pay(9, 9, 3_500, "a", "s")
                    .pay(15, 9, 3_500, "a", "t")
                    .lives("r", "PH")
                    .lives("s", "PH")
                    .lives("t", "PH")
                    .named("a", "Ada Invented")
                    .named("r", "Ro Invented")
                    .named("s", "Su Invented")
                    .named("t", "Ty Invented")
            },
            flagged: &[],
        },
        Example {
            title: "three strangers elsewhere",
            made: || {
                Made::default()
                    .pay(0, 9, 3_500, "a", "r")
                    .pay(9, 9, 3_500, "a", "s")
                    .pay(15, 9, 3_500, "a", "t")
                    .lives("r", "NO")
                    .lives("s", "NO")
                    .lives("t", "NO")
            },
            flagged: &[],
        },
    ],
    value: |seen| f64::from(seen.figures.unrelated_listed),
    says: |seen| {
        let payees = seen.figures.unrelated_listed;
        format!(
            "Payees in listed countries whom nothing in the records ties to the payer: {payees}."
        )
    },
    carries: |seen| {
        seen.those(|transfer| {
            let payee = seen.transfers.payee(transfer);
            seen.transfers.about(payee).country.is_some_and(is_listed)
        })
    },
};
