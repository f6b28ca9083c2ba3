//! Receiving accounts that look like one person's: folded, with the reason kept.
//!
//! The same phone, the same e-mail address, or the same whole name in the same region. A key of many accounts is an agent or a
//! shop, as in [`crate::parties`], and folds nobody. A person's word goes before all of it.

use crate::parties::{Decision, Decisions, Groups, Limits};
use crate::transfers::{AccountNumber, Side, Transfers, Word};

/// Why an account is folded into another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// A person said so.
    Decided,
    /// The same phone.
    Phone,
    /// The same e-mail address.
    Email,
    /// The same whole name, region and country.
    NameAndRegion,
}

impl Why {
    /// Its name in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Decided => "decided",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::NameAndRegion => "name_and_region",
        }
    }
}

/// Which receiving accounts are taken for one person's. A claim for a person to check.
#[derive(Debug, Clone)]
pub struct Identities {
    /// By account: place in `parties` + 1; 0 for an account that stands alone.
    of: Vec<u32>,
    parties: Vec<Vec<AccountNumber>>,
    /// Why accounts were joined, sorted by pair.
    joined: Vec<(AccountNumber, AccountNumber, Why)>,
}

impl Identities {
    /// Looks at all receiving accounts once. O(A log A).
    pub fn new(transfers: &Transfers, decisions: &Decisions) -> Self {
        let all = transfers.accounts();
        let mut groups = Groups::new(all as usize);
        let mut joined = Vec::new();
        let pairs = |wanted: Decision| {
            let of = decisions.iter().filter(move |(_, decision)| **decision == wanted);
            of.filter_map(|((one, other), _)| {
                Some((transfers.find_account(one)?, transfers.find_account(other)?))
            })
        };
        for (one, other) in pairs(Decision::Split) {
            groups.keep_apart(one as usize, other as usize);
        }
        for (one, other) in pairs(Decision::Merge) {
            join(&mut groups, &mut joined, (one, other), Why::Decided);
        }
        let most = Limits::default().accounts_a_key;
        for why in [Why::Phone, Why::Email, Why::NameAndRegion] {
            let mut keyed: Vec<(Key, AccountNumber)> = (0..all)
                .filter(|account| !transfers.of(Side::Payee, *account).is_empty())
                .filter_map(|account| Some((key(transfers, account, why)?, account)))
                .collect();
            keyed.sort_unstable();
            for accounts in keyed.chunk_by(|a, b| a.0 == b.0).filter(|of| of.len() <= most) {
                for two in accounts.windows(2) {
                    join(&mut groups, &mut joined, (two[0].1, two[1].1), why);
                }
            }
        }
        let mut of = vec![0; all as usize];
        let mut parties: Vec<Vec<AccountNumber>> = Vec::new();
        let mut members: Vec<AccountNumber> =
            joined.iter().flat_map(|(one, other, _)| [*one, *other]).collect();
        members.sort_unstable();
        members.dedup();
        let mut by_root: Vec<(usize, AccountNumber)> =
            members.iter().map(|account| (groups.root(*account as usize), *account)).collect();
        by_root.sort_unstable();
        for party in by_root.chunk_by(|a, b| a.0 == b.0) {
            parties.push(party.iter().map(|(_, account)| *account).collect());
            party.iter().for_each(|(_, account)| of[*account as usize] = parties.len() as u32);
        }
        joined.sort_unstable();
        Self { of, parties, joined }
    }

    /// All accounts of the person behind this one, itself among them, by number; none where it stands alone.
    pub fn of(&self, account: AccountNumber) -> &[AccountNumber] {
        let place = self.of.get(account as usize).and_then(|place| place.checked_sub(1));
        place.map_or(&[], |place| self.parties[place as usize].as_slice())
    }

    /// Whether two accounts are taken for one person's.
    pub fn are_one(&self, one: AccountNumber, other: AccountNumber) -> bool {
        one == other || self.of(one).contains(&other)
    }

    /// Why two accounts are one person's: what joined them, or else what joined the one to a third.
    pub fn why(&self, one: AccountNumber, other: AccountNumber) -> Option<Why> {
        if !self.are_one(one, other) {
            return None;
        }
        let has = |pair: &&(AccountNumber, AccountNumber, Why)| {
            (pair.0, pair.1) == (one.min(other), one.max(other))
        };
        let touches =
            |pair: &&(AccountNumber, AccountNumber, Why)| pair.0 == other || pair.1 == other;
        let of = self.of(one);
        let near = self.joined.iter().filter(|pair| of.contains(&pair.0));
        near.clone().find(has).or_else(|| near.clone().find(touches)).map(|pair| pair.2)
    }
}

type Key = (Word, Option<Word>, Option<[u8; 2]>);

fn key(transfers: &Transfers, account: AccountNumber, why: Why) -> Option<Key> {
    let about = transfers.about(account);
    match why {
        Why::Phone => Some((about.phone?, None, None)),
        Why::Email => Some((about.email?, None, None)),
        Why::NameAndRegion => {
            // One word is a given name or a shop's: thousands have it.
            let name = about.name.filter(|name| transfers.word(*name).contains(' '))?;
            let country = about.country?.as_str().as_bytes().try_into().ok()?;
            Some((name, Some(about.region?), Some(country)))
        }
        Why::Decided => None,
    }
}

fn join(
    groups: &mut Groups,
    joined: &mut Vec<(AccountNumber, AccountNumber, Why)>,
    (one, other): (AccountNumber, AccountNumber),
    why: Why,
) {
    let (a, b) = (one as usize, other as usize);
    if one != other && !groups.are_one(a, b) && groups.join(a, b) {
        joined.push((one.min(other), one.max(other), why));
    }
}

#[cfg(test)]
mod tests {
    use super::{Identities, Why};
    use crate::indicators::Made;
    use crate::parties::{Decision, Decisions};

    fn made() -> Made {
        let mut made = Made::default();
        for (n, payee) in ["a", "b", "c", "d", "far"].into_iter().enumerate() {
            made = made.pay(n as u32, 9, 2_000, "payer", payee).lives(payee, "PH");
        }
        made = made.phone("a", "+63 900 000 0001").phone("b", "+639000000001");
        for payee in ["b", "c"] {
            made = made
                .named(payee, "Example Ana")
                .of(payee, |party| party.region = Some("R1".to_owned()));
        }
        made.named("d", "Example Ana").of("d", |party| party.region = Some("R2".to_owned()))
    }

    #[test]
    fn accounts_are_folded_with_the_reason_kept() {
        let transfers = made().transfers();
        let [a, b, c, d, far] =
            ["a", "b", "c", "d", "far"].map(|id| transfers.find_account(id).unwrap());
        let folded = Identities::new(&transfers, &Decisions::new());
        assert_eq!(folded.of(a).len(), 3, "a phone, then a name in one region");
        assert!(folded.are_one(a, c) && !folded.are_one(a, d), "another region is another person");
        assert_eq!(folded.why(a, b), Some(Why::Phone));
        assert_eq!(folded.why(b, c), Some(Why::NameAndRegion));
        assert_eq!(folded.why(a, c), Some(Why::NameAndRegion), "by way of b");
        assert_eq!((folded.of(far), folded.why(a, far)), (&[][..], None));
    }

    #[test]
    fn a_person_decides_and_an_agent_folds_nobody() {
        let transfers = made().transfers();
        let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
        let decisions = Decisions::from([
            (pair("a", "b"), Decision::Split),
            (pair("c", "far"), Decision::Merge),
        ]);
        let folded = Identities::new(&transfers, &decisions);
        let [a, b, c, far] = ["a", "b", "c", "far"].map(|id| transfers.find_account(id).unwrap());
        assert!(!folded.are_one(a, b) && folded.are_one(b, far));
        assert_eq!(folded.why(c, far), Some(Why::Decided));

        let mut agent = Made::default();
        for n in 0..20 {
            let payee = format!("p{n}");
            agent = agent.pay(n, 9, 2_000, "payer", &payee).phone(&payee, "900");
        }
        let transfers = agent.transfers();
        let folded = Identities::new(&transfers, &Decisions::new());
        assert!((0..transfers.accounts()).all(|account| folded.of(account).is_empty()));
    }
}
