//! `/c/signal_type`, `/c/content_type`: what can be matched, and how much of it is held.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Map, Value, json};
use tutela_app::service::{KINDS, KindStatus, KindType};

use super::access::{Caller, Curate};
use super::answer::Refusal;
use super::body::SchemaBody;
use super::params::{Fields, Params};
use super::signals::CONTENT_TYPES;
use crate::router::Web;

/// `GET /c/signal_type`.
pub(super) async fn list(State(web): State<Web>, _: Caller<Curate>) -> Json<Value> {
    let one =
        |kind: &KindType| json!({"name": kind.id, "enabled_ratio": web.service.ratio(kind).get()});
    Json(KINDS.iter().map(one).collect())
}

/// `PUT /c/signal_type/T`.
pub(super) async fn change(
    State(web): State<Web>,
    caller: Caller<Curate>,
    Path(name): Path<String>,
    SchemaBody(body): SchemaBody,
) -> Result<StatusCode, Refusal> {
    let Some(ratio) = Fields(&body).ratio("enabled_ratio")? else {
        return Err(Refusal::fault("missing", "enabled_ratio", "Field required", body.into()));
    };
    let kind = KindType::by_id(&name).ok_or_else(|| Refusal::not_found(unknown(&name)))?;
    web.service.set_ratio(caller.by, kind, ratio).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /c/signal_type/index`. What the store has is taken in first, so nothing is ever out of date.
pub(super) async fn index(
    State(web): State<Web>,
    _: Caller<Curate>,
    params: Params,
) -> Result<Json<Value>, Refusal> {
    chosen(&web, &params)?;
    web.service.refresh().await?;
    let (_, newest_s) = web.service.built_to();
    let mut answers = Map::new();
    for status in chosen(&web, &params)? {
        let built_to = newest_s.filter(|_| status.signals > 0);
        let built_to = built_to.map_or(Value::from(-1), Value::from);
        let one = json!({
            "db_size": status.signals, "index_size": status.signals, "index_out_of_date": false,
            "newest_db_item": built_to, "index_built_to": built_to,
        });
        answers.insert(status.kind.to_owned(), one);
    }
    Ok(Json(answers.into()))
}

/// `GET /c/content_type`.
pub(super) async fn content_types(_: Caller<Curate>) -> Json<Value> {
    Json(CONTENT_TYPES.iter().map(|name| json!({"name": name, "enabled": true})).collect())
}

/// What is held of the kind that a query names, else of every kind.
pub(super) fn chosen(web: &Web, params: &Params) -> Result<Vec<KindStatus>, Refusal> {
    let mut kinds = web.service.kinds();
    if let Some(name) = params.get("signal_type") {
        kinds.retain(|status| status.kind == name);
        if kinds.is_empty() {
            return Err(Refusal::bad(unknown(name)));
        }
    }
    Ok(kinds)
}

fn unknown(name: &str) -> String {
    format!("No such signal type '{name}'")
}
