//! `media export`, `media categorise`, `media earlier`.

use std::process::ExitCode;

use anyhow::Result;
use tutela_app::AppError;
use tutela_app::cases::categories::{self, CategoriseRequest};
use tutela_app::outbound::earlier;
use tutela_app::outbound::media_export::{self, ExportRequest, Profile};
use tutela_app::views::CategoriseView;
use tutela_core::{Outcome, ScanId};

use super::workspace::open;
use crate::cli::{CategoriseArgs, EarlierArgs, ExportArgs, Global, Only, ProfileArg};
use crate::output::{self, visible};

/// Rows that the terminal shows; `--json` has all.
const ROWS_SHOWN: usize = 20;

pub(super) fn export(global: &Global, args: &ExportArgs) -> Result<ExitCode> {
    let request = ExportRequest {
        scan: scan_id(&args.scan)?,
        format: args.format.clone(),
        profile: match args.profile {
            ProfileArg::Default => Profile::Default,
            ProfileArg::Us => Profile::Us,
            ProfileArg::Uk => Profile::Uk,
            ProfileArg::Custom => Profile::Custom,
        },
        only: outcomes(&args.only),
        out: args.out.clone(),
        confirmed_by: args.confirm.clone(),
        purpose: args.purpose.clone(),
    };
    let view = media_export::export(&open(global)?, &request)?;
    if global.json {
        output::document(&view)?;
        return Ok(ExitCode::SUCCESS);
    }
    output::text(format_args!(
        "Wrote {} ({} files with {} different contents).\n  sha256  {}\n  The ledger holds this digest, who confirmed it and, beside it, why.",
        visible(&view.file),
        view.files,
        view.media,
        view.sha256
    ))?;
    for (count, why) in [
        (view.unread_left_out, "files left out: not a byte of them could be read"),
        (view.categories_left_out, "categories left out: the format cannot state their scheme"),
        (view.conflicts_left_out, "contents without a category: examiners disagree about them"),
    ] {
        if count > 0 {
            output::text(format_args!("  {count} {why}"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// All of them, where one says so.
fn outcomes(only: &[Only]) -> Vec<Outcome> {
    if only.contains(&Only::All) {
        return Outcome::ALL.to_vec();
    }
    let outcome = |only: &Only| match only {
        Only::New => Some(Outcome::New),
        Only::Known => Some(Outcome::Known),
        Only::Near => Some(Outcome::Near),
        Only::KnownGood => Some(Outcome::KnownGood),
        Only::Failed => Some(Outcome::Failed),
        Only::All => None,
    };
    only.iter().filter_map(outcome).collect()
}

pub(super) fn categorise(global: &Global, args: &CategoriseArgs) -> Result<ExitCode> {
    let request = CategoriseRequest {
        scan: scan_id(&args.scan)?,
        file: args.from.clone(),
        format: args.format.clone(),
        scheme: args.scheme.clone(),
        examiner: args.examiner.clone(),
    };
    let view = categories::categorise(&open(global)?, &request)?;
    if global.json {
        output::document(&view)?;
    } else {
        categorise_text(&view)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn categorise_text(view: &CategoriseView) -> Result<()> {
    output::text(format_args!(
        "{} rows of {}: {} categories new, {} changed, {} as before; {} rows without a category.",
        view.rows, view.format, view.added, view.changed, view.unchanged, view.without_category
    ))?;
    for change in view.changes.iter().take(ROWS_SHOWN) {
        output::text(format_args!(
            "  {}: {} {} → {}",
            change.sha256,
            visible(&change.scheme),
            visible(&change.old),
            visible(&change.new)
        ))?;
    }
    if view.unmatched > 0 {
        let rows: Vec<String> =
            view.unmatched_rows.iter().take(ROWS_SHOWN).map(u64::to_string).collect();
        let more = if view.unmatched > rows.len() as u64 { " and more" } else { "" };
        output::text(format_args!(
            "  {} rows match nothing in this scan: {}{more}",
            view.unmatched,
            rows.join(", ")
        ))?;
    }
    for conflict in &view.conflicts {
        let says: Vec<String> = conflict
            .says
            .iter()
            .map(|one| format!("{} says {}", visible(&one.examiner), visible(&one.code)))
            .collect();
        output::text(format_args!(
            "  Examiners disagree ({}): {}: {}",
            visible(&conflict.scheme),
            conflict.sha256,
            says.join(", ")
        ))?;
    }
    for error in view.row_errors.iter().take(ROWS_SHOWN) {
        output::text(format_args!("  {error}"))?;
    }
    Ok(())
}

pub(super) fn earlier(global: &Global, args: &EarlierArgs) -> Result<ExitCode> {
    let view = earlier::disclose(&open(global)?, scan_id(&args.scan)?, &args.purpose)?;
    if global.json {
        output::document(&view)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut table = output::table(["file of this scan", "earlier scan", "case", "there"]);
    for tie in &view.ties {
        table.add_row([
            visible(&tie.path),
            tie.scan.clone(),
            tie.case.clone().unwrap_or_default(),
            visible(&tie.paths.join("; ")),
        ]);
    }
    output::text(table)?;
    output::text(format_args!(
        "{} ties by equal bytes. This question is in the ledger.",
        view.ties.len()
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// A scan by its id, as typed.
fn scan_id(text: &str) -> Result<ScanId, AppError> {
    text.parse().map_err(|_| AppError::NoSuch { kind: "scan", name: text.to_owned() })
}
