//! `webhook ls`, `webhook requeue`.

use std::process::ExitCode;

use anyhow::Result;
use serde_json::json;
use tutela_app::jobs::deliveries;
use tutela_core::{DeliveryNumber, SendState};

use super::workspace::open;
use crate::cli::{Global, StateArg, Webhook};
use crate::output::{self, visible};

/// Deliveries shown at most.
const SHOWN: u32 = 200;

pub(super) fn run(global: &Global, verb: &Webhook) -> Result<ExitCode> {
    let workspace = open(global)?;
    match verb {
        Webhook::Ls { state } => {
            let state = match state {
                StateArg::Queued => SendState::Queued,
                StateArg::Sent => SendState::Sent,
                StateArg::Dead => SendState::Dead,
            };
            let all =
                workspace.block_on(deliveries::list(workspace.store(), state, None, SHOWN))?;
            if global.json {
                output::document(
                    &json!({"schema": "tutela.webhook_deliveries.v1", "deliveries": all}),
                )?;
                return Ok(ExitCode::SUCCESS);
            }
            let mut table =
                output::table(["delivery", "webhook", "finding", "queued at", "attempts", "error"]);
            for one in all {
                let error = one.error.unwrap_or_default();
                let (number, attempts) = (one.number.to_string(), one.attempts.to_string());
                table.add_row([
                    number,
                    visible(&one.webhook),
                    one.finding,
                    one.created_at,
                    attempts,
                    error,
                ]);
            }
            output::text(table)?;
        }
        Webhook::Requeue { numbers } => {
            for number in numbers {
                let (store, by) = (workspace.store(), workspace.operator());
                workspace.block_on(deliveries::requeue(store, by, DeliveryNumber(*number)))?;
            }
            workspace.checkpoint()?;
            if global.json {
                output::document(
                    &json!({"schema": "tutela.webhook_requeue.v1", "deliveries": numbers}),
                )?;
            } else {
                output::text(format_args!("Queued {} again", numbers.len()))?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
