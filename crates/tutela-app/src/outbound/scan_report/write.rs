//! Writes a scan's results into a folder, each file whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde::Serialize;
use sha2::{Digest, Sha256 as Sha256Hasher};
use tutela_core::{ScanId, Sha256};
use tutela_ledger::{Draft, acts};

use super::ScanResult;
use crate::AppError;
use crate::views::{ItemView, ScanReport};
use crate::workspace::Workspace;

/// Makes the page of a report: the console's templates, which this floor knows nothing of.
pub type RenderReport<'a> = &'a dyn Fn(
    &ScanReport,
    &[ItemView],
) -> Result<String, Box<dyn std::error::Error + Send + Sync>>;

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

/// Writes beside the file and renames, so that a reader never sees half of it. Gives its SHA-256.
fn whole(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<Sha256, AppError> {
    let part = path.with_extension("part");
    let written = File::create(&part).and_then(|file| {
        let mut out = Sealing { inner: BufWriter::new(file), hasher: Sha256Hasher::new() };
        write(&mut out)?;
        let Sealing { inner, hasher } = out;
        inner.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        fs::rename(&part, path)?;
        Ok(Sha256(hasher.finalize().into()))
    });
    written.map_err(AppError::file("write", path))
}

/// A writer that digests what passes through it.
struct Sealing<W> {
    inner: W,
    hasher: Sha256Hasher,
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
