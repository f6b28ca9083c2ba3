//! What a program that holds a token may do.

use std::fmt;
use std::str::FromStr;

use crate::UnknownName;

/// One thing that a token allows. None includes another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// To have signals made of content.
    Hash,
    /// To look signals up, and to read what was found.
    Match,
    /// To read and change banks and their contents, and to decide about matches.
    Curate,
    /// To change signal types, exchanges and deliveries.
    Admin,
    /// To read alerts on payments, and to act on them in the operator's name.
    Review,
    /// To hand transfers in, and to be told how their ends rank.
    Flow,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Hash, Self::Match, Self::Curate, Self::Admin, Self::Review, Self::Flow];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hash => "hash",
            Self::Match => "match",
            Self::Curate => "curate",
            Self::Admin => "admin",
            Self::Review => "review",
            Self::Flow => "flow",
        }
    }

    const fn bit(self) -> u8 {
        match self {
            Self::Hash => 1,
            Self::Match => 2,
            Self::Curate => 4,
            Self::Admin => 8,
            Self::Review => 16,
            Self::Flow => 32,
        }
    }
}

impl FromStr for Scope {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let found = Self::ALL.into_iter().find(|scope| scope.as_str() == name);
        found.ok_or_else(|| UnknownName {
            name: name.to_owned(),
            expected: "hash, match, curate, admin, review, flow",
        })
    }
}

/// The scopes of one token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Scopes(u8);

impl Scopes {
    /// These.
    pub fn of(scopes: impl IntoIterator<Item = Scope>) -> Self {
        Self(scopes.into_iter().fold(0, |bits, scope| bits | scope.bit()))
    }

    /// Whether this one is among them.
    pub fn contains(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// One by one, in the order of [`Scope::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.contains(*scope))
    }
}

impl fmt::Display for Scopes {
    /// Names with commas between them, as [`Scopes::from_str`] reads them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.iter().map(Scope::as_str).collect();
        f.write_str(&names.join(","))
    }
}

impl FromStr for Scopes {
    type Err = UnknownName;

    fn from_str(names: &str) -> Result<Self, UnknownName> {
        let names = names.split(',').map(str::trim);
        Ok(Self::of(names.map(str::parse).collect::<Result<Vec<Scope>, _>>()?))
    }
}

#[cfg(test)]
mod tests {
    use super::{Scope, Scopes};

    #[test]
    fn scopes_round_trip_in_one_order() {
        for (names, expected) in [
            ("hash", "hash"),
            ("curate, match", "match,curate"),
            ("admin,hash,hash,match,curate", "hash,match,curate,admin"),
        ] {
            assert_eq!(names.parse::<Scopes>().unwrap().to_string(), expected);
        }
        for bad in ["", "hash,", "Hash", "all"] {
            assert!(bad.parse::<Scopes>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn no_scope_includes_another() {
        for one in Scope::ALL {
            let alone = Scopes::of([one]);
            assert_eq!(alone.iter().collect::<Vec<_>>(), [one]);
        }
        assert!(Scopes::default().is_empty());
    }
}
