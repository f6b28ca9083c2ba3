//! Gathers the lists of a scan: files named by the operator, and the banks of the workspace.

use std::path::Path;

use tutela_core::ListRole;
use tutela_formats::lists::ReadOptions;

use super::ScanRequest;
use crate::engines::media::{ListSet, ListSetBuilder, LoadedList};
use crate::intake::lists::{ListFile, read_list};
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
        add_file(&mut builder, path, ListRole::Alert, progress)?;
    }
    for path in &request.known_good {
        add_file(&mut builder, path, ListRole::KnownGood, progress)?;
    }
    if request.banks {
        banks::load_all(workspace, &mut builder)?;
    }
    Ok(builder.build())
}

fn add_file(
    builder: &mut ListSetBuilder,
    path: &Path,
    role: ListRole,
    progress: &dyn Progress,
) -> Result<(), AppError> {
    let file = read_list(path, None, &ReadOptions::default(), &mut |entry| builder.add(entry))?;
    if builder.holds(file.sha256, role) {
        builder.forget_current();
        progress.note(&format!("{}: the same list again; it is looked up once", file.name));
        return Ok(());
    }
    let list = loaded(file, role);
    if list.rejected > 0 || list.truncated {
        progress.note(&format!(
            "{}: {} rows could not be used{}; first: {}",
            list.name,
            list.rejected,
            if list.truncated { ", the file ends inside an entry" } else { "" },
            list.row_errors.first().map_or("", String::as_str),
        ));
    }
    builder.finish_list(list);
    Ok(())
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
