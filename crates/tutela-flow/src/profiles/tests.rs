//! Merging in any split equals one pass, and one pass equals a plain count.

use std::collections::HashSet;

use proptest::prelude::*;

use super::{Links, Profile};
use crate::indicators::Made;
use crate::transfers::{Side, Transfers};

type Row = (u32, u32, i64, u8, u8);

fn made(rows: &[Row]) -> Transfers {
    let made = rows.iter().fold(Made::default(), |made, (day, hour, cents, payer, payee)| {
        made.pay(*day, *hour, *cents, &payer.to_string(), &payee.to_string())
    });
    let made = (0..12).fold(made, |made, n: u8| {
        let country = ["PH", "GB", "XX", "US"][usize::from(n) % 4];
        let name = format!("Given Family{}", n % 5);
        made.lives(&n.to_string(), country).named(&n.to_string(), &name)
    });
    made.transfers()
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec((0_u32..90, 0_u32..24, 1_i64..40_000, 0_u8..6, 6_u8..12), 1..60)
}

proptest! {
    #[test]
    fn any_split_and_merge_is_one_pass_and_a_plain_count(rows in rows(), split in any::<u64>()) {
        let transfers = made(&rows);
        for side in [Side::Payer, Side::Payee] {
            for account in 0..transfers.accounts() {
                let of = transfers.of(side, account);
                let mut whole = Profile::default();
                let mut parts = [Profile::default(), Profile::default(), Profile::default()];
                for transfer in of {
                    whole.update(&transfers, side, *transfer);
                    let part = (split >> (transfer % 32)) as usize % 3;
                    parts[part].update(&transfers, side, *transfer);
                }
                let [mut a, mut b, c] = parts;
                // Asking in between changes nothing.
                let _ = b.figures(&transfers, account);
                b.merge(c);
                b.merge(std::mem::take(&mut a));
                let figures = whole.figures(&transfers, account);
                prop_assert_eq!(b.figures(&transfers, account), figures);
                prop_assert_eq!(b, whole);

                let others: HashSet<u32> =
                    of.iter().map(|n| transfers.end(side.other(), *n)).collect();
                prop_assert_eq!(figures.transfers as usize, of.len());
                prop_assert_eq!(figures.counterparties as usize, others.len());
                let widest = of.iter().map(|first| {
                    let start = transfers.time_s(*first);
                    let inside = |n: &&u32| {
                        (start..=start + 30 * 86_400).contains(&transfers.time_s(**n))
                    };
                    let others: HashSet<u32> = of
                        .iter()
                        .filter(inside)
                        .map(|n| transfers.end(side.other(), *n))
                        .collect();
                    others.len()
                });
                prop_assert_eq!(figures.counterparties_30d as usize, widest.max().unwrap_or(0));
                let mut amounts: Vec<i64> = of.iter().map(|n| transfers.amount_minor(*n)).collect();
                amounts.sort_unstable();
                let median = amounts.get(amounts.len() / 2).copied().unwrap_or(0);
                prop_assert_eq!(i64::from(figures.median_minor), median);
            }
        }
    }

    #[test]
    fn shared_counterparties_are_those_of_a_plain_count(rows in rows()) {
        let transfers = made(&rows);
        let links = Links::new(&transfers);
        for side in [Side::Payer, Side::Payee] {
            let others = |account: u32| -> HashSet<u32> {
                let of = transfers.of(side, account).iter();
                of.map(|n| transfers.end(side.other(), *n)).collect()
            };
            for account in 0..transfers.accounts() {
                let own = others(account);
                let plain: Vec<u32> = (0..transfers.accounts())
                    .filter(|one| *one != account)
                    .filter(|one| others(*one).intersection(&own).count() >= 2)
                    .collect();
                prop_assert_eq!(links.sharing_two(side, account), plain);
            }
        }
    }
}
