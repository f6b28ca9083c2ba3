//! Why a picture could not be decoded, in codes that stay and words without content.

use std::error::Error;
use std::io;

use image::ImageError;
use image::error::LimitErrorKind;
use tutela_core::{Class, Coded};

/// Why a picture could not be decoded. Nothing of the file stands in the message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The content is something else.
    #[error("files of type {mime} are not decoded")]
    NotAPicture {
        /// Media type by content.
        mime: &'static str,
    },
    /// A picture format, in a variety that is not decoded.
    #[error("this variety of the picture format is not decoded")]
    Unsupported,
    /// The file ends before the picture does.
    #[error("the file ends before the picture does")]
    Truncated,
    /// The file breaks its format.
    #[error("the file breaks its picture format")]
    Malformed,
    /// The header announces no pixels.
    #[error("the picture has no pixels")]
    NoPixels,
    /// The header announces more pixels than are decoded.
    #[error("{width} × {height} pixels are more than the {max} that are decoded")]
    TooManyPixels {
        /// Width by the header.
        width: u32,
        /// Height by the header.
        height: u32,
        /// The limit.
        max: u64,
    },
    /// The file is larger than what is decoded.
    #[error("the file is larger than the {max} bytes that are decoded")]
    FileTooLarge {
        /// The limit.
        max: u64,
    },
    /// The decoder would need more memory than it may take.
    #[error("decoding needs more memory than a decoder may take")]
    OutOfMemory,
}

impl DecodeError {
    /// Every code there is, for documents.
    pub const CODES: [&str; 8] = [
        "decode.not_a_picture",
        "decode.unsupported",
        "decode.truncated",
        "decode.malformed",
        "decode.no_pixels",
        "decode.too_many_pixels",
        "decode.file_too_large",
        "decode.out_of_memory",
    ];
}

impl Coded for DecodeError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAPicture { .. } => "decode.not_a_picture",
            Self::Unsupported => "decode.unsupported",
            Self::Truncated => "decode.truncated",
            Self::Malformed => "decode.malformed",
            Self::NoPixels => "decode.no_pixels",
            Self::TooManyPixels { .. } => "decode.too_many_pixels",
            Self::FileTooLarge { .. } => "decode.file_too_large",
            Self::OutOfMemory => "decode.out_of_memory",
        }
    }

    fn class(&self) -> Class {
        Class::Invalid
    }
}

impl From<ImageError> for DecodeError {
    fn from(error: ImageError) -> Self {
        match &error {
            ImageError::Unsupported(_) => Self::Unsupported,
            ImageError::Limits(limit) => match limit.kind() {
                LimitErrorKind::InsufficientMemory => Self::OutOfMemory,
                _ => Self::Unsupported,
            },
            // This one steps over itself when asked for its source.
            ImageError::IoError(io) if io.kind() == io::ErrorKind::UnexpectedEof => Self::Truncated,
            error if ends_early(error) => Self::Truncated,
            _ => Self::Malformed,
        }
    }
}

/// Whether the end of the file is what the decoder ran into, however deep it says so.
pub(super) fn ends_early(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        let io = error.downcast_ref::<io::Error>();
        if io.is_some_and(|error| error.kind() == io::ErrorKind::UnexpectedEof) {
            return true;
        }
        cause = error.source();
    }
    false
}
