//! Every route of the service, and how it is served.

use std::future::Future;
use std::io;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;
use tutela_app::service::Service;

use crate::operation::{self, Clients, Figures};
use crate::{api, console, hma};

/// What every handler is given.
#[derive(Clone)]
pub struct Web {
    /// The service behind it.
    pub service: Service,
    /// What is counted.
    pub(crate) figures: Arc<Figures>,
    /// How often each client asks.
    pub(crate) clients: Arc<Clients>,
    /// Pieces of the memory that is set apart for uploads.
    pub(crate) uploads: Arc<Semaphore>,
}

impl Web {
    /// What serves this service.
    pub fn of(service: Service) -> Self {
        let pieces = service.settings().serve.max_uploads_bytes() / hma::PIECE_BYTES;
        let uploads = Arc::new(Semaphore::new(pieces.min(Semaphore::MAX_PERMITS)));
        Self { service, figures: Arc::default(), clients: Arc::default(), uploads }
    }
}

/// Serves until `stop` is done; requests under way are given their time first.
///
/// # Errors
/// The listener fails.
pub async fn serve(
    web: Web,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    operation::serve_connections(&web, router(web.clone()), listener, stop).await
}

fn router(web: Web) -> Router {
    Router::new()
        .merge(operation::routes())
        .merge(hma::routes(&web))
        .merge(api::routes(&web))
        .merge(console::routes())
        .fallback(hma::unknown_path)
        .method_not_allowed_fallback(hma::unknown_method)
        .layer(DefaultBodyLimit::max(operation::MAX_BODY_BYTES))
        .layer(CatchPanicLayer::new())
        .layer(from_fn_with_state(web.clone(), operation::attended))
        .with_state(web)
}
