//! Speaks HTTP to others: to hosts that the operator lists, at addresses that are public, within limits.
//!
//! No proxy of the environment, no cookie, no compression, no connection that is kept.

pub mod addresses;
mod connect;
mod error;

use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HOST, LOCATION, RETRY_AFTER,
    USER_AGENT,
};
use hyper::{HeaderMap, Method, StatusCode};
use tokio::time::timeout;
use url::Url;

pub use addresses::Reach;
pub use error::FetchError;

/// What Tutela calls itself to others.
const AGENT: &str = concat!("tutela/", env!("CARGO_PKG_VERSION"));
/// Answers that send on, for one request.
const MAX_REDIRECTS: usize = 5;

/// How much one request may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the body.
    pub max_bytes: u64,
    /// For a name, a connection and its TLS, each.
    pub connect: Duration,
    /// Between one piece of the answer and the next.
    pub idle: Duration,
    /// For everything, redirects among it.
    pub total: Duration,
}

impl Limits {
    /// So many bytes in so long.
    pub fn new(max_bytes: u64, total: Duration) -> Self {
        let part = |most: u64| total.min(Duration::from_secs(most));
        Self { max_bytes, connect: part(10), idle: part(15), total }
    }
}

/// A request.
#[derive(Clone)]
pub struct Request {
    method: Method,
    url: String,
    headers: Vec<(&'static str, String)>,
    /// Headers that hold secrets: they go to the host of the URL and nowhere else.
    secrets: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Request {
    /// Asks for a URL.
    pub fn get(url: impl Into<String>) -> Self {
        Self {
            method: Method::GET,
            url: url.into(),
            headers: Vec::new(),
            secrets: Vec::new(),
            body: Vec::new(),
        }
    }

    /// Sends a body to a URL.
    pub fn post(url: impl Into<String>, content_type: &str, body: Vec<u8>) -> Self {
        let request = Self { method: Method::POST, body, ..Self::get(url) };
        request.header(CONTENT_TYPE.as_str(), content_type)
    }

    /// Puts a body in the place that a URL names.
    pub fn put(url: impl Into<String>, content_type: &str, body: Vec<u8>) -> Self {
        Self { method: Method::PUT, ..Self::post(url, content_type, body) }
    }

    /// The same with a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same with a header that nobody but the host of the URL may see.
    #[must_use]
    pub fn secret(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.secrets.push((name, value.into()));
        self
    }

    /// The same with a name and a password.
    #[must_use]
    pub fn basic_auth(self, name: &str, password: &str) -> Self {
        use base64::Engine as _;
        let token = base64::engine::general_purpose::STANDARD.encode(format!("{name}:{password}"));
        self.secret(AUTHORIZATION.as_str(), format!("Basic {token}"))
    }
}

/// An answer, whatever its status.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// Its status.
    pub status: u16,
    /// The whole body.
    pub bytes: Vec<u8>,
    headers: HeaderMap,
}

impl Fetched {
    /// A header, where it is there and readable.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// What the host says that the body is.
    pub fn content_type(&self) -> Option<&str> {
        self.header(CONTENT_TYPE.as_str())
    }

    /// The same if its status is 2xx. Errors: [`FetchError::Status`].
    pub fn successful(self) -> Result<Self, FetchError> {
        match self.status {
            200..300 => Ok(self),
            status => Err(FetchError::Status { status, retry_after: self.retry_after() }),
        }
    }

    /// When to ask again. Only the form in seconds is read; clocks differ.
    fn retry_after(&self) -> Option<Duration> {
        self.header(RETRY_AFTER.as_str())?.trim().parse().ok().map(Duration::from_secs)
    }
}

/// Fetches for one door of the program, within its reach.
#[derive(Debug, Clone)]
pub struct Fetcher {
    reach: Reach,
    limits: Limits,
}

impl Fetcher {
    /// A fetcher for these hosts with these limits.
    pub fn new(reach: Reach, limits: Limits) -> Self {
        Self { reach, limits }
    }

    /// Gets a URL; whatever is not 200 is an error.
    pub async fn get(&self, url: &str) -> Result<Fetched, FetchError> {
        self.send(&Request::get(url)).await?.successful()
    }

    /// Sends a request and gives the answer, whatever its status. An answer to `GET` that sends on is
    /// followed, and each place that it names is judged like the first.
    pub async fn send(&self, request: &Request) -> Result<Fetched, FetchError> {
        timeout(self.limits.total, self.follow(request)).await.map_err(|_| FetchError::Timeout)?
    }

    async fn follow(&self, request: &Request) -> Result<Fetched, FetchError> {
        let first = parse(&request.url)?;
        let mut url = first.clone();
        for _ in 0..=MAX_REDIRECTS {
            let with_secrets = url.origin() == first.origin();
            let fetched = self.exchange(&url, request, with_secrets).await?;
            if request.method != Method::GET || ![301, 302, 303, 307, 308].contains(&fetched.status)
            {
                return Ok(fetched);
            }
            let Some(target) = fetched.header(LOCATION.as_str()) else { return Ok(fetched) };
            let next = parse(url.join(target).map_err(|_| FetchError::BadUrl)?.as_str())?;
            if url.scheme() == "https" && next.scheme() == "http" {
                return Err(FetchError::Downgrade);
            }
            url = next;
        }
        Err(FetchError::TooManyRedirects { max: MAX_REDIRECTS })
    }

    /// One request and its answer.
    async fn exchange(
        &self,
        url: &Url,
        request: &Request,
        with_secrets: bool,
    ) -> Result<Fetched, FetchError> {
        let mut connection = connect::connect(url, &self.reach, &self.limits).await?;
        let mut builder = hyper::Request::builder()
            .method(request.method.clone())
            .uri(&url[url::Position::BeforePath..url::Position::AfterQuery])
            .header(HOST, &url[url::Position::BeforeHost..url::Position::AfterPort])
            .header(USER_AGENT, AGENT)
            .header(ACCEPT_ENCODING, "identity");
        let secrets = request.secrets.iter().filter(|_| with_secrets);
        for (name, value) in request.headers.iter().chain(secrets) {
            builder = builder.header(*name, value);
        }
        let body = Full::new(Bytes::from(request.body.clone()));
        let message = builder.body(body).map_err(|_| FetchError::BadRequest)?;
        let answer = timeout(self.limits.idle, connection.sender.send_request(message));
        let answer = answer.await.map_err(|_| FetchError::Timeout)?.map_err(FetchError::Broken)?;
        let (head, body) = answer.into_parts();
        let encoded = head.headers.get(CONTENT_ENCODING).is_some_and(|coding| coding != "identity");
        // The body of an answer that sends on is nobody's concern.
        let bytes = match head.status {
            status if status.is_redirection() && status != StatusCode::NOT_MODIFIED => Vec::new(),
            _ if encoded => return Err(FetchError::Compressed),
            _ => self.read(body).await?,
        };
        Ok(Fetched { status: head.status.as_u16(), bytes, headers: head.headers })
    }

    /// A body, as far as it is not too large, whatever its header says.
    async fn read(&self, mut body: Incoming) -> Result<Vec<u8>, FetchError> {
        let max_bytes = self.limits.max_bytes;
        if body.size_hint().lower() > max_bytes {
            return Err(FetchError::TooLarge { max_bytes });
        }
        let mut bytes = Vec::new();
        while let Some(frame) =
            timeout(self.limits.idle, body.frame()).await.map_err(|_| FetchError::Timeout)?
        {
            let Ok(piece) = frame.map_err(FetchError::Broken)?.into_data() else { continue };
            if (bytes.len() + piece.len()) as u64 > max_bytes {
                return Err(FetchError::TooLarge { max_bytes });
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(bytes)
    }
}

/// A URL that may be fetched at all.
fn parse(url: &str) -> Result<Url, FetchError> {
    let url = Url::parse(url).map_err(|_| FetchError::BadUrl)?;
    let plain = url.username().is_empty() && url.password().is_none();
    let known = ["http", "https"].contains(&url.scheme());
    (plain && known).then_some(url).ok_or(FetchError::BadUrl)
}
