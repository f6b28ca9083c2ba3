//! Outbound: what leaves the workspace as a document.

pub mod ledger_export;
pub mod scan_report;
mod grouping;
