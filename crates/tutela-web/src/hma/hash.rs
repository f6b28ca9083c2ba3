//! `/h`: signals of pictures and films.

use axum::Json;
use axum::extract::{Request, State};
use serde_json::{Map, Value};
use tutela_app::service::{KindType, Wanted};
use tutela_core::PdqVariant;

use super::access::{Caller, Hash};
use super::answer::Refusal;
use super::params::Params;
use super::remote;
use super::signals::{content_type, to_make};
use super::upload::{Form, Upload};
use crate::router::Web;

/// What HMA computes.
const VARIANTS: &[PdqVariant] = &[PdqVariant::Full];

/// Signals, each with its kind.
pub(super) type Signals = Vec<(&'static KindType, String)>;

/// `GET /h/hash`: of what a URL leads to.
pub(super) async fn of_url(
    State(web): State<Web>,
    _: Caller<Hash>,
    params: Params,
) -> Result<Json<Value>, Refusal> {
    let Some(url) = params.get("url") else {
        return Err(Refusal::fault("missing", "url", "Field required", params.json()));
    };
    Ok(Json(object(url_signals(&web, url, &params).await?)))
}

/// `POST /h/hash`: of an upload.
pub(super) async fn of_upload(
    State(web): State<Web>,
    _: Caller<Hash>,
    params: Params,
    request: Request,
) -> Result<Json<Value>, Refusal> {
    let upload = Form::read(&web, request).await?.only_file()?;
    Ok(Json(object(upload_signals(&web, upload, &params).await?)))
}

/// Signals of what a URL leads to.
pub(super) async fn url_signals(web: &Web, url: &str, params: &Params) -> Result<Signals, Refusal> {
    let fetched = remote::fetch(web, url).await?;
    let said = params.filled("content_type");
    let content_type = content_type(match said {
        Some(name) => name,
        None => fetched.content_type()?,
    })?;
    let kinds = to_make(web, content_type, params.get("types"))?;
    let signals = signals(web, fetched.bytes, &kinds).await;
    drop(fetched.room);
    signals
}

/// Signals of an upload, whose field says what it is.
pub(super) async fn upload_signals(
    web: &Web,
    upload: Upload,
    params: &Params,
) -> Result<Signals, Refusal> {
    let content_type = content_type(&upload.field)?;
    let kinds = to_make(web, content_type, params.get("types"))?;
    let signals = signals(web, upload.bytes, &kinds).await;
    drop(upload.room);
    signals
}

/// As the clients know them: an object with a text for each kind.
pub(super) fn object(signals: Signals) -> Value {
    let fields = signals.into_iter().map(|(kind, value)| (kind.id.to_owned(), value.into()));
    Value::Object(fields.collect::<Map<_, _>>())
}

async fn signals(
    web: &Web,
    bytes: Vec<u8>,
    kinds: &[&'static KindType],
) -> Result<Signals, Refusal> {
    let made = web.service.hash(bytes, Wanted::for_kinds(kinds, VARIANTS)).await?;
    let one = |kind: &&'static KindType| {
        let value = made.signal(kind).ok_or_else(|| {
            web.figures.unhashed();
            let why = made
                .failure
                .as_ref()
                .map_or("it is none that can be read", |failure| &failure.message);
            let content_type = kind.content_types.first().unwrap_or(&"content");
            Refusal::bad(format!("the {content_type} cannot be hashed as {}: {why}", kind.id))
        })?;
        Ok((*kind, value))
    };
    kinds.iter().map(one).collect()
}
