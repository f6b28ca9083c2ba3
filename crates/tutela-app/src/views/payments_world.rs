//! What `payments generate` and `payments evaluate` print with `--json`.

use serde::Serialize;
use tutela_flow::quality::Quality;

/// A world that was written.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PaymentsGenerateView {
    /// `tutela.payments_generate.v1`.
    pub schema: &'static str,
    /// What all chance came from.
    pub seed: u64,
    /// `in`, `shift`, `frag` or `hard`.
    pub variant: &'static str,
    /// Transfers written.
    pub transfers: u64,
    /// Accounts that pay.
    pub payers: u64,
    /// Accounts that are paid.
    pub payees: u64,
    /// Payers that the truth marks.
    pub buyers: u64,
    /// Payees that the truth marks.
    pub facilitator_accounts: u64,
    /// The files, in the order they were written.
    pub files: Vec<String>,
    /// Wall time.
    pub elapsed_ms: u64,
}

/// How well scores put on top what the truth marks.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PaymentsEvaluateView {
    /// `tutela.payments_evaluate.v1`.
    pub schema: &'static str,
    /// Draws behind each interval.
    pub rounds: u32,
    /// Payers first; a side without a marked account is left out.
    pub sides: Vec<SideQualityView>,
    /// Rows that could not be used.
    pub rejected: Vec<RejectedRowView>,
}

/// One side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SideQualityView {
    /// `payer` or `payee`.
    pub side: &'static str,
    /// The figures.
    #[serde(flatten)]
    pub quality: Quality,
    /// Accounts of the truth without a score; they rank last.
    pub without_score: u64,
    /// Scored accounts that the truth does not name; they count as not marked.
    pub without_label: u64,
}

/// A row that could not be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RejectedRowView {
    /// The file's name as it was given.
    pub file: String,
    /// From 1; 0 for the file as a whole.
    pub row: u64,
    /// Which column.
    pub field: Option<String>,
    /// What is wrong.
    pub message: String,
}
