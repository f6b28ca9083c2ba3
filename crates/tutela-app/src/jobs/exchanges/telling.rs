//! Says back to exchanges what people decided, and tries again where they do not take it.

use std::time::Duration;

use serde_json::{Value, json};
use tutela_core::{Coded, SendState, Timestamp};
use tutela_ledger::{Draft, acts};
use tutela_store::{Exchange, Store, StoredVerdict};

use super::{LONGEST_WAIT, jitter, line, retry_after};
use crate::AppError;
use crate::cases::exchanges::{digest_of, draft};
use crate::intake::exchanges::{Line, Told};
use crate::jobs::backoff::{backoff, later};
use crate::settings::Settings;

/// Verdicts of one exchange in one round.
const AT_A_TIME: u32 = 10;
/// While a verdict is being sent it is nobody else's for so long: no request takes longer.
const LEASE: Duration = Duration::from_secs(10 * 60);
/// Attempts to send a verdict.
const ATTEMPTS: u32 = 12;

/// Sends the verdicts of an exchange that are due, one after another: each is claimed by itself, so that one that
/// takes long keeps no other from being sent elsewhere.
pub(super) async fn tell(
    store: &Store,
    settings: &Settings,
    exchange: &Exchange,
) -> Result<(), AppError> {
    let first_wait = Duration::from_secs(settings.exchanges.verdict_retry_s);
    for _ in 0..AT_A_TIME {
        let now = Timestamp::now();
        let due = store.claim_verdicts(exchange.number, now, later(now, LEASE), 1).await?;
        let Some(verdict) = due.into_iter().next() else { return Ok(()) };
        let line = line(store, settings, exchange).await?;
        let ended = tell_one(store, &line, &verdict).await;
        let at = Timestamp::now();
        let (state, wait) = match &ended {
            Ok(()) => (SendState::Sent, Duration::ZERO),
            Err(AppError::NoFeedback { .. }) => (SendState::Dead, Duration::ZERO),
            Err(_) if verdict.attempts + 1 >= ATTEMPTS => (SendState::Dead, Duration::ZERO),
            Err(error) => {
                let wait = backoff(verdict.attempts, first_wait, LONGEST_WAIT, jitter());
                (
                    SendState::Queued,
                    retry_after(error)
                        .unwrap_or(wait)
                        .clamp(first_wait.min(LONGEST_WAIT), LONGEST_WAIT),
                )
            }
        };
        let code = ended.as_ref().err().map(Coded::code);
        let custody = match state {
            SendState::Sent => {
                let words = json!({"exchange": exchange.terms.name, "verdict": verdict.number.0});
                let sent = draft(verdict.stated.operator, acts::VERDICT_SENT, &words)?;
                vec![Draft { inputs: vec![digest_of(&verdict.stated).into()], ..sent }]
            }
            SendState::Queued | SendState::Dead => Vec::new(),
        };
        store.verdict_tried(verdict.number, (state, code), later(at, wait), custody).await?;
    }
    Ok(())
}

async fn tell_one(store: &Store, line: &Line<'_>, verdict: &StoredVerdict) -> Result<(), AppError> {
    let Some(tell) = line.api.tell else { return Err(AppError::NoFeedback { api: line.api.id }) };
    // A content that is gone meanwhile leaves no record; some senders know it by its key all the same.
    let record = store.content(verdict.stated.content).await.ok().and_then(|c| c.terms.record_json);
    let record = record.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or(Value::Null);
    tell(line, &Told { verdict: verdict.stated.clone(), record }).await
}
