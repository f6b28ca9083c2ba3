//! Takes MD5, SHA-1 and SHA-256 of contents in one read.

mod lanes;
mod md5;

use sha1::Digest as _;
use tutela_core::{Digests, Sha1, Sha256};

use self::md5::Md5Stream;

/// Small enough that a piece stays in the first-level cache while all three digests read it.
const PIECE_BYTES: usize = 8 * 1024;

/// Takes the three digests of a content that arrives in chunks of any size.
///
/// **Cost.** One pass; constant memory. MD5 is the slowest of the three on processors with
/// SHA instructions, unless several contents are read [side by side](update_side_by_side).
/// **Source.** RFC 1321 (MD5), FIPS 180-4 (SHA-1, SHA-256).
#[derive(Debug, Clone, Default)]
pub struct DigestHasher {
    md5: Md5Stream,
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
            md5: self.md5.finish(),
            sha1: Sha1(self.sha1.finalize().into()),
            sha256: Sha256(self.sha256.finalize().into()),
        }
    }
}

/// Reads the next bytes of several contents at once. The answers are those of
/// [`DigestHasher::update`] called for each; with sixteen contents or more, MD5 is several times faster.
pub fn update_side_by_side(pieces: &mut [(&mut DigestHasher, &[u8])]) {
    for (hasher, bytes) in &mut *pieces {
        hasher.sha1.update(&**bytes);
        hasher.sha256.update(&**bytes);
    }
    Md5Stream::update_all(pieces.iter_mut().map(|(hasher, bytes)| (&mut hasher.md5, *bytes)));
}

/// The digests of a content that is in memory as a whole.
pub fn digests(bytes: &[u8]) -> Digests {
    let mut hasher = DigestHasher::new();
    hasher.update(bytes);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::{DigestHasher, PIECE_BYTES, digests, update_side_by_side};

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
    fn lengths_and_chunks_do_not_matter() {
        use md5::Digest as _;
        let bytes: Vec<u8> = (0..5_000).map(|i| (i * 31 % 251) as u8).collect();
        for length in (0..200).chain([4_095, 4_096, 4_097]) {
            let mut hasher = DigestHasher::new();
            bytes[..length].chunks(1 + length % 97).for_each(|chunk| hasher.update(chunk));
            let expected: [u8; 16] = md5::Md5::digest(&bytes[..length]).into();
            assert_eq!(hasher.finish().md5.0, expected, "{length} bytes");
        }
    }

    #[test]
    fn side_by_side_gives_what_one_after_the_other_gives() {
        let bytes: Vec<u8> =
            (0..70_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let mut state = 1_u64;
        let mut below = |limit: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) as usize % limit
        };
        for contents in [0, 1, 2, 3, 15, 16, 17, 40, 100] {
            let ranges: Vec<_> = (0..contents)
                .map(|i| {
                    let (start, longest) = (below(1_000), [1, 64, 70, 5_000, 69_000][i % 5]);
                    start..start + below(longest)
                })
                .collect();
            let mut hashers = vec![DigestHasher::new(); contents];
            // Each content comes in pieces of its own, some of them empty.
            let mut read = vec![0; contents];
            while (0..contents).any(|i| read[i] < ranges[i].len()) {
                let mut pieces: Vec<(&mut DigestHasher, &[u8])> = Vec::new();
                for (i, hasher) in hashers.iter_mut().enumerate() {
                    let rest = &bytes[ranges[i].clone()][read[i]..];
                    let piece = &rest[..rest.len().min(below(20_000))];
                    read[i] += piece.len();
                    pieces.push((hasher, piece));
                }
                update_side_by_side(&mut pieces);
            }
            for (hasher, range) in hashers.into_iter().zip(ranges) {
                assert_eq!(
                    hasher.finish(),
                    digests(&bytes[range.clone()]),
                    "{contents}: {range:?}"
                );
            }
        }
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
