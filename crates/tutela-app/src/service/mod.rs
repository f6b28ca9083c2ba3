//! The matching service: banks in memory kept fresh, look-ups, curation, hashing of uploads.

mod alerts;
mod arriving;
mod curation;
mod decisions;
mod exchanges;
mod hashing;
mod keeping;
mod keyed;
mod overview;
mod people;
mod sightings;
pub mod tokens;

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::Mutex;
use tracing::warn;
use tutela_core::{Coded, OperatorId, Timestamp};
use tutela_ledger::{Act, Draft, Payload};
use tutela_store::{BankChange, Changes, Store};

pub use self::arriving::{FlowCounts, MAX_TRANSFERS};
pub use self::hashing::{Hashed, Made, Wanted};
pub use self::overview::BankCounts;
pub use self::people::Person;
pub use self::sightings::MATCH_RULE;
pub use crate::cases::alerts::OperatorNames;
pub use crate::cases::exchanges::{Stated, api_schema as exchange_schema, apis as exchange_apis};
pub use crate::engines::matching::{
    Answer, Compared, KINDS, KindStatus, KindType, Matched, Nearness, Parts, Question, compare,
};
pub use tutela_store::{
    AlertFilter, AlertPlace, Bank, Content, ContentsPage, KeyedAnswer, KeyedRequest, MatchDecision,
    MatchFilter, MatchState, NewContent, SeenMatch, StoredAlert, StoredMatch,
};

use self::arriving::Flows;
use self::hashing::Hashers;
use self::keeping::Keeping;
use self::sightings::Sightings;
use self::tokens::Tokens;
use crate::AppError;
use crate::engines::matching::Matcher;
use crate::settings::Settings;
use crate::workspace::{self, Workspace};

/// Contents taken in from the store at a time.
const PAGE_CONTENTS: u32 = 5_000;
/// How often the store is asked for changes of other processes. A signal that any process acknowledged
/// is found by all within this time and a little more.
const REFRESH: Duration = Duration::from_millis(250);

/// The service over one workspace; clones share it. Its calls run inside of [`Workspace::block_on`].
#[derive(Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    settings: Settings,
    operator: OperatorId,
    /// Another one takes its place where its files turn out to be damaged.
    matcher: RwLock<Arc<Matcher>>,
    /// Held while changes are taken in, so that they come in order.
    refreshing: Mutex<()>,
    /// Everything that was in the store at the start is in.
    ready: AtomicBool,
    /// When the store was last heard from, milliseconds of Unix time.
    heard_ms: AtomicI64,
    /// Contents are taken in, not only banks.
    loads: bool,
    hashers: Hashers,
    flows: Flows,
    sightings: Sightings,
    tokens: Tokens,
    keeping: Keeping,
}

impl Service {
    /// The service over a workspace, with what an earlier run has kept in files. What changed since then comes
    /// with [`Service::refresh`]. Not to be called from inside asynchronous code.
    ///
    /// # Errors
    /// The store does not answer, the folder of the index cannot be written.
    pub fn of(workspace: &Workspace) -> Result<Self, AppError> {
        let (keeping, matcher) = Keeping::open(workspace)?;
        Ok(Self::with(workspace, keeping, matcher, true))
    }

    /// The service for one piece of work on the banks: it changes them and hashes files, and looks nothing up,
    /// so it takes no content into memory. [`Service::refresh`] reads the banks.
    pub fn curating(workspace: &Workspace) -> Self {
        Self::with(workspace, Keeping::nothing(workspace), Matcher::default(), false)
    }

    fn with(workspace: &Workspace, keeping: Keeping, matcher: Matcher, loads: bool) -> Self {
        let settings = workspace.settings().clone();
        let inner = Inner {
            store: workspace.store().clone(),
            operator: workspace.operator(),
            matcher: RwLock::new(Arc::new(matcher)),
            refreshing: Mutex::new(()),
            ready: AtomicBool::new(false),
            heard_ms: AtomicI64::new(0),
            loads,
            hashers: Hashers::start(&workspace.decoder_config(), settings.media.thread_count()),
            flows: Flows::default(),
            sightings: Sightings::default(),
            tokens: Tokens::default(),
            keeping,
            settings,
        };
        Self { inner: Arc::new(inner) }
    }

    /// Its settings.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// Who acts where nobody is named: the first operator of the workspace, or the one it was opened as.
    pub fn operator(&self) -> OperatorId {
        self.inner.operator
    }

    /// The store, for the parts of the service that stand in other modules.
    pub(crate) fn store(&self) -> &Store {
        &self.inner.store
    }

    /// Whether everything that was in the store at the start can be looked up.
    pub fn is_ready(&self) -> bool {
        self.inner.ready.load(Ordering::Acquire) && !self.inner.keeping.is_damaged()
    }

    /// Takes in what has changed in the store, from whichever process.
    ///
    /// # Errors
    /// The store does not answer; what is in stays.
    pub async fn refresh(&self) -> Result<(), AppError> {
        let _alone = self.inner.refreshing.lock().await;
        let (store, matcher) = (&self.inner.store, self.matcher());
        if !self.inner.loads {
            let known = matcher.banks().into_iter().map(|bank| BankChange::Bank(bank.number, None));
            let banks = store.banks().await?.into_iter();
            let banks = banks.map(|bank| BankChange::Bank(bank.number, Some(bank)));
            matcher.apply(known.chain(banks).collect(), &[], 0);
            return Ok(());
        }
        self.take_in(&matcher).await?;
        self.heard();
        self.inner.ready.store(true, Ordering::Release);
        Ok(())
    }

    /// Takes what the store has and a matcher has not.
    async fn take_in(&self, matcher: &Matcher) -> Result<(), AppError> {
        let store = &self.inner.store;
        matcher.set_ratios(store.signal_type_ratios().await?);
        loop {
            let Changes { changes, upto, complete } =
                store.bank_changes(matcher.upto(), PAGE_CONTENTS).await?;
            let contents: Vec<_> = changes
                .iter()
                .filter_map(|change| match change {
                    BankChange::Content(number, Some(_)) => Some(*number),
                    BankChange::Content(_, None) | BankChange::Bank(..) => None,
                })
                .collect();
            let disputed = store.disputed_pairs(Some(&contents)).await?;
            matcher.apply(changes, &disputed, upto);
            if complete {
                return Ok(());
            }
        }
    }

    fn matcher(&self) -> Arc<Matcher> {
        Arc::clone(&self.inner.matcher.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// How long ago it was that the store told what it had.
    pub fn age(&self) -> Duration {
        let since_ms =
            Timestamp::now().as_millisecond() - self.inner.heard_ms.load(Ordering::Relaxed);
        Duration::from_millis(u64::try_from(since_ms).unwrap_or(0))
    }

    /// What waits: uploads to be hashed, matches to be recorded.
    pub fn waiting(&self) -> (usize, usize) {
        (self.inner.hashers.waiting(), self.inner.sightings.waiting())
    }

    fn heard(&self) {
        self.inner.heard_ms.store(Timestamp::now().as_millisecond(), Ordering::Relaxed);
    }

    /// Works beside the requests for as long as it is polled: takes in changes, tends and keeps the index,
    /// records matches, forgets old answers, puts the queue of alerts in order.
    pub async fn work(&self) {
        tokio::join!(
            self.refresh_always(),
            self.check_and_tend(),
            self.keep_always(),
            self.record_always(),
            self.forget_always(),
            self.rank_always(),
            self.tend_transfers_always()
        );
    }

    /// Everything near what is asked about, by the banks in memory.
    pub fn look_up(&self, question: &Question) -> Answer {
        self.matcher().look_up(question)
    }

    /// What is held of each kind.
    pub fn kinds(&self) -> Vec<KindStatus> {
        self.matcher().status()
    }

    /// The last change that is in, and the second of the newest content, Unix time.
    pub fn built_to(&self) -> (u64, Option<u64>) {
        (self.matcher().upto(), self.matcher().newest_s())
    }

    /// Pieces of an index that were built anew since the start, beside the look-ups.
    pub fn index_builds(&self) -> u64 {
        self.matcher().builds()
    }

    async fn refresh_always(&self) {
        loop {
            tokio::time::sleep(REFRESH).await;
            // One number to read; nothing is done where it has not moved.
            let moved = match self.inner.store.last_bank_change().await {
                Ok(last) => {
                    self.heard();
                    last != self.matcher().upto()
                }
                Err(_) => true,
            };
            if moved && let Err(error) = self.refresh().await {
                warn!(code = error.code(), "Changes of the banks could not be read.");
            }
        }
    }

    fn draft(&self, by: OperatorId, act: Act) -> Draft {
        Draft::new(Timestamp::now(), by, act)
    }

    fn payload(text: &serde_json::Value) -> Result<Payload, AppError> {
        Ok(Payload { salt: workspace::random()?, text: text.to_string() })
    }
}
