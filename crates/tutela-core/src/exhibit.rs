//! An exhibit: one piece of content as it was found, sealed by its digests.

use jiff::Timestamp;

use crate::{CaptureData, Digests, ExhibitId, Provenance, Signal};

/// What a scan says of a file. Every file gets exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// A digest of it stands in a list.
    Known,
    /// A perceptual signal of it is near one in a list.
    Near,
    /// A digest of it stands in a known-good list. A mark, not a verdict: the file stays visible.
    KnownGood,
    /// Nothing is known of it. This is where an unidentified victim may be.
    New,
    /// It could not be read or decoded as what it is, and its digests, where taken, match nothing.
    Failed,
}

impl Outcome {
    /// All five, in the order reports show them.
    pub const ALL: [Self; 5] = [Self::Known, Self::Near, Self::KnownGood, Self::New, Self::Failed];

    /// Its name in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::Near => "near",
            Self::KnownGood => "known_good",
            Self::New => "new",
            Self::Failed => "failed",
        }
    }
}

/// Why something could not be done with a file, in a stable code and plain words.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Failure {
    /// Stable code, such as `decode.too_many_pixels`.
    pub code: String,
    /// Plain words; no content of the file.
    pub message: String,
}

/// Something to know about an exhibit that is no failure, in a stable code and plain words.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Note {
    /// Stable code, such as `archive.ewf_digest_holds`.
    pub code: String,
    /// Plain words; no content of the file.
    pub message: String,
}

/// That a digest of the file stands in a known-good list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KnownGoodMark {
    /// The list.
    pub list: String,
    /// Row of the list, from 1.
    pub row: u64,
}

/// One piece of content as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exhibit {
    /// Its identity.
    pub id: ExhibitId,
    /// Where it was found: a path, or a path and the way into containers, joined by `!/`.
    pub path: String,
    /// What tells it from every other content of the same scan: path, position, size and time.
    pub source_key: String,
    /// Size in bytes, as read.
    pub size_bytes: u64,
    /// When the file system says it was last changed, where it says so.
    pub modified_at: Option<Timestamp>,
    /// The three digests; `None` where not a byte could be read.
    pub digests: Option<Digests>,
    /// Media type by content, not by name.
    pub mime: String,
    /// Width in pixels, of pictures.
    pub width: Option<u32>,
    /// Height in pixels, of pictures.
    pub height: Option<u32>,
    /// Frames looked at, of films and animated pictures.
    pub frames: Option<u32>,
    /// Running time, of films.
    pub duration_ms: Option<u64>,
    /// Signals of it.
    pub signals: Vec<Signal>,
    /// What it says of device and moment.
    pub capture: CaptureData,
    /// The one outcome.
    pub outcome: Outcome,
    /// Known-good marks, beside any outcome.
    pub known_good: Vec<KnownGoodMark>,
    /// What went wrong, where something did; an exhibit with an error can still be known.
    pub failure: Option<Failure>,
    /// What the file says of its own making; empty is no information.
    pub provenance: Vec<Provenance>,
    /// What else is to be known of it.
    pub notes: Vec<Note>,
}
