//! Numbers and times as file systems and containers write them.

/// The number at a place, little-endian; 0 where there are no bytes.
pub(super) fn le16(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).and_then(|b| b.try_into().ok()).map_or(0, u16::from_le_bytes)
}

/// The same of 32 bits.
pub(super) fn le32(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes)
}

/// The same of 64 bits.
pub(super) fn le64(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|b| b.try_into().ok()).map_or(0, u64::from_le_bytes)
}

/// Times of Windows, in steps of 100 ns since 1601, to seconds since 1970.
pub(super) fn unix_seconds(file_time: u64) -> i64 {
    const SECONDS_1601_TO_1970: i64 = 11_644_473_600;
    (file_time / 10_000_000).cast_signed() - SECONDS_1601_TO_1970
}

#[cfg(test)]
mod tests {
    use super::{le16, le32, unix_seconds};

    #[test]
    fn numbers_beyond_the_end_are_none() {
        assert_eq!((le16(&[1, 2, 3], 1), le32(&[1, 2, 3], 0)), (0x0302, 0));
    }

    #[test]
    fn file_times_count_from_1601() {
        assert_eq!(unix_seconds(116_444_736_000_000_000), 0);
        assert_eq!(unix_seconds(133_444_736_000_000_000), 1_700_000_000);
        assert_eq!(unix_seconds(0), -11_644_473_600);
    }
}
