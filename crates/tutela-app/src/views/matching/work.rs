//! What `tutela bank` prints with `--json`.

use serde::Serialize;

use super::{ContentView, SignalBankView};
use crate::jobs::fill::Filled;
use crate::views::FailureView;

/// One bank: made, changed, shown or removed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OneBankView {
    /// `tutela.bank_create.v1`, `tutela.bank_set.v1`, `tutela.bank_show.v1`, `tutela.bank_remove.v1`.
    pub schema: &'static str,
    /// The bank.
    pub bank: SignalBankView,
}

/// All banks.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AllBanksView {
    /// `tutela.bank_ls.v1`.
    pub schema: &'static str,
    /// One by one, in the order they were made.
    pub banks: Vec<SignalBankView>,
}

/// Contents that were put into a bank.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BankAddView {
    /// `tutela.bank_add.v1`.
    pub schema: &'static str,
    /// One by one.
    pub contents: Vec<ContentView>,
    /// Files that could not be decoded: only their digests are in.
    pub failures: Vec<FileFailureView>,
}

/// A file that could not be decoded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileFailureView {
    /// Its path as given.
    pub path: String,
    /// Why.
    pub error: FailureView,
}

/// What came of filling a bank from a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BankFillView {
    /// `tutela.bank_fill.v1`.
    pub schema: &'static str,
    /// The bank.
    pub bank: String,
    /// Name of the file.
    pub file: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Id of its format.
    pub format: &'static str,
    /// Entries that it holds.
    pub entries: u64,
    /// Contents that are new in the bank.
    pub added: u64,
    /// Entries that were in it already, or came twice.
    pub known: u64,
    /// Entries that the sender took back.
    pub withdrawn: u64,
    /// Contents that went because of that.
    pub removed: u64,
    /// Entries without a signal of a kind that is matched.
    pub unmatched: u64,
    /// Rows that could not be used.
    pub rejected: u64,
    /// The first of them, in words.
    pub row_errors: Vec<String>,
    /// The file ends inside an entry; what stood before is in.
    pub truncated: bool,
    /// What else the reader noticed.
    pub notes: Vec<String>,
}

impl BankFillView {
    /// Of a bank that was filled.
    pub fn new(bank: &str, filled: &Filled) -> Self {
        let (file, reading) = (&filled.file, &filled.file.reading);
        Self {
            schema: "tutela.bank_fill.v1",
            bank: bank.to_owned(),
            file: file.name.clone(),
            sha256: file.sha256.to_string(),
            format: file.format.id,
            entries: reading.entries,
            added: filled.added,
            known: filled.known,
            withdrawn: reading.withdrawn,
            removed: filled.removed,
            unmatched: filled.unmatched,
            rejected: reading.rejected,
            row_errors: reading.errors.iter().map(ToString::to_string).collect(),
            truncated: reading.truncated,
            notes: reading.notes.clone(),
        }
    }
}
