//! One batch of a scan: stored whole or not at all.

use sqlx::Row;
use tutela_core::{Exhibit, Finding, ScanId};

use crate::exhibits::insert_exhibits;
use crate::findings::insert_findings;
use crate::ledger::append_to;
use crate::rows::{Transaction, escaped, indexed, insert_rows, int};
use crate::store::commit;
use crate::{LedgerDraft, Result, ScanState, Store, StoreError};

/// A path that a scan could not enter or would not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedPath {
    /// The path; personal data.
    pub path: String,
    /// Stable code of the reason.
    pub code: String,
    /// The reason in plain words.
    pub message: String,
}

/// What a scan has found since the last batch.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// Exhibits, in the order in which they are to be listed.
    pub exhibits: Vec<Exhibit>,
    /// Findings about exhibits of this batch or earlier ones.
    pub findings: Vec<Finding>,
    /// Paths left out; the same path with the same code counts once.
    pub skipped: Vec<SkippedPath>,
    /// Ledger lines of all this.
    pub custody: Vec<LedgerDraft>,
}

impl Store {
    /// Stores a batch in one transaction: after a crash all of it is there, or none.
    ///
    /// Errors: [`StoreError::Duplicate`] where a source key of the scan or an id is there already,
    /// [`StoreError::WrongState`] where the scan has ended; nothing is stored then.
    pub async fn commit_batch(&self, scan: ScanId, batch: Batch) -> Result<()> {
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, batch.custody).await?;

        let claimed =
            claim_positions(&mut transaction, scan, &batch.exhibits, &batch.findings).await?;
        let Some(at) = claimed else {
            drop(transaction);
            return Err(self.why_not_running(scan).await);
        };
        insert_exhibits(&mut transaction, at.scan, at.exhibits, &batch.exhibits).await?;
        insert_findings(&mut transaction, at.scan, at.findings, &batch.findings).await?;
        insert_skipped(&mut transaction, at.scan, &batch.skipped).await?;
        commit(transaction).await
    }
}

/// Number of a scan, and the positions at which its new rows begin.
struct Claimed {
    scan: i64,
    exhibits: i64,
    findings: i64,
}

/// Counts the batch into a running scan; `None` where it is not running. Locks the scan's row, so
/// that positions have no gaps.
async fn claim_positions(
    transaction: &mut Transaction,
    scan: ScanId,
    exhibits: &[Exhibit],
    findings: &[Finding],
) -> Result<Option<Claimed>> {
    let of = |error| StoreError::of(error, "scan");
    let (exhibits, findings) =
        (int(exhibits.len() as u64, "exhibits")?, int(findings.len() as u64, "findings")?);
    let row = sqlx::query(
        "UPDATE scans SET exhibits = exhibits + $1, findings = findings + $2 \
         WHERE id = $3 AND state = $4 RETURNING number, exhibits, findings",
    )
    .bind(exhibits)
    .bind(findings)
    .bind(scan.to_string())
    .bind(ScanState::Running.as_str())
    .fetch_optional(&mut **transaction)
    .await
    .map_err(of)?;
    let Some(row) = row else { return Ok(None) };
    let column = |name| row.try_get::<i64, &str>(name).map_err(of);
    Ok(Some(Claimed {
        scan: column("number")?,
        exhibits: column("exhibits")? - exhibits,
        findings: column("findings")? - findings,
    }))
}

async fn insert_skipped(
    transaction: &mut Transaction,
    scan: i64,
    skipped: &[SkippedPath],
) -> Result<()> {
    let insert = (
        "INSERT INTO skipped_paths (scan, path_index, code, path, message)",
        5,
        "ON CONFLICT (scan, path_index, code) DO NOTHING",
    );
    insert_rows(transaction, insert, "skipped path", skipped, |query, skipped| {
        Ok(query
            .bind(scan)
            .bind(indexed(&skipped.path))
            .bind(escaped(&skipped.code))
            .bind(escaped(&skipped.path))
            .bind(escaped(&skipped.message)))
    })
    .await
}
