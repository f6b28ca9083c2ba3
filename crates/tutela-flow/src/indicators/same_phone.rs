//! Several receiving accounts of one phone.

use super::{Example, IndicatorType, Made};
use crate::transfers::Side;

pub(super) const TYPE: IndicatorType = IndicatorType {
    id: "same_phone",
    title: "Several receiving accounts of one phone",
    sides: &[Side::Payee],
    why: "A facilitator often receives under several identities that share a telephone number.",
    not_proof: "Families share a phone, and so do the customers of one agent.",
    units: "Counts other receiving accounts with the same phone; from 1, full at 3.",
    cost: "One look into a map.",
    source: "AMLC (Philippines), study of August 2020, as reported; AIC Trends and issues 642",
    from: 1.0,
    full: 3.0,
    examples: &[
        Example {
            title: "two accounts of one phone",
            made: || {
                Made::default()
                    .pay(0, 9, 3_500, "a", "r")
                    .pay(3, 9, 3_400, "a", "s")
                    .pay(9, 9, 3_600, "b", "r")
                    .pay(15, 9, 3_500, "b", "s")
                    .phone("r", "+999 0001")
                    .phone("s", "9990001")
            },
            flagged: &["r", "s"],
        },
        Example {
            title: "two phones",
            made: || {
                Made::default()
                    .pay(0, 9, 3_500, "a", "r")
                    .pay(3, 9, 3_400, "a", "s")
                    .pay(9, 9, 3_600, "b", "r")
                    .pay(15, 9, 3_500, "b", "s")
                    .phone("r", "+999 0001")
                    .phone("s", "9990002")
            },
            flagged: &[],
        },
    ],
    value: |seen| seen.links.of_same_phone(seen.transfers, seen.account).len() as f64,
    says: |seen| {
        let others = seen.links.of_same_phone(seen.transfers, seen.account).len();
        format!("Other receiving accounts with the same telephone number: {others}.")
    },
    carries: |seen| seen.all(),
};
