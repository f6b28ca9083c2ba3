//! `operator add`, `operator ls`.

use std::process::ExitCode;

use anyhow::Result;
use tutela_app::cases::people;
use tutela_app::views::{OperatorView, OperatorsView};

use super::workspace::open;
use crate::cli::{Global, Operator};
use crate::output::{self, visible};

pub(super) fn run(global: &Global, verb: &Operator) -> Result<ExitCode> {
    let workspace = open(global)?;
    match verb {
        Operator::Add { name } => {
            let added = OperatorView::from(&people::add(&workspace, name)?);
            if global.json {
                output::document(&OperatorsView {
                    schema: "tutela.operator_add.v1",
                    operators: vec![added],
                })?;
            } else {
                output::text(format_args!("Entered {} ({})", visible(&added.name), added.id))?;
            }
        }
        Operator::Ls => {
            let view = OperatorsView::new(&people::list(&workspace)?);
            if global.json {
                output::document(&view)?;
            } else {
                let mut table = output::table(["operator", "name", "entered"]);
                for one in view.operators {
                    table.add_row([one.id, visible(&one.name), one.added_at]);
                }
                output::text(table)?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
