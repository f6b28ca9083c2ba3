//! Writes entries of the ledger out, with proofs and a recipe that needs nothing of Tutela.

use std::fs;
use std::path::Path;

use tutela_ledger::{Disclosure, Draft, Entry, Export, acts};
use tutela_store::Subject;

use crate::AppError;
use crate::intake::walk::path_text;
use crate::views::LedgerExportView;
use crate::workspace::Workspace;

/// Lines fetched from the store at a time.
const PAGE_LINES: u32 = 10_000;

/// Writes entries about a subject, or all, into a new or empty folder. With `disclose`, the words beside the entries come along:
/// they may hold personal data, so that is never the default.
///
/// # Errors
/// There is no such entry, the folder holds files already, or cannot be written.
pub fn export(
    workspace: &Workspace,
    about: Option<Subject>,
    disclose: bool,
    dir: &Path,
) -> Result<LedgerExportView, AppError> {
    let occupied = fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some());
    if occupied {
        return Err(AppError::Occupied { dir: dir.to_owned() });
    }
    let store = workspace.store();
    // Entered first, so that the checkpoint of the export covers the export itself.
    let (scan, case, exhibit) = match about {
        Some(Subject::Scan(id)) => (Some(id), None, None),
        Some(Subject::Case(id)) => (None, Some(id), None),
        Some(Subject::Exhibit(id)) => (None, None, Some(id)),
        None => (None, None, None),
    };
    let exported = Draft { scan, case, exhibit, ..workspace.draft(acts::LEDGER_EXPORTED) };
    let lines = match about {
        None => None,
        Some(subject) => Some(about_subject(workspace, subject)?),
    };
    workspace.block_on(store.append(vec![exported]))?;
    let (checkpoint, note) = workspace.checkpoint()?;
    let lines = lines.map_or_else(|| all(workspace, checkpoint.size), Ok)?;
    let disclosed = if disclose { words(workspace, &lines)? } else { Vec::new() };
    let leaves = workspace.block_on(store.leaf_hashes())?;
    let covered = usize::try_from(checkpoint.size).unwrap_or(usize::MAX).min(leaves.len());
    let export = Export {
        leaves: &leaves[..covered],
        lines: &lines,
        disclosed: &disclosed,
        checkpoint: &note,
        key: &workspace.public_key(),
    };
    for (name, content) in export.files()? {
        let path = dir.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(AppError::file("create", folder))?;
        }
        fs::write(&path, content).map_err(AppError::file("write", path))?;
    }
    Ok(LedgerExportView {
        schema: LedgerExportView::SCHEMA,
        dir: path_text(dir),
        entries: lines.len() as u64,
        disclosed: disclosed.len() as u64,
        ledger_entries: checkpoint.size,
        checkpoint: note,
    })
}

/// The lines about a subject, before this export adds its own.
fn about_subject(workspace: &Workspace, subject: Subject) -> Result<Vec<String>, AppError> {
    let lines = workspace.block_on(workspace.store().entry_lines_about(subject))?;
    if lines.is_empty() {
        let (kind, name) = match subject {
            Subject::Scan(id) => ("entry about scan", id.to_string()),
            Subject::Case(id) => ("entry about case", id.to_string()),
            Subject::Exhibit(id) => ("entry about exhibit", id.to_string()),
        };
        return Err(AppError::NoSuch { kind, name });
    }
    Ok(lines)
}

/// All lines that a checkpoint of this size covers.
fn all(workspace: &Workspace, size: u64) -> Result<Vec<String>, AppError> {
    let mut lines = Vec::new();
    while (lines.len() as u64) < size {
        let page = workspace.store().entry_lines(lines.len() as u64, PAGE_LINES);
        let page = workspace.block_on(page)?;
        if page.is_empty() {
            break;
        }
        lines.extend(page);
    }
    lines.truncate(usize::try_from(size).unwrap_or(usize::MAX));
    Ok(lines)
}

/// The words beside entries that have not been erased.
fn words(workspace: &Workspace, lines: &[String]) -> Result<Vec<Disclosure>, AppError> {
    let mut disclosed = Vec::new();
    for line in lines {
        let seq = Entry::parse(line)?.seq;
        if let Some(payload) = workspace.block_on(workspace.store().payload(seq))? {
            disclosed.push(Disclosure { seq, payload });
        }
    }
    Ok(disclosed)
}
