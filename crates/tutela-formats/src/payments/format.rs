//! What a registered payment format says of itself, and what reading gives back.

use std::collections::BTreeMap;
use std::io::BufRead;

use tutela_core::{RowError, Timestamp, TransferRecord};

use super::limits::{MAX_NOTES, MAX_ROW_ERRORS};
use super::map::Map;
use crate::FormatError;
pub use crate::lists::Confidence;

/// Reads transfers: hands each over as it is found, and returns what is known of the whole.
pub type ReadFn = fn(
    &mut dyn BufRead,
    &ReadOptions,
    &mut dyn FnMut(&TransferRecord),
) -> Result<PaymentReading, FormatError>;

/// A format of transfers: its name, its documentation and its reader.
#[derive(Debug)]
pub struct PaymentFormat {
    /// Stable id, as on the command line.
    pub id: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What it is, its shape and its units.
    pub doc: &'static str,
    /// Where the format is published, or how it is known.
    pub source: &'static str,
    /// How names of such files end, lower case, without the dot.
    pub extensions: &'static [&'static str],
    /// How sure the first bytes make it. They come as UTF-8 without a byte order mark.
    pub sniff: fn(head: &[u8]) -> Confidence,
    /// The reader.
    pub read: ReadFn,
    /// Small generated files in this format.
    pub examples: &'static [Example],
}

/// A small generated file, and what reading it with default options gives.
#[derive(Debug)]
pub struct Example {
    /// Its file name.
    pub name: &'static str,
    /// Its content.
    pub bytes: &'static [u8],
    /// Transfers handed over.
    pub transfers: u64,
    /// Rows that give no transfer.
    pub rejected: u64,
}

/// What the importer knows of a file that the file itself does not say.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Names, dates and decimals of a file that is not in the canonical columns.
    pub map: Map,
}

/// What can be wrong with a row. Counted by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// The row cannot be taken apart, or has more fields than columns.
    Shape,
    /// A required field is blank.
    Missing,
    /// Not a time in the form that is expected.
    Time,
    /// A time of the right form that no calendar has, or of a year that cannot be meant.
    ImpossibleDate,
    /// Not an amount.
    Amount,
    /// A separator that may mean decimals or thousands.
    MixedDecimals,
    /// Nothing was sent.
    ZeroAmount,
    /// Less than nothing was sent.
    NegativeAmount,
    /// Not a currency of ISO 4217.
    Currency,
    /// An identifier that stood in an earlier row.
    DuplicateId,
    /// An account that pays itself.
    SelfTransfer,
    /// An optional value is not what it must be; it is left out and the row stands.
    Value,
    /// Bytes that are not UTF-8; they are read as Windows-1252 and the row stands, unless the map says UTF-8.
    Encoding,
}

impl Fault {
    /// Its name in documents and JSON; never renamed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shape => "shape",
            Self::Missing => "missing",
            Self::Time => "time",
            Self::ImpossibleDate => "impossible_date",
            Self::Amount => "amount",
            Self::MixedDecimals => "mixed_decimals",
            Self::ZeroAmount => "zero_amount",
            Self::NegativeAmount => "negative_amount",
            Self::Currency => "currency",
            Self::DuplicateId => "duplicate_id",
            Self::SelfTransfer => "self_transfer",
            Self::Value => "value",
            Self::Encoding => "encoding",
        }
    }
}

/// What reading gave, besides the transfers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PaymentReading {
    /// Rows or records gone through, headers and blank ones among them.
    pub rows: u64,
    /// Transfers handed over.
    pub transfers: u64,
    /// Rows that gave no transfer, each with a reason in `errors` while there is room.
    pub rejected: u64,
    /// Transfers that are earlier than the one before them.
    pub out_of_order: u64,
    /// How often each fault was met. A row can have several.
    pub faults: BTreeMap<Fault, u64>,
    /// What is wrong with single rows, the first [`MAX_ROW_ERRORS`].
    pub errors: Vec<RowError>,
    /// What holds for the file as a whole and a person should know.
    pub notes: Vec<String>,
    /// The file ends too early, or stops being readable: what stood before was handed over.
    pub truncated: bool,
    /// Times of the first and the last transfer, in the order of the file.
    pub times: Option<(Timestamp, Timestamp)>,
}

impl PaymentReading {
    /// Adds what reading the piece behind gave. Its rows count from 1 and are shifted behind those of `self`.
    pub fn append(&mut self, later: Self) {
        for mut error in later.errors {
            if self.errors.len() < MAX_ROW_ERRORS {
                error.row += self.rows;
                self.errors.push(error);
            }
        }
        self.rows += later.rows;
        self.transfers += later.transfers;
        self.rejected += later.rejected;
        self.out_of_order += later.out_of_order;
        self.truncated |= later.truncated;
        for (fault, count) in later.faults {
            *self.faults.entry(fault).or_default() += count;
        }
        for note in later.notes {
            self.note(note);
        }
        self.times = match (self.times, later.times) {
            (Some((first, last)), Some((next, end))) => {
                self.out_of_order += u64::from(next < last);
                Some((first, end))
            }
            (one, other) => one.or(other),
        };
    }

    /// Takes back a transfer that was handed over, because its identifier stood in an earlier row. For
    /// those who read pieces side by side and look for repeats themselves.
    pub fn take_back_duplicate(&mut self, row: u64) {
        self.transfers -= 1;
        self.rejected += 1;
        self.fault(Fault::DuplicateId, row, "transfer_id", "stood in an earlier row");
    }

    pub(super) fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        if self.notes.len() < MAX_NOTES && !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    pub(super) fn fault(
        &mut self,
        fault: Fault,
        row: u64,
        field: &str,
        message: impl Into<String>,
    ) {
        *self.faults.entry(fault).or_default() += 1;
        if self.errors.len() < MAX_ROW_ERRORS {
            let field = (!field.is_empty()).then(|| field.chars().take(64).collect());
            self.errors.push(RowError { row, field, message: message.into() });
        }
    }
}
