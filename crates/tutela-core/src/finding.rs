//! A finding: a machine's claim about an exhibit, which a person may confirm.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{Category, ExhibitId, FindingId, OperatorId, Orientation, PdqVariant, Sha256};

/// By what a file and a list entry were compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Method {
    /// Equal SHA-256.
    Sha256,
    /// Equal SHA-1.
    Sha1,
    /// Equal MD5.
    Md5,
    /// PDQ signals within a distance.
    Pdq {
        /// Which computation of the picture's signal came near.
        variant: PdqVariant,
        /// How the picture was turned for it.
        orientation: Orientation,
        /// Bits that differ: 0 to 256.
        distance: u16,
    },
    /// Enough frames of two films within a distance of each other.
    Vpdq {
        /// Frames of the exhibit that have a partner, in percent.
        exhibit_percent: u8,
        /// Frames of the entry that have a partner, in percent.
        entry_percent: u8,
    },
}

/// Which part of an exhibit was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// The content as a whole, or the first picture of it.
    Whole,
    /// One frame of a film or an animated picture.
    Frame {
        /// Its number, from 0.
        number: u32,
        /// Where it stands in the film, in milliseconds.
        at_ms: u64,
    },
    /// The small picture embedded in a picture.
    Thumbnail,
}

impl Method {
    /// Its name in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha1 => "sha1",
            Self::Md5 => "md5",
            Self::Pdq { .. } => "pdq",
            Self::Vpdq { .. } => "vpdq",
        }
    }

    /// Whether the content is the same, rather than alike.
    pub const fn is_exact(self) -> bool {
        match self {
            Self::Sha256 | Self::Sha1 | Self::Md5 => true,
            Self::Pdq { .. } | Self::Vpdq { .. } => false,
        }
    }
}

/// Which entry of which list an exhibit matched, and how.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ListMatch {
    /// Name of the list or bank.
    pub list: String,
    /// SHA-256 of the list as it was read.
    pub list_sha256: Sha256,
    /// Row in the list, from 1.
    pub row: u64,
    /// The sender's key of the entry, where it has one.
    pub key: Option<String>,
    /// The category as the sender gave it.
    pub category: Option<Category>,
    /// By what they were compared.
    pub method: Method,
    /// Which part of the exhibit it was.
    pub part: Part,
}

/// What a finding claims of its exhibit.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Claim {
    /// It matches an entry of a list.
    Listed(ListMatch),
    /// The small picture embedded in it shows something else.
    ThumbnailDiffers {
        /// Bits that differ between the two signals: 0 to 256.
        distance: u16,
    },
    /// What it says of its own making contradicts itself.
    ProvenanceConflict,
}

impl Claim {
    /// Its name in documents.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Listed(_) => "listed",
            Self::ThumbnailDiffers { .. } => "thumbnail_differs",
            Self::ProvenanceConflict => "provenance_conflict",
        }
    }

    /// The entry it matches, where it is about a list.
    pub const fn listed(&self) -> Option<&ListMatch> {
        match self {
            Self::Listed(matched) => Some(matched),
            Self::ThumbnailDiffers { .. } | Self::ProvenanceConflict => None,
        }
    }
}

/// Whether a person has looked at a finding, and what they said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FindingState {
    /// Nobody has looked yet: an indicator, no more.
    Open,
    /// A named person confirmed it.
    Confirmed,
    /// A named person dismissed it.
    Dismissed,
}

impl FindingState {
    /// Its name in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Confirmed => "confirmed",
            Self::Dismissed => "dismissed",
        }
    }
}

/// A machine's claim about one exhibit. It stores rule, version, parameters and input digests, so
/// that replaying it gives the same answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its identity.
    pub id: FindingId,
    /// The exhibit it speaks of.
    pub exhibit: ExhibitId,
    /// Which rule made it, such as `media.near`.
    pub rule: &'static str,
    /// Version of the rule: raised whenever the same input could give another answer.
    pub rule_version: u32,
    /// Parameters of the rule, by name.
    pub parameters: BTreeMap<&'static str, String>,
    /// SHA-256 of everything the rule looked at.
    pub inputs: Vec<Sha256>,
    /// What it claims.
    pub claim: Claim,
}

impl Finding {
    /// Puts a person's name on the claim: the only way to a confirmed finding.
    pub fn confirm(self, operator: OperatorId, at: Timestamp) -> Confirmed<Self> {
        Confirmed { value: self, operator, at }
    }
}

/// Something that a named person has confirmed. Filings take nothing less.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed<T> {
    value: T,
    operator: OperatorId,
    at: Timestamp,
}

impl<T> Confirmed<T> {
    /// What was confirmed.
    pub fn get(&self) -> &T {
        &self.value
    }

    /// Who confirmed it.
    pub fn operator(&self) -> OperatorId {
        self.operator
    }

    /// When.
    pub fn at(&self) -> Timestamp {
        self.at
    }
}
