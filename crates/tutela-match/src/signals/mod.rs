//! The signal types Tutela makes itself, as a registry.

mod md5;
mod pdq;
mod sha1;
mod sha256;
mod vpdq;

pub use md5::TYPE as MD5_TYPE;
pub use pdq::{PdqSignals, TYPE as PDQ_TYPE, pdq};
pub use sha1::TYPE as SHA1_TYPE;
pub use sha256::TYPE as SHA256_TYPE;
pub use vpdq::{
    FrameSignal, MAX_VPDQ_FRAMES, Partners, TYPE as VPDQ_TYPE, VPDQ_MIN_QUALITY, VpdqRule,
    comparable, parse_vpdq, partners, write_vpdq,
};

use tutela_core::{Class, Coded, HexError, PdqVariant};

use crate::content::Pixels;

/// Every signal type, in the order in which documents list them.
pub const SIGNALS: &[SignalType] = &[pdq::TYPE, vpdq::TYPE, md5::TYPE, sha1::TYPE, sha256::TYPE];

/// What is known of a kind of signal. One constant per kind, in the file of its name.
#[derive(Debug, Clone, Copy)]
pub struct SignalType {
    /// The name in documents and lists; never renamed.
    pub id: &'static str,
    /// The name for people.
    pub title: &'static str,
    /// What it is computed from.
    pub made_from: &'static str,
    /// How a value is written.
    pub text_form: &'static str,
    /// The largest distance in bits that counts as near. `None`: only equal values match.
    pub threshold: Option<u16>,
    /// Where the computation is published.
    pub source: &'static str,
    /// Texts that `parse` takes.
    pub valid: &'static [&'static str],
    /// Texts that `parse` refuses.
    pub invalid: &'static [&'static str],
    /// Reads a value and gives its canonical text.
    pub parse: fn(&str) -> Result<String, SignalError>,
}

/// The signal type with this id.
pub fn by_id(id: &str) -> Option<&'static SignalType> {
    SIGNALS.iter().find(|signal| signal.id == id)
}

/// Sends any bytes through every door of this module, as texts and as small pictures.
/// For fuzzing: it must return, whatever the bytes are.
pub fn replay(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for line in text.lines() {
        for signal in SIGNALS {
            if let Ok(canonical) = (signal.parse)(line) {
                assert_eq!((signal.parse)(&canonical).as_ref(), Ok(&canonical), "{}", signal.id);
            }
        }
    }
    let [width, height, samples @ ..] = bytes else { return };
    // Sides on both sides of 512, where the variants part; few rows or few columns, to be quick.
    let (width, height) = match (u32::from(*width), u32::from(*height)) {
        (width, height) if width < height => (3 * width, height % 80),
        (width, height) => (width % 80, 3 * height),
    };
    let pixels = (width * height) as usize;
    let endless = || samples.iter().copied().chain(std::iter::repeat(0));
    let pictures = [
        Pixels::grey(width, height, endless().take(pixels).collect()),
        Pixels::rgb(width, height, endless().take(3 * pixels).collect()),
    ];
    for picture in pictures.into_iter().flatten() {
        for variant in [PdqVariant::Reference, PdqVariant::Full] {
            let signals = pdq(&picture, variant);
            assert!(signals.quality <= 100, "quality {}", signals.quality);
        }
    }
}

/// A text is not a value of the signal type named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text is not a value of signal type {kind}")]
pub struct SignalError {
    /// Id of the signal type.
    pub kind: &'static str,
    /// What is wrong with it.
    #[source]
    pub source: ValueError,
}

/// What is wrong with the text of a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// Not the hexadecimal digits it must be.
    #[error(transparent)]
    Hex(#[from] HexError),
    /// Not a list of texts.
    #[error("it is not a list of frames")]
    NotAList,
    /// One of its frames has another form. Frames count from 0.
    #[error("frame {number} is not a signal, a quality and a time")]
    BadFrame {
        /// Which one.
        number: usize,
    },
    /// More frames than are read.
    #[error("it has more than {max} frames")]
    TooManyFrames {
        /// The limit.
        max: usize,
    },
}

impl Coded for SignalError {
    fn code(&self) -> &'static str {
        "match.signal.bad_value"
    }

    fn class(&self) -> Class {
        Class::Invalid
    }
}
