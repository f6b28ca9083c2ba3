//! Takes MD5, SHA-1 and SHA-256 of a content in one read.

use md5::Digest as _;
use tutela_core::{Digests, Md5, Sha1, Sha256};

/// Small enough that a piece stays in the first-level cache while all three digests read it.
const PIECE_BYTES: usize = 8 * 1024;

/// Takes the three digests of a content that arrives in chunks of any size.
///
/// **Cost.** One pass; constant memory. MD5 is the slowest of the three on processors with
/// SHA instructions.
/// **Source.** RFC 1321 (MD5), FIPS 180-4 (SHA-1, SHA-256).
#[derive(Debug, Clone, Default)]
pub struct DigestHasher {
    md5: md5::Md5,
    sha1: sha1::Sha1,
    sha256: sha2::Sha256,
}

impl DigestHasher {
    /// Nothing read yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the next bytes of the content.
    pub fn update(&mut self, bytes: &[u8]) {
        for piece in bytes.chunks(PIECE_BYTES) {
            self.md5.update(piece);
            self.sha1.update(piece);
            self.sha256.update(piece);
        }
    }

    /// The digests of everything read.
    pub fn finish(self) -> Digests {
        Digests {
            md5: Md5(self.md5.finalize().into()),
            sha1: Sha1(self.sha1.finalize().into()),
            sha256: Sha256(self.sha256.finalize().into()),
        }
    }
}

/// The digests of a content that is in memory as a whole.
pub fn digests(bytes: &[u8]) -> Digests {
    let mut hasher = DigestHasher::new();
    hasher.update(bytes);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::{DigestHasher, PIECE_BYTES, digests};

    /// Answers of RFC 1321 section A.5 and the examples of FIPS 180.
    #[test]
    fn known_answers_hold() {
        let check = |content: &[u8], md5: &str, sha1: &str, sha256: &str| {
            let digests = digests(content);
            assert_eq!(digests.md5.to_string(), md5);
            assert_eq!(digests.sha1.to_string(), sha1);
            assert_eq!(digests.sha256.to_string(), sha256);
        };
        check(
            b"",
            "d41d8cd98f00b204e9800998ecf8427e",
            "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        );
        check(
            b"abc",
            "900150983cd24fb0d6963f7d28e17f72",
            "a9993e364706816aba3e25717850c26c9cd0d89d",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        );
        check(
            &vec![b'a'; 1_000_000],
            "7707d6ae4e027c70eea2a935c2296f21",
            "34aa973cd4c4daa4f61eeb2bdbad27316534016f",
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
        );
    }

    #[test]
    fn chunks_do_not_matter() {
        let content: Vec<u8> = (0..3 * PIECE_BYTES + 5).map(|i| (i * 31 % 251) as u8).collect();
        for size in [1, 63, 64, 65, PIECE_BYTES - 1, PIECE_BYTES + 1, content.len()] {
            let mut hasher = DigestHasher::new();
            content.chunks(size).for_each(|chunk| hasher.update(chunk));
            assert_eq!(hasher.finish(), digests(&content), "chunks of {size}");
        }
    }
}
