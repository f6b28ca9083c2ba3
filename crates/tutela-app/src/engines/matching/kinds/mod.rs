//! The kinds of signal that a service matches live, as a registry: one file a kind and its line in [`KINDS`].

mod digest;
pub(super) mod kept;
mod live;
mod pdq;
mod sorted;
mod vpdq;

use std::path::Path;
use std::{fmt, io};

use tutela_core::ContentNumber;
use tutela_match::signals::{SignalError, SignalType};

/// Id of the kind that counts bits.
pub(super) const PDQ: &str = pdq::TYPE.id;

/// Every kind, in the order in which documents list them.
pub static KINDS: &[KindType] =
    &[pdq::TYPE, digest::VIDEO_MD5, vpdq::TYPE, digest::MD5, digest::SHA1, digest::SHA256];

/// What is known of a kind. Its id is what clients call `signal_type`.
#[derive(Debug)]
pub struct KindType {
    /// The name in requests and answers; never renamed.
    pub id: &'static str,
    /// The signal type that its values belong to.
    pub signal: &'static SignalType,
    /// What it is made from: `photo`, `video`.
    pub content_types: &'static [&'static str],
    /// It is made of uploads whether asked for or not, as HMA's clients expect.
    pub by_default: bool,
    /// An empty index of it.
    pub(crate) new: fn() -> Box<dyn LiveKind>,
}

impl KindType {
    /// The kind with this id.
    pub fn by_id(id: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.id == id)
    }

    /// The canonical text of a value.
    ///
    /// # Errors
    /// The text is no value of this kind.
    pub fn parse(&self, text: &str) -> Result<String, SignalError> {
        (self.signal.parse)(text)
    }
}

/// How near a content is to what was asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Nearness {
    /// The values are equal; the kind knows no distance.
    Equal,
    /// Bits that differ.
    Bits(u16),
    /// Frames of the one film that have a partner in the other, in percent: asked about, stored.
    Frames(u8, u8),
}

impl Nearness {
    /// Bits that differ, where the kind counts them.
    pub fn bits(self) -> Option<u16> {
        match self {
            Self::Bits(bits) => Some(bits),
            Self::Equal | Self::Frames(..) => None,
        }
    }

    /// Nearest first.
    pub(super) fn rank(self) -> u16 {
        match self {
            Self::Equal => 0,
            Self::Bits(bits) => bits,
            Self::Frames(asked, _) => 100 - u16::from(asked.min(100)),
        }
    }
}

impl fmt::Display for Nearness {
    /// As HMA's clients know it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Equal => f.write_str("-"),
            Self::Bits(bits) => bits.fmt(f),
            Self::Frames(asked, stored) => write!(f, "{asked}%[{stored}%]"),
        }
    }
}

/// One content near what was asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Near {
    pub(crate) content: ContentNumber,
    pub(crate) nearness: Nearness,
}

/// A cut through a kind: writes its files into a folder, and gives their names. Files that are no longer as an
/// earlier cut wrote them end in the text given.
pub(crate) type Cut = Box<dyn FnOnce(&Path, &str) -> io::Result<Vec<String>> + Send>;

/// The signals of one kind, ready for look-ups while they change. Values are canonical texts.
pub(crate) trait LiveKind: Send + Sync {
    /// Takes the value of a content, which has none of this kind.
    fn add(&self, content: ContentNumber, value: &str);

    /// Forgets the value of a content, which has one.
    fn remove(&self, content: ContentNumber);

    /// Adds every content within the radius of each value, where the kind has one, with the index of the
    /// value; in any order.
    fn look_up(&self, values: &[&str], radius: u16, near: &mut Vec<(Near, usize)>);

    /// How many contents have a value of this kind.
    fn len(&self) -> u64;

    /// How it is kept, for people.
    fn parts(&self) -> Parts;

    /// Does a piece of work that makes later look-ups faster, if one is due; says whether there was one.
    fn tend(&self) -> bool;

    /// The work for quiet moments: makes look-ups as fast as they can be, where that is more than a little
    /// faster; says whether there was something to do.
    fn settle(&self) -> bool {
        false
    }

    /// Whether what was restored from files is as it was written. Reads every byte.
    fn holds(&self) -> bool;

    /// What it holds at this moment, to be written to files while it goes on changing.
    fn cut(&self) -> Cut;

    /// Takes in the files that a cut has written, when so many contents had a value. Nothing has been added
    /// before.
    fn restore(&self, folder: &Path, files: &[String], len: u64) -> io::Result<()>;
}

/// How the signals of a kind are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parts {
    /// Runs that do not change.
    pub segments: usize,
    /// Signals that are in none of them yet.
    pub tail: usize,
    /// Bytes of the runs, in memory or mapped from files.
    pub bytes: u64,
}
