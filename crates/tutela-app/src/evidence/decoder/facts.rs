//! What is asked of a decoder, and what it answers.

use std::path::PathBuf;

use jiff::Timestamp;
use tutela_core::{CaptureData, Failure, Md5, Note, Pdq, PdqVariant, Provenance};
use tutela_match::content::{ArchiveFormat, Kind, Sniffed};
use tutela_match::signals::PdqSignals;

use super::limits::UnpackLimits;

/// What to find out about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaRequest {
    /// Which computations of PDQ to make; the eight orientations always come along.
    pub variants: Vec<PdqVariant>,
    /// Whether to make a thumbnail. Off unless an operator's grant asks for one.
    pub thumbnail: bool,
    /// Whether to look into further frames and pages, and at the thumbnail embedded in the file.
    pub parts: bool,
    /// Whether to read what the file says of its capture and its making.
    pub statements: bool,
}

impl MediaRequest {
    /// Signals of the picture, and nothing that is not needed for them.
    pub fn signals_only(variants: Vec<PdqVariant>) -> Self {
        Self { variants, thumbnail: false, parts: false, statements: false }
    }
}

/// What a worker found out about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaFacts {
    /// Media type by content. `application/octet-stream` where the worker died before it said one.
    pub mime: String,
    /// What can be done with it: an archive is unpacked by a request of its own.
    pub kind: Kind,
    /// Width in pixels, of pictures whose header could be read.
    pub width: Option<u32>,
    /// Height in pixels, of pictures whose header could be read.
    pub height: Option<u32>,
    /// Frames seen, up to the limit; `None` where nothing was decoded.
    pub frames: Option<u32>,
    /// One a requested variant, in the order asked; empty where nothing could be decoded.
    pub signals: Vec<VariantSignals>,
    /// What it says of device and moment. Kept even where the picture itself is broken.
    pub capture: CaptureData,
    /// What it says of its own making, and where that contradicts itself. Empty is no information.
    pub provenance: Vec<Provenance>,
    /// Why its signature was not checked, where it should have been.
    pub unchecked: Option<Failure>,
    /// A small, grey, strongly blurred PNG, where asked for.
    pub thumbnail: Option<Vec<u8>>,
    /// Frames and pages after the first whose signals are new, in their order.
    pub stills: Vec<Still>,
    /// Frames and pages that were looked at, the first among them; 0 where parts were not asked for.
    pub frames_looked_at: u32,
    /// Some of them could not be decoded.
    pub frames_missing: bool,
    /// What the thumbnail embedded in the file shows.
    pub embedded: Option<EmbeddedFacts>,
    /// What went wrong, where something did. Text and other files that are no pictures have none.
    pub failure: Option<Failure>,
}

impl MediaFacts {
    /// Before anything is known.
    pub(crate) fn unknown() -> Self {
        Self {
            mime: "application/octet-stream".to_owned(),
            kind: Kind::Other,
            width: None,
            height: None,
            frames: None,
            signals: Vec::new(),
            capture: CaptureData::default(),
            provenance: Vec::new(),
            unchecked: None,
            thumbnail: None,
            stills: Vec::new(),
            frames_looked_at: 0,
            frames_missing: false,
            embedded: None,
            failure: None,
        }
    }
}

/// Media types of pictures that are drawn, not taken: nobody misses a signal of them.
const DRAWN: [&str; 4] =
    ["image/svg+xml", "image/x-icon", "image/vnd.microsoft.icon", "image/vnd.djvu"];

/// A picture coded like a film.
const AVIF: &str = "image/avif";

/// Whether `ffmpeg` is asked about some content: films, and pictures coded like one.
pub(crate) fn is_by_ffmpeg(sniffed: Sniffed) -> bool {
    sniffed.kind == Kind::Film || sniffed.mime == AVIF
}

/// What is to be said of content that no worker looks into. Text and programs need no word.
pub(crate) fn undecoded(sniffed: Sniffed) -> Option<Failure> {
    if sniffed.kind == Kind::Film {
        return Some(Failure {
            code: "decode.no_video_decoder".to_owned(),
            message: "films were not looked into: ffmpeg is not installed, or switched off"
                .to_owned(),
        });
    }
    let is_missed = match sniffed.kind {
        Kind::Other => sniffed.mime.starts_with("image/") && !DRAWN.contains(&sniffed.mime),
        Kind::Film | Kind::Picture(_) | Kind::Archive(_) => false,
    };
    is_missed.then(|| Failure {
        code: "decode.unsupported".to_owned(),
        message: format!("files of type {} are not decoded", sniffed.mime),
    })
}

/// The PDQ signals of one picture by one computation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VariantSignals {
    /// Which computation.
    pub variant: PdqVariant,
    /// 0 to 100.
    pub quality: u8,
    /// In the order of `Orientation::ALL`.
    pub values: [Pdq; 8],
}

impl From<&PdqSignals> for VariantSignals {
    fn from(signals: &PdqSignals) -> Self {
        let PdqSignals { variant, quality, values } = *signals;
        Self { variant, quality, values }
    }
}

/// One frame of an animation, or one page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Still {
    /// Its number; the picture itself has 0.
    pub number: u32,
    /// When it appears, in milliseconds; pages have no time.
    pub at_ms: Option<u64>,
    /// As those of the picture.
    pub signals: Vec<VariantSignals>,
}

/// The thumbnail embedded in a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbeddedFacts {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// What it shows, black bars left out.
    pub signals: VariantSignals,
    /// Bits that differ from the picture; `None` where the picture could not be decoded.
    pub distance: Option<u16>,
}

/// What to unpack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnpackRequest {
    /// What kind of container it is.
    pub format: ArchiveFormat,
    /// Its file name, for display: a plain gzip file names its one entry after it.
    pub name: String,
    /// Further files that it goes on in, in any order. One that cannot be opened is missing.
    pub segments: Vec<PathBuf>,
    /// How much of it is believed; what is left of the outermost archive's, for inner ones.
    pub limits: UnpackLimits,
}

/// What an entry of an archive is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// A file; its content follows.
    File,
    /// A directory.
    Directory,
    /// A link. Never followed.
    Link,
    /// A device, a pipe or something else that holds no content.
    Special,
    /// A file that needs a password; an [`UnpackEvent::Failed`] follows.
    Encrypted,
}

/// The beginning of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryStart {
    /// Position in the archive, from 0.
    pub index: u64,
    /// The entry's path as a label: control characters and `..` are replaced. Never open it.
    pub path: String,
    /// Size in bytes as declared; nothing believes it.
    pub declared_bytes: Option<u64>,
    /// When last changed, where the archive says it with a time zone.
    pub modified_at: Option<Timestamp>,
    /// When last changed as a zip writes it, in the unknown local time of its maker:
    /// `YYYY-MM-DDTHH:MM:SS`.
    pub modified_local: Option<String>,
    /// What it is.
    pub kind: EntryKind,
    /// Where it stood on the device, as a report in the archive says.
    pub device_path: Option<String>,
    /// Its digest, as that report says.
    pub reported_md5: Option<Md5>,
}

/// What comes out of an archive, in its order. Each `Start` ends in one `End` or `Failed`, unless
/// the whole archive ends first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnpackEvent<'a> {
    /// An entry begins.
    Start(&'a EntryStart),
    /// The next bytes of the entry, at most [`MAX_DATA_BYTES`](super::MAX_DATA_BYTES).
    Data(&'a [u8]),
    /// The entry is complete and its checksum, where the format has one, holds.
    End,
    /// The entry cannot be read, or not to its end.
    Failed(&'a Failure),
}

/// How unpacking ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UnpackSummary {
    /// Entries begun.
    pub entries: u64,
    /// Bytes that came out.
    pub bytes: u64,
    /// Why the archive could not be read to its end; what came before stands.
    pub failure: Option<Failure>,
    /// Whether the caller broke off.
    pub stopped: bool,
    /// The media type of the archive, where what it holds makes it more than its format.
    pub mime: Option<&'static str>,
    /// What else is to be said of the archive, in code and plain words.
    pub notes: Vec<Note>,
}

/// What a worker can no longer do once its fences stand; asked at each scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FenceTest {
    /// Opening a file by name is refused.
    pub open_refused: bool,
    /// Taking more memory than the cap is refused.
    pub memory_capped: bool,
    /// Making a network socket ends the process at once.
    pub socket_fatal: bool,
}

/// What the process of films can no longer do once its fences stand; asked at each scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FilmFenceTest {
    /// Opening a file by name is refused.
    pub open_refused: bool,
    /// Making a network socket is refused.
    pub socket_refused: bool,
    /// Starting a process is refused.
    pub process_refused: bool,
}

impl FilmFenceTest {
    /// Whether every fence held.
    pub const fn passed(self) -> bool {
        self.open_refused && self.socket_refused && self.process_refused
    }
}

impl FenceTest {
    /// Whether every fence held.
    pub const fn passed(self) -> bool {
        self.open_refused && self.memory_capped && self.socket_fatal
    }
}
