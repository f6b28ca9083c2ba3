//! Digests of whole files: only equal ones match.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use tutela_core::ContentNumber;
use tutela_match::signals::{MD5_TYPE, SHA1_TYPE, SHA256_TYPE};

use super::{KindType, LiveKind, Near, Nearness};

/// HMA's name for the MD5 of a film.
pub(super) const VIDEO_MD5: KindType = KindType {
    id: "video_md5",
    signal: &MD5_TYPE,
    content_types: &["video"],
    by_default: true,
    new: || Box::new(Digests::<16>::default()),
};
pub(super) const MD5: KindType = KindType {
    id: "md5",
    signal: &MD5_TYPE,
    content_types: &["photo", "video"],
    by_default: false,
    new: || Box::new(Digests::<16>::default()),
};
pub(super) const SHA1: KindType = KindType {
    id: "sha1",
    signal: &SHA1_TYPE,
    content_types: &["photo", "video"],
    by_default: false,
    new: || Box::new(Digests::<20>::default()),
};
pub(super) const SHA256: KindType = KindType {
    id: "sha256",
    signal: &SHA256_TYPE,
    content_types: &["photo", "video"],
    by_default: false,
    new: || Box::new(Digests::<32>::default()),
};

/// Digests of `N` bytes. A digest nearly always belongs to one content, so only further ones cost a list.
#[derive(Debug)]
struct Digests<const N: usize> {
    held: RwLock<Held<N>>,
}

#[derive(Debug)]
struct Held<const N: usize> {
    first: HashMap<[u8; N], u64>,
    more: HashMap<[u8; N], Vec<u64>>,
    of: HashMap<u64, [u8; N]>,
}

impl<const N: usize> Default for Digests<N> {
    fn default() -> Self {
        let held = Held { first: HashMap::new(), more: HashMap::new(), of: HashMap::new() };
        Self { held: RwLock::new(held) }
    }
}

impl<const N: usize> LiveKind for Digests<N> {
    fn add(&self, content: ContentNumber, value: &str) {
        let Some(digest) = bytes(value) else { return };
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        held.of.insert(content.0, digest);
        if *held.first.entry(digest).or_insert(content.0) != content.0 {
            held.more.entry(digest).or_default().push(content.0);
        }
    }

    fn remove(&self, content: ContentNumber) {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        let Some(digest) = held.of.remove(&content.0) else { return };
        let mut rest = held.more.remove(&digest).unwrap_or_default();
        rest.retain(|other| *other != content.0);
        if held.first.get(&digest) == Some(&content.0) {
            match rest.pop() {
                Some(next) => held.first.insert(digest, next),
                None => held.first.remove(&digest),
            };
        }
        if !rest.is_empty() {
            held.more.insert(digest, rest);
        }
    }

    fn look_up(&self, value: &str, _: u16, near: &mut Vec<Near>) {
        let Some(digest) = bytes::<N>(value) else { return };
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let first = held.first.get(&digest).into_iter();
        let all = first.chain(held.more.get(&digest).into_iter().flatten());
        let found = |&content| Near { content: ContentNumber(content), nearness: Nearness::Equal };
        near.extend(all.map(found));
    }

    fn len(&self) -> u64 {
        self.held.read().unwrap_or_else(PoisonError::into_inner).of.len() as u64
    }
}

fn bytes<const N: usize>(hex: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let digits = hex.as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |digit: u8| char::from(digit).to_digit(16);
        *byte = u8::try_from(digit(pair[0])? << 4 | digit(pair[1])?).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use tutela_core::ContentNumber;

    use super::{Digests, LiveKind};

    #[test]
    fn equal_digests_are_found_until_they_are_removed() {
        let digests = Digests::<16>::default();
        let (a, b) = ("0".repeat(32), "f".repeat(32));
        let check = |value: &str, expected: &[u64]| {
            let mut near = Vec::new();
            digests.look_up(value, 31, &mut near);
            let mut found: Vec<u64> = near.iter().map(|near| near.content.0).collect();
            found.sort_unstable();
            assert_eq!(found, expected, "{value}");
        };
        for (content, value) in [(1, &a), (2, &a), (3, &a), (4, &b)] {
            digests.add(ContentNumber(content), value);
        }
        check(&a, &[1, 2, 3]);
        check(&b, &[4]);
        check("12", &[]);
        digests.remove(ContentNumber(1));
        check(&a, &[2, 3]);
        digests.remove(ContentNumber(3));
        digests.remove(ContentNumber(3));
        check(&a, &[2]);
        digests.remove(ContentNumber(2));
        check(&a, &[]);
        assert_eq!(digests.len(), 1);
    }
}
