//! Signals, and what was made of an upload.

use serde::Serialize;
use tutela_core::{ContentSignal, Digests, Orientation};
use utoipa::ToSchema;

use crate::AppError;
use crate::engines::matching::KindType;
use crate::service::Made;
use crate::views::FailureView;

/// A value of a kind of signal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SignalValue)]
pub struct ValueView {
    /// Id of the signal type.
    #[schema(example = "pdq")]
    pub kind: String,
    /// Canonical text of the value.
    pub value: String,
}

impl From<&ContentSignal> for ValueView {
    fn from(signal: &ContentSignal) -> Self {
        Self { kind: signal.kind.clone(), value: signal.value.clone() }
    }
}

/// What was made of an upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Upload)]
pub struct UploadView {
    /// Media type by content.
    #[schema(example = "image/jpeg")]
    pub mime: String,
    /// `photo`, `video`, or `null` where it is neither.
    #[schema(required)]
    pub content_type: Option<&'static str>,
    /// Bytes that were sent.
    pub size_bytes: u64,
    /// Of its bytes.
    pub digests: DigestsView,
    /// Signals of the kinds that were asked for, as far as they could be made.
    pub signals: Vec<MadeSignalView>,
    /// Why it could not be decoded, or `null`.
    #[schema(required)]
    pub failure: Option<FailureView>,
}

/// A signal of an upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Signal)]
pub struct MadeSignalView {
    /// Id of the signal type.
    #[schema(example = "pdq")]
    pub kind: &'static str,
    /// Canonical text of the value.
    pub value: String,
    /// Which published computation, for PDQ: `reference`, `full`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<&'static str>,
    /// How the picture was turned, for PDQ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub orientation: Option<&'static str>,
    /// 0 to 100, for PDQ; below 50 it says too little to be compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<u8>,
}

/// Digests of bytes, in lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Digests)]
pub struct DigestsView {
    /// 32 digits.
    pub md5: String,
    /// 40 digits.
    pub sha1: String,
    /// 64 digits.
    pub sha256: String,
}

impl UploadView {
    /// What was made of so many bytes: signals of these kinds, in all orientations where `turned`.
    ///
    /// # Errors
    /// Its digests were not asked for.
    pub fn new(
        made: &Made,
        size_bytes: u64,
        kinds: &[&'static KindType],
        turned: bool,
    ) -> Result<Self, AppError> {
        let digests = made.digests.as_ref();
        let digests = digests.ok_or(AppError::System { what: "the digests of an upload" })?;
        let mut signals = Vec::new();
        for kind in kinds.iter().filter(|kind| made.fits(kind)) {
            match kind.signal.id {
                "pdq" => add_pdq(made, kind.id, turned, &mut signals),
                _ => signals.extend(made.signal(kind).map(|value| MadeSignalView {
                    kind: kind.id,
                    value,
                    variant: None,
                    orientation: None,
                    quality: None,
                })),
            }
        }
        Ok(Self {
            mime: made.mime.clone(),
            content_type: made.content_type(),
            size_bytes,
            digests: DigestsView::from(digests),
            signals,
            failure: made.failure.as_ref().map(FailureView::from),
        })
    }
}

fn add_pdq(made: &Made, kind: &'static str, turned: bool, signals: &mut Vec<MadeSignalView>) {
    for one in &made.pdq {
        let values = Orientation::ALL.into_iter().zip(one.values);
        let wanted = values.take(if turned { Orientation::ALL.len() } else { 1 });
        signals.extend(wanted.map(|(orientation, value)| MadeSignalView {
            kind,
            value: value.to_string(),
            variant: Some(one.variant.as_str()),
            orientation: Some(orientation.as_str()),
            quality: Some(one.quality),
        }));
    }
}

impl From<&Digests> for DigestsView {
    fn from(digests: &Digests) -> Self {
        Self {
            md5: digests.md5.to_string(),
            sha1: digests.sha1.to_string(),
            sha256: digests.sha256.to_string(),
        }
    }
}
