//! Many small transfers from different payers to one account.

use std::collections::HashMap;

use tutela_core::{AccountId, Currency, Timestamp, Transfer, TransferId};

use super::{Example, ExampleTransfer, Indication, IndicatorType};

pub(super) const TYPE: IndicatorType = IndicatorType {
    id: "fan_in",
    title: "Small transfers from many payers",
    why: "Paid-for abuse material is often bought in small, similar amounts by unrelated people.",
    not_proof: "Market stalls, tip jars and charity drives look the same; combine and review.",
    units: "`max_minor` in minor units of one currency, `window_s` in seconds; the value counts payers.",
    cost: "O(T log T) time and O(T) memory for T transfers; O(T) time when they come in time order.",
    source: "FINTRAC-2020-OA001, updated November 2025; AUSTRAC, case study \"Online transactions lead to convictions\"",
    examples: EXAMPLES,
    find: |transfers| {
        let mut fan_in = FanIn::default();
        transfers.iter().for_each(|transfer| fan_in.update(transfer));
        fan_in.evaluate()
    },
};

/// Flags accounts that receive many small transfers from different payers within one window.
///
/// Payers are counted, not transfers: one person who pays often is another pattern. Currencies are
/// counted apart. A transfer of nothing, a reversal, or one from an account to itself is passed over.
///
/// **Why.** Paid-for abuse material is often bought in small, similar amounts by unrelated people.
/// **Not proof.** Market stalls, tip jars and charity drives look the same; combine and review.
/// **Units.** `max_minor` in minor units of one currency; `window_s` in seconds.
/// **Cost.** O(T log T) time and O(T) memory for T transfers; O(T) time when they come in time order.
/// **Source.** FINTRAC-2020-OA001, updated November 2025; AUSTRAC, case study "Online transactions
/// lead to convictions" (one beneficiary, several unrelated senders).
#[derive(Debug, Clone)]
pub struct FanIn {
    parameters: Parameters,
    received: HashMap<(AccountId, Currency), Vec<Receipt>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Parameters {
    max_minor: i64,
    window_s: u32,
    min_payers: usize,
}

/// What is kept of a transfer under the account that received it. Orders by time, then by id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Receipt {
    time: Timestamp,
    transfer: TransferId,
    payer: AccountId,
}

const DAY_S: u32 = 24 * 60 * 60;

impl Default for FanIn {
    /// Five payers, 30 days, 200.00 of a currency with cents. The amount is the upper end of what
    /// published alerts call small; window and payers are starting points without a published figure.
    fn default() -> Self {
        Self::new(20_000, 30 * DAY_S, 5)
    }
}

impl FanIn {
    /// Looks for `min_payers` or more payers of at most `max_minor` each, whose transfers to one
    /// account lie no more than `window_s` apart. Zero payers count as one.
    pub fn new(max_minor: i64, window_s: u32, min_payers: usize) -> Self {
        let parameters = Parameters { max_minor, window_s, min_payers: min_payers.max(1) };
        Self { parameters, received: HashMap::new() }
    }

    /// Takes one more transfer. Any order gives the same answer; time order is the cheapest.
    pub fn update(&mut self, transfer: &Transfer) {
        let small = (1..=self.parameters.max_minor).contains(&transfer.amount.minor);
        if !small || transfer.payer == transfer.payee {
            return;
        }
        let key = (transfer.payee.clone(), transfer.amount.currency);
        self.received.entry(key).or_default().push(Receipt {
            time: transfer.time,
            transfer: transfer.id.clone(),
            payer: transfer.payer.clone(),
        });
    }

    /// Takes over what another one with the same parameters has seen, of whatever accounts and times.
    pub fn merge(&mut self, other: Self) {
        debug_assert_eq!(self.parameters, other.parameters, "two questions have no common answer");
        for (key, mut receipts) in other.received {
            self.received.entry(key).or_default().append(&mut receipts);
        }
    }

    /// The accounts that stand out so far, each with the first of its fullest windows; ordered by
    /// account, then by currency. More transfers may follow.
    pub fn evaluate(&mut self) -> Vec<Indication> {
        let parameters = self.parameters;
        let mut found: Vec<(Currency, Indication)> = Vec::new();
        for ((account, currency), receipts) in &mut self.received {
            receipts.sort();
            let (payers, window) = fullest_window(receipts, parameters.window_s);
            if payers >= parameters.min_payers {
                found.push((*currency, indication(parameters, account, *currency, payers, window)));
            }
        }
        found.sort_by(|(a_currency, a), (b_currency, b)| {
            (&a.account, a_currency).cmp(&(&b.account, b_currency))
        });
        found.into_iter().map(|(_, indication)| indication).collect()
    }
}

/// The first window with the most different payers, and how many those are. Each receipt enters and
/// leaves once, so a hub with many receipts costs no more than as many small accounts.
fn fullest_window(receipts: &[Receipt], window_s: u32) -> (usize, &[Receipt]) {
    let mut fullest = (0, 0..0);
    let mut in_window: HashMap<&AccountId, usize> = HashMap::new();
    let mut start = 0;
    for (end, newest) in receipts.iter().enumerate() {
        *in_window.entry(&newest.payer).or_default() += 1;
        while apart(&receipts[start], newest, window_s) {
            leave(&mut in_window, &receipts[start].payer);
            start += 1;
        }
        if in_window.len() > fullest.0 {
            fullest = (in_window.len(), start..end + 1);
        }
    }
    (fullest.0, &receipts[fullest.1])
}

fn apart(older: &Receipt, newer: &Receipt, window_s: u32) -> bool {
    let apart_ns = newer.time.as_nanosecond() - older.time.as_nanosecond();
    apart_ns > i128::from(window_s) * 1_000_000_000
}

fn leave(in_window: &mut HashMap<&AccountId, usize>, payer: &AccountId) {
    if let Some(transfers) = in_window.get_mut(payer) {
        *transfers -= 1;
        if *transfers == 0 {
            in_window.remove(payer);
        }
    }
}

fn indication(
    Parameters { max_minor, window_s, .. }: Parameters,
    account: &AccountId,
    currency: Currency,
    payers: usize,
    window: &[Receipt],
) -> Indication {
    let count = window.len();
    let span = match (window_s / DAY_S, window_s % DAY_S) {
        (1, 0) => "1 day".to_owned(),
        (days, 0) => format!("{days} days"),
        _ => format!("{window_s} seconds"),
    };
    Indication {
        indicator: TYPE.id,
        account: account.clone(),
        value: payers as f64,
        why: format!(
            "{payers} payers made {count} transfers of at most {max_minor} minor units of {currency} within {span}."
        ),
        transfers: window.iter().map(|receipt| receipt.transfer.clone()).collect(),
    }
}

const ALERTED: &[&str] = &["account-r"];

const EXAMPLES: &[Example] = &[
    Example {
        title: "five people send small amounts within 30 days",
        transfers: &received([0, 3, 9, 15, 30], ["a", "b", "c", "d", "e"], 20_000),
        flagged: ALERTED,
    },
    Example {
        title: "one person sends five times",
        transfers: &received([0, 3, 9, 15, 30], ["a", "a", "a", "a", "a"], 3_500),
        flagged: &[],
    },
    Example {
        title: "five people send small amounts within 31 days",
        transfers: &received([0, 3, 9, 15, 31], ["a", "b", "c", "d", "e"], 3_500),
        flagged: &[],
    },
    Example {
        title: "five people, one of them with a larger amount",
        transfers: &received([0, 3, 9, 15, 30], ["a", "b", "c", "d", "e"], 20_001),
        flagged: &[],
    },
];

/// What one account receives: on each day 35 euro from a payer, and from the last payer `last_minor`.
const fn received(
    days: [u32; 5],
    payers: [&'static str; 5],
    last_minor: i64,
) -> [ExampleTransfer; 5] {
    let first =
        ExampleTransfer { second: 0, amount_minor: 3_500, payer: payers[0], payee: ALERTED[0] };
    let mut transfers = [first; 5];
    let mut n = 0;
    while n < 5 {
        transfers[n].second = days[n] * DAY_S;
        transfers[n].payer = payers[n];
        n += 1;
    }
    transfers[4].amount_minor = last_minor;
    transfers
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::time::Duration;

    use proptest::prelude::*;
    use tutela_core::{AccountId, Currency, Money, Timestamp, Transfer, TransferId};

    use super::FanIn;

    const MAX_MINOR: i64 = 50;
    const WINDOW_S: u32 = 20;
    const MIN_PAYERS: usize = 3;

    fn transfers() -> impl Strategy<Value = Vec<Transfer>> {
        let one = (0_u64..120, -5_i64..60, any::<bool>(), 0..6, 0..4);
        proptest::collection::vec(one, 0..80).prop_map(|rows| {
            let transfer = |(n, (second, minor, euro, payer, payee))| Transfer {
                id: TransferId(format!("t{n:02}")),
                time: Timestamp::UNIX_EPOCH + Duration::from_secs(second),
                amount: Money { minor, currency: if euro { Currency::EUR } else { Currency::USD } },
                payer: AccountId(format!("account-{payer}")),
                payee: AccountId(format!("account-{payee}")),
            };
            rows.into_iter().enumerate().map(transfer).collect()
        })
    }

    fn seen<'a>(transfers: impl IntoIterator<Item = &'a Transfer>) -> FanIn {
        let mut fan_in = FanIn::new(MAX_MINOR, WINDOW_S, MIN_PAYERS);
        transfers.into_iter().for_each(|transfer| fan_in.update(transfer));
        fan_in
    }

    /// The most payers in any window, by looking back from every transfer at every other: O(T²).
    fn slowly(transfers: &[Transfer]) -> Vec<(AccountId, usize)> {
        let counts =
            |t: &&Transfer| (1..=MAX_MINOR).contains(&t.amount.minor) && t.payer != t.payee;
        let mut most: BTreeMap<(&AccountId, Currency), usize> = BTreeMap::new();
        for last in transfers.iter().filter(counts) {
            let payers: BTreeSet<&AccountId> = transfers
                .iter()
                .filter(counts)
                .filter(|t| (&t.payee, t.amount.currency) == (&last.payee, last.amount.currency))
                .filter(|t| {
                    (0..=WINDOW_S.into()).contains(&(last.time.as_second() - t.time.as_second()))
                })
                .map(|t| &t.payer)
                .collect();
            let entry = most.entry((&last.payee, last.amount.currency)).or_default();
            *entry = (*entry).max(payers.len());
        }
        let enough = most.into_iter().filter(|(_, payers)| *payers >= MIN_PAYERS);
        enough.map(|((account, _), payers)| (account.clone(), payers)).collect()
    }

    proptest! {
        #[test]
        fn it_finds_what_the_slow_way_finds(transfers in transfers()) {
            let found = seen(&transfers).evaluate();
            let fast: Vec<_> = found.iter().map(|f| (f.account.clone(), f.value as usize)).collect();
            prop_assert_eq!(fast, slowly(&transfers));
            for indication in found {
                let named = transfers.iter().filter(|t| indication.transfers.contains(&t.id));
                let payers: BTreeSet<&AccountId> = named.map(|t| &t.payer).collect();
                prop_assert_eq!(payers.len(), indication.value as usize);
            }
        }

        #[test]
        fn two_parts_of_a_stream_merge_into_the_whole(transfers in transfers(), cut in 0_usize..80) {
            let whole = seen(&transfers).evaluate();
            let (low, high): (Vec<_>, Vec<_>) =
                transfers.iter().partition(|t| t.payee.as_str() < "account-2");
            let mut by_account = seen(high);
            by_account.merge(seen(low));
            prop_assert_eq!(by_account.evaluate(), whole.clone());

            let (before, after) = transfers.split_at(cut.min(transfers.len()));
            let mut by_place = seen(before);
            prop_assert!(by_place.evaluate().len() <= whole.len());
            by_place.merge(seen(after));
            prop_assert_eq!(by_place.evaluate(), whole);
        }
    }
}
