//! What `payments generate` and `payments evaluate` print with `--json`.

use serde::Serialize;
use tutela_flow::quality::{Corridor, Quality};
use tutela_flow::transfers::Country;

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
    /// Alerts a side that corridors are counted for.
    pub top: usize,
    /// Alerts by corridor, those with most transfers first; none without `--corridors`.
    pub corridors: Vec<CorridorView>,
    /// Precision over recall, and found over expected; drawings, which stand in the page.
    #[serde(skip)]
    pub pictures: Vec<String>,
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

/// Alerts in one corridor. An account counts in every corridor that it has a transfer in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CorridorView {
    /// Country of the payers; empty where records do not say.
    pub from: String,
    /// Country of the payees.
    pub to: String,
    /// Transfers.
    pub transfers: u64,
    /// Accounts that pay through it.
    pub payers: u64,
    /// Those of them with an alert.
    pub payer_alerts: u64,
    /// Payers with an alert whom the truth marks; none without a truth.
    pub payers_right: Option<u64>,
    /// Accounts that are paid through it.
    pub payees: u64,
    /// Those of them with an alert.
    pub payee_alerts: u64,
    /// Payees with an alert whom the truth marks; none without a truth.
    pub payees_right: Option<u64>,
}

impl CorridorView {
    /// As it was counted; `truth`: marks were given.
    pub fn of(corridor: &Corridor, truth: bool) -> Self {
        let country = |of: Option<Country>| of.map(|of| of.as_str().to_owned()).unwrap_or_default();
        let [payers, payees] = corridor.accounts;
        let [payer_alerts, payee_alerts] = corridor.alerts;
        let [payers_right, payees_right] = corridor.right.map(|right| truth.then_some(right));
        Self {
            from: country(corridor.from),
            to: country(corridor.to),
            transfers: corridor.transfers,
            payers,
            payer_alerts,
            payers_right,
            payees,
            payee_alerts,
            payees_right,
        }
    }
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
