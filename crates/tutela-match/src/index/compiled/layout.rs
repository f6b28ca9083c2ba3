//! How a compiled list lies in its file: a header, sections, and a checksum of every block.
//!
//! ```text
//! header    512 bytes   magic, version, bytes of header and sections, where each section lies, CRC-32
//! sections              each begins at a multiple of 64 bytes
//! checksums             CRC-32 of each MiB of header and sections, then the CRC-32 of those
//! ```
//!
//! Numbers are little-endian. The checksums find damage; they do not stop somebody who writes a list of
//! his own, so whatever is read is also checked for sense.

use std::io::{self, Write};
use std::ops::Range;

use super::CompiledError;

/// First bytes of a compiled list.
pub const MAGIC: [u8; 8] = *b"TUTLIST\0";
/// The version of this layout. Version 1 had no sizes.
pub const VERSION: u32 = 2;
/// Bytes of the header.
pub const HEADER_BYTES: usize = 512;
/// Bytes that share a checksum.
pub const BLOCK_BYTES: usize = 1 << 20;
/// Where sections begin: a multiple of this, a line of the cache.
pub const ALIGNMENT: u64 = 64;

/// The parts of a compiled list, in the order of the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub enum Section {
    /// What is known of the list as a whole, in the words of whoever compiled it.
    About,
    /// A record of 16 bytes for each entry.
    Records,
    /// Keys of entries, each behind its length.
    Texts,
    /// PDQ signals, each with its entry.
    Pdq,
    /// MD5, rows of a table. The other parts of the table follow.
    Md5,
    /// SHA-1, rows of a table. The other parts of the table follow.
    Sha1 = 8,
    /// SHA-256, rows of a table. The other parts of the table follow.
    Sha256 = 12,
    /// Frames of films, each with its entry; those of one film stand together.
    Films = 16,
    /// Sizes that entries state, each once, the smallest first.
    Sizes = 17,
}

/// Sections in all.
pub const SECTIONS: usize = 18;
/// Parts of a table behind its rows: starts, filters, prints.
pub const TABLE_PARTS: usize = 4;

/// Where the header and each section lie.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layout {
    /// First byte of each section, and the first behind it.
    pub sections: [Range<u64>; SECTIONS],
    /// Bytes of header and sections.
    pub body_bytes: u64,
}

impl Layout {
    /// The header.
    pub fn header(&self) -> [u8; HEADER_BYTES] {
        let mut bytes = Vec::with_capacity(HEADER_BYTES);
        bytes.extend(MAGIC);
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend((SECTIONS as u32).to_le_bytes());
        bytes.extend(self.body_bytes.to_le_bytes());
        for section in &self.sections {
            bytes.extend(section.start.to_le_bytes());
            bytes.extend(section.end.to_le_bytes());
        }
        bytes.resize(HEADER_BYTES - 4, 0);
        bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
        let mut header = [0; HEADER_BYTES];
        header.copy_from_slice(&bytes);
        header
    }

    /// Reads the header and compares it with the length of the whole.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, CompiledError> {
        if !bytes.starts_with(&MAGIC) {
            return Err(CompiledError::NotCompiled);
        }
        let cut = CompiledError::Cut { found: bytes.len() as u64 };
        let Some((header, _)) = bytes.split_first_chunk::<HEADER_BYTES>() else {
            return Err(cut);
        };
        let version = word(header, 8);
        if version != VERSION {
            return Err(CompiledError::Version { found: version });
        }
        let sound = crc32fast::hash(&header[..HEADER_BYTES - 4]) == word(header, HEADER_BYTES - 4)
            && word(header, 12) as usize == SECTIONS;
        if !sound {
            return Err(CompiledError::Damaged { part: "the header" });
        }
        let body_bytes = long(header, 16);
        if whole_bytes(body_bytes) != Some(bytes.len() as u64) {
            return Err(cut);
        }
        let section = |number: usize| {
            let at = 24 + 16 * number;
            long(header, at)..long(header, at + 8)
        };
        let layout = Self { sections: std::array::from_fn(section), body_bytes };
        let inside = |section: &Range<u64>| {
            section.is_empty()
                || (section.start >= HEADER_BYTES as u64 && section.end <= body_bytes)
        };
        if !layout.sections.iter().all(inside) {
            return Err(CompiledError::Damaged { part: "the table of sections" });
        }
        Ok(layout)
    }

    /// The bytes of a section; the layout was read from these bytes.
    pub(super) fn section<'a>(&self, bytes: &'a [u8], number: usize) -> &'a [u8] {
        bytes.get(self.place(number)).unwrap_or_default()
    }

    /// Where a section lies.
    pub(super) fn place(&self, number: usize) -> Range<usize> {
        let range = self.sections.get(number).cloned().unwrap_or_default();
        let [start, end] = [range.start, range.end].map(|at| usize::try_from(at).unwrap_or(0));
        start..end
    }
}

/// Writes sections one behind the other and remembers where they lie.
pub struct Assembler<W> {
    out: W,
    at: u64,
    layout: Layout,
}

impl<W: Write> Assembler<W> {
    /// Begins with room for the header.
    ///
    /// # Errors
    /// What the output says.
    pub fn new(mut out: W) -> io::Result<Self> {
        out.write_all(&[0; HEADER_BYTES])?;
        Ok(Self { out, at: HEADER_BYTES as u64, layout: Layout::default() })
    }

    /// Writes a section, or a part of a table: its rows are part 0.
    ///
    /// # Errors
    /// What `write` or the output says.
    pub fn section<T>(
        &mut self,
        section: Section,
        part: usize,
        write: impl FnOnce(&mut dyn Write) -> io::Result<T>,
    ) -> io::Result<T> {
        let padding = self.at.next_multiple_of(ALIGNMENT) - self.at;
        self.out.write_all(&[0; ALIGNMENT as usize][..padding as usize])?;
        self.at += padding;
        let mut counted = Counted { out: &mut self.out, bytes: 0 };
        let written = write(&mut counted)?;
        let end = self.at + counted.bytes;
        self.layout.sections[section as usize + part] = self.at..end;
        self.at = end;
        Ok(written)
    }

    /// Ends the last section. The header goes to the front, and checksums of all behind it.
    pub fn finish(mut self) -> (W, Layout) {
        self.layout.body_bytes = self.at;
        (self.out, self.layout)
    }
}

/// An output that counts.
struct Counted<'a, W> {
    out: &'a mut W,
    bytes: u64,
}

impl<W: Write> Write for Counted<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Bytes of the whole file behind so many bytes of header and sections.
fn whole_bytes(body_bytes: u64) -> Option<u64> {
    let blocks = body_bytes.div_ceil(BLOCK_BYTES as u64);
    blocks.checked_add(1)?.checked_mul(4)?.checked_add(body_bytes)
}

/// What stands behind header and sections, made block by block.
#[derive(Default)]
pub struct Checksums {
    sums: Vec<u8>,
}

impl Checksums {
    /// Takes the next block: [`BLOCK_BYTES`], or the rest.
    pub fn add(&mut self, block: &[u8]) {
        self.sums.extend(crc32fast::hash(block).to_le_bytes());
    }

    /// The bytes to be written.
    pub fn finish(mut self) -> Vec<u8> {
        let sum = crc32fast::hash(&self.sums);
        self.sums.extend(sum.to_le_bytes());
        self.sums
    }
}

/// Whether every block is as it was written; else which part is not.
pub(super) fn check(bytes: &[u8], layout: &Layout) -> Result<(), CompiledError> {
    let body = usize::try_from(layout.body_bytes).unwrap_or(usize::MAX);
    let Some((body, sums)) = bytes.split_at_checked(body) else {
        return Err(CompiledError::Cut { found: bytes.len() as u64 });
    };
    let mut found = Checksums::default();
    body.chunks(BLOCK_BYTES).for_each(|block| found.add(block));
    if found.finish() == sums {
        Ok(())
    } else {
        Err(CompiledError::Damaged { part: "a block behind the header" })
    }
}

fn word(bytes: &[u8; HEADER_BYTES], at: usize) -> u32 {
    bytes[at..].first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

fn long(bytes: &[u8; HEADER_BYTES], at: usize) -> u64 {
    bytes[at..].first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}
