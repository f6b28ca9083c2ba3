//! The compiled form of a large bank: a file that a scan looks up in, instead of reading all rows.

use std::path::PathBuf;

use tutela_core::{ListId, ListRole};
use tutela_store::{NewList, StoredList};

use super::each_entry;
use crate::AppError;
use crate::intake::compiled::{About, CompiledFile, cache};
use crate::progress::Progress;
use crate::workspace::Workspace;

/// Bytes that an entry of a bank is counted as, to tell large banks from small ones.
const ENTRY_BYTES: u64 = 100;

/// Whether a bank is looked up in a compiled form of it, and not held in memory.
pub(super) fn is_large(workspace: &Workspace, entries: u64) -> bool {
    entries.saturating_mul(ENTRY_BYTES) >= workspace.settings().lists.compile_from_bytes()
}

/// Where the compiled form of a bank lies. It holds nothing that the store does not, and is made again
/// where it is missing.
fn place(workspace: &Workspace, list: ListId) -> PathBuf {
    cache::folder(workspace.dir()).join(format!("bank-{list}.tlist"))
}

/// The compiled form of a bank.
///
/// # Errors
/// It is missing, and cannot be made again.
pub(super) fn get(
    workspace: &Workspace,
    stored: &StoredList,
    progress: &dyn Progress,
) -> Result<CompiledFile, AppError> {
    let path = place(workspace, stored.begun.id);
    if let Some(file) = cache::open(&path, progress)?
        && file.about.sha256 == stored.begun.file_sha256.to_string()
    {
        return Ok(file);
    }
    progress.note(&format!("bank {}: compiling it for this workspace", stored.begun.bank));
    make(workspace, stored)?;
    CompiledFile::open(&path)
}

/// Compiles a bank from the store.
///
/// # Errors
/// The store does not answer, or the folder cannot be written.
pub(super) fn make(workspace: &Workspace, stored: &StoredList) -> Result<(), AppError> {
    let NewList { id, source, dated, scheme, format, role, file_sha256, title, .. } = &stored.begun;
    let path = place(workspace, *id);
    let about = About {
        program: workspace.tool().to_owned(),
        file: title.clone(),
        sha256: file_sha256.to_string(),
        format: format.clone(),
        source: source.clone(),
        dated: dated.map(|dated| dated.to_string()),
        scheme: scheme.clone(),
        known_good: *role == ListRole::KnownGood,
        rejected: stored.counts.rejected,
        ..About::default()
    };
    let dir = cache::folder(workspace.dir());
    let mut compiler = cache::compiler(&dir)?;
    each_entry(workspace, *id, &mut |entry| compiler.add(entry))?;
    compiler.finish(&path, about).map(drop).map_err(AppError::file("write", path))
}

/// Takes the compiled form of a bank away. Where there is none, nothing is to be done.
pub(super) fn remove(workspace: &Workspace, list: ListId) {
    let _ = std::fs::remove_file(place(workspace, list));
}
