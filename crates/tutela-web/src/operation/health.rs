//! Whether the process lives, and whether it can do its work.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::router::Web;

/// Whether look-ups can be answered with what is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readiness {
    /// Yes.
    Ready,
    /// Not everything that was in the store at the start is in memory.
    Loading,
    /// The store has not been heard from for too long: changes may be missing.
    Stale,
}

/// How it stands.
pub(crate) fn readiness(web: &Web) -> Readiness {
    if !web.service.is_ready() {
        Readiness::Loading
    } else if web.service.age().as_secs() >= web.service.settings().serve.stale_s {
        Readiness::Stale
    } else {
        Readiness::Ready
    }
}

/// `GET /healthz`.
pub(super) async fn alive() -> Json<Value> {
    Json(json!({"status": "alive"}))
}

/// `GET /readyz`.
pub(super) async fn ready(State(web): State<Web>) -> Response {
    let (status, word) = match readiness(&web) {
        Readiness::Ready => (StatusCode::OK, "ready"),
        Readiness::Loading => (StatusCode::SERVICE_UNAVAILABLE, "loading"),
        Readiness::Stale => (StatusCode::SERVICE_UNAVAILABLE, "stale"),
    };
    let (change, newest_s) = web.service.built_to();
    let body = json!({
        "status": word, "last_change": change, "newest_content_s": newest_s,
        "store_heard_ms_ago": u64::try_from(web.service.age().as_millis()).ok().filter(|_| word != "loading"),
    });
    let mut answer = (status, Json(body)).into_response();
    if status != StatusCode::OK {
        answer.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("1"));
    }
    answer
}
