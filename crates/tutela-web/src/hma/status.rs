//! `/status`: whether look-ups can be answered.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse};

use crate::operation::{Readiness, readiness};
use crate::router::Web;

const ALIVE: &str = "I-AM-ALIVE";

/// `GET /status`.
pub(super) async fn ready(State(web): State<Web>) -> (StatusCode, Html<&'static str>) {
    let matcher = web.service.settings().serve.has_role("matcher");
    match readiness(&web) {
        Readiness::Loading if matcher => {
            (StatusCode::SERVICE_UNAVAILABLE, Html("INDEX-NOT-LOADED"))
        }
        Readiness::Stale if matcher => (StatusCode::SERVICE_UNAVAILABLE, Html("INDEX-STALE")),
        _ => (StatusCode::OK, Html(ALIVE)),
    }
}

/// `GET /status/live`.
pub(super) async fn alive() -> Html<&'static str> {
    Html(ALIVE)
}

/// `GET /`.
pub(super) async fn root() -> impl IntoResponse {
    (StatusCode::FOUND, [(header::LOCATION, "/status")])
}
