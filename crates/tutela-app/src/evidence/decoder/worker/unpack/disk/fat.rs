//! FAT with entries of 12, 16 and 32 bits, and exFAT: folders from the root, content by chains of clusters.

mod clusters;
mod exfat;
mod folder;

use std::collections::HashSet;
use std::io::{self, Read};

use self::clusters::{Chain, Clusters, Width};
use super::super::label::label;
use super::super::numbers::{le16, le32};
use super::super::output::{Entry, Output, Stop};
use super::super::{failure, truncated};
use super::Part;
use crate::evidence::decoder::facts::EntryKind;
use crate::evidence::decoder::limits::MAX_FOLDER_DEPTH;
use crate::evidence::decoder::message::FailureSay;

/// Bytes of one folder. FAT ends at 65,536 lines of 32 bytes, exFAT at 256 MiB; nobody has so many.
const MAX_FOLDER_BYTES: u64 = 32 << 20;

/// A line of a folder that names a file or a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Item {
    name: String,
    is_folder: bool,
    size_bytes: u64,
    /// Bytes that were ever written; the rest reads as zeros.
    written_bytes: u64,
    first_cluster: u64,
    /// The clusters follow each other, and no table says so.
    contiguous: bool,
    modified_s: Option<i64>,
    modified_local: Option<String>,
}

/// Reads the lines of a folder: the items, and whether all of it made sense.
type ReadFolder = fn(&[u8]) -> Vec<Item>;

/// Unpacks a FAT volume below `name`.
pub(super) fn unpack(part: &Part, name: &str, output: &mut Output<'_>) -> Result<(), Stop> {
    let (clusters, root) = volume(part).map_err(|error| Stop::Volume(failure(&error)))?;
    walk(&clusters, root, folder::items, name, output)
}

/// Unpacks an exFAT volume below `name`.
pub(super) fn unpack_exfat(part: &Part, name: &str, output: &mut Output<'_>) -> Result<(), Stop> {
    let (clusters, root) = exfat::volume(part).map_err(|error| Stop::Volume(failure(&error)))?;
    walk(&clusters, root, exfat::items, name, output)
}

/// Where a folder stands.
enum Place {
    /// The root of FAT12 and FAT16 has a place of its own.
    Fixed(Part),
    /// Everything else stands in clusters.
    Chain { first: u64, size_bytes: Option<u64>, contiguous: bool },
}

/// Source: Microsoft, "FAT32 File System Specification" 1.03.
fn volume(part: &Part) -> io::Result<(Clusters, Place)> {
    let boot = part.clone().read_up_to(0, 512)?;
    let short = |at: usize| u64::from(le16(&boot, at));
    let long = |at: usize| u64::from(le32(&boot, at));
    let either = |short: u64, long: u64| if short == 0 { long } else { short };
    let sector = short(11);
    let cluster_bytes = sector * u64::from(boot.get(13).copied().unwrap_or(0));
    let (reserved, tables, root_lines) = (short(14), u64::from(boot[16]), short(17));
    let table_sectors = either(short(22), long(36));
    let sectors = either(short(19), long(32));
    let root_at = (reserved + tables * table_sectors) * sector;
    let root_bytes = (root_lines * 32).next_multiple_of(sector.max(1));
    let data_at = root_at + root_bytes;
    let data_bytes = (sectors * sector).checked_sub(data_at).ok_or(io::ErrorKind::InvalidData)?;
    let count = data_bytes.checked_div(cluster_bytes).ok_or(io::ErrorKind::InvalidData)?;
    let width = match (short(22), count) {
        (0, _) => Width::Bits32,
        (_, ..4085) => Width::Bits12,
        _ => Width::Bits16,
    };
    // FAT32 may keep its copies apart; then one of them is named as the true one.
    let active = if width == Width::Bits32 && short(40) & 0x80 != 0 { short(40) & 0xf } else { 0 };
    let table_at = (reserved + active.min(tables - 1) * table_sectors) * sector;
    let clusters = Clusters {
        table: part.piece(table_at, table_sectors * sector),
        width,
        data: part.piece(data_at, data_bytes),
        cluster_bytes,
        count,
    };
    let root = match width {
        Width::Bits32 => Place::Chain { first: long(44), size_bytes: None, contiguous: false },
        Width::Bits12 | Width::Bits16 => Place::Fixed(part.piece(root_at, root_bytes)),
        Width::ExFat => return Err(io::ErrorKind::InvalidData.into()),
    };
    Ok((clusters, root))
}

fn walk(
    clusters: &Clusters,
    root: Place,
    items: ReadFolder,
    name: &str,
    output: &mut Output<'_>,
) -> Result<(), Stop> {
    let mut folders = vec![(name.to_owned(), root, 0)];
    // A folder that stands in another a second time, or in itself, would lead on for ever.
    let mut seen = HashSet::new();
    while let Some((path, place, depth)) = folders.pop() {
        let is_new = match place {
            Place::Fixed(_) => true,
            Place::Chain { first, .. } => seen.insert(first),
        };
        if !is_new || depth > MAX_FOLDER_DEPTH {
            let message = "the folder stands inside itself, or in another one as well";
            output.lost(&path, None, &FailureSay::new("archive.malformed", message))?;
            continue;
        }
        let (bytes, broken) = read_folder(clusters, place);
        if let Some(error) = broken {
            output.lost(&format!("{path}/(rest)"), None, &failure(&error))?;
        }
        output.working(bytes.len() as u64)?;
        for item in items(&bytes) {
            let path = format!("{path}/{}", item.name);
            one(clusters, &item, &path, output)?;
            if item.is_folder {
                let size_bytes = (item.size_bytes > 0).then_some(item.size_bytes);
                let (first, contiguous) = (item.first_cluster, item.contiguous);
                folders.push((path, Place::Chain { first, size_bytes, contiguous }, depth + 1));
            }
        }
    }
    Ok(())
}

/// All of a folder that can be read, and why there is no more.
fn read_folder(clusters: &Clusters, place: Place) -> (Vec<u8>, Option<io::Error>) {
    let mut bytes = Vec::new();
    let read = match place {
        Place::Fixed(part) => part.take(MAX_FOLDER_BYTES).read_to_end(&mut bytes),
        Place::Chain { first, size_bytes, contiguous } => {
            let size_bytes = size_bytes.unwrap_or(MAX_FOLDER_BYTES).min(MAX_FOLDER_BYTES);
            Chain::new(clusters, first, contiguous).take(size_bytes).read_to_end(&mut bytes)
        }
    };
    (bytes, read.err())
}

fn one(clusters: &Clusters, item: &Item, path: &str, output: &mut Output<'_>) -> Result<(), Stop> {
    output.start(Entry {
        path: label(path),
        declared_bytes: Some(item.size_bytes),
        modified_s: item.modified_s,
        modified_local: item.modified_local.clone(),
        kind: if item.is_folder { EntryKind::Directory } else { EntryKind::File },
        listed: None,
    })?;
    if item.is_folder || item.size_bytes == 0 {
        return output.end();
    }
    if let Err(failure) = output.admits(item.size_bytes) {
        return output.fail(&failure);
    }
    let written = item.written_bytes.min(item.size_bytes);
    let chain = Chain::new(clusters, item.first_cluster, item.contiguous).take(written);
    let mut content = chain.chain(io::repeat(0).take(item.size_bytes - written));
    match output.content(&mut content, |_| {})? {
        Ok(sent) if sent < item.size_bytes => output.fail(&truncated()),
        Ok(_) => output.end(),
        Err(failure) => output.fail(&failure),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::rc::Rc;

    use super::Part;
    use super::clusters::{Chain, Clusters, Width};

    fn clusters(table: &[u16]) -> Clusters {
        let table: Vec<u8> = table.iter().flat_map(|next| next.to_le_bytes()).collect();
        let data: Vec<u8> = (0..8).flat_map(|n| [n; 16]).collect();
        Clusters {
            table: Part::whole(Rc::new(table)),
            width: Width::Bits16,
            data: Part::whole(Rc::new(data)),
            cluster_bytes: 16,
            count: 8,
        }
    }

    #[test]
    fn chains_end_where_they_say_and_loops_end_too() {
        let read = |table: &[u16], first| {
            let mut bytes = Vec::new();
            let result = Chain::new(&clusters(table), first, false).read_to_end(&mut bytes);
            (bytes.chunks(16).map(|chunk| chunk[0]).collect::<Vec<_>>(), result.is_ok())
        };
        assert_eq!(read(&[0, 0, 5, 0xffff, 0, 3], 2), (vec![0, 3, 1], true));
        assert!(!read(&[0, 0, 3, 2], 2).1, "a loop");
        assert_eq!(read(&[0, 0, 0], 2), (vec![0], false), "into free space");
        assert_eq!(read(&[0, 0, 99], 2), (vec![0], false), "beyond the end");
        assert_eq!(read(&[0, 0], 0), (vec![], false));
    }
}
