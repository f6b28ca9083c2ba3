//! `operator add`, `operator ls`, `operator passwd`.

use std::process::ExitCode;

use anyhow::Result;
use serde_json::json;
use tutela_app::cases::{passwords, people};
use tutela_app::views::{OperatorView, OperatorsView};

use super::password;
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
        Operator::Passwd { name } => {
            passwords::set(&workspace, name, &password::read()?)?;
            if global.json {
                output::document(
                    &json!({"schema": "tutela.operator_passwd.v1", "operator": name}),
                )?;
            } else {
                output::text(format_args!("{} can sign in at /console/", visible(name)))?;
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
