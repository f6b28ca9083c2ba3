//! What a registered exchange format says of itself.

use std::io::Write;

use super::{Head, Media};
use crate::FormatError;

/// Writes media, and returns what could not be carried.
pub type WriteFn =
    fn(&mut dyn Write, &Head, &mut dyn Iterator<Item = Media>) -> Result<Exchanged, FormatError>;

/// An exchange format: its name, its documentation and its writer.
#[derive(Debug)]
pub struct ExchangeFormat {
    /// Stable id, as on the command line.
    pub id: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What it is, its shape and its units.
    pub doc: &'static str,
    /// Where the format is published, or how it is known.
    pub source: &'static str,
    /// The one scheme whose categories a file of it can state; `None` where it states any.
    pub category_scheme: fn(Profile) -> Option<&'static str>,
    /// The writer.
    pub write: WriteFn,
}

/// Whose meaning the category numbers of VICS have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// No country's.
    #[default]
    Default,
    /// The United States'.
    Us,
    /// The United Kingdom's.
    Uk,
    /// Agreed between sender and receiver.
    Custom,
}

impl Profile {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Default, Self::Us, Self::Uk, Self::Custom];

    /// As the context of a file names it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Default => "Default",
            Self::Us => "US",
            Self::Uk => "UK",
            Self::Custom => "CUSTOM",
        }
    }

    /// The scheme of its categories.
    pub const fn scheme(self) -> &'static str {
        match self {
            Self::Default => "projectvic:default",
            Self::Us => "projectvic:us",
            Self::Uk => "projectvic:uk",
            Self::Custom => "projectvic:custom",
        }
    }
}

/// What a writer wrote, and what it could not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Exchanged {
    /// Pieces of content written.
    pub media: u64,
    /// Files that hold them.
    pub files: u64,
    /// Categories left out because they are of another scheme than the file's, or no number where it
    /// needs one.
    pub categories_left_out: u64,
}
