//! Outbound: what leaves the workspace as a document.

pub mod earlier;
mod grouping;
pub mod http;
pub mod ledger_export;
pub mod media_export;
pub(crate) mod model_card;
pub mod scan_report;
pub mod screen;
mod unknown;
pub(crate) mod whole;
