//! What `payments indicators` prints with `--json`.

use serde::Serialize;
use tutela_flow::indicators::{INDICATORS, IndicatorType};

/// All registered payment indicators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IndicatorsView {
    /// `tutela.payments_indicators.v1`.
    pub schema: &'static str,
    /// One by one, in the order of the registry.
    pub indicators: Vec<IndicatorView>,
}

impl IndicatorsView {
    /// The registry as it stands.
    pub fn registered() -> Self {
        let indicators = INDICATORS.iter().map(IndicatorView::from).collect();
        Self { schema: "tutela.payments_indicators.v1", indicators }
    }
}

/// One indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IndicatorView {
    /// Its stable id.
    pub id: &'static str,
    /// Name for people.
    pub title: &'static str,
    /// Why it is a warning sign.
    pub why: &'static str,
    /// Who else moves money in this way.
    pub not_proof: &'static str,
    /// Where it is published.
    pub source: &'static str,
}

impl From<&IndicatorType> for IndicatorView {
    fn from(indicator: &IndicatorType) -> Self {
        Self {
            id: indicator.id,
            title: indicator.title,
            why: indicator.why,
            not_proof: indicator.not_proof,
            source: indicator.source,
        }
    }
}
