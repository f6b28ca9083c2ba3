//! Serves the API and the console over the services, and renders the scan report.
#![forbid(unsafe_code)]

mod error;
pub mod report;
mod words;

pub use error::WebError;
pub use words::Lang;
