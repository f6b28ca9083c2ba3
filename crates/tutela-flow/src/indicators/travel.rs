//! Cash drawn where the payees are.

use std::collections::HashSet;

use super::{Example, IndicatorType, Made, Seen};
use crate::transfers::{Country, Side, TransferNumber, Transfers};

const DAY_S: u32 = 86_400;
/// Days without anything spent there that end a stay.
const APART_DAYS: u32 = 14;

pub(super) const TYPE: IndicatorType = IndicatorType {
    id: "travel",
    title: "Cash drawn where the payees are",
    sides: &[Side::Payer],
    why: "Some who pay from afar travel to the country of those they pay; cash machines and shops there show the stay.",
    not_proof: "People visit their families, and take holidays where they have friends.",
    units: "Counts stays: cash drawn (channel `atm`), and purchases (`card`) within 14 days of it, in a foreign country to whose people the account also sends money; from 1, full at 3.",
    cost: "O(n log n) in the account's transfers.",
    source: "FINTRAC, Operational Alert, November 2025; AUSTRAC and Fintel Alliance, financial crime guide, December 2022, as reported",
    from: 1.0,
    full: 3.0,
    examples: &[
        Example {
            title: "cash drawn between payments",
            made: || {
                Made::default()
                    .pay(0, 9, 3_500, "a", "r")
                    .pay(40, 9, 20_000, "a", "machine")
                    .through("atm")
                    .pay(42, 9, 6_000, "a", "shop")
                    .through("card")
                    .lives("a", "GB")
                    .lives("r", "PH")
                    .lives("machine", "PH")
                    .lives("shop", "PH")
            },
            flagged: &["a"],
        },
        Example {
            title: "a purchase from afar",
            made: || {
                Made::default()
                    .pay(0, 9, 3_500, "a", "r")
                    .pay(42, 9, 6_000, "a", "shop")
                    .through("card")
                    .lives("a", "GB")
                    .lives("r", "PH")
                    .lives("shop", "PH")
            },
            flagged: &[],
        },
        Example {
            title: "cash drawn where nobody is paid, and at home",
            made: || {
                Made::default()
                    .pay(0, 9, 3_500, "a", "r")
                    .pay(1, 9, 2_000, "a", "friend")
                    .pay(40, 9, 20_000, "a", "machine")
                    .through("atm")
                    .pay(60, 9, 20_000, "a", "corner")
                    .through("atm")
                    .lives("a", "GB")
                    .lives("friend", "GB")
                    .lives("corner", "GB")
                    .lives("r", "PH")
                    .lives("machine", "IT")
            },
            flagged: &[],
        },
    ],
    value: |seen| stays(seen).len() as f64,
    says: |seen| {
        let stays = stays(seen);
        let spent: usize = stays.iter().map(Vec::len).sum();
        format!(
            "Stays where its payees are: {}; withdrawals and purchases there: {spent}.",
            stays.len()
        )
    },
    carries: |seen| {
        let mut spent = stays(seen).concat();
        spent.sort_unstable();
        spent
    },
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Cash,
    Purchase,
    Sent,
}

fn way(transfers: &Transfers, transfer: TransferNumber) -> Way {
    match transfers.channel(transfer).map(|channel| transfers.word(channel)) {
        Some(channel) if channel.eq_ignore_ascii_case("atm") => Way::Cash,
        Some(channel) if channel.eq_ignore_ascii_case("card") => Way::Purchase,
        _ => Way::Sent,
    }
}

/// What was spent on each stay, in time order within a stay.
fn stays(seen: &Seen<'_>) -> Vec<Vec<TransferNumber>> {
    let transfers = seen.transfers;
    let home = transfers.about(seen.account).country;
    let abroad = |transfer| {
        let country = transfers.about(transfers.payee(transfer)).country?;
        (Some(country) != home).then_some(country)
    };
    let own = transfers.of(Side::Payer, seen.account);
    let sent: HashSet<Country> = own
        .iter()
        .filter(|transfer| way(transfers, **transfer) == Way::Sent)
        .filter_map(|transfer| abroad(*transfer))
        .collect();
    let mut spent: Vec<(Country, TransferNumber)> = own
        .iter()
        .filter(|transfer| way(transfers, **transfer) != Way::Sent)
        .filter_map(|transfer| Some((abroad(*transfer)?, *transfer)))
        .filter(|(country, _)| sent.contains(country))
        .collect();
    // By country; within one, still in time order.
    spent.sort_by_key(|(country, _)| *country);
    let together = |a: &(Country, TransferNumber), b: &(Country, TransferNumber)| {
        a.0 == b.0 && transfers.time_s(b.1) - transfers.time_s(a.1) <= APART_DAYS * DAY_S
    };
    spent
        .chunk_by(together)
        .map(|stay| stay.iter().map(|(_, transfer)| *transfer).collect::<Vec<_>>())
        .filter(|stay| stay.iter().any(|transfer| way(transfers, *transfer) == Way::Cash))
        .collect()
}
