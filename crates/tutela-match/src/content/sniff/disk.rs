//! Images of disks and of their partitions, by what stands in their first sectors.

/// First bytes of a segment of an EWF image. Source: libewf, "EWF specification".
const EWF: &[u8] = b"EVF\x09\x0d\x0a\xff\x00";
/// First bytes of 7z. Source: 7zFormat.txt of the 7-Zip SDK.
const SEVEN_ZIP: &[u8] = b"7z\xbc\xaf\x27\x1c";

/// Volumes whose mark is long enough to be no accident: where it stands, and the mark.
const VOLUMES: [(usize, &[u8]); 12] = [
    (3, b"NTFS    "),
    (3, b"EXFAT   "),
    (3, b"-FVE-FS-"),
    (54, b"FAT12   "),
    (54, b"FAT16   "),
    (82, b"FAT32   "),
    (0, b"LUKS\xba\xbe"),
    (0, b"XFSB\x00\x00"),
    (32, b"NXSB"),
    (512, b"LABELONE"),
    (512, b"EFI PART"),
    (4096, b"EFI PART"),
];

/// Whether content is a segment of an EWF image.
pub(super) fn is_ewf(head: &[u8]) -> bool {
    head.starts_with(EWF)
}

/// Whether content is a 7z archive.
pub(super) fn is_seven_zip(head: &[u8]) -> bool {
    head.starts_with(SEVEN_ZIP)
}

/// Whether content is the image of a disk, with or without a partition table.
pub(super) fn is_disk(head: &[u8]) -> bool {
    let marked = |(at, mark): &(usize, &[u8])| head.get(*at..*at + mark.len()) == Some(*mark);
    VOLUMES.iter().any(marked) || is_ext(head) || has_partition_table(head)
}

/// The mark of ext2, 3 and 4 has two bytes, so what stands around it must make sense, too.
fn is_ext(head: &[u8]) -> bool {
    let Some(block) = head.get(1024..2048) else { return false };
    let long =
        |at: usize| u32::from_le_bytes([block[at], block[at + 1], block[at + 2], block[at + 3]]);
    let short = |at: usize| u16::from_le_bytes([block[at], block[at + 1]]);
    let (inodes, blocks, block_size_log) = (long(0), long(4), long(24));
    let (blocks_per_group, state, revision) = (long(32), short(58), long(76));
    let block_bits = 8_u32.saturating_mul(1024 << block_size_log.min(6));
    short(56) == 0xef53
        && inodes > 0
        && blocks > 0
        && block_size_log <= 6
        && (1..=block_bits).contains(&blocks_per_group)
        && state <= 7
        && revision <= 1
}

/// A boot record of 1983: two bytes at its end, and four lines that are empty or describe a
/// partition, at least one of them. Programs that start a computer have the two bytes as well.
fn has_partition_table(head: &[u8]) -> bool {
    let Some(table) = head.get(446..512) else { return false };
    let lines = table[..64].chunks_exact(16);
    let is_empty = |line: &[u8]| line.iter().all(|byte| *byte == 0);
    let is_partition = |line: &[u8]| {
        let zero = |range: std::ops::Range<usize>| line[range].iter().all(|byte| *byte == 0);
        matches!(line[0], 0 | 0x80) && line[4] != 0 && !zero(8..12) && !zero(12..16)
    };
    table[64..] == [0x55, 0xaa]
        && lines.clone().all(|line| is_empty(line) || is_partition(line))
        && lines.clone().any(is_partition)
}

#[cfg(test)]
mod tests {
    use super::{is_disk, is_ewf, is_seven_zip};

    fn sector(change: impl FnOnce(&mut [u8])) -> Vec<u8> {
        let mut head = vec![0; 4096];
        change(&mut head);
        head
    }

    #[test]
    fn volumes_and_tables_are_known_by_more_than_two_bytes() {
        let boot = |head: &mut [u8]| head[510..512].copy_from_slice(&[0x55, 0xaa]);
        let partition = |head: &mut [u8]| {
            head[446 + 4] = 0x83;
            head[446 + 8..446 + 16].copy_from_slice(&[0, 8, 0, 0, 0, 0, 1, 0]);
        };
        let ext = |head: &mut [u8]| {
            head[1024] = 16;
            head[1028] = 64;
            head[1024 + 33] = 0x20;
            head[1024 + 56..1024 + 58].copy_from_slice(&[0x53, 0xef]);
        };
        assert!(is_disk(&sector(|head| {
            boot(head);
            partition(head);
        })));
        assert!(is_disk(&sector(ext)));
        assert!(is_disk(&sector(|head| head[3..11].copy_from_slice(b"NTFS    "))));
        assert!(!is_disk(&sector(boot)));
        assert!(!is_disk(&sector(partition)));
        assert!(!is_disk(&sector(|head| {
            ext(head);
            head[1024 + 24] = 7;
        })));
        assert!(!is_disk(b"NTFS"));
    }

    #[test]
    fn containers_of_one_mark_are_known_by_it() {
        assert!(is_ewf(b"EVF\x09\x0d\x0a\xff\x00\x01\x01\x00"));
        assert!(is_seven_zip(b"7z\xbc\xaf\x27\x1c\0\x04"));
        assert!(!is_ewf(b"EVF2\x0d\x0a\x81\x00"));
    }
}
