//! `serve`.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::net::TcpListener;
use tracing::info;
use tutela_app::Workspace;
use tutela_app::jobs::{deliveries, exchanges};
use tutela_app::service::Service;
use tutela_web::{Web, serve};

use super::workspace::open_with;
use crate::cli::Global;
use crate::output;

/// How often it is looked whether somebody wants it to end.
const LOOK: Duration = Duration::from_millis(100);

pub(super) fn run(global: &Global, listen: Option<SocketAddr>) -> Result<ExitCode> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let workspace = open_with(global, threads)?;
    let listen = match listen {
        Some(listen) => listen,
        None => workspace.settings().serve.listen.parse().context("serve.listen")?,
    };
    let said = |address| output::text(format_args!("Serving on http://{address}"));
    serve_until_stopped(&workspace, &[listen], said)?;
    Ok(ExitCode::SUCCESS)
}

/// Serves a workspace until somebody wants it to end, on the first of these addresses that is free; `said` is told
/// which.
pub(super) fn serve_until_stopped(
    workspace: &Workspace,
    listen: &[SocketAddr],
    said: impl FnOnce(SocketAddr) -> Result<()>,
) -> Result<()> {
    let interrupted = workspace.listen_for_interrupts();
    let service = Service::of(workspace)?;
    workspace.block_on(async {
        let listener = TcpListener::bind(listen).await;
        let listener = listener.with_context(|| {
            let tried: Vec<String> = listen.iter().map(ToString::to_string).collect();
            format!("cannot listen on {}", tried.join(" or "))
        })?;
        said(listener.local_addr()?)?;
        let stop = async move {
            while !interrupted.load(Ordering::SeqCst) {
                tokio::time::sleep(LOOK).await;
            }
        };
        let loading = service.clone();
        let work = async {
            loading.refresh().await?;
            info!("All banks are in.");
            let (store, settings) = (workspace.store(), workspace.settings());
            tokio::join!(
                loading.work(),
                exchanges::run_always(store, settings, workspace.operator()),
                deliveries::run_always(store, settings, workspace.dir()),
            );
            Ok(())
        };
        // By itself, so that connections are taken while changes are taken in.
        let served = tokio::spawn(serve(Web::of(service.clone()), listener, stop));
        tokio::select! {
            served = served => served?.context("the server ended"),
            worked = work => worked,
        }?;
        service.record(true).await?;
        service.keep().await?;
        Ok(())
    })
}
