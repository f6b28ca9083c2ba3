//! What `media hash` and `media match` print with `--json`.

use serde::Serialize;
use tutela_core::{CaptureData, Failure, Note, Signal};
use utoipa::ToSchema;

use super::ProvenanceView;

/// One line of `media hash --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MediaHashView {
    /// `tutela.media_hash.v1`.
    pub schema: &'static str,
    /// The path as given or found.
    pub path: String,
    /// Bytes read.
    pub size_bytes: u64,
    /// Media type by content; `None` where nothing could be read.
    pub mime: Option<String>,
    /// Width in pixels, of pictures.
    pub width: Option<u32>,
    /// Height in pixels, of pictures.
    pub height: Option<u32>,
    /// 32 hex digits; `None` where nothing could be read.
    pub md5: Option<String>,
    /// 40 hex digits.
    pub sha1: Option<String>,
    /// 64 hex digits.
    pub sha256: Option<String>,
    /// Frames looked at, of films.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frames: Option<usize>,
    /// Running time, of films that state one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// Signals; empty where the content could not be decoded.
    pub signals: Vec<SignalView>,
    /// What the file says of its making; empty is no information.
    pub provenance: Vec<ProvenanceView>,
    /// Why something could not be done, or `null`.
    pub error: Option<FailureView>,
}

impl MediaHashView {
    /// The name of this shape.
    pub const SCHEMA: &'static str = "tutela.media_hash.v1";
}

/// One signal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignalView {
    /// Registry id.
    pub kind: String,
    /// Which published computation.
    pub variant: String,
    /// The value in its text form.
    pub value: String,
    /// 0 to 100, where the kind has a quality.
    pub quality: Option<u8>,
    /// How the picture was turned; left out for the picture as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub orientation: Option<String>,
}

impl From<&Signal> for SignalView {
    fn from(signal: &Signal) -> Self {
        Self {
            kind: signal.kind.clone(),
            variant: signal.variant.clone(),
            value: signal.value.clone(),
            quality: signal.quality,
            orientation: (signal.orientation != tutela_core::Orientation::Original.as_str())
                .then(|| signal.orientation.clone()),
        }
    }
}

/// A stable code and plain words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Failure)]
pub struct FailureView {
    /// Stable code.
    pub code: String,
    /// Plain words.
    pub message: String,
}

impl From<&Note> for FailureView {
    fn from(note: &Note) -> Self {
        Self { code: note.code.clone(), message: note.message.clone() }
    }
}

impl From<&Failure> for FailureView {
    fn from(failure: &Failure) -> Self {
        Self { code: failure.code.clone(), message: failure.message.clone() }
    }
}

/// What a picture says of device and moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaptureView {
    /// Maker of the device.
    pub make: Option<String>,
    /// Model of the device.
    pub model: Option<String>,
    /// Serial number of the body.
    pub serial: Option<String>,
    /// Serial number of the lens.
    pub lens_serial: Option<String>,
    /// When taken, as written in the file.
    pub taken_at: Option<String>,
    /// The program that wrote the file.
    pub software: Option<String>,
    /// Where taken: degrees north, WGS 84.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latitude: Option<Degrees>,
    /// Where taken: degrees east, WGS 84.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longitude: Option<Degrees>,
}

/// An angle in millionths of a degree; a plain number of degrees in documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Degrees(pub i32);

impl Serialize for Degrees {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(f64::from(self.0) / 1e6)
    }
}

impl From<&CaptureData> for CaptureView {
    fn from(capture: &CaptureData) -> Self {
        let capture = capture.clone();
        Self {
            make: capture.make,
            model: capture.model,
            serial: capture.serial,
            lens_serial: capture.lens_serial,
            taken_at: capture.taken_at,
            software: capture.software,
            latitude: capture.place.map(|place| Degrees(place.latitude_udeg)),
            longitude: capture.place.map(|place| Degrees(place.longitude_udeg)),
        }
    }
}

/// The document of `media match --json`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MediaMatchView {
    /// `tutela.media_match.v1`.
    pub schema: &'static str,
    /// Entries looked up in.
    pub entries: u64,
    /// Rows of the lists that could not be used; each was named on standard error.
    pub rejected_rows: u64,
    /// Things looked up.
    pub queries: u64,
    /// Radius in bits.
    pub distance: u16,
    /// Threads used.
    pub threads: usize,
    /// Which index answered.
    pub index: &'static str,
    /// Reading the lists, in milliseconds.
    pub load_ms: u64,
    /// Building the index, in milliseconds.
    pub build_ms: u64,
    /// Looking up, in milliseconds.
    pub search_ms: u64,
    /// Time of one look-up.
    pub latency_us: LatencyView,
    /// Every entry within the distance, by query, then entry.
    pub matches: Vec<MatchView>,
    /// Whether the planted canaries were found.
    pub self_test_passed: bool,
}

impl MediaMatchView {
    /// The name of this shape.
    pub const SCHEMA: &'static str = "tutela.media_match.v1";
}

/// Time of one look-up, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LatencyView {
    /// Half of the look-ups were at least this fast.
    pub p50: f64,
    /// 99 of 100 were at least this fast.
    pub p99: f64,
}

/// One entry near one query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MatchView {
    /// Query, from 0 in file order.
    pub query: u64,
    /// Entry, from 0 in file order over all lists.
    pub entry: u64,
    /// Bits that differ; 0 for equal digests.
    pub distance: u16,
    /// File or bank the entry stands in.
    pub list: String,
    /// The file that was looked up, where files were.
    pub path: Option<String>,
    /// By what they were compared: `pdq`, `md5`, `sha1` or `sha256`.
    pub method: &'static str,
    /// Which computation of the picture came near; `null` where signals were looked up.
    pub variant: Option<&'static str>,
    /// How the picture was turned; `null` where signals were looked up.
    pub orientation: Option<&'static str>,
}
