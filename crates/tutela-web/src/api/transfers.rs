//! `/v1/transfers`: transfers as they arrive.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Json;
use axum::routing::post;
use serde::Deserialize;
use tutela_app::views::TransfersTakenView;
use utoipa::ToSchema;

use super::Problem;
use super::problem::ProblemView;
use super::take::KeyParam;
use crate::WebError;
use crate::auth::{Flowing, May};
use crate::router::Web;

/// Media types of a body.
const TYPES: [&str; 3] = ["application/json", "application/x-ndjson", "application/jsonl"];

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/transfers", post(create))
}

/// A transfer, by the canonical columns.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "only its description is used: the reader of files reads it")]
pub(super) struct NewTransfer {
    /// What tells it from others. One that the store has is refused.
    transfer_id: String,
    /// RFC 3339.
    #[schema(format = DateTime)]
    time: String,
    /// Decimal, above zero.
    #[schema(example = "15.00")]
    amount: String,
    /// ISO 4217.
    #[schema(example = "USD")]
    currency: String,
    /// Who sends.
    payer_account: String,
    /// Who receives.
    payee_account: String,
    /// As written.
    payer_name: Option<String>,
    /// ISO 3166, two letters.
    payer_country: Option<String>,
    /// As written.
    payee_name: Option<String>,
    /// ISO 3166, two letters.
    payee_country: Option<String>,
    /// Region, province or town.
    payee_region: Option<String>,
    /// As written.
    payee_phone: Option<String>,
    /// Product or channel.
    channel: Option<String>,
    /// Who carries it.
    institution: Option<String>,
    /// As stated.
    purpose: Option<String>,
}

/// One transfer, or up to 1,000.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its description is used")]
pub(super) enum NewTransfers {
    /// One.
    One(Box<NewTransfer>),
    /// Several.
    Many(Vec<NewTransfer>),
}

/// Stores transfers, up to 1,000 in a request, and scores both ends of each with it: one object, an array of them, or one
/// a line. Other columns of [files of transfers](payments-formats.md) are taken as well. What is wrong with one leaves the
/// others alone. Until the history is in memory, which the first request begins, the answer is 503. Scope `flow`.
#[utoipa::path(post, path = "/v1/transfers", tag = "transfers", params(KeyParam),
    request_body(content(
        (NewTransfers = "application/json"),
        (String = "application/x-ndjson"),
    )), responses(
    (status = 200, body = TransfersTakenView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn create(
    may: May<Flowing>,
    State(web): State<Web>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<TransfersTakenView>, Problem> {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = media_type.and_then(|value| value.split(';').next()).map(str::trim);
    if !media_type.is_some_and(|named| TYPES.iter().any(|one| one.eq_ignore_ascii_case(named))) {
        let expected = "a body of type application/json or application/x-ndjson";
        return Err(WebError::MediaType { expected }.into());
    }
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => WebError::TooLarge,
        _ => WebError::BadBody { why: "it could not be read".to_owned() },
    })?;
    Ok(Json(web.service.take_transfers(may.caller.operator, &body).await?))
}
