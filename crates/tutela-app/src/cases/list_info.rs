//! What a list is and holds, and how well its filter filters: of a file, or of a bank.

use std::fs;
use std::path::Path;

use tutela_core::ListInfo;
use tutela_match::index::compiled::SIZE_BYTES;

use crate::AppError;
use crate::cases::banks;
use crate::evidence::sealing;
use crate::intake::compiled::{About, CompiledFile, is_compiled, measure};
use crate::intake::lists::{ListStatement, read_list};
use crate::intake::tally::Tally;
use crate::intake::walk::path_text;
use crate::progress::Silent;
use crate::views::{CategoryView, FilterView, ListInfoView, SizesView};
use crate::workspace::Workspace;

/// Tells of a list file, compiled or not.
///
/// # Errors
/// The file cannot be read, or is no list.
pub fn of_file(path: &Path, stated: &ListStatement) -> Result<ListInfoView, AppError> {
    let size_bytes = fs::metadata(path).map_err(AppError::file("read", path))?.len();
    if is_compiled(path)? {
        let file = CompiledFile::open(path)?;
        let sealed = sealing::open(path).and_then(|file| sealing::seal(&file, &mut |_| {}));
        let sealed = sealed.map_err(AppError::file("read", path))?;
        return Ok(ListInfoView {
            name: path_text(path),
            size_bytes: Some(size_bytes),
            compiled_sha256: Some(sealed.digests.sha256.to_string()),
            ..of_compiled(&file)
        });
    }
    let mut read = None;
    let tally = Tally::of(|sink| {
        read = Some(read_list(path, stated.format.as_deref(), &stated.options(), sink)?);
        Ok::<_, AppError>(())
    })?;
    let no_list = || AppError::UnknownListFormat { path: path.to_owned() };
    let file = read.ok_or_else(no_list)?;
    Ok(ListInfoView {
        name: path_text(path),
        file: path.file_name().map(|name| name.to_string_lossy().into_owned()),
        sha256: file.sha256.to_string(),
        size_bytes: Some(size_bytes),
        format: file.format.id.to_owned(),
        role: None,
        rejected: file.reading.rejected,
        truncated: file.reading.truncated,
        notes: file.reading.notes,
        ..of_tally(tally, file.reading.info)
    })
}

/// Tells of a bank of the workspace.
///
/// # Errors
/// There is no such bank, or the store does not answer.
pub fn of_bank(workspace: &Workspace, bank: &str) -> Result<ListInfoView, AppError> {
    let stored = banks::find(workspace, bank)?;
    let named = |view: ListInfoView| ListInfoView {
        name: format!("bank {bank}"),
        file: Some(stored.begun.title.clone()),
        sha256: stored.begun.file_sha256.to_string(),
        format: stored.begun.format.clone(),
        role: Some(stored.begun.role.as_str()),
        rejected: stored.counts.rejected,
        ..view
    };
    if let Some(file) = banks::compiled_form(workspace, &stored, &Silent)? {
        return Ok(named(of_compiled(&file)));
    }
    let tally = Tally::of(|sink| banks::each_entry(workspace, stored.begun.id, sink))?;
    let begun = &stored.begun;
    let info =
        ListInfo { source: begun.source.clone(), dated: begun.dated, scheme: begun.scheme.clone() };
    Ok(named(of_tally(tally, info)))
}

fn of_compiled(file: &CompiledFile) -> ListInfoView {
    let about: About = file.about.clone();
    let category = |c: crate::intake::compiled::CategoryCount| CategoryView {
        scheme: c.scheme,
        code: c.code,
        entries: c.entries,
    };
    ListInfoView {
        schema: ListInfoView::SCHEMA,
        name: String::new(),
        compiled: true,
        compiled_by: Some(about.program),
        compiled_sha256: None,
        file: Some(about.file),
        sha256: about.sha256,
        merged: about.deltas.into_iter().map(|delta| (delta.file, delta.sha256)).collect(),
        size_bytes: None,
        format: about.format,
        source: about.source,
        dated: about.dated,
        scheme: about.scheme,
        role: about.known_good.then_some("known_good"),
        entries: about.entries,
        withdrawn: about.withdrawn,
        opaque: about.opaque,
        rejected: about.rejected,
        truncated: about.truncated,
        notes: about.notes,
        signals: about.signals.into_iter().filter(|(_, count)| *count > 0).collect(),
        categories: about.categories.into_iter().map(category).collect(),
        filters: measure(file).into_iter().map(FilterView::from).collect(),
        sizes: Some(SizesView {
            distinct: file.list.sizes(),
            table_bytes: file.list.sizes() * SIZE_BYTES as u64,
            false_positive_rate: 0.0,
        }),
    }
}

fn of_tally(tally: Tally, info: ListInfo) -> ListInfoView {
    let category = |(category, entries): (tutela_core::Category, u64)| CategoryView {
        scheme: category.scheme,
        code: category.code,
        entries,
    };
    ListInfoView {
        schema: ListInfoView::SCHEMA,
        source: info.source,
        dated: info.dated.map(|dated| dated.to_string()),
        scheme: info.scheme,
        entries: tally.entries,
        withdrawn: tally.withdrawn,
        opaque: tally.opaque,
        signals: tally.signals,
        categories: tally.categories.into_iter().map(category).collect(),
        ..ListInfoView::default()
    }
}
