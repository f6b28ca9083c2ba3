//! The project's own interface, under `/v1/`.

use axum::Router;

use crate::router::Web;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
}
