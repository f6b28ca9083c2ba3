//! The project's own interface, under `/v1/`.

mod problem;
mod state;
mod take;

use axum::Router;

pub(crate) use self::problem::Problem;
use crate::WebError;
use crate::router::Web;

pub(crate) fn routes() -> Router<Web> {
    let resources = Router::new()
        .merge(state::routes())
        .method_not_allowed_fallback(|| async { Problem(WebError::NoMethod) })
        .fallback(|| async { Problem(WebError::NoRoute) });
    Router::new().nest("/v1", resources)
}
