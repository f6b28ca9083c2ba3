//! One record of the master file table and the attributes in it.

use std::io;

use super::Runs;
use crate::evidence::decoder::worker::unpack::numbers::{le16, le32, le64};

/// Bytes after which each sector keeps two bytes of its record's check.
const STRIDE: usize = 512;
/// Flags of an attribute.
pub(super) const COMPRESSED: u16 = 0x00ff;
pub(super) const ENCRYPTED: u16 = 0x4000;

/// A record that is in use.
pub(super) struct Record {
    pub(super) sequence: u16,
    pub(super) is_folder: bool,
    /// The record that this one continues; 0 for none.
    pub(super) base: u64,
    pub(super) attributes: Vec<Attribute>,
}

/// Attributes that are made use of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    StandardInformation,
    List,
    FileName,
    Data,
    Reparse,
}

/// One attribute, or a part of one.
#[derive(Debug, Clone)]
pub(super) struct Attribute {
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) flags: u16,
    pub(super) value: Value,
}

/// Where the value of an attribute stands.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Resident(Vec<u8>),
    Clusters { first: u64, runs: Runs, size_bytes: u64, written_bytes: u64 },
}

/// One name of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileName {
    pub(super) parent: u64,
    pub(super) parent_sequence: u16,
    pub(super) name: String,
    /// In eight letters and three, for old programs.
    pub(super) is_short: bool,
}

impl Record {
    /// Reads a record; `None` where it is not in use.
    pub(super) fn parse(bytes: &mut [u8]) -> io::Result<Option<Self>> {
        let damaged = || io::Error::from(io::ErrorKind::InvalidData);
        let mark = bytes.get(..4).ok_or_else(damaged)?;
        // Never written: the table grows in advance.
        if mark == [0; 4] {
            return Ok(None);
        }
        if mark != b"FILE" {
            return Err(damaged());
        }
        let flags = le16(bytes, 22);
        if flags & 1 == 0 {
            return Ok(None);
        }
        restore(bytes).ok_or_else(damaged)?;
        let attributes = attributes(bytes).ok_or_else(damaged)?;
        let base = le64(bytes, 32) & 0xffff_ffff_ffff;
        let (sequence, is_folder) = (le16(bytes, 16), flags & 2 != 0);
        Ok(Some(Self { sequence, is_folder, base, attributes }))
    }
}

/// Puts back the last two bytes of each sector, which stand in for them as a check of the write.
fn restore(bytes: &mut [u8]) -> Option<()> {
    let (at, count) = (usize::from(le16(bytes, 4)), usize::from(le16(bytes, 6)));
    if count.checked_sub(1)? != bytes.len() / STRIDE {
        return None;
    }
    let check: [u8; 2] = bytes.get(at..at + 2)?.try_into().ok()?;
    for sector in 1..count {
        let true_bytes: [u8; 2] =
            bytes.get(at + 2 * sector..at + 2 * sector + 2)?.try_into().ok()?;
        let end = bytes.get_mut(sector * STRIDE - 2..sector * STRIDE)?;
        if end != check {
            return None;
        }
        end.copy_from_slice(&true_bytes);
    }
    Some(())
}

fn attributes(record: &[u8]) -> Option<Vec<Attribute>> {
    const END: u32 = u32::MAX;
    let mut rest = record.get(usize::from(le16(record, 20))..)?;
    let mut attributes = Vec::new();
    while rest.len() >= 4 && le32(rest, 0) != END {
        let length = usize::try_from(le32(rest, 4)).ok().filter(|length| *length >= 24)?;
        let attribute = rest.get(..length)?;
        let kind = match le32(rest, 0) {
            0x10 => Some(Kind::StandardInformation),
            0x20 => Some(Kind::List),
            0x30 => Some(Kind::FileName),
            0x80 => Some(Kind::Data),
            0xc0 => Some(Kind::Reparse),
            _ => None,
        };
        if let Some(kind) = kind {
            attributes.push(one(kind, attribute)?);
        }
        rest = &rest[length..];
    }
    Some(attributes)
}

fn one(kind: Kind, bytes: &[u8]) -> Option<Attribute> {
    let (units, name_at) = (usize::from(bytes[9]), usize::from(le16(bytes, 10)));
    let name = utf16(bytes.get(name_at..name_at + 2 * units)?);
    let value = if bytes[8] == 0 {
        let (length, at) = (le32(bytes, 16) as usize, usize::from(le16(bytes, 20)));
        Value::Resident(bytes.get(at..at.checked_add(length)?)?.to_vec())
    } else {
        if bytes.len() < 64 {
            return None;
        }
        let runs = Runs::parse(bytes.get(usize::from(le16(bytes, 32))..)?)?;
        let (size_bytes, written_bytes) = (le64(bytes, 48), le64(bytes, 56));
        Value::Clusters { first: le64(bytes, 16), runs, size_bytes, written_bytes }
    };
    Some(Attribute { kind, name, flags: le16(bytes, 12), value })
}

/// A slash in a name would look like a folder.
fn utf16(bytes: &[u8]) -> String {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|unit| le16(unit, 0)).collect();
    String::from_utf16_lossy(&units).replace('/', "\u{fffd}")
}

impl Attribute {
    /// The value, where it is of this kind and stands in the record.
    pub(super) fn resident(&self, kind: Kind) -> Option<&[u8]> {
        match &self.value {
            Value::Resident(bytes) if self.kind == kind => Some(bytes),
            Value::Resident(_) | Value::Clusters { .. } => None,
        }
    }

    pub(super) fn is_resident(&self) -> bool {
        matches!(self.value, Value::Resident(_))
    }

    /// Where in the whole value this part begins, in clusters.
    pub(super) fn first_cluster(&self) -> u64 {
        match &self.value {
            Value::Resident(_) => 0,
            Value::Clusters { first, .. } => *first,
        }
    }

    /// Bytes of the whole value; of the first part alone.
    pub(super) fn size_bytes(&self) -> u64 {
        match &self.value {
            Value::Resident(bytes) => bytes.len() as u64,
            Value::Clusters { size_bytes, .. } => *size_bytes,
        }
    }

    pub(super) fn reparse_tag(&self) -> Option<u32> {
        self.resident(Kind::Reparse).filter(|value| value.len() >= 4).map(|value| le32(value, 0))
    }

    pub(super) fn file_name(&self) -> Option<FileName> {
        let value = self.resident(Kind::FileName)?;
        let units = usize::from(*value.get(64)?);
        Some(FileName {
            parent: le64(value, 0) & 0xffff_ffff_ffff,
            parent_sequence: le16(value, 6),
            name: utf16(value.get(66..66 + 2 * units)?),
            is_short: value[65] == 2,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Record;

    fn record() -> Vec<u8> {
        let mut bytes = vec![0; 1024];
        bytes[..4].copy_from_slice(b"FILE");
        (bytes[4], bytes[6], bytes[16], bytes[20], bytes[22]) = (48, 3, 7, 56, 1);
        bytes[48..54].copy_from_slice(&[1, 0, 0xaa, 0xbb, 0xcc, 0xdd]);
        for end in [510, 1022] {
            bytes[end..end + 2].copy_from_slice(&[1, 0]);
        }
        let attribute = &mut bytes[56..56 + 32];
        (attribute[0], attribute[4], attribute[16], attribute[20]) = (0x80, 32, 3, 24);
        attribute[24..27].copy_from_slice(b"abc");
        bytes[88..92].copy_from_slice(&[0xff; 4]);
        bytes
    }

    #[test]
    fn a_record_is_read_and_a_torn_one_is_not() {
        let parsed = Record::parse(&mut record()).unwrap().unwrap();
        assert_eq!((parsed.sequence, parsed.is_folder, parsed.base), (7, false, 0));
        assert_eq!(parsed.attributes[0].size_bytes(), 3);
        let with = |at: usize, byte: u8| {
            let mut bytes = record();
            bytes[at] = byte;
            Record::parse(&mut bytes).map(|record| record.is_some())
        };
        assert!(!with(22, 0).unwrap(), "not in use");
        for (at, byte) in [(0, b'B'), (510, 9), (6, 200), (60, 8), (57 + 4, 255), (56 + 16, 200)] {
            assert!(with(at, byte).is_err(), "{at}");
        }
        assert!(Record::parse(&mut [0; 1024]).unwrap().is_none());
    }
}
