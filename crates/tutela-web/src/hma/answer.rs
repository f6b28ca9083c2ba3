//! What is answered where there is no result: the bodies and statuses that HMA's clients know.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Value, json};
use tracing::error;
use tutela_app::AppError;
use tutela_core::{Class, Coded};

/// Seconds after which whoever was turned away may ask again.
const RETRY_AFTER_S: &str = "1";
/// What the schema errors of HMA point to.
const SCHEMA_ERRORS: &str = "https://errors.pydantic.dev/2.14/v/";

/// What is said of a bank name that has another form.
pub(super) const BANK_NAMES: &str = "Bank names must be UPPER_WITH_UNDERSCORE";

/// Why there is no result.
#[derive(Debug)]
pub(super) enum Refusal {
    /// A status with a message.
    Message(StatusCode, String),
    /// Fields that are not what the schema wants.
    Schema(Vec<Fault>),
}

/// One field that is not what the schema wants.
#[derive(Debug)]
pub(super) struct Fault {
    /// Kind of the fault, such as `missing`.
    pub(super) kind: &'static str,
    /// The field; `None` for the whole body.
    pub(super) field: Option<&'static str>,
    /// In words.
    pub(super) message: String,
    /// What was given.
    pub(super) input: Value,
}

impl Refusal {
    /// 400: what was asked cannot be answered.
    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::Message(StatusCode::BAD_REQUEST, message.into())
    }

    /// 403.
    pub(super) fn forbidden(message: impl Into<String>) -> Self {
        Self::Message(StatusCode::FORBIDDEN, message.into())
    }

    /// 404.
    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::Message(StatusCode::NOT_FOUND, message.into())
    }

    /// 503: it will be possible in a moment.
    pub(super) fn later(message: impl Into<String>) -> Self {
        Self::Message(StatusCode::SERVICE_UNAVAILABLE, message.into())
    }

    /// The bank of this name is not there.
    pub(super) fn no_bank(name: &str) -> Self {
        Self::not_found(format!("bank '{name}' not found"))
    }

    /// One field of the schema.
    pub(super) fn fault(
        kind: &'static str,
        field: &'static str,
        message: impl Into<String>,
        input: Value,
    ) -> Self {
        Self::Schema(vec![Fault { kind, field: Some(field), message: message.into(), input }])
    }
}

impl From<AppError> for Refusal {
    fn from(error: AppError) -> Self {
        let message = error.to_string();
        match error.class() {
            Class::Invalid => Self::bad(message),
            Class::NotFound => Self::not_found(message),
            Class::Conflict | Class::Denied => Self::forbidden(message),
            Class::Unavailable => Self::later(message),
            Class::Integrity | Class::Internal => {
                error!(code = error.code(), "A request could not be answered.");
                Self::Message(StatusCode::INTERNAL_SERVER_ERROR, message)
            }
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Message(status, message) => {
                let body = (status, Json(json!({"message": message})));
                if status == StatusCode::SERVICE_UNAVAILABLE {
                    ([(header::RETRY_AFTER, RETRY_AFTER_S)], body).into_response()
                } else {
                    body.into_response()
                }
            }
            Self::Schema(faults) => {
                let faults: Vec<Value> = faults.into_iter().map(Fault::json).collect();
                (StatusCode::UNPROCESSABLE_ENTITY, Json(faults)).into_response()
            }
        }
    }
}

impl Fault {
    fn json(self) -> Value {
        json!({
            "type": self.kind, "loc": self.field.into_iter().collect::<Vec<_>>(), "msg": self.message,
            "input": self.input, "url": format!("{SCHEMA_ERRORS}{}", self.kind),
        })
    }
}

/// The page of a path that nobody serves.
pub(crate) async fn unknown_path() -> (StatusCode, Html<String>) {
    let why = "The requested URL was not found on the server.";
    (StatusCode::NOT_FOUND, page("404 Not Found", "Not Found", why))
}

/// The page of a path that is served by other methods.
pub(crate) async fn unknown_method() -> (StatusCode, Html<String>) {
    let why = "The method is not allowed for the requested URL.";
    (StatusCode::METHOD_NOT_ALLOWED, page("405 Method Not Allowed", "Method Not Allowed", why))
}

fn page(title: &str, heading: &str, why: &str) -> Html<String> {
    Html(format!(
        "<!doctype html>\n<html lang=en>\n<title>{title}</title>\n<h1>{heading}</h1>\n<p>{why}</p>\n"
    ))
}
