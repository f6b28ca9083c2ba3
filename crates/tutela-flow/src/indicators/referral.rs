//! A payer moves on to a payee tied to the one before.

use super::{Example, IndicatorType, Made, Seen};
use crate::transfers::{Side, TransferNumber};

pub(super) const TYPE: IndicatorType = IndicatorType {
    id: "referral",
    title: "A payer moves on to a payee tied to the one before",
    sides: &[Side::Payer, Side::Payee],
    why: "Those who sell pass buyers on to one another: within days a payer goes on to somebody of the same name and place, or the same phone, or to whom the first one sends money.",
    not_proof: "Whoever supports a family pays several of its members.",
    units: "Counts first payments within 14 days of one to a payee tied to the new one; from 1, full at 5.",
    cost: "O(T) for all referrals; a binary search for one account.",
    source: "Italian investigations of February 2026 as reported; Nottingham Rights Lab, Follow the Money",
    from: 1.0,
    full: 5.0,
    examples: &[
        Example {
            title: "from one to another of the same phone",
            made: || {
                Made::default()
                    .pay(0, 9, 3_500, "a", "r")
                    .pay(6, 9, 3_400, "a", "s")
                    .phone("r", "+999 0001")
                    .phone("s", "9990001")
            },
            flagged: &["a", "s"],
        },
        Example {
            title: "from one to another who gets money of the first",
            made: || {
                Made::default()
                    .pay(0, 9, 3_500, "a", "r")
                    .pay(6, 9, 3_400, "a", "s")
                    .pay(7, 9, 900, "r", "s")
            },
            flagged: &["a", "s"],
        },
        Example {
            title: "from one to a stranger",
            made: || Made::default().pay(0, 9, 3_500, "a", "r").pay(6, 9, 3_400, "a", "s"),
            flagged: &[],
        },
        Example {
            title: "a month later",
            made: || {
                Made::default()
                    .pay(0, 9, 3_500, "a", "r")
                    .pay(36, 9, 3_400, "a", "s")
                    .phone("r", "+999 0001")
                    .phone("s", "9990001")
            },
            flagged: &[],
        },
    ],
    value: |seen| seen.links.referrals(seen.side, seen.account).len() as f64,
    says: |seen| {
        let moves = seen.links.referrals(seen.side, seen.account).len();
        match seen.side {
            Side::Payer => format!(
                "Times it first paid a payee within 14 days of paying another that is tied to it: {moves}."
            ),
            Side::Payee => format!(
                "Payers who first paid this account within 14 days of paying one that is tied to it: {moves}."
            ),
        }
    },
    carries: carried,
};

fn carried(seen: &Seen<'_>) -> Vec<TransferNumber> {
    let referrals = seen.links.referrals(seen.side, seen.account);
    let mut carried: Vec<TransferNumber> = referrals.iter().map(|one| one.transfer).collect();
    carried.sort_unstable();
    carried
}
