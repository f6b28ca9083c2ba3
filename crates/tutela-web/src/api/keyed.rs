//! `Idempotency-Key`: whoever does not know whether a request arrived sends it again, and it is done once.
//!
//! Source: draft-ietf-httpapi-idempotency-key-header-07.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256 as Hasher};
use tracing::warn;
use tutela_app::service::{KeyedAnswer, KeyedRequest};
use tutela_core::{Coded, Sha256, TokenId};

use super::Problem;
use crate::operation::MAX_BODY_BYTES;
use crate::router::Web;
use crate::{WebError, auth};

/// Paths where a `POST` makes something.
const MAKERS: [&str; 4] =
    ["/v1/banks", "/v1/banks/{bank}/contents", "/v1/exchanges", "/v1/transfers"];
/// The header.
const KEY: &str = "idempotency-key";
/// Says that the answer was given before.
const REPLAYED: &str = "idempotency-replayed";
/// Characters of a key.
const MAX_KEY_CHARS: usize = 255;

/// Does a request that makes something and has a key once: sent again, it is answered as it was the first time.
pub(super) async fn once(
    State(web): State<Web>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let path = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let makes = request.method() == Method::POST && path.is_some_and(|path| MAKERS.contains(&path));
    let Some(key) = request.headers().get(KEY).filter(|_| makes) else {
        return Ok(next.run(request).await);
    };
    let key = known(key)?;
    let token = auth::caller(&web, request.headers()).await?.token;
    let (head, body) = request.into_parts();
    let body = to_bytes(body, MAX_BODY_BYTES).await.map_err(|error| too_large(&error))?;
    let digest = digest(&head.uri.to_string(), &body);
    match web.service.begin_keyed((token, &key), digest).await? {
        KeyedRequest::New => {}
        KeyedRequest::Begun => return Err(WebError::KeyBegun.into()),
        KeyedRequest::Other => return Err(WebError::KeyTaken.into()),
        KeyedRequest::Answered(answer) => return Ok(again(answer)),
    }
    let request = Request::from_parts(head, Body::from(body));
    // By itself: a client that hangs up, which is what keys are for, must not end it in the middle.
    let done = tokio::spawn(async move {
        let answer = next.run(request).await;
        kept(&web, token, &key, answer).await
    });
    done.await.unwrap_or(Err(WebError::Defect)).map_err(Problem)
}

fn known(key: &HeaderValue) -> Result<String, WebError> {
    let key = key.to_str().map_err(|_| WebError::BadKey)?.trim();
    let is_plain = key.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
    if key.is_empty() || key.len() > MAX_KEY_CHARS || !is_plain {
        return Err(WebError::BadKey);
    }
    Ok(key.to_owned())
}

/// What tells one request from another: where it goes and what it says.
fn digest(uri: &str, body: &[u8]) -> Sha256 {
    let digest = Hasher::new().chain_update(uri).chain_update([0]).chain_update(body);
    Sha256(digest.finalize().into())
}

/// Keeps what was answered. What was refused changed nothing, and may be mended and sent again; after a fault
/// nobody knows, so the key stays taken.
async fn kept(
    web: &Web,
    token: TokenId,
    key: &str,
    answer: Response,
) -> Result<Response, WebError> {
    let who = (token, key);
    if !answer.status().is_success() {
        if answer.status().is_client_error() {
            note(web.service.end_keyed(who, None).await);
        }
        return Ok(answer);
    }
    let (head, body) = answer.into_parts();
    let body = to_bytes(body, usize::MAX).await.map_err(|_| WebError::Defect)?;
    let kept = KeyedAnswer {
        status: head.status.as_u16(),
        location: text(&head.headers, header::LOCATION.as_str()),
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    // It is done all the same. Whoever sends it again is told that there is no answer, and nothing is done twice.
    note(web.service.end_keyed(who, Some(&kept)).await);
    Ok(Response::from_parts(head, Body::from(body)))
}

fn note(ended: Result<(), tutela_app::AppError>) {
    if let Err(error) = ended {
        warn!(code = error.code(), "The answer to a request with a key could not be kept.");
    }
}

/// The answer that was given the first time.
fn again(answer: KeyedAnswer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = (status, Bytes::from(answer.body)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    if let Some(location) = answer.location.and_then(|text| HeaderValue::from_str(&text).ok()) {
        headers.insert(header::LOCATION, location);
    }
    response
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

fn too_large(error: &axum::Error) -> WebError {
    let cause = std::error::Error::source(error);
    match cause.is_some_and(|cause| cause.to_string().contains("length limit")) {
        true => WebError::TooLarge,
        false => WebError::BadBody { why: "it did not arrive".to_owned() },
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::{digest, known};

    #[test]
    fn keys_are_short_visible_texts() {
        let check = |key: &[u8], expected: Option<&str>| {
            let key = HeaderValue::from_bytes(key).unwrap();
            assert_eq!(known(&key).ok().as_deref(), expected, "{key:?}");
        };
        check(b"\"8e03978e-40d5\"", Some("\"8e03978e-40d5\""));
        check(b" a b ", Some("a b"));
        check(b"", None);
        check(b"  ", None);
        check("\u{e9}".as_bytes(), None);
        check(&[b'x'; 255], Some("x".repeat(255).as_str()));
        check(&[b'x'; 256], None);
    }

    #[test]
    fn requests_are_told_apart_by_path_and_body() {
        assert_eq!(digest("/v1/banks", b"{}"), digest("/v1/banks", b"{}"));
        assert_ne!(digest("/v1/banks", b"{}"), digest("/v1/banks", b"{ }"));
        assert_ne!(digest("/v1/banks", b"/a"), digest("/v1/banks/a", b""));
    }
}
