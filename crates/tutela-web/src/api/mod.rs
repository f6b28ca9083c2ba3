//! The project's own interface, under `/v1/`: one file a resource, and its routes below.

mod alerts;
mod answers;
mod asked;
mod banks;
mod contents;
mod description;
mod exchanges;
mod keyed;
mod look_ups;
mod matches;
mod new_content;
mod problem;
mod queries;
mod signals;
mod state;
mod take;
mod transfers;
mod upload;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use tower_http::catch_panic::CatchPanicLayer;

pub use self::description::openapi_json;
pub(crate) use self::problem::{Problem, retry_after_s};
use crate::WebError;
use crate::router::Web;

pub(crate) fn routes(web: &Web) -> Router<Web> {
    let resources = Router::new()
        .merge(alerts::routes())
        .merge(banks::routes())
        .merge(contents::routes())
        .merge(description::routes())
        .merge(exchanges::routes())
        .merge(look_ups::routes())
        .merge(matches::routes())
        .merge(signals::routes())
        .merge(state::routes())
        .merge(transfers::routes())
        .method_not_allowed_fallback(|| async { Problem(WebError::NoMethod) })
        .fallback(|| async { Problem(WebError::NoRoute) })
        .layer(CatchPanicLayer::custom(defect));
    // What is nested does not hear of its own root with a slash.
    let root = any(|| async { Problem(WebError::NoRoute) });
    let once = from_fn_with_state(web.clone(), keyed::once);
    Router::new().nest("/v1", resources).route("/v1/", root).layer(once)
}

/// Whether a path is one of this interface, whose errors are problem documents.
pub(crate) fn is_ours(path: &str) -> bool {
    path == "/v1" || path.starts_with("/v1/")
}

/// What a handler answers that broke down. What it said is in the log, and is nobody else's business.
fn defect(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    Problem(WebError::Defect).into_response()
}

#[cfg(test)]
mod tests {
    use axum::http::{StatusCode, header};

    use super::{defect, is_ours};

    #[test]
    fn a_breakdown_is_a_problem_without_its_words() {
        let answer = defect(Box::new("a secret"));
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/problem+json");
    }

    #[test]
    fn paths_are_told_apart() {
        for (path, ours) in [("/v1", true), ("/v1/banks", true), ("/v12", false), ("/c/v1/", false)]
        {
            assert_eq!(is_ours(path), ours, "{path}");
        }
    }
}
