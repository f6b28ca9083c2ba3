//! `list formats`, `import`, `compile`, `ls`, `show`, `export`, `remove`.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use serde_json::json;
use tutela_app::AppError;
use tutela_app::cases::banks::{self, ImportRequest};
use tutela_app::intake::compiled;
use tutela_app::intake::lists::ListStatement;
use tutela_app::views::{
    BankView, BanksView, ListCompileView, ListExportView, ListFormatsView, ListImportView,
};

use super::list_info;
use super::workspace::open;
use crate::cli::{Global, List, Stated};
use crate::output::{self, visible};

/// Row errors of an import that are shown; `--json` has them all.
const ROW_ERRORS_SHOWN: usize = 10;

pub(super) fn run(global: &Global, verb: &List) -> Result<ExitCode> {
    match verb {
        List::Formats => formats(global)?,
        List::Import { file, bank, stated } => {
            let request = ImportRequest { bank: bank.clone(), stated: as_stated(stated)? };
            import(global, file, &request)?;
        }
        List::Compile { file, out, deltas, stated } => {
            let about = compiled::compile(file, deltas, &as_stated(stated)?, out)?;
            let view = ListCompileView::new(&about, out)?;
            if global.json { output::document(&view)? } else { compile_text(&view)? }
        }
        List::Info { what, format } => list_info::run(global, what, format.as_deref())?,
        List::Ls => {
            let view = BanksView::new(&banks::list(&open(global)?)?);
            if global.json { output::document(&view)? } else { ls(&view)? }
        }
        List::Show { bank } => {
            let bank = BankView::from(&banks::find(&open(global)?, bank)?);
            if global.json {
                output::document(&BanksView { schema: "tutela.list_show.v1", banks: vec![bank] })?;
            } else {
                show(&bank)?;
            }
        }
        List::Export { bank, format, out } => export(global, bank, format, out.as_deref())?,
        List::Remove { bank } => {
            let removed = BankView::from(&banks::remove(&open(global)?, bank)?);
            if global.json {
                output::document(&BanksView {
                    schema: "tutela.list_remove.v1",
                    banks: vec![removed],
                })?;
            } else {
                output::text(format_args!(
                    "Removed bank {} with {} entries.",
                    removed.bank, removed.entries
                ))?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What was said of a list on the command line.
fn as_stated(stated: &Stated) -> Result<ListStatement, AppError> {
    let Stated { format, source, dated, scheme, known_good, sha256 } = stated;
    let bad_date = |_| AppError::Setting {
        origin: "--dated".to_owned(),
        message: "write it as 2026-03-01T00:00:00Z".to_owned(),
    };
    Ok(ListStatement {
        format: format.clone(),
        source: source.clone(),
        dated: dated.as_deref().map(str::parse).transpose().map_err(bad_date)?,
        known_good: *known_good,
        scheme: scheme.clone(),
        sha256: *sha256,
    })
}

fn compile_text(view: &ListCompileView) -> Result<()> {
    output::text(format_args!(
        "Compiled {} entries of {} into {} ({}): {} withdrawn, {} rows rejected.",
        view.entries,
        visible(&view.file),
        visible(&view.out),
        output::bytes(view.size_bytes),
        view.withdrawn,
        view.rejected,
    ))?;
    for line in view.notes.iter().map(|note| format!("note: {note}")).chain(view.row_errors.clone())
    {
        output::text(format_args!("  {line}"))?;
    }
    if view.truncated {
        output::text("  The file ends inside an entry: what stood before is in the list.")?;
    }
    Ok(())
}

fn formats(global: &Global) -> Result<()> {
    let view = ListFormatsView::registered();
    if global.json {
        return output::document(&view);
    }
    let mut table = output::table(["id", "format", "files", "carries"]);
    for format in view.formats {
        let files: Vec<String> =
            format.extensions.iter().map(|extension| format!(".{extension}")).collect();
        table.add_row([format.id, format.title, &files.join(" "), &format.carries.join(", ")]);
    }
    output::text(table)
}

fn import(global: &Global, file: &Path, request: &ImportRequest) -> Result<()> {
    let (list, read) = banks::import(&open(global)?, file, request)?;
    let view = ListImportView::new(&list, &read);
    if global.json {
        return output::document(&view);
    }
    show(&view.bank)?;
    for note in &view.notes {
        output::text(format_args!("  note: {note}"))?;
    }
    for error in view.row_errors.iter().take(ROW_ERRORS_SHOWN) {
        output::text(format_args!("  {}: {error}", visible(&view.bank.title)))?;
    }
    if view.row_errors.len() > ROW_ERRORS_SHOWN {
        output::text(format_args!(
            "  and {} more rows; --json lists them",
            view.row_errors.len() - ROW_ERRORS_SHOWN
        ))?;
    }
    if view.truncated {
        output::text("  The file ends inside an entry: what stood before is in the bank.")?;
    }
    Ok(())
}

fn show(bank: &BankView) -> Result<()> {
    let stated = |value: &Option<String>| value.as_deref().map_or("not stated".to_owned(), visible);
    output::text(format_args!(
        "Bank {} ({})\n  file      {}\n  sha256    {}\n  format    {}\n  source    {}\n  dated     {}\n  \
         scheme    {}\n  entries   {}, {} of them withdrawn, {} rows rejected\n  imported  {}",
        visible(&bank.bank),
        bank.role,
        visible(&bank.title),
        bank.sha256,
        bank.format,
        stated(&bank.source),
        stated(&bank.dated),
        stated(&bank.scheme),
        bank.entries,
        bank.withdrawn,
        bank.rejected,
        bank.imported_at,
    ))
}

fn ls(view: &BanksView) -> Result<()> {
    let mut table =
        output::table(["bank", "role", "entries", "withdrawn", "source", "dated", "scheme"]);
    for bank in &view.banks {
        let stated = |value: &Option<String>| value.as_deref().map_or(String::new(), visible);
        table.add_row([
            visible(&bank.bank),
            bank.role.to_owned(),
            bank.entries.to_string(),
            bank.withdrawn.to_string(),
            stated(&bank.source),
            stated(&bank.dated),
            stated(&bank.scheme),
        ]);
    }
    output::text(table)
}

fn export(global: &Global, bank: &str, format: &str, out: Option<&Path>) -> Result<()> {
    let workspace = open(global)?;
    let mut sink: Box<dyn Write> = match out {
        Some(path) => {
            let file = File::create_new(path).map_err(|source| AppError::File {
                action: "write",
                path: path.to_owned(),
                source,
            })?;
            Box::new(BufWriter::new(file))
        }
        None => Box::new(BufWriter::new(io::stdout().lock())),
    };
    let written = banks::export(&workspace, bank, format, &mut sink)?;
    sink.flush()?;
    let view = ListExportView::new(bank, format, &written);
    match (out, global.json) {
        (Some(_), true) => output::document(&view)?,
        // Standard output holds the list itself: what is to be said of it goes beside.
        (None, true) => eprintln!("{}", json!(view)),
        (_, false) if !global.quiet => {
            eprintln!("Wrote {} entries.", view.entries);
            if view.withdrawn_left_out + view.unfit_left_out > 0 {
                eprintln!(
                    "Left out: {} withdrawn, {} without what every row of this format needs.",
                    view.withdrawn_left_out, view.unfit_left_out
                );
            }
            for (field, count) in &view.lost {
                eprintln!("This format does not carry {field}: {count} entries lost it.");
            }
        }
        (_, false) => {}
    }
    Ok(())
}
