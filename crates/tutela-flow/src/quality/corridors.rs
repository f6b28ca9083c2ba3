//! Alerts by corridor: from which country to which, how many accounts, how many of them with an alert.
//!
//! A ranking that is right on the whole can still fall on one community. This table shows where.

use std::collections::{BTreeMap, BTreeSet};

use crate::transfers::{AccountNumber, Country, Side, Transfers};

/// One corridor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Corridor {
    /// Country of the payer; nothing where the records do not say.
    pub from: Option<Country>,
    /// Country of the payee.
    pub to: Option<Country>,
    /// Transfers.
    pub transfers: u64,
    /// Accounts that pay through it, and are paid: payers, payees.
    pub accounts: [u64; 2],
    /// Those of them with an alert.
    pub alerts: [u64; 2],
    /// Those of the alerts that are marked, where marks are given.
    pub right: [u64; 2],
    /// Accounts of it that are marked.
    pub marked: [u64; 2],
}

/// All corridors, those with most transfers first. `alerts` and `marked` are accounts of payers and of payees. An account
/// counts in every corridor that it has a transfer in. O(T log T).
pub fn corridors(
    transfers: &Transfers,
    alerts: [&BTreeSet<AccountNumber>; 2],
    marked: [&BTreeSet<AccountNumber>; 2],
) -> Vec<Corridor> {
    type Key = (Option<Country>, Option<Country>);
    let mut found: BTreeMap<Key, (u64, [Vec<AccountNumber>; 2])> = BTreeMap::new();
    for transfer in 0..transfers.len() as u32 {
        let ends = [Side::Payer, Side::Payee].map(|side| transfers.end(side, transfer));
        let [from, to] = ends.map(|account| transfers.about(account).country);
        let corridor = found.entry((from, to)).or_default();
        corridor.0 += 1;
        for (accounts, account) in corridor.1.iter_mut().zip(ends) {
            accounts.push(account);
        }
    }
    let mut rows: Vec<Corridor> = found
        .into_iter()
        .map(|((from, to), (transfers, sides))| {
            let mut row = Corridor { from, to, transfers, ..Corridor::default() };
            for (n, mut accounts) in sides.into_iter().enumerate() {
                accounts.sort_unstable();
                accounts.dedup();
                let count = |of: &dyn Fn(&AccountNumber) -> bool| {
                    accounts.iter().filter(|account| of(account)).count() as u64
                };
                row.accounts[n] = accounts.len() as u64;
                row.alerts[n] = count(&|account| alerts[n].contains(account));
                row.marked[n] = count(&|account| marked[n].contains(account));
                row.right[n] =
                    count(&|account| alerts[n].contains(account) && marked[n].contains(account));
            }
            row
        })
        .collect();
    rows.sort_by(|a, b| b.transfers.cmp(&a.transfers).then((a.from, a.to).cmp(&(b.from, b.to))));
    rows
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::corridors;
    use crate::indicators::Made;

    #[test]
    fn an_account_counts_once_in_each_corridor_of_its_own() {
        let made = Made::default()
            .pay(0, 9, 2_500, "a", "x")
            .pay(1, 9, 2_500, "a", "x")
            .pay(2, 9, 2_500, "b", "y");
        let transfers = made.transfers();
        let number = |id: &str| transfers.find_account(id).unwrap();
        let (alerts, none) = (BTreeSet::from([number("a"), number("b")]), BTreeSet::new());
        let marked = BTreeSet::from([number("a")]);
        let rows = corridors(&transfers, [&alerts, &none], [&marked, &none]);
        let sums = rows.iter().fold([0; 4], |sum, row| {
            let counts = [row.transfers, row.accounts[0], row.alerts[0], row.right[0]];
            [0, 1, 2, 3].map(|n| sum[n] + counts[n])
        });
        assert_eq!(sums, [3, 2, 2, 1], "{rows:?}");
        assert!(rows.iter().all(|row| row.alerts[1] == 0 && row.transfers > 0));
    }
}
