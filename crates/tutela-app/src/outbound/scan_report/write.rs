//! Writes a scan's results into a folder, each file whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use tutela_core::{ScanId, Sha256};
use tutela_ledger::{Draft, acts};

use super::ScanResult;
use crate::AppError;
use crate::outbound::whole;
use crate::views::{ItemView, ScanReport};
use crate::workspace::Workspace;

/// Makes the page of a report: the console's templates, which this floor knows nothing of.
pub type RenderReport<'a> = &'a dyn Fn(
    &ScanReport,
    &[ItemView],
) -> Result<String, Box<dyn std::error::Error + Send + Sync>>;

/// Makes the folder for a scan's results and proves that it can be written, before any work is done.
/// `again` is a scan that goes on: its own earlier results may stand there.
///
/// # Errors
/// It holds files already, lies inside what is scanned, or cannot be written.
pub fn prepare(dir: &Path, roots: &[PathBuf], again: bool) -> Result<(), AppError> {
    outside(dir, roots)?;
    let occupied = fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some());
    if occupied && !again {
        return Err(AppError::Occupied { dir: dir.to_owned() });
    }
    fs::create_dir_all(dir).map_err(AppError::file("create", dir))?;
    let probe = dir.join("items.part");
    fs::write(&probe, "")
        .and_then(|()| fs::remove_file(&probe))
        .map_err(AppError::file("write to", dir))
}

/// Refuses a folder inside the evidence: what is examined must not change by being examined.
///
/// # Errors
/// The folder lies inside one of the roots.
pub fn outside(dir: &Path, roots: &[PathBuf]) -> Result<(), AppError> {
    let absolute = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
    // The deepest part of it that is there already tells where it will stand.
    let real = absolute.ancestors().find_map(|above| {
        Some(fs::canonicalize(above).ok()?.join(absolute.strip_prefix(above).ok()?))
    });
    let real = real.unwrap_or(absolute);
    let root =
        roots.iter().find(|root| fs::canonicalize(root).is_ok_and(|root| real.starts_with(root)));
    match root {
        Some(root) => Err(AppError::InsideEvidence { dir: dir.to_owned(), root: root.clone() }),
        None => Ok(()),
    }
}

/// Writes `report.html`, `items.jsonl` and `summary.json` into `dir`, and enters it in the ledger.
///
/// # Errors
/// The folder cannot be written.
pub fn write(
    workspace: &Workspace,
    result: &ScanResult,
    dir: &Path,
    render: RenderReport<'_>,
) -> Result<(), AppError> {
    fs::create_dir_all(dir).map_err(AppError::file("create", dir))?;
    let ScanResult { report, items } = result;
    let page = render(report, items)
        .map_err(|source| AppError::Output { what: "report.html".to_owned(), source })?;
    let mut summary = json(report)?;
    summary.push('\n');
    let outputs = vec![
        whole(&dir.join("items.jsonl"), |out| jsonl(out, items))?.into(),
        whole(&dir.join("summary.json"), |out| out.write_all(summary.as_bytes()))?.into(),
        whole(&dir.join("report.html"), |out| out.write_all(page.as_bytes()))?.into(),
    ];
    let scan: Option<ScanId> = report.scan.id.parse().ok();
    let case = report.scan.case.as_deref().and_then(|case| case.parse().ok());
    let exported = Draft { scan, case, outputs, ..workspace.draft(acts::SCAN_EXPORTED) };
    workspace.block_on(workspace.store().append(vec![exported]))?;
    workspace.checkpoint()?;
    Ok(())
}

/// A document as indented JSON.
pub(super) fn json(document: &impl Serialize) -> Result<String, AppError> {
    serde_json::to_string_pretty(document)
        .map_err(|error| AppError::Output { what: "summary.json".to_owned(), source: error.into() })
}

fn jsonl(out: &mut dyn Write, items: &[ItemView]) -> io::Result<()> {
    items.iter().try_for_each(|item| {
        serde_json::to_writer(&mut *out, item)?;
        out.write_all(b"\n")
    })
}

/// Writes a file that is there whole or not at all. Gives its SHA-256.
fn whole(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<Sha256, AppError> {
    whole::stage(path, write)?.publish()
}
