//! Signals, and what was made of an upload.

use serde::Serialize;
use tutela_core::{ContentSignal, Digests};
use utoipa::ToSchema;

use crate::views::{FailureView, SignalView};

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
    pub signals: Vec<SignalView>,
    /// Why it could not be decoded, or `null`.
    #[schema(required)]
    pub failure: Option<FailureView>,
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

impl From<&Digests> for DigestsView {
    fn from(digests: &Digests) -> Self {
        Self {
            md5: digests.md5.to_string(),
            sha1: digests.sha1.to_string(),
            sha256: digests.sha256.to_string(),
        }
    }
}
