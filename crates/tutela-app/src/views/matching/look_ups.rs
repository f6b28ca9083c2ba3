//! Answers to look-ups.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::banks::json;
use crate::engines::matching::{Matched, Nearness};
use crate::views::FailureView;
use tutela_core::Orientation;
use tutela_store::Content;

/// Answers to the queries of a request, in their order.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = LookUps)]
pub struct LookUpsView {
    /// One a query.
    pub answers: Vec<AnsweredView>,
}

/// The answer to a query.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = LookUpAnswer)]
pub struct AnsweredView {
    /// The query: its place in the request, from 0.
    pub query: u64,
    /// Kinds of signal that were looked up for it.
    pub kinds: Vec<&'static str>,
    /// Contents that are near, the nearest first.
    pub matches: Vec<LookUpMatchView>,
    /// Contents of negative banks: where there are any, nothing is reported in `matches`.
    pub suppressed_by: Vec<LookUpMatchView>,
    /// Why it was not looked up, or not with every kind; `null` where nothing is wrong.
    #[schema(required)]
    pub error: Option<FailureView>,
}

/// A content that is near what was asked about.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = LookUpMatch)]
pub struct LookUpMatchView {
    /// Kind of the signals that are near.
    #[schema(example = "pdq")]
    pub kind: &'static str,
    /// Name of the bank.
    pub bank: String,
    /// Number of the content.
    pub content: u64,
    /// Bits that differ; `null` for kinds without a distance.
    #[schema(required)]
    pub distance: Option<u16>,
    /// Frames with a partner, for films.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frames: Option<FramesView>,
    /// Which of the signals asked about is nearest: how the picture was turned.
    #[schema(example = "original")]
    pub orientation: &'static str,
    /// What is known of the content, where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facts: Option<ContentFactsView>,
    /// Where it came from, where asked for; `null` where nobody sent it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exchange: Option<Option<ExchangeRecordView>>,
}

/// Frames of films that have a partner in the other, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Frames)]
pub struct FramesView {
    /// Of the film asked about.
    pub asked_percent: u8,
    /// Of the film in the bank.
    pub stored_percent: u8,
}

/// What is known of a content that matched.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = ContentFacts)]
pub struct ContentFactsView {
    /// Its signal of the kind that matched.
    #[schema(required)]
    pub stored: Option<String>,
    /// Words to sort by.
    pub labels: Vec<String>,
    /// What people say of it.
    #[schema(required)]
    pub note: Option<String>,
    /// Where it came from, as said by whoever added it.
    #[schema(required)]
    pub uri: Option<String>,
    /// Whatever the client sent along.
    pub metadata: Value,
}

/// What the sender of a content said of it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = ExchangeRecord)]
pub struct ExchangeRecordView {
    /// Name of the exchange that feeds the bank; `null` where the content came out of a list.
    #[schema(required)]
    pub name: Option<String>,
    /// The sender's own key.
    pub key: String,
    /// The sender's record.
    pub record: Value,
}

impl LookUpMatchView {
    /// A match as the banks in memory know it.
    pub fn new(kind: &'static str, matched: &Matched, orientation: Orientation) -> Self {
        Self {
            kind,
            bank: matched.bank.terms.name.clone(),
            content: matched.content.0,
            distance: matched.nearness.bits(),
            frames: match matched.nearness {
                Nearness::Equal | Nearness::Bits(_) => None,
                Nearness::Frames(asked_percent, stored_percent) => {
                    Some(FramesView { asked_percent, stored_percent })
                }
            },
            orientation: orientation.as_str(),
            facts: None,
            exchange: None,
        }
    }
}

impl ContentFactsView {
    /// What is known of a content, with its signal of this kind.
    pub fn new(content: &Content, kind: &str) -> Self {
        let stored = content.signals.iter().find(|signal| signal.kind == kind);
        Self {
            stored: stored.map(|signal| signal.value.clone()),
            labels: content.terms.labels.clone(),
            note: content.terms.note.clone(),
            uri: content.terms.uri.clone(),
            metadata: json(content.terms.metadata_json.as_deref()),
        }
    }
}

impl ExchangeRecordView {
    /// What the sender said of a content; `None` where nobody sent it.
    pub fn new(content: &Content, exchange: Option<&str>) -> Option<Self> {
        let key = content.terms.exchange_key.clone()?;
        let record = json(content.terms.record_json.as_deref());
        Some(Self { name: exchange.map(str::to_owned), key, record })
    }
}
