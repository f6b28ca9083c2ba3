//! The senders whose signals are fetched, how far each is, and asking for more.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use tracing::warn;
use tutela_app::service::Service;
use tutela_app::views::{ExchangeErrorView, ExchangeStatusView, ExchangeView};
use tutela_core::{BankNumber, Coded, Timestamp};

use super::fault::Fault;
use super::frame::{Frame, Here, Posted, Visit, encoded, page};
use super::marks::{Mark, time_text};
use super::matches::name_of;
use crate::Lang;
use crate::router::Web;
use crate::show::filters;
use crate::words::{self, BankWords, fill};

/// All exchanges.
#[derive(Template)]
#[template(path = "console/exchanges.html", whitespace = "minimize")]
pub(super) struct Exchanges {
    f: Frame,
    w: &'static BankWords,
    rows: Vec<ExchangeRow>,
}

/// One exchange in words.
#[derive(Debug, Clone)]
pub(super) struct ExchangeRow {
    pub(super) name: String,
    /// The bank that it feeds.
    pub(super) bank: Option<String>,
    pub(super) interface: String,
    pub(super) mark: Mark,
    /// When the last run ended, or since when one runs.
    pub(super) last: Option<String>,
    /// What went wrong, and whether that is English on a page that is not.
    pub(super) error: Option<(String, bool)>,
    pub(super) failures: u32,
    pub(super) fetched: u64,
    pub(super) checkpoint: Option<String>,
    pub(super) next: Option<String>,
    pub(super) enabled: bool,
}

/// `GET /console/exchanges`.
pub(super) async fn show(visit: Visit, State(web): State<Web>) -> Result<Response, Fault> {
    let rows = rows(&web.service, visit.lang).await?;
    let mut f = visit.frame(Here::Exchanges);
    let w = f.lang.bank_words();
    f.done = match visit.query.get("done") {
        "fetch" => Some(w.fetch_asked.to_owned()),
        "on" => Some(w.exchange_on.to_owned()),
        "off" => Some(w.exchange_off.to_owned()),
        _ => None,
    };
    page(&Exchanges { w, rows, f })
}

/// `POST /console/exchanges/{name}`.
pub(super) async fn act(
    State(web): State<Web>,
    Path(name): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    let Posted { visit, fields } = posted;
    let (service, by) = (web.service, visit.person.operator);
    let done = match fields.get("do") {
        "on" => {
            service.enable_exchange(by, &name, true).await?;
            "on"
        }
        "off" => {
            service.enable_exchange(by, &name, false).await?;
            "off"
        }
        "fetch" => {
            service.exchange(&name).await?;
            // It takes minutes, and says in the store how it ended: nobody has to wait here.
            tokio::spawn(async move {
                if let Err(error) = service.fetch_exchange(by, &name).await {
                    warn!(code = error.code(), "A fetch that an operator asked for has failed.");
                }
            });
            "fetch"
        }
        _ => return Err(Fault::Rejected(StatusCode::BAD_REQUEST)),
    };
    Ok(Redirect::to(&format!("/console/exchanges?done={done}")).into_response())
}

/// All exchanges in words.
pub(super) async fn rows(service: &Service, lang: Lang) -> Result<Vec<ExchangeRow>, Fault> {
    let exchanges = service.exchanges().await?;
    let row = |exchange: &ExchangeView| {
        let bank = name_of(service, BankNumber(exchange.bank));
        ExchangeRow::new(exchange, bank, lang)
    };
    Ok(exchanges.iter().map(row).collect())
}

impl Exchanges {
    pub(super) fn sample(lang: Lang) -> Self {
        let f = Frame::sample(lang, Here::Exchanges);
        Self { w: lang.bank_words(), rows: sample_rows(lang), f }
    }
}

impl ExchangeRow {
    /// Its name as part of an address.
    fn address(&self) -> String {
        encoded(&self.name)
    }

    fn new(exchange: &ExchangeView, bank: Option<String>, lang: Lang) -> Self {
        let (w, status) = (lang.bank_words(), &exchange.status);
        let time = |second: i64| Timestamp::from_second(second).map(time_text).unwrap_or_default();
        let last = match status.running_fetch_start_ts {
            Some(since) => Some(fill(w.fetching_since, "time", &time(since))),
            None => status.last_fetch_complete_ts.map(time),
        };
        let next = match (exchange.enabled, status.next_fetch_ts) {
            (false, _) => None,
            (true, Some(second)) => Some(time(second)),
            (true, None) => Some(w.fetch_at_once.to_owned()),
        };
        Self {
            name: exchange.name.clone(),
            bank,
            interface: exchange.api.clone(),
            mark: mark(exchange, w),
            last,
            error: status.error.as_ref().map(|error| {
                let said = words::failure(&error.code, &error.message, lang);
                (said.text.into_owned(), said.foreign)
            }),
            failures: status.failures,
            fetched: status.fetched_items,
            checkpoint: status.checkpoint_ts.map(|at| fill(w.checkpoint, "time", &time(at))),
            next,
            enabled: exchange.enabled,
        }
    }
}

fn mark(exchange: &ExchangeView, w: &BankWords) -> Mark {
    let status = &exchange.status;
    let (id, word) = match (status.running_fetch_start_ts, status.last_fetch_succeeded) {
        (Some(_), _) => ("running", w.fetching),
        (None, Some(false)) => ("fail", w.fetch_failed),
        (None, _) if !exchange.enabled => ("off", w.fetch_off),
        (None, Some(true)) if status.up_to_date => ("pass", w.fetch_ended_well),
        (None, Some(true)) => ("wait", w.fetch_more),
        (None, None) => ("wait", w.fetch_never),
    };
    Mark { id, word: word.to_owned() }
}

/// Exchanges that never were.
pub(super) fn sample_rows(lang: Lang) -> Vec<ExchangeRow> {
    let status = ExchangeStatusView {
        checkpoint_ts: Some(1_772_366_400),
        fetched_items: 1_204_331,
        last_fetch_complete_ts: Some(1_772_366_500),
        last_fetch_succeeded: Some(true),
        running_fetch_start_ts: None,
        up_to_date: true,
        next_fetch_ts: Some(1_772_366_800),
        failures: 0,
        error: None,
    };
    let exchange = |name: &str, api: &str, status| ExchangeView {
        number: 1,
        name: name.to_owned(),
        api: api.to_owned(),
        enabled: true,
        bank: 2,
        config: serde_json::Map::new(),
        has_credentials: true,
        status,
    };
    let error = ExchangeErrorView {
        code: "example.unavailable".to_owned(),
        message: "the sender answered 503".to_owned(),
    };
    let running = Some(1_772_366_600);
    let exchanges = [
        exchange("EXAMPLE_SENDER", "fb_threatexchange", status.clone()),
        exchange(
            "EXAMPLE_FILE",
            "file",
            ExchangeStatusView { running_fetch_start_ts: running, ..status.clone() },
        ),
        exchange(
            "EXAMPLE_SECOND",
            "ncmec",
            ExchangeStatusView {
                last_fetch_succeeded: Some(false),
                failures: 3,
                error: Some(error),
                ..status.clone()
            },
        ),
        ExchangeView {
            enabled: false,
            ..exchange(
                "EXAMPLE_OFF",
                "stop_ncii",
                ExchangeStatusView { last_fetch_succeeded: None, next_fetch_ts: None, ..status },
            )
        },
    ];
    let bank = || Some("EXAMPLE_SENDER".to_owned());
    exchanges.iter().map(|exchange| ExchangeRow::new(exchange, bank(), lang)).collect()
}
