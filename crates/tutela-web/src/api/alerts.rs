//! `/v1/alerts`: accounts that a screening asks people to look at, and what people make of them.

use axum::Router;
use axum::extract::State;
use axum::response::Json;
use axum::routing::{get, post};
use serde::Deserialize;
use tutela_app::AppError;
use tutela_app::cases::alerts::reasons;
use tutela_app::service::{AlertFilter, AlertPlace};
use tutela_app::views::{
    AlertFullView, AlertItemView, AlertNamesView, AlertReasonView, AlertsView,
};
use tutela_core::{AlertOutcome, AlertSide, AlertState, FindingId};
use utoipa::{IntoParams, ToSchema};

use super::Problem;
use super::problem::ProblemView;
use super::take::{Body, Named, Params, limit};
use crate::WebError;
use crate::auth::{May, Reviewing};
use crate::router::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/alerts", get(list))
        .route("/alerts/reasons", get(reasons_list))
        .route("/alerts/{id}", get(show))
        .route("/alerts/{id}/assign", post(assign))
        .route("/alerts/{id}/notes", post(note))
        .route("/alerts/{id}/propose", post(propose))
        .route("/alerts/{id}/approve", post(approve))
        .route("/alerts/{id}/return", post(send_back))
        .route("/alerts/{id}/names", post(names))
}

/// Which alerts are meant; what is left out may be anything.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AlertParams {
    /// Which end of their transfers.
    #[param(inline)]
    side: Option<SideParam>,
    /// How far people are with them.
    #[param(inline)]
    state: Option<AlertStateParam>,
    /// Id of the operator who is to look at them.
    assigned_to: Option<String>,
    /// Number of the alert that leads their network.
    network: Option<u64>,
    /// Id of the case they belong to.
    case: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Alerts on a page; 100 where nothing is said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// Which end of its transfers an alert is about.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum SideParam {
    /// Who received.
    Payee,
    /// Who sent.
    Payer,
}

/// How far people are with an alert.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum AlertStateParam {
    /// Nobody has taken it.
    New,
    /// Somebody is to look at it.
    Assigned,
    /// Somebody has looked at it.
    InReview,
    /// Two people hold it for founded.
    Confirmed,
    /// Two people hold it for unfounded.
    Dismissed,
}

impl From<AlertStateParam> for AlertState {
    fn from(state: AlertStateParam) -> Self {
        match state {
            AlertStateParam::New => Self::New,
            AlertStateParam::Assigned => Self::Assigned,
            AlertStateParam::InReview => Self::InReview,
            AlertStateParam::Confirmed => Self::Confirmed,
            AlertStateParam::Dismissed => Self::Dismissed,
        }
    }
}

/// Alerts, those with the highest score first. Scope `review`.
#[utoipa::path(get, path = "/v1/alerts", tag = "alerts", params(AlertParams), responses(
    (status = 200, body = AlertsView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn list(
    may: May<Reviewing>,
    State(web): State<Web>,
    Params(params): Params<AlertParams>,
) -> Result<Json<AlertsView>, Problem> {
    let limit = limit(params.limit)?;
    let bad = |what: &str| WebError::BadAddress { why: format!("{what} is none of ours") };
    let behind: Option<AlertPlace> =
        params.cursor.as_deref().map(str::parse).transpose().map_err(|_| bad("cursor"))?;
    let assigned_to = params.assigned_to.as_deref().map(str::parse).transpose();
    let case = params.case.as_deref().map(str::parse).transpose();
    let filter = AlertFilter {
        side: params.side.map(|side| match side {
            SideParam::Payee => AlertSide::Payee,
            SideParam::Payer => AlertSide::Payer,
        }),
        states: params.state.map(Into::into).into_iter().collect(),
        assigned_to: assigned_to.map_err(|_| bad("assigned_to"))?,
        network: params.network,
        case: case.map_err(|_| bad("case"))?,
    };
    let desk = web.service.desk(may.caller.operator);
    Ok(Json(desk.list(&filter, behind, limit).await?))
}

/// Reasons for dismissals.
#[derive(Debug, serde::Serialize, ToSchema)]
#[schema(as = AlertReasons)]
pub(super) struct ReasonsView {
    /// The state of the list, as year and month.
    dated: &'static str,
    /// In the order in which they are offered.
    reasons: &'static [AlertReasonView],
}

/// The reasons for a dismissal. Scope `review`.
#[utoipa::path(get, path = "/v1/alerts/reasons", tag = "alerts", responses(
    (status = 200, body = ReasonsView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn reasons_list(_: May<Reviewing>) -> Json<ReasonsView> {
    Json(ReasonsView { dated: reasons::DATED, reasons: reasons::all() })
}

/// One alert with its reasons, transfers and history; without names. Scope `review`.
#[utoipa::path(get, path = "/v1/alerts/{id}", tag = "alerts",
    params(("id" = String, Path, description = "Id of the alert")), responses(
    (status = 200, body = AlertFullView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn show(
    may: May<Reviewing>,
    State(web): State<Web>,
    Named(id): Named<String>,
) -> Result<Json<AlertFullView>, Problem> {
    Ok(Json(web.service.desk(may.caller.operator).show(known(&id)?).await?))
}

/// Who is to look at an alert.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AssignParam {
    /// Id of an operator; the token's, where nothing is said.
    #[schema(format = "uuid")]
    to: Option<String>,
}

/// Gives an alert to an operator. Scope `review`.
#[utoipa::path(post, path = "/v1/alerts/{id}/assign", tag = "alerts",
    params(("id" = String, Path, description = "Id of the alert")), request_body = AssignParam, responses(
    (status = 200, body = AlertItemView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn assign(
    may: May<Reviewing>,
    State(web): State<Web>,
    Named(id): Named<String>,
    Body(body): Body<AssignParam>,
) -> Result<Json<AlertItemView>, Problem> {
    let own = may.caller.operator;
    let desk = web.service.desk(own);
    let to = match &body.to {
        Some(to) => desk.person(to).await?,
        None => own,
    };
    Ok(Json(desk.assign(known(&id)?, to).await?))
}

/// What a person wrote.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WordsParam {
    /// The words; kept beside the ledger, and erasable.
    #[schema(max_length = 2000)]
    text: String,
}

/// Writes a note in the name of the token's operator. Scope `review`.
#[utoipa::path(post, path = "/v1/alerts/{id}/notes", tag = "alerts",
    params(("id" = String, Path, description = "Id of the alert")), request_body = WordsParam, responses(
    (status = 200, body = AlertItemView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn note(
    may: May<Reviewing>,
    State(web): State<Web>,
    Named(id): Named<String>,
    Body(body): Body<WordsParam>,
) -> Result<Json<AlertItemView>, Problem> {
    Ok(Json(web.service.desk(may.caller.operator).note(known(&id)?, &body.text).await?))
}

/// How an alert is to be closed.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum OutcomeParam {
    /// The payments are what the alert points at, as far as the records tell.
    Confirmed,
    /// They have another explanation.
    Dismissed,
}

/// A proposal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewAlertProposal)]
pub(super) struct ProposalParam {
    /// How it is to be closed.
    outcome: OutcomeParam,
    /// Id of the reason; a dismissal needs one.
    reason: Option<String>,
    /// Why, in words; needed to confirm, and for the reason `other`.
    #[schema(max_length = 2000)]
    text: Option<String>,
}

/// Proposes, in the name of the token's operator, how to close an alert; another operator decides. Scope `review`.
#[utoipa::path(post, path = "/v1/alerts/{id}/propose", tag = "alerts",
    params(("id" = String, Path, description = "Id of the alert")), request_body = ProposalParam, responses(
    (status = 200, body = AlertItemView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn propose(
    may: May<Reviewing>,
    State(web): State<Web>,
    Named(id): Named<String>,
    Body(body): Body<ProposalParam>,
) -> Result<Json<AlertItemView>, Problem> {
    let outcome = match body.outcome {
        OutcomeParam::Confirmed => AlertOutcome::Confirmed,
        OutcomeParam::Dismissed => AlertOutcome::Dismissed,
    };
    let desk = web.service.desk(may.caller.operator);
    let (reason, text) = (body.reason.as_deref(), body.text.as_deref());
    Ok(Json(desk.propose(known(&id)?, outcome, reason, text).await?))
}

/// Closes an alert as another operator proposed; 403 `store.four_eyes` where it was the same. Scope `review`.
#[utoipa::path(post, path = "/v1/alerts/{id}/approve", tag = "alerts",
    params(("id" = String, Path, description = "Id of the alert")), responses(
    (status = 200, body = AlertItemView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn approve(
    may: May<Reviewing>,
    State(web): State<Web>,
    Named(id): Named<String>,
) -> Result<Json<AlertItemView>, Problem> {
    Ok(Json(web.service.desk(may.caller.operator).approve(known(&id)?).await?))
}

/// Sends a proposal back. Scope `review`.
#[utoipa::path(post, path = "/v1/alerts/{id}/return", tag = "alerts",
    params(("id" = String, Path, description = "Id of the alert")), request_body = WordsParam, responses(
    (status = 200, body = AlertItemView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn send_back(
    may: May<Reviewing>,
    State(web): State<Web>,
    Named(id): Named<String>,
    Body(body): Body<WordsParam>,
) -> Result<Json<AlertItemView>, Problem> {
    Ok(Json(web.service.desk(may.caller.operator).send_back(known(&id)?, &body.text).await?))
}

/// Why names are to be seen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PurposeParam {
    /// The purpose; it goes into the ledger with operator and time.
    #[schema(max_length = 2000)]
    purpose: String,
}

/// What records say of the people behind the accounts of an alert, for a stated purpose. Scope `review`.
#[utoipa::path(post, path = "/v1/alerts/{id}/names", tag = "alerts",
    params(("id" = String, Path, description = "Id of the alert")), request_body = PurposeParam, responses(
    (status = 200, body = AlertNamesView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn names(
    may: May<Reviewing>,
    State(web): State<Web>,
    Named(id): Named<String>,
    Body(body): Body<PurposeParam>,
) -> Result<Json<AlertNamesView>, Problem> {
    Ok(Json(web.service.desk(may.caller.operator).names(known(&id)?, &body.purpose).await?))
}

fn known(id: &str) -> Result<FindingId, AppError> {
    id.parse().map_err(|_| AppError::NoSuch { kind: "alert", name: id.to_owned() })
}
