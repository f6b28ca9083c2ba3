//! Every route of the service, and how it is served.

use std::future::Future;
use std::io;

use axum::Router;
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tutela_app::service::Service;

use crate::{api, console, hma};

/// What every handler is given.
#[derive(Clone)]
pub struct Web {
    /// The service behind it.
    pub service: Service,
}

/// Serves until `stop` is done; requests under way are answered first.
///
/// # Errors
/// The listener fails.
pub async fn serve(
    web: Web,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    axum::serve(listener, router(web)).with_graceful_shutdown(stop).await
}

fn router(web: Web) -> Router {
    Router::new()
        .merge(hma::routes())
        .merge(api::routes())
        .merge(console::routes())
        .layer(CatchPanicLayer::new())
        .with_state(web)
}
