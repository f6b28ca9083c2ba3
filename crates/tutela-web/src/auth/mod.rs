//! Who asks: tokens of programs, and what they allow.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use tutela_app::service::tokens::Bearer;
use tutela_core::Scope;

use crate::WebError;
use crate::api::Problem;
use crate::router::Web;

/// Whoever shows a token that holds.
pub(crate) type Caller = Bearer;

/// The holder of the token in the headers.
///
/// # Errors
/// There is none, it does not hold, the store does not answer.
pub(crate) async fn caller(web: &Web, headers: &HeaderMap) -> Result<Caller, WebError> {
    let secret = secret(headers)?;
    web.service.bearer(secret).await?.ok_or(WebError::BadToken)
}

/// Refuses a caller whose token has none of these scopes.
///
/// # Errors
/// It has none of them.
pub(crate) fn allow(caller: &Caller, any_of: &[Scope]) -> Result<(), WebError> {
    if any_of.iter().any(|scope| caller.scopes.contains(*scope)) {
        return Ok(());
    }
    // Lists of scopes are constants with at least one member.
    let scope = any_of.first().copied().unwrap_or(Scope::Admin);
    Err(WebError::NoScope { scope })
}

/// What the answer says of tokens, where an error is about one. Source: RFC 6750, section 3.
pub(crate) fn challenge(error: &WebError) -> Option<HeaderValue> {
    let challenge = match error {
        WebError::NoToken => r#"Bearer realm="tutela""#.to_owned(),
        WebError::BadToken => r#"Bearer realm="tutela", error="invalid_token""#.to_owned(),
        WebError::NoScope { scope } => {
            let scope = scope.as_str();
            format!(r#"Bearer realm="tutela", error="insufficient_scope", scope="{scope}""#)
        }
        _ => return None,
    };
    HeaderValue::from_str(&challenge).ok()
}

/// What a handler needs its caller to be allowed: one of these scopes.
pub(crate) trait Needs {
    /// Any of them does.
    const ANY_OF: &'static [Scope];
}

macro_rules! needs {
    ($($(#[$doc:meta])* $name:ident: $($scope:ident),+;)*) => {
        $($(#[$doc])*
        pub(crate) enum $name {}
        impl Needs for $name {
            const ANY_OF: &'static [Scope] = &[$(Scope::$scope),+];
        })*
    };
}

needs! {
    /// To have signals made.
    Hashing: Hash;
    /// To look up.
    Matching: Match;
    /// To read what was found and what there is to find.
    Reading: Match, Curate;
    /// To change banks and decide about matches.
    Curating: Curate;
    /// To read alerts and act on them.
    Reviewing: Review;
    /// To hand transfers in.
    Flowing: Flow;
    /// To change what the service does.
    Running: Admin;
}

/// A caller that is allowed this. As the first argument of a handler it is checked before a body is read.
pub(crate) struct May<N> {
    /// The caller.
    pub(crate) caller: Caller,
    needed: PhantomData<fn() -> N>,
}

impl<N: Needs> FromRequestParts<Web> for May<N> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Problem> {
        let caller = caller(web, &parts.headers).await?;
        allow(&caller, N::ANY_OF)?;
        Ok(Self { caller, needed: PhantomData })
    }
}

/// The secret in the headers. The scheme's letter case does not count.
fn secret(headers: &HeaderMap) -> Result<&str, WebError> {
    let value = headers.get(header::AUTHORIZATION).ok_or(WebError::NoToken)?;
    let value = value.to_str().map_err(|_| WebError::BadToken)?;
    let (scheme, secret) = value.split_once(' ').ok_or(WebError::BadToken)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(WebError::NoToken);
    }
    Ok(secret.trim())
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};
    use tutela_core::Coded;

    use super::{challenge, secret};

    fn check(value: Option<&str>, expected: Result<&str, &str>) {
        let mut headers = HeaderMap::new();
        if let Some(value) = value {
            headers.insert(header::AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        }
        match (secret(&headers), expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected),
            (Err(error), Err(expected)) => {
                assert_eq!(error.code(), expected);
                assert_eq!(error.http_status(), 401);
                assert!(challenge(&error).is_some());
            }
            (found, expected) => panic!("{value:?}: {found:?} instead of {expected:?}"),
        }
    }

    #[test]
    fn only_bearers_are_heard() {
        check(Some("Bearer tut_x"), Ok("tut_x"));
        check(Some("bearer  tut_x "), Ok("tut_x"));
        check(None, Err("web.no_token"));
        check(Some("Basic dXNlcjpwYXNz"), Err("web.no_token"));
        check(Some("tut_x"), Err("web.bad_token"));
        check(Some(""), Err("web.bad_token"));
    }
}
