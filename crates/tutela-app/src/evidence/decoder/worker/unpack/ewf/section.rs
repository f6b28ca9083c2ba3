//! Sections of one segment file: the chain that leads through it, and what single sections say.

use crate::evidence::decoder::worker::source::Source;
use crate::evidence::decoder::worker::unpack::numbers::{le32, le64};

/// Bytes of a segment's header, and of what stands before each section.
const HEADER_BYTES: usize = 13;
pub(super) const DESCRIPTOR_BYTES: u64 = 76;
/// Sections of one segment. Each holds thousands of chunks.
const MAX_SECTIONS: usize = 1 << 20;

/// A section by its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) kind: String,
    /// Where its content begins.
    pub(super) at: u64,
    pub(super) end: u64,
}

/// How a segment ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The image is complete.
    Done,
    /// There is another segment.
    Next,
    /// The chain breaks off.
    Broken,
}

/// The number in a segment's header, where it is one. Source: libewf, "EWF specification", 2.1.
pub(super) fn segment_number(source: &Source) -> Option<u16> {
    let mut header = [0; HEADER_BYTES];
    read_exact(source, 0, &mut header)?;
    let number = u16::from_le_bytes([header[9], header[10]]);
    (header.starts_with(b"EVF\x09\x0d\x0a\xff\x00") && number > 0).then_some(number)
}

/// All sections in order, as far as the chain holds.
pub(super) fn sections(source: &Source) -> (Vec<Section>, End) {
    let mut sections = Vec::new();
    let mut at = HEADER_BYTES as u64;
    while sections.len() < MAX_SECTIONS {
        let mut descriptor = [0; DESCRIPTOR_BYTES as usize];
        if read_exact(source, at, &mut descriptor).is_none() {
            return (sections, End::Broken);
        }
        if adler32(&descriptor[..72]) != le32(&descriptor, 72) {
            return (sections, End::Broken);
        }
        let kind: Vec<u8> = descriptor[..16].iter().copied().take_while(|b| *b != 0).collect();
        let kind = String::from_utf8_lossy(&kind).into_owned();
        let (next, size) = (le64(&descriptor, 16), le64(&descriptor, 24));
        match kind.as_str() {
            "done" => return (sections, End::Done),
            "next" => return (sections, End::Next),
            _ => {}
        }
        // Some programs give no size; the next section then says where this one ends.
        let end = if size > DESCRIPTOR_BYTES { at.saturating_add(size) } else { next };
        let end = end.min(source.size_bytes());
        sections.push(Section { kind, at: at + DESCRIPTOR_BYTES, end });
        if next <= at {
            return (sections, End::Broken);
        }
        at = next;
    }
    (sections, End::Broken)
}

/// Size and division of the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Geometry {
    pub(super) size_bytes: u64,
    pub(super) chunk_bytes: u64,
    pub(super) chunks: u64,
}

/// Reads a section `volume`, `disk` or `data`.
pub(super) fn geometry(source: &Source, section: &Section) -> Option<Geometry> {
    /// SMART writes a shorter form, with 32 bits for the number of sectors.
    const SHORT_BYTES: u64 = 94;
    const MAX_CHUNK_BYTES: u64 = 16 << 20;
    let mut bytes = [0; 24];
    read_exact(source, section.at, &mut bytes)?;
    let short = section.end - section.at <= SHORT_BYTES;
    let sectors = if short { le32(&bytes, 16).into() } else { le64(&bytes, 16) };
    let sector_bytes = u64::from(le32(&bytes, 12));
    let chunk_bytes = u64::from(le32(&bytes, 8)).checked_mul(sector_bytes)?;
    let size_bytes = sector_bytes.checked_mul(sectors)?;
    let sound = (512..=MAX_CHUNK_BYTES).contains(&chunk_bytes) && size_bytes > 0;
    let chunks = size_bytes.div_ceil(chunk_bytes.max(1));
    sound.then_some(Geometry { size_bytes, chunk_bytes, chunks })
}

/// Digests that the acquiring program stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Stored {
    pub(super) md5: Option<[u8; 16]>,
    pub(super) sha1: Option<[u8; 20]>,
}

/// Reads a section `hash` or `digest`. Zeros stand for none.
pub(super) fn digests(source: &Source, section: &Section, stored: &mut Stored) -> Option<()> {
    let mut md5 = [0; 16];
    read_exact(source, section.at, &mut md5)?;
    stored.md5 = Some(md5).filter(|md5| *md5 != [0; 16]).or(stored.md5);
    if section.kind == "digest" {
        let mut sha1 = [0; 20];
        read_exact(source, section.at + 16, &mut sha1)?;
        stored.sha1 = Some(sha1).filter(|sha1| *sha1 != [0; 20]);
    }
    Some(())
}

/// Fills the buffer, or gives `None`.
pub(super) fn read_exact(source: &Source, at: u64, buffer: &mut [u8]) -> Option<()> {
    let mut filled = 0;
    while filled < buffer.len() {
        match source.read_at(at.checked_add(filled as u64)?, &mut buffer[filled..]) {
            Ok(0) | Err(_) => return None,
            Ok(read) => filled += read,
        }
    }
    Some(())
}

/// The checksum that closes everything in this format. Source: RFC 1950, chapter 8.2.
pub(super) fn adler32(bytes: &[u8]) -> u32 {
    const MODULUS: u32 = 65_521;
    /// Sums of so many bytes do not overflow.
    const BLOCK: usize = 5552;
    let (mut low, mut high) = (1_u32, 0_u32);
    for block in bytes.chunks(BLOCK) {
        for byte in block {
            low += u32::from(*byte);
            high += low;
        }
        low %= MODULUS;
        high %= MODULUS;
    }
    high << 16 | low
}

#[cfg(test)]
mod tests {
    use super::adler32;

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        assert_eq!(adler32(b""), 1);
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
        assert_eq!(adler32(&[0xff; 20_000]), {
            let low = (1 + 20_000 * 255_u64) % 65_521;
            let high = (20_000 + 255 * (20_000 * 20_001 / 2)) % 65_521;
            (high << 16 | low) as u32
        });
    }
}
