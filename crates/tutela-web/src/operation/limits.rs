//! How much is taken on at a time, how long it may take, and what is counted of it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use axum::Json;
use axum::body::HttpBody;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tracing::debug;

use super::Peer;
use crate::WebError;
use crate::api::{Problem, is_ours, retry_after_s};
use crate::router::Web;

/// Bytes of a body, on paths that take no uploads: a batch of signals fits, a flood does not.
pub(crate) const MAX_BODY_BYTES: usize = 16 << 20;
/// Paths that are answered whatever the load is.
const ALWAYS: [&str; 4] = ["/healthz", "/readyz", "/metrics", "/status/live"];

/// Lets a request in if there is room, ends it in time, and counts it.
pub(crate) async fn attended(State(web): State<Web>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    let answer = admitted(&web, route.as_ref(), request, next).await;
    let (took, status) = (began.elapsed(), answer.status());
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    web.figures.answered(&method, route, status, took);
    debug!(%method, route, status = status.as_u16(), duration_us = took.as_micros(), "Answered.");
    answer
}

async fn admitted(
    web: &Web,
    route: Option<&MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let serve = &web.service.settings().serve;
    let always = route.is_some_and(|route| ALWAYS.contains(&route.as_str()));
    let path = request.uri().path();
    let Some(_place) =
        Place::take(&web.figures.under_way, serve.max_requests).or(always.then_some(Place(None)))
    else {
        return refused(path, WebError::TooBusy);
    };
    let (headers, peer) = (request.headers(), request.extensions().get::<Peer>().copied());
    if !always && let Err(error) = web.clients.admit(web, headers, peer).await {
        return refused(path, error);
    }
    // What has no body is answered by what it waits for in its own time: no timer is set for it.
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let ours = is_ours(path);
    match tokio::time::timeout(serve.request_timeout(), next.run(request)).await {
        Ok(answer) => answer,
        Err(_) => refused(if ours { "/v1" } else { "" }, WebError::TooSlow),
    }
}

/// One of the places for requests; given back when it is dropped.
struct Place<'a>(Option<&'a AtomicUsize>);

impl<'a> Place<'a> {
    fn take(under_way: &'a AtomicUsize, most: usize) -> Option<Self> {
        let place = Self(Some(under_way));
        // The place is given back at once where it is one too many.
        (under_way.fetch_add(1, Ordering::Relaxed) < most).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if let Some(under_way) = self.0 {
            under_way.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

/// An error in the form that whoever asks at this path knows: a problem document, or HMA's.
fn refused(path: &str, error: WebError) -> Response {
    let is_late = matches!(error, WebError::TooSlow);
    let mut answer = if is_ours(path) {
        Problem(error).into_response()
    } else {
        let status = StatusCode::from_u16(error.http_status());
        let status = status.unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
        let mut answer = (status, Json(json!({"message": error.to_string()}))).into_response();
        if let Some(after_s) = retry_after_s(&error) {
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(after_s));
        }
        answer
    };
    if is_late {
        // The rest of the body may still be on its way.
        answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    answer
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::Place;

    #[test]
    fn places_are_given_back() {
        let under_way = AtomicUsize::new(0);
        let (first, second) = (Place::take(&under_way, 2), Place::take(&under_way, 2));
        assert!(first.is_some() && second.is_some());
        assert!(Place::take(&under_way, 2).is_none());
        drop(first);
        assert!(Place::take(&under_way, 2).is_some());
        drop(second);
        assert_eq!(under_way.load(Ordering::Relaxed), 0);
    }
}
