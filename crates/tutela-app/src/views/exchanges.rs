//! Exchanges, how far they are, and what waits to be sent, as JSON.

use serde::Serialize;
use serde_json::{Map, Value};
use tutela_core::Timestamp;
use tutela_store::{Delivery, Exchange, StoredVerdict};
use utoipa::ToSchema;

use crate::intake::exchanges::ExchangeApi;

/// An interface that exchanges may speak.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExchangeApiView {
    /// Its id.
    pub id: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What is fetched, and what becomes of updates and deletions.
    pub doc: &'static str,
    /// Where it is published.
    pub source: &'static str,
    /// Whether it needs credentials.
    pub needs_credentials: bool,
    /// Whether confirmations and disputes are sent back.
    pub takes_verdicts: bool,
}

impl ExchangeApiView {
    pub(crate) fn of(api: &'static ExchangeApi) -> Self {
        Self {
            id: api.id,
            title: api.title,
            doc: api.doc,
            source: api.source,
            needs_credentials: api.credentials.iter().any(|field| field.required),
            takes_verdicts: api.takes_verdicts(),
        }
    }
}

/// What exchanges of an interface must be told, in the shape that HMA's clients know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExchangeSchemaView {
    /// Fields of the configuration.
    pub config_schema: Value,
    /// Fields of the credentials; `null` where none are needed.
    pub credentials_schema: Option<Value>,
}

/// An exchange.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExchangeView {
    /// Its number, by which pages go on.
    #[serde(skip)]
    pub number: u64,
    /// Its name.
    pub name: String,
    /// Id of its interface.
    pub api: String,
    /// Whether it fetches.
    pub enabled: bool,
    /// Number of the bank that it feeds.
    pub bank: u32,
    /// What its interface was told.
    pub config: Map<String, Value>,
    /// Whether it has credentials, its own or those of its interface.
    pub has_credentials: bool,
    /// How far it is.
    pub status: ExchangeStatusView,
}

impl ExchangeView {
    pub(crate) fn of(exchange: &Exchange, has_credentials: bool) -> Self {
        let terms = &exchange.terms;
        Self {
            number: exchange.number.0,
            name: terms.name.clone(),
            api: terms.api.clone(),
            enabled: terms.enabled,
            bank: exchange.bank.0,
            config: serde_json::from_str(&terms.config_json).unwrap_or_default(),
            has_credentials,
            status: ExchangeStatusView::of(exchange),
        }
    }
}

/// How far an exchange is. Times are seconds of Unix time, as HMA's clients know them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExchangeStatusView {
    /// Everything that changed at the sender before is here.
    pub checkpoint_ts: Option<i64>,
    /// Records taken so far.
    pub fetched_items: u64,
    /// When the last run ended.
    pub last_fetch_complete_ts: Option<i64>,
    /// Whether it ended well.
    pub last_fetch_succeeded: Option<bool>,
    /// Since when a run goes on.
    pub running_fetch_start_ts: Option<i64>,
    /// Whether everything the sender had was taken at the end of the last run.
    pub up_to_date: bool,
    /// When the next run may begin.
    pub next_fetch_ts: Option<i64>,
    /// Runs that failed in a row.
    pub failures: u32,
    /// What went wrong last.
    pub error: Option<ExchangeErrorView>,
}

/// What went wrong in a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExchangeErrorView {
    /// Stable code.
    pub code: String,
    /// In a sentence.
    pub message: String,
}

impl ExchangeStatusView {
    pub(crate) fn of(exchange: &Exchange) -> Self {
        let state = &exchange.state;
        let second = |time: Option<Timestamp>| time.map(Timestamp::as_second);
        let error = state.error.clone();
        Self {
            checkpoint_ts: state.checkpoint_s,
            fetched_items: state.fetched,
            last_fetch_complete_ts: second(state.last_ended_at),
            last_fetch_succeeded: state.last_succeeded,
            running_fetch_start_ts: second(state.running_since),
            up_to_date: state.up_to_date,
            next_fetch_ts: second(state.next_fetch_at),
            failures: state.failures,
            error: error.map(|(code, message)| ExchangeErrorView { code, message }),
        }
    }
}

/// What one run of an exchange brought.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Fetch)]
pub struct FetchView {
    /// The exchange.
    pub exchange: String,
    /// Records that the sender gave.
    pub fetched: u64,
    /// Contents that are new.
    pub added: u64,
    /// Contents that changed.
    pub updated: u64,
    /// Contents that were just so.
    pub unchanged: u64,
    /// Contents that went.
    pub removed: u64,
    /// Whether the sender has nothing more for now.
    pub up_to_date: bool,
}

/// A verdict on a sender's signal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Verdict)]
pub struct VerdictView {
    /// Its number.
    pub number: u64,
    /// The content.
    pub content: u64,
    /// The sender's own key.
    pub exchange_key: String,
    /// Type of the signal.
    pub signal_type: String,
    /// `confirm` or `dispute`.
    pub verdict: &'static str,
    /// Why, where it was said.
    #[schema(required)]
    pub reason: Option<String>,
    /// When it was stated.
    #[schema(format = DateTime)]
    pub stated_at: String,
    /// `queued`, `sent` or `dead`.
    pub state: &'static str,
    /// Attempts so far.
    pub attempts: u32,
    /// Code of what went wrong last.
    #[schema(required)]
    pub error: Option<String>,
}

impl VerdictView {
    pub(crate) fn of(verdict: &StoredVerdict) -> Self {
        let stated = &verdict.stated;
        Self {
            number: verdict.number.0,
            content: stated.content.0,
            exchange_key: stated.exchange_key.clone(),
            signal_type: stated.signal.kind.clone(),
            verdict: stated.verdict.as_str(),
            reason: stated.reason.clone(),
            stated_at: stated.stated_at.to_string(),
            state: verdict.state.as_str(),
            attempts: verdict.attempts,
            error: verdict.error.clone(),
        }
    }
}

/// A delivery to a webhook; what was told stays in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = WebhookDelivery)]
pub struct DeliveryView {
    /// Its number.
    pub number: u64,
    /// Name of the webhook.
    pub webhook: String,
    /// The finding that it is about.
    pub finding: String,
    /// `queued`, `sent` or `dead`.
    pub state: &'static str,
    /// Attempts so far.
    pub attempts: u32,
    /// When it was queued.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it is due next; of no meaning unless it is queued.
    #[schema(format = DateTime)]
    pub next_attempt_at: String,
    /// Code of what went wrong last.
    #[schema(required)]
    pub error: Option<String>,
}

impl DeliveryView {
    pub(crate) fn of(delivery: &Delivery) -> Self {
        Self {
            number: delivery.number.0,
            webhook: delivery.told.webhook.clone(),
            finding: delivery.told.finding.to_string(),
            state: delivery.state.as_str(),
            attempts: delivery.attempts,
            created_at: delivery.created_at.to_string(),
            next_attempt_at: delivery.next_attempt_at.to_string(),
            error: delivery.error.clone(),
        }
    }
}
