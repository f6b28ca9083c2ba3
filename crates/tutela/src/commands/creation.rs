//! `media mode`.

use std::process::ExitCode;

use anyhow::Result;
use tutela_app::AppError;
use tutela_app::cases::creation;
use tutela_app::views::{CreationModeView, MediaModeView};
use tutela_core::{CreationMode, ExhibitId};

use super::workspace::open;
use crate::cli::{Global, Mode, ModeArgs};
use crate::output::{self, visible};

pub(super) fn run(global: &Global, args: &ModeArgs) -> Result<ExitCode> {
    let workspace = open(global)?;
    let exhibit = id(&args.exhibit)?;
    let statements = match (args.mode, &args.reason) {
        (Some(mode), Some(reason)) => creation::state(&workspace, exhibit, stated(mode), reason)?,
        _ => creation::history(&workspace, exhibit)?,
    };
    let view = MediaModeView {
        schema: MediaModeView::SCHEMA,
        exhibit: exhibit.to_string(),
        creation_mode: CreationModeView::of(&statements),
    };
    if global.json {
        output::document(&view)?;
    } else {
        text(&view)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn text(view: &MediaModeView) -> Result<()> {
    let Some(said) = &view.creation_mode else {
        return output::text("Nobody has said how it was made.");
    };
    let mut table = output::table(["mode", "stated by", "at", "reason"]);
    for one in &said.history {
        table.add_row([
            one.mode.to_owned(),
            one.stated_by.clone(),
            one.stated_at.clone(),
            visible(&one.reason),
        ]);
    }
    output::text(table)?;
    let standing = match said.standing {
        "confirmed" => "a second person says the same",
        "disputed" => "people disagree",
        _ => "no second person has said anything",
    };
    output::text(format_args!("Creation mode: {} ({standing}).", said.mode))
}

fn stated(mode: Mode) -> CreationMode {
    match mode {
        Mode::Compositing => CreationMode::Compositing,
        Mode::Swap => CreationMode::Swap,
        Mode::Synthetic => CreationMode::Synthetic,
        Mode::None => CreationMode::None,
        Mode::Unknown => CreationMode::Unknown,
    }
}

fn id(text: &str) -> Result<ExhibitId, AppError> {
    text.parse().map_err(|_| AppError::NoSuch { kind: "exhibit", name: text.to_owned() })
}
