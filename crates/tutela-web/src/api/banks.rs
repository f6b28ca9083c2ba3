//! `/v1/banks`: signal banks.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::get;
use serde::Deserialize;
use tutela_app::AppError;
use tutela_app::service::Service;
use tutela_app::views::{SignalBankView, SignalBanksView};
use tutela_core::{BankActions, BankRole, BankTerms};
use utoipa::ToSchema;

use super::Problem;
use super::problem::ProblemView;
use super::state::ratio;
use super::take::{Body, KeyParam, Named, PageParams, Params, field};
use crate::auth::{Curating, May, Reading};
use crate::router::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/banks", get(list).post(create))
        .route("/banks/{bank}", get(show).patch(change).delete(remove))
}

/// Signal banks, in the order they were made. Scope `match` or `curate`.
#[utoipa::path(get, path = "/v1/banks", tag = "banks", params(PageParams), responses(
    (status = 200, body = SignalBanksView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn list(
    _: May<Reading>,
    State(web): State<Web>,
    Params(page): Params<PageParams>,
) -> Result<Json<SignalBanksView>, Problem> {
    let (behind, limit) = (page.behind()?.unwrap_or(0), page.limit()? as usize);
    let banks = web.service.banks();
    let mut rest = banks.iter().filter(|bank| u64::from(bank.number.0) > behind);
    let page: Vec<_> = rest.by_ref().take(limit).collect();
    let last = page.last().filter(|_| rest.next().is_some());
    Ok(Json(SignalBanksView {
        next_cursor: last.map(|bank| bank.number.to_string()),
        banks: page.into_iter().map(|bank| SignalBankView::from(bank.as_ref())).collect(),
    }))
}

/// What a signal bank is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewBank {
    /// Upper-case letters, digits and underscores; begins with no digit.
    #[schema(example = "LOCAL", pattern = "^[A-Z_][A-Z0-9_]*$", max_length = 255)]
    name: String,
    /// What a match means; `alert` where nothing is said.
    role: Option<RoleParam>,
    /// Share of the look-ups that it answers; 1 where nothing is said.
    #[schema(minimum = 0, maximum = 1)]
    enabled_ratio: Option<f64>,
    /// Radius in bits; that of the signal type where nothing is said.
    #[schema(minimum = 0, maximum = 31)]
    distance: Option<u16>,
    /// What people say of it.
    #[schema(max_length = 255)]
    note: Option<String>,
    /// What happens on a match; an alert where nothing is said.
    actions: Option<ActionsParam>,
}

/// What is to be changed of a signal bank; what is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BankChange {
    /// Its new name; contents, findings and exchanges go with it.
    #[schema(pattern = "^[A-Z_][A-Z0-9_]*$", max_length = 255)]
    name: Option<String>,
    /// What a match means.
    role: Option<RoleParam>,
    /// Share of the look-ups that it answers.
    #[schema(minimum = 0, maximum = 1)]
    enabled_ratio: Option<f64>,
    /// Radius in bits; `null`: that of the signal type.
    #[serde(default, deserialize_with = "field")]
    #[schema(minimum = 0, maximum = 31, value_type = Option<u16>)]
    #[expect(clippy::option_option, reason = "left out and null are two wishes")]
    distance: Option<Option<u16>>,
    /// What people say of it; `null` takes it away.
    #[serde(default, deserialize_with = "field")]
    #[schema(max_length = 255, value_type = Option<String>)]
    #[expect(clippy::option_option, reason = "left out and null are two wishes")]
    note: Option<Option<String>>,
    /// What happens on a match.
    actions: Option<ActionsParam>,
}

/// What a match with a bank means.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum RoleParam {
    /// A match is a finding.
    Alert,
    /// Whoever matches here is not reported for other banks.
    Allow,
}

impl From<RoleParam> for BankRole {
    fn from(role: RoleParam) -> Self {
        match role {
            RoleParam::Alert => Self::Alert,
            RoleParam::Allow => Self::Allow,
        }
    }
}

/// What happens when something matches a bank, besides the finding.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ActionsParam {
    /// The finding is put before a person.
    alert: bool,
    /// Names of webhooks in the settings that are told; none where nothing is said.
    #[serde(default)]
    webhooks: Vec<String>,
}

/// Makes a signal bank. Scope `curate`.
#[utoipa::path(post, path = "/v1/banks", tag = "banks", params(KeyParam), request_body = NewBank, responses(
    (status = 201, body = SignalBankView, headers(("location" = String))),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn create(
    may: May<Curating>,
    State(web): State<Web>,
    Body(new): Body<NewBank>,
) -> Result<Response, Problem> {
    let mut terms = BankTerms::named(&new.name);
    if let Some(role) = new.role {
        terms.role = role.into();
    }
    if let Some(value) = new.enabled_ratio {
        terms.enabled_ratio = ratio(value)?;
    }
    if let Some(actions) = new.actions {
        terms.actions = known_actions(&web.service, actions)?;
    }
    (terms.distance, terms.note) = (new.distance, new.note);
    let bank = web.service.create_bank(may.caller.operator, &terms).await?;
    let view = SignalBankView { content_count: Some(0), ..SignalBankView::from(&bank) };
    let location = format!("/v1/banks/{}", view.name);
    let mut response = (StatusCode::CREATED, Json(view)).into_response();
    // Names of banks are plain letters, digits and underscores.
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// One signal bank. Scope `match` or `curate`.
#[utoipa::path(get, path = "/v1/banks/{bank}", tag = "banks",
    params(("bank" = String, Path, description = "Name of the bank")), responses(
    (status = 200, body = SignalBankView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn show(
    _: May<Reading>,
    State(web): State<Web>,
    Named(name): Named<String>,
) -> Result<Json<SignalBankView>, Problem> {
    let bank = web.service.bank(&name)?;
    let count = web.service.content_count(&name).await?;
    Ok(Json(SignalBankView { content_count: Some(count), ..SignalBankView::from(bank.as_ref()) }))
}

/// Changes a signal bank. Scope `curate`.
#[utoipa::path(patch, path = "/v1/banks/{bank}", tag = "banks",
    params(("bank" = String, Path, description = "Name of the bank")),
    request_body = BankChange, responses(
    (status = 200, body = SignalBankView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn change(
    may: May<Curating>,
    State(web): State<Web>,
    Named(name): Named<String>,
    Body(change): Body<BankChange>,
) -> Result<Json<SignalBankView>, Problem> {
    let mut terms = web.service.bank(&name)?.terms.clone();
    if let Some(new) = change.name {
        terms.name = new;
    }
    if let Some(role) = change.role {
        terms.role = role.into();
    }
    if let Some(value) = change.enabled_ratio {
        terms.enabled_ratio = ratio(value)?;
    }
    if let Some(distance) = change.distance {
        terms.distance = distance;
    }
    if let Some(note) = change.note {
        terms.note = note;
    }
    if let Some(actions) = change.actions {
        terms.actions = known_actions(&web.service, actions)?;
    }
    let bank = web.service.change_bank(may.caller.operator, &name, &terms).await?;
    Ok(Json(SignalBankView::from(&bank)))
}

/// Removes a signal bank with everything in it. Scope `curate`.
#[utoipa::path(delete, path = "/v1/banks/{bank}", tag = "banks",
    params(("bank" = String, Path, description = "Name of the bank")), responses(
    (status = 204),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn remove(
    may: May<Curating>,
    State(web): State<Web>,
    Named(name): Named<String>,
) -> Result<StatusCode, Problem> {
    web.service.remove_bank(may.caller.operator, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Actions whose webhooks stand in the settings: one that does not would never be told.
fn known_actions(service: &Service, actions: ActionsParam) -> Result<BankActions, AppError> {
    let webhooks = &service.settings().webhooks;
    if let Some(name) = actions.webhooks.iter().find(|name| !webhooks.contains_key(*name)) {
        return Err(AppError::NoSuch { kind: "webhook in the settings", name: name.clone() });
    }
    Ok(BankActions { alert: actions.alert, webhooks: actions.webhooks })
}
