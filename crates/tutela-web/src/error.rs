//! What can go wrong while a page is made.

use tutela_core::{Class, Coded};

/// Why a page could not be made.
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
}

impl Coded for WebError {
    fn code(&self) -> &'static str {
        match self {
            Self::Template(_) => "web.template",
            Self::Data(_) => "web.data",
            Self::UnknownOutcome { .. } => "web.unknown_outcome",
        }
    }

    fn class(&self) -> Class {
        match self {
            Self::Template(_) | Self::Data(_) => Class::Internal,
            Self::UnknownOutcome { .. } => Class::Integrity,
        }
    }
}
