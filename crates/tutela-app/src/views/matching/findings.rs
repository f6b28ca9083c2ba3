//! Findings of the matching service, and what people made of them.

use serde::Serialize;
use serde_json::Value;
use tutela_store::{MatchState, StoredMatch};
use utoipa::ToSchema;

use super::banks::json;

/// Some findings, the newest first.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Matches)]
pub struct MatchFindingsView {
    /// One by one.
    pub matches: Vec<MatchFindingView>,
    /// Ask for the next page with it; `null` at the end.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// A claim of the service: what was asked about is near a content. Not proof of anything.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Match)]
pub struct MatchFindingView {
    /// Its id.
    #[schema(format = "uuid")]
    pub id: String,
    /// `open`, `confirmed`, `disputed`.
    #[schema(example = "open")]
    pub state: &'static str,
    /// Id of the signal type.
    #[schema(example = "pdq")]
    pub kind: String,
    /// The signal that was asked about.
    pub value: String,
    /// How the picture asked about was turned, where that is known.
    #[schema(required)]
    pub orientation: Option<&'static str>,
    /// Name of the bank; `null` once it is gone.
    #[schema(required)]
    pub bank: Option<String>,
    /// Number of the content.
    pub content: u64,
    /// The signal of the content, as it was when it matched.
    pub stored: String,
    /// Bits that differ; `null` for kinds without a distance.
    #[schema(required)]
    pub distance: Option<u16>,
    /// The rule that claims it.
    pub rule: RuleView,
    /// When it was first seen.
    #[schema(format = DateTime)]
    pub first_at: String,
    /// When it was last seen.
    #[schema(format = DateTime)]
    pub last_at: String,
    /// How often it was seen.
    pub times: u64,
    /// It is put before a person.
    pub alert: bool,
    /// What a person made of it; `null` while nobody has decided.
    #[schema(required)]
    pub decision: Option<DecisionView>,
}

/// A rule, with everything that is needed to apply it again.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Rule)]
pub struct RuleView {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// Its parameters.
    pub parameters: Value,
}

/// A person's word on a match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Decision)]
pub struct DecisionView {
    /// Id of the operator.
    #[schema(format = "uuid")]
    pub operator: String,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// Why.
    #[schema(required)]
    pub reason: Option<String>,
}

impl MatchFindingView {
    /// A finding, with the name of its bank.
    pub fn new(found: &StoredMatch, bank: Option<&str>) -> Self {
        let seen = &found.seen;
        Self {
            id: seen.id.to_string(),
            state: found.decision.as_ref().map_or(MatchState::Open, |one| one.state).as_str(),
            kind: seen.kind.clone(),
            value: seen.query.clone(),
            orientation: seen.orientation.map(tutela_core::Orientation::as_str),
            bank: bank.map(str::to_owned),
            content: seen.content.0,
            stored: seen.value.clone(),
            distance: seen.distance,
            rule: RuleView {
                id: seen.rule.clone(),
                version: seen.rule_version,
                parameters: json(Some(&seen.parameters_json)),
            },
            first_at: found.first_at.to_string(),
            last_at: seen.at.to_string(),
            times: seen.times,
            alert: seen.alert,
            decision: found.decision.as_ref().map(|decision| DecisionView {
                operator: decision.operator.to_string(),
                at: decision.at.to_string(),
                reason: decision.reason.clone(),
            }),
        }
    }
}
