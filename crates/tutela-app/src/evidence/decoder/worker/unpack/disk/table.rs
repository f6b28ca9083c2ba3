//! Partition tables: GPT, and the one of 1983 with its chain of logical partitions.

use std::collections::HashSet;
use std::io;

use super::super::failure;
use super::super::numbers::{le32, le64};
use super::super::output::Stop;
use super::Part;
use crate::evidence::decoder::limits::MAX_PARTITIONS;
use crate::evidence::decoder::message::FailureSay;

/// Sector sizes in use, the common one first. A GPT header stands in the second sector.
const SECTOR_BYTES: [u64; 2] = [512, 4096];
/// Bytes of a line of a GPT; the standard allows multiples.
const GPT_LINE_BYTES: u64 = 128;

/// A partition, by place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Partition {
    /// As systems number them: GPT by line, else 1 to 4, and logical ones from 5.
    pub(super) number: u64,
    pub(super) start: u64,
    pub(super) size_bytes: u64,
    /// The type that the table gives it, for a message.
    pub(super) kind: String,
}

/// Reads the table of a disk.
pub(super) fn read(disk: &mut Part) -> Result<Vec<Partition>, Stop> {
    for sector in SECTOR_BYTES {
        // The copy at the end serves where the first was destroyed.
        let last = (disk.size_bytes() / sector).saturating_sub(1);
        for header in [1, last] {
            if let Ok(Some(partitions)) = gpt(disk, header.saturating_mul(sector), sector) {
                return Ok(partitions);
            }
        }
    }
    let partitions = mbr(disk).map_err(|error| Stop::Volume(failure(&error)))?;
    let message = "no partition table and no file system can be read";
    partitions.ok_or_else(|| Stop::Volume(FailureSay::new("archive.malformed", message)))
}

/// Source: UEFI 2.10, chapter 5.3, "GUID Partition Table".
fn gpt(disk: &mut Part, header_at: u64, sector: u64) -> io::Result<Option<Vec<Partition>>> {
    let header = disk.read_up_to(header_at, 92)?;
    if header.len() < 92 || !header.starts_with(b"EFI PART") {
        return Ok(None);
    }
    let long = |at: usize| u64::from(le32(&header, at));
    let (lines_at, lines, line_bytes) = (le64(&header, 72), long(80), long(84));
    if !(GPT_LINE_BYTES..=4096).contains(&line_bytes) {
        return Ok(None);
    }
    let mut partitions = Vec::new();
    for number in 0..lines.min(MAX_PARTITIONS) {
        let at = lines_at.saturating_mul(sector).saturating_add(number * line_bytes);
        let line = disk.read_up_to(at, GPT_LINE_BYTES as usize)?;
        if line.len() < GPT_LINE_BYTES as usize || line[..16] == [0; 16] {
            continue;
        }
        let (first, last) = (le64(&line, 32), le64(&line, 40));
        let sectors = last.saturating_sub(first).saturating_add(1);
        partitions.push(Partition {
            number: number + 1,
            start: first.saturating_mul(sector),
            size_bytes: sectors.saturating_mul(sector),
            kind: format!("GPT type {}", guid(&line[..16])),
        });
    }
    Ok(Some(partitions))
}

/// Mixed byte order, as Microsoft writes them.
fn guid(bytes: &[u8]) -> String {
    let hex = |order: &[usize]| order.iter().map(|at| format!("{:02x}", bytes[*at])).collect();
    let parts: [String; 5] = [
        hex(&[3, 2, 1, 0]),
        hex(&[5, 4]),
        hex(&[7, 6]),
        hex(&[8, 9]),
        hex(&[10, 11, 12, 13, 14, 15]),
    ];
    parts.join("-")
}

/// The four lines of the first sector, and those of the chain that an extended one begins.
fn mbr(disk: &mut Part) -> io::Result<Option<Vec<Partition>>> {
    const SECTOR: u64 = 512;
    let Some(lines) = boot_record(disk, 0)? else { return Ok(None) };
    let mut partitions = Vec::new();
    let mut extended = None;
    for (number, line) in (1..).zip(&lines).filter(|(_, line)| line.sectors > 0) {
        match line.kind {
            0 => {}
            0x05 | 0x0f | 0x85 => extended = extended.or(Some(line.first)),
            _ => partitions.push(line.partition(number, 0)),
        }
    }
    let Some(base) = extended else { return Ok(Some(partitions)) };
    let (mut at, mut seen, mut number) = (base, HashSet::new(), 5);
    // A chain that comes back to where it was would have no end.
    while partitions.len() < MAX_PARTITIONS as usize && seen.insert(at) {
        let Ok(Some(lines)) = boot_record(disk, at * SECTOR) else { break };
        if lines[0].kind != 0 && lines[0].sectors > 0 {
            partitions.push(lines[0].partition(number, at));
            number += 1;
        }
        if lines[1].kind == 0 || lines[1].sectors == 0 {
            break;
        }
        at = base.saturating_add(lines[1].first);
    }
    Ok(Some(partitions))
}

struct Line {
    kind: u8,
    first: u64,
    sectors: u64,
}

impl Line {
    fn partition(&self, number: u64, base: u64) -> Partition {
        Partition {
            number,
            start: base.saturating_add(self.first).saturating_mul(512),
            size_bytes: self.sectors * 512,
            kind: format!("MBR type {:02x}", self.kind),
        }
    }
}

fn boot_record(disk: &mut Part, at: u64) -> io::Result<Option<[Line; 4]>> {
    let sector = disk.read_up_to(at, 512)?;
    if sector.get(510..512) != Some(&[0x55, 0xaa]) {
        return Ok(None);
    }
    Ok(Some([446, 462, 478, 494].map(|at| Line {
        kind: sector[at + 4],
        first: le32(&sector, at + 8).into(),
        sectors: le32(&sector, at + 12).into(),
    })))
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::{Part, Partition, read};

    fn line(kind: u8, first: u32, sectors: u32) -> [u8; 16] {
        let mut line = [0; 16];
        line[4] = kind;
        line[8..12].copy_from_slice(&first.to_le_bytes());
        line[12..].copy_from_slice(&sectors.to_le_bytes());
        line
    }

    fn put(disk: &mut [u8], sector: usize, lines: &[[u8; 16]]) {
        let record = &mut disk[sector * 512..(sector + 1) * 512];
        record[446..446 + 16 * lines.len()].copy_from_slice(lines.as_flattened());
        record[510..].copy_from_slice(&[0x55, 0xaa]);
    }

    fn places(disk: Vec<u8>) -> Vec<(u64, u64, u64)> {
        let found = read(&mut Part::whole(Rc::new(disk))).ok().unwrap();
        let place = |p: &Partition| (p.number, p.start / 512, p.size_bytes / 512);
        found.iter().map(place).collect()
    }

    #[test]
    fn logical_partitions_follow_their_chain_and_no_loop() {
        let mut disk = vec![0; 512 * 64];
        put(&mut disk, 0, &[line(0x83, 1, 4), line(0x05, 10, 40)]);
        put(&mut disk, 10, &[line(0x07, 1, 5), line(0x05, 10, 10)]);
        put(&mut disk, 20, &[line(0x0b, 1, 6), line(0x05, 0, 10)]);
        assert_eq!(places(disk), [(1, 1, 4), (5, 11, 5), (6, 21, 6)]);
    }

    #[test]
    fn a_gpt_is_read_from_its_copy_where_the_first_is_gone() {
        let mut disk = vec![0; 512 * 64];
        put(&mut disk, 0, &[line(0xee, 1, 63)]);
        let header = |disk: &mut [u8], at: usize, lines_at: u64| {
            let header = &mut disk[at * 512..(at + 1) * 512];
            header[..8].copy_from_slice(b"EFI PART");
            header[72..80].copy_from_slice(&lines_at.to_le_bytes());
            header[80..84].copy_from_slice(&4_u32.to_le_bytes());
            header[84..88].copy_from_slice(&128_u32.to_le_bytes());
        };
        header(&mut disk, 63, 30);
        let line = &mut disk[30 * 512 + 128..30 * 512 + 256];
        line[..16].fill(0xaf);
        line[32..40].copy_from_slice(&20_u64.to_le_bytes());
        line[40..48].copy_from_slice(&29_u64.to_le_bytes());
        assert_eq!(places(disk.clone()), [(2, 20, 10)]);
        header(&mut disk, 1, 2);
        assert_eq!(places(disk), [], "the first one counts where it is there");
    }

    #[test]
    fn what_has_no_table_is_malformed() {
        assert!(read(&mut Part::whole(Rc::new(vec![0; 4096]))).is_err());
    }
}
