//! `/v1/signal_types` and `/v1/index`: what can be matched, and what is in memory.

use axum::Router;
use axum::extract::State;
use axum::response::Json;
use axum::routing::{get, patch};
use serde::Deserialize;
use tutela_app::AppError;
use tutela_app::service::{KINDS, KindType};
use tutela_app::views::{IndexView, SignalTypeView, SignalTypesView};
use tutela_core::Ratio;
use utoipa::ToSchema;

use super::Problem;
use super::problem::ProblemView;
use super::take::{Body, Named};
use crate::auth::{May, Reading, Running};
use crate::router::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/signal_types", get(list))
        .route("/signal_types/{kind}", patch(change))
        .route("/index", get(index))
}

/// All kinds of signal.
#[utoipa::path(get, path = "/v1/signal_types", tag = "signal types", responses(
    (status = 200, body = SignalTypesView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn list(_: May<Reading>, State(web): State<Web>) -> Json<SignalTypesView> {
    let one = |kind| SignalTypeView::new(kind, &web.service);
    Json(SignalTypesView { signal_types: KINDS.iter().map(one).collect() })
}

/// What is to be changed of a kind of signal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignalTypeChange {
    /// Share of the look-ups that it takes part in, 0 to 1.
    #[schema(minimum = 0, maximum = 1)]
    enabled_ratio: f64,
}

/// Changes a kind of signal. Scope `admin`.
#[utoipa::path(patch, path = "/v1/signal_types/{kind}", tag = "signal types",
    params(("kind" = String, Path, description = "Id of the signal type")),
    request_body = SignalTypeChange, responses(
    (status = 200, body = SignalTypeView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn change(
    may: May<Running>,
    State(web): State<Web>,
    Named(kind): Named<String>,
    Body(change): Body<SignalTypeChange>,
) -> Result<Json<SignalTypeView>, Problem> {
    let kind = known(&kind)?;
    let ratio = ratio(change.enabled_ratio)?;
    web.service.set_ratio(may.caller.operator, kind, ratio).await?;
    Ok(Json(SignalTypeView::new(kind, &web.service)))
}

/// What of the banks is in memory.
#[utoipa::path(get, path = "/v1/index", tag = "signal types", responses(
    (status = 200, body = IndexView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn index(_: May<Reading>, State(web): State<Web>) -> Json<IndexView> {
    Json(IndexView::of(&web.service))
}

/// The kind with this id.
pub(super) fn known(kind: &str) -> Result<&'static KindType, AppError> {
    let found = KindType::by_id(kind);
    found.ok_or_else(|| AppError::NoSuch { kind: "signal type", name: kind.to_owned() })
}

/// A ratio that was sent.
pub(super) fn ratio(value: f64) -> Result<Ratio, AppError> {
    let reason = "it must be 0 to 1";
    Ratio::new(value).ok_or(AppError::BadField { field: "enabled_ratio", reason })
}
