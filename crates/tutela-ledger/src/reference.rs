//! What an entry was about: typed digests and ids, the only things that its lists may hold.

use std::fmt;
use std::str::FromStr;

use tutela_core::{CaseId, ExhibitId, FindingId, ListId, OperatorId, ScanId, Sha256};

use crate::LedgerError;

/// An input or output of an act. A name or a path has no way in.
///
/// Text form: `kind:value`, such as `sha256:e3b0…` or `entry:17`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reference {
    /// Some bytes, by their SHA-256.
    Sha256(Sha256),
    /// A case.
    Case(CaseId),
    /// An exhibit.
    Exhibit(ExhibitId),
    /// A finding.
    Finding(FindingId),
    /// A hash list.
    List(ListId),
    /// An operator.
    Operator(OperatorId),
    /// A scan.
    Scan(ScanId),
    /// An earlier entry of the same ledger, by its sequence number.
    Entry(u64),
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sha256(digest) => write!(f, "sha256:{digest}"),
            Self::Case(id) => write!(f, "case:{id}"),
            Self::Exhibit(id) => write!(f, "exhibit:{id}"),
            Self::Finding(id) => write!(f, "finding:{id}"),
            Self::List(id) => write!(f, "list:{id}"),
            Self::Operator(id) => write!(f, "operator:{id}"),
            Self::Scan(id) => write!(f, "scan:{id}"),
            Self::Entry(seq) => write!(f, "entry:{seq}"),
        }
    }
}

const NOT_A_REFERENCE: LedgerError = LedgerError::BadEntry { reason: "not a digest or id" };

impl FromStr for Reference {
    type Err = LedgerError;

    /// Reads the text form. Other spellings of the same value are refused by the entry's parser,
    /// which writes what it read and compares.
    fn from_str(text: &str) -> Result<Self, LedgerError> {
        fn parse<T: FromStr>(text: &str) -> Result<T, LedgerError> {
            text.parse().map_err(|_| NOT_A_REFERENCE)
        }
        let (kind, value) = text.split_once(':').ok_or(NOT_A_REFERENCE)?;
        Ok(match kind {
            "sha256" => Self::Sha256(parse(value)?),
            "case" => Self::Case(parse(value)?),
            "exhibit" => Self::Exhibit(parse(value)?),
            "finding" => Self::Finding(parse(value)?),
            "list" => Self::List(parse(value)?),
            "operator" => Self::Operator(parse(value)?),
            "scan" => Self::Scan(parse(value)?),
            "entry" => Self::Entry(parse(value)?),
            _ => return Err(NOT_A_REFERENCE),
        })
    }
}

macro_rules! from {
    ($($variant:ident($type:ty)),*) => {
        $(impl From<$type> for Reference {
            fn from(value: $type) -> Self {
                Self::$variant(value)
            }
        })*
    };
}
from!(
    Sha256(Sha256),
    Case(CaseId),
    Exhibit(ExhibitId),
    Finding(FindingId),
    List(ListId),
    Operator(OperatorId),
    Scan(ScanId)
);
