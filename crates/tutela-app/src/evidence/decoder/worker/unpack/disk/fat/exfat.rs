//! exFAT: its first sector, and the sets of lines that its folders are made of.

use std::io;

use super::{Clusters, Item, Part, Place, Width};
use crate::evidence::decoder::worker::unpack::numbers::{le16, le32, le64};

/// Source: Microsoft, "exFAT file system specification", chapters 3 and 7.
pub(super) fn volume(part: &Part) -> io::Result<(Clusters, Place)> {
    let boot = part.clone().read_up_to(0, 512)?;
    let long = |at: usize| u64::from(le32(&boot, at));
    let (sector_bits, cluster_bits) = match boot.get(108..110).filter(|_| boot.len() == 512) {
        Some([sector @ 9..=12, cluster]) if sector + cluster <= 25 => (*sector, *cluster),
        _ => return Err(io::ErrorKind::InvalidData.into()),
    };
    let (sector, cluster_bytes) = (1_u64 << sector_bits, 1_u64 << (sector_bits + cluster_bits));
    let count = long(92);
    // The second table of two is the true one where the volume says so.
    let second = if boot[106] & 1 == 1 && boot[110] == 2 { long(84) } else { 0 };
    let clusters = Clusters {
        table: part.piece((long(80) + second) * sector, long(84) * sector),
        width: Width::ExFat,
        data: part.piece(long(88) * sector, count * cluster_bytes),
        cluster_bytes,
        count,
    };
    Ok((clusters, Place::Chain { first: long(96), size_bytes: None, contiguous: false }))
}

/// The sets of lines that name something. Deleted ones lack the highest bit of their type.
pub(super) fn items(folder: &[u8]) -> Vec<Item> {
    const FILE: u8 = 0x85;
    const STREAM: u8 = 0xc0;
    const NAME: u8 = 0xc1;
    let mut items = Vec::new();
    let mut lines = folder.chunks_exact(32).peekable();
    while let Some(file) = lines.next() {
        match file[0] {
            0 => break,
            FILE => {}
            _ => continue,
        }
        let Some(stream) = lines.next_if(|line| line[0] == STREAM) else { continue };
        let mut units = Vec::new();
        while let Some(name) = lines.next_if(|line| line[0] == NAME) {
            units.extend((2..32).step_by(2).map(|at| le16(name, at)));
        }
        units.truncate(stream[3].into());
        items.push(item(file, stream, text(&units)));
    }
    items
}

fn item(file: &[u8], stream: &[u8], name: String) -> Item {
    let local = super::folder::local_time(le16(file, 14), le16(file, 12));
    let modified_s = local.as_deref().and_then(|local| utc(local, file[23]));
    Item {
        name,
        is_folder: le16(file, 4) & 0x10 != 0,
        size_bytes: le64(stream, 24),
        written_bytes: le64(stream, 8),
        first_cluster: le32(stream, 20).into(),
        contiguous: stream[1] & 2 != 0,
        modified_local: local.filter(|_| modified_s.is_none()),
        modified_s,
    }
}

/// With its distance to UTC, in quarters of an hour and seven bits, where that is valid.
fn utc(local: &str, offset: u8) -> Option<i64> {
    if offset & 0x80 == 0 {
        return None;
    }
    let quarters = i64::from((offset << 1).cast_signed() >> 1);
    let local: jiff::civil::DateTime = local.parse().ok()?;
    let as_utc = jiff::tz::TimeZone::UTC.to_timestamp(local).ok()?;
    Some(as_utc.as_second() - quarters * 15 * 60)
}

/// UTF-16 up to its end mark. A slash would look like a folder.
pub(super) fn text(units: &[u16]) -> String {
    let end = units.iter().position(|unit| *unit == 0).unwrap_or(units.len());
    String::from_utf16_lossy(&units[..end]).replace('/', "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::{items, utc};

    #[test]
    fn a_set_of_lines_is_one_file() {
        let mut lines = [[0_u8; 32]; 5];
        (lines[0][0], lines[1][0]) = (0x05, 0x40);
        (lines[2][0], lines[3][0], lines[4][0]) = (0x85, 0xc0, 0xc1);
        lines[2][4] = 0x20;
        (lines[3][1], lines[3][3], lines[3][20], lines[3][24]) = (3, 2, 9, 77);
        (lines[4][2], lines[4][4]) = (b'a', b'b');
        let items = items(lines.as_flattened());
        assert_eq!(items.len(), 1);
        let item = &items[0];
        assert_eq!((item.name.as_str(), item.size_bytes, item.written_bytes), ("ab", 77, 0));
        assert!(item.contiguous && !item.is_folder && item.first_cluster == 9);
    }

    #[test]
    fn a_distance_to_utc_is_taken_off() {
        let noon = utc("2024-09-01T12:00:00", 0x80).unwrap();
        assert_eq!(utc("2024-09-01T12:00:00", 0x84), Some(noon - 3600));
        assert_eq!(utc("2024-09-01T12:00:00", 0xfc), Some(noon + 3600));
        assert_eq!(utc("2024-09-01T12:00:00", 0), None);
    }
}
