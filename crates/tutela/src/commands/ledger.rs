//! `ledger verify`, `ledger export`, `ledger checkpoint`, `ledger erase`.

use std::process::ExitCode;

use anyhow::Result;
use serde_json::json;
use tutela_app::AppError;
use tutela_app::evidence::custody::{self, Erasure, Subject};
use tutela_app::outbound::ledger_export::export;
use tutela_app::views::{LedgerCheckpointView, LedgerVerifyView};
use tutela_core::Class;

use super::cases;
use super::workspace::open;
use crate::cli::{Global, Ledger};
use crate::output;

pub(super) fn run(global: &Global, verb: &Ledger) -> Result<ExitCode> {
    match verb {
        Ledger::Verify { export: Some(dir) } => verified(global, &custody::verify_files(dir)?),
        Ledger::Verify { export: None } => verified(global, &custody::verify(&open(global)?)?),
        Ledger::Export { out, exhibit, scan, case, disclose } => {
            let about = match (exhibit, scan, case) {
                (Some(id), _, _) => Some(Subject::Exhibit(typed("exhibit", id)?)),
                (None, Some(id), _) => Some(Subject::Scan(typed("scan", id)?)),
                (None, None, Some(id)) => Some(Subject::Case(cases::id(id)?)),
                (None, None, None) => None,
            };
            let view = export(&open(global)?, about, *disclose, out)?;
            if global.json {
                output::document(&view)?;
            } else {
                output::text(format_args!(
                    "Wrote {} of {} entries to {}{}\nCheck them with:  sh {}/verify.sh",
                    view.entries,
                    view.ledger_entries,
                    view.dir,
                    if view.disclosed > 0 {
                        format!(", {} with their words", view.disclosed)
                    } else {
                        String::new()
                    },
                    view.dir,
                ))?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Ledger::Checkpoint => {
            let (checkpoint, note) = open(global)?.checkpoint()?;
            if global.json {
                output::document(&LedgerCheckpointView {
                    schema: LedgerCheckpointView::SCHEMA,
                    size: checkpoint.size,
                    root: checkpoint.root.to_string(),
                    note,
                })?;
            } else {
                output::text(note.trim_end())?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Ledger::Erase { entry, exhibit, case } => {
            let what = match (entry, exhibit, case) {
                (Some(seq), _, _) => Erasure::Entry(*seq),
                (None, Some(id), _) => Erasure::About(Subject::Exhibit(typed("exhibit", id)?)),
                (None, None, Some(id)) => Erasure::About(Subject::Case(cases::id(id)?)),
                // The parser asks for one of the three.
                (None, None, None) => return Ok(ExitCode::from(2)),
            };
            let erased = custody::erase(&open(global)?, what)?;
            if global.json {
                output::document(&json!({"schema": "tutela.ledger_erase.v1", "erased": erased}))?;
            } else {
                output::text(format_args!(
                    "Erased the words beside {erased} entries. The entries stay and verify as before; rows of the store itself (paths, titles, labels) are not touched by this."
                ))?;
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn typed<T: std::str::FromStr>(kind: &'static str, text: &str) -> Result<T, AppError> {
    text.parse().map_err(|_| AppError::NoSuch { kind, name: text.to_owned() })
}

/// Prints what was found. A ledger that does not hold is the answer, and an exit code of its own.
fn verified(global: &Global, view: &LedgerVerifyView) -> Result<ExitCode> {
    if global.json {
        output::document(view)?;
    } else {
        output::text(format_args!(
            "{}\n  ledger       {}\n  key          SHA-256 {}\n  entries      {} ({} not yet under a checkpoint)\n  \
             root         {}\n  checkpoints  {} hold",
            if view.holds { "The ledger holds." } else { "THE LEDGER DOES NOT HOLD." },
            view.origin,
            view.key_sha256,
            view.entries,
            view.unsigned_entries,
            view.root,
            view.checkpoints,
        ))?;
        for fault in &view.faults {
            output::text(format_args!("  wrong: {fault}"))?;
        }
        if view.more_faults > 0 {
            output::text(format_args!("  and {} more", view.more_faults))?;
        }
    }
    Ok(if view.holds { ExitCode::SUCCESS } else { ExitCode::from(Class::Integrity.exit_code()) })
}
