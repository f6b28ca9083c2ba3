//! Makes connections: a name is resolved once, every address is judged, and the one that was judged is the
//! one that is connected to.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::rt::{Read, Write};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use url::{Host, Url};

use super::{FetchError, Limits, Reach};

/// An open connection; dropped, it is closed.
pub(super) struct Connection {
    pub(super) sender: SendRequest<Full<Bytes>>,
    driver: JoinHandle<()>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

/// Connects to the host of a URL, if that may be done.
pub(super) async fn connect(
    url: &Url,
    reach: &Reach,
    limits: &Limits,
) -> Result<Connection, FetchError> {
    let host = url.host().ok_or(FetchError::BadUrl)?;
    let port = url.port_or_known_default().ok_or(FetchError::BadUrl)?;
    if !reach.allows_host(&host) {
        return Err(FetchError::HostNotListed);
    }
    let addresses = addresses(&host, port, limits).await?;
    if !addresses.iter().all(|address| reach.allows_address(&host, address.ip())) {
        return Err(FetchError::AddressNotListed);
    }
    let stream = dial(&addresses, limits).await?;
    match url.scheme() {
        "https" => {
            let name = match &host {
                Host::Domain(name) => ServerName::try_from((*name).to_owned()).ok(),
                Host::Ipv4(address) => Some(ServerName::from(IpAddr::from(*address))),
                Host::Ipv6(address) => Some(ServerName::from(IpAddr::from(*address))),
            };
            let name = name.ok_or(FetchError::BadUrl)?;
            let secured = TlsConnector::from(trust()?).connect(name, stream);
            let secured =
                timeout(limits.connect, secured).await.map_err(|_| FetchError::Timeout)?;
            speak(TokioIo::new(secured.map_err(FetchError::Connect)?)).await
        }
        _ => speak(TokioIo::new(stream)).await,
    }
}

async fn addresses(
    host: &Host<&str>,
    port: u16,
    limits: &Limits,
) -> Result<Vec<SocketAddr>, FetchError> {
    let name = match host {
        Host::Ipv4(address) => return Ok(vec![(IpAddr::from(*address), port).into()]),
        Host::Ipv6(address) => return Ok(vec![(IpAddr::from(*address), port).into()]),
        Host::Domain(name) => *name,
    };
    let found = timeout(limits.connect, tokio::net::lookup_host((name, port)))
        .await
        .map_err(|_| FetchError::Timeout)?
        .map_err(|source| FetchError::NoSuchHost(Some(source)))?;
    let found: Vec<SocketAddr> = found.collect();
    if found.is_empty() { Err(FetchError::NoSuchHost(None)) } else { Ok(found) }
}

/// The first address that answers.
async fn dial(addresses: &[SocketAddr], limits: &Limits) -> Result<TcpStream, FetchError> {
    let mut last = FetchError::NoSuchHost(None);
    for address in addresses {
        match timeout(limits.connect, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(source)) => last = FetchError::Connect(source),
            Err(_) => last = FetchError::Timeout,
        }
    }
    Err(last)
}

async fn speak<S>(stream: S) -> Result<Connection, FetchError>
where
    S: Read + Write + Unpin + Send + 'static,
{
    let (sender, connection) = http1::handshake(stream).await.map_err(FetchError::Broken)?;
    // How it ends shows in the answer.
    let driver = tokio::spawn(async move { drop(connection.await) });
    Ok(Connection { sender, driver })
}

/// The certificates that this system trusts, read once.
fn trust() -> Result<Arc<ClientConfig>, FetchError> {
    static TRUST: OnceLock<Option<Arc<ClientConfig>>> = OnceLock::new();
    let read = || {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if roots.is_empty() {
            return None;
        }
        let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let config =
            ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        Some(Arc::new(config.ok()?.with_root_certificates(roots).with_no_client_auth()))
    };
    TRUST.get_or_init(read).clone().ok_or(FetchError::NoCertificates)
}
