//! The custody events of a scan, and how a record enters a batch together with them.

use serde_json::json;
use tutela_core::{CaseId, ScanId};
use tutela_ledger::{Draft, Reference, acts};
use tutela_store::{Batch, NewScan, Scan};

use super::record::Record;
use crate::AppError;
use crate::engines::media::ListSet;
use crate::workspace::Workspace;

/// A scan began: with which parameters and lists. Where it looks stays outside the leaf.
pub(super) fn started(
    workspace: &Workspace,
    scan: &NewScan,
    lists: &ListSet,
) -> Result<Draft, AppError> {
    let lists = lists.lists().iter().map(|list| Reference::from(list.sha256));
    Ok(Draft {
        scan: Some(scan.id),
        case: scan.case,
        inputs: lists.collect(),
        // A digest of the parameters in the leaf would let a guessed path be confirmed.
        payload: Some(workspace.payload(&json!({
            "roots": scan.roots,
            "parameters": scan.parameters_json,
        }))?),
        ..workspace.draft(acts::SCAN_STARTED)
    })
}

/// An interrupted scan goes on.
pub(super) fn resumed(workspace: &Workspace, scan: &Scan) -> Result<Draft, AppError> {
    Ok(Draft {
        scan: Some(scan.begun.id),
        case: scan.begun.case,
        ..workspace.draft(acts::SCAN_RESUMED)
    })
}

/// Puts a record into a batch: the exhibit, its findings, and a custody event for each.
pub(super) fn enter(
    workspace: &Workspace,
    (scan, case): (ScanId, Option<CaseId>),
    record: Record,
    batch: &mut Batch,
) -> Result<(), AppError> {
    let Record { exhibit, findings } = record;
    let sealed = exhibit.digests.map(|digests| digests.sha256.into());
    batch.custody.push(Draft {
        scan: Some(scan),
        case,
        exhibit: Some(exhibit.id),
        outputs: sealed.into_iter().collect(),
        payload: Some(workspace.payload(&json!({
            "path": exhibit.path,
            "size_bytes": exhibit.size_bytes,
            "outcome": exhibit.outcome.as_str(),
            "failure": exhibit.failure.as_ref().map(|failure| &failure.code),
        }))?),
        ..workspace.draft(acts::EXHIBIT_SEALED)
    });
    for finding in &findings {
        batch.custody.push(Draft {
            scan: Some(scan),
            case,
            exhibit: Some(exhibit.id),
            inputs: finding.inputs.iter().copied().map(Reference::from).collect(),
            outputs: vec![finding.id.into()],
            ..workspace.draft(acts::FINDING_RAISED)
        });
    }
    batch.exhibits.push(exhibit);
    batch.findings.extend(findings);
    Ok(())
}
