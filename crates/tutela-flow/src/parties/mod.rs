//! Which accounts belong to one person, with the reasons kept.
//!
//! First exact keys: the same phone, address or device. A key of many accounts is an agent or a shop, not a person, and
//! joins nobody. Then similarity: nearly the same name *and* the same year of birth. What is similar without that is shown to
//! a person and joined by nobody else. A person's word goes before both.
//!
//! **Cost.** Linear in accounts, but for blocks of similar names, which are bounded.

mod groups;
mod keys;
mod similar;

pub use keys::{device_key, email_key, name_words, phone_key};

use std::collections::BTreeMap;

pub(crate) use groups::Groups;

/// What is known of an account. Each account stands once.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// The account.
    pub account: String,
    /// Name as written.
    pub name: Option<String>,
    /// Phones as written.
    pub phones: Vec<String>,
    /// Addresses as written.
    pub emails: Vec<String>,
    /// Devices it was used from.
    pub devices: Vec<String>,
    /// Year of birth.
    pub birth_year: Option<u16>,
    /// ISO 3166, two letters.
    pub country: Option<String>,
}

impl std::fmt::Debug for Facts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Facts([redacted])")
    }
}

/// What a person decided of two accounts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// They are never in one party. It goes before everything else.
    Split,
    /// They are in one party.
    Merge,
}

/// Decisions by pairs of accounts.
pub type Decisions = BTreeMap<(String, String), Decision>;

/// How far apart is too far. Values are measured nowhere yet: they are set so that a join needs two things that
/// speak for it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// A key of more accounts joins nobody.
    pub accounts_a_key: usize,
    /// A block of similar names with more accounts is not compared.
    pub accounts_a_block: usize,
    /// Worth, 0 to 1, from which two accounts are one party.
    pub join: f64,
    /// Worth from which two accounts are shown to a person.
    pub show: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { accounts_a_key: 8, accounts_a_block: 64, join: 0.85, show: 0.65 }
    }
}

/// Why two accounts are in one party.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reason {
    /// A person said so.
    Decided,
    /// The same phone.
    Phone,
    /// The same address.
    Email,
    /// The same device.
    Device,
    /// Similar names, the same year of birth; how much that is worth.
    Similar {
        /// 0 to 1.
        worth: f64,
    },
}

impl Reason {
    /// One sentence without names or numbers of accounts.
    pub fn sentence(self) -> String {
        match self {
            Self::Decided => "A person joined them.".to_owned(),
            Self::Phone => "They have the same telephone number.".to_owned(),
            Self::Email => "They have the same e-mail address.".to_owned(),
            Self::Device => "They were used from the same device.".to_owned(),
            Self::Similar { worth } => {
                format!("Their names are similar and other facts agree (worth {worth:.2} of 1).")
            }
        }
    }
}

/// Two accounts and what ties them; the first sorts before the second.
#[derive(Clone, PartialEq)]
pub struct Link {
    /// One account.
    pub one: String,
    /// The other.
    pub other: String,
    /// Why.
    pub reason: Reason,
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Link([redacted], {:?})", self.reason)
    }
}

/// Who is who.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Parties {
    /// Accounts of each party, sorted; parties in the order of their first account.
    pub parties: Vec<Vec<String>>,
    /// Why accounts are in one party: enough links to tie each party together.
    pub links: Vec<Link>,
    /// Similar accounts that are not joined: for a person to look at.
    pub candidates: Vec<Link>,
    /// Links that a person's split kept apart.
    pub held_apart: Vec<Link>,
    /// Keys of more accounts than a person has, and how many: agents and shared devices.
    pub agents: Vec<(Reason, usize)>,
    /// Blocks of names that were too common to compare.
    pub blocks_passed_over: usize,
}

/// Resolves accounts into parties. The order of the facts does not matter.
pub fn resolve(facts: &[Facts], decisions: &Decisions, limits: &Limits) -> Parties {
    let mut facts: Vec<&Facts> = facts.iter().collect();
    facts.sort_by(|a, b| a.account.cmp(&b.account));
    facts.dedup_by(|a, b| a.account == b.account);
    let number = |account: &String| facts.binary_search_by(|known| known.account.cmp(account)).ok();
    let mut groups = Groups::new(facts.len());
    let mut found = Parties::default();
    let pairs = |wanted: Decision| {
        let of = decisions.iter().filter(move |(_, decision)| **decision == wanted);
        of.filter_map(|((one, other), _)| Some((number(one)?, number(other)?)))
    };
    for (one, other) in pairs(Decision::Split) {
        groups.keep_apart(one, other);
    }
    for (one, other) in pairs(Decision::Merge) {
        join(&facts, &mut groups, &mut found, (one, other), Reason::Decided);
    }
    for (reason, accounts) in by_key(&facts) {
        if accounts.len() > limits.accounts_a_key {
            found.agents.push((reason, accounts.len()));
            continue;
        }
        for pair in accounts.windows(2) {
            join(&facts, &mut groups, &mut found, (pair[0], pair[1]), reason);
        }
    }
    let (similar, passed_over) = similar::pairs(&facts, limits);
    found.blocks_passed_over = passed_over;
    for (one, other, worth) in similar {
        let reason = Reason::Similar { worth };
        if worth >= limits.join {
            join(&facts, &mut groups, &mut found, (one, other), reason);
        } else if !groups.are_one(one, other) && !groups.are_apart(one, other) {
            found.candidates.push(link(&facts, (one, other), reason));
        }
    }
    let mut parties: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let mut first = vec![usize::MAX; facts.len()];
    for (account, known) in facts.iter().enumerate() {
        let root = groups.root(account);
        first[root] = first[root].min(account);
        parties.entry(first[root]).or_default().push(known.account.clone());
    }
    found.parties = parties.into_values().collect();
    found
}

fn link(facts: &[&Facts], (one, other): (usize, usize), reason: Reason) -> Link {
    let (one, other) = (one.min(other), one.max(other));
    Link { one: facts[one].account.clone(), other: facts[other].account.clone(), reason }
}

fn join(
    facts: &[&Facts],
    groups: &mut Groups,
    found: &mut Parties,
    pair: (usize, usize),
    reason: Reason,
) {
    if groups.are_one(pair.0, pair.1) {
        return;
    }
    let joined = groups.join(pair.0, pair.1);
    let place = if joined { &mut found.links } else { &mut found.held_apart };
    place.push(link(facts, pair, reason));
}

/// Accounts of each exact key, in a fixed order: phones, then addresses, then devices.
fn by_key(facts: &[&Facts]) -> Vec<(Reason, Vec<usize>)> {
    let mut keys: BTreeMap<(u8, String), Vec<usize>> = BTreeMap::new();
    for (account, known) in facts.iter().enumerate() {
        let country = known.country.as_deref();
        let phones =
            known.phones.iter().filter_map(|phone| phone_key(phone, country)).map(|key| (0, key));
        let emails = known.emails.iter().filter_map(|email| email_key(email)).map(|key| (1, key));
        let devices =
            known.devices.iter().filter_map(|device| device_key(device)).map(|key| (2, key));
        for key in phones.chain(emails).chain(devices) {
            let accounts = keys.entry(key).or_default();
            if accounts.last() != Some(&account) {
                accounts.push(account);
            }
        }
    }
    let reason = |kind| match kind {
        0 => Reason::Phone,
        1 => Reason::Email,
        _ => Reason::Device,
    };
    let shared = keys.into_iter().filter(|(_, accounts)| accounts.len() > 1);
    shared.map(|((kind, _), accounts)| (reason(kind), accounts)).collect()
}

#[cfg(test)]
mod tests;
