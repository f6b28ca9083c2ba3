//! The people who work in a workspace.

use serde_json::json;
use tutela_core::OperatorId;
use tutela_ledger::{Draft, acts};
use tutela_store::Operator;

use crate::workspace::Workspace;
use crate::{AppError, ids};

/// Enters a person.
///
/// # Errors
/// Somebody has this name already, or the store does not answer.
pub fn add(workspace: &Workspace, name: &str) -> Result<Operator, AppError> {
    if list(workspace)?.iter().any(|operator| operator.name == name) {
        return Err(AppError::OperatorExists { name: name.to_owned() });
    }
    let operator =
        Operator { id: OperatorId(ids::new()), name: name.to_owned(), added_at: workspace.now() };
    let added = Draft {
        outputs: vec![operator.id.into()],
        payload: Some(workspace.payload(&json!({"name": name}))?),
        ..workspace.draft(acts::OPERATOR_ADDED)
    };
    workspace.block_on(workspace.store().add_operator(&operator, vec![added]))?;
    workspace.checkpoint()?;
    Ok(operator)
}

/// Everybody, in the order they were entered.
///
/// # Errors
/// The store does not answer.
pub fn list(workspace: &Workspace) -> Result<Vec<Operator>, AppError> {
    Ok(workspace.block_on(workspace.store().operators())?)
}
