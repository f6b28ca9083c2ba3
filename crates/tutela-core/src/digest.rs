//! Cryptographic digests of content, as fixed bytes that print as lower-case hex.

use std::fmt;
use std::str::FromStr;

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};

/// A text is not the hex form of a digest or signal of this length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not {expected} hexadecimal digits")]
pub struct HexError {
    /// How many digits the value has.
    pub expected: usize,
}

/// Reads exactly `N` bytes of hex, upper or lower case.
pub(crate) fn bytes_from_hex<const N: usize>(text: &str) -> Result<[u8; N], HexError> {
    let bad = HexError { expected: N * 2 };
    if text.len() != N * 2 {
        return Err(bad);
    }
    let mut bytes = [0; N];
    HEXLOWER_PERMISSIVE.decode_mut(text.as_bytes(), &mut bytes).map_err(|_| bad)?;
    Ok(bytes)
}

/// Lower-case hex of some bytes.
pub(crate) fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

macro_rules! digest {
    ($(#[$doc:meta])* $name:ident, $bytes:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub [u8; $bytes]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = HexError;

            fn from_str(text: &str) -> Result<Self, HexError> {
                bytes_from_hex(text).map(Self)
            }
        }
    };
}

digest!(
    /// MD5, 16 bytes: the key of Project VIC and most older lists. Not collision resistant.
    Md5,
    16
);
digest!(
    /// SHA-1, 20 bytes: carried by most lists. Not collision resistant.
    Sha1,
    20
);
digest!(
    /// SHA-256, 32 bytes: what seals an exhibit.
    Sha256,
    32
);

/// The three digests of one content, taken in one read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digests {
    /// MD5 of the whole content.
    pub md5: Md5,
    /// SHA-1 of the whole content.
    pub sha1: Sha1,
    /// SHA-256 of the whole content.
    pub sha256: Sha256,
}

#[cfg(test)]
mod tests {
    use super::{HexError, Md5};

    #[test]
    fn hex_reads_both_cases_and_prints_lower() {
        let md5: Md5 = "D41D8CD98F00B204E9800998ECF8427E".parse().unwrap();
        assert_eq!(md5.to_string(), "d41d8cd98f00b204e9800998ecf8427e");
    }

    #[test]
    fn other_lengths_and_letters_are_refused() {
        for text in
            ["", "d41d", "g41d8cd98f00b204e9800998ecf8427e", "é41d8cd98f00b204e9800998ecf8427"]
        {
            assert_eq!(text.parse::<Md5>(), Err(HexError { expected: 32 }), "{text:?}");
        }
    }
}
