//! What `payments train` prints with `--json`, and what the model card says.

use serde::Serialize;
use tutela_flow::quality::{Quality, Reliability};

use super::RejectedRowView;

/// A model that was trained.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PaymentsTrainView {
    /// `tutela.payments_train.v1`.
    pub schema: &'static str,
    /// The files it rests on; labels last.
    pub files: Vec<DigestView>,
    /// Transfers.
    pub transfers: u64,
    /// First and last time of a transfer, RFC 3339.
    pub period: [String; 2],
    /// Rows of transfers that could not be used.
    pub rejected_rows: u64,
    /// Rows of labels that could not be used.
    pub rejected_labels: Vec<RejectedRowView>,
    /// Whether accounts without a label counted by how likely they were.
    pub partial: bool,
    /// Why age and sex of payers were used; nothing where they were not.
    pub legal_basis: Option<String>,
    /// What lots were drawn from.
    pub seed: u64,
    /// Parts that accounts were dealt into.
    pub folds: usize,
    /// The weights it started from, in words.
    pub started_from: String,
    /// Payees, then payers.
    pub sides: Vec<TrainedSideView>,
    /// Trained before a day and judged after it; nothing where the data do not reach.
    pub backtest: Option<BacktestView>,
    /// Precision over recall, and found over expected, both sides in each; drawings, which stand in the card.
    #[serde(skip)]
    pub pictures: Vec<String>,
    /// What a person should know.
    pub notes: Vec<String>,
    /// The files that were written.
    pub written: Vec<String>,
    /// Wall time.
    pub elapsed_ms: u64,
}

/// A file by its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DigestView {
    /// Its name.
    pub file: String,
    /// Its SHA-256.
    pub sha256: String,
}

/// One side of a trained model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrainedSideView {
    /// `payee` or `payer`.
    pub side: &'static str,
    /// Accounts of the labels that are marked 1 and occur.
    pub marked: u64,
    /// Accounts of the labels that are marked 0 and occur.
    pub cleared: u64,
    /// Accounts that occur and have no label.
    pub unlabelled: u64,
    /// Accounts of the labels that do not occur.
    pub absent: u64,
    /// Whether it was trained; otherwise it keeps the weights it started from.
    pub trained: bool,
    /// How accounts rank by models that did not see their labels.
    pub held_out: Quality,
    /// Expected and found, by the same scores.
    pub reliability: Vec<Reliability>,
    /// The strongest first.
    pub strongest: Vec<StrongView>,
    /// Every curve of the last round.
    pub curves: Vec<CurveView>,
    /// Tables of two features, by name.
    pub pairs: Vec<String>,
}

/// A feature that moves scores far apart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StrongView {
    /// The feature, or two joined by ` × `.
    pub feature: String,
    /// Deviation of what it adds, over all accounts: logarithms of odds.
    pub spread: f32,
    /// What it says, as a sentence for the account with the highest score.
    pub example: String,
    /// Kind of the argument: would it hold elsewhere?
    pub holds: &'static str,
    /// The argument.
    pub argument: &'static str,
}

/// One curve.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CurveView {
    /// The feature.
    pub feature: String,
    /// `rises`, `falls` or `free`: where it must go as the feature grows.
    pub way: &'static str,
    /// Rising; a value equal to a cut lies above it.
    pub cuts: Vec<f32>,
    /// One more than cuts: what is added below, between and above them.
    pub adds: Vec<f32>,
    /// Its drawing, which stands in the card.
    #[serde(skip)]
    pub svg: String,
}

/// A backtest by time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BacktestView {
    /// The last moment that the model knew, RFC 3339.
    pub cut: String,
    /// Marked payers that were known then.
    pub known_payers: u64,
    /// Marked payees that were known then.
    pub known_payees: u64,
    /// Whether labels say when they were decided. Otherwise accounts with an earlier transfer count as known, which
    /// flatters.
    pub dated: bool,
    /// Alerts a side that stand open at the cut.
    pub open: usize,
    /// Month by month.
    pub months: Vec<MonthView>,
}

/// One month of a backtest, one side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MonthView {
    /// Its first day.
    pub from: String,
    /// Its last day.
    pub to: String,
    /// `payee` or `payer`.
    pub side: &'static str,
    /// Accounts that moved money in it and were not known before.
    pub accounts: u64,
    /// Those of them that are marked.
    pub marked: u64,
    /// Precision among the first 100.
    pub precision_at_100: f64,
    /// Recall among the first 100.
    pub recall_at_100: f64,
    /// Precision among the first 500.
    pub precision_at_500: f64,
    /// Recall among the first 500.
    pub recall_at_500: f64,
    /// New alerts a day: accounts that passed the bar for the first time.
    pub alerts_a_day: f64,
    /// Share of those alerts that is marked; none where there was no alert.
    pub right: Option<f64>,
}
