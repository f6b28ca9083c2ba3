//! Exchanges as the API tells of them: times are RFC 3339 in UTC.

use serde::Serialize;
use serde_json::{Map, Value};
use tutela_core::Timestamp;
use utoipa::ToSchema;

use crate::views::{ExchangeStatusView, ExchangeView, FailureView};

/// All exchanges.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Exchanges)]
pub struct SendersView {
    /// One by one.
    pub exchanges: Vec<SenderView>,
    /// What the next page is asked for with; `null` at the end.
    pub next_cursor: Option<String>,
}

/// An exchange.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Exchange)]
pub struct SenderView {
    /// Its name, and that of the bank that it feeds unless the bank was renamed.
    pub name: String,
    /// Id of its interface.
    #[schema(example = "https_file")]
    pub api: String,
    /// Whether it fetches.
    pub enabled: bool,
    /// Name of the bank that it feeds.
    #[schema(required)]
    pub bank: Option<String>,
    /// What its interface was told.
    #[schema(value_type = Object)]
    pub config: Map<String, Value>,
    /// Whether it has credentials, its own or those of its interface.
    pub has_credentials: bool,
    /// How far it is.
    pub status: SenderStatusView,
}

/// How far an exchange is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ExchangeStatus)]
pub struct SenderStatusView {
    /// Everything that changed at the sender before is here.
    #[schema(required, format = DateTime)]
    pub checkpoint_at: Option<String>,
    /// Records taken so far.
    pub fetched: u64,
    /// Since when a run goes on.
    #[schema(required, format = DateTime)]
    pub running_since: Option<String>,
    /// When the last run ended.
    #[schema(required, format = DateTime)]
    pub last_ended_at: Option<String>,
    /// Whether it ended well.
    #[schema(required)]
    pub last_succeeded: Option<bool>,
    /// Whether everything the sender had was taken at the end of the last run.
    pub up_to_date: bool,
    /// When the next run may begin.
    #[schema(required, format = DateTime)]
    pub next_fetch_at: Option<String>,
    /// Runs that failed in a row.
    pub failures: u32,
    /// What went wrong last.
    #[schema(required)]
    pub error: Option<FailureView>,
}

impl SenderView {
    /// An exchange, with the name of its bank.
    pub fn new(exchange: ExchangeView, bank: Option<&str>) -> Self {
        let ExchangeView {
            number: _,
            name,
            api,
            enabled,
            bank: _,
            config,
            has_credentials,
            status,
        } = exchange;
        let status = SenderStatusView::from(status);
        Self { name, api, enabled, bank: bank.map(str::to_owned), config, has_credentials, status }
    }
}

impl From<ExchangeStatusView> for SenderStatusView {
    fn from(status: ExchangeStatusView) -> Self {
        let at = |second: Option<i64>| {
            let time = second.and_then(|second| Timestamp::from_second(second).ok());
            time.map(|time| time.to_string())
        };
        Self {
            checkpoint_at: at(status.checkpoint_ts),
            fetched: status.fetched_items,
            running_since: at(status.running_fetch_start_ts),
            last_ended_at: at(status.last_fetch_complete_ts),
            last_succeeded: status.last_fetch_succeeded,
            up_to_date: status.up_to_date,
            next_fetch_at: at(status.next_fetch_ts),
            failures: status.failures,
            error: status
                .error
                .map(|error| FailureView { code: error.code, message: error.message }),
        }
    }
}
