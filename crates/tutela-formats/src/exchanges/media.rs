//! What is handed over: one piece of content, the files that hold it, and who hands it over.

use tutela_core::{CaptureData, Category, Digests, Pdq, PdqVariant, Timestamp};

use super::Profile;

/// What holds for the whole file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Id of the case, or of the scan where it belongs to none: a UUID.
    pub case: String,
    /// Id of the scan.
    pub scan: String,
    /// The program.
    pub application: String,
    /// Its version.
    pub version: String,
    /// When it is written.
    pub written_at: Timestamp,
    /// Whose categories the numbers mean, where the format has to say so.
    pub profile: Profile,
    /// How many pieces of content follow.
    pub media: u64,
}

/// One piece of content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// Its number in this file, from 1.
    pub number: u64,
    /// The three digests.
    pub digests: Digests,
    /// Bytes of it.
    pub size_bytes: u64,
    /// Media type by content.
    pub mime: String,
    /// `known`, `near`, `known_good`, `new` or `failed`.
    pub outcome: String,
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// Running time, of films.
    pub duration_ms: Option<u64>,
    /// PDQ signals of the picture as it is, one a variant.
    pub pdq: Vec<MediaPdq>,
    /// What it says of device and moment.
    pub capture: CaptureData,
    /// The category that an examiner gave last, where they agree.
    pub category: Option<Category>,
    /// What the examiner wrote beside it.
    pub comment: Option<String>,
    /// Ranks of the groups it is in.
    pub groups: Vec<u64>,
    /// The files that hold it: one at least.
    pub files: Vec<MediaFile>,
}

/// A PDQ signal and how it was computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MediaPdq {
    /// Which published computation.
    pub variant: PdqVariant,
    /// The signal.
    pub value: Pdq,
    /// 0 to 100; below 50 it says little.
    pub quality: Option<u8>,
}

/// One file that holds the content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaFile {
    /// Where it was found, as the scan names it; `!/` leads into a container.
    pub path: String,
    /// The same from the scanned folder on.
    pub relative_path: String,
    /// When the file system or container says it was last changed.
    pub modified_at: Option<Timestamp>,
    /// The container it stands in.
    pub parent: Option<Parent>,
}

impl MediaFile {
    /// The last part of the path.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

/// A container that files stand in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parent {
    /// Where it was found.
    pub path: String,
    /// Its digests, where it could be read.
    pub digests: Option<Digests>,
}
