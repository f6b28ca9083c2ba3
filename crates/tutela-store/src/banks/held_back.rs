//! Contents that are held back because too much matched them.

use sqlx::AssertSqlSafe;
use tutela_core::{BankNumber, ContentNumber};

use super::ContentsPage;
use super::contents::COLUMNS;
use crate::rows::int;
use crate::{Result, Store, StoreError};

impl Store {
    /// At most `limit` contents of a bank that are held back, behind a number.
    pub async fn held_back_of(
        &self,
        bank: BankNumber,
        behind: Option<ContentNumber>,
        limit: u32,
    ) -> Result<ContentsPage> {
        let sql = format!(
            "SELECT {COLUMNS} FROM bank_contents WHERE bank = $1 AND number > $2 AND removed = 0 \
             AND quarantined_at IS NOT NULL ORDER BY number LIMIT $3"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(i64::from(bank.0))
            .bind(int(behind.map_or(0, |number| number.0), "number of a content")?)
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "content"))?;
        let contents = self.with_signals(&rows).await?;
        let full = contents.len() >= limit as usize;
        let next = contents.last().filter(|_| full).map(|content| content.number);
        Ok(ContentsPage { contents, next })
    }
}
