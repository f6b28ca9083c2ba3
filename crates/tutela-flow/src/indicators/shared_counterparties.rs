//! Counterparties shared with others of the same side.

use super::{Example, IndicatorType, Made, Seen};
use crate::transfers::{Side, TransferNumber};

pub(super) const TYPE: IndicatorType = IndicatorType {
    id: "shared_counterparties",
    title: "Counterparties shared with others of the same side",
    sides: &[Side::Payer, Side::Payee],
    why: "Those who buy from one group pay the same few people, and those who sell in one group are paid by the same few.",
    not_proof: "Siblings pay the same parents; shops of one street have the same customers.",
    units: "Counts accounts of the same side with two counterparties or more in common; counterparties of over 64 accounts are left out; from 1, full at 8.",
    cost: "At most 64 steps for each counterparty.",
    source: "Nottingham Rights Lab and World Childhood Foundation, Follow the Money",
    from: 1.0,
    full: 8.0,
    examples: &[
        Example {
            title: "two people pay the same two",
            made: || {
                Made::default()
                    .pay(0, 9, 3_500, "a", "r")
                    .pay(3, 9, 3_400, "a", "s")
                    .pay(9, 9, 3_600, "b", "r")
                    .pay(15, 9, 3_500, "b", "s")
            },
            flagged: &["a", "b", "r", "s"],
        },
        Example {
            title: "two people pay one in common",
            made: || {
                Made::default()
                    .pay(0, 9, 3_500, "a", "r")
                    .pay(3, 9, 3_400, "a", "s")
                    .pay(9, 9, 3_600, "b", "r")
            },
            flagged: &[],
        },
    ],
    value: |seen| seen.links.sharing_two(seen.side, seen.account).len() as f64,
    says: |seen| {
        let sharing = seen.links.sharing_two(seen.side, seen.account).len();
        let side = seen.side.as_str();
        format!("Other {side} accounts with two counterparties or more in common: {sharing}.")
    },
    carries: carried,
};

/// Transfers with counterparties that one of the others has too.
fn carried(seen: &Seen<'_>) -> Vec<TransferNumber> {
    let sharing = seen.links.sharing_two(seen.side, seen.account);
    seen.those(|transfer| {
        let other = seen.transfers.end(seen.side.other(), transfer);
        let back = seen.links.contacts(seen.side.other(), other);
        sharing.iter().any(|one| back.binary_search(one).is_ok())
    })
}
