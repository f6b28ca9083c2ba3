//! How people who have looked say that some content was made.

use sqlx::any::AnyRow;
use tutela_core::{CreationMode, ExhibitId, OperatorId, ScanId, Sha256, Timestamp};

use crate::ledger::append_to;
use crate::rows::{Reader, escaped, time_text};
use crate::scans::next_number;
use crate::store::commit;
use crate::{LedgerDraft, Result, Store, StoreError};

const COLUMNS: &str = "exhibit, sha256, mode, reason, operator, stated_at";

/// What one person said of some content. Said once; never changed, never taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreationStatement {
    /// The exhibit that was looked at.
    pub exhibit: ExhibitId,
    /// Its bytes, which the statement is about in every scan.
    pub sha256: Sha256,
    /// How it was made.
    pub mode: CreationMode,
    /// Why the person says so; may hold personal data.
    pub reason: String,
    /// Who.
    pub operator: OperatorId,
    /// When.
    pub stated_at: Timestamp,
}

impl Store {
    /// Adds a statement beside those that are there.
    pub async fn state_creation_mode(
        &self,
        said: &CreationStatement,
        custody: Vec<LedgerDraft>,
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, custody).await?;
        let number = next_number(&mut transaction, "creation_modes").await?;
        sqlx::query(
            "INSERT INTO creation_modes (number, exhibit, sha256, mode, reason, operator, stated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(number)
        .bind(said.exhibit.to_string())
        .bind(said.sha256.to_string())
        .bind(said.mode.as_str())
        .bind(escaped(&said.reason))
        .bind(said.operator.to_string())
        .bind(time_text(said.stated_at))
        .execute(&mut *transaction)
        .await
        .map_err(|error| StoreError::of(error, "creation mode"))?;
        commit(transaction).await
    }

    /// Everything said of some bytes, in the order it was said.
    pub async fn creation_statements(&self, sha256: Sha256) -> Result<Vec<CreationStatement>> {
        let sql = format!("SELECT {COLUMNS} FROM creation_modes WHERE sha256 = $1 ORDER BY number");
        self.creation_rows(&sql, sha256.to_string()).await
    }

    /// Everything said of the bytes of a scan's exhibits, in this scan or another.
    pub async fn creation_statements_of(&self, scan: ScanId) -> Result<Vec<CreationStatement>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM creation_modes WHERE sha256 IN (SELECT exhibits.sha256 FROM exhibits \
             JOIN scans ON scans.number = exhibits.scan WHERE scans.id = $1) ORDER BY number"
        );
        self.creation_rows(&sql, scan.to_string()).await
    }

    async fn creation_rows(&self, sql: &str, about: String) -> Result<Vec<CreationStatement>> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql.to_owned()))
            .bind(about)
            .fetch_all(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "creation mode"))?;
        rows.iter().map(read).collect()
    }
}

fn read(row: &AnyRow) -> Result<CreationStatement> {
    let row = Reader { table: "creation_modes", row };
    Ok(CreationStatement {
        exhibit: row.parsed("exhibit")?,
        sha256: row.parsed("sha256")?,
        mode: row.one_of("mode", &CreationMode::ALL, CreationMode::as_str)?,
        reason: row.text("reason")?,
        operator: row.parsed("operator")?,
        stated_at: row.parsed("stated_at")?,
    })
}
