//! What `payments import`, `payments alerts` and `/v1/alerts` tell of alerts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tutela_core::{AlertStanding, Sha256, TransferRecord};
use tutela_store::StoredAlert;
use utoipa::ToSchema;

use super::payments_screen::GENERAL_PARTS;
use super::{AlertView, RejectedRowView};

/// What `payments import` prints with `--json`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PaymentsImportView {
    /// `tutela.payments_import.v1`.
    pub schema: &'static str,
    /// Transfers that are new in the store.
    pub transfers: u64,
    /// Rows that gave none.
    pub rejected_rows: u64,
    /// File by file.
    pub files: Vec<ImportedFileView>,
    /// The first rejected rows, each with its reason.
    pub rejected: Vec<RejectedRowView>,
    /// Wall time of the import.
    pub elapsed_ms: u64,
    /// What the screening raised; `null` where there was none.
    pub screening: Option<ScreeningRaisedView>,
}

/// One imported file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ImportedFileView {
    /// Its name.
    pub name: String,
    /// Its SHA-256.
    pub sha256: String,
    /// Id of its format.
    pub format: &'static str,
    /// It was in the store before, and was left as it is.
    pub already: bool,
    /// Transfers stored.
    pub transfers: u64,
    /// Rows that could not be used.
    pub rejected_rows: u64,
    /// How often each fault was met.
    pub faults: BTreeMap<&'static str, u64>,
}

impl ImportedFileView {
    /// A file of which nothing is known yet.
    pub(crate) fn of(name: &str, sha256: Sha256) -> Self {
        Self {
            name: name.to_owned(),
            sha256: sha256.to_string(),
            format: "",
            already: false,
            transfers: 0,
            rejected_rows: 0,
            faults: BTreeMap::new(),
        }
    }
}

/// What a screening of the store raised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScreeningRaisedView {
    /// Number of the screening.
    pub screening: u64,
    /// Transfers screened.
    pub transfers: u64,
    /// Accounts that were not alerted before.
    pub new: u64,
    /// Open alerts with a new score and new reasons.
    pub again: u64,
    /// Accounts about which people have decided.
    pub closed: u64,
    /// Transfers in a currency without a rate.
    pub without_rate: u64,
    /// Wall time.
    pub elapsed_ms: u64,
}

/// Why an alert was raised, as the store keeps it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct StoredReasonsView {
    /// What the score is made of, the largest first.
    pub parts: Vec<AlertPartView>,
    /// Accounts it is tied to.
    pub tied: Vec<String>,
    /// How.
    pub via: String,
}

impl StoredReasonsView {
    /// The reasons of a screening.
    pub(crate) fn of(alert: &AlertView) -> Self {
        let part = |one: &super::IndicatorHitView| AlertPartView {
            id: one.id.to_owned(),
            value: one.value,
            weight: one.weight,
            why: one.why.clone(),
            transfers: one.transfers.clone(),
            transfer_count: one.transfer_count,
        };
        Self {
            parts: alert.indicators.iter().map(part).collect(),
            tied: alert.network.accounts.clone(),
            via: alert.network.via.clone(),
        }
    }

    /// As they were stored; none where this version cannot read them.
    pub fn read(json: &str) -> Self {
        serde_json::from_str(json).unwrap_or_default()
    }
}

/// One part of a score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = AlertPart)]
pub struct AlertPartView {
    /// Id of an indicator, or `base`, `ranked_counterparty`, `other_measures`, `reached_from_known`, `reviewed_around`.
    #[schema(example = "fan_in_unrelated")]
    pub id: String,
    /// How much was seen, in its own unit.
    pub value: f64,
    /// What it adds to the score.
    pub weight: f64,
    /// What was seen, in one sentence without names or accounts.
    pub why: String,
    /// The first transfers that it rests on.
    pub transfers: Vec<String>,
    /// How many it rests on in all.
    pub transfer_count: u64,
}

/// Some alerts.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Alerts)]
pub struct AlertsView {
    /// Those with the highest score first.
    pub alerts: Vec<AlertItemView>,
    /// How many alerts are in each state.
    pub counts: Vec<AlertCountView>,
    /// When the queue was last put in order by what people decided; `null` where it never was.
    #[schema(required, format = DateTime)]
    pub ranked_at: Option<String>,
    /// Ask for the next page with it; `null` at the end.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// How many alerts are in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AlertCount)]
pub struct AlertCountView {
    /// `new`, `assigned`, `in_review`, `confirmed`, `dismissed`.
    pub state: &'static str,
    /// How many.
    pub count: u64,
}

/// A request to look at an account on one side of its transfers. Not proof of anything.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Alert)]
pub struct AlertItemView {
    /// Its id.
    #[schema(format = "uuid")]
    pub id: String,
    /// Its number.
    pub number: u64,
    /// `payee` or `payer`.
    #[schema(example = "payee")]
    pub side: &'static str,
    /// The account.
    pub account: String,
    /// `new`, `assigned`, `in_review`, `confirmed`, `dismissed`.
    #[schema(example = "new")]
    pub state: &'static str,
    /// What the queue is ordered by: the sum of the parts, and of what decisions about accounts around it add.
    pub score: f64,
    /// Of that, what decisions add.
    pub reviewed_around: f64,
    /// Id of the indicator that adds most; where none does, of the part that does.
    #[schema(required)]
    pub strongest: Option<String>,
    /// Number of the alert that leads its network.
    pub network: u64,
    /// Id of the operator who is to look at it.
    #[schema(required, format = "uuid")]
    pub assigned_to: Option<String>,
    /// How it is to be closed, as one person proposes; once closed, how it was.
    #[schema(required)]
    pub proposal: Option<AlertProposalView>,
    /// Id of the second operator, who approved it.
    #[schema(required, format = "uuid")]
    pub approved_by: Option<String>,
    /// When.
    #[schema(required, format = DateTime)]
    pub approved_at: Option<String>,
    /// Id of the case it belongs to.
    #[schema(required, format = "uuid")]
    pub case: Option<String>,
    /// When it was first raised.
    #[schema(format = DateTime)]
    pub raised_at: String,
    /// Number of the screening that its parts are from.
    pub screening: u64,
}

/// A proposed outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AlertProposal)]
pub struct AlertProposalView {
    /// `confirmed` or `dismissed`.
    pub outcome: &'static str,
    /// Id of the reason for a dismissal.
    #[schema(required)]
    pub reason: Option<String>,
    /// Id of the operator.
    #[schema(format = "uuid")]
    pub by: String,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
}

/// One alert with everything that is known of it, except names.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = AlertFull)]
pub struct AlertFullView {
    /// The alert.
    #[serde(flatten)]
    pub alert: AlertItemView,
    /// What the score is made of; the weights sum to it.
    pub parts: Vec<AlertPartView>,
    /// Accounts it is tied to.
    pub tied: Vec<String>,
    /// How.
    pub via: String,
    /// The transfers that carry it, in time order, without names.
    pub transfers: Vec<AlertTransferView>,
    /// What is known of the person behind the account, masked.
    pub masked: Vec<AlertPartyView>,
    /// What was done with it, as the ledger tells.
    pub history: Vec<AlertEntryView>,
    /// A chart of its network; `null` where there is none.
    #[schema(required, value_type = Object)]
    pub chart: Option<serde_json::Value>,
}

/// A transfer without names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AlertTransfer)]
pub struct AlertTransferView {
    /// Its id.
    pub id: String,
    /// When.
    #[schema(format = DateTime)]
    pub time: String,
    /// Minor units of its currency.
    pub amount_minor: i64,
    /// Decimals of the currency.
    pub minor_digits: u32,
    /// ISO 4217.
    pub currency: String,
    /// The account that paid.
    pub payer: String,
    /// The account that was paid.
    pub payee: String,
}

impl AlertTransferView {
    /// A transfer of the store.
    pub fn of(record: &TransferRecord) -> Self {
        let transfer = &record.transfer;
        Self {
            id: transfer.id.0.clone(),
            time: transfer.time.to_string(),
            amount_minor: transfer.amount.minor,
            minor_digits: transfer.amount.currency.minor_digits(),
            currency: transfer.amount.currency.to_string(),
            payer: transfer.payer.as_str().to_owned(),
            payee: transfer.payee.as_str().to_owned(),
        }
    }

    /// The amount with its decimals, such as `15.00`.
    pub fn amount(&self) -> String {
        let unit = 10_i64.pow(self.minor_digits);
        match self.minor_digits {
            0 => self.amount_minor.to_string(),
            digits => format!(
                "{}.{:0width$}",
                self.amount_minor / unit,
                (self.amount_minor % unit).abs(),
                width = digits as usize
            ),
        }
    }
}

/// What records say of a person; masked, unless a purpose was stated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AlertParty)]
pub struct AlertPartyView {
    /// Name.
    #[schema(required)]
    pub name: Option<String>,
    /// ISO 3166.
    #[schema(required)]
    pub country: Option<String>,
    /// Region or town.
    #[schema(required)]
    pub region: Option<String>,
    /// Telephone number.
    #[schema(required)]
    pub phone: Option<String>,
    /// E-mail address.
    #[schema(required)]
    pub email: Option<String>,
}

/// An entry of the ledger about an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AlertEntry)]
pub struct AlertEntryView {
    /// Its sequence number.
    pub seq: u64,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// Id of the act.
    #[schema(example = "alert.noted")]
    pub act: String,
    /// Id of the operator.
    #[schema(format = "uuid")]
    pub by: String,
    /// The words: a note, a reason, a purpose; `null` where there are none, or they were erased.
    #[schema(required)]
    pub words: Option<String>,
}

/// What is known of the people behind the accounts of an alert, in plain words, for a stated purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AlertNames)]
pub struct AlertNamesView {
    /// By account: that of the alert, and those on the other side of the transfers that carry it.
    pub accounts: BTreeMap<String, Vec<AlertPartyView>>,
}

/// A reason for a dismissal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AlertReason)]
pub struct AlertReasonView {
    /// Its id.
    pub id: &'static str,
    /// In English.
    pub en: &'static str,
    /// In Italian.
    pub it: &'static str,
}

/// What `payments labels` prints with `--json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LabelsView {
    /// `tutela.payments_labels.v1`.
    pub schema: &'static str,
    /// Accounts that were confirmed.
    pub confirmed: u64,
    /// Accounts that were dismissed.
    pub dismissed: u64,
    /// SHA-256 of the file.
    pub sha256: String,
}

/// What decisions about accounts around one add to its score.
const REVIEWED: &str = "reviewed_around";

impl AlertItemView {
    /// An alert of the store.
    pub fn of(stored: &StoredAlert) -> Self {
        let AlertStanding { state, assigned_to, proposal, approved } = &stored.standing;
        let reasons = StoredReasonsView::read(&stored.parts_json);
        Self {
            id: stored.id.to_string(),
            number: stored.number,
            side: stored.side.as_str(),
            account: stored.account.clone(),
            state: state.as_str(),
            score: points(stored.rank_micro()),
            reviewed_around: points(stored.review_micro),
            strongest: strongest_of(&reasons.parts).first().map(|part| part.id.clone()),
            network: stored.network,
            assigned_to: assigned_to.map(|id| id.to_string()),
            proposal: proposal.as_ref().map(|proposal| AlertProposalView {
                outcome: proposal.outcome.as_str(),
                reason: proposal.reason.clone(),
                by: proposal.by.to_string(),
                at: proposal.at.to_string(),
            }),
            approved_by: approved.map(|(by, _)| by.to_string()),
            approved_at: approved.map(|(_, at)| at.to_string()),
            case: stored.case.map(|id| id.to_string()),
            raised_at: stored.raised_at.to_string(),
            screening: stored.screening,
        }
    }
}

/// The parts of a score and what was decided around it: they sum to what the queue is ordered by.
pub fn parts_of(stored: &StoredAlert) -> StoredReasonsView {
    let mut reasons = StoredReasonsView::read(&stored.parts_json);
    if stored.review_micro != 0 {
        reasons.parts.push(AlertPartView {
            id: REVIEWED.to_owned(),
            value: 0.0,
            weight: points(stored.review_micro),
            why: "What people decided about payees that it is near to by payments.".to_owned(),
            transfers: Vec::new(),
            transfer_count: 0,
        });
    }
    reasons
}

/// The parts to name first: indicators that add, or else the part that adds most.
pub fn strongest_of(parts: &[AlertPartView]) -> Vec<&AlertPartView> {
    let is_own =
        |part: &&AlertPartView| part.weight > 0.0 && !GENERAL_PARTS.contains(&part.id.as_str());
    let own: Vec<&AlertPartView> = parts.iter().filter(is_own).collect();
    if own.is_empty() { parts.iter().take(1).collect() } else { own }
}

/// Millionths as a number.
fn points(micro: i64) -> f64 {
    micro as f64 / 1e6
}
