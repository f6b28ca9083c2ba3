//! Fetches from exchanges and says back to them what people decided.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tracing::{info, warn};
use tutela_core::{Coded, OperatorId, SendState, Timestamp};
use tutela_ledger::{Draft, acts};
use tutela_store::{Exchange, ExchangePage, FetchClaim, FetchEnd, Store, StoredVerdict};

use super::backoff::{backoff, later};
use crate::AppError;
use crate::cases::exchanges::{digest_of, draft, secrets, stored};
use crate::intake::exchanges::{ExchangeApi, Line, Step, Told};
use crate::outbound::http::FetchError;
use crate::settings::Settings;
use crate::views::FetchView;

/// How long one run fetches at most; what is left comes in the next.
const RUN: Duration = Duration::from_secs(4 * 60);
/// A run that began so long ago has died with its process: a run, its last request, and some.
const DEAD: Duration = Duration::from_secs(10 * 60);
/// How often it is looked what is due.
const TICK: Duration = Duration::from_secs(5);
/// Longest wait after a failure, whatever the sender says.
const LONGEST_WAIT: Duration = Duration::from_secs(6 * 3_600);
/// Verdicts of one exchange in one round.
const VERDICTS: u32 = 10;
/// While a verdict is being sent it is nobody else's for so long.
const VERDICT_LEASE: Duration = Duration::from_secs(60 * 60);
/// Attempts to send a verdict, and the wait after the first.
const VERDICT_ATTEMPTS: u32 = 12;
const VERDICT_WAIT: Duration = Duration::from_secs(60);

/// Fetches whatever is due, for as long as it is polled. Failures are kept with the exchange.
pub async fn run_always(store: &Store, settings: &Settings, by: OperatorId) {
    loop {
        if let Err(error) = run_due(store, settings, by).await {
            warn!(code = error.code(), "Exchanges could not be looked through.");
        }
        tokio::time::sleep(TICK).await;
    }
}

/// Fetches from every exchange that is due, one after another, and sends the verdicts that wait.
///
/// # Errors
/// The store does not answer. What goes wrong with one exchange is kept with it, and the others go on.
pub async fn run_due(store: &Store, settings: &Settings, by: OperatorId) -> Result<(), AppError> {
    for exchange in store.due_exchanges(Timestamp::now()).await? {
        let began = Instant::now();
        let enough = || began.elapsed() >= RUN;
        match fetch(store, settings, by, &exchange, &enough).await {
            Ok(brought) => info!(
                exchange = exchange.number.0,
                fetched = brought.fetched,
                added = brought.added,
                removed = brought.removed,
                "An exchange was fetched."
            ),
            // Another process is at it, or it was removed meanwhile.
            Err(AppError::ExchangeRunning { .. }) => {}
            Err(error) => {
                warn!(exchange = exchange.number.0, code = error.code(), "A fetch failed.");
            }
        }
    }
    for exchange in store.exchanges().await?.iter().filter(|exchange| exchange.terms.enabled) {
        tell(store, settings, exchange).await?;
    }
    Ok(())
}

/// Fetches from one exchange now, whether it is due, enabled, or not.
///
/// # Errors
/// There is none of this name, another process is at it, the sender cannot be read. What was taken before
/// stays, and the next run goes on behind it.
pub async fn fetch_now(
    store: &Store,
    settings: &Settings,
    by: OperatorId,
    name: &str,
    enough: &(dyn Fn() -> bool + Sync),
) -> Result<FetchView, AppError> {
    let exchange = stored(store, name).await?;
    fetch(store, settings, by, &exchange, enough).await
}

/// One run: claims the exchange, takes page after page until there is no more or it is enough, and notes
/// how it ended.
async fn fetch(
    store: &Store,
    settings: &Settings,
    by: OperatorId,
    exchange: &Exchange,
    enough: &(dyn Fn() -> bool + Sync),
) -> Result<FetchView, AppError> {
    let now = Timestamp::now();
    let dead_before = now.checked_sub(DEAD).unwrap_or(now);
    let running = || AppError::ExchangeRunning { name: exchange.terms.name.clone() };
    let claim =
        store.claim_exchange(exchange.number, now, dead_before).await?.ok_or_else(running)?;
    // As it stands now that nobody else writes it.
    let exchange = &stored(store, &exchange.terms.name).await?;
    let mut brought = FetchView { exchange: exchange.terms.name.clone(), ..FetchView::default() };
    let ended = pages(store, settings, by, (exchange, claim), enough, &mut brought).await;
    let interval = Duration::from_secs(settings.exchanges.interval_s);
    let wait = match &ended {
        Ok(Ended::ForNow) => interval,
        Ok(Ended::InTheMiddle) => Duration::ZERO,
        Err(error) => retry_after(error)
            .unwrap_or_else(|| backoff(exchange.state.failures, interval, LONGEST_WAIT, jitter()))
            .clamp(interval.min(LONGEST_WAIT), LONGEST_WAIT),
    };
    let at = Timestamp::now();
    let end = FetchEnd {
        at,
        error: ended.as_ref().err().map(|error| (error.code().to_owned(), told(error))),
        up_to_date: ended.is_ok() && brought.up_to_date,
        next_fetch_at: later(at, wait),
    };
    store.end_fetch(claim, &end).await?;
    ended.map(|_| brought)
}

/// Why a run that did not fail is over.
enum Ended {
    /// There is no more, or not before the next round.
    ForNow,
    /// It has gone on for long enough.
    InTheMiddle,
}

async fn pages(
    store: &Store,
    settings: &Settings,
    by: OperatorId,
    (exchange, claim): (&Exchange, FetchClaim),
    enough: &(dyn Fn() -> bool + Sync),
    brought: &mut FetchView,
) -> Result<Ended, AppError> {
    let mut line = line(store, settings, exchange).await?;
    let mut cursor = exchange.state.cursor_json.clone();
    loop {
        line.now = Timestamp::now();
        let step = (line.api.next)(&line, cursor.as_deref()).await?;
        for page in &step.pages {
            let custody = custody(by, exchange, &step, page)?;
            let counts = store.apply_page(claim, page, custody).await?;
            brought.fetched += page.fetched;
            brought.added += counts.added;
            brought.updated += counts.updated;
            brought.unchanged += counts.unchanged;
            brought.removed += counts.removed;
            cursor = page.cursor_json.clone();
        }
        brought.up_to_date = step.up_to_date;
        if step.up_to_date || step.pause {
            return Ok(Ended::ForNow);
        }
        if enough() {
            return Ok(Ended::InTheMiddle);
        }
    }
}

/// Opens the line of an exchange.
async fn line<'a>(
    store: &Store,
    settings: &'a Settings,
    exchange: &Exchange,
) -> Result<Line<'a>, AppError> {
    Ok(Line {
        api: ExchangeApi::by_id(&exchange.terms.api)?,
        config: serde_json::from_str(&exchange.terms.config_json).unwrap_or_default(),
        credentials: secrets(store, exchange).await?,
        settings,
        now: Timestamp::now(),
    })
}

/// The ledger hears of pages that hold something, with the digest of the answer they came in.
fn custody(
    by: OperatorId,
    exchange: &Exchange,
    step: &Step,
    page: &ExchangePage,
) -> Result<Vec<Draft>, AppError> {
    if page.records.is_empty() && !page.ends_pass {
        return Ok(Vec::new());
    }
    let words = json!({"exchange": exchange.terms.name, "records": page.records.len()});
    let inputs = step.received.map(Into::into).into_iter().collect();
    Ok(vec![Draft { inputs, ..draft(by, acts::EXCHANGE_FETCHED, &words)? }])
}

/// Sends the verdicts of an exchange that are due.
async fn tell(store: &Store, settings: &Settings, exchange: &Exchange) -> Result<(), AppError> {
    let now = Timestamp::now();
    let due =
        store.claim_verdicts(exchange.number, now, later(now, VERDICT_LEASE), VERDICTS).await?;
    if due.is_empty() {
        return Ok(());
    }
    let line = line(store, settings, exchange).await?;
    for verdict in due {
        let ended = tell_one(store, &line, &verdict).await;
        let at = Timestamp::now();
        let (state, wait) = match &ended {
            Ok(()) => (SendState::Sent, Duration::ZERO),
            Err(AppError::NoFeedback { .. }) => (SendState::Dead, Duration::ZERO),
            Err(_) if verdict.attempts + 1 >= VERDICT_ATTEMPTS => (SendState::Dead, Duration::ZERO),
            Err(error) => {
                let wait = backoff(verdict.attempts, VERDICT_WAIT, LONGEST_WAIT, jitter());
                (
                    SendState::Queued,
                    retry_after(error).unwrap_or(wait).clamp(VERDICT_WAIT, LONGEST_WAIT),
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

/// An error with its causes.
fn told(error: &AppError) -> String {
    let causes =
        std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// When the other side wants to be asked again.
fn retry_after(error: &AppError) -> Option<Duration> {
    match error {
        AppError::Fetch(FetchError::Status { retry_after, .. }) => *retry_after,
        _ => None,
    }
}

/// A random share of a wait, so that many do not come back at once.
pub(super) fn jitter() -> f64 {
    let mut bytes = [0; 4];
    // Without randomness everybody waits alike, which still is a wait.
    let drawn = getrandom::fill(&mut bytes).map(|()| u32::from_le_bytes(bytes)).unwrap_or(u32::MAX);
    f64::from(drawn) / f64::from(u32::MAX)
}
