//! What a registered format says of itself, and what reading and writing give back.

use std::collections::BTreeMap;
use std::io::{BufRead, Write};

use tutela_core::{ListEntry, ListInfo, RowError};

use crate::FormatError;

/// Reads a list: hands each entry over as it is found, and returns what is known of the whole.
pub type ReadFn = fn(
    &mut dyn BufRead,
    &ReadOptions,
    &mut dyn FnMut(ListEntry),
) -> Result<ListReading, FormatError>;

/// Writes a list, and returns what could not be carried.
pub type WriteFn = fn(
    &mut dyn Write,
    &ListInfo,
    &mut dyn Iterator<Item = ListEntry>,
) -> Result<Written, FormatError>;

/// A hash-list format: its name, its documentation, its reader and its writer.
#[derive(Debug)]
pub struct ListFormat {
    /// Stable id, as on the command line.
    pub id: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What it is, its shape and its units.
    pub doc: &'static str,
    /// Where the format is published, or how it is known.
    pub source: &'static str,
    /// How names of such files end, lower case, without the dot. No two formats share one.
    pub extensions: &'static [&'static str],
    /// How sure the first bytes make it. They come as UTF-8 without a byte order mark.
    pub sniff: fn(head: &[u8]) -> Confidence,
    /// The reader.
    pub read: ReadFn,
    /// The writer.
    pub write: WriteFn,
    /// The fields of an entry that survive writing and reading.
    pub carries: &'static [Field],
    /// Whether a row holds one signal only, so that an entry with several becomes several rows.
    pub one_signal_a_row: bool,
    /// Small generated files in this format.
    pub examples: &'static [Example],
}

impl ListFormat {
    /// Length of the extension of this format that ends the name; 0 if none does.
    pub(super) fn extension_in(&self, lower_case_name: &str) -> usize {
        let ends = |extension: &&&str| {
            lower_case_name.strip_suffix(**extension).is_some_and(|stem| stem.ends_with('.'))
        };
        self.extensions.iter().filter(ends).map(|extension| extension.len()).max().unwrap_or(0)
    }
}

/// How sure a format is that some bytes are its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// They are not.
    No,
    /// They may be, and may as well be something more specific.
    Possible,
    /// They look like it.
    Likely,
    /// They name it.
    Certain,
}

/// A part of a list entry that a format may or may not carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The sender's own key.
    Key,
    /// MD5.
    Md5,
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// PDQ.
    Pdq,
    /// Signals kept as received.
    Other,
    /// Category, scheme and code.
    Category,
    /// Size of the content.
    SizeBytes,
    /// That the sender took the entry back.
    Withdrawn,
    /// What the sender calls it.
    Label,
}

impl Field {
    /// Its name in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Pdq => "pdq",
            Self::Other => "other",
            Self::Category => "category",
            Self::SizeBytes => "size_bytes",
            Self::Withdrawn => "withdrawn",
            Self::Label => "label",
        }
    }
}

/// A small generated file, and what reading it with default options gives.
#[derive(Debug)]
pub struct Example {
    /// Its file name.
    pub name: &'static str,
    /// Its content.
    pub bytes: &'static [u8],
    /// Entries handed over, withdrawn ones among them.
    pub entries: u64,
    /// Entries taken back by the sender.
    pub withdrawn: u64,
    /// Records that give no entry.
    pub rejected: u64,
}

/// What 64 hexadecimal digits are where the file does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Hex64 {
    /// A PDQ signal: what lists of bare 64-digit lines nearly always hold in this field.
    #[default]
    Pdq,
    /// A SHA-256 digest.
    Sha256,
}

/// What the importer knows of a file that the file itself does not say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadOptions {
    /// The scheme of the category codes, such as `projectvic:us`. It overrides what the file says of
    /// itself as a whole, with a note; a scheme that a row names for itself stands.
    pub scheme: Option<String>,
    /// What 64 hexadecimal digits of unstated kind are.
    pub hex64: Hex64,
    /// The signal type of a file that names it only outside, such as `pdq` of `simple.pdq.te`; see
    /// [`super::signal_type_of`].
    pub signal_type: Option<String>,
}

/// What reading a list gave, besides its entries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListReading {
    /// What the file says of itself.
    pub info: ListInfo,
    /// Entries handed over, withdrawn ones among them.
    pub entries: u64,
    /// Entries that the sender took back.
    pub withdrawn: u64,
    /// Records that gave no entry, each with a reason in `errors` while there is room.
    pub rejected: u64,
    /// What is wrong with single records, the first [`super::limits::MAX_ROW_ERRORS`]. A record with
    /// one bad value and a good signal stands here and is an entry all the same.
    pub errors: Vec<RowError>,
    /// What holds for the file as a whole and a person should know.
    pub notes: Vec<String>,
    /// The file ends too early, or stops being readable: what stood before was handed over.
    pub truncated: bool,
}

/// What a writer wrote, and what it could not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    /// Entries written, in whole or in part.
    pub entries: u64,
    /// Rows written; more than entries where a row holds one signal only.
    pub rows: u64,
    /// Withdrawn entries left out because the format has no way to take an entry back.
    pub withdrawn_left_out: u64,
    /// Entries left out because they lack what every row of the format needs.
    pub unfit_left_out: u64,
    /// Of the entries written: how many lost this field, whole or in part.
    pub lost: BTreeMap<Field, u64>,
}
