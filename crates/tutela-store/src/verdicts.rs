//! Verdicts on their way back to the senders of signals.

use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;
use tutela_core::{
    ContentNumber, ContentSignal, ExchangeNumber, OperatorId, SendState, Timestamp, Verdict,
    VerdictNumber,
};

use crate::ledger::append_to;
use crate::rows::{Reader, escaped, int, time_text};
use crate::scans::next_number;
use crate::store::commit;
use crate::{LedgerDraft, Result, Store, StoreError};

/// What a person said of a sender's signal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVerdict {
    /// The exchange that the signal came through.
    pub exchange: ExchangeNumber,
    /// The content it is one of.
    pub content: ContentNumber,
    /// The sender's own key.
    pub exchange_key: String,
    /// The signal.
    pub signal: ContentSignal,
    /// What was said.
    pub verdict: Verdict,
    /// Why, in a few words.
    pub reason: Option<String>,
    /// Who said it.
    pub operator: OperatorId,
    /// When.
    pub stated_at: Timestamp,
}

/// A verdict in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredVerdict {
    /// Its number.
    pub number: VerdictNumber,
    /// What was said, and of what.
    pub stated: NewVerdict,
    /// How far it is.
    pub state: SendState,
    /// Attempts so far.
    pub attempts: u32,
    /// When it is due next.
    pub next_attempt_at: Timestamp,
    /// What went wrong last, as a code.
    pub error: Option<String>,
}

const COLUMNS: &str = "number, exchange, content, exchange_key, kind, value, verdict, reason, operator, stated_at, \
    state, attempts, next_attempt_at, error";

impl Store {
    /// Keeps verdicts, to be sent when the sender can be spoken to.
    pub async fn add_verdicts(
        &self,
        verdicts: &[NewVerdict],
        custody: Vec<LedgerDraft>,
    ) -> Result<Vec<VerdictNumber>> {
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, custody).await?;
        let mut numbers = Vec::with_capacity(verdicts.len());
        for verdict in verdicts {
            let number = next_number(&mut transaction, "exchange_verdicts").await?;
            sqlx::query(
                "INSERT INTO exchange_verdicts (number, exchange, content, exchange_key, kind, value, verdict, reason, \
                 operator, stated_at, state, attempts, next_attempt_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12)",
            )
            .bind(number)
            .bind(int(verdict.exchange.0, "number of an exchange")?)
            .bind(int(verdict.content.0, "number of a content")?)
            .bind(escaped(&verdict.exchange_key))
            .bind(escaped(&verdict.signal.kind))
            .bind(escaped(&verdict.signal.value))
            .bind(verdict.verdict.as_str())
            .bind(verdict.reason.as_deref().map(escaped))
            .bind(verdict.operator.to_string())
            .bind(time_text(verdict.stated_at))
            .bind(SendState::Queued.as_str())
            .bind(time_text(verdict.stated_at))
            .execute(&mut *transaction)
            .await
            .map_err(|error| StoreError::of(error, "verdict"))?;
            numbers.push(VerdictNumber(number.unsigned_abs()));
        }
        commit(transaction).await?;
        Ok(numbers)
    }

    /// Takes at most `limit` verdicts of an exchange that are due; until `until` they are nobody else's.
    pub async fn claim_verdicts(
        &self,
        exchange: ExchangeNumber,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<StoredVerdict>> {
        let sql = format!(
            "UPDATE exchange_verdicts SET next_attempt_at = $1 WHERE state = 'queued' AND next_attempt_at <= $2 \
             AND number IN (SELECT number FROM exchange_verdicts WHERE exchange = $3 AND state = 'queued' \
             AND next_attempt_at <= $2 ORDER BY number LIMIT $4) RETURNING {COLUMNS}"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(time_text(until))
            .bind(time_text(now))
            .bind(int(exchange.0, "number of an exchange")?)
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "verdict"))?;
        let mut verdicts: Vec<StoredVerdict> = rows.iter().map(read).collect::<Result<_>>()?;
        verdicts.sort_by_key(|verdict| verdict.number);
        Ok(verdicts)
    }

    /// Notes how an attempt to send a verdict ended: the state it is in now, what went wrong, and when
    /// the next attempt is due.
    pub async fn verdict_tried(
        &self,
        number: VerdictNumber,
        (state, error): (SendState, Option<&str>),
        next_attempt_at: Timestamp,
        custody: Vec<LedgerDraft>,
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, custody).await?;
        sqlx::query(
            "UPDATE exchange_verdicts SET state = $1, error = $2, next_attempt_at = $3, attempts = attempts + 1 \
             WHERE number = $4",
        )
        .bind(state.as_str())
        .bind(error.map(escaped))
        .bind(time_text(next_attempt_at))
        .bind(int(number.0, "number of a verdict")?)
        .execute(&mut *transaction)
        .await
        .map_err(|error| StoreError::of(error, "verdict"))?;
        commit(transaction).await
    }

    /// Every verdict about signals of an exchange, in the order they were stated.
    pub async fn verdicts_of(&self, exchange: ExchangeNumber) -> Result<Vec<StoredVerdict>> {
        let sql =
            format!("SELECT {COLUMNS} FROM exchange_verdicts WHERE exchange = $1 ORDER BY number");
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(int(exchange.0, "number of an exchange")?)
            .fetch_all(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "verdict"))?;
        rows.iter().map(read).collect()
    }
}

fn read(row: &AnyRow) -> Result<StoredVerdict> {
    let row = Reader { table: "exchange_verdicts", row };
    Ok(StoredVerdict {
        number: VerdictNumber(row.int("number")?),
        stated: NewVerdict {
            exchange: ExchangeNumber(row.int("exchange")?),
            content: ContentNumber(row.int("content")?),
            exchange_key: row.text("exchange_key")?,
            signal: ContentSignal { kind: row.text("kind")?, value: row.text("value")? },
            verdict: row.one_of("verdict", &Verdict::ALL, Verdict::as_str)?,
            reason: row.text_or_null("reason")?,
            operator: row.parsed("operator")?,
            stated_at: row.parsed("stated_at")?,
        },
        state: row.one_of("state", &SendState::ALL, SendState::as_str)?,
        attempts: row.int("attempts")?,
        next_attempt_at: row.parsed("next_attempt_at")?,
        error: row.text_or_null("error")?,
    })
}
