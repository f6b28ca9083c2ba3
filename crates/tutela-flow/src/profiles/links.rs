//! What ties accounts to each other: shared counterparties and phones, referrals, money passed on.

use std::collections::HashMap;

use super::figures::related;
use crate::transfers::{AccountNumber, Side, TransferNumber, Transfers, Word};

/// An account with more counterparties ties nobody to anybody, and would cost without bound.
const HUB: usize = 64;
/// A new payee within so many seconds of another one.
const REFERRAL_S: u32 = 14 * 86_400;
/// Money that leaves within so many seconds of coming in was passed on.
const PASSED_ON_S: u32 = 3 * 86_400;

/// A payer who, soon after paying one payee, first pays another that is tied to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Referral {
    /// Who pays.
    pub payer: AccountNumber,
    /// The payee left.
    pub from: AccountNumber,
    /// The payee gone to.
    pub to: AccountNumber,
    /// The first transfer to the new payee.
    pub transfer: TransferNumber,
}

/// The ties of all accounts.
///
/// **Cost.** O(T) memory; O(T) time for building, and at most 64 steps for each of an account's
/// counterparties for asking: linear on every graph shape.
#[derive(Debug)]
pub struct Links {
    /// Different counterparties, by side and account.
    contacts: [Lists; 2],
    phones: HashMap<Word, Vec<AccountNumber>>,
    by_payer: Vec<Referral>,
    by_payee: Vec<Referral>,
}

#[derive(Debug, Default)]
struct Lists {
    starts: Vec<u32>,
    values: Vec<AccountNumber>,
}

impl Lists {
    fn of(&self, account: AccountNumber) -> &[AccountNumber] {
        let at = account as usize;
        &self.values[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    fn contacts(transfers: &Transfers, side: Side) -> Self {
        let mut lists = Self { starts: vec![0], values: Vec::new() };
        let mut others = Vec::new();
        for account in 0..transfers.accounts() {
            others.clear();
            let of = transfers.of(side, account);
            others.extend(of.iter().map(|transfer| transfers.end(side.other(), *transfer)));
            others.sort_unstable();
            others.dedup();
            lists.values.extend_from_slice(&others);
            lists.starts.push(lists.values.len() as u32);
        }
        lists
    }
}

impl Links {
    /// Looks at all transfers once.
    pub fn new(transfers: &Transfers) -> Self {
        let contacts = [Side::Payer, Side::Payee].map(|side| Lists::contacts(transfers, side));
        let mut phones: HashMap<Word, Vec<AccountNumber>> = HashMap::new();
        for account in 0..transfers.accounts() {
            let receives = !transfers.of(Side::Payee, account).is_empty();
            if let (true, Some(phone)) = (receives, transfers.about(account).phone) {
                phones.entry(phone).or_default().push(account);
            }
        }
        let mut links = Self { contacts, phones, by_payer: Vec::new(), by_payee: Vec::new() };
        // One mark a payee instead of one set a payer: emptying the set of a hub would cost each time.
        let mut seen_by = vec![AccountNumber::MAX; transfers.accounts() as usize];
        for payer in 0..transfers.accounts() {
            links.referrals_of(transfers, payer, &mut seen_by);
        }
        links.by_payee = links.by_payer.clone();
        links.by_payee.sort_unstable_by_key(|referral| (referral.to, referral.transfer));
        links
    }

    fn referrals_of(
        &mut self,
        transfers: &Transfers,
        payer: AccountNumber,
        seen_by: &mut [AccountNumber],
    ) {
        let mut before: Option<TransferNumber> = None;
        for transfer in transfers.of(Side::Payer, payer).iter().copied() {
            let to = transfers.payee(transfer);
            let new = std::mem::replace(&mut seen_by[to as usize], payer) != payer;
            if new
                && let Some(before) = before
                && transfers.time_s(transfer) - transfers.time_s(before) <= REFERRAL_S
                && self.are_tied(transfers, transfers.payee(before), to)
            {
                let from = transfers.payee(before);
                self.by_payer.push(Referral { payer, from, to, transfer });
            }
            before = Some(transfer);
        }
    }

    /// Whether two payees are tied: by name and region, phone, e-mail, or money from one to the other.
    pub fn are_tied(&self, transfers: &Transfers, a: AccountNumber, b: AccountNumber) -> bool {
        let (about_a, about_b) = (transfers.about(a), transfers.about(b));
        let one_place = about_a.region == about_b.region && about_a.country == about_b.country;
        let pays = |from, to| self.contacts(Side::Payer, from).binary_search(&to).is_ok();
        one_place && related(about_a, about_b) || pays(a, b) || pays(b, a)
    }

    /// Different accounts on the other side of an account's transfers, by number.
    pub fn contacts(&self, side: Side, account: AccountNumber) -> &[AccountNumber] {
        self.contacts[side as usize].of(account)
    }

    /// Accounts of the same side that share at least two counterparties with this one.
    pub fn sharing_two(&self, side: Side, account: AccountNumber) -> Vec<AccountNumber> {
        let others = self.contacts(side, account);
        if others.len() < 2 {
            return Vec::new();
        }
        let mut met: HashMap<AccountNumber, u32> = HashMap::new();
        for other in others {
            let back = self.contacts(side.other(), *other);
            if back.len() <= HUB {
                back.iter().for_each(|one| *met.entry(*one).or_default() += 1);
            }
        }
        met.remove(&account);
        let mut sharing: Vec<_> =
            met.into_iter().filter(|(_, times)| *times >= 2).map(|(one, _)| one).collect();
        sharing.sort_unstable();
        sharing
    }

    /// Other receiving accounts of the same phone.
    pub fn of_same_phone(
        &self,
        transfers: &Transfers,
        account: AccountNumber,
    ) -> Vec<AccountNumber> {
        let phone = transfers.about(account).phone;
        let accounts = phone.and_then(|phone| self.phones.get(&phone));
        accounts.into_iter().flatten().copied().filter(|other| *other != account).collect()
    }

    /// The referrals that a payer followed, or that led to a payee.
    pub fn referrals(&self, side: Side, account: AccountNumber) -> &[Referral] {
        let (all, key): (_, fn(&Referral) -> AccountNumber) = match side {
            Side::Payer => (&self.by_payer, |referral| referral.payer),
            Side::Payee => (&self.by_payee, |referral| referral.to),
        };
        let start = all.partition_point(|referral| key(referral) < account);
        let end = all.partition_point(|referral| key(referral) <= account);
        &all[start..end]
    }

    /// Transfers by which a payee soon passes money on to other accounts that are paid by others too.
    pub fn passed_on(&self, transfers: &Transfers, account: AccountNumber) -> Vec<TransferNumber> {
        let received = transfers.of(Side::Payee, account);
        let soon = |transfer: &TransferNumber| {
            let time_s = transfers.time_s(*transfer);
            let before = received.partition_point(|one| one < transfer);
            let last = before.checked_sub(1).and_then(|at| received.get(at));
            let to = transfers.payee(*transfer);
            last.is_some_and(|one| time_s - transfers.time_s(*one) <= PASSED_ON_S)
                && self.contacts(Side::Payee, to).len() > 1
        };
        transfers.of(Side::Payer, account).iter().copied().filter(soon).collect()
    }
}
