//! Folders of FAT: lines of 32 bytes, long names in pieces before the line they belong to.

use super::Item;
use crate::evidence::decoder::worker::unpack::numbers::{le16, le32};

/// The lines that name something. Deleted ones are passed over: they are not examined.
pub(super) fn items(folder: &[u8]) -> Vec<Item> {
    let mut items = Vec::new();
    let mut long = LongName::default();
    for line in folder.chunks_exact(32) {
        match (line[0], line[11]) {
            (0, _) => break,
            (0xe5, _) => long = LongName::default(),
            (_, attributes) if attributes & 0x3f == 0x0f => long.piece(line),
            // The name of the volume.
            (_, attributes) if attributes & 0x08 != 0 => long = LongName::default(),
            _ => {
                let name = std::mem::take(&mut long).name(line);
                if !matches!(name.as_str(), "." | "..") {
                    items.push(item(line, name));
                }
            }
        }
    }
    items
}

fn item(line: &[u8], name: String) -> Item {
    let size_bytes = le32(line, 28).into();
    Item {
        name,
        is_folder: line[11] & 0x10 != 0,
        size_bytes,
        written_bytes: size_bytes,
        first_cluster: u64::from(le16(line, 20)) << 16 | u64::from(le16(line, 26)),
        contiguous: false,
        modified_s: None,
        modified_local: local_time(le16(line, 24), le16(line, 22)),
    }
}

/// Local time of whoever wrote it: FAT knows no zone.
pub(super) fn local_time(date: u16, time: u16) -> Option<String> {
    let (year, month, day) = (1980 + (date >> 9), date >> 5 & 15, date & 31);
    let (hour, minute, second) = (time >> 11, time >> 5 & 63, (time & 31) * 2);
    let valid = (1..=12).contains(&month) && day > 0 && hour < 24 && minute < 60 && second < 60;
    valid.then(|| format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"))
}

/// A long name as it comes together, last piece first.
#[derive(Default)]
struct LongName {
    pieces: Vec<[u16; 13]>,
    /// Number of the piece that must come next; 1 is the last.
    expected: u8,
    checksum: u8,
}

impl LongName {
    fn piece(&mut self, line: &[u8]) {
        let number = line[0] & 0x1f;
        if line[0] & 0x40 != 0 {
            *self = Self { pieces: Vec::new(), expected: number, checksum: line[13] };
        }
        if number == 0 || number != self.expected || line[13] != self.checksum {
            *self = Self::default();
            return;
        }
        let places = (1..11).step_by(2).chain((14..26).step_by(2)).chain((28..32).step_by(2));
        let mut piece = [0; 13];
        for (unit, at) in piece.iter_mut().zip(places) {
            *unit = le16(line, at);
        }
        self.pieces.push(piece);
        self.expected -= 1;
    }

    /// The long name, where it is whole and belongs to this line; else the short one.
    fn name(self, line: &[u8]) -> String {
        let whole = self.expected == 0 && !self.pieces.is_empty();
        if !whole || self.checksum != checksum(&line[..11]) {
            return short_name(line);
        }
        let units: Vec<u16> = self.pieces.into_iter().rev().flatten().collect();
        super::exfat::text(&units)
    }
}

fn checksum(short: &[u8]) -> u8 {
    short.iter().fold(0, |sum: u8, byte| sum.rotate_right(1).wrapping_add(*byte))
}

/// Eight letters, a dot, three letters. Bytes beyond ASCII depend on a code page that nothing names.
fn short_name(line: &[u8]) -> String {
    const LOWER_BASE: u8 = 0x08;
    const LOWER_EXTENSION: u8 = 0x10;
    let part = |bytes: &[u8], lower: bool| {
        let end = bytes.iter().rposition(|byte| *byte != b' ').map_or(0, |last| last + 1);
        bytes[..end].iter().fold(String::new(), |mut text, byte| {
            match byte {
                b' '..=b'~' if lower => text.push(byte.to_ascii_lowercase().into()),
                b' '..=b'~' => text.push((*byte).into()),
                _ => text.push_str(&format!("\\x{byte:02x}")),
            }
            text
        })
    };
    let mut base = line[..8].to_vec();
    if base[0] == 0x05 {
        base[0] = 0xe5;
    }
    let base = part(&base, line[12] & LOWER_BASE != 0);
    let extension = part(&line[8..11], line[12] & LOWER_EXTENSION != 0);
    let name = if extension.is_empty() { base } else { format!("{base}.{extension}") };
    name.replace('/', "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::{checksum, items, local_time};

    fn line(name: &[u8; 11], attributes: u8) -> [u8; 32] {
        let mut line = [0; 32];
        line[..11].copy_from_slice(name);
        line[11] = attributes;
        line
    }

    fn piece(number: u8, sum: u8, text: &str) -> [u8; 32] {
        let mut line = [0xff; 32];
        (line[0], line[11], line[12], line[13]) = (number, 0x0f, 0, sum);
        let places = (1..11).step_by(2).chain((14..26).step_by(2)).chain((28..32).step_by(2));
        let units = text.encode_utf16().chain([0]);
        for (at, unit) in places.zip(units) {
            line[at..at + 2].copy_from_slice(&unit.to_le_bytes());
        }
        line
    }

    fn names(lines: &[[u8; 32]]) -> Vec<String> {
        items(lines.as_flattened()).into_iter().map(|item| item.name).collect()
    }

    #[test]
    fn long_names_belong_to_the_line_whose_checksum_they_bear() {
        let short = line(b"LONGNA~1JPG", 0x20);
        let sum = checksum(b"LONGNA~1JPG");
        let pieces = [piece(0x42, sum, ".jpg"), piece(1, sum, "a long nam\u{e8} e")];
        assert_eq!(names(&[pieces[0], pieces[1], short]), ["a long nam\u{e8} e.jpg"]);
        assert_eq!(names(&[pieces[1], short]), ["LONGNA~1.JPG"]);
        assert_eq!(names(&[pieces[0], pieces[1], line(b"OTHER   TXT", 0)]), ["OTHER.TXT"]);
    }

    #[test]
    fn deleted_lines_dots_and_labels_are_no_items() {
        let lines = [
            line(b".          ", 0x10),
            line(b"..         ", 0x10),
            line(b"\xe5ONE    TXT", 0),
            line(b"VOLUME     ", 0x08),
            line(b"A/B        ", 0),
            [0; 32],
            line(b"BEHIND     ", 0),
        ];
        assert_eq!(names(&lines), ["A\u{fffd}B"]);
    }

    #[test]
    fn times_that_do_not_exist_are_none() {
        assert_eq!(local_time(0x5921, 0x6000).as_deref(), Some("2024-09-01T12:00:00"));
        assert_eq!(local_time(0, 0), None);
    }
}
