//! Connections: taken while there is room, cut off where they are slow, ended in time.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::uri::{PathAndQuery, Uri};
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tower_service::Service as _;
use tracing::{debug, warn};

use crate::api::is_ours;
use crate::router::Web;

/// Who is at the other end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// Bytes of the head of a request.
const MAX_HEAD_BYTES: usize = 64 << 10;
/// Lines of a head.
const MAX_HEADERS: usize = 100;
/// Connections beyond the limit that are told so, at a time; still more are just closed.
const MAX_TURNED_AWAY: usize = 64;
/// How long one that is turned away is listened to, so that it reads the answer.
const FAREWELL: Duration = Duration::from_millis(500);
/// How long nobody is taken after the system had no more sockets to give.
const BREATH: Duration = Duration::from_millis(50);

/// What they are told: as a problem document at paths under `/v1/`, else as HMA's clients know it.
const TOO_MANY: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\n\
    retry-after: 1\r\nconnection: close\r\ncontent-length: 62\r\n\r\n\
    {\"message\": \"too many connections at once; ask again later\"}\r\n";
const TOO_MANY_PROBLEM: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/problem+json\r\n\
    retry-after: 1\r\nconnection: close\r\ncontent-length: 146\r\n\r\n\
    {\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503,\"code\":\"web.too_busy\",\
    \"detail\":\"too many connections at once; ask again later\"}\r\n";
/// How long one that is turned away may take to say what it asks for.
const HEARING: Duration = Duration::from_millis(100);

/// Serves until `stop` is done, then gives the requests under way their time.
///
/// # Errors
/// The listener fails.
pub(crate) async fn serve_connections(
    web: &Web,
    router: Router,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let serve = web.service.settings().serve.clone();
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(serve.header_timeout())
        .max_buf_size(MAX_HEAD_BYTES)
        .max_headers(MAX_HEADERS);
    let builder = Arc::new(builder);
    let places = Arc::new(Semaphore::new(serve.max_connections));
    let turned_away = Arc::new(Semaphore::new(MAX_TURNED_AWAY));
    let (ending, ended) = watch::channel(false);
    let mut stop = std::pin::pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) if is_of_connection(&error) => continue,
                Err(error) => {
                    warn!(kind = ?error.kind(), "A connection could not be taken.");
                    tokio::time::sleep(BREATH).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            web.figures.turned_away.fetch_add(1, Ordering::Relaxed);
            if let Ok(permit) = Arc::clone(&turned_away).try_acquire_owned() {
                tokio::spawn(async move {
                    turn_away(stream).await;
                    drop(permit);
                });
            }
            continue;
        };
        // Answers are small and are sent whole.
        let _ = stream.set_nodelay(true);
        let (builder, router, mut ended) = (Arc::clone(&builder), router.clone(), ended.clone());
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(router.clone(), peer, request));
            let mut connection =
                std::pin::pin!(builder.serve_connection(TokioIo::new(stream), service));
            let served = tokio::select! {
                served = &mut connection => served,
                _ = ended.changed() => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(error) = served {
                debug!(timeout = error.is_timeout(), "A connection was cut off.");
            }
            drop(place);
        });
    }
    drop(listener);
    let _ = ending.send(true);
    let all = u32::try_from(serve.max_connections).unwrap_or(u32::MAX);
    if tokio::time::timeout(serve.drain(), places.acquire_many(all)).await.is_err() {
        warn!("Requests under way were cut off.");
    }
    Ok(())
}

async fn answer(
    mut router: Router,
    peer: SocketAddr,
    mut request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    request.extensions_mut().insert(Peer(peer));
    if request.uri().path().contains("//")
        && let Some(uri) = with_single_slashes(request.uri())
    {
        *request.uri_mut() = uri;
    }
    router.call(request.map(Body::new)).await
}

/// The same without doubled slashes in its path, which some clients send.
fn with_single_slashes(uri: &Uri) -> Option<Uri> {
    let mut path = String::with_capacity(uri.path().len());
    for c in uri.path().chars() {
        if c != '/' || !path.ends_with('/') {
            path.push(c);
        }
    }
    if let Some(query) = uri.query() {
        path.push('?');
        path.push_str(query);
    }
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(path.parse::<PathAndQuery>().ok()?);
    Uri::from_parts(parts).ok()
}

async fn turn_away(mut stream: TcpStream) {
    let farewell = async {
        let mut rest = [0; 4096];
        let heard = tokio::time::timeout(HEARING, stream.read(&mut rest)).await;
        let heard = heard.unwrap_or(Ok(0))?;
        let words = match is_for_problems(&rest[..heard]) {
            true => TOO_MANY_PROBLEM,
            false => TOO_MANY,
        };
        stream.write_all(words).await?;
        stream.shutdown().await?;
        // Closing before everything is read would take the answer back.
        while stream.read(&mut rest).await? > 0 {}
        io::Result::Ok(())
    };
    let _ = tokio::time::timeout(FAREWELL, farewell).await;
}

/// Whether a request that begins like this asks at a path under `/v1/`.
fn is_for_problems(head: &[u8]) -> bool {
    let mut words = head.split(|byte| *byte == b' ');
    words.nth(1).and_then(|path| std::str::from_utf8(path).ok()).is_some_and(is_ours)
}

/// Whether only the one connection failed, not the listener.
fn is_of_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    )
}

#[cfg(test)]
mod tests {
    use super::{TOO_MANY, TOO_MANY_PROBLEM, is_for_problems, with_single_slashes};

    #[test]
    fn doubled_slashes_become_one_and_queries_stay() {
        for (given, expected) in
            [("//c/banks", "/c/banks"), ("/c//bank///A?x=//", "/c/bank/A?x=//"), ("//", "/")]
        {
            assert_eq!(with_single_slashes(&given.parse().unwrap()).unwrap(), expected, "{given}");
        }
    }

    #[test]
    fn the_farewell_says_its_length() {
        for farewell in [TOO_MANY, TOO_MANY_PROBLEM] {
            let (head, body) =
                std::str::from_utf8(farewell).unwrap().split_once("\r\n\r\n").unwrap();
            assert!(head.ends_with(&format!("content-length: {}", body.len())), "{}", body.len());
            assert!(serde_json::from_str::<serde_json::Value>(body).is_ok(), "{body}");
        }
        assert!(is_for_problems(b"GET /v1/banks HTTP/1.1"));
        for other in ["GET /m/lookup HTTP/1.1", "GET", "", "\u{fffd} \u{fffd} /v1/"] {
            assert!(!is_for_problems(other.as_bytes()), "{other}");
        }
    }
}
