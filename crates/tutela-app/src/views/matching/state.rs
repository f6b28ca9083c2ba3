//! The kinds of signal, and what of them is in memory.

use serde::Serialize;
use utoipa::ToSchema;

use crate::engines::matching::KindType;
use crate::service::Service;
use tutela_core::Timestamp;

/// All kinds of signal.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = SignalTypes)]
pub struct SignalTypesView {
    /// One by one.
    pub signal_types: Vec<SignalTypeView>,
}

/// A kind of signal.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = SignalType)]
pub struct SignalTypeView {
    /// Its id.
    #[schema(example = "pdq")]
    pub kind: &'static str,
    /// What it is made from: `photo`, `video`.
    pub content_types: &'static [&'static str],
    /// Radius in bits within which its signals are near; `null` where only equal ones match.
    #[schema(required)]
    pub distance: Option<u16>,
    /// Share of the look-ups that it takes part in, 0 to 1.
    pub enabled_ratio: f64,
}

impl SignalTypeView {
    /// A kind with the ratio that it has now.
    pub fn new(kind: &KindType, service: &Service) -> Self {
        Self {
            kind: kind.id,
            content_types: kind.content_types,
            distance: kind.signal.threshold,
            enabled_ratio: service.ratio(kind).get(),
        }
    }
}

/// What is in memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Index)]
pub struct IndexView {
    /// Everything that was in the store at the start can be looked up.
    pub ready: bool,
    /// The last change of the banks that is in.
    pub change: u64,
    /// When the newest content that is in was added; `null` where there is none.
    #[schema(required, format = DateTime)]
    pub newest_content_at: Option<String>,
    /// What is held of each kind.
    pub kinds: Vec<KindIndexView>,
}

/// What is in memory of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = KindIndex)]
pub struct KindIndexView {
    /// Id of the signal type.
    #[schema(example = "pdq")]
    pub kind: &'static str,
    /// Contents with a signal of it.
    pub signals: u64,
}

impl IndexView {
    /// As it stands.
    pub fn of(service: &Service) -> Self {
        let (change, newest_s) = service.built_to();
        let newest = newest_s.and_then(|second| i64::try_from(second).ok());
        let newest = newest.and_then(|second| Timestamp::from_second(second).ok());
        let one = |status: crate::engines::matching::KindStatus| KindIndexView {
            kind: status.kind,
            signals: status.signals,
        };
        Self {
            ready: service.is_ready(),
            change,
            newest_content_at: newest.map(|at| at.to_string()),
            kinds: service.kinds().into_iter().map(one).collect(),
        }
    }
}
