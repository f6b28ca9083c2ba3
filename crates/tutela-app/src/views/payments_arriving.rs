//! What `POST /v1/transfers` answers.

use serde::Serialize;
use utoipa::ToSchema;

/// Transfers that were handed in, and how their ends rank with them. A score orders accounts for a person to look at; it is
/// never proof.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = TransfersTaken)]
pub struct TransfersTakenView {
    /// Those that were stored, in the order in which they came.
    pub transfers: Vec<TransferTakenView>,
    /// Those that were not, each with its reason.
    pub rejected: Vec<TransferRejectedView>,
    /// Transfers in the history, these included.
    pub history: u64,
    /// Of them, those that arrived since all accounts were last scored.
    pub arrived_since: u64,
}

/// A transfer that was stored.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = TransferTaken)]
pub struct TransferTakenView {
    /// Its place in the request, from 1.
    pub row: u64,
    /// Its id.
    pub transfer_id: String,
    /// Who sent it.
    pub payer: TransferEndView,
    /// Who received it.
    pub payee: TransferEndView,
}

/// A transfer that was not stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TransferRejected)]
pub struct TransferRejectedView {
    /// Its place in the request, from 1; 0: all of it.
    pub row: u64,
    /// The field to blame, where one is.
    #[schema(required)]
    pub field: Option<String>,
    /// What is wrong, without the value.
    pub message: String,
}

/// One end of a transfer.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = TransferEnd)]
pub struct TransferEndView {
    /// The account.
    pub account: String,
    /// Logarithm of odds; `null` where its amounts cannot be compared.
    #[schema(required)]
    pub score: Option<f64>,
    /// Its transfers on this side.
    pub transfers: u32,
    /// Whether the score is at or above the alert line, where so many accounts a side ask for a look.
    pub alert: bool,
    /// The alert line; `null` before there is a history.
    #[schema(required)]
    pub alert_line: Option<f64>,
    /// Whether it has so many ties that its score is that of the last time when all were scored.
    pub as_last_scored: bool,
    /// Parts that sum to the score, the largest first.
    pub indicators: Vec<TransferIndicatorView>,
}

/// One part of a score.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = TransferIndicator)]
pub struct TransferIndicatorView {
    /// Id of an indicator, `ranked_counterparty`, `other_measures` or `base`.
    pub id: String,
    /// What it adds to the score; below zero it speaks against.
    pub weight: f64,
    /// What was seen, in sentences without names or accounts, the weightiest first.
    pub why: Vec<String>,
}
