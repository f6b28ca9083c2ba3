//! Money passed on to other payees.

use super::{Example, IndicatorType, Made};
use crate::transfers::Side;

pub(super) const TYPE: IndicatorType = IndicatorType {
    id: "splitting",
    title: "Money passed on to other payees",
    sides: &[Side::Payee],
    why: "What comes in from abroad is split at once among others who are paid by strangers too.",
    not_proof: "People share what they are sent, repay debts and buy from sellers who are paid by many.",
    units: "Counts transfers onwards within three days of receiving, to accounts with two payers or more; from 1, full at 6.",
    cost: "O(n log n) in the account's transfers.",
    source: "Egmont Group, project on online child sexual exploitation, 2020, as reported",
    from: 1.0,
    full: 6.0,
    examples: &[
        Example {
            title: "a payee passes on the next day",
            made: || {
                Made::default()
                    .pay(0, 9, 3_500, "a", "r")
                    .pay(3, 9, 3_400, "a", "s")
                    .pay(9, 9, 3_600, "b", "r")
                    .pay(15, 9, 3_500, "b", "s")
                    .pay(16, 9, 900, "s", "r")
            },
            flagged: &["s"],
        },
        Example {
            title: "a payee passes on to one whom nobody else pays",
            made: || {
                Made::default()
                    .pay(0, 9, 3_500, "a", "r")
                    .pay(3, 9, 3_400, "a", "s")
                    .pay(9, 9, 3_600, "b", "r")
                    .pay(15, 9, 3_500, "b", "s")
                    .pay(16, 9, 900, "s", "x")
            },
            flagged: &[],
        },
        Example {
            title: "a payee passes on a month later",
            made: || {
                Made::default()
                    .pay(0, 9, 3_500, "a", "r")
                    .pay(3, 9, 3_400, "a", "s")
                    .pay(9, 9, 3_600, "b", "r")
                    .pay(15, 9, 3_500, "b", "s")
                    .pay(46, 9, 900, "s", "r")
            },
            flagged: &[],
        },
    ],
    value: |seen| seen.links.passed_on(seen.transfers, seen.account).len() as f64,
    says: |seen| {
        let onward = seen.links.passed_on(seen.transfers, seen.account).len();
        format!(
            "Transfers that went on within three days of receiving, to accounts that others pay too: {onward}."
        )
    },
    carries: |seen| seen.links.passed_on(seen.transfers, seen.account),
};
