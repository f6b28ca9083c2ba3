//! Requests with a key of their sender's: done once, answered as often as they are sent again.

use tutela_core::{Sha256, Timestamp, TokenId};

use crate::rows::{Reader, escaped, time_text};
use crate::store::commit;
use crate::{Result, Store, StoreError};

/// What is known of a request with a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyedRequest {
    /// It is new, and whoever asked is the one to do it.
    New,
    /// It was begun and has no answer: somebody is at it, or ended in the middle.
    Begun,
    /// It was done, with this answer.
    Answered(KeyedAnswer),
    /// The key belongs to another request.
    Other,
}

/// An answer that is given again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyedAnswer {
    /// HTTP status.
    pub status: u16,
    /// Where what was made is.
    pub location: Option<String>,
    /// The document.
    pub body: String,
}

impl Store {
    /// Begins a request, unless one with this token and key is known. What came before `forget_before` is
    /// forgotten first.
    pub async fn begin_keyed(
        &self,
        (token, key): (TokenId, &str),
        request: Sha256,
        now: Timestamp,
        forget_before: Timestamp,
    ) -> Result<KeyedRequest> {
        let of = |error| StoreError::of(error, "keyed request");
        let mut transaction = self.begin().await?;
        sqlx::query("DELETE FROM keyed_requests WHERE at < $1")
            .bind(time_text(forget_before))
            .execute(&mut *transaction)
            .await
            .map_err(of)?;
        let begun = sqlx::query(
            "INSERT INTO keyed_requests (token, request_key, request_sha256, at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (token, request_key) DO NOTHING",
        )
        .bind(token.to_string())
        .bind(escaped(key))
        .bind(request.to_string())
        .bind(time_text(now))
        .execute(&mut *transaction)
        .await
        .map_err(of)?;
        if begun.rows_affected() == 1 {
            commit(transaction).await?;
            return Ok(KeyedRequest::New);
        }
        let row = sqlx::query(
            "SELECT request_sha256, status, location, answer FROM keyed_requests \
             WHERE token = $1 AND request_key = $2",
        )
        .bind(token.to_string())
        .bind(escaped(key))
        .fetch_optional(&mut *transaction)
        .await
        .map_err(of)?;
        commit(transaction).await?;
        // One that was taken back between the two statements is begun again by whoever asks again.
        let Some(row) = row else { return Ok(KeyedRequest::Begun) };
        let row = Reader { table: "keyed_requests", row: &row };
        if row.parsed::<Sha256>("request_sha256")? != request {
            return Ok(KeyedRequest::Other);
        }
        let Some(status) = row.int_or_null("status")? else { return Ok(KeyedRequest::Begun) };
        let (location, body) = (row.text_or_null("location")?, row.text("answer")?);
        Ok(KeyedRequest::Answered(KeyedAnswer { status, location, body }))
    }

    /// Keeps the answer to a request that was begun.
    pub async fn answer_keyed(
        &self,
        (token, key): (TokenId, &str),
        answer: &KeyedAnswer,
    ) -> Result<()> {
        sqlx::query(
            "UPDATE keyed_requests SET status = $1, location = $2, answer = $3 \
             WHERE token = $4 AND request_key = $5",
        )
        .bind(i64::from(answer.status))
        .bind(answer.location.as_deref().map(escaped))
        .bind(escaped(&answer.body))
        .bind(token.to_string())
        .bind(escaped(key))
        .execute(&self.pool)
        .await
        .map(drop)
        .map_err(|error| StoreError::of(error, "keyed request"))
    }

    /// Takes back a request that was begun and changed nothing, so that it can be sent again.
    pub async fn release_keyed(&self, (token, key): (TokenId, &str)) -> Result<()> {
        sqlx::query(
            "DELETE FROM keyed_requests WHERE token = $1 AND request_key = $2 AND status IS NULL",
        )
        .bind(token.to_string())
        .bind(escaped(key))
        .execute(&self.pool)
        .await
        .map(drop)
        .map_err(|error| StoreError::of(error, "keyed request"))
    }

    /// Forgets what came before this time; gives how many there were.
    pub async fn forget_keyed(&self, before: Timestamp) -> Result<u64> {
        let gone = sqlx::query("DELETE FROM keyed_requests WHERE at < $1")
            .bind(time_text(before))
            .execute(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "keyed request"))?;
        Ok(gone.rows_affected())
    }
}
