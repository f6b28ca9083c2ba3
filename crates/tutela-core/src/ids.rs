//! Typed identifiers: a case is never mistaken for an exhibit.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// A text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier of the form 01234567-89ab-7cde-8f01-23456789abcd")]
pub struct IdError;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Uuid::try_parse(text).map(Self).map_err(|_| IdError)
            }
        }
    };
}

id!(
    /// A case: the file that joins notices, exhibits, findings and transfers.
    CaseId
);
id!(
    /// An exhibit: one piece of content as it was found.
    ExhibitId
);
id!(
    /// A finding: one claim of a machine about one exhibit.
    FindingId
);
id!(
    /// A hash list or signal bank in the store.
    ListId
);
id!(
    /// A person at the console.
    OperatorId
);
id!(
    /// One run of device triage.
    ScanId
);
id!(
    /// A token: what a program shows to act in an operator's name.
    TokenId
);
