//! Runs of exchanges: one process at a time, and none that died blocks the next.

use sqlx::AssertSqlSafe;
use tutela_core::{ExchangeNumber, Timestamp};

use super::{COLUMNS, Exchange, read};
use crate::rows::{Reader, escaped, int, time_text};
use crate::{Result, Store, StoreError};

/// The right of one process to fetch. Whoever comes after it takes it away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FetchClaim {
    /// The exchange.
    pub exchange: ExchangeNumber,
    /// When the run began.
    pub since: Timestamp,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchEnd {
    /// When.
    pub at: Timestamp,
    /// Code and message of what went wrong; `None` if nothing did.
    pub error: Option<(String, String)>,
    /// Whether everything the sender had was taken.
    pub up_to_date: bool,
    /// When the next run may begin.
    pub next_fetch_at: Timestamp,
}

impl Store {
    /// The exchanges that are to fetch now, the longest waiting first.
    pub async fn due_exchanges(&self, now: Timestamp) -> Result<Vec<Exchange>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM exchanges WHERE enabled = 1 AND (next_fetch_at IS NULL OR next_fetch_at <= $1) \
             ORDER BY COALESCE(last_ended_at, created_at), number"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(time_text(now))
            .fetch_all(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "exchange"))?;
        rows.iter().map(read).collect()
    }

    /// Begins a run, unless a process is at it that was alive after `dead_before`.
    pub async fn claim_exchange(
        &self,
        exchange: ExchangeNumber,
        now: Timestamp,
        dead_before: Timestamp,
    ) -> Result<Option<FetchClaim>> {
        let row = sqlx::query(
            "UPDATE exchanges SET running_since = $1, renewed_at = $1 \
             WHERE number = $2 AND (running_since IS NULL OR COALESCE(renewed_at, running_since) < $3) \
             RETURNING running_since",
        )
        .bind(time_text(now))
        .bind(int(exchange.0, "number of an exchange")?)
        .bind(time_text(dead_before))
        .fetch_optional(&self.pool)
        .await
        .map_err(|error| StoreError::of(error, "exchange"))?;
        let claim = |row| {
            let since = Reader { table: "exchanges", row: &row }.parsed("running_since")?;
            Ok(FetchClaim { exchange, since })
        };
        row.map(claim).transpose()
    }

    /// Says that the process that holds a claim is alive; `false` where another one has taken over.
    pub async fn renew_claim(&self, claim: FetchClaim, now: Timestamp) -> Result<bool> {
        let renewed = sqlx::query(
            "UPDATE exchanges SET renewed_at = $1 WHERE number = $2 AND running_since = $3",
        )
        .bind(time_text(now))
        .bind(int(claim.exchange.0, "number of an exchange")?)
        .bind(time_text(claim.since))
        .execute(&self.pool)
        .await
        .map_err(|error| StoreError::of(error, "exchange"))?;
        Ok(renewed.rows_affected() == 1)
    }

    /// Ends a run. A claim that another process has taken over changes nothing.
    pub async fn end_fetch(&self, claim: FetchClaim, end: &FetchEnd) -> Result<()> {
        let (code, message) = end.error.clone().unzip();
        sqlx::query(
            "UPDATE exchanges SET running_since = NULL, last_ended_at = $1, last_succeeded = $2, up_to_date = $3, \
             error_code = $4, error_message = $5, next_fetch_at = $6, \
             failures = CASE WHEN $7 = 1 THEN 0 ELSE failures + 1 END \
             WHERE number = $8 AND running_since = $9",
        )
        .bind(time_text(end.at))
        .bind(i64::from(end.error.is_none()))
        .bind(i64::from(end.up_to_date))
        .bind(code)
        .bind(message.as_deref().map(escaped))
        .bind(time_text(end.next_fetch_at))
        .bind(i64::from(end.error.is_none()))
        .bind(int(claim.exchange.0, "number of an exchange")?)
        .bind(time_text(claim.since))
        .execute(&self.pool)
        .await
        .map(drop)
        .map_err(|error| StoreError::of(error, "exchange"))
    }
}
