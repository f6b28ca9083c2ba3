//! Segments put in order, and their tables of chunks placed on the disk, around whatever is missing.

use super::chunk::{self, Place};
use super::section::{
    DESCRIPTOR_BYTES, End, Geometry, Section, Stored, adler32, digests, geometry, read_exact,
    sections, segment_number,
};
use crate::evidence::decoder::message::FailureSay;
use crate::evidence::decoder::worker::source::Source;
use crate::evidence::decoder::worker::unpack::numbers::{le32, le64};
use crate::evidence::decoder::worker::unpack::output::{Output, Stop};

/// Chunks of one table, or found without one; programs write 16,375 or 65,534.
const MAX_CHUNKS: usize = 1 << 22;

/// A set of segments that makes one disk.
pub(super) struct Assembly {
    segments: Vec<Source>,
    /// By first chunk.
    tables: Vec<Table>,
    pub(super) geometry: Geometry,
    pub(super) stored: Stored,
}

/// Chunks that follow each other on the disk and stand in one segment.
pub(super) struct Table {
    pub(super) segment: usize,
    pub(super) first_chunk: u64,
    pub(super) chunks: u64,
    entries: Entries,
    /// Where the last chunk ends.
    end: u64,
}

enum Entries {
    /// In the segment, 32 bits each.
    Listed { at: u64, base: u64 },
    /// Found without a table: place and whether compressed.
    Found(Vec<(u64, bool)>),
}

impl Table {
    /// Where a chunk stands, counted from the table's first.
    pub(super) fn place(&self, source: &Source, index: u64) -> Option<Place> {
        let last = index + 1 == self.chunks;
        match &self.entries {
            Entries::Found(found) => {
                let index = usize::try_from(index).ok()?;
                let (at, compressed) = *found.get(index)?;
                let end = found.get(index + 1).map_or(self.end, |(next, _)| *next);
                Some(Place { at, end, compressed })
            }
            Entries::Listed { at, base } => {
                let mut entries = [0; 8];
                let wanted = if last { 4 } else { 8 };
                read_exact(source, at + 4 * index, &mut entries[..wanted])?;
                let offset =
                    |at: usize| base.checked_add((le32(&entries, at) & 0x7fff_ffff).into());
                let end = if last { self.end } else { offset(4)? };
                Some(Place { at: offset(0)?, end, compressed: entries[3] & 0x80 != 0 })
            }
        }
    }
}

impl Assembly {
    pub(super) fn segment(&self, index: usize) -> &Source {
        &self.segments[index]
    }

    /// The table that has a chunk, where one has.
    pub(super) fn table_of(&self, chunk: u64) -> Option<&Table> {
        let after = self.tables.partition_point(|table| table.first_chunk <= chunk);
        let table = self.tables.get(after.checked_sub(1)?)?;
        (chunk < table.first_chunk + table.chunks).then_some(table)
    }

    /// The first chunk from here on that some table has.
    pub(super) fn next_listed(&self, chunk: u64) -> Option<u64> {
        if self.table_of(chunk).is_some() {
            return Some(chunk);
        }
        let after = self.tables.partition_point(|table| table.first_chunk <= chunk);
        self.tables.get(after).map(|table| table.first_chunk)
    }
}

/// Tables as they come, and the places where some may be missing.
enum Piece {
    Table(Table),
    Gap,
}

/// Puts segments together. What is missing or unreadable is noted; the rest is placed.
pub(super) fn assemble(segments: Vec<Source>, output: &mut Output<'_>) -> Result<Assembly, Stop> {
    let segments = in_order(segments, output);
    if segments.first().is_none_or(|(number, _)| *number != 1) {
        let message = "the first segment is missing; without it the others are not read";
        return Err(FailureSay::new("archive.first_segment_missing", message).into());
    }
    let mut draft = Draft::default();
    let mut expected = 1;
    for (index, (number, source)) in segments.iter().enumerate() {
        if *number != expected {
            draft.pieces.push(Piece::Gap);
        }
        expected = number + 1;
        draft.segment(index, source, output)?;
    }
    let malformed =
        || FailureSay::new("archive.malformed", "no segment says how large the disk is");
    let geometry = draft.geometry.ok_or_else(malformed)?;
    if draft.end != Some(End::Done) {
        draft.pieces.push(Piece::Gap);
        if draft.end == Some(End::Next) {
            let message = format!("segment {expected} and what follows it are missing");
            output.note("archive.missing_segment", message);
        }
    }
    if draft.read_errors > 0 {
        let message = format!(
            "the acquiring program recorded {} places of the disk that it could not read",
            draft.read_errors
        );
        output.note("archive.acquisition_errors", message);
    }
    let tables = placed(draft.pieces, geometry.chunks, output);
    let segments = segments.into_iter().map(|(_, source)| source).collect();
    Ok(Assembly { segments, tables, geometry, stored: draft.stored })
}

/// Segments by their own number, whatever their files are called.
fn in_order(segments: Vec<Source>, output: &mut Output<'_>) -> Vec<(u16, Source)> {
    // Others may bear such a name: notes of the acquisition, say. A segment without its header counts
    // as missing.
    let numbered =
        segments.into_iter().filter_map(|source| Some((segment_number(&source)?, source)));
    let mut segments: Vec<(u16, Source)> = numbered.collect();
    segments.sort_by_key(|(number, _)| *number);
    segments.dedup_by_key(|(number, _)| *number);
    let mut expected = 1;
    for (number, _) in &segments {
        if *number > expected {
            let missing = if *number == expected + 1 {
                format!("segment {expected} is missing")
            } else {
                format!("segments {expected} to {} are missing", number - 1)
            };
            output.note("archive.missing_segment", missing);
        }
        expected = number + 1;
    }
    segments
}

#[derive(Default)]
struct Draft {
    pieces: Vec<Piece>,
    geometry: Option<Geometry>,
    stored: Stored,
    end: Option<End>,
    read_errors: u32,
}

impl Draft {
    fn segment(
        &mut self,
        index: usize,
        source: &Source,
        output: &mut Output<'_>,
    ) -> Result<(), Stop> {
        let (sections, end) = sections(source);
        // Content whose table has not come yet.
        let mut open: Option<&Section> = None;
        for section in &sections {
            output.working(DESCRIPTOR_BYTES)?;
            match section.kind.as_str() {
                "volume" | "disk" | "data" => {
                    self.geometry = self.geometry.or_else(|| geometry(source, section));
                }
                "hash" | "digest" => {
                    // A damaged one stores nothing, which the check will say.
                    let _stored = digests(source, section, &mut self.stored);
                }
                "error2" => {
                    let mut count = [0; 4];
                    if read_exact(source, section.at, &mut count).is_some() {
                        self.read_errors =
                            self.read_errors.saturating_add(u32::from_le_bytes(count));
                    }
                }
                "sectors" => {
                    self.close(index, source, open.replace(section), output)?;
                }
                // The second table is a copy for when the first cannot be read.
                "table" | "table2" if open.is_some() || section.kind == "table" => {
                    let data_end = open.map_or(section.end, |sectors| sectors.end);
                    if let Some(table) = listed(index, source, section, data_end) {
                        self.pieces.push(Piece::Table(table));
                        open = None;
                    }
                }
                _ => {}
            }
        }
        self.close(index, source, open, output)?;
        if end == End::Broken {
            self.pieces.push(Piece::Gap);
            output.note("archive.damaged_segment", "the sections of a segment break off early");
        }
        self.end = Some(end);
        Ok(())
    }

    /// Content that no table came for is searched for chunks.
    fn close(
        &mut self,
        index: usize,
        source: &Source,
        open: Option<&Section>,
        output: &mut Output<'_>,
    ) -> Result<(), Stop> {
        let (Some(section), Some(geometry)) = (open, self.geometry) else { return Ok(()) };
        let (table, whole) = found(index, source, section, geometry, output)?;
        self.pieces.push(Piece::Table(table));
        if !whole {
            self.pieces.push(Piece::Gap);
        }
        Ok(())
    }
}

/// A table whose checksums hold and that lies in its section.
fn listed(segment: usize, source: &Source, section: &Section, end: u64) -> Option<Table> {
    const HEADER_BYTES: u64 = 24;
    let mut header = [0; HEADER_BYTES as usize];
    read_exact(source, section.at, &mut header)?;
    let chunks = u64::from(le32(&header, 0));
    let at = section.at + HEADER_BYTES;
    let fits = at + 4 * chunks <= section.end && (1..=MAX_CHUNKS as u64).contains(&chunks);
    if adler32(&header[..20]) != le32(&header, 20) || !fits {
        return None;
    }
    let mut entries = vec![0; usize::try_from(4 * chunks).ok()?];
    read_exact(source, at, &mut entries)?;
    let mut sum = [0; 4];
    // The oldest form has no checksum here.
    let has_sum = at + 4 * chunks + 4 <= section.end;
    if has_sum {
        read_exact(source, at + 4 * chunks, &mut sum)?;
    }
    if has_sum && adler32(&entries) != u32::from_le_bytes(sum) {
        return None;
    }
    let entries = Entries::Listed { at, base: le64(&header, 8) };
    Some(Table { segment, first_chunk: 0, chunks, entries, end })
}

/// Chunks one behind the other, as far as each can be told from what follows it; also says whether
/// that is all of them.
fn found(
    segment: usize,
    source: &Source,
    section: &Section,
    geometry: Geometry,
    output: &mut Output<'_>,
) -> Result<(Table, bool), Stop> {
    let chunk_bytes = geometry.chunk_bytes as usize;
    let (mut at, mut found) = (section.at, Vec::new());
    while at < section.end && found.len() < MAX_CHUNKS {
        output.working(geometry.chunk_bytes)?;
        let left = usize::try_from(section.end - at).unwrap_or(usize::MAX);
        let mut bytes = vec![0; left.min(chunk_bytes + 1024)];
        if read_exact(source, at, &mut bytes).is_none() {
            break;
        }
        let taken = match chunk::inflate(&bytes, chunk_bytes) {
            Some((content, size)) if content.len() == chunk_bytes => (size, true),
            _ if chunk::checked(&bytes, chunk_bytes).is_some() => (geometry.chunk_bytes + 4, false),
            _ => break,
        };
        found.push((at, taken.1));
        at += taken.0;
    }
    let (chunks, entries) = (found.len() as u64, Entries::Found(found));
    Ok((Table { segment, first_chunk: 0, chunks, entries, end: at }, at == section.end))
}

/// Tables before the first gap count from the first chunk, those behind the last gap from the last.
fn placed(pieces: Vec<Piece>, chunks: u64, output: &mut Output<'_>) -> Vec<Table> {
    let mut groups: Vec<Vec<Table>> = vec![Vec::new()];
    for piece in pieces {
        match (piece, groups.last_mut()) {
            (Piece::Table(table), Some(group)) => group.push(table),
            (Piece::Table(_), None) => {}
            (Piece::Gap, _) => groups.push(Vec::new()),
        }
    }
    let last = if groups.len() > 1 { groups.pop() } else { None }.unwrap_or_default();
    let mut groups = groups.into_iter();
    let mut tables = groups.next().unwrap_or_default();
    let lost: u64 = groups.flatten().map(|table| table.chunks).sum();
    if lost > 0 {
        let message = format!("{lost} chunks are there, between gaps: their place is not known");
        output.note("archive.unplaced_chunks", message);
    }
    let mut first = 0;
    for table in &mut tables {
        table.first_chunk = first;
        first += table.chunks;
    }
    let behind: u64 = last.iter().map(|table| table.chunks).sum();
    if let Some(mut at) = chunks.checked_sub(behind).filter(|at| *at >= first) {
        for mut table in last {
            table.first_chunk = at;
            at += table.chunks;
            tables.push(table);
        }
    }
    tables
}
