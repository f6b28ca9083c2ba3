//! Bodies that are JSON, and what is answered where they are not.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use serde_json::{Map, Value};

use super::answer::{Fault, Refusal};

/// A body that has to say that it is JSON.
#[derive(Debug)]
pub(super) struct JsonBody(pub(super) Value);

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        match read(request, state).await? {
            Body::Json(value) => Ok(Self(value)),
            Body::Broken => Err(Refusal::bad("The body of the request is not JSON.")),
            Body::Other => Err(Refusal::Message(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "Did not attempt to load JSON data because the request Content-Type was not \
                 'application/json'."
                    .to_owned(),
            )),
        }
    }
}

/// A body that is checked by a schema: anything but an object is a fault of the schema.
#[derive(Debug)]
pub(super) struct SchemaBody(pub(super) Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for SchemaBody {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let input = match read(request, state).await? {
            Body::Json(Value::Object(fields)) => return Ok(Self(fields)),
            Body::Json(other) => other,
            Body::Broken | Body::Other => Value::Null,
        };
        let message = "Input should be a valid dictionary".to_owned();
        Err(Refusal::Schema(vec![Fault { kind: "model_type", field: None, message, input }]))
    }
}

/// Whether a request says that its body is JSON.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let media_type = media_type(headers);
    media_type.eq_ignore_ascii_case("application/json")
        || (media_type.starts_with("application/") && media_type.ends_with("+json"))
}

/// The media type of a body, without parameters.
pub(super) fn media_type(headers: &HeaderMap) -> &str {
    let said = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    said.and_then(|said| said.split(';').next()).unwrap_or_default().trim()
}

/// All bytes of a body.
pub(super) async fn bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Refusal> {
    Bytes::from_request(request, state).await.map_err(|error| unreadable(&error))
}

enum Body {
    Json(Value),
    Broken,
    Other,
}

async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Body, Refusal> {
    if !is_json(request.headers()) {
        return Ok(Body::Other);
    }
    let bytes = bytes(request, state).await?;
    Ok(serde_json::from_slice(&bytes).map_or(Body::Broken, Body::Json))
}

fn unreadable(error: &BytesRejection) -> Refusal {
    too_large_or(error.status(), "The body of the request cannot be read.")
}

/// What a body that could not be taken in is answered with.
pub(super) fn too_large_or(status: StatusCode, otherwise: &str) -> Refusal {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        Refusal::Message(status, "Content too large".to_owned())
    } else {
        Refusal::bad(otherwise)
    }
}
