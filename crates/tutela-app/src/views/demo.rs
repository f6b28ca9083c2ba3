//! What `demo --json` prints.

use serde::Serialize;

use super::ScanReport;

/// What the demo planted and what was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DemoView {
    /// `tutela.demo.v1`.
    pub schema: &'static str,
    /// The throw-away folder.
    pub dir: String,
    /// The report's page.
    pub report: String,
    /// Whether every planted file got the outcome it must get.
    pub all_as_expected: bool,
    /// By kind of planted file.
    pub rows: Vec<DemoRowView>,
    /// The scan's summary.
    pub summary: ScanReport,
}

impl DemoView {
    /// The name of this shape.
    pub const SCHEMA: &'static str = "tutela.demo.v1";
}

/// One kind of planted file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DemoRowView {
    /// In plain words.
    pub what: String,
    /// How many.
    pub planted: u64,
    /// The outcome they must get.
    pub expected: String,
    /// How many got it.
    pub as_expected: u64,
}
