//! What keeps the service standing: connections, limits, health, figures.

mod clients;
mod connections;
mod figures;
mod health;
mod limits;

use axum::Router;
use axum::routing::get;

pub(crate) use self::clients::Clients;
pub(crate) use self::connections::{Peer, serve_connections};
pub(crate) use self::figures::Figures;
pub(crate) use self::health::{Readiness, readiness};
pub(crate) use self::limits::{MAX_BODY_BYTES, attended};
use crate::router::Web;

/// What those ask for who operate the service.
pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(figures::page))
}
