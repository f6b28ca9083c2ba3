//! Signal banks and their contents.

use serde::Serialize;
use serde_json::Value;
use tutela_core::{Enabled, Timestamp};
use tutela_store::{Bank, Content, ContentsPage};
use utoipa::ToSchema;

use super::ValueView;

/// Some of the signal banks, in the order they were made.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Banks)]
pub struct SignalBanksView {
    /// One by one.
    pub banks: Vec<SignalBankView>,
    /// Ask for the next page with it; `null` at the end.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// A signal bank.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Bank)]
pub struct SignalBankView {
    /// Upper-case letters, digits and underscores.
    pub name: String,
    /// `alert`: a match is a finding. `allow`: whoever matches here is not reported for other banks.
    #[schema(example = "alert")]
    pub role: &'static str,
    /// Share of the look-ups that it answers, 0 to 1.
    pub enabled_ratio: f64,
    /// Radius in bits, 0 to 31; `null`: that of the signal type.
    #[schema(required)]
    pub distance: Option<u16>,
    /// What people say of it.
    #[schema(required)]
    pub note: Option<String>,
    /// What happens on a match.
    pub actions: BankActionsView,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// How many contents it holds; where one bank is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_count: Option<u64>,
}

/// What happens when something matches a bank, besides the finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = BankActions)]
pub struct BankActionsView {
    /// The finding is put before a person.
    pub alert: bool,
    /// Names of webhooks in the settings that are told.
    pub webhooks: Vec<String>,
}

impl From<&Bank> for SignalBankView {
    fn from(bank: &Bank) -> Self {
        let terms = &bank.terms;
        Self {
            name: terms.name.clone(),
            role: terms.role.as_str(),
            enabled_ratio: terms.enabled_ratio.get(),
            distance: terms.distance,
            note: terms.note.clone(),
            actions: BankActionsView {
                alert: terms.actions.alert,
                webhooks: terms.actions.webhooks.clone(),
            },
            created_at: bank.created_at.to_string(),
            content_count: None,
        }
    }
}

/// Some of the contents of a bank, by number.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Contents)]
pub struct ContentsView {
    /// One by one.
    pub contents: Vec<ContentView>,
    /// Ask for the next page with it; `null` at the end.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

impl ContentsView {
    /// Of a page of the store, as it stands at this time.
    pub fn new(page: &ContentsPage, bank: &str, now: Timestamp) -> Self {
        let one = |content| ContentView::new(content, bank, now);
        Self {
            contents: page.contents.iter().map(one).collect(),
            next_cursor: page.next.map(|next| next.to_string()),
        }
    }
}

/// A content of a signal bank.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Content)]
pub struct ContentView {
    /// Its number.
    pub content: u64,
    /// Name of its bank.
    pub bank: String,
    /// Its signals, by kind.
    pub signals: Vec<ValueView>,
    /// Whether it is switched on now.
    pub enabled: bool,
    /// Off until this time, where a time was named.
    #[schema(required, format = DateTime)]
    pub disable_until: Option<String>,
    /// After this it matches no more.
    #[schema(required, format = DateTime)]
    pub expires_at: Option<String>,
    /// Since when it is held back because too much matched it.
    #[schema(required, format = DateTime)]
    pub quarantined_at: Option<String>,
    /// Where it came from, as said by whoever added it.
    #[schema(required)]
    pub uri: Option<String>,
    /// What people say of it.
    #[schema(required)]
    pub note: Option<String>,
    /// Words to sort by.
    pub labels: Vec<String>,
    /// Whatever the client sent along.
    pub metadata: Value,
    /// The sender's own key, where it came from one.
    #[schema(required)]
    pub exchange_key: Option<String>,
    /// The sender's record, where it came from one.
    pub record: Value,
    /// When it was put in.
    #[schema(format = DateTime)]
    pub created_at: String,
}

impl ContentView {
    /// A content of a bank, as it stands at this time.
    pub fn new(content: &Content, bank: &str, now: Timestamp) -> Self {
        let terms = &content.terms;
        let until = match terms.enabled {
            Enabled::On | Enabled::Off => None,
            Enabled::From(seconds) => Timestamp::from_second(seconds).ok(),
        };
        Self {
            content: content.number.0,
            bank: bank.to_owned(),
            signals: content.signals.iter().map(ValueView::from).collect(),
            enabled: terms.enabled.at(now),
            disable_until: until.map(|at| at.to_string()),
            expires_at: terms.expires_at.map(|at| at.to_string()),
            quarantined_at: content.quarantined_at.map(|at| at.to_string()),
            uri: terms.uri.clone(),
            note: terms.note.clone(),
            labels: terms.labels.clone(),
            metadata: json(terms.metadata_json.as_deref()),
            exchange_key: terms.exchange_key.clone(),
            record: json(terms.record_json.as_deref()),
            created_at: content.created_at.to_string(),
        }
    }
}

/// JSON as it was kept; what somebody else made of it is told as text.
pub(super) fn json(text: Option<&str>) -> Value {
    let Some(text) = text else { return Value::Null };
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}
