//! Turns bytes into records, and records into official bytes.
#![forbid(unsafe_code)]

pub mod answers;
mod error;
pub mod exchanges;
pub mod judged;
pub mod lists;
pub mod nsrl;
pub mod payments;

pub use error::FormatError;
