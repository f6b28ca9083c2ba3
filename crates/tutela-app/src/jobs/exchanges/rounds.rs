//! Looks again and again which exchanges are due, and works for each beside the others: a slow one delays none.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::{Id, JoinError, JoinSet};
use tracing::{info, warn};
use tutela_core::{Coded, ExchangeNumber, OperatorId, Timestamp};
use tutela_store::{Exchange, Store};

use super::{RUN, fetch, telling};
use crate::AppError;
use crate::settings::Settings;

/// How often it is looked what is due.
const TICK: Duration = Duration::from_secs(2);
/// Exchanges that are worked for at a time: each may hold an answer in memory.
const MAX_AT_ONCE: usize = 16;

/// Fetches whatever is due and sends the verdicts that wait, for as long as it is polled. What goes wrong is kept
/// with the exchange.
pub async fn run_always(store: &Store, settings: &Settings, by: OperatorId) {
    let mut rounds = Rounds::new(store, settings, by);
    loop {
        if let Err(error) = rounds.begin().await {
            warn!(code = error.code(), "Exchanges could not be looked through.");
        }
        let next = tokio::time::sleep(TICK);
        tokio::pin!(next);
        loop {
            tokio::select! {
                Some(ended) = rounds.working.join_next_with_id() => rounds.ended(ended),
                () = &mut next => break,
            }
        }
    }
}

/// One round: fetches from every exchange that is due and sends the verdicts that wait, and ends when all that is
/// done.
///
/// # Errors
/// The store does not answer. What goes wrong with one exchange is kept with it, and the others go on.
pub async fn run_due(store: &Store, settings: &Settings, by: OperatorId) -> Result<(), AppError> {
    let mut rounds = Rounds::new(store, settings, by);
    rounds.begin().await?;
    while let Some(ended) = rounds.working.join_next_with_id().await {
        rounds.ended(ended);
    }
    Ok(())
}

/// What is being done. Ends with this.
struct Rounds {
    store: Store,
    settings: Arc<Settings>,
    by: OperatorId,
    working: JoinSet<()>,
    at: HashMap<Id, Work>,
}

/// A piece of work for an exchange; of each there is one at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    Fetching(ExchangeNumber),
    Telling(ExchangeNumber),
}

impl Rounds {
    fn new(store: &Store, settings: &Settings, by: OperatorId) -> Self {
        let (store, settings) = (store.clone(), Arc::new(settings.clone()));
        Self { store, settings, by, working: JoinSet::new(), at: HashMap::new() }
    }

    /// Begins whatever is due and not under way.
    async fn begin(&mut self) -> Result<(), AppError> {
        for exchange in self.store.due_exchanges(Timestamp::now()).await? {
            self.start(Work::Fetching(exchange.number), exchange);
        }
        let exchanges = self.store.exchanges().await?;
        for exchange in exchanges.into_iter().filter(|exchange| exchange.terms.enabled) {
            self.start(Work::Telling(exchange.number), exchange);
        }
        Ok(())
    }

    fn start(&mut self, work: Work, exchange: Exchange) {
        let is_fetch = |work: &Work| matches!(work, Work::Fetching(_));
        let alike = self.at.values().filter(|other| is_fetch(other) == is_fetch(&work));
        if self.at.values().any(|other| *other == work) || alike.count() >= MAX_AT_ONCE {
            return;
        }
        let (store, settings, by) = (self.store.clone(), Arc::clone(&self.settings), self.by);
        let begun = self.working.spawn(async move {
            match work {
                Work::Fetching(_) => fetch_due(&store, &settings, by, &exchange).await,
                Work::Telling(_) => tell(&store, &settings, &exchange).await,
            }
        });
        self.at.insert(begun.id(), work);
    }

    fn ended(&mut self, ended: Result<(Id, ()), JoinError>) {
        let id = match ended {
            Ok((id, ())) => id,
            Err(defect) => {
                warn!("Work for an exchange ended in a defect; it is tried again.");
                defect.id()
            }
        };
        self.at.remove(&id);
    }
}

async fn fetch_due(store: &Store, settings: &Settings, by: OperatorId, exchange: &Exchange) {
    let began = Instant::now();
    let enough = move || began.elapsed() >= RUN;
    match fetch(store, settings, by, exchange, &enough).await {
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

async fn tell(store: &Store, settings: &Settings, exchange: &Exchange) {
    if let Err(error) = telling::tell(store, settings, exchange).await {
        warn!(exchange = exchange.number.0, code = error.code(), "Verdicts could not be told.");
    }
}
