//! What waits to be told to webhooks.

use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;
use tutela_core::{DeliveryNumber, FindingId, SendState, Timestamp};

use crate::ledger::append_to;
use crate::rows::{Reader, Transaction, escaped, int, time_text};
use crate::scans::next_number;
use crate::store::commit;
use crate::{LedgerDraft, Result, Store, StoreError};

/// Something a webhook is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// Name of the webhook in the settings.
    pub webhook: String,
    /// The finding that it is about.
    pub finding: FindingId,
    /// The body, as it is sent.
    pub body: String,
}

/// A delivery in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its number.
    pub number: DeliveryNumber,
    /// What is told to whom.
    pub told: NewDelivery,
    /// How far it is.
    pub state: SendState,
    /// Attempts so far.
    pub attempts: u32,
    /// When it is due next.
    pub next_attempt_at: Timestamp,
    /// When it was queued.
    pub created_at: Timestamp,
    /// What went wrong last, as a code.
    pub error: Option<String>,
}

const COLUMNS: &str =
    "number, webhook, finding, body, state, attempts, next_attempt_at, created_at, error";

impl Store {
    /// Queues deliveries, due at once.
    pub async fn add_deliveries(&self, told: &[NewDelivery], at: Timestamp) -> Result<()> {
        let mut transaction = self.begin().await?;
        insert_deliveries(&mut transaction, told, at).await?;
        commit(transaction).await
    }

    /// Takes at most `limit` deliveries that are due; until `until` they are nobody else's.
    pub async fn claim_deliveries(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Delivery>> {
        let sql = format!(
            "UPDATE webhook_deliveries SET next_attempt_at = $1 WHERE state = 'queued' AND next_attempt_at <= $2 \
             AND number IN (SELECT number FROM webhook_deliveries WHERE state = 'queued' \
             AND next_attempt_at <= $2 ORDER BY next_attempt_at, number LIMIT $3) RETURNING {COLUMNS}"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(time_text(until))
            .bind(time_text(now))
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "delivery"))?;
        let mut deliveries: Vec<Delivery> = rows.iter().map(read).collect::<Result<_>>()?;
        deliveries.sort_by_key(|delivery| delivery.number);
        Ok(deliveries)
    }

    /// Notes how an attempt ended: the state it is in now, what went wrong, and when the next is due.
    pub async fn delivery_tried(
        &self,
        number: DeliveryNumber,
        state: SendState,
        error: Option<&str>,
        next_attempt_at: Timestamp,
    ) -> Result<()> {
        sqlx::query(
            "UPDATE webhook_deliveries SET state = $1, error = $2, next_attempt_at = $3, attempts = attempts + 1 \
             WHERE number = $4",
        )
        .bind(state.as_str())
        .bind(error.map(escaped))
        .bind(time_text(next_attempt_at))
        .bind(int(number.0, "number of a delivery")?)
        .execute(&self.pool)
        .await
        .map(drop)
        .map_err(|error| StoreError::of(error, "delivery"))
    }

    /// At most `limit` deliveries in a state with numbers below `before`, the latest first.
    pub async fn deliveries(
        &self,
        state: SendState,
        before: Option<DeliveryNumber>,
        limit: u32,
    ) -> Result<Vec<Delivery>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM webhook_deliveries WHERE state = $1 AND number < $2 \
             ORDER BY number DESC LIMIT $3"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(state.as_str())
            .bind(before.map_or(i64::MAX, |before| i64::try_from(before.0).unwrap_or(i64::MAX)))
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "delivery"))?;
        rows.iter().map(read).collect()
    }

    /// Queues again what was given up, as if it had never been tried.
    /// Errors: [`StoreError::NotFound`] where it was not given up.
    pub async fn requeue_delivery(
        &self,
        number: DeliveryNumber,
        at: Timestamp,
        custody: Vec<LedgerDraft>,
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, custody).await?;
        let changed = sqlx::query(
            "UPDATE webhook_deliveries SET state = 'queued', attempts = 0, next_attempt_at = $1 \
             WHERE number = $2 AND state = 'dead'",
        )
        .bind(time_text(at))
        .bind(int(number.0, "number of a delivery")?)
        .execute(&mut *transaction)
        .await
        .map_err(|error| StoreError::of(error, "delivery"))?;
        if changed.rows_affected() == 0 {
            return Err(StoreError::not_found("dead delivery", number));
        }
        commit(transaction).await
    }
}

/// Queues deliveries inside of a transaction.
pub(crate) async fn insert_deliveries(
    transaction: &mut Transaction,
    told: &[NewDelivery],
    at: Timestamp,
) -> Result<()> {
    for one in told {
        let number = next_number(transaction, "webhook_deliveries").await?;
        sqlx::query(
            "INSERT INTO webhook_deliveries (number, webhook, finding, body, state, attempts, next_attempt_at, created_at) \
             VALUES ($1, $2, $3, $4, 'queued', 0, $5, $5)",
        )
        .bind(number)
        .bind(escaped(&one.webhook))
        .bind(one.finding.to_string())
        .bind(escaped(&one.body))
        .bind(time_text(at))
        .execute(&mut **transaction)
        .await
        .map_err(|error| StoreError::of(error, "delivery"))?;
    }
    Ok(())
}

fn read(row: &AnyRow) -> Result<Delivery> {
    let row = Reader { table: "webhook_deliveries", row };
    Ok(Delivery {
        number: DeliveryNumber(row.int("number")?),
        told: NewDelivery {
            webhook: row.text("webhook")?,
            finding: row.parsed("finding")?,
            body: row.text("body")?,
        },
        state: row.one_of("state", &SendState::ALL, SendState::as_str)?,
        attempts: row.int("attempts")?,
        next_attempt_at: row.parsed("next_attempt_at")?,
        created_at: row.parsed("created_at")?,
        error: row.text_or_null("error")?,
    })
}
