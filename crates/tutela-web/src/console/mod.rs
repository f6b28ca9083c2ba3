//! The pages of the console.

use axum::Router;

use crate::router::Web;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
}
