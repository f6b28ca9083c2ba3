//! Gathers the lists of a scan: files named by the operator, and the banks of the workspace.

use std::fs;
use std::path::Path;

use tutela_core::ListRole;
use tutela_formats::lists::ReadOptions;

use super::ScanRequest;
use crate::engines::media::{ListSet, ListSetBuilder, LoadedList};
use crate::intake::compiled::{CompiledFile, cache, is_compiled};
use crate::intake::lists::{ListFile, ListStatement, read_list};
use crate::intake::nsrl;
use crate::intake::walk::path_text;
use crate::progress::{Phase, Progress};
use crate::workspace::Workspace;
use crate::{AppError, cases::banks};

/// Row errors of one list that a report shows.
const ROW_ERRORS_SHOWN: usize = 20;

pub(super) fn load(
    workspace: &Workspace,
    request: &ScanRequest,
    progress: &dyn Progress,
) -> Result<ListSet, AppError> {
    progress.phase(Phase::Lists);
    let mut builder = ListSetBuilder::default();
    for path in &request.lists {
        add_file(workspace, &mut builder, path, ListRole::Alert, progress)?;
    }
    for path in &request.known_good {
        add_file(workspace, &mut builder, path, ListRole::KnownGood, progress)?;
    }
    if request.banks {
        banks::load_all(workspace, &mut builder, progress)?;
    }
    Ok(builder.build())
}

/// Adds a list file: compiled ones as they are, large ones compiled through the cache of the workspace,
/// others in memory.
fn add_file(
    workspace: &Workspace,
    builder: &mut ListSetBuilder,
    path: &Path,
    role: ListRole,
    progress: &dyn Progress,
) -> Result<(), AppError> {
    if is_compiled(path)? {
        return add_compiled(builder, CompiledFile::open(path)?, path, role, progress);
    }
    let size_bytes = fs::metadata(path).map_err(AppError::file("read", path))?.len();
    let is_database = nsrl::is_database(path)?;
    if is_database || size_bytes >= workspace.settings().lists.compile_from_bytes() {
        let dir = cache::folder(workspace.dir());
        let known_good = is_database && role == ListRole::KnownGood;
        let stated = ListStatement { known_good, ..ListStatement::default() };
        let file = cache::compiled(&dir, path, &stated, progress)?;
        return add_compiled(builder, file, path, role, progress);
    }
    let file = read_list(path, None, &ReadOptions::default(), &mut |entry| builder.add(entry))?;
    if builder.holds(file.sha256, role) {
        builder.forget_current();
        progress.note(&format!("{}: the same list again; it is looked up once", file.name));
        return Ok(());
    }
    let list = loaded(file, role);
    note_faults(&list.name, list.rejected, list.truncated, list.row_errors.first(), progress);
    builder.finish_list(list);
    Ok(())
}

/// Adds a compiled list that stands for the file at `path`.
///
/// # Errors
/// It may only mark, and its matches would be findings; or the lists have too many entries together.
pub(crate) fn add_compiled(
    builder: &mut ListSetBuilder,
    file: CompiledFile,
    path: &Path,
    role: ListRole,
    progress: &dyn Progress,
) -> Result<(), AppError> {
    let (about, name) = (&file.about, path_text(path));
    if about.known_good && role == ListRole::Alert {
        return Err(AppError::KnownGoodOnly { path: path.to_owned() });
    }
    if about.sha256().is_ok_and(|sha256| builder.holds(sha256, role)) {
        progress.note(&format!("{name}: the same list again; it is looked up once"));
        return Ok(());
    }
    note_faults(&name, about.rejected, about.truncated, about.row_errors.first(), progress);
    builder.add_compiled(file, name, role)
}

fn note_faults(
    name: &str,
    rejected: u64,
    truncated: bool,
    first: Option<&String>,
    progress: &dyn Progress,
) {
    if rejected > 0 || truncated {
        progress.note(&format!(
            "{name}: {rejected} rows could not be used{}; first: {}",
            if truncated { ", the file ends inside an entry" } else { "" },
            first.map_or("", String::as_str),
        ));
    }
}

/// What a report says of a list file.
pub(crate) fn loaded(file: ListFile, role: ListRole) -> LoadedList {
    let reading = file.reading;
    LoadedList {
        name: file.name,
        role,
        format: file.format.id.to_owned(),
        info: reading.info,
        sha256: file.sha256,
        entries: 0,
        withdrawn: 0,
        rejected: reading.rejected,
        row_errors: reading.errors.iter().take(ROW_ERRORS_SHOWN).map(ToString::to_string).collect(),
        truncated: reading.truncated,
        notes: reading.notes,
    }
}
