//! What `payments backtest` prints with `--json`.

use serde::Serialize;

/// A threshold replayed on history.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PaymentsBacktestView {
    /// `tutela.payments_backtest.v1`.
    pub schema: &'static str,
    /// The score from which an account would be alerted.
    pub threshold: f32,
    /// Days between screenings.
    pub every_days: u32,
    /// Days from the first transfer to the last.
    pub days: f64,
    /// Accounts that reach the threshold at any step.
    pub alerts: u64,
    /// Of them a day.
    pub alerts_a_day: f64,
    /// Step by step.
    pub steps: Vec<BacktestStepView>,
    /// Of the alerts that people confirmed.
    pub confirmed: BacktestDecisionsView,
    /// Of those that they dismissed.
    pub dismissed: BacktestDecisionsView,
}

/// One screening of what was there at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BacktestStepView {
    /// The moment.
    pub until: String,
    /// Transfers before it.
    pub transfers: u64,
    /// Payees that reach the threshold for the first time.
    pub payees: u64,
    /// Payers.
    pub payers: u64,
}

/// What would have become of alerts about which people decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct BacktestDecisionsView {
    /// They would have been raised.
    pub raised: u64,
    /// They would not.
    pub not_raised: u64,
}
