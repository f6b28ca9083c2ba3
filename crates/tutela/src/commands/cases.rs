//! `case new`, `case ls`.

use std::process::ExitCode;

use anyhow::Result;
use tutela_app::AppError;
use tutela_app::cases;
use tutela_app::views::{CaseView, CasesView};
use tutela_core::CaseId;

use super::workspace::open;
use crate::cli::{Case, Global};
use crate::output::{self, visible};

pub(super) fn run(global: &Global, verb: &Case) -> Result<ExitCode> {
    let workspace = open(global)?;
    match verb {
        Case::New { title } => {
            let case = CaseView::from(&cases::open(&workspace, title)?);
            if global.json {
                output::document(&CasesView { schema: "tutela.case_new.v1", cases: vec![case] })?;
            } else {
                output::text(format_args!("Opened case {}", case.id))?;
            }
        }
        Case::Ls => {
            let view = CasesView::new(&cases::list(&workspace)?);
            if global.json {
                output::document(&view)?;
            } else {
                let mut table = output::table(["case", "title", "opened"]);
                for case in view.cases {
                    table.add_row([case.id, visible(&case.title), case.opened_at]);
                }
                output::text(table)?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A case by its id, as typed.
pub(super) fn id(text: &str) -> Result<CaseId, AppError> {
    text.parse().map_err(|_| AppError::NoSuch { kind: "case", name: text.to_owned() })
}
