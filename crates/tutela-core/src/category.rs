//! A category as its source gave it.

use std::fmt;

/// A code and the scheme that gives it a meaning. Category 1 of one country is not category 1 of
/// another, so the pair is kept as received and never translated silently.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Category {
    /// Who defines the code, such as `projectvic:us` or `ncmec`. `unstated` where the list does not say.
    pub scheme: String,
    /// The code as received.
    pub code: String,
}

impl Category {
    /// The scheme of a list that does not name one.
    pub const UNSTATED: &'static str = "unstated";
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.scheme, self.code)
    }
}
