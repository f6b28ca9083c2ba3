//! `/v1/look_ups`: what is near signals, digests or uploads, many at once.

use axum::Router;
use axum::extract::{FromRequest, Request, State};
use axum::response::Json;
use axum::routing::post;
use tutela_app::service::Wanted;
use tutela_app::views::LookUpsView;
use tutela_core::Scope;

use super::Problem;
use super::answers::answer;
use super::asked::Asked;
use super::contents::at_most;
use super::problem::ProblemView;
use super::queries::{LookUpForm, LookUpParams, OptionsParam};
use super::signals::VariantParam;
use super::take::Body;
use super::upload::{Uploads, is_form};
use crate::WebError;
use crate::auth::{self, Matching, May};
use crate::router::Web;

/// Files of one form: more are better sent one by one, so that they are hashed side by side.
const MAX_FILES: usize = 16;

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/look_ups", post(create))
}

/// Looks up signals and digests, up to 1,000 in a request, or the files of a form, up to 16. What is wrong with
/// one query stands in its answer and leaves the others alone. Everything that is reported becomes a finding.
/// Scope `match`; for files `hash`, too.
#[utoipa::path(post, path = "/v1/look_ups", tag = "look-ups",
    request_body(content(
        (LookUpParams = "application/json"),
        (LookUpForm = "multipart/form-data"),
    )), responses(
    (status = 200, body = LookUpsView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn create(
    may: May<Matching>,
    State(web): State<Web>,
    request: Request,
) -> Result<Json<LookUpsView>, Problem> {
    let (asked, options) = if is_form(request.headers()) {
        auth::allow(&may.caller, &[Scope::Hash])?;
        of_files(&web, request).await?
    } else {
        let Body(params) = Body::<LookUpParams>::from_request(request, &web).await?;
        at_most(params.queries.len(), "queries")?;
        let kinds = params.options.kinds()?;
        let asked = params.queries.iter().map(|query| Asked::of(query, &kinds));
        (asked.collect(), params.options)
    };
    Ok(Json(answer(&web, asked, options).await?))
}

async fn of_files(web: &Web, request: Request) -> Result<(Vec<Asked>, OptionsParam), WebError> {
    let uploads = Uploads::read(web, request, MAX_FILES).await?;
    let options = match &uploads.options {
        None => OptionsParam::default(),
        Some(text) => serde_json::from_str::<OptionsParam>(text)
            .map_err(|error| WebError::BadBody { why: format!("options: {error}") })?,
    };
    let (kinds, variants) =
        (options.kinds()?, options.variant.unwrap_or(VariantParam::Both).variants());
    let mut asked = Vec::with_capacity(uploads.files.len());
    let Uploads { files, .. } = uploads;
    for bytes in files {
        let made = web.service.hash(bytes, Wanted::for_kinds(&kinds, variants)).await?;
        asked.push(Asked::of_upload(&made, &kinds, options.all_orientations()));
    }
    Ok((asked, options))
}
