//! The interface that clients of the Hasher-Matcher-Actioner speak, path for path.

use axum::Router;
use axum::routing::get;

use crate::router::Web;

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/status/live", get(|| async { "I-AM-ALIVE" }))
}
