//! The project's own interface, under `/v1/`: one file a resource, and its routes below.

mod answers;
mod asked;
mod banks;
mod contents;
mod description;
mod exchanges;
mod look_ups;
mod matches;
mod new_content;
mod problem;
mod queries;
mod signals;
mod state;
mod take;
mod upload;

use axum::Router;
use axum::routing::any;

pub use self::description::openapi_json;
pub(crate) use self::problem::Problem;
use crate::WebError;
use crate::router::Web;

pub(crate) fn routes() -> Router<Web> {
    let resources = Router::new()
        .merge(banks::routes())
        .merge(contents::routes())
        .merge(description::routes())
        .merge(exchanges::routes())
        .merge(look_ups::routes())
        .merge(matches::routes())
        .merge(signals::routes())
        .merge(state::routes())
        .method_not_allowed_fallback(|| async { Problem(WebError::NoMethod) })
        .fallback(|| async { Problem(WebError::NoRoute) });
    // What is nested does not hear of its own root with a slash.
    let root = any(|| async { Problem(WebError::NoRoute) });
    Router::new().nest("/v1", resources).route("/v1/", root)
}
