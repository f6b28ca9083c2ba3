//! Cases, the banks of signals that outlive one scan, and what examiners said.

pub mod alerts;
pub mod banks;
pub mod categories;
pub mod creation;
pub mod exchanges;
pub mod list_info;
pub mod passwords;
pub mod people;

use serde_json::json;
use tutela_core::CaseId;
use tutela_ledger::{Draft, acts};
use tutela_store::Case;

use crate::workspace::Workspace;
use crate::{AppError, ids};

/// Opens a case.
///
/// # Errors
/// The store does not answer.
pub fn open(workspace: &Workspace, title: &str) -> Result<Case, AppError> {
    let case = Case {
        id: CaseId(ids::new()),
        title: title.to_owned(),
        opened_at: workspace.now(),
        closed_at: None,
    };
    let created = Draft {
        case: Some(case.id),
        payload: Some(workspace.payload(&json!({"title": title}))?),
        ..workspace.draft(acts::CASE_CREATED)
    };
    let stored = workspace.store().create_case(case.id, title, case.opened_at, vec![created]);
    workspace.block_on(stored)?;
    workspace.checkpoint()?;
    Ok(case)
}

/// All cases, in the order they were opened.
///
/// # Errors
/// The store does not answer.
pub fn list(workspace: &Workspace) -> Result<Vec<Case>, AppError> {
    Ok(workspace.block_on(workspace.store().cases())?)
}
