//! What a compiled list says of itself: where it came from, how it was read, what is in it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tutela_core::{Category, HexError, ListEntry, ListInfo, OpaqueSignal, Pdq, Sha256};
use tutela_match::index::compiled::CompiledError;

/// Kind of the signals that are films.
const VPDQ: &str = "vpdq";
/// Longest description that is read: more than the names of all categories take.
const MAX_BYTES: usize = 128 << 20;

/// The description of a compiled list. It holds no time of compilation: the same source, read the
/// same way by the same program, gives the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct About {
    /// The program that compiled it.
    pub program: String,
    /// Name of the source file, without its folder.
    pub file: String,
    /// SHA-256 of the source file.
    pub sha256: String,
    /// Files merged into it, in their order.
    pub deltas: Vec<SourceFile>,
    /// Format id of the source.
    pub format: String,
    /// How its rows were read.
    pub read_as: ReadAs,
    /// Who issued it.
    pub source: Option<String>,
    /// Date of issue, RFC 3339.
    pub dated: Option<String>,
    /// Scheme of its categories.
    pub scheme: Option<String>,
    /// Its matches are marks only.
    pub known_good: bool,
    /// Entries that can be looked up.
    pub entries: u64,
    /// Rows that take entries back.
    pub withdrawn: u64,
    /// Entries that carry only signals which cannot be looked up.
    pub opaque: u64,
    /// Rows that could not be used.
    pub rejected: u64,
    /// The first of them, in words.
    pub row_errors: Vec<String>,
    /// The source ends inside an entry.
    pub truncated: bool,
    /// What else the reader noticed.
    pub notes: Vec<String>,
    /// Signals of each kind, those among them that are only counted.
    pub signals: BTreeMap<String, u64>,
    /// Categories by number, with their entries.
    pub categories: Vec<CategoryCount>,
    /// Entries that every look-up must find again: the first, the last, one between.
    pub probes: Vec<ProbeEntry>,
}

/// A file that went into a compiled list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// Its name, without its folder.
    pub file: String,
    /// Its SHA-256.
    pub sha256: String,
}

/// How the rows of the source were read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ReadAs {
    /// The scheme the importer named.
    pub scheme: Option<String>,
    /// Bare rows of 64 digits were SHA-256, not PDQ.
    pub sha256: bool,
}

/// A category and how many entries have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryCount {
    /// Who defines the code.
    pub scheme: String,
    /// The code as received.
    pub code: String,
    /// Entries that can be looked up.
    pub entries: u64,
}

/// An entry with its digits, as the source had it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbeEntry {
    row: u64,
    md5: Option<String>,
    sha1: Option<String>,
    sha256: Option<String>,
    pdq: Option<String>,
    /// Films, as received.
    vpdq: Vec<String>,
}

impl About {
    /// As bytes for the file.
    ///
    /// # Errors
    /// Nothing that plain text and numbers can bring about.
    pub(super) fn to_bytes(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(self)
    }

    /// From the bytes of a file.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, CompiledError> {
        let damaged = CompiledError::Damaged { part: "its description" };
        if bytes.len() > MAX_BYTES {
            return Err(damaged);
        }
        let about: Self = serde_json::from_slice(bytes).map_err(|_| damaged.clone())?;
        about.sha256().and(about.probes()).map_err(|_| damaged)?;
        Ok(about)
    }

    /// SHA-256 of the source.
    pub(crate) fn sha256(&self) -> Result<Sha256, HexError> {
        self.sha256.parse()
    }

    /// Source, date and scheme.
    pub(crate) fn info(&self) -> ListInfo {
        ListInfo {
            source: self.source.clone(),
            dated: self.dated.as_deref().and_then(|dated| dated.parse().ok()),
            scheme: self.scheme.clone(),
        }
    }

    /// The categories by number.
    pub(crate) fn categories(&self) -> Vec<Category> {
        let category = |count: &CategoryCount| Category {
            scheme: count.scheme.clone(),
            code: count.code.clone(),
        };
        self.categories.iter().map(category).collect()
    }

    /// The entries that must be found again.
    pub(crate) fn probes(&self) -> Result<Vec<ListEntry>, HexError> {
        self.probes.iter().map(ProbeEntry::entry).collect()
    }
}

impl ProbeEntry {
    fn entry(&self) -> Result<ListEntry, HexError> {
        Ok(ListEntry {
            row: self.row,
            md5: self.md5.as_deref().map(str::parse).transpose()?,
            sha1: self.sha1.as_deref().map(str::parse).transpose()?,
            sha256: self.sha256.as_deref().map(str::parse).transpose()?,
            pdq: self.pdq.as_deref().map(str::parse::<Pdq>).transpose()?,
            other: self.vpdq.iter().cloned().map(film).collect(),
            ..ListEntry::default()
        })
    }
}

fn film(value: String) -> OpaqueSignal {
    OpaqueSignal { kind: VPDQ.to_owned(), value }
}

impl From<&ListEntry> for ProbeEntry {
    fn from(entry: &ListEntry) -> Self {
        let films = entry.other.iter().filter(|signal| signal.kind == VPDQ);
        Self {
            row: entry.row,
            md5: entry.md5.map(|md5| md5.to_string()),
            sha1: entry.sha1.map(|sha1| sha1.to_string()),
            sha256: entry.sha256.map(|sha256| sha256.to_string()),
            pdq: entry.pdq.map(|pdq| pdq.to_string()),
            vpdq: films.map(|film| film.value.clone()).collect(),
        }
    }
}
