//! What `payments screen` prints with `--json`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::RejectedRowView;

/// Ranked accounts of some files of transfers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PaymentsScreenView {
    /// `tutela.payments_screen.v1`.
    pub schema: &'static str,
    /// Transfers screened.
    pub transfers: u64,
    /// The files, as they were named.
    pub files: Vec<String>,
    /// The first and the last transfer, RFC 3339; none without transfers.
    pub first_at: Option<String>,
    /// The last one.
    pub last_at: Option<String>,
    /// Networks that the alerts are of.
    pub networks: u64,
    /// Accounts that pay.
    pub payers: u64,
    /// Accounts that are paid.
    pub payees: u64,
    /// Rows that gave no transfer.
    pub rejected_rows: u64,
    /// The first of them, each with its reason.
    pub rejected: Vec<RejectedRowView>,
    /// How often each fault was met; some leave the row standing.
    pub faults: BTreeMap<&'static str, u64>,
    /// Transfers that came after a later one; they were put in their place.
    pub out_of_order: u64,
    /// Transfers in a currency without a rate: all but their amounts counted.
    pub without_rate: u64,
    /// The currency that amounts were compared in.
    pub reference_currency: String,
    /// The file of the model that gave the weights; none for those that come with the program.
    pub model: Option<String>,
    /// The legal basis that the model names for looking at what a person is; none where that is not looked at.
    pub legal_basis: Option<String>,
    /// Known accounts that were given, and those of them that occur; none without `--seeds`.
    pub seeds: Option<[u64; 2]>,
    /// What a person should know of the files.
    pub notes: Vec<String>,
    /// Wall time of each part.
    pub elapsed_ms: ScreenTimesView,
    /// Threads used.
    pub threads: usize,
    /// Payees first, then payers, each side by falling score.
    pub alerts: Vec<AlertView>,
}

/// Milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ScreenTimesView {
    /// Reading files into columns.
    pub read: u64,
    /// Ties between accounts.
    pub graph: u64,
    /// Scores and reasons.
    pub score: u64,
}

/// A request to look at an account. Not proof.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AlertView {
    /// From 1 on its side.
    pub rank: u64,
    /// `payer` or `payee`.
    pub side: &'static str,
    /// The account.
    pub account: String,
    /// The sum of all weights below.
    pub score: f64,
    /// What the score is made of, the largest first.
    pub indicators: Vec<IndicatorHitView>,
    /// Who it is tied to.
    pub network: NetworkView,
}

/// Parts of a score that are no indicator. What counterparties look like outweighs all else nearly always, and says little in a queue.
pub(crate) const GENERAL_PARTS: [&str; 3] = ["ranked_counterparty", "other_measures", "base"];

impl AlertView {
    /// The indicator that adds most; where none does, the part that does.
    pub fn strongest(&self) -> Option<&IndicatorHitView> {
        let is_own = |one: &&IndicatorHitView| one.weight > 0.0 && !GENERAL_PARTS.contains(&one.id);
        self.indicators.iter().find(is_own).or_else(|| self.indicators.first())
    }
}

/// One part of a score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IndicatorHitView {
    /// Which.
    pub id: &'static str,
    /// How much was seen, in its own unit.
    pub value: f64,
    /// What it adds to the score.
    pub weight: f64,
    /// What was seen, in one sentence.
    pub why: String,
    /// The first transfers that it rests on.
    pub transfers: Vec<String>,
    /// How many it rests on in all.
    pub transfer_count: u64,
}

/// Accounts tied to one that is alerted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NetworkView {
    /// Number of its network, from 1: alerts of one network share it. The network with the best alert is the first.
    pub number: u64,
    /// The first of them.
    pub accounts: Vec<String>,
    /// How they are tied, in one sentence; empty where there are none.
    pub via: String,
}
