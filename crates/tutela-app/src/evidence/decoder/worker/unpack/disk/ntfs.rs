//! NTFS: every file record in use, under the folders that lead to it; named streams are entries of their own.

mod folders;
mod record;
mod stream;

use std::io;

use self::folders::Folders;
use self::record::{Attribute, FileName, Kind, Record};
use self::stream::{Runs, Stream};
use super::super::label::label;
use super::super::numbers::{le16, le64, unix_seconds};
use super::super::output::{Entry, Output, Stop};
use super::super::{Refusal, failure, truncated};
use super::Part;
use crate::evidence::decoder::facts::EntryKind;
use crate::evidence::decoder::message::FailureSay;

/// Records below this number describe the volume itself: `$MFT`, `$LogFile`, the root and the like.
const FIRST_USER_RECORD: u64 = 16;
/// Further records that one file may be spread over.
const MAX_EXTENSIONS: usize = 4096;
/// Bytes of the list of such records.
const MAX_LIST_BYTES: u64 = 1 << 20;

/// A mounted volume.
struct Volume {
    part: Part,
    cluster_bytes: u64,
    record_bytes: u64,
    /// The master file table, as a stream.
    table: Stream,
}

/// Unpacks a volume below `name`.
pub(super) fn unpack(part: &Part, name: &str, output: &mut Output<'_>) -> Result<(), Stop> {
    let mut volume = Volume::open(part).map_err(|error| Stop::Volume(failure(&error)))?;
    let records = volume.table.size_bytes() / volume.record_bytes;
    let mut folders = Folders::default();
    for number in 0..records {
        output.working(volume.record_bytes)?;
        // What cannot be read is said in the second pass.
        if let Ok(Some(record)) = volume.record(number)
            && record.is_folder
            && let Ok(names) = volume.all_attributes(&record).map(|all| names(&all))
            && let Some(first) = names.first()
        {
            folders.add(number, record.sequence, first);
        }
    }
    for number in FIRST_USER_RECORD..records {
        output.working(volume.record_bytes)?;
        match volume.record(number) {
            Ok(Some(record)) => one(&mut volume, &record, number, &folders, name, output)?,
            Ok(None) => {}
            Err(error) => {
                output.lost(&format!("{name}/(record {number})"), None, &failure(&error))?;
            }
        }
    }
    Ok(())
}

/// One file or folder, with all its streams.
fn one(
    volume: &mut Volume,
    record: &Record,
    number: u64,
    folders: &Folders,
    volume_name: &str,
    output: &mut Output<'_>,
) -> Result<(), Stop> {
    let attributes = match volume.all_attributes(record) {
        Ok(attributes) => attributes,
        Err(error) => {
            let path = format!("{volume_name}/(record {number})");
            return output.lost(&path, None, &failure(&error));
        }
    };
    let names = names(&attributes);
    let path_of = |name: &FileName| folders.path(volume_name, name);
    let Some(path) = names.first().map_or(Some(None), |name| path_of(name).map(Some)) else {
        // Below the folder of the volume's own records.
        return Ok(());
    };
    let path = path.unwrap_or_else(|| format!("{volume_name}/(record {number})"));
    let modified_s = attributes.iter().find_map(modified_s);
    let reparse = attributes.iter().find_map(Attribute::reparse_tag);
    let entry = |path: &str, kind, declared_bytes| Entry {
        path: label(path),
        declared_bytes,
        modified_s,
        modified_local: None,
        kind,
        listed: None,
    };
    for other in names.iter().skip(1).filter_map(path_of) {
        output.start(entry(&other, EntryKind::Link, None))?;
        output.end()?;
    }
    if record.is_folder || is_link(reparse) {
        let kind = if record.is_folder { EntryKind::Directory } else { EntryKind::Link };
        output.start(entry(&path, kind, None))?;
        output.end()?;
    }
    for (stream_name, parts) in streams(&attributes) {
        let unnamed = stream_name.is_empty();
        if (unnamed && is_link(reparse))
            || (!unnamed && is_compressor_stream(&stream_name, reparse))
        {
            continue;
        }
        let path = if unnamed { path.clone() } else { format!("{path}:{stream_name}") };
        let content = volume.content(&parts, reparse.filter(|_| unnamed));
        let size_bytes = parts.first().map(|first| first.size_bytes());
        output.start(entry(&path, EntryKind::File, size_bytes))?;
        match content {
            Ok(stream) => send(stream, output)?,
            Err(error) => output.fail(&failure(&error))?,
        }
    }
    Ok(())
}

fn send(mut stream: Stream, output: &mut Output<'_>) -> Result<(), Stop> {
    let size_bytes = stream.size_bytes();
    if let Err(failure) = output.admits(size_bytes) {
        return output.fail(&failure);
    }
    match output.content(&mut stream, |_| {})? {
        Ok(sent) if sent < size_bytes => output.fail(&truncated()),
        Ok(_) => output.end(),
        Err(failure) => output.fail(&failure),
    }
}

/// Names, the one to show first; those of eight letters for old programs are none of their own.
fn names(attributes: &[Attribute]) -> Vec<FileName> {
    let mut names: Vec<FileName> = attributes.iter().filter_map(Attribute::file_name).collect();
    let has_long = names.iter().any(|name| !name.is_short);
    names.retain(|name| !(has_long && name.is_short));
    names
}

/// Data by name of stream, each with its parts in order.
fn streams(attributes: &[Attribute]) -> Vec<(String, Vec<&Attribute>)> {
    let mut streams: Vec<(String, Vec<&Attribute>)> = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.kind == Kind::Data) {
        match streams.iter_mut().find(|(name, _)| *name == attribute.name) {
            Some((_, parts)) => parts.push(attribute),
            None => streams.push((attribute.name.clone(), vec![attribute])),
        }
    }
    for (_, parts) in &mut streams {
        parts.sort_by_key(|part| part.first_cluster());
    }
    streams
}

const TAG_SYMLINK: u32 = 0xa000_000c;
const TAG_MOUNT_POINT: u32 = 0xa000_0003;
const TAG_WOF: u32 = 0x8000_0017;
const TAG_DEDUP: u32 = 0x8000_0013;

fn is_link(reparse: Option<u32>) -> bool {
    matches!(reparse, Some(TAG_SYMLINK | TAG_MOUNT_POINT))
}

/// Where Windows keeps the compressed form of a file whose main stream is empty.
fn is_compressor_stream(name: &str, reparse: Option<u32>) -> bool {
    reparse == Some(TAG_WOF) && name == "WofCompressedData"
}

/// The time of the last change, of `$STANDARD_INFORMATION`, in UTC.
fn modified_s(attribute: &Attribute) -> Option<i64> {
    let value = attribute.resident(Kind::StandardInformation)?;
    Some(unix_seconds(le64(value.get(..16)?, 8)))
}

fn refused(code: &str, message: &str) -> io::Error {
    io::Error::other(Refusal(FailureSay::new(code, message)))
}

impl Volume {
    /// Source: Linux-NTFS project, "NTFS documentation", `$Boot`.
    fn open(part: &Part) -> io::Result<Self> {
        let boot = part.clone().read_up_to(0, 512)?;
        if boot.len() < 512 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let sector = u64::from(le16(&boot, 11));
        // Large numbers are powers of two, negative.
        let in_sectors = |byte: u8| match byte {
            1..=0x80 => Some(u64::from(byte)),
            0xe1.. => 1_u64.checked_shl(u32::from(byte.wrapping_neg())),
            _ => None,
        };
        let cluster_bytes = in_sectors(boot[13]).map_or(0, |sectors| sectors * sector);
        let record_bytes = match boot[64] {
            clusters @ 1..=0x7f => u64::from(clusters) * cluster_bytes,
            bits => 1_u64.checked_shl(u32::from(bits.wrapping_neg())).unwrap_or(0),
        };
        let sound = (256..=4096).contains(&sector)
            && (256..=2 << 20).contains(&cluster_bytes)
            && (512..=64 << 10).contains(&record_bytes)
            && record_bytes.is_multiple_of(512);
        if !sound {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let table_at = le64(&boot, 48).saturating_mul(cluster_bytes);
        let mut part = part.clone();
        let mut first = part.read_up_to(table_at, record_bytes as usize)?;
        let record = Record::parse(&mut first).or_else(|error| {
            // The second copy of the first records.
            let copy_at = le64(&boot, 56).saturating_mul(cluster_bytes);
            let mut copy = part.read_up_to(copy_at, record_bytes as usize)?;
            Record::parse(&mut copy)
                .and_then(|record| if record.is_some() { Ok(record) } else { Err(error) })
        })?;
        let record = record.ok_or(io::ErrorKind::InvalidData)?;
        Self::with_table(part, cluster_bytes, record_bytes, &record)
    }

    /// The table of records describes itself: its first part leads to the others.
    fn with_table(
        part: Part,
        cluster_bytes: u64,
        record_bytes: u64,
        record: &Record,
    ) -> io::Result<Self> {
        let unnamed = |a: &&Attribute| a.kind == Kind::Data && a.name.is_empty();
        let data: Vec<&Attribute> = record.attributes.iter().filter(unnamed).collect();
        let table = Stream::of(&data, part.clone(), cluster_bytes, true)?;
        let mut volume = Self { part, cluster_bytes, record_bytes, table };
        let Some(list) = record.attributes.iter().find(|a| a.kind == Kind::List) else {
            return Ok(volume);
        };
        let mut parts: Vec<Attribute> = data.into_iter().cloned().collect();
        for number in volume.extensions(list)? {
            let Ok(Some(record)) = volume.any_record(number) else { continue };
            parts.extend(record.attributes.into_iter().filter(|a| unnamed(&a)));
            parts.sort_by_key(Attribute::first_cluster);
            let parts: Vec<&Attribute> = parts.iter().collect();
            if let Ok(table) = Stream::of(&parts, volume.part.clone(), cluster_bytes, true) {
                volume.table = table;
            }
        }
        Ok(volume)
    }

    /// A record in use that is not the continuation of another.
    fn record(&mut self, number: u64) -> io::Result<Option<Record>> {
        Ok(self.any_record(number)?.filter(|record| record.base == 0))
    }

    fn any_record(&mut self, number: u64) -> io::Result<Option<Record>> {
        let mut bytes = vec![0; self.record_bytes as usize];
        self.table.read_exact_at(number.saturating_mul(self.record_bytes), &mut bytes)?;
        Record::parse(&mut bytes)
    }

    /// The attributes of a file, with those that did not fit into its first record.
    fn all_attributes(&mut self, record: &Record) -> io::Result<Vec<Attribute>> {
        let mut attributes = record.attributes.clone();
        if let Some(list) = record.attributes.iter().find(|a| a.kind == Kind::List) {
            for number in self.extensions(list)? {
                if let Some(further) = self.any_record(number)? {
                    attributes.extend(further.attributes);
                }
            }
        }
        Ok(attributes)
    }

    /// Numbers of the further records that a list names.
    fn extensions(&mut self, list: &Attribute) -> io::Result<Vec<u64>> {
        let mut stream = Stream::of(&[list], self.part.clone(), self.cluster_bytes, false)?;
        let size_bytes = stream.size_bytes().min(MAX_LIST_BYTES);
        let mut bytes = vec![0; size_bytes as usize];
        stream.read_exact_at(0, &mut bytes)?;
        let (mut numbers, mut rest) = (Vec::new(), bytes.as_slice());
        while rest.len() >= 26 {
            let number = le64(rest, 16) & 0xffff_ffff_ffff;
            if number != 0 && !numbers.contains(&number) && numbers.len() < MAX_EXTENSIONS {
                numbers.push(number);
            }
            rest = rest.get(usize::from(le16(rest, 4)).max(26)..).unwrap_or_default();
        }
        Ok(numbers)
    }

    fn content(&self, parts: &[&Attribute], reparse: Option<u32>) -> io::Result<Stream> {
        let method = "archive.unsupported_method";
        match reparse {
            Some(TAG_WOF) => return Err(refused(method, "compressed by Windows (CompactOS)")),
            Some(TAG_DEDUP) => return Err(refused(method, "stored apart by data deduplication")),
            _ => {}
        }
        let flags = parts.iter().fold(0, |flags, part| flags | part.flags);
        if flags & record::ENCRYPTED != 0 {
            return Err(refused("archive.encrypted", "encrypted by the file system: no key"));
        }
        if flags & record::COMPRESSED != 0 && parts.iter().any(|part| !part.is_resident()) {
            return Err(refused(method, "compressed by the file system"));
        }
        let stream = Stream::of(parts, self.part.clone(), self.cluster_bytes, true)?;
        if reparse.is_some() && stream.is_all_hole() {
            let message = "the file is kept elsewhere, only its name is on this disk";
            return Err(refused("archive.not_on_disk", message));
        }
        Ok(stream)
    }
}
