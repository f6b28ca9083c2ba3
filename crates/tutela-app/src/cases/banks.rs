//! Banks: hash lists kept in the workspace, looked up by every scan.

mod compiled;

use std::io::Write;
use std::path::Path;

use serde_json::json;
use tutela_core::{ListEntry, ListId, ListInfo, ListRole};
use tutela_formats::lists::{self, Written};
use tutela_ledger::{Draft, acts};
use tutela_store::{ListCounts, NewList, StoredList};

use crate::engines::media::{ListSetBuilder, LoadedList};
use crate::intake::compiled::{CompiledFile, is_compiled};
use crate::intake::lists::{ListFile, ListStatement, read_list};
use crate::progress::Progress;
use crate::workspace::Workspace;
use crate::{AppError, ids};

/// Entries moved between file, store and memory at a time.
const PAGE_ENTRIES: u32 = 5_000;

/// A list that is to become a bank.
#[derive(Debug, Clone, Default)]
pub struct ImportRequest {
    /// Name of the bank.
    pub bank: String,
    /// What is said of the list.
    pub stated: ListStatement,
}

/// Reads a list file into a bank of the workspace.
///
/// # Errors
/// The name is taken, the file cannot be read, the store refuses. A list shows only when it is whole.
pub fn import(
    workspace: &Workspace,
    path: &Path,
    request: &ImportRequest,
) -> Result<(StoredList, ListFile), AppError> {
    let store = workspace.store();
    if find(workspace, &request.bank).is_ok() {
        return Err(AppError::BankExists { bank: request.bank.clone() });
    }
    if is_compiled(path)? {
        return Err(AppError::CompiledAlready { path: path.to_owned() });
    }
    let ImportRequest { bank, stated } = request;
    let options = stated.options();
    // Two passes: the seal, date and scheme stand at the head of the import, and come from the whole file.
    let file = read_list(path, stated.format.as_deref(), &options, &mut |_| {})?;
    let list = NewList {
        id: ListId(ids::new()),
        bank: bank.clone(),
        title: file.name.clone(),
        source: stated.source.clone().or_else(|| file.reading.info.source.clone()),
        dated: stated.dated.or(file.reading.info.dated),
        scheme: options.scheme.clone().or_else(|| file.reading.info.scheme.clone()),
        format: file.format.id.to_owned(),
        role: if stated.known_good { ListRole::KnownGood } else { ListRole::Alert },
        file_sha256: file.sha256,
        imported_at: workspace.now(),
        operator: workspace.operator(),
    };
    workspace.block_on(store.begin_list(&list))?;
    let mut adding = Adding { workspace, list: list.id, page: Vec::new(), added: 0, error: None };
    let second = read_list(path, Some(file.format.id), &options, &mut |entry| adding.add(entry))?;
    let added = adding.finish();
    if second.sha256 != file.sha256 || added.is_err() {
        workspace.block_on(store.abandon_list(list.id))?;
        let added = added?;
        let source = std::io::Error::other(format!(
            "it changed while it was read; {added} entries were dropped"
        ));
        return Err(AppError::File { action: "import", path: path.to_owned(), source });
    }
    let counts = ListCounts {
        entries: added?,
        withdrawn: file.reading.withdrawn,
        rejected: file.reading.rejected,
    };
    let imported = Draft {
        list: Some(list.id),
        inputs: vec![list.file_sha256.into()],
        payload: Some(workspace.payload(&json!({"bank": list.bank, "title": list.title}))?),
        ..workspace.draft(acts::LIST_IMPORTED)
    };
    workspace.block_on(store.finish_list(list.id, counts, vec![imported]))?;
    workspace.checkpoint()?;
    let stored = StoredList { begun: list, counts };
    if compiled::is_large(workspace, counts.entries) {
        compiled::make(workspace, &stored)?;
    }
    Ok((stored, file))
}

/// Collects entries into pages for the store. The reader cannot stop, so the first error is kept.
struct Adding<'a> {
    workspace: &'a Workspace,
    list: ListId,
    page: Vec<ListEntry>,
    added: u64,
    error: Option<AppError>,
}

impl Adding<'_> {
    fn add(&mut self, entry: ListEntry) {
        self.page.push(entry);
        if self.page.len() >= PAGE_ENTRIES as usize {
            self.flush();
        }
    }

    fn flush(&mut self) {
        if self.error.is_none() && !self.page.is_empty() {
            let stored = self.workspace.store().add_entries(self.list, &self.page);
            match self.workspace.block_on(stored) {
                Ok(()) => self.added += self.page.len() as u64,
                Err(error) => self.error = Some(error.into()),
            }
        }
        self.page.clear();
    }

    fn finish(mut self) -> Result<u64, AppError> {
        self.flush();
        self.error.map_or(Ok(self.added), Err)
    }
}

/// All banks, in the order of their import.
///
/// # Errors
/// The store does not answer.
pub fn list(workspace: &Workspace) -> Result<Vec<StoredList>, AppError> {
    Ok(workspace.block_on(workspace.store().lists())?)
}

/// The bank with this name.
///
/// # Errors
/// There is none.
pub fn find(workspace: &Workspace, bank: &str) -> Result<StoredList, AppError> {
    let named = |list: &StoredList| list.begun.bank == bank;
    let found = list(workspace)?.into_iter().find(named);
    found.ok_or_else(|| AppError::NoSuch { kind: "bank", name: bank.to_owned() })
}

/// Writes a bank in a registered format.
///
/// # Errors
/// There is no such bank or format, or it cannot be written.
pub fn export(
    workspace: &Workspace,
    bank: &str,
    format: &str,
    out: &mut dyn Write,
) -> Result<Written, AppError> {
    let stored = find(workspace, bank)?;
    let format =
        lists::format(format).ok_or_else(|| AppError::NoSuchFormat { id: format.to_owned() })?;
    let info = ListInfo {
        source: stored.begun.source.clone(),
        dated: stored.begun.dated,
        scheme: stored.begun.scheme.clone(),
    };
    let exported = Draft {
        list: Some(stored.begun.id),
        inputs: vec![stored.begun.file_sha256.into()],
        payload: Some(workspace.payload(&json!({"bank": bank, "format": format.id}))?),
        ..workspace.draft(acts::LIST_EXPORTED)
    };
    workspace.block_on(workspace.store().append(vec![exported]))?;
    let mut pages = Pages::new(workspace, stored.begun.id);
    let written = (format.write)(out, &info, &mut pages.by_ref()).map_err(|error| {
        AppError::Output { what: format!("bank {bank} as {}", format.id), source: error.into() }
    })?;
    pages.error.map_or(Ok(written), Err)
}

/// Takes a bank out of the workspace.
///
/// # Errors
/// There is no such bank.
pub fn remove(workspace: &Workspace, bank: &str) -> Result<StoredList, AppError> {
    let stored = find(workspace, bank)?;
    let removed = Draft {
        list: Some(stored.begun.id),
        inputs: vec![stored.begun.file_sha256.into()],
        payload: Some(workspace.payload(&json!({"bank": bank}))?),
        ..workspace.draft(acts::LIST_REMOVED)
    };
    workspace.block_on(workspace.store().remove_list(stored.begun.id, vec![removed]))?;
    compiled::remove(workspace, stored.begun.id);
    workspace.checkpoint()?;
    Ok(stored)
}

/// The compiled form of a bank that is large enough to have one.
pub(crate) fn compiled_form(
    workspace: &Workspace,
    stored: &StoredList,
    progress: &dyn Progress,
) -> Result<Option<CompiledFile>, AppError> {
    let large = compiled::is_large(workspace, stored.counts.entries);
    large.then(|| compiled::get(workspace, stored, progress)).transpose()
}

/// Hands over every entry of a bank, in the order of the file.
pub(crate) fn each_entry(
    workspace: &Workspace,
    list: ListId,
    sink: &mut dyn FnMut(ListEntry),
) -> Result<(), AppError> {
    let mut pages = Pages::new(workspace, list);
    pages.by_ref().for_each(sink);
    pages.error.map_or(Ok(()), Err)
}

/// Adds every bank to a set of lists.
pub(crate) fn load_all(
    workspace: &Workspace,
    builder: &mut ListSetBuilder,
    progress: &dyn Progress,
) -> Result<(), AppError> {
    for stored in list(workspace)? {
        if let Some(file) = compiled_form(workspace, &stored, progress)? {
            let name = format!("bank {}", stored.begun.bank);
            builder.add_compiled(file, name, stored.begun.role)?;
            continue;
        }
        each_entry(workspace, stored.begun.id, &mut |entry| builder.add(entry))?;
        builder.finish_list(loaded(stored));
    }
    Ok(())
}

fn loaded(stored: StoredList) -> LoadedList {
    let StoredList { begun, counts } = stored;
    LoadedList {
        name: format!("bank {}", begun.bank),
        role: begun.role,
        format: begun.format,
        info: ListInfo { source: begun.source, dated: begun.dated, scheme: begun.scheme },
        sha256: begun.file_sha256,
        entries: 0,
        withdrawn: 0,
        rejected: counts.rejected,
        row_errors: Vec::new(),
        truncated: false,
        notes: Vec::new(),
    }
}

/// The entries of a bank, page by page. An error ends the iteration and is kept.
struct Pages<'a> {
    workspace: &'a Workspace,
    list: ListId,
    page: std::vec::IntoIter<ListEntry>,
    next: Option<u64>,
    error: Option<AppError>,
}

impl<'a> Pages<'a> {
    fn new(workspace: &'a Workspace, list: ListId) -> Self {
        Self { workspace, list, page: Vec::new().into_iter(), next: Some(0), error: None }
    }
}

impl Iterator for Pages<'_> {
    type Item = ListEntry;

    fn next(&mut self) -> Option<ListEntry> {
        loop {
            if let Some(entry) = self.page.next() {
                return Some(entry);
            }
            let position = self.next.take()?;
            let page = self.workspace.store().entries(self.list, position, PAGE_ENTRIES);
            match self.workspace.block_on(page) {
                Ok(page) => {
                    self.page = page.entries.into_iter();
                    self.next = page.next;
                }
                Err(error) => self.error = Some(error.into()),
            }
        }
    }
}
