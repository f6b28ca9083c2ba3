//! What `list …` and `case …` print with `--json`.

use std::path::Path;

use serde::Serialize;
use tutela_formats::lists::{LISTS, ListFormat, Written};
use tutela_store::{Case, StoredList};

use crate::AppError;
use crate::intake::compiled::About;
use crate::intake::lists::ListFile;
use crate::intake::walk::path_text;

/// All registered hash-list formats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListFormatsView {
    /// `tutela.list_formats.v1`.
    pub schema: &'static str,
    /// One by one, in the order of the registry.
    pub formats: Vec<ListFormatView>,
}

impl ListFormatsView {
    /// The registry as it stands.
    pub fn registered() -> Self {
        let formats = LISTS.iter().map(ListFormatView::from).collect();
        Self { schema: "tutela.list_formats.v1", formats }
    }
}

/// One format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListFormatView {
    /// Id for `--format`.
    pub id: &'static str,
    /// Name for people.
    pub title: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// Where it is published.
    pub source: &'static str,
    /// How names of such files end.
    pub extensions: &'static [&'static str],
    /// Fields that survive writing and reading.
    pub carries: Vec<&'static str>,
}

impl From<&ListFormat> for ListFormatView {
    fn from(format: &ListFormat) -> Self {
        Self {
            id: format.id,
            title: format.title,
            doc: format.doc,
            source: format.source,
            extensions: format.extensions,
            carries: format.carries.iter().map(|field| field.as_str()).collect(),
        }
    }
}

/// All banks of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BanksView {
    /// `tutela.list_ls.v1`.
    pub schema: &'static str,
    /// One by one, in the order of their import.
    pub banks: Vec<BankView>,
}

impl BanksView {
    /// Of what the store holds.
    pub fn new(lists: &[StoredList]) -> Self {
        Self { schema: "tutela.list_ls.v1", banks: lists.iter().map(BankView::from).collect() }
    }
}

/// One bank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BankView {
    /// Id of the list.
    pub id: String,
    /// Name of the bank.
    pub bank: String,
    /// Path of the file it came from.
    pub title: String,
    /// Who issued it; `null` where not stated.
    pub source: Option<String>,
    /// Date of issue; `null` where not stated.
    pub dated: Option<String>,
    /// Scheme of its categories; `null` where not stated.
    pub scheme: Option<String>,
    /// Format id.
    pub format: String,
    /// `alert` or `known_good`.
    pub role: &'static str,
    /// SHA-256 of the file.
    pub sha256: String,
    /// When it was imported.
    pub imported_at: String,
    /// Entries in it, withdrawn ones included.
    pub entries: u64,
    /// Entries the sender has withdrawn: never looked up.
    pub withdrawn: u64,
    /// Rows of the file that could not be used.
    pub rejected: u64,
}

impl From<&StoredList> for BankView {
    fn from(list: &StoredList) -> Self {
        let StoredList { begun, counts } = list.clone();
        Self {
            id: begun.id.to_string(),
            bank: begun.bank,
            title: begun.title,
            source: begun.source,
            dated: begun.dated.map(|dated| dated.to_string()),
            scheme: begun.scheme,
            format: begun.format,
            role: begun.role.as_str(),
            sha256: begun.file_sha256.to_string(),
            imported_at: begun.imported_at.to_string(),
            entries: counts.entries,
            withdrawn: counts.withdrawn,
            rejected: counts.rejected,
        }
    }
}

/// What came of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListImportView {
    /// `tutela.list_import.v1`.
    pub schema: &'static str,
    /// The bank as it stands.
    pub bank: BankView,
    /// Rows that could not be used, the first of them, in words.
    pub row_errors: Vec<String>,
    /// The file ends inside an entry; what stood before is in.
    pub truncated: bool,
    /// What else the reader noticed.
    pub notes: Vec<String>,
}

impl ListImportView {
    /// Of an import that has ended.
    pub fn new(list: &StoredList, file: &ListFile) -> Self {
        Self {
            schema: "tutela.list_import.v1",
            bank: BankView::from(list),
            row_errors: file.reading.errors.iter().map(ToString::to_string).collect(),
            truncated: file.reading.truncated,
            notes: file.reading.notes.clone(),
        }
    }
}

/// What came of a compilation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListCompileView {
    /// `tutela.list_compile.v1`.
    pub schema: &'static str,
    /// Name of the source file.
    pub file: String,
    /// SHA-256 of the source file.
    pub sha256: String,
    /// Format id of the source.
    pub format: String,
    /// The compiled list.
    pub out: String,
    /// Its size.
    pub size_bytes: u64,
    /// Entries that can be looked up.
    pub entries: u64,
    /// Rows that take entries back.
    pub withdrawn: u64,
    /// Rows of the source that could not be used.
    pub rejected: u64,
    /// The first of them, in words.
    pub row_errors: Vec<String>,
    /// The source ends inside an entry; what stood before is in.
    pub truncated: bool,
    /// What else the reader noticed.
    pub notes: Vec<String>,
}

impl ListCompileView {
    /// Of a list that has been compiled.
    ///
    /// # Errors
    /// The compiled list is gone already.
    pub fn new(about: &About, out: &Path) -> Result<Self, AppError> {
        let size_bytes = std::fs::metadata(out).map_err(AppError::file("read", out))?.len();
        Ok(Self {
            schema: "tutela.list_compile.v1",
            file: about.file.clone(),
            sha256: about.sha256.clone(),
            format: about.format.clone(),
            out: path_text(out),
            size_bytes,
            entries: about.entries,
            withdrawn: about.withdrawn,
            rejected: about.rejected,
            row_errors: about.row_errors.clone(),
            truncated: about.truncated,
            notes: about.notes.clone(),
        })
    }
}

/// What came of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListExportView {
    /// `tutela.list_export.v1`.
    pub schema: &'static str,
    /// The bank.
    pub bank: String,
    /// Format id.
    pub format: String,
    /// Entries written, in whole or in part.
    pub entries: u64,
    /// Withdrawn entries left out because the format cannot take an entry back.
    pub withdrawn_left_out: u64,
    /// Entries left out because they lack what every row of the format needs.
    pub unfit_left_out: u64,
    /// Fields the format does not carry, and how many entries lost each.
    pub lost: std::collections::BTreeMap<&'static str, u64>,
}

impl ListExportView {
    /// Of an export that has ended.
    pub fn new(bank: &str, format: &str, written: &Written) -> Self {
        Self {
            schema: "tutela.list_export.v1",
            bank: bank.to_owned(),
            format: format.to_owned(),
            entries: written.entries,
            withdrawn_left_out: written.withdrawn_left_out,
            unfit_left_out: written.unfit_left_out,
            lost: written.lost.iter().map(|(field, count)| (field.as_str(), *count)).collect(),
        }
    }
}

/// All cases of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CasesView {
    /// `tutela.case_ls.v1`.
    pub schema: &'static str,
    /// One by one, in the order they were opened.
    pub cases: Vec<CaseView>,
}

impl CasesView {
    /// Of what the store holds.
    pub fn new(cases: &[Case]) -> Self {
        Self { schema: "tutela.case_ls.v1", cases: cases.iter().map(CaseView::from).collect() }
    }
}

/// One case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseView {
    /// Id for `--case`.
    pub id: String,
    /// What its people call it.
    pub title: String,
    /// When it was opened.
    pub opened_at: String,
    /// When it was closed, or `null`.
    pub closed_at: Option<String>,
}

impl From<&Case> for CaseView {
    fn from(case: &Case) -> Self {
        Self {
            id: case.id.to_string(),
            title: case.title.clone(),
            opened_at: case.opened_at.to_string(),
            closed_at: case.closed_at.map(|at| at.to_string()),
        }
    }
}
