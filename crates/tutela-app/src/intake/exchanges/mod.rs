//! Exchanges: services and files that signals are fetched from, as a registry: one file an interface and
//! its line in [`EXCHANGE_APIS`].

mod fb_threatexchange;
mod https_file;
mod ncmec;
mod sample;
pub mod schema;
mod stop_ncii;

use std::pin::Pin;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256 as Hasher};
use tutela_core::{ContentSignal, ContentTerms, Sha256, Timestamp};
use tutela_formats::answers::Record;
use tutela_store::{ExchangePage, ExchangeRecord, NewContent, NewVerdict};

use self::schema::Field;
use crate::AppError;
use crate::engines::matching::KindType;
use crate::outbound::http::{Fetched, Fetcher, Request};
use crate::settings::Settings;

/// Every interface, in the order in which documents list them.
pub static EXCHANGE_APIS: &[ExchangeApi] =
    &[sample::API, fb_threatexchange::API, ncmec::API, stop_ncii::API, https_file::API];

/// Time for one request to a sender. NCMEC may need a minute for a page.
const REQUEST_WAIT: Duration = Duration::from_secs(120);

/// A pinned future that borrows from its arguments.
type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<T, AppError>> + Send + 'a>>;

/// What is known of an interface. One constant each, in the file of its name.
pub struct ExchangeApi {
    /// The name in requests, as HMA's clients know it; never renamed.
    pub id: &'static str,
    /// The name for people.
    pub title: &'static str,
    /// What is fetched, and what becomes of updates and deletions.
    pub doc: &'static str,
    /// Where the interface is published.
    pub source: &'static str,
    /// What an exchange must be told.
    pub config: &'static [Field],
    /// The secrets that it needs; none: it needs no sign-in.
    pub credentials: &'static [Field],
    /// Its own address, for which no operator need list a host; `None` where each exchange names one.
    pub(crate) address: fn(&Map<String, Value>) -> Option<String>,
    /// Takes the next step from a cursor; `None` is the very beginning.
    pub(crate) next: for<'a> fn(&'a Line<'a>, Option<&'a str>) -> Boxed<'a, Step>,
    /// Says back what a person thinks of a signal, where the interface takes it.
    pub(crate) tell: Option<for<'a> fn(&'a Line<'a>, &'a Told) -> Boxed<'a, ()>>,
}

impl ExchangeApi {
    /// The interface with this id.
    ///
    /// # Errors
    /// There is none.
    pub fn by_id(id: &str) -> Result<&'static Self, AppError> {
        let found = EXCHANGE_APIS.iter().find(|api| api.id == id);
        found.ok_or_else(|| AppError::NoSuch { kind: "exchange API", name: id.to_owned() })
    }

    /// Whether confirmations and disputes are sent back.
    pub fn takes_verdicts(&self) -> bool {
        self.tell.is_some()
    }
}

/// What came of one step.
#[derive(Debug, Default)]
pub(crate) struct Step {
    /// Pages in their order.
    pub(crate) pages: Vec<ExchangePage>,
    /// The sender has nothing more for now.
    pub(crate) up_to_date: bool,
    /// Nothing more is to be asked before the next round, although there is more.
    pub(crate) pause: bool,
    /// SHA-256 of the answer.
    pub(crate) received: Option<Sha256>,
}

/// A verdict, and what the sender said of the content.
pub(crate) struct Told {
    pub(crate) verdict: NewVerdict,
    pub(crate) record: Value,
}

/// A line to a sender: what an exchange was told, its secrets, and the way there.
pub(crate) struct Line<'a> {
    pub(crate) api: &'static ExchangeApi,
    pub(crate) config: Map<String, Value>,
    pub(crate) credentials: Map<String, Value>,
    pub(crate) settings: &'a Settings,
    pub(crate) now: Timestamp,
}

impl Line<'_> {
    /// A value of the configuration.
    fn config(&self, name: &str) -> Option<&str> {
        self.config.get(name)?.as_str()
    }

    /// A secret that must be there.
    fn secret(&self, name: &str) -> Result<&str, AppError> {
        let secret = self.optional_secret(name);
        secret.ok_or(AppError::NoCredentials { api: self.api.id })
    }

    fn optional_secret(&self, name: &str) -> Option<&str> {
        self.credentials.get(name)?.as_str().filter(|secret| !secret.is_empty())
    }

    /// The interface's own address, or the one that the settings put in its place; without a slash at its end.
    fn address(&self) -> Option<String> {
        let other = self.settings.exchanges.addresses.get(self.api.id);
        let address = other.cloned().or_else(|| (self.api.address)(&self.config))?;
        Some(address.trim_end_matches('/').to_owned())
    }

    fn fetcher(&self) -> Result<Fetcher, AppError> {
        self.settings.exchange_fetcher(self.address().as_deref(), REQUEST_WAIT)
    }

    /// Sends a request below the interface's own address; whatever is not 2xx is an error.
    async fn ask(
        &self,
        below: &str,
        request: impl FnOnce(String) -> Request,
    ) -> Result<Fetched, AppError> {
        let url = format!("{}{below}", self.address().unwrap_or_default());
        Ok(self.fetcher()?.send(&request(url)).await?.successful()?)
    }
}

/// What a cursor says; `None` at the beginning, or where an earlier version wrote what nobody reads now.
fn read_cursor<T: DeserializeOwned>(cursor: Option<&str>) -> Option<T> {
    serde_json::from_str(cursor?).ok()
}

fn write_cursor(cursor: &impl Serialize) -> Option<String> {
    serde_json::to_string(cursor).ok()
}

/// What becomes of a sender's records: only signals of kinds that are matched, in their canonical form. A
/// record without any goes.
fn taken(records: Vec<Record>) -> Vec<ExchangeRecord> {
    records
        .into_iter()
        .map(|record| {
            let signals = canonical(record.signals);
            let terms = ContentTerms {
                labels: record.labels,
                record_json: Some(record.record_json),
                ..ContentTerms::default()
            };
            let content = (!signals.is_empty()).then_some(NewContent { terms, signals });
            ExchangeRecord { key: record.key, content }
        })
        .collect()
}

fn canonical(signals: Vec<ContentSignal>) -> Vec<ContentSignal> {
    let one = |signal: ContentSignal| {
        let value = KindType::by_id(&signal.kind)?.parse(&signal.value).ok()?;
        Some(ContentSignal { kind: signal.kind, value })
    };
    signals.into_iter().filter_map(one).collect()
}

fn digest(bytes: &[u8]) -> Sha256 {
    Sha256(Hasher::digest(bytes).into())
}

/// Leads in a circle: the page that an answer names next is the one that was just read.
fn circle(sender: &'static str) -> AppError {
    let reason = "its next page is the same page again";
    AppError::Answer(tutela_formats::FormatError::Answer { sender, reason })
}

#[cfg(test)]
mod tests {
    use super::EXCHANGE_APIS;

    #[test]
    fn every_interface_is_complete() {
        for api in EXCHANGE_APIS {
            assert!(!api.id.contains(':') && api.id == api.id.to_lowercase(), "{}", api.id);
            assert!(
                !api.title.is_empty() && api.doc.len() > 40 && !api.source.is_empty(),
                "{}",
                api.id
            );
            for field in api.config.iter().chain(api.credentials) {
                assert!(field.help.ends_with('.'), "{} {}", api.id, field.name);
            }
            let same = EXCHANGE_APIS.iter().filter(|other| other.id == api.id).count();
            assert_eq!(same, 1, "{}", api.id);
        }
    }
}
