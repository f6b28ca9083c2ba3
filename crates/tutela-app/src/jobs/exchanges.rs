//! Fetches from exchanges and says back to them what people decided.

mod rounds;
mod telling;

use std::time::Duration;

use serde_json::json;
use tutela_core::{Coded, OperatorId, Timestamp};
use tutela_ledger::{Draft, acts};
use tutela_store::{Exchange, ExchangePage, FetchClaim, FetchEnd, Store};

pub use self::rounds::{run_always, run_due};
use super::backoff::{backoff, later};
use crate::AppError;
use crate::cases::exchanges::{draft, secrets, stored};
use crate::intake::exchanges::{ExchangeApi, Line, Step};
use crate::outbound::http::FetchError;
use crate::settings::Settings;
use crate::views::FetchView;

/// How long one run fetches at most; what is left comes in the next.
const RUN: Duration = Duration::from_secs(4 * 60);
/// A run that was not heard of for so long has died with its process: a few renewals that did not come, and
/// room for clocks that differ.
const LEASE: Duration = Duration::from_secs(30);
/// How often a run says that it lives.
const RENEWAL: Duration = Duration::from_secs(8);
/// Longest wait after a failure, whatever the sender says.
const LONGEST_WAIT: Duration = Duration::from_secs(6 * 3_600);
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
    let dead_before = now.checked_sub(LEASE).unwrap_or(now);
    let name = exchange.terms.name.clone();
    let running = || AppError::ExchangeRunning { name: name.clone() };
    let claim =
        store.claim_exchange(exchange.number, now, dead_before).await?.ok_or_else(running)?;
    // As it stands now that nobody else writes it.
    let exchange = &stored(store, &exchange.terms.name).await?;
    let mut brought = FetchView { exchange: exchange.terms.name.clone(), ..FetchView::default() };
    let ended = tokio::select! {
        ended = pages(store, settings, by, (exchange, claim), enough, &mut brought) => ended,
        () = until_lost(store, claim) => return Err(running()),
    };
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

/// Renews a claim until another process has it.
async fn until_lost(store: &Store, claim: FetchClaim) {
    loop {
        tokio::time::sleep(RENEWAL).await;
        // A store that is silent may answer next time; what is written meanwhile fails by itself.
        if let Ok(false) = store.renew_claim(claim, Timestamp::now()).await {
            return;
        }
    }
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
