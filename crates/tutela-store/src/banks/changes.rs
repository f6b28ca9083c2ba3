//! What has changed in the banks since a reader last looked.

use sqlx::AssertSqlSafe;
use tutela_core::{BankNumber, ContentNumber};

use super::contents::COLUMNS;
use super::{Bank, Content};
use crate::rows::{Reader, int};
use crate::{Result, Store, StoreError};

/// How a bank or content stands now. Several changes of one are told as one.
#[derive(Debug, Clone, PartialEq)]
pub enum BankChange {
    /// A bank; `None` once it is gone, and everything in it.
    Bank(BankNumber, Option<Bank>),
    /// A content; `None` once it is gone.
    Content(ContentNumber, Option<Content>),
}

/// Changes in the order they were made.
#[derive(Debug, Clone, PartialEq)]
pub struct Changes {
    /// The changes.
    pub changes: Vec<BankChange>,
    /// The last change that they cover: ask for those behind it next.
    pub upto: u64,
    /// Nothing lies behind it yet.
    pub complete: bool,
}

impl Store {
    /// The number of the last change that was made.
    pub async fn last_bank_change(&self) -> Result<u64> {
        let row = sqlx::query("SELECT value FROM counters WHERE name = 'bank_changes'")
            .fetch_one(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "change"))?;
        Reader { table: "counters", row: &row }.int("value")
    }

    /// Changes behind number `behind`, of at most `limit` contents.
    pub async fn bank_changes(&self, behind: u64, limit: u32) -> Result<Changes> {
        let of = |error| StoreError::of(error, "change");
        // First: what is committed later has a higher number, since writers queue at the counter.
        let last = self.last_bank_change().await?;
        let sql = format!(
            "SELECT {COLUMNS} FROM bank_contents WHERE change > $1 AND change <= $2 ORDER BY change LIMIT $3"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(int(behind, "change")?)
            .bind(int(last, "change")?)
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await
            .map_err(of)?;
        let full = rows.len() >= limit as usize;
        let upto = match rows.last().filter(|_| full) {
            Some(row) => Reader { table: "bank_contents", row }.int("change")?,
            None => last,
        };
        let mut changes = self.changed_banks(behind, upto).await?;
        for (row, content) in rows.iter().zip(self.with_signals(&rows).await?) {
            let removed: i64 = Reader { table: "bank_contents", row }.int("removed")?;
            changes.push(BankChange::Content(content.number, (removed == 0).then_some(content)));
        }
        Ok(Changes { changes, upto, complete: !full })
    }

    /// Banks come before contents, so that no content is told of before its bank.
    async fn changed_banks(&self, behind: u64, upto: u64) -> Result<Vec<BankChange>> {
        let sql = format!(
            "SELECT {} FROM signal_banks WHERE change > $1 AND change <= $2 ORDER BY change",
            super::COLUMNS
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(int(behind, "change")?)
            .bind(int(upto, "change")?)
            .fetch_all(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "change"))?;
        let one = |row: &sqlx::any::AnyRow| {
            let row = Reader { table: "signal_banks", row };
            let number = BankNumber(row.int("number")?);
            let there = row.text_or_null("name")?.is_some();
            Ok(BankChange::Bank(number, there.then(|| super::read(&row)).transpose()?))
        };
        rows.iter().map(one).collect()
    }
}
