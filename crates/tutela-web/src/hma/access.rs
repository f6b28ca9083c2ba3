//! Who may use the paths of HMA, whose clients know no tokens.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use tutela_core::{OperatorId, Scope};

use super::answer::Refusal;
use crate::operation::Peer;
use crate::router::Web;
use crate::{WebError, auth};

/// What a handler lets its caller do.
pub(super) trait Needs {
    /// The scope that a token has to have.
    const SCOPE: Scope;
}

/// Making signals.
pub(super) struct Hash;
/// Looking signals up.
pub(super) struct Match;
/// Changing banks.
pub(super) struct Curate;

impl Needs for Hash {
    const SCOPE: Scope = Scope::Hash;
}
impl Needs for Match {
    const SCOPE: Scope = Scope::Match;
}
impl Needs for Curate {
    const SCOPE: Scope = Scope::Curate;
}

/// A caller who may do what the scope says, and in whose name it is done.
pub(super) struct Caller<N> {
    /// Who acts.
    pub(super) by: OperatorId,
    scope: PhantomData<N>,
}

impl<N: Needs> FromRequestParts<Web> for Caller<N> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Refusal> {
        let open = match web.service.settings().serve.hma_access.as_str() {
            "open" => true,
            "loopback" => is_local(parts),
            _ => false,
        };
        let by = if !open || parts.headers.contains_key(header::AUTHORIZATION) {
            let caller = auth::caller(web, &parts.headers).await.map_err(refused)?;
            auth::allow(&caller, &[N::SCOPE]).map_err(refused)?;
            caller.operator
        } else if is_foreign_page(&parts.headers) {
            return Err(Refusal::forbidden("pages of other sites may not do this"));
        } else {
            web.service.operator()
        };
        Ok(Self { by, scope: PhantomData })
    }
}

/// No token, one that does not hold, or one without the scope.
fn refused(error: WebError) -> Refusal {
    let status = StatusCode::from_u16(error.http_status()).unwrap_or(StatusCode::UNAUTHORIZED);
    Refusal::Message(status, error.to_string())
}

/// Whether a request comes from this machine itself: not through a proxy that runs here, and under a name
/// that no other site can make its own.
fn is_local(parts: &Parts) -> bool {
    let local =
        parts.extensions.get::<Peer>().is_some_and(|peer| peer.0.ip().to_canonical().is_loopback());
    let passed_on = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];
    local
        && !passed_on.iter().any(|name| parts.headers.contains_key(*name))
        && is_own_name(&parts.headers)
}

fn is_own_name(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST) else { return true };
    let host = host.to_str().ok().and_then(|host| host.parse::<axum::http::uri::Authority>().ok());
    host.is_some_and(|host| {
        let name = host.host().trim_start_matches('[').trim_end_matches(']');
        name.eq_ignore_ascii_case("localhost") || name.parse::<std::net::IpAddr>().is_ok()
    })
}

/// Whether a browser says that a page of another site asks: such a page must not act with the rights
/// that the machine has where it runs.
fn is_foreign_page(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if text("sec-fetch-site").is_some_and(|site| !["same-origin", "none"].contains(&site)) {
        return true;
    }
    let Some(origin) = text("origin") else { return false };
    let origin = origin.parse::<Uri>().ok();
    origin.and_then(|origin| Some(origin.authority()?.to_string())).as_deref() != text("host")
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::{is_foreign_page, is_local};
    use crate::operation::Peer;

    #[test]
    fn only_this_machine_is_local_and_only_by_its_own_name() {
        let check = |peer: &str, headers: &[(&str, &str)], expected: bool| {
            let mut request = Request::builder();
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let (mut parts, ()) = request.body(()).unwrap().into_parts();
            parts.extensions.insert(Peer(peer.parse().unwrap()));
            assert_eq!(is_local(&parts), expected, "{peer} {headers:?}");
        };
        check("127.0.0.1:4000", &[("host", "127.0.0.1:8080")], true);
        check("[::1]:4000", &[("host", "localhost:8080")], true);
        check("[::ffff:127.0.0.1]:4000", &[("host", "[::1]:8080")], true);
        check("192.0.2.7:4000", &[("host", "127.0.0.1:8080")], false);
        check("127.0.0.1:4000", &[("host", "rebound.example.org")], false);
        check("127.0.0.1:4000", &[("host", "localhost"), ("x-forwarded-for", "192.0.2.7")], false);
    }

    #[test]
    fn pages_of_other_sites_are_told_apart() {
        let check = |headers: &[(&str, &str)], expected: bool| {
            let mut request = Request::builder();
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            assert_eq!(
                is_foreign_page(request.body(()).unwrap().headers()),
                expected,
                "{headers:?}"
            );
        };
        check(&[("host", "localhost:8080")], false);
        check(&[("host", "localhost:8080"), ("origin", "http://localhost:8080")], false);
        check(&[("host", "localhost:8080"), ("origin", "https://example.org")], true);
        check(&[("host", "localhost:8080"), ("origin", "null")], true);
        check(&[("sec-fetch-site", "cross-site")], true);
        check(&[("sec-fetch-site", "none")], false);
    }
}
