//! Turns bytes into records, and records into official bytes.
#![forbid(unsafe_code)]

mod error;
pub mod exchanges;
pub mod lists;
pub mod nsrl;

pub use error::FormatError;
