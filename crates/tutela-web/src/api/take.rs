//! What handlers take out of a request: paths, queries and JSON, each with a problem where it will not do.

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Json, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use super::Problem;
use crate::WebError;
use crate::router::Web;

/// Things on a page where nothing is said.
const DEFAULT_LIMIT: u32 = 100;
/// Things on a page at most: their answer stays below a few megabytes.
pub(super) const MAX_LIMIT: u32 = 1_000;

/// A JSON body. Fields that nobody knows are errors.
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Web> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Problem> {
        match Json::<T>::from_request(request, web).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(rejection) => Err(refused(&rejection).into()),
        }
    }
}

/// The query of the address.
pub(super) struct Params<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequestParts<Web> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Problem> {
        let taken: Result<Query<T>, QueryRejection> = Query::from_request_parts(parts, web).await;
        match taken {
            Ok(Query(params)) => Ok(Self(params)),
            Err(error) => Err(WebError::BadAddress { why: cause(&error) }.into()),
        }
    }
}

/// The parts of the path. One that cannot be what it must be names nothing that is there.
pub(super) struct Named<T>(pub(super) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Web> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Problem> {
        let taken: Result<Path<T>, PathRejection> = Path::from_request_parts(parts, web).await;
        match taken {
            Ok(Path(named)) => Ok(Self(named)),
            Err(_) => Err(WebError::NoRoute.into()),
        }
    }
}

/// Where a page begins, and how long it is.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PageParams {
    /// `next_cursor` of the page before.
    pub(super) cursor: Option<String>,
    /// Things on a page; 100 where nothing is said.
    #[param(minimum = 1, maximum = 1000)]
    pub(super) limit: Option<u32>,
}

impl PageParams {
    /// Things on the page.
    pub(super) fn limit(&self) -> Result<u32, WebError> {
        limit(self.limit)
    }

    /// The number that the cursor holds.
    pub(super) fn behind(&self) -> Result<Option<u64>, WebError> {
        behind(self.cursor.as_deref())
    }
}

/// The header of a request that is to be done once.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only its description is used: it is read before the handler")]
pub(super) struct KeyParam {
    /// Sent again with the same key and body within a day, the request is answered as it was, and not done again.
    #[param(rename = "Idempotency-Key", max_length = 255)]
    key: Option<String>,
}

/// Things on a page.
pub(super) fn limit(limit: Option<u32>) -> Result<u32, WebError> {
    match limit.unwrap_or(DEFAULT_LIMIT) {
        limit @ 1..=MAX_LIMIT => Ok(limit),
        _ => Err(WebError::BadAddress { why: format!("limit is 1 to {MAX_LIMIT}") }),
    }
}

/// The number that a cursor holds.
pub(super) fn behind(cursor: Option<&str>) -> Result<Option<u64>, WebError> {
    let number = cursor.map(|cursor| {
        // Numbers of the store have 63 bits.
        let number = cursor.parse().ok().filter(|number| i64::try_from(*number).is_ok());
        number.ok_or_else(|| WebError::BadAddress { why: "cursor is none of ours".to_owned() })
    });
    number.transpose()
}

/// A field of a change: left out, `null`, or a value.
#[expect(clippy::option_option, reason = "left out and null are two wishes")]
pub(super) fn field<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

fn refused(rejection: &JsonRejection) -> WebError {
    match rejection {
        JsonRejection::MissingJsonContentType(_) => {
            WebError::MediaType { expected: "a body of type application/json" }
        }
        rejection if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => WebError::TooLarge,
        rejection => WebError::BadBody { why: cause(rejection) },
    }
}

/// The innermost cause: what the parser said, without the words around it.
fn cause(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
