//! The PDQ perceptual signal of a picture: 256 bits, two published computations, eight orientations.

use std::fmt;
use std::str::FromStr;

use crate::digest::{HexError, bytes_from_hex, hex};

/// A PDQ signal. Bytes stand in the order of its 64 hex digits: bit 255 first.
/// Source: PDQ reference, "hash hex form".
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pdq(pub [u8; 32]);

impl Pdq {
    /// The signal of a picture too small or too flat to have one.
    pub const ZERO: Self = Self([0; 32]);

    /// Four 64-bit words, most significant first, for fast comparison.
    pub fn words(self) -> [u64; 4] {
        let mut words = [0; 4];
        for (word, bytes) in words.iter_mut().zip(self.0.as_chunks::<8>().0) {
            *word = u64::from_be_bytes(*bytes);
        }
        words
    }

    /// The inverse of [`Pdq::words`].
    pub fn from_words(words: [u64; 4]) -> Self {
        let mut bytes = [0; 32];
        for (out, word) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(words) {
            *out = word.to_be_bytes();
        }
        Self(bytes)
    }
}

impl fmt::Display for Pdq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for Pdq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pdq({self})")
    }
}

impl FromStr for Pdq {
    type Err = HexError;

    fn from_str(text: &str) -> Result<Self, HexError> {
        bytes_from_hex(text).map(Self)
    }
}

/// A name that is in none of the closed sets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is not one of {expected}")]
pub struct UnknownName {
    /// What was given.
    pub name: String,
    /// What is possible.
    pub expected: &'static str,
}

/// Which published computation of PDQ made a signal. They agree on pictures up to 512 pixels a
/// side; above, they differ by a median of 6 bits and at most 28 (measured on 1-megapixel photographs).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PdqVariant {
    /// The C++ reference: a nearest-neighbour 512×512 first when a side exceeds 512.
    Reference,
    /// The Python binding that HMA uses: filters the picture at full size.
    Full,
}

impl PdqVariant {
    /// Its name on the command line and in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reference => "reference",
            Self::Full => "full",
        }
    }
}

impl FromStr for PdqVariant {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        match name {
            "reference" => Ok(Self::Reference),
            "full" => Ok(Self::Full),
            _ => Err(UnknownName { name: name.to_owned(), expected: "reference, full" }),
        }
    }
}

/// The eight ways to turn and mirror a picture. Rotations are counter-clockwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Orientation {
    /// As it is.
    Original,
    /// A quarter turn.
    Rotate90,
    /// Half a turn.
    Rotate180,
    /// Three quarters of a turn.
    Rotate270,
    /// Top and bottom exchanged.
    FlipX,
    /// Left and right exchanged: a mirror.
    FlipY,
    /// Mirrored at the main diagonal: transposed.
    FlipPlus1,
    /// Mirrored at the other diagonal.
    FlipMinus1,
}

impl Orientation {
    /// All eight, in the order of the reference's output.
    pub const ALL: [Self; 8] = [
        Self::Original,
        Self::Rotate90,
        Self::Rotate180,
        Self::Rotate270,
        Self::FlipX,
        Self::FlipY,
        Self::FlipPlus1,
        Self::FlipMinus1,
    ];

    /// Its name in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Rotate90 => "rotate_90",
            Self::Rotate180 => "rotate_180",
            Self::Rotate270 => "rotate_270",
            Self::FlipX => "flip_x",
            Self::FlipY => "flip_y",
            Self::FlipPlus1 => "flip_plus_1",
            Self::FlipMinus1 => "flip_minus_1",
        }
    }
}

impl FromStr for Orientation {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|o| o.as_str() == name).ok_or_else(|| UnknownName {
            name: name.to_owned(),
            expected: "original, rotate_90, rotate_180, rotate_270, flip_x, flip_y, flip_plus_1, flip_minus_1",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Orientation, Pdq, PdqVariant};

    #[test]
    fn words_round_trip_and_keep_the_hex_order() {
        let pdq: Pdq =
            "8000000000000000000000000000000000000000000000000000000000000001".parse().unwrap();
        assert_eq!(pdq.words(), [1 << 63, 0, 0, 1]);
        assert_eq!(Pdq::from_words(pdq.words()), pdq);
    }

    #[test]
    fn names_round_trip() {
        for orientation in Orientation::ALL {
            assert_eq!(orientation.as_str().parse(), Ok(orientation));
        }
        for variant in [PdqVariant::Reference, PdqVariant::Full] {
            assert_eq!(variant.as_str().parse(), Ok(variant));
        }
        assert!("sideways".parse::<Orientation>().is_err());
    }
}
