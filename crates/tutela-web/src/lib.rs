//! Serves the API and the console over the services, and renders the scan report.
#![forbid(unsafe_code)]

mod api;
mod auth;
mod coin;
pub mod console;
mod error;
mod hma;
pub mod networks;
mod operation;
pub mod payments;
pub mod report;
mod router;
mod show;
mod words;

pub use api::openapi_json;
pub use error::WebError;
pub use router::{Web, serve};
pub use words::Lang;
