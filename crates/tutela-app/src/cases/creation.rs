//! How a person who has looked says some content was made. It outranks what a machine read.

use serde_json::json;
use tutela_core::{CreationMode, ExhibitId};
use tutela_ledger::{Draft, acts};
use tutela_store::CreationStatement;

use crate::AppError;
use crate::workspace::Workspace;

/// Adds the operator's statement about an exhibit, which holds for its bytes wherever they are found.
///
/// # Errors
/// There is no such exhibit, or not a byte of it could be read.
pub fn state(
    workspace: &Workspace,
    exhibit: ExhibitId,
    mode: CreationMode,
    reason: &str,
) -> Result<Vec<CreationStatement>, AppError> {
    let (scan, found) = workspace.block_on(workspace.store().exhibit(exhibit))?;
    let sha256 = found.digests.ok_or(AppError::UnreadExhibit { id: exhibit })?.sha256;
    let said = CreationStatement {
        exhibit,
        sha256,
        mode,
        reason: reason.to_owned(),
        operator: workspace.operator(),
        stated_at: workspace.now(),
    };
    let stated = Draft {
        scan: Some(scan),
        exhibit: Some(exhibit),
        inputs: vec![sha256.into()],
        payload: Some(workspace.payload(&json!({"mode": mode.as_str(), "reason": reason}))?),
        ..workspace.draft(acts::EXHIBIT_CREATION_MODE_STATED)
    };
    workspace.block_on(workspace.store().state_creation_mode(&said, vec![stated]))?;
    workspace.checkpoint()?;
    Ok(workspace.block_on(workspace.store().creation_statements(sha256))?)
}

/// Everything that was said of an exhibit's bytes, in the order it was said.
///
/// # Errors
/// There is no such exhibit.
pub fn history(
    workspace: &Workspace,
    exhibit: ExhibitId,
) -> Result<Vec<CreationStatement>, AppError> {
    let (_, found) = workspace.block_on(workspace.store().exhibit(exhibit))?;
    match found.digests {
        Some(digests) => {
            Ok(workspace.block_on(workspace.store().creation_statements(digests.sha256))?)
        }
        None => Ok(Vec::new()),
    }
}
