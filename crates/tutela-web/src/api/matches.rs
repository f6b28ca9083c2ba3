//! `/v1/matches`: what the service claims, and what people make of it.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::Json;
use axum::routing::{get, post};
use serde::Deserialize;
use tutela_app::AppError;
use tutela_app::service::{Bank, MatchFilter, MatchState, StoredMatch};
use tutela_app::views::{MatchFindingView, MatchFindingsView};
use tutela_core::FindingId;
use utoipa::{IntoParams, ToSchema};

use super::Problem;
use super::problem::ProblemView;
use super::take::{Body, Named, Params, behind, limit};
use crate::auth::{Curating, May, Reading};
use crate::router::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/matches", get(list))
        .route("/matches/{id}", get(show))
        .route("/matches/{id}/confirm", post(confirm))
        .route("/matches/{id}/dispute", post(dispute))
}

/// Which findings are meant; what is left out may be anything.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct MatchParams {
    /// What people made of them.
    #[param(inline)]
    state: Option<StateParam>,
    /// Name of the bank.
    bank: Option<String>,
    /// Id of the signal type.
    kind: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Findings on a page; 100 where nothing is said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// What a person made of a finding.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum StateParam {
    /// Nobody has decided yet.
    Open,
    /// It is what the bank says.
    Confirmed,
    /// It is not.
    Disputed,
}

impl From<StateParam> for MatchState {
    fn from(state: StateParam) -> Self {
        match state {
            StateParam::Open => Self::Open,
            StateParam::Confirmed => Self::Confirmed,
            StateParam::Disputed => Self::Disputed,
        }
    }
}

/// Findings, the newest first. Scope `match` or `curate`.
#[utoipa::path(get, path = "/v1/matches", tag = "matches", params(MatchParams), responses(
    (status = 200, body = MatchFindingsView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn list(
    _: May<Reading>,
    State(web): State<Web>,
    Params(params): Params<MatchParams>,
) -> Result<Json<MatchFindingsView>, Problem> {
    let limit = limit(params.limit)?;
    let before = behind(params.cursor.as_deref())?;
    let bank = params.bank.as_deref().map(|name| web.service.bank(name)).transpose()?;
    let filter = MatchFilter {
        state: params.state.map(Into::into),
        bank: bank.map(|bank| bank.number),
        kind: params
            .kind
            .as_deref()
            .map(super::state::known)
            .transpose()?
            .map(|kind| kind.id.to_owned()),
    };
    let found = web.service.filtered_matches(&filter, before, limit).await?;
    let full = found.len() >= limit as usize;
    let next = found.last().filter(|_| full).map(|last| last.number.to_string());
    let banks = web.service.banks();
    let matches = found.iter().map(|one| view(&banks, one)).collect();
    Ok(Json(MatchFindingsView { matches, next_cursor: next }))
}

/// One finding. Scope `match` or `curate`.
#[utoipa::path(get, path = "/v1/matches/{id}", tag = "matches",
    params(("id" = String, Path, description = "Id of the finding")), responses(
    (status = 200, body = MatchFindingView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn show(
    _: May<Reading>,
    State(web): State<Web>,
    Named(id): Named<String>,
) -> Result<Json<MatchFindingView>, Problem> {
    let found = web.service.match_finding(known(&id)?).await?;
    Ok(Json(view(&web.service.banks(), &found)))
}

/// A person's decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DecisionParam {
    /// Why; a dispute needs one.
    #[schema(max_length = 2000)]
    reason: Option<String>,
}

/// Says, in the name of the token's operator, that a match is what the bank says. Scope `curate`.
#[utoipa::path(post, path = "/v1/matches/{id}/confirm", tag = "matches",
    params(("id" = String, Path, description = "Id of the finding")),
    request_body = DecisionParam, responses(
    (status = 200, body = MatchFindingView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn confirm(
    may: May<Curating>,
    State(web): State<Web>,
    Named(id): Named<String>,
    Body(decision): Body<DecisionParam>,
) -> Result<Json<MatchFindingView>, Problem> {
    decide(&may, &web, &id, MatchState::Confirmed, decision).await
}

/// Says, in the name of the token's operator, that a match is none: the pair is reported no more, and the
/// verdict goes back to the sender where it takes one. Scope `curate`.
#[utoipa::path(post, path = "/v1/matches/{id}/dispute", tag = "matches",
    params(("id" = String, Path, description = "Id of the finding")),
    request_body = DecisionParam, responses(
    (status = 200, body = MatchFindingView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn dispute(
    may: May<Curating>,
    State(web): State<Web>,
    Named(id): Named<String>,
    Body(decision): Body<DecisionParam>,
) -> Result<Json<MatchFindingView>, Problem> {
    decide(&may, &web, &id, MatchState::Disputed, decision).await
}

/// Characters of a reason.
const MAX_REASON_CHARS: usize = 2_000;

async fn decide(
    may: &May<Curating>,
    web: &Web,
    id: &str,
    state: MatchState,
    decision: DecisionParam,
) -> Result<Json<MatchFindingView>, Problem> {
    if decision.reason.as_ref().is_some_and(|reason| reason.chars().count() > MAX_REASON_CHARS) {
        let reason = "it is longer than 2,000 characters";
        return Err(AppError::BadField { field: "reason", reason }.into());
    }
    let by = may.caller.operator;
    let decided = web.service.decide_match(by, known(id)?, state, decision.reason).await?;
    Ok(Json(view(&web.service.banks(), &decided)))
}

fn known(id: &str) -> Result<FindingId, AppError> {
    id.parse().map_err(|_| AppError::NoSuch { kind: "match", name: id.to_owned() })
}

fn view(banks: &[Arc<Bank>], found: &StoredMatch) -> MatchFindingView {
    let bank = banks.iter().find(|bank| bank.number == found.seen.bank);
    MatchFindingView::new(found, bank.map(|bank| bank.terms.name.as_str()))
}
