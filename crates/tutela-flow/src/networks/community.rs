//! The accounts around one: a walk that starts again and again at it, and the set of accounts that it seldom leaves.
//!
//! Payments are walked both ways, and so is the way between accounts of one person. Each payment counts for less where many
//! share either of its ends, and an account of more than [`HUB`] counterparties is never passed: everybody meets there. The walk is
//! computed by pushing what has not arrived yet, so it looks at the neighbourhood only; where to cut is decided by sweeping over
//! prefixes of what it reached. Scores play no part: tried, they made networks larger and no purer. Source: Andersen, Chung, Lang, "Local Graph Partitioning using PageRank Vectors", FOCS 2006.

use std::collections::{HashMap, HashSet, VecDeque};

use super::Identities;
use crate::profiles::Links;
use crate::transfers::{AccountNumber, Side, Transfers};

/// An account with more counterparties on a side leads nowhere.
pub const HUB: usize = 64;
/// Accounts of a community at most: more than a person looks at, and what bounds the work.
pub const MOST: usize = 160;
/// Chance to start again at the account at each step.
const RESTART: f64 = 0.2;
/// What is left of the walk at an account, by weight of its payments, that is not pushed any further.
const LEFT: f64 = 2e-4;
/// Accounts pushed from at most.
const PUSHES: usize = 6_000;
/// Counterparties of the account itself that are walked to at most: the heaviest.
const FIRST: usize = 512;
/// Weight of the way between two accounts of one person, where the strongest payment has one.
const ONE_PERSON: f64 = 1.0;

/// Accounts that belong together, as far as payments tell.
#[derive(Debug, Clone, PartialEq)]
pub struct Community {
    /// The account itself first, then by share of the walk.
    pub members: Vec<(AccountNumber, f64)>,
    /// Share of the weight of its payments that leads out: 0 for none.
    pub leaves: f64,
}

/// What a walk knows of the accounts it met.
struct Walk<'a> {
    links: &'a Links,
    identities: &'a Identities,
    origin: AccountNumber,
    /// Place of each account met.
    at: HashMap<AccountNumber, usize>,
    met: Vec<Met>,
}

struct Met {
    account: AccountNumber,
    ways: Option<Vec<(AccountNumber, f64)>>,
    weight: f64,
    arrived: f64,
    waiting: f64,
    queued: bool,
}

/// The community around an account. Scores play no part in it: a network is to be found also where they are wrong. The same input
/// gives the same answer.
///
/// **Cost.** Linear in the payments of the accounts it pushes from, of which there are at most 6,000 with at most 64 counterparties a side.
pub fn community(
    transfers: &Transfers,
    links: &Links,
    identities: &Identities,
    origin: AccountNumber,
) -> Community {
    if origin >= transfers.accounts() {
        return Community { members: Vec::new(), leaves: 0.0 };
    }
    let mut walk = Walk { links, identities, origin, at: HashMap::new(), met: Vec::new() };
    walk.go();
    walk.sweep(transfers)
}

impl Walk<'_> {
    fn meet(&mut self, account: AccountNumber) -> usize {
        let next = self.met.len();
        let place = *self.at.entry(account).or_insert(next);
        if place == next {
            self.met.push(Met {
                account,
                ways: None,
                weight: 0.0,
                arrived: 0.0,
                waiting: 0.0,
                queued: false,
            });
        }
        place
    }

    fn degree(&self, side: Side, account: AccountNumber) -> usize {
        self.links.contacts(side, account).len()
    }

    /// Where an account leads, with weights; nowhere from a hub that is not the origin.
    fn ways(&self, account: AccountNumber) -> Vec<(AccountNumber, f64)> {
        let mut ways = Vec::new();
        for side in [Side::Payer, Side::Payee] {
            let others = self.links.contacts(side, account);
            if others.len() > HUB && account != self.origin {
                continue;
            }
            for other in others {
                let back = self.degree(side.other(), *other);
                if back > HUB && *other != self.origin {
                    continue;
                }
                // An origin with many counterparties does not make each of them weak.
                let here = others.len().min(HUB);
                let shared = (here * back.min(HUB)).max(1) as f64;
                ways.push((*other, 1.0 / shared.sqrt()));
            }
        }
        if ways.len() > FIRST {
            ways.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            ways.truncate(FIRST);
        }
        let same = self.identities.of(account).iter().filter(|other| **other != account);
        ways.extend(same.map(|other| (*other, ONE_PERSON)));
        ways.retain(|(_, weight)| *weight > 0.0);
        ways
    }

    /// Finds the ways of an account once.
    fn weigh(&mut self, place: usize) {
        if self.met[place].ways.is_none() {
            let ways = self.ways(self.met[place].account);
            self.met[place].weight = ways.iter().map(|(_, weight)| weight).sum();
            self.met[place].ways = Some(ways);
        }
    }

    fn go(&mut self) {
        let origin = self.meet(self.origin);
        self.met[origin].waiting = 1.0;
        let mut queue = VecDeque::from([origin]);
        let mut pushes = 0;
        while let Some(place) = queue.pop_front() {
            self.met[place].queued = false;
            self.weigh(place);
            let weight = self.met[place].weight;
            if pushes >= PUSHES || (self.met[place].waiting < LEFT * weight && place != origin) {
                continue;
            }
            pushes += 1;
            let waiting = std::mem::take(&mut self.met[place].waiting);
            if weight == 0.0 {
                self.met[place].arrived += waiting;
                continue;
            }
            self.met[place].arrived += RESTART * waiting;
            // Half of what goes on stays for another round, as in the paper: it settles on graphs with two sides.
            let on = (1.0 - RESTART) * waiting / 2.0;
            self.met[place].waiting += on;
            let ways = self.met[place].ways.take().unwrap_or_default();
            for (other, of) in &ways {
                let there = self.meet(*other);
                self.met[there].waiting += on * of / weight;
                self.queue(&mut queue, there);
            }
            self.met[place].ways = Some(ways);
            self.queue(&mut queue, place);
        }
    }

    fn queue(&mut self, queue: &mut VecDeque<usize>, place: usize) {
        self.weigh(place);
        let met = &mut self.met[place];
        if !met.queued && met.waiting >= LEFT * met.weight {
            met.queued = true;
            queue.push_back(place);
        }
    }

    /// Leaves out payees that one member alone pays: where a payer's family or shops are, and not what ties a network. Those that
    /// the account itself pays stay, and other accounts of a member.
    fn trim(&self, members: &mut Vec<(AccountNumber, f64)>) {
        let all: HashSet<AccountNumber> = members.iter().map(|(account, _)| *account).collect();
        members.retain(|(account, _)| {
            let payers = self.links.contacts(Side::Payee, *account);
            let same = || {
                self.identities.of(*account).iter().any(|one| one != account && all.contains(one))
            };
            *account == self.origin
                || payers.is_empty()
                || payers.contains(&self.origin)
                || payers.iter().filter(|payer| all.contains(payer)).count() >= 2
                || same()
        });
    }

    /// The prefix, by arrivals for their weight, that the least weight leads out of.
    fn sweep(self, transfers: &Transfers) -> Community {
        let density = |met: &Met| met.arrived / met.weight.max(f64::MIN_POSITIVE);
        let mut order: Vec<&Met> = self.met.iter().filter(|met| met.arrived > 0.0).collect();
        order.sort_by(|a, b| {
            let origin = (b.account == self.origin).cmp(&(a.account == self.origin));
            let id = |met: &Met| transfers.account_id(met.account);
            origin.then_with(|| density(b).total_cmp(&density(a))).then_with(|| id(a).cmp(id(b)))
        });
        order.truncate(MOST);
        let mut inside: HashSet<AccountNumber> = HashSet::new();
        let (mut all, mut out) = (0.0_f64, 0.0_f64);
        let mut best = (order.len().min(1), f64::MAX);
        for (taken, met) in (1..).zip(&order) {
            let ways = met.ways.iter().flatten();
            let within: f64 =
                ways.filter(|(other, _)| inside.contains(other)).map(|(_, weight)| weight).sum();
            inside.insert(met.account);
            all += met.weight;
            out = (out + met.weight - 2.0 * within).max(0.0);
            let leaves = if all > 0.0 { out / all } else { 0.0 };
            if taken > 1 && leaves <= best.1 + 1e-12 {
                best = (taken, leaves);
            }
        }
        let mut members: Vec<(AccountNumber, f64)> =
            order.iter().take(best.0).map(|met| (met.account, met.arrived)).collect();
        self.trim(&mut members);
        if members.len() > 1 {
            members[1..].sort_by(|a, b| {
                let id = |one: &(AccountNumber, f64)| transfers.account_id(one.0);
                b.1.total_cmp(&a.1).then_with(|| id(a).cmp(id(b)))
            });
        }
        Community { members, leaves: if best.1 == f64::MAX { 0.0 } else { best.1 } }
    }
}
