//! What a compiled list keeps of an entry besides its signals: 16 bytes, and its key among the texts.

/// Bytes of a record: row (6), place of the key (6), category (3), signals (1).
pub const RECORD_BYTES: usize = 16;
/// No key; no category.
const NONE: u64 = u64::MAX;
/// Entries that can be told apart by categories at most; the last number stands for none.
pub const MAX_CATEGORIES: u32 = (1 << 24) - 1;

/// An entry, as far as a finding needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record {
    /// Row in the source, from 1; below 2⁴⁸.
    pub row: u64,
    /// Where its key stands among the texts.
    pub key: Option<u64>,
    /// Number of its category.
    pub category: Option<u32>,
    /// Which signals it carries: SHA-256, SHA-1, MD5, PDQ, the frames of a film.
    pub carries: [bool; 5],
}

impl Record {
    /// The bytes of the record.
    pub fn bytes(&self) -> [u8; RECORD_BYTES] {
        let key = self.key.unwrap_or(NONE);
        let category = self.category.unwrap_or(MAX_CATEGORIES);
        let signals = (0..).zip(self.carries).map(|(bit, carries)| u8::from(carries) << bit);
        let mut bytes = [0; RECORD_BYTES];
        bytes[..6].copy_from_slice(&self.row.to_le_bytes()[..6]);
        bytes[6..12].copy_from_slice(&key.to_le_bytes()[..6]);
        bytes[12..15].copy_from_slice(&category.to_le_bytes()[..3]);
        bytes[15] = signals.sum();
        bytes
    }

    /// Reads a record.
    pub fn read(bytes: &[u8; RECORD_BYTES]) -> Self {
        let number = |from: usize, len: usize| {
            bytes[from..from + len].iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
        };
        let key = number(6, 6);
        let category = number(12, 3) as u32;
        Self {
            row: number(0, 6),
            key: (key != NONE >> 16).then_some(key),
            category: (category != MAX_CATEGORIES).then_some(category),
            carries: [0, 1, 2, 3, 4].map(|bit| bytes[15] >> bit & 1 == 1),
        }
    }
}

/// The bytes of a key among the texts: its length, and itself. Nothing of a key too long for that.
pub fn text_bytes(key: &str) -> Option<Vec<u8>> {
    let len = u16::try_from(key.len()).ok()?;
    Some([&len.to_le_bytes(), key.as_bytes()].concat())
}

/// The key at some place of the texts.
pub(super) fn text(texts: &[u8], place: u64) -> Option<&str> {
    let (len, rest) = texts.get(usize::try_from(place).ok()?..)?.split_first_chunk()?;
    std::str::from_utf8(rest.get(..usize::from(u16::from_le_bytes(*len)))?).ok()
}

#[cfg(test)]
mod tests {
    use super::{MAX_CATEGORIES, Record, text, text_bytes};

    #[test]
    fn a_record_comes_back() {
        for (key, category) in [(None, None), (Some(0), Some(0)), (Some(7 << 33), Some(70_000))] {
            for carries in [[true, false, true, false, true], [false, true, false, true, false]] {
                for row in [1, u64::from(u32::MAX) * 9] {
                    let record = Record { row, key, category, carries };
                    assert_eq!(Record::read(&record.bytes()), record);
                }
            }
        }
        assert!(Record::read(&[0xFF; 16]).category.is_none_or(|number| number < MAX_CATEGORIES));
    }

    #[test]
    fn texts_are_read_only_where_they_are() {
        let texts = [text_bytes("7-1").unwrap(), text_bytes("ü").unwrap()].concat();
        assert_eq!((text(&texts, 0), text(&texts, 5)), (Some("7-1"), Some("ü")));
        for place in [1, 8, 9, 10, u64::MAX] {
            assert_eq!(text(&texts, place), None, "{place}");
        }
        assert!(text_bytes(&"x".repeat(1 << 16)).is_none());
    }
}
