//! What a page answers that cannot be shown: a status, and the words that the frame puts around it.

use std::borrow::Cow;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use tracing::error;
use tutela_app::AppError;
use tutela_core::{Class, Coded};

use super::frame::encoded;
use crate::WebError;
use crate::words::ConsoleWords;

/// Why a page is not shown.
#[derive(Debug)]
pub(super) enum Fault {
    /// Nobody is signed in; where they wanted to go.
    SignIn { next: String },
    /// There is nothing at this address.
    NotFound,
    /// A form without its token, or from another site.
    Denied,
    /// The request could not be read.
    Rejected(StatusCode),
    /// No randomness.
    NoChance,
    /// A service refused.
    App(AppError),
    /// A template failed.
    Page(WebError),
}

/// What the frame is to say of a refused request.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub(super) code: &'static str,
}

impl Fault {
    fn refusal(&self) -> (StatusCode, &'static str) {
        match self {
            Self::SignIn { .. } => (StatusCode::SEE_OTHER, "web.sign_in"),
            Self::NotFound => (StatusCode::NOT_FOUND, "web.no_page"),
            Self::Denied => (StatusCode::FORBIDDEN, "web.form"),
            Self::Rejected(status) => (*status, "web.request"),
            Self::NoChance => (StatusCode::INTERNAL_SERVER_ERROR, "web.system"),
            Self::App(error) => (status(error.class()), error.code()),
            Self::Page(error) => (status(error.class()), error.code()),
        }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        if let Self::SignIn { next } = &self {
            return Redirect::to(&format!("/console/sign-in?next={}", encoded(next)))
                .into_response();
        }
        let (status, code) = self.refusal();
        if status.is_server_error() {
            error!(code, "A page of the console could not be shown.");
        }
        (status, axum::Extension(Refusal { code })).into_response()
    }
}

impl From<AppError> for Fault {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl From<WebError> for Fault {
    fn from(error: WebError) -> Self {
        Self::Page(error)
    }
}

impl From<askama::Error> for Fault {
    fn from(error: askama::Error) -> Self {
        Self::Page(error.into())
    }
}

fn status(class: Class) -> StatusCode {
    match class {
        Class::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Class::NotFound => StatusCode::NOT_FOUND,
        Class::Conflict => StatusCode::CONFLICT,
        Class::Denied => StatusCode::FORBIDDEN,
        Class::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Class::Integrity | Class::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// What is wrong with a form, above its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    /// The words.
    pub(super) text: Cow<'static, str>,
    /// Whether they are English on a page that may not be.
    pub(super) foreign: bool,
}

impl Problem {
    pub(super) fn of(text: &'static str) -> Self {
        Self { text: text.into(), foreign: false }
    }

    /// What a person at the desk can mend, or has to leave to another person.
    pub(super) fn from_desk(error: AppError, words: &ConsoleWords) -> Result<Self, Fault> {
        let text = match &error {
            AppError::BadField { field: "text" | "note" | "purpose", .. } => words.say_in_words,
            AppError::NoSuch { kind: "reason for a dismissal", .. } => words.no_dismissal_reason,
            other => match other.code() {
                "store.four_eyes" => words.four_eyes,
                "store.alert_state" => words.alert_moved_on,
                _ => return Self::from_error(error, words),
            },
        };
        Ok(Self::of(text))
    }

    /// What whoever filled in a form can mend; everything else is a fault.
    pub(super) fn from_error(error: AppError, words: &ConsoleWords) -> Result<Self, Fault> {
        let text = match &error {
            AppError::BadBankName => words.bad_bank_name,
            AppError::BankExists { .. } => words.bank_exists,
            AppError::BadSignal { .. } => words.bad_signal,
            AppError::NoReason => words.no_reason,
            AppError::Busy { .. } => words.busy,
            AppError::BadField { field: "note", .. } => words.bad_note,
            AppError::BadField { field: "distance", .. } => words.bad_distance,
            AppError::NoSuch { kind: "signal type", .. } => words.no_kind,
            other => match other.class() {
                Class::Invalid | Class::Conflict => {
                    return Ok(Self { text: other.to_string().into(), foreign: true });
                }
                _ => return Err(Fault::App(error)),
            },
        };
        Ok(Self::of(text))
    }
}
