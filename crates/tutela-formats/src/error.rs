//! Why bytes as a whole could not be read or written. What is wrong with one row is a `RowError`.

use std::io;

use tutela_core::{Class, Coded};

/// A file could not be read or written at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// The source of the bytes failed: a disk, a network, a decompressor.
    #[error("the {format} list could not be read from its source")]
    Read {
        /// Id of the format.
        format: &'static str,
        /// What the source said.
        #[source]
        source: io::Error,
    },
    /// The source of a file of transfers failed.
    #[error("the {format} file of transfers could not be read from its source")]
    ReadTransfers {
        /// Id of the format.
        format: &'static str,
        /// What the source said.
        #[source]
        source: io::Error,
    },
    /// A file lacks what every file of transfers in this format has.
    #[error("not {format} with transfers: without {missing}")]
    NoTransfers {
        /// Id of the format.
        format: &'static str,
        /// What was looked for and not found, such as the names of columns.
        missing: String,
    },
    /// The receiver of the bytes failed.
    #[error("the {format} list could not be written")]
    Write {
        /// Id of the format.
        format: &'static str,
        /// What the receiver said.
        #[source]
        source: io::Error,
    },
    /// The receiver of media failed.
    #[error("the {format} export could not be written")]
    WriteMedia {
        /// Id of the format.
        format: &'static str,
        /// What the receiver said.
        #[source]
        source: io::Error,
    },
    /// A service's answer is not what it must be; nothing of it is taken.
    #[error("the answer of {sender} cannot be read: {reason}")]
    Answer {
        /// Id of the interface.
        sender: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The bytes lack what every file of this format has.
    #[error("not a {format} list: {missing}")]
    Foreign {
        /// Id of the format.
        format: &'static str,
        /// What was looked for and not found.
        missing: &'static str,
    },
}

impl Coded for FormatError {
    fn code(&self) -> &'static str {
        match self {
            Self::Read { .. } => "formats.list.read",
            Self::ReadTransfers { .. } => "formats.payments.read",
            Self::NoTransfers { .. } => "formats.payments.foreign",
            Self::Write { .. } => "formats.list.write",
            Self::WriteMedia { .. } => "formats.exchange.write",
            Self::Answer { .. } => "formats.answer",
            Self::Foreign { .. } => "formats.list.foreign",
        }
    }

    fn class(&self) -> Class {
        match self {
            Self::Read { .. }
            | Self::ReadTransfers { .. }
            | Self::Write { .. }
            | Self::WriteMedia { .. }
            | Self::Answer { .. } => Class::Unavailable,
            Self::Foreign { .. } | Self::NoTransfers { .. } => Class::Invalid,
        }
    }
}
