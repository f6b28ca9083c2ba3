//! The whole image against the digests that the acquiring program stored in it.

use std::fmt::Write;

use super::Image;
use crate::evidence::decoder::message::FailureSay;
use crate::evidence::decoder::worker::unpack::output::{Output, Stop};
use tutela_match::digests::DigestHasher;

/// Letters of one list of ranges: a message has 256.
const MAX_LIST: usize = 150;
/// Notes that go on with the list.
const MAX_LISTS: usize = 8;

/// Reads every chunk. States a match; a difference, or chunks that cannot be read, is the failure
/// of the image.
pub(super) fn check(image: &Image, output: &mut Output<'_>) -> Result<(), Stop> {
    let geometry = image.assembly.geometry;
    let mut hasher = DigestHasher::default();
    let mut number = 0;
    while number < geometry.chunks {
        let listed = image.assembly.next_listed(number).unwrap_or(geometry.chunks);
        if listed > number {
            let until = listed.min(geometry.chunks);
            image.damaged.borrow_mut().add(number, until);
            number = until;
            continue;
        }
        output.working(geometry.chunk_bytes)?;
        // What cannot be read is noted by the image itself.
        if let Ok(chunk) = image.chunk(number) {
            hasher.update(&chunk);
        }
        number += 1;
    }
    let damaged = image.damaged.borrow();
    if !damaged.is_empty() {
        return Err(unreadable(image, &damaged, output).into());
    }
    let digests = hasher.finish();
    let stored = image.assembly.stored;
    let (md5, sha1) = (stored.md5.map(|md5| hex(&md5)), stored.sha1.map(|sha1| hex(&sha1)));
    let holds = |stored: &Option<String>, read: String| stored.as_ref().is_none_or(|s| *s == read);
    let stated = [("MD5", &md5), ("SHA-1", &sha1)];
    let stated: Vec<String> = stated
        .iter()
        .filter_map(|(name, digest)| digest.as_ref().map(|digest| format!("{name} {digest}")))
        .collect();
    if stated.is_empty() {
        output.note("archive.ewf_no_digest", "the image stores no digest of the disk");
        return Ok(());
    }
    let stated = stated.join(", ");
    if holds(&md5, digests.md5.to_string()) && holds(&sha1, digests.sha1.to_string()) {
        let message = format!("the disk as read has the digests that were stored: {stated}");
        output.note("archive.ewf_digest_holds", message);
        return Ok(());
    }
    let message = format!("the disk as read differs from the digests that were stored: {stated}");
    Err(FailureSay::new("archive.ewf_digest_mismatch", message).into())
}

fn unreadable(image: &Image, damaged: &super::Ranges, output: &mut Output<'_>) -> FailureSay {
    let geometry = image.assembly.geometry;
    let mut lists = damaged.texts(MAX_LIST, geometry.chunk_bytes).into_iter();
    let first = lists.next().unwrap_or_default();
    let code = "archive.unreadable_chunks";
    let more = lists.len();
    for list in lists.by_ref().take(MAX_LISTS) {
        output.note(code, format!("also: {list}"));
    }
    let message = format!(
        "{} of {} chunks of {} bytes cannot be read: {first}{}",
        damaged.count(),
        geometry.chunks,
        geometry.chunk_bytes,
        match more {
            0 => "",
            1..=MAX_LISTS => " and further ones",
            _ => " and many more",
        }
    );
    FailureSay::new(code, message)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _written = write!(text, "{byte:02x}");
        text
    })
}
