//! The people at the console.

use tutela_core::{OperatorId, Timestamp};

use crate::ledger::append_to;
use crate::rows::{Reader, escaped, time_text};
use crate::store::commit;
use crate::{LedgerDraft, Result, Store, StoreError};

/// A person at the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// The id that the ledger names.
    pub id: OperatorId,
    /// The person's name; personal data, kept out of the ledger.
    pub name: String,
    /// When the person was entered.
    pub added_at: Timestamp,
}

impl Store {
    /// Enters a person. Errors: [`StoreError::Duplicate`] where the id is taken.
    pub async fn add_operator(&self, operator: &Operator, custody: Vec<LedgerDraft>) -> Result<()> {
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, custody).await?;
        sqlx::query("INSERT INTO operators (id, name, added_at) VALUES ($1, $2, $3)")
            .bind(operator.id.to_string())
            .bind(escaped(&operator.name))
            .bind(time_text(operator.added_at))
            .execute(&mut *transaction)
            .await
            .map_err(|error| StoreError::of(error, "operator"))?;
        commit(transaction).await
    }

    /// One person.
    pub async fn operator(&self, id: OperatorId) -> Result<Operator> {
        let row = sqlx::query("SELECT id, name, added_at FROM operators WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "operator"))?
            .ok_or_else(|| StoreError::not_found("operator", id))?;
        read(&row)
    }

    /// Everybody, in the order they were entered.
    pub async fn operators(&self) -> Result<Vec<Operator>> {
        let rows = sqlx::query("SELECT id, name, added_at FROM operators ORDER BY added_at, id")
            .fetch_all(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "operator"))?;
        rows.iter().map(read).collect()
    }

    /// Gives a person a password, as the text that it is checked against; the one before is gone.
    /// Errors: [`StoreError::NotFound`].
    pub async fn set_password(
        &self,
        id: OperatorId,
        hash: &str,
        custody: Vec<LedgerDraft>,
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, custody).await?;
        let set = sqlx::query("UPDATE operators SET password = $1 WHERE id = $2")
            .bind(hash)
            .bind(id.to_string())
            .execute(&mut *transaction)
            .await
            .map_err(|error| StoreError::of(error, "operator"))?;
        if set.rows_affected() == 0 {
            return Err(StoreError::not_found("operator", id));
        }
        commit(transaction).await
    }

    /// What a person's password is checked against, where they have one.
    /// Errors: [`StoreError::NotFound`].
    pub async fn password(&self, id: OperatorId) -> Result<Option<String>> {
        let row = sqlx::query("SELECT password FROM operators WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "operator"))?
            .ok_or_else(|| StoreError::not_found("operator", id))?;
        Reader { table: "operators", row: &row }.text_or_null("password")
    }
}

fn read(row: &sqlx::any::AnyRow) -> Result<Operator> {
    let row = Reader { table: "operators", row };
    Ok(Operator {
        id: row.parsed("id")?,
        name: row.text("name")?,
        added_at: row.parsed("added_at")?,
    })
}
