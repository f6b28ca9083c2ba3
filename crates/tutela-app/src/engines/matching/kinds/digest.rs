//! Digests of whole files: only equal ones match.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use tutela_core::ContentNumber;
use tutela_match::signals::{MD5_TYPE, SHA1_TYPE, SHA256_TYPE};

use super::sorted::Sorted;
use super::{Cut, KindType, LiveKind, Near, Nearness, Parts};

/// HMA's name for the MD5 of a film.
pub(super) const VIDEO_MD5: KindType = KindType {
    id: "video_md5",
    signal: &MD5_TYPE,
    content_types: &["video"],
    by_default: true,
    new: || Digests::<16>::boxed("video_md5"),
};
pub(super) const MD5: KindType = KindType {
    id: "md5",
    signal: &MD5_TYPE,
    content_types: &["photo", "video"],
    by_default: false,
    new: || Digests::<16>::boxed("md5"),
};
pub(super) const SHA1: KindType = KindType {
    id: "sha1",
    signal: &SHA1_TYPE,
    content_types: &["photo", "video"],
    by_default: false,
    new: || Digests::<20>::boxed("sha1"),
};
pub(super) const SHA256: KindType = KindType {
    id: "sha256",
    signal: &SHA256_TYPE,
    content_types: &["photo", "video"],
    by_default: false,
    new: || Digests::<32>::boxed("sha256"),
};

/// Digests of `N` bytes.
struct Digests<const N: usize> {
    sorted: Sorted<N>,
    len: AtomicU64,
}

impl<const N: usize> Digests<N> {
    fn boxed(name: &'static str) -> Box<dyn LiveKind> {
        Box::new(Self { sorted: Sorted::named(name), len: AtomicU64::new(0) })
    }
}

impl<const N: usize> LiveKind for Digests<N> {
    fn add(&self, content: ContentNumber, value: &str) {
        if let Some(digest) = bytes(value) {
            self.sorted.add(content.0, digest);
            self.len.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn remove(&self, content: ContentNumber) {
        self.sorted.remove(content.0);
        self.len.fetch_sub(1, Ordering::Relaxed);
    }

    fn look_up(&self, values: &[&str], _: u16, near: &mut Vec<(Near, usize)>) {
        for (value, text) in values.iter().enumerate() {
            let Some(digest) = bytes(text) else { continue };
            near.extend(self.sorted.look_up(&digest).into_iter().map(|content| {
                let near = Near { content: ContentNumber(content), nearness: Nearness::Equal };
                (near, value)
            }));
        }
    }

    fn len(&self) -> u64 {
        self.len.load(Ordering::Relaxed)
    }

    fn parts(&self) -> Parts {
        self.sorted.parts()
    }

    fn tend(&self) -> bool {
        self.sorted.tend()
    }

    fn holds(&self) -> bool {
        self.sorted.holds()
    }

    fn cut(&self) -> Cut {
        self.sorted.cut()
    }

    fn restore(&self, folder: &Path, files: &[String], len: u64) -> io::Result<()> {
        self.len.store(len, Ordering::Relaxed);
        self.sorted.restore(folder, files)
    }
}

fn bytes<const N: usize>(hex: &str) -> Option<[u8; N]> {
    let (pairs, odd) = hex.as_bytes().as_chunks::<2>();
    if pairs.len() != N || !odd.is_empty() {
        return None;
    }
    let mut bytes = [0; N];
    let digit = |digit: u8| char::from(digit).to_digit(16);
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = u8::try_from(digit(*high)? << 4 | digit(*low)?).ok()?;
    }
    Some(bytes)
}
