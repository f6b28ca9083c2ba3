//! What a scan keeps of one file, and how it enters the store and the ledger.

use tutela_core::{Exhibit, Finding};

/// One examined file with everything claimed about it.
#[derive(Debug, Clone)]
pub(super) struct Record {
    pub(super) exhibit: Exhibit,
    pub(super) findings: Vec<Finding>,
}
