//! Reads files of transfers into the store, each whole or not at all; then screens what is there.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant;

use sha2::{Digest, Sha256 as Hasher};
use tutela_core::{CaseId, Sha256, TransferRecord};
use tutela_ledger::{Draft, acts};
use tutela_store::{NewTransferFile, StoreError, TransferImport};

use super::payments_queue::{self, QueueRequest};
use super::payments_screen::{faults, read_options, rejected_rows};
use crate::AppError;
use crate::intake::transfers::{format_of, read_transfers_with};
use crate::views::{ImportedFileView, PaymentsImportView, RejectedRowView};
use crate::workspace::Workspace;

/// Transfers of one transaction: a second's work at most, and few enough to be held twice.
const BATCH: usize = 8_192;
/// Rejected rows shown.
const SHOWN: usize = 20;

/// What to import.
#[derive(Debug, Clone, Default)]
pub struct ImportRequest {
    /// Files of transfers.
    pub files: Vec<PathBuf>,
    /// What the columns are called.
    pub map: Option<PathBuf>,
    /// What currencies are worth, for the screening.
    pub rates: Option<PathBuf>,
    /// The case that they belong to.
    pub case: Option<CaseId>,
    /// Whether what is in the store is screened afterwards, and how many alerts a side it raises.
    pub screen: Option<usize>,
}

/// Imports, then screens. `tell` hears how many bytes of how many are read. A file that is in the store is left
/// as it is and named; an import that was interrupted is begun anew.
///
/// # Errors
/// A file cannot be read as what it is, or the store does not answer. Files before it are in the store then.
pub fn import(
    workspace: &Workspace,
    request: &ImportRequest,
    tell: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<PaymentsImportView, AppError> {
    let begun = Instant::now();
    let (mut files, mut rejected) = (Vec::new(), Vec::new());
    for path in &request.files {
        let (file, rows) = import_file(workspace, request, path, tell)?;
        files.push(file);
        rejected.extend(rows);
    }
    let elapsed_ms = begun.elapsed().as_millis().try_into().unwrap_or(u64::MAX);
    let screening = match request.screen {
        Some(top) => {
            let rates = request.rates.clone();
            let queue = QueueRequest { top, rates, case: request.case };
            Some(payments_queue::screen(workspace, &queue)?)
        }
        None => None,
    };
    workspace.checkpoint()?;
    Ok(PaymentsImportView {
        schema: "tutela.payments_import.v1",
        transfers: files.iter().map(|file| file.transfers).sum(),
        rejected_rows: files.iter().map(|file| file.rejected_rows).sum(),
        files,
        rejected: rejected.into_iter().take(SHOWN).collect(),
        elapsed_ms,
        screening,
    })
}

fn import_file(
    workspace: &Workspace,
    request: &ImportRequest,
    path: &Path,
    tell: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<(ImportedFileView, Vec<RejectedRowView>), AppError> {
    let options = read_options(request.map.as_deref())?;
    let sha256 = digest(path)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let begun = NewTransferFile {
        name: name.clone(),
        sha256,
        format: format_of(path)?.to_owned(),
        imported_at: workspace.now(),
        operator: workspace.operator(),
        case: request.case,
    };
    let import = match workspace.block_on(workspace.store().begin_transfers(&begun)) {
        Ok(import) => import,
        Err(StoreError::Duplicate { .. }) => {
            let there = ImportedFileView { already: true, ..ImportedFileView::of(&name, sha256) };
            return Ok((there, Vec::new()));
        }
        Err(error) => return Err(error.into()),
    };
    let mut writer = Writer::new(workspace, import);
    let mut give = |record: &TransferRecord| writer.take(record);
    let paths = [path.to_owned()];
    let read = read_transfers_with(&paths, &options, None, tell, Some(&mut give));
    let (read, left_out) = match read.and_then(|read| Ok((read, writer.finish()?))) {
        Ok((read, left_out)) => (read, left_out),
        Err(error) => {
            // What stands in the way of the next attempt is cleared then, too.
            let _ = workspace.block_on(workspace.store().abandon_transfers(writer.import));
            return Err(error);
        }
    };
    let file = read.1.first();
    let mut rows: Vec<RejectedRowView> = file.map(rejected_rows).unwrap_or_default();
    let mut fault = file.map(|_| faults(&read.1)).unwrap_or_default();
    if !left_out.is_empty() {
        *fault.entry("in_store").or_default() += left_out.len() as u64;
    }
    rows.extend(left_out.iter().take(SHOWN).map(|row| RejectedRowView {
        file: path.display().to_string(),
        row: *row,
        field: Some("transfer_id".to_owned()),
        message: "another file in the store has it".to_owned(),
    }));
    let rejected = file.map_or(0, |file| file.reading.rejected) + left_out.len() as u64;
    let imported = Draft {
        case: request.case,
        inputs: vec![sha256.into()],
        ..workspace.draft(acts::TRANSFERS_IMPORTED)
    };
    let stored = workspace.store().finish_transfers(writer.import, rejected, vec![imported]);
    let transfers = workspace.block_on(stored)?;
    let view = ImportedFileView {
        format: file.map_or("", |file| file.format),
        transfers,
        rejected_rows: rejected,
        faults: fault,
        ..ImportedFileView::of(&name, sha256)
    };
    Ok((view, rows))
}

fn digest(path: &Path) -> Result<Sha256, AppError> {
    let mut file = fs::File::open(path).map_err(AppError::file("read", path))?;
    let (mut hasher, mut buffer) = (Hasher::new(), vec![0; 1 << 20]);
    loop {
        match file.read(&mut buffer).map_err(AppError::file("read", path))? {
            0 => return Ok(Sha256(hasher.finalize().into())),
            read => hasher.update(&buffer[..read]),
        }
    }
}

/// Puts records into the store in batches, while the next are taken apart.
struct Writer<'w> {
    workspace: &'w Workspace,
    import: TransferImport,
    batch: Vec<TransferRecord>,
    left_out: Vec<u64>,
    failed: Option<AppError>,
}

impl<'w> Writer<'w> {
    fn new(workspace: &'w Workspace, import: TransferImport) -> Self {
        let batch = Vec::with_capacity(BATCH);
        Self { workspace, import, batch, left_out: Vec::new(), failed: None }
    }

    /// After a failure nothing is taken any more; [`Writer::finish`] tells of it.
    fn take(&mut self, record: &TransferRecord) {
        if self.failed.is_some() {
            return;
        }
        self.batch.push(record.clone());
        if self.batch.len() >= BATCH {
            self.write();
        }
    }

    fn write(&mut self) {
        let store = self.workspace.store();
        let added = store.add_transfers(&mut self.import, &self.batch);
        match self.workspace.block_on(added) {
            Ok(left_out) => self.left_out.extend(left_out),
            Err(error) => self.failed = Some(error.into()),
        }
        self.batch.clear();
    }

    /// Writes what is left; gives the rows that were left out.
    fn finish(&mut self) -> Result<Vec<u64>, AppError> {
        if self.failed.is_none() && !self.batch.is_empty() {
            self.write();
        }
        match self.failed.take() {
            Some(error) => Err(error),
            None => Ok(std::mem::take(&mut self.left_out)),
        }
    }
}
