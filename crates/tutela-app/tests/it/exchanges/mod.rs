//! Exchanges, each spoken to through a server that plays its protocol, faults included.

mod fb_threatexchange;
mod https_file;
mod ncmec;
mod stop_ncii;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tutela_app::AppError;
use tutela_app::cases::exchanges::{self, Stated};
use tutela_app::jobs::exchanges::{fetch_now, run_due};
use tutela_app::settings::Settings;
use tutela_app::views::{ExchangeStatusView, FetchView};
use tutela_core::{Coded, ContentNumber, OperatorId, Timestamp, Verdict};
use tutela_store::{ExchangePage, Operator, Store, sqlite_url};

/// A store with one operator and one exchange, and settings that lead to the server of a test.
pub(crate) struct Desk {
    pub(crate) store: Store,
    pub(crate) settings: Settings,
    pub(crate) by: OperatorId,
    pub(crate) dir: TempDir,
}

pub(crate) const NAME: &str = "PARTNER";

impl Desk {
    pub(crate) async fn with(settings: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::create(&sqlite_url(&dir.path().join("a.db"))).await.unwrap();
        let by = OperatorId(uuid::Uuid::from_u128(1));
        let operator =
            Operator { id: by, name: "Jo Example".to_owned(), added_at: Timestamp::UNIX_EPOCH };
        store.add_operator(&operator, vec![]).await.unwrap();
        let settings = Settings::load(Some(settings), std::iter::empty()).unwrap();
        Self { store, settings, by, dir }
    }

    /// A desk with an exchange of an interface that is played at an address.
    pub(crate) async fn of(api: &str, address: &str, config: Value, secrets: Value) -> Self {
        let settings = format!(
            "[exchanges]\nhosts = [\"127.0.0.1\"]\n[exchanges.addresses]\n{api} = \"{address}\"\n"
        );
        let desk = Self::with(&settings).await;
        desk.create(api, config, secrets).await.unwrap();
        desk
    }

    pub(crate) async fn create(
        &self,
        api: &str,
        config: Value,
        secrets: Value,
    ) -> Result<(), AppError> {
        exchanges::create(&self.store, self.by, NAME, api, &config, Some(&secrets)).await.map(drop)
    }

    /// Fetches until there is no more.
    pub(crate) async fn fetch(&self) -> Result<FetchView, AppError> {
        fetch_now(&self.store, &self.settings, self.by, NAME, &|| false).await
    }

    /// Fetches so many steps.
    pub(crate) async fn fetch_steps(&self, steps: usize) -> Result<FetchView, AppError> {
        let taken = AtomicUsize::new(0);
        let enough = || taken.fetch_add(1, Ordering::SeqCst) + 1 >= steps;
        fetch_now(&self.store, &self.settings, self.by, NAME, &enough).await
    }

    /// The code that a fetch fails with; it must be kept with the exchange.
    pub(crate) async fn fails(&self) -> String {
        let code = self.fetch().await.unwrap_err().code().to_owned();
        let status = self.status().await;
        assert_eq!(status.error.as_ref().map(|error| &error.code), Some(&code));
        assert_eq!(
            (status.last_fetch_succeeded, status.running_fetch_start_ts),
            (Some(false), None)
        );
        code
    }

    pub(crate) async fn status(&self) -> ExchangeStatusView {
        exchanges::status(&self.store, NAME).await.unwrap()
    }

    /// Keys of what is in the bank, each with the kinds of its signals.
    pub(crate) async fn held(&self) -> Vec<String> {
        let bank = self.store.bank(NAME).await.unwrap().number;
        let page = self.store.contents_of(bank, None, 1_000).await.unwrap();
        let mut held: Vec<String> = page
            .contents
            .iter()
            .map(|content| {
                let kinds: Vec<&str> = content.signals.iter().map(|s| s.kind.as_str()).collect();
                format!("{} {}", content.terms.exchange_key.as_deref().unwrap(), kinds.join("+"))
            })
            .collect();
        held.sort();
        held
    }

    pub(crate) async fn content(&self, key: &str) -> ContentNumber {
        let bank = self.store.bank(NAME).await.unwrap().number;
        let page = self.store.contents_of(bank, None, 1_000).await.unwrap();
        let found = page.contents.iter().find(|c| c.terms.exchange_key.as_deref() == Some(key));
        found.unwrap().number
    }

    /// Puts the cursor where a test needs it, as if a run had left it there.
    pub(crate) async fn set_cursor(&self, change: impl FnOnce(&mut Value)) {
        let exchange = self.store.exchange(NAME).await.unwrap();
        let mut cursor = serde_json::from_str(&exchange.state.cursor_json.unwrap()).unwrap();
        change(&mut cursor);
        let now = Timestamp::now();
        let claim = self.store.claim_exchange(exchange.number, now, now).await.unwrap().unwrap();
        let page =
            ExchangePage { cursor_json: Some(cursor.to_string()), ..ExchangePage::default() };
        self.store.apply_page(claim, &page, vec![]).await.unwrap();
        let end =
            tutela_store::FetchEnd { at: now, error: None, up_to_date: true, next_fetch_at: now };
        self.store.end_fetch(claim, &end).await.unwrap();
    }

    /// States a verdict, sends what waits, and gives the states of all verdicts.
    pub(crate) async fn tell(&self, key: &str, verdict: Verdict) -> Vec<String> {
        let content = self.content(key).await;
        let stated = exchanges::state_verdict(
            &self.store,
            self.by,
            content,
            None,
            verdict,
            Some("Wrong picture"),
        );
        assert!(matches!(stated.await.unwrap(), Stated::Queued(_)));
        run_due(&self.store, &self.settings, self.by).await.unwrap();
        let verdicts = exchanges::verdicts(&self.store, NAME).await.unwrap();
        let one = |v: &tutela_app::views::VerdictView| match &v.error {
            Some(error) => format!("{} {error}", v.state),
            None => v.state.to_owned(),
        };
        verdicts.iter().map(one).collect()
    }
}

#[tokio::test]
async fn exchanges_are_set_up_only_with_what_they_need() {
    let desk = Desk::with("").await;
    let check = async |api: &str, config: Value, secrets: Value, expected: Result<(), &str>| {
        let got = desk
            .create(api, config.clone(), secrets)
            .await
            .map_err(|error| error.code().to_owned());
        assert_eq!(got.as_ref().map_err(String::as_str).copied(), expected, "{api} {config}");
        if expected.is_ok() {
            exchanges::remove(&desk.store, desk.by, NAME).await.unwrap();
        }
    };
    let environment = "https://hashsharing.ncmec.org/npo";
    check("nobody", json!({}), json!({}), Err("app.no_such")).await;
    check("sample", json!({"x": 1}), json!({}), Err("app.bad_field")).await;
    check("ncmec", json!({}), json!({}), Err("app.bad_field")).await;
    check("ncmec", json!({"environment": "https://evil.example"}), json!({}), Err("app.bad_field"))
        .await;
    check("ncmec", json!({"environment": environment}), json!({"user": "u"}), Err("app.bad_field"))
        .await;
    check(
        "ncmec",
        json!({"environment": environment, "only_esp_ids": ["3", 1]}),
        json!({}),
        Ok(()),
    )
    .await;
    check("fb_threatexchange", json!({"privacy_group": "12"}), json!({"api_token": "t"}), Ok(()))
        .await;
    check("stop_ncii", json!({}), Value::Null, Ok(())).await;
    check("https_file", json!({}), json!({}), Err("app.bad_field")).await;

    desk.create("sample", json!({}), json!({})).await.unwrap();
    let again = desk.create("sample", json!({}), json!({})).await.unwrap_err();
    assert_eq!(again.code(), "app.exchange_exists");
    let bad_name = exchanges::create(&desk.store, desk.by, "a b", "sample", &json!({}), None).await;
    assert_eq!(bad_name.unwrap_err().code(), "app.bad_bank_name");
}

#[tokio::test]
async fn credentials_are_kept_and_never_shown() {
    let desk = Desk::with("").await;
    desk.create("ncmec", json!({"environment": "https://hashsharing.ncmec.org/npo"}), json!({}))
        .await
        .unwrap();
    assert_eq!(desk.fails().await, "app.no_credentials");
    assert_eq!(exchanges::credentials(&desk.store, "ncmec").await.unwrap(), (true, false));
    let secrets = json!({"user": "someone", "password": "s3cret-word"});
    exchanges::set_credentials(&desk.store, desk.by, "ncmec", &secrets).await.unwrap();
    assert_eq!(exchanges::credentials(&desk.store, "ncmec").await.unwrap(), (true, true));
    let view = exchanges::get(&desk.store, NAME).await.unwrap();
    assert!(view.has_credentials);
    let shown = serde_json::to_string(&view).unwrap();
    assert!(!shown.contains("s3cret") && !shown.contains("someone"));
    let ledger = desk.store.entry_lines(0, 100).await.unwrap().join("\n");
    assert!(ledger.contains("exchange.credentials_changed") && !ledger.contains("s3cret"));
    exchanges::set_credentials(&desk.store, desk.by, "ncmec", &json!({})).await.unwrap();
    assert_eq!(exchanges::credentials(&desk.store, "ncmec").await.unwrap(), (true, false));
    let wrong =
        exchanges::set_credentials(&desk.store, desk.by, "ncmec", &json!({"token": "x"})).await;
    assert_eq!(wrong.unwrap_err().code(), "app.bad_field");
    assert_eq!(exchanges::credentials(&desk.store, "sample").await.unwrap(), (false, false));
}

#[tokio::test]
async fn the_sample_is_fetched_once_and_can_be_left() {
    let desk = Desk::with("").await;
    desk.create("sample", json!({}), json!({})).await.unwrap();
    run_due(&desk.store, &desk.settings, desk.by).await.unwrap();
    assert_eq!(desk.held().await.len(), 10);
    let status = desk.status().await;
    assert_eq!((status.up_to_date, status.last_fetch_succeeded), (true, Some(true)));
    assert_eq!(desk.fetch().await.unwrap().added, 0);

    // Another process is at it.
    let number = desk.store.exchange(NAME).await.unwrap().number;
    let now = Timestamp::now();
    desk.store.claim_exchange(number, now, now).await.unwrap().unwrap();
    assert_eq!(desk.fetch().await.unwrap_err().code(), "app.exchange_running");

    let content = desk.content("sample-1").await;
    let stated =
        exchanges::state_verdict(&desk.store, desk.by, content, None, Verdict::Dispute, None);
    assert_eq!(stated.await.unwrap(), Stated::NotSupported("sample"));
    exchanges::remove(&desk.store, desk.by, NAME).await.unwrap();
    assert!(desk.store.bank(NAME).await.is_err(), "an empty bank goes with it");
}

#[tokio::test]
async fn a_claim_of_a_dead_process_holds_for_half_a_minute() {
    let desk = Desk::with("").await;
    desk.create("sample", json!({}), json!({})).await.unwrap();
    let number = desk.store.exchange(NAME).await.unwrap().number;
    let ago = |s| Timestamp::now().checked_sub(Duration::from_secs(s)).unwrap();
    // It began long ago, and was alive ten seconds ago: it is at it.
    let claim = desk.store.claim_exchange(number, ago(600), ago(600)).await.unwrap().unwrap();
    assert!(desk.store.renew_claim(claim, ago(10)).await.unwrap());
    assert_eq!(desk.fetch().await.unwrap_err().code(), "app.exchange_running");
    // It has not been heard of since: it is dead, and whoever comes next takes over.
    assert!(desk.store.renew_claim(claim, ago(31)).await.unwrap());
    assert_eq!(desk.fetch().await.unwrap().added, 10);
    assert!(!desk.store.renew_claim(claim, Timestamp::now()).await.unwrap());
}
