//! Texts of files: kept as length and digest, never as words.

use std::io::Read;

use flate2::read::ZlibDecoder;
use sha2::{Digest, Sha256 as Sha256Hasher};
use tutela_core::{SealedText, Sha256};

use super::limits::{MAX_LABEL_CHARS, MAX_TEXT_BYTES};

/// A short text as one clean line; `None` where nothing is left of it.
pub(super) fn label(text: &str) -> Option<String> {
    line(text, MAX_LABEL_CHARS)
}

/// A text as one clean line of at most so many characters.
pub(super) fn line(text: &str, max_chars: usize) -> Option<String> {
    let clean = text.chars().filter(|c| !c.is_control());
    let clean: String = clean.skip_while(|c| c.is_whitespace()).take(max_chars).collect();
    let clean = clean.trim_end();
    (!clean.is_empty()).then(|| clean.to_owned())
}

/// What is kept of a text: how long it is, and its digest.
pub(super) fn seal(bytes: &[u8]) -> SealedText {
    let read = &bytes[..bytes.len().min(MAX_TEXT_BYTES)];
    SealedText {
        size_bytes: read.len() as u64,
        sha256: Sha256(Sha256Hasher::digest(read).into()),
        cut: read.len() < bytes.len(),
    }
}

/// Inflates a text, as far as the limit and one byte more. What breaks off is kept up to there.
pub(super) fn inflate(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    // An error ends the text; what came before it stands.
    let _broke_off = ZlibDecoder::new(bytes).take(MAX_TEXT_BYTES as u64 + 1).read_to_end(&mut text);
    text
}

/// The part of a text that is looked at.
pub(super) fn readable(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_TEXT_BYTES)]).into_owned()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::{MAX_TEXT_BYTES, inflate, label, seal};

    #[test]
    fn a_bomb_is_read_up_to_the_limit() {
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
        packed.write_all(&vec![b'x'; 50 << 20]).unwrap();
        let packed = packed.finish().unwrap();
        assert!(packed.len() < MAX_TEXT_BYTES);
        let text = inflate(&packed);
        assert_eq!(text.len(), MAX_TEXT_BYTES + 1);
        let sealed = seal(&text);
        assert!(sealed.cut && sealed.size_bytes == MAX_TEXT_BYTES as u64);
        assert_eq!(inflate(b"no zlib"), b"");
        assert!(!seal(b"abc").cut);
    }

    #[test]
    fn labels_are_short_and_clean() {
        assert_eq!(label("  a\u{1b}b\nc  ").as_deref(), Some("abc"));
        assert_eq!(label(" \t\n"), None);
        assert_eq!(label(&"é".repeat(999)).unwrap().chars().count(), 128);
    }
}
