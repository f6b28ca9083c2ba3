//! Hash lists that others send us, and what one entry of them carries.

use std::fmt;

use jiff::Timestamp;

use crate::{Category, Md5, Pdq, Sha1, Sha256};

/// A signal that a list carries and Tutela keeps as it is, such as a licensed one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OpaqueSignal {
    /// The sender's name for the kind, lower case, such as `photodna`.
    pub kind: String,
    /// The value as received.
    pub value: String,
}

/// One entry of a hash list, from whatever format.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListEntry {
    /// Row or record in the file, from 1.
    pub row: u64,
    /// The sender's own key, where there is one; updates and withdrawals name it.
    pub key: Option<String>,
    /// MD5, where given.
    pub md5: Option<Md5>,
    /// SHA-1, where given.
    pub sha1: Option<Sha1>,
    /// SHA-256, where given.
    pub sha256: Option<Sha256>,
    /// PDQ, where given.
    pub pdq: Option<Pdq>,
    /// Other signals, kept as received.
    pub other: Vec<OpaqueSignal>,
    /// The category as received.
    pub category: Option<Category>,
    /// Size of the content in bytes, where given.
    pub size_bytes: Option<u64>,
    /// The sender has taken this entry back: it must not match.
    pub withdrawn: bool,
    /// What the sender calls or says of it: file name, tags, series. May hold personal data.
    pub label: Option<String>,
}

impl ListEntry {
    /// Whether anything of it can be looked up or kept.
    pub fn has_signal(&self) -> bool {
        self.md5.is_some()
            || self.sha1.is_some()
            || self.sha256.is_some()
            || self.pdq.is_some()
            || !self.other.is_empty()
    }
}

/// What is known of a list as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListInfo {
    /// Who issued it, as the file or the importer says.
    pub source: Option<String>,
    /// Date of issue, as the file or the importer says.
    pub dated: Option<Timestamp>,
    /// The scheme its category codes belong to, as the file or the importer says.
    pub scheme: Option<String>,
}

/// What a list is looked up for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ListRole {
    /// A match is a finding.
    Alert,
    /// A match is a mark beside the file, which stays visible.
    KnownGood,
}

impl ListRole {
    /// Its name in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Alert => "alert",
            Self::KnownGood => "known_good",
        }
    }
}

/// One row of a file that could not be used. The rest of the file is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// Row or record in the file, from 1; 0 where the file as a whole is meant.
    pub row: u64,
    /// The column, element or key, where one is to blame.
    pub field: Option<String>,
    /// What is wrong, in plain words, without the value itself.
    pub message: String,
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.row, &self.field) {
            (0, None) => write!(f, "{}", self.message),
            (0, Some(field)) => write!(f, "field {field}: {}", self.message),
            (row, None) => write!(f, "row {row}: {}", self.message),
            (row, Some(field)) => write!(f, "row {row}, field {field}: {}", self.message),
        }
    }
}
