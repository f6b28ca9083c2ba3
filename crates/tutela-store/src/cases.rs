//! Cases: the files that join what belongs together.

use sqlx::any::AnyRow;
use tutela_core::{CaseId, Timestamp};

use crate::ledger::append_to;
use crate::rows::{Reader, escaped, time_text};
use crate::store::commit;
use crate::{LedgerDraft, Result, Store, StoreError};

/// A case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Its identity.
    pub id: CaseId,
    /// What its people call it; may hold personal data.
    pub title: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
}

impl Store {
    /// Opens a case.
    pub async fn create_case(
        &self,
        id: CaseId,
        title: &str,
        at: Timestamp,
        custody: Vec<LedgerDraft>,
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, custody).await?;
        sqlx::query("INSERT INTO cases (id, title, opened_at) VALUES ($1, $2, $3)")
            .bind(id.to_string())
            .bind(escaped(title))
            .bind(time_text(at))
            .execute(&mut *transaction)
            .await
            .map_err(|error| StoreError::of(error, "case"))?;
        commit(transaction).await
    }

    /// Closes a case. Errors: [`StoreError::WrongState`] where it is closed already.
    pub async fn close_case(
        &self,
        id: CaseId,
        at: Timestamp,
        custody: Vec<LedgerDraft>,
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, custody).await?;
        let closed =
            sqlx::query("UPDATE cases SET closed_at = $1 WHERE id = $2 AND closed_at IS NULL")
                .bind(time_text(at))
                .bind(id.to_string())
                .execute(&mut *transaction)
                .await
                .map_err(|error| StoreError::of(error, "case"))?;
        if closed.rows_affected() == 0 {
            drop(transaction);
            self.case(id).await?;
            let state = "closed".to_owned();
            return Err(StoreError::WrongState { what: "case", id: id.to_string(), state });
        }
        commit(transaction).await
    }

    /// One case.
    pub async fn case(&self, id: CaseId) -> Result<Case> {
        let row = sqlx::query("SELECT id, title, opened_at, closed_at FROM cases WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "case"))?
            .ok_or_else(|| StoreError::not_found("case", id))?;
        read(&row)
    }

    /// All cases, in the order they were opened.
    pub async fn cases(&self) -> Result<Vec<Case>> {
        let rows =
            sqlx::query("SELECT id, title, opened_at, closed_at FROM cases ORDER BY opened_at, id")
                .fetch_all(&self.pool)
                .await
                .map_err(|error| StoreError::of(error, "case"))?;
        rows.iter().map(read).collect()
    }
}

fn read(row: &AnyRow) -> Result<Case> {
    let row = Reader { table: "cases", row };
    Ok(Case {
        id: row.parsed("id")?,
        title: row.text("title")?,
        opened_at: row.parsed("opened_at")?,
        closed_at: row.parsed_or_null("closed_at")?,
    })
}
