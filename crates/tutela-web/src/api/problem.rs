//! Errors as problem documents (RFC 9457), with our code.

use std::error::Error as _;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tracing::error;
use tutela_core::{Class, Coded};
use utoipa::ToSchema;

use crate::WebError;
use crate::auth;

/// Seconds after which whoever was turned away may ask again.
const RETRY_AFTER_S: u64 = 1;

/// Why a request was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemView {
    /// `about:blank`: the code says what it is.
    pub(crate) r#type: &'static str,
    /// The words of the status.
    pub(crate) title: &'static str,
    /// HTTP status.
    pub(crate) status: u16,
    /// Stable code such as `app.no_such`: never renamed, never reused.
    #[schema(example = "app.no_such")]
    pub(crate) code: &'static str,
    /// What is wrong, in plain words.
    pub(crate) detail: String,
}

/// An error on its way to a client.
#[derive(Debug)]
pub(crate) struct Problem(pub(crate) WebError);

impl Problem {
    pub(crate) fn view(&self) -> ProblemView {
        let status = self.status();
        ProblemView {
            r#type: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            code: self.0.code(),
            detail: words(&self.0),
        }
    }

    fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.0.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// Seconds after which whoever was refused may ask again, where that helps.
pub(crate) fn retry_after_s(error: &WebError) -> Option<u64> {
    match error {
        WebError::TooOften { retry_after_s } => Some(*retry_after_s),
        error => (error.class() == Class::Unavailable).then_some(RETRY_AFTER_S),
    }
}

/// What went wrong, with its causes; of defects only that there is one.
fn words(error: &WebError) -> String {
    let mut words = error.to_string();
    if matches!(error.class(), Class::Internal | Class::Integrity | Class::Unavailable) {
        return words;
    }
    let mut source = error.source();
    while let Some(cause) = source {
        words = format!("{words}: {cause}");
        source = cause.source();
    }
    words
}

impl<E: Into<WebError>> From<E> for Problem {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let view = self.view();
        match self.0.class() {
            Class::Internal | Class::Integrity => {
                error!(code = view.code, "A request could not be answered.");
            }
            Class::Invalid
            | Class::NotFound
            | Class::Conflict
            | Class::Denied
            | Class::Unavailable => {}
        }
        let body = serde_json::to_vec(&view).unwrap_or_default();
        let mut response = (self.status(), body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(challenge) = auth::challenge(&self.0) {
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(after_s) = retry_after_s(&self.0) {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(after_s));
        }
        response
    }
}
