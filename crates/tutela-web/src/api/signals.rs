//! `/v1/signals`: signals of an upload. Whoever hashes here can look up somewhere else.

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Json;
use axum::routing::post;
use serde::Deserialize;
use tutela_app::AppError;
use tutela_app::service::{KINDS, KindType, Wanted};
use tutela_app::views::UploadView;
use tutela_core::PdqVariant;
use utoipa::{IntoParams, ToSchema};

use super::Problem;
use super::problem::ProblemView;
use super::state::known;
use super::take::Params;
use super::upload::Uploads;
use crate::auth::{Hashing, May};
use crate::router::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/signals", post(create))
}

/// What is to be made.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SignalParams {
    /// Ids of signal types with commas between them; all that fit where nothing is said.
    #[param(example = "pdq,md5")]
    kinds: Option<String>,
    /// `all` adds the seven other ways to turn and mirror a picture.
    #[param(inline)]
    orientations: Option<OrientationsParam>,
    /// Which published computation of PDQ; `full`, HMA's, where nothing is said.
    #[param(inline)]
    variant: Option<VariantParam>,
}

/// Ways to turn and mirror a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum OrientationsParam {
    /// As it is.
    Original,
    /// All eight.
    All,
}

/// Published computations of PDQ. They differ on pictures larger than 512 pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum VariantParam {
    /// The C++ reference.
    Reference,
    /// The Python binding.
    Full,
    /// One after the other.
    Both,
}

impl VariantParam {
    pub(super) fn variants(self) -> &'static [PdqVariant] {
        match self {
            Self::Reference => &[PdqVariant::Reference],
            Self::Full => &[PdqVariant::Full],
            Self::Both => &[PdqVariant::Reference, PdqVariant::Full],
        }
    }
}

/// Makes the signals of an upload, sent as it is or as the one file of a form. Its bytes touch no disk.
/// Scope `hash`.
#[utoipa::path(post, path = "/v1/signals", tag = "signals", params(SignalParams),
    request_body(content(
        (Vec<u8> = "application/octet-stream"),
        (FileForm = "multipart/form-data"),
    )), responses(
    (status = 200, body = UploadView),
    (status = "default", body = ProblemView, content_type = "application/problem+json"),
))]
pub(super) async fn create(
    _: May<Hashing>,
    State(web): State<Web>,
    Params(params): Params<SignalParams>,
    request: Request,
) -> Result<Json<UploadView>, Problem> {
    let kinds = chosen(params.kinds.as_deref())?;
    let variants = params.variant.unwrap_or(VariantParam::Full).variants();
    let mut uploads = Uploads::read(&web, request, 1).await?;
    let bytes = uploads.files.pop().unwrap_or_default();
    let size_bytes = bytes.len() as u64;
    let made = web.service.hash(bytes, Wanted::for_kinds(&kinds, variants).with_digests()).await?;
    let all = params.orientations == Some(OrientationsParam::All);
    Ok(Json(UploadView::new(&made, size_bytes, &kinds, all)?))
}

/// A form with one file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its description is used")]
pub(super) struct FileForm {
    /// The file.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: String,
}

/// The kinds that are named; all where none is.
fn chosen(names: Option<&str>) -> Result<Vec<&'static KindType>, AppError> {
    let Some(names) = names else { return Ok(KINDS.iter().collect()) };
    names.split(',').map(|name| known(name.trim())).collect()
}
