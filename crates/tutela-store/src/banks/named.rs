//! Contents that are named: by number, or by a sender's key.

use sqlx::AssertSqlSafe;
use tutela_core::{BankNumber, ContentNumber};

use super::Content;
use super::contents::{COLUMNS, NUMBERS};
use crate::rows::{Reader, escaped, int, placeholders};
use crate::{Result, Store, StoreError};

impl Store {
    /// Contents by number, in rising order; those that are gone are left out.
    pub async fn contents(&self, numbers: &[ContentNumber]) -> Result<Vec<Content>> {
        let mut contents = Vec::with_capacity(numbers.len());
        for chunk in numbers.chunks(NUMBERS) {
            let sql = format!(
                "SELECT {COLUMNS} FROM bank_contents WHERE removed = 0 AND number IN ({}) ORDER BY number",
                placeholders(1, chunk.len())
            );
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for number in chunk {
                query = query.bind(int(number.0, "number of a content")?);
            }
            let rows = query
                .fetch_all(&self.pool)
                .await
                .map_err(|error| StoreError::of(error, "content"))?;
            contents.extend(self.with_signals(&rows).await?);
        }
        contents.sort_by_key(|content| content.number);
        Ok(contents)
    }

    /// Which of these sender's keys are in a bank, each with its content.
    pub async fn contents_by_key(
        &self,
        bank: BankNumber,
        keys: &[&str],
    ) -> Result<Vec<(String, ContentNumber)>> {
        let mut found = Vec::new();
        for chunk in keys.chunks(NUMBERS) {
            let sql = format!(
                "SELECT exchange_key, number FROM bank_contents WHERE bank = $1 AND removed = 0 \
                 AND exchange_key IN ({})",
                placeholders(2, chunk.len())
            );
            let mut query = sqlx::query(AssertSqlSafe(sql)).bind(i64::from(bank.0));
            for key in chunk {
                query = query.bind(escaped(key));
            }
            let rows = query
                .fetch_all(&self.pool)
                .await
                .map_err(|error| StoreError::of(error, "content"))?;
            for row in &rows {
                let row = Reader { table: "bank_contents", row };
                found.push((row.text("exchange_key")?, ContentNumber(row.int("number")?)));
            }
        }
        Ok(found)
    }
}
