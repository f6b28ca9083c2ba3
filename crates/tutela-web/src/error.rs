//! What can go wrong while a request is answered or a page is made.

use tutela_app::AppError;
use tutela_core::{Class, Coded, Scope};

/// Why a request or page could not be answered or made.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// A template refused its data.
    #[error("the page could not be rendered")]
    Template(#[from] askama::Error),
    /// The data of the table could not be written as JSON.
    #[error("the data of the page could not be written")]
    Data(#[from] serde_json::Error),
    /// An item carries an outcome that is none of the five.
    #[error("item {index} has an outcome that is none of the five")]
    UnknownOutcome {
        /// The item.
        index: u64,
    },
    /// A request without a token where one is needed.
    #[error("this needs a token, sent as `Authorization: Bearer tut_…`")]
    NoToken,
    /// A token that nobody has, that expired, or that was revoked.
    #[error("the token does not hold")]
    BadToken,
    /// A token that does not allow this.
    #[error("the token lacks the scope `{}`", scope.as_str())]
    NoScope {
        /// The scope that would do.
        scope: Scope,
    },
    /// A path or query that cannot be used.
    #[error("the address of the request cannot be used: {why}")]
    BadAddress {
        /// What is wrong with it.
        why: String,
    },
    /// A body that cannot be used.
    #[error("the body of the request cannot be used: {why}")]
    BadBody {
        /// What is wrong with it.
        why: String,
    },
    /// A body of a media type that is not read here.
    #[error("send {expected}")]
    MediaType {
        /// What is.
        expected: &'static str,
    },
    /// A body that is larger than allowed.
    #[error("the body of the request is larger than allowed")]
    TooLarge,
    /// A key that is none.
    #[error("`Idempotency-Key` must have 1 to 255 visible characters")]
    BadKey,
    /// A key that came with another request before.
    #[error("this `Idempotency-Key` came with another request; take a new one")]
    KeyTaken,
    /// A request that was begun under this key, and has no answer.
    #[error(
        "a request with this `Idempotency-Key` was begun and has no answer yet; where it stays so, look what became of it"
    )]
    KeyBegun,
    /// Nothing is served at this path.
    #[error("nothing is served at this path")]
    NoRoute,
    /// Something else is served at this path.
    #[error("this path does not take this method")]
    NoMethod,
    /// More is asked than is taken on at a time.
    #[error("too many requests at once; ask again later")]
    TooBusy,
    /// One client asks more than it may in a time.
    #[error("this client asks too often; ask again in {retry_after_s} s")]
    TooOften {
        /// Seconds after which it may ask again.
        retry_after_s: u64,
    },
    /// A request that did not arrive, or was not answered, in its time.
    #[error("the request took too long to arrive or to answer")]
    TooSlow,
    /// A handler broke down.
    #[error("the request met a defect of the program")]
    Defect,
    /// The service below.
    #[error(transparent)]
    App(#[from] AppError),
}

impl WebError {
    /// HTTP status of the answer: that of the class, or the one that HTTP has for the occasion.
    pub fn http_status(&self) -> u16 {
        match self {
            Self::NoToken | Self::BadToken => 401,
            Self::MediaType { .. } => 415,
            Self::TooLarge => 413,
            Self::NoMethod => 405,
            Self::TooSlow => 408,
            Self::TooOften { .. } => 429,
            _ => self.class().http_status(),
        }
    }
}

impl Coded for WebError {
    fn code(&self) -> &'static str {
        match self {
            Self::Template(_) => "web.template",
            Self::Data(_) => "web.data",
            Self::UnknownOutcome { .. } => "web.unknown_outcome",
            Self::NoToken => "web.no_token",
            Self::BadToken => "web.bad_token",
            Self::NoScope { .. } => "web.no_scope",
            Self::BadAddress { .. } => "web.bad_address",
            Self::BadBody { .. } => "web.bad_body",
            Self::MediaType { .. } => "web.media_type",
            Self::TooLarge => "web.too_large",
            Self::BadKey => "web.bad_key",
            Self::KeyTaken => "web.key_taken",
            Self::KeyBegun => "web.key_begun",
            Self::NoRoute => "web.no_route",
            Self::NoMethod => "web.no_method",
            Self::TooBusy => "web.too_busy",
            Self::TooOften { .. } => "web.too_often",
            Self::TooSlow => "web.too_slow",
            Self::Defect => "web.defect",
            Self::App(error) => error.code(),
        }
    }

    fn class(&self) -> Class {
        match self {
            Self::Template(_) | Self::Data(_) | Self::Defect => Class::Internal,
            Self::UnknownOutcome { .. } => Class::Integrity,
            Self::NoToken | Self::BadToken | Self::NoScope { .. } => Class::Denied,
            Self::BadAddress { .. }
            | Self::BadBody { .. }
            | Self::MediaType { .. }
            | Self::TooLarge
            | Self::TooSlow
            | Self::BadKey
            | Self::KeyTaken
            | Self::NoMethod => Class::Invalid,
            Self::TooBusy | Self::TooOften { .. } => Class::Unavailable,
            Self::KeyBegun => Class::Conflict,
            Self::NoRoute => Class::NotFound,
            Self::App(error) => error.class(),
        }
    }
}
