//! `/c/banks`, `/c/bank/N`: banks of signals.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Value, json};
use tutela_app::AppError;
use tutela_app::service::Bank;
use tutela_core::{BankTerms, Class, Coded, Ratio};

use super::access::{Caller, Curate};
use super::answer::{BANK_NAMES, Refusal};
use super::body::SchemaBody;
use super::params::Fields;
use crate::router::Web;

/// `GET /c/banks`.
pub(super) async fn list(State(web): State<Web>, _: Caller<Curate>) -> Json<Value> {
    Json(web.service.banks().iter().map(|bank| object(&bank.terms)).collect())
}

/// `POST /c/banks`.
pub(super) async fn create(
    State(web): State<Web>,
    caller: Caller<Curate>,
    SchemaBody(body): SchemaBody,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let fields = Fields(&body);
    let mut terms = BankTerms::named(fields.needed_text("name")?);
    if let Some(ratio) = ratio(&fields)? {
        terms.enabled_ratio = ratio;
    }
    let bank = web.service.create_bank(caller.by, &terms).await;
    let bank = bank.map_err(|error| refused(error, "Bank already exists"))?;
    Ok((StatusCode::CREATED, Json(object(&bank.terms))))
}

/// `GET /c/bank/N`.
pub(super) async fn show(
    State(web): State<Web>,
    _: Caller<Curate>,
    Path(name): Path<String>,
) -> Result<Json<Value>, Refusal> {
    Ok(Json(object(&named(&web, &name).await?.terms)))
}

/// `PUT /c/bank/N`.
pub(super) async fn change(
    State(web): State<Web>,
    caller: Caller<Curate>,
    Path(name): Path<String>,
    SchemaBody(body): SchemaBody,
) -> Result<Json<Value>, Refusal> {
    let fields = Fields(&body);
    let (new_name, ratio) = (fields.text("name")?, ratio(&fields)?);
    let bank = named(&web, &name).await.map_err(|_| Refusal::not_found("Bank not found"))?;
    let mut terms = bank.terms.clone();
    if let Some(new_name) = new_name {
        new_name.clone_into(&mut terms.name);
    }
    if let Some(ratio) = ratio {
        terms.enabled_ratio = ratio;
    }
    if terms != bank.terms {
        let changed = web.service.change_bank(caller.by, &name, &terms).await;
        changed.map_err(|error| refused(error, "Bank name already exists"))?;
    }
    Ok(Json(object(&terms)))
}

/// `DELETE /c/bank/N`, with everything in it. A bank that is not there is gone, too.
pub(super) async fn remove(
    State(web): State<Web>,
    caller: Caller<Curate>,
    Path(name): Path<String>,
) -> Result<Json<Value>, Refusal> {
    match web.service.remove_bank(caller.by, &name).await {
        Err(error) if error.class() != Class::NotFound => Err(error.into()),
        _ => Ok(Json(json!({"message": "Done"}))),
    }
}

/// As the clients know a bank.
pub(super) fn object(terms: &BankTerms) -> Value {
    json!({"name": terms.name, "matching_enabled_ratio": terms.enabled_ratio.get()})
}

/// The bank of this name, even one that another process has just made.
pub(super) async fn named(web: &Web, name: &str) -> Result<std::sync::Arc<Bank>, Refusal> {
    if let Ok(bank) = web.service.bank(name) {
        return Ok(bank);
    }
    web.service.refresh().await?;
    web.service.bank(name).map_err(|_| Refusal::no_bank(name))
}

/// The ratio outranks the switch, where both are given.
fn ratio(fields: &Fields<'_>) -> Result<Option<Ratio>, Refusal> {
    let switch = fields.truth("enabled")?.map(|on| if on { Ratio::ON } else { Ratio::OFF });
    Ok(fields.ratio("enabled_ratio")?.or(switch))
}

fn refused(error: AppError, taken: &str) -> Refusal {
    match error {
        AppError::BadBankName => Refusal::bad(BANK_NAMES),
        AppError::BankExists { .. } => Refusal::forbidden(taken),
        other => other.into(),
    }
}
