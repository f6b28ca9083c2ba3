//! Windows-1252, which contains Latin-1: what tables are written in where they are not written in Unicode.

/// Characters of the bytes 0x80 to 0x9F; the five that are not assigned stand for themselves.
const UPPER: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The text of any bytes.
pub(super) fn decoded(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| match byte {
            0x80..=0x9F => UPPER[usize::from(byte - 0x80)],
            _ => char::from(*byte),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_byte_is_a_character() {
        assert_eq!(super::decoded(b"a\x80\xE9\x9F\x81"), "a€éŸ\u{81}");
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(super::decoded(&all).chars().count(), 256);
    }
}
