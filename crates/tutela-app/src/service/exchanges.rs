//! What the service answers about exchanges and webhooks, and the media it fetches to be hashed.

use std::time::{Duration, Instant};

use serde_json::Value;
use tutela_core::{ContentNumber, DeliveryNumber, OperatorId, SendState, Verdict};

use super::Service;
use crate::AppError;
use crate::cases::exchanges::{self, Stated};
use crate::jobs;
use crate::outbound::http::Fetched;
use crate::views::{DeliveryView, ExchangeStatusView, ExchangeView, FetchView, VerdictView};

/// How long a fetch takes at most that somebody waits for.
const FETCH: Duration = Duration::from_secs(4 * 60);

impl Service {
    /// All exchanges, in the order they were made.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn exchanges(&self) -> Result<Vec<ExchangeView>, AppError> {
        exchanges::list(self.store()).await
    }

    /// One exchange.
    ///
    /// # Errors
    /// There is none of this name.
    pub async fn exchange(&self, name: &str) -> Result<ExchangeView, AppError> {
        exchanges::get(self.store(), name).await
    }

    /// How far an exchange is.
    ///
    /// # Errors
    /// There is none of this name.
    pub async fn exchange_status(&self, name: &str) -> Result<ExchangeStatusView, AppError> {
        exchanges::status(self.store(), name).await
    }

    /// Sets up an exchange and its bank; see [`exchanges::create`].
    ///
    /// # Errors
    /// There is no such interface, the name is taken or has another form, a field is not what it must be.
    pub async fn create_exchange(
        &self,
        by: OperatorId,
        name: &str,
        api: &str,
        config: &Value,
        credentials: Option<&Value>,
    ) -> Result<ExchangeView, AppError> {
        let made = exchanges::create(self.store(), by, name, api, config, credentials).await?;
        self.refresh().await?;
        Ok(made)
    }

    /// Lets an exchange fetch, or not.
    ///
    /// # Errors
    /// There is none of this name.
    pub async fn enable_exchange(
        &self,
        by: OperatorId,
        name: &str,
        enabled: bool,
    ) -> Result<ExchangeView, AppError> {
        exchanges::enable(self.store(), by, name, enabled).await
    }

    /// Removes an exchange with everything that came through it, and its bank where nothing else is in it.
    ///
    /// # Errors
    /// There is none of this name.
    pub async fn remove_exchange(&self, by: OperatorId, name: &str) -> Result<(), AppError> {
        exchanges::remove(self.store(), by, name).await?;
        self.refresh().await
    }

    /// Whether an interface needs credentials, and whether they were given.
    ///
    /// # Errors
    /// There is no such interface.
    pub async fn exchange_credentials(&self, api: &str) -> Result<(bool, bool), AppError> {
        exchanges::credentials(self.store(), api).await
    }

    /// Keeps the credentials of an interface; nothing, or `{}`, removes them.
    ///
    /// # Errors
    /// There is no such interface, or a field is not what it must be.
    pub async fn set_exchange_credentials(
        &self,
        by: OperatorId,
        api: &str,
        sent: &Value,
    ) -> Result<(), AppError> {
        exchanges::set_credentials(self.store(), by, api, sent).await
    }

    /// Fetches from an exchange now, for some minutes at most.
    ///
    /// # Errors
    /// There is none of this name, another process is at it, the sender cannot be read.
    pub async fn fetch_exchange(&self, by: OperatorId, name: &str) -> Result<FetchView, AppError> {
        let began = Instant::now();
        let enough = || began.elapsed() >= FETCH;
        let fetched =
            jobs::exchanges::fetch_now(self.store(), self.settings(), by, name, &enough).await;
        // What came before a failure is found, too.
        self.refresh().await?;
        fetched
    }

    /// Says back to the sender of a content what a person thinks of its signals; of one kind, or of all.
    ///
    /// # Errors
    /// There is no such content.
    pub async fn state_verdict(
        &self,
        by: OperatorId,
        content: ContentNumber,
        kind: Option<&str>,
        verdict: Verdict,
        reason: Option<&str>,
    ) -> Result<Stated, AppError> {
        exchanges::state_verdict(self.store(), by, content, kind, verdict, reason).await
    }

    /// Every verdict about signals of an exchange.
    ///
    /// # Errors
    /// There is no exchange of this name.
    pub async fn verdicts(&self, name: &str) -> Result<Vec<VerdictView>, AppError> {
        exchanges::verdicts(self.store(), name).await
    }

    /// Deliveries to webhooks in a state with numbers below `before`, the latest first.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn deliveries(
        &self,
        state: SendState,
        before: Option<DeliveryNumber>,
        limit: u32,
    ) -> Result<Vec<DeliveryView>, AppError> {
        jobs::deliveries::list(self.store(), state, before, limit).await
    }

    /// Queues again a delivery that was given up.
    ///
    /// # Errors
    /// There is no such delivery, or it was not given up.
    pub async fn requeue_delivery(
        &self,
        by: OperatorId,
        number: DeliveryNumber,
    ) -> Result<(), AppError> {
        jobs::deliveries::requeue(self.store(), by, number).await
    }

    /// Fetches media to be hashed, from hosts that the settings list.
    ///
    /// # Errors
    /// The host is not listed or points where it should not, the answer is too large, too slow or not 200.
    pub async fn fetch_media(&self, url: &str) -> Result<Fetched, AppError> {
        Ok(self.settings().media_fetcher()?.get(url).await?)
    }
}
