//! Requests with a key of their sender's are done once, and answered as often as they are sent again.

use std::time::Duration;

use tracing::warn;
use tutela_core::{Coded, Sha256, Timestamp, TokenId};
use tutela_store::{KeyedAnswer, KeyedRequest};

use super::Service;
use crate::AppError;

/// How long an answer is kept.
const KEPT: Duration = Duration::from_secs(24 * 3_600);
/// How often those are forgotten that are older.
const FORGET: Duration = Duration::from_secs(10 * 60);

impl Service {
    /// Begins a request of a token with a key, unless it is known.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn begin_keyed(
        &self,
        who: (TokenId, &str),
        request: Sha256,
    ) -> Result<KeyedRequest, AppError> {
        let now = Timestamp::now();
        Ok(self.inner.store.begin_keyed(who, request, now, oldest(now)).await?)
    }

    /// Keeps the answer to a request that was begun; without one it changed nothing, and may be sent again.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn end_keyed(
        &self,
        who: (TokenId, &str),
        answer: Option<&KeyedAnswer>,
    ) -> Result<(), AppError> {
        match answer {
            Some(answer) => Ok(self.inner.store.answer_keyed(who, answer).await?),
            None => Ok(self.inner.store.release_keyed(who).await?),
        }
    }

    pub(super) async fn forget_always(&self) {
        loop {
            if let Err(error) = self.inner.store.forget_keyed(oldest(Timestamp::now())).await {
                warn!(code = error.code(), "Old answers could not be forgotten.");
            }
            tokio::time::sleep(FORGET).await;
        }
    }
}

fn oldest(now: Timestamp) -> Timestamp {
    now.checked_sub(KEPT).unwrap_or(Timestamp::UNIX_EPOCH)
}
