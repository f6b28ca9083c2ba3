//! Outbound: what leaves the workspace as a document.

mod grouping;
pub mod ledger_export;
pub mod scan_report;
