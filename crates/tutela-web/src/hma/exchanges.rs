//! `/c/exchanges`, `/c/exchange/N`: where signals come from.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Map, Value, json};
use tutela_app::AppError;
use tutela_app::service::{exchange_apis, exchange_schema};
use tutela_app::views::{ExchangeSchemaView, ExchangeView};
use tutela_core::{Class, Coded};

use super::access::{Caller, Curate};
use super::answer::{BANK_NAMES, Refusal};
use super::body::{JsonBody, SchemaBody};
use super::params::{Fields, truth_of};
use crate::router::Web;

/// What stands in `api_json` beside the fields of the interface.
const BESIDE: [&str; 3] = ["name", "api", "enabled"];

/// `GET /c/exchanges/apis`.
pub(super) async fn apis(_: Caller<Curate>) -> Json<Value> {
    Json(exchange_apis().iter().map(|api| api.id).collect())
}

/// `GET /c/exchanges/api/A`.
pub(super) async fn api(
    State(web): State<Web>,
    _: Caller<Curate>,
    Path(api): Path<String>,
) -> Result<Json<Value>, Refusal> {
    credentials(&web, &api).await
}

/// `POST /c/exchanges/api/A`: keeps credentials; an empty object removes them.
pub(super) async fn change_api(
    State(web): State<Web>,
    caller: Caller<Curate>,
    Path(api): Path<String>,
    JsonBody(body): JsonBody,
) -> Result<Json<Value>, Refusal> {
    let Value::Object(body) = body else {
        return Err(Refusal::bad("this endpoint expects a json object payload"));
    };
    let state = credentials(&web, &api).await?;
    match body.get("credential_json") {
        None | Some(Value::Null) => Ok(state),
        Some(sent) => {
            web.service.set_exchange_credentials(caller.by, &api, sent).await?;
            credentials(&web, &api).await
        }
    }
}

/// `GET /c/exchanges/api/A/schema`.
pub(super) async fn api_schema(
    _: Caller<Curate>,
    Path(api): Path<String>,
) -> Result<Json<ExchangeSchemaView>, Refusal> {
    exchange_schema(&api).map(Json).map_err(|_| Refusal::not_found(no_api(&api)))
}

/// `GET /c/exchanges`.
pub(super) async fn list(
    State(web): State<Web>,
    _: Caller<Curate>,
) -> Result<Json<Value>, Refusal> {
    Ok(Json(web.service.exchanges().await?.into_iter().map(|exchange| exchange.name).collect()))
}

/// `POST /c/exchanges`: sets one up, with the bank of its name.
pub(super) async fn create(
    State(web): State<Web>,
    caller: Caller<Curate>,
    JsonBody(body): JsonBody,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let bank = match body.get("bank") {
        None | Some(Value::Null) => return Err(Refusal::bad("bank is required")),
        Some(bank) => bank.as_str().unwrap_or_default(),
    };
    let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    if bank.is_empty() || !bank.chars().all(plain) {
        return Err(Refusal::bad("Field `bank` must match /^[A-Z0-9_]+$/"));
    }
    if bank.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(Refusal::bad(BANK_NAMES));
    }
    let mut config = match body.get("api_json") {
        None => Map::new(),
        Some(Value::Object(config)) => config.clone(),
        Some(_) => return Err(Refusal::bad("Field `api_json` must be object")),
    };
    let api = match body.get("api") {
        None | Some(Value::Null) => return Err(Refusal::bad("Field `api_type` is required")),
        Some(api) => api.as_str().unwrap_or_default(),
    };
    if !exchange_apis().iter().any(|known| known.id == api) {
        return Err(Refusal::bad(format!("No such exchange type '{api}'")));
    }
    let enabled = match config.get("enabled") {
        Some(Value::Bool(enabled)) => *enabled,
        Some(Value::String(text)) => truth_of(text).unwrap_or(true),
        _ => true,
    };
    for key in BESIDE {
        config.remove(key);
    }
    let made = web.service.create_exchange(caller.by, bank, api, &config.into(), None).await;
    made.map_err(|error| not_made(error, bank))?;
    if !enabled {
        web.service.enable_exchange(caller.by, bank, false).await?;
    }
    Ok((StatusCode::CREATED, Json(json!({"message": "Created successfully"}))))
}

/// `GET /c/exchange/N`.
pub(super) async fn show(
    State(web): State<Web>,
    _: Caller<Curate>,
    Path(name): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let found = web.service.exchange(&name).await.map_err(|error| no_exchange_or(error, &name))?;
    Ok(Json(object(found)))
}

/// `PUT /c/exchange/N`: lets it fetch, or not.
pub(super) async fn change(
    State(web): State<Web>,
    caller: Caller<Curate>,
    Path(name): Path<String>,
    SchemaBody(body): SchemaBody,
) -> Result<Json<Value>, Refusal> {
    let changed = match Fields(&body).truth("enabled")? {
        Some(enabled) => web.service.enable_exchange(caller.by, &name, enabled).await,
        None => web.service.exchange(&name).await,
    };
    Ok(Json(object(changed.map_err(|error| no_exchange_or(error, &name))?)))
}

/// `DELETE /c/exchange/N`, with everything that came through it. One that is not there is gone, too.
pub(super) async fn remove(
    State(web): State<Web>,
    caller: Caller<Curate>,
    Path(name): Path<String>,
) -> Result<Json<Value>, Refusal> {
    match web.service.remove_exchange(caller.by, &name).await {
        Err(error) if error.class() != Class::NotFound => Err(error.into()),
        _ => Ok(Json(json!({"message": "Exchange deleted"}))),
    }
}

/// `GET /c/exchange/N/status`.
pub(super) async fn status(
    State(web): State<Web>,
    _: Caller<Curate>,
    Path(name): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let status = web.service.exchange_status(&name).await;
    let status = status.map_err(|error| no_exchange_or(error, &name))?;
    Ok(Json(json!({
        "checkpoint_ts": status.checkpoint_ts, "fetched_items": status.fetched_items,
        "last_fetch_complete_ts": status.last_fetch_complete_ts,
        "last_fetch_succeeded": status.last_fetch_succeeded,
        "running_fetch_start_ts": status.running_fetch_start_ts, "up_to_date": status.up_to_date,
    })))
}

/// As the clients know an exchange: its fields stand beside its name.
fn object(exchange: ExchangeView) -> Value {
    let mut object = exchange.config;
    object.insert("name".to_owned(), exchange.name.into());
    object.insert("api".to_owned(), exchange.api.into());
    object.insert("enabled".to_owned(), exchange.enabled.into());
    object.into()
}

async fn credentials(web: &Web, api: &str) -> Result<Json<Value>, Refusal> {
    let known = web.service.exchange_credentials(api).await;
    let (needed, given) = known.map_err(|error| match error.class() {
        Class::NotFound => Refusal::bad(no_api(api)),
        _ => error.into(),
    })?;
    // Spelled as the clients expect it.
    Ok(Json(json!({"supports_authentification": needed, "has_set_authentification": given})))
}

fn no_api(api: &str) -> String {
    format!("no such Exchange API '{api}'")
}

fn no_exchange_or(error: AppError, name: &str) -> Refusal {
    if error.class() == Class::NotFound {
        Refusal::not_found(format!("Exchange '{name}' not found"))
    } else {
        error.into()
    }
}

fn not_made(error: AppError, name: &str) -> Refusal {
    match error {
        AppError::ExchangeExists { .. } => {
            Refusal::forbidden(format!("Exchange '{name}' already exists"))
        }
        AppError::BadField { field, reason } => Refusal::bad(format!(
            "Failed to parse `api_json` - verify all fields are supplied. {field}: {reason}"
        )),
        other => other.into(),
    }
}
