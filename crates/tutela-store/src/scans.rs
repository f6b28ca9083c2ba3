//! Scans: runs of device triage, which may stop and go on.

use std::collections::HashSet;

use serde_json::Value;
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;
use tutela_core::{CaseId, OperatorId, ScanId, Sha256, Timestamp};

use crate::ledger::append_to;
use crate::rows::{Reader, Transaction, each, escaped, time_text};
use crate::store::commit;
use crate::{LedgerDraft, Result, SkippedPath, Store, StoreError};

/// How far a scan has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScanState {
    /// Under way, or broken off and able to go on.
    Running,
    /// Told to stop before it had seen everything; it can go on.
    Stopped,
    /// It saw everything it was told to.
    Finished,
    /// It was ended early and will not go on.
    Abandoned,
}

impl ScanState {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Running, Self::Stopped, Self::Finished, Self::Abandoned];

    /// Its name in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Stopped => "stopped",
            Self::Finished => "finished",
            Self::Abandoned => "abandoned",
        }
    }
}

/// A scan that begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewScan {
    /// Its identity.
    pub id: ScanId,
    /// When it began.
    pub started_at: Timestamp,
    /// Who began it.
    pub operator: OperatorId,
    /// The case it belongs to.
    pub case: Option<CaseId>,
    /// Where it looks, as given.
    pub roots: Vec<String>,
    /// Everything that decides its results, as JSON.
    pub parameters_json: String,
    /// SHA-256 of these parameters: a scan goes on only where it is the same.
    pub parameters_sha256: Sha256,
    /// The program, such as `tutela 0.1.0`.
    pub tool: String,
    /// How decoding is fenced in, in words.
    pub protection: String,
}

/// A scan in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// What it was begun with.
    pub begun: NewScan,
    /// How far it has come.
    pub state: ScanState,
    /// How often it went on after a stop.
    pub resumptions: u64,
    /// When it last went on.
    pub resumed_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// What came of it, as JSON.
    pub summary_json: Option<String>,
    /// Exhibits committed so far.
    pub exhibits: u64,
}

const COLUMNS: &str = "number, id, operator, case_id, state, started_at, roots_json, parameters_json, \
    parameters_sha256, tool, protection, resumptions, resumed_at, finished_at, summary_json, exhibits";

impl Store {
    /// Begins a scan.
    pub async fn start_scan(&self, scan: &NewScan, custody: Vec<LedgerDraft>) -> Result<()> {
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, custody).await?;
        let number = next_number(&mut transaction, "scans").await?;
        sqlx::query(
            "INSERT INTO scans (number, id, operator, case_id, state, started_at, roots_json, \
             parameters_json, parameters_sha256, tool, protection, resumptions, exhibits, findings) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, 0)",
        )
        .bind(number)
        .bind(scan.id.to_string())
        .bind(scan.operator.to_string())
        .bind(scan.case.map(|id| id.to_string()))
        .bind(ScanState::Running.as_str())
        .bind(time_text(scan.started_at))
        .bind(Value::from(scan.roots.clone()).to_string())
        .bind(escaped(&scan.parameters_json))
        .bind(scan.parameters_sha256.to_string())
        .bind(escaped(&scan.tool))
        .bind(escaped(&scan.protection))
        .execute(&mut *transaction)
        .await
        .map_err(|error| StoreError::of(error, "scan"))?;
        commit(transaction).await
    }

    /// The latest scan with these parameters that is running or stopped: the one to go on with.
    pub async fn unfinished_scan(&self, parameters_sha256: Sha256) -> Result<Option<Scan>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM scans WHERE parameters_sha256 = $1 AND state IN ($2, $3) \
             ORDER BY number DESC LIMIT 1"
        );
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(parameters_sha256.to_string())
            .bind(ScanState::Running.as_str())
            .bind(ScanState::Stopped.as_str())
            .fetch_optional(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "scan"))?;
        row.as_ref().map(read).transpose()
    }

    /// Notes that a running or stopped scan goes on. What a stop left of results is let go.
    pub async fn note_resumed(
        &self,
        id: ScanId,
        at: Timestamp,
        custody: Vec<LedgerDraft>,
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, custody).await?;
        let updated = sqlx::query(
            "UPDATE scans SET resumptions = resumptions + 1, resumed_at = $1, state = $2, \
             finished_at = NULL, summary_json = NULL WHERE id = $3 AND state IN ($2, $4)",
        )
        .bind(time_text(at))
        .bind(ScanState::Running.as_str())
        .bind(id.to_string())
        .bind(ScanState::Stopped.as_str())
        .execute(&mut *transaction)
        .await
        .map_err(|error| StoreError::of(error, "scan"))?;
        if updated.rows_affected() == 0 {
            drop(transaction);
            return Err(self.why_not_running(id).await);
        }
        commit(transaction).await
    }

    /// Ends or stops a running scan. Errors: [`StoreError::WrongState`] where it has ended already.
    pub async fn finish_scan(
        &self,
        id: ScanId,
        at: Timestamp,
        state: ScanState,
        summary_json: &str,
        custody: Vec<LedgerDraft>,
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, custody).await?;
        let updated = sqlx::query(
            "UPDATE scans SET state = $1, finished_at = $2, summary_json = $3 WHERE id = $4 AND state = $5",
        )
        .bind(state.as_str())
        .bind(time_text(at))
        .bind(escaped(summary_json))
        .bind(id.to_string())
        .bind(ScanState::Running.as_str())
        .execute(&mut *transaction)
        .await
        .map_err(|error| StoreError::of(error, "scan"))?;
        if updated.rows_affected() == 0 {
            drop(transaction);
            return Err(self.why_not_running(id).await);
        }
        commit(transaction).await
    }

    /// One scan.
    pub async fn scan(&self, id: ScanId) -> Result<Scan> {
        let sql = format!("SELECT {COLUMNS} FROM scans WHERE id = $1");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "scan"))?
            .ok_or_else(|| StoreError::not_found("scan", id))?;
        read(&row)
    }

    /// All scans, in the order they began.
    pub async fn scans(&self) -> Result<Vec<Scan>> {
        let rows =
            sqlx::query(AssertSqlSafe(format!("SELECT {COLUMNS} FROM scans ORDER BY number")))
                .fetch_all(&self.pool)
                .await
                .map_err(|error| StoreError::of(error, "scan"))?;
        rows.iter().map(read).collect()
    }

    /// Source keys of the exhibits that are committed: what a resumed scan need not read again.
    pub async fn done_keys(&self, scan: ScanId) -> Result<HashSet<String>> {
        let number = self.scan_number(scan).await?;
        let rows = sqlx::query("SELECT source_key FROM exhibits WHERE scan = $1")
            .bind(number)
            .fetch_all(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "scan"))?;
        let key = |row| Reader { table: "exhibits", row }.text("source_key");
        rows.iter().map(key).collect()
    }

    /// Paths that the scan could not enter or would not read, by path.
    pub async fn skipped_paths(&self, scan: ScanId) -> Result<Vec<SkippedPath>> {
        let number = self.scan_number(scan).await?;
        let rows = sqlx::query("SELECT path, code, message FROM skipped_paths WHERE scan = $1")
            .bind(number)
            .fetch_all(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "scan"))?;
        let read = |row| {
            let row = Reader { table: "skipped_paths", row };
            Ok(SkippedPath {
                path: row.text("path")?,
                code: row.text("code")?,
                message: row.text("message")?,
            })
        };
        let mut paths: Vec<SkippedPath> = rows.iter().map(read).collect::<Result<_>>()?;
        // Not by the database, whose order of texts depends on its locale.
        paths.sort_by(|a, b| (&a.path, &a.code).cmp(&(&b.path, &b.code)));
        Ok(paths)
    }

    /// The number by which rows refer to a scan.
    pub(crate) async fn scan_number(&self, id: ScanId) -> Result<i64> {
        let row = sqlx::query("SELECT number FROM scans WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "scan"))?
            .ok_or_else(|| StoreError::not_found("scan", id))?;
        Reader { table: "scans", row: &row }.int("number")
    }

    /// Why a scan cannot be written to.
    pub(crate) async fn why_not_running(&self, id: ScanId) -> StoreError {
        match self.scan(id).await {
            Ok(scan) => {
                let state = scan.state.as_str().to_owned();
                StoreError::WrongState { what: "scan", id: id.to_string(), state }
            }
            Err(error) => error,
        }
    }
}

/// The next number of a table, from 1. Locks the counter until the transaction ends.
pub(crate) async fn next_number(transaction: &mut Transaction, table: &'static str) -> Result<i64> {
    let row = sqlx::query("UPDATE counters SET value = value + 1 WHERE name = $1 RETURNING value")
        .bind(table)
        .fetch_one(&mut **transaction)
        .await
        .map_err(|error| StoreError::of(error, table))?;
    Reader { table: "counters", row: &row }.int("value")
}

fn read(row: &AnyRow) -> Result<Scan> {
    let row = Reader { table: "scans", row };
    Ok(Scan {
        begun: NewScan {
            id: row.parsed("id")?,
            started_at: row.parsed("started_at")?,
            operator: row.parsed("operator")?,
            case: row.parsed_or_null("case_id")?,
            roots: row
                .json("roots_json", |value| each(value, |root| root.as_str().map(str::to_owned)))?,
            parameters_json: row.text("parameters_json")?,
            parameters_sha256: row.parsed("parameters_sha256")?,
            tool: row.text("tool")?,
            protection: row.text("protection")?,
        },
        state: row.one_of("state", &ScanState::ALL, ScanState::as_str)?,
        resumptions: row.int("resumptions")?,
        resumed_at: row.parsed_or_null("resumed_at")?,
        finished_at: row.parsed_or_null("finished_at")?,
        summary_json: row.text_or_null("summary_json")?,
        exhibits: row.int("exhibits")?,
    })
}
