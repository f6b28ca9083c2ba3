//! `/v1/exchanges` and `/v1/webhook_deliveries`: where signals come from, and who is told of findings.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Json;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tutela_app::AppError;
use tutela_app::views::{
    DeliveryView, ExchangeView, FetchView, SenderStatusView, SenderView, SendersView, VerdictView,
};
use tutela_core::{DeliveryNumber, SendState};
use utoipa::{IntoParams, ToSchema};

use super::Problem;
use super::problem::ProblemView;
use super::take::{Body, KeyParam, Named, PageParams, Params, behind, limit};
use crate::auth::{May, Reading, Running};
use crate::router::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/exchanges", get(list).post(create))
        .route("/exchanges/{exchange}", get(show).patch(change).delete(remove))
        .route("/exchanges/{exchange}/status", get(status))
        .route("/exchanges/{exchange}/fetch", post(fetch))
        .route("/exchanges/{exchange}/verdicts", get(verdicts))
        .route("/webhook_deliveries", get(deliveries))
        .route("/webhook_deliveries/{number}/retry", post(retry))
}

/// Exchanges, in the order they were made. Scope `match` or `curate`.
#[utoipa::path(get, path = "/v1/exchanges", tag = "exchanges", params(PageParams), responses(
    (status = 200, body = SendersView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn list(
    _: May<Reading>,
    State(web): State<Web>,
    Params(page): Params<PageParams>,
) -> Result<Json<SendersView>, Problem> {
    let (behind, limit) = (page.behind()?.unwrap_or(0), page.limit()? as usize);
    let exchanges = web.service.exchanges().await?.into_iter();
    let mut rest = exchanges.filter(|exchange| exchange.number > behind);
    let page: Vec<ExchangeView> = rest.by_ref().take(limit).collect();
    let last = page.last().map(|last| last.number.to_string());
    Ok(Json(SendersView {
        next_cursor: last.filter(|_| rest.next().is_some()),
        exchanges: page.into_iter().map(|one| view(&web, one)).collect(),
    }))
}

/// An exchange that is to be set up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewExchange {
    /// Its name, and that of its bank: upper-case letters, digits and underscores.
    #[schema(example = "PARTNER")]
    name: String,
    /// Id of its interface.
    #[schema(example = "https_file")]
    api: String,
    /// What its interface must be told.
    #[serde(default)]
    #[schema(value_type = Object)]
    config: Map<String, Value>,
    /// Credentials of its own; those of its interface where there are none. Kept, and never shown.
    #[schema(value_type = Option<Object>)]
    credentials: Option<Map<String, Value>>,
}

/// Sets up an exchange, with a bank of its name. Scope `admin`.
#[utoipa::path(post, path = "/v1/exchanges", tag = "exchanges", params(KeyParam), request_body = NewExchange, responses(
    (status = 201, body = SenderView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn create(
    may: May<Running>,
    State(web): State<Web>,
    Body(new): Body<NewExchange>,
) -> Result<(StatusCode, Json<SenderView>), Problem> {
    let credentials = new.credentials.map(Value::Object);
    let (by, config) = (may.caller.operator, Value::Object(new.config));
    let made =
        web.service.create_exchange(by, &new.name, &new.api, &config, credentials.as_ref()).await?;
    Ok((StatusCode::CREATED, Json(view(&web, made))))
}

/// One exchange. Scope `match` or `curate`.
#[utoipa::path(get, path = "/v1/exchanges/{exchange}", tag = "exchanges",
    params(("exchange" = String, Path, description = "Name of the exchange")), responses(
    (status = 200, body = SenderView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn show(
    _: May<Reading>,
    State(web): State<Web>,
    Named(name): Named<String>,
) -> Result<Json<SenderView>, Problem> {
    let exchange = web.service.exchange(&name).await?;
    Ok(Json(view(&web, exchange)))
}

/// What is to be changed of an exchange.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExchangeChange {
    /// Whether it fetches; what it brought stays and still matches.
    enabled: bool,
}

/// Lets an exchange fetch, or not. Scope `admin`.
#[utoipa::path(patch, path = "/v1/exchanges/{exchange}", tag = "exchanges",
    params(("exchange" = String, Path, description = "Name of the exchange")),
    request_body = ExchangeChange, responses(
    (status = 200, body = SenderView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn change(
    may: May<Running>,
    State(web): State<Web>,
    Named(name): Named<String>,
    Body(change): Body<ExchangeChange>,
) -> Result<Json<SenderView>, Problem> {
    web.service.enable_exchange(may.caller.operator, &name, change.enabled).await?;
    let exchange = web.service.exchange(&name).await?;
    Ok(Json(view(&web, exchange)))
}

/// Removes an exchange with every content that came through it. Scope `admin`.
#[utoipa::path(delete, path = "/v1/exchanges/{exchange}", tag = "exchanges",
    params(("exchange" = String, Path, description = "Name of the exchange")), responses(
    (status = 204),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn remove(
    may: May<Running>,
    State(web): State<Web>,
    Named(name): Named<String>,
) -> Result<StatusCode, Problem> {
    web.service.remove_exchange(may.caller.operator, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How far an exchange is. Scope `match` or `curate`.
#[utoipa::path(get, path = "/v1/exchanges/{exchange}/status", tag = "exchanges",
    params(("exchange" = String, Path, description = "Name of the exchange")), responses(
    (status = 200, body = SenderStatusView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn status(
    _: May<Reading>,
    State(web): State<Web>,
    Named(name): Named<String>,
) -> Result<Json<SenderStatusView>, Problem> {
    Ok(Json(web.service.exchange_status(&name).await?.into()))
}

/// Fetches from an exchange now, for a moment; what is left comes with the next run. Scope `admin`.
#[utoipa::path(post, path = "/v1/exchanges/{exchange}/fetch", tag = "exchanges",
    params(("exchange" = String, Path, description = "Name of the exchange")), responses(
    (status = 200, body = FetchView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn fetch(
    may: May<Running>,
    State(web): State<Web>,
    Named(name): Named<String>,
) -> Result<Json<FetchView>, Problem> {
    Ok(Json(web.service.fetch_exchange(may.caller.operator, &name).await?))
}

/// Verdicts on signals of an exchange.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Verdicts {
    /// One by one.
    verdicts: Vec<VerdictView>,
}

/// What people said of signals of an exchange, and whether the sender was told. Scope `match` or `curate`.
#[utoipa::path(get, path = "/v1/exchanges/{exchange}/verdicts", tag = "exchanges",
    params(("exchange" = String, Path, description = "Name of the exchange")), responses(
    (status = 200, body = Verdicts),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn verdicts(
    _: May<Reading>,
    State(web): State<Web>,
    Named(name): Named<String>,
) -> Result<Json<Verdicts>, Problem> {
    Ok(Json(Verdicts { verdicts: web.service.verdicts(&name).await? }))
}

/// Which deliveries are meant.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DeliveryParams {
    /// `dead` where nothing is said: those that were given up.
    #[param(inline)]
    state: Option<SendStateParam>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Deliveries on a page; 100 where nothing is said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// How far something is that is to be sent.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum SendStateParam {
    /// It waits.
    Queued,
    /// It was taken.
    Sent,
    /// It was given up.
    Dead,
}

/// Deliveries to webhooks.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Deliveries {
    /// One by one, the latest first.
    webhook_deliveries: Vec<DeliveryView>,
    /// What the next page is asked for with; `null` at the end.
    next_cursor: Option<String>,
}

/// Deliveries to webhooks in a state, the latest first. Scope `match` or `curate`.
#[utoipa::path(get, path = "/v1/webhook_deliveries", tag = "exchanges", params(DeliveryParams), responses(
    (status = 200, body = Deliveries),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn deliveries(
    _: May<Reading>,
    State(web): State<Web>,
    Params(params): Params<DeliveryParams>,
) -> Result<Json<Deliveries>, Problem> {
    let state = match params.state {
        Some(SendStateParam::Queued) => SendState::Queued,
        Some(SendStateParam::Sent) => SendState::Sent,
        Some(SendStateParam::Dead) | None => SendState::Dead,
    };
    let limit = limit(params.limit)?;
    let before = behind(params.cursor.as_deref())?.map(DeliveryNumber);
    let webhook_deliveries = web.service.deliveries(state, before, limit).await?;
    let full = webhook_deliveries.len() >= limit as usize;
    let next_cursor =
        webhook_deliveries.last().filter(|_| full).map(|last| last.number.to_string());
    Ok(Json(Deliveries { webhook_deliveries, next_cursor }))
}

/// Queues again a delivery that was given up. Scope `admin`.
#[utoipa::path(post, path = "/v1/webhook_deliveries/{number}/retry", tag = "exchanges",
    params(("number" = u64, Path, description = "Number of the delivery")), responses(
    (status = 204),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn retry(
    may: May<Running>,
    State(web): State<Web>,
    Named(number): Named<u64>,
) -> Result<StatusCode, Problem> {
    // Numbers of the store have 63 bits.
    if i64::try_from(number).is_err() {
        let name = number.to_string();
        return Err(AppError::NoSuch { kind: "delivery", name }.into());
    }
    web.service.requeue_delivery(may.caller.operator, DeliveryNumber(number)).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn view(web: &Web, exchange: ExchangeView) -> SenderView {
    let banks = web.service.banks();
    let bank = banks.iter().find(|bank| bank.number.0 == exchange.bank);
    SenderView::new(exchange, bank.map(|bank| bank.terms.name.as_str()))
}
