//! Which file system a volume has, by its own marks; the type in a partition table is a hint at best.

use std::io;

use super::Part;

/// Bytes from the start of a volume in which its marks stand; the last is that of ZFS-like Btrfs.
const LOOK_BYTES: usize = 68 * 1024;

/// A file system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileSystem {
    /// ext2, ext3 or ext4: which of them.
    Ext(&'static str),
    /// NTFS.
    Ntfs,
    /// FAT with entries of 12, 16 or 32 bits.
    Fat,
    /// exFAT.
    ExFat,
    /// Known by name and not read: its short name, and what to say of it.
    Other(&'static str, &'static str),
}

impl FileSystem {
    /// The word for it in paths.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Ext(name) => name,
            Self::Ntfs => "ntfs",
            Self::Fat => "fat",
            Self::ExFat => "exfat",
            Self::Other(name, _) => name,
        }
    }
}

/// What is told by bytes at one place.
const MARKS: [(usize, &[u8], FileSystem); 20] = [
    (3, b"NTFS    ", FileSystem::Ntfs),
    (3, b"EXFAT   ", FileSystem::ExFat),
    (3, b"-FVE-FS-", FileSystem::Other("bitlocker", "a volume encrypted with BitLocker")),
    (0, b"LUKS\xba\xbe", FileSystem::Other("luks", "a volume encrypted with LUKS")),
    (0, b"XFSB", FileSystem::Other("xfs", "XFS")),
    (0, b"hsqs", FileSystem::Other("squashfs", "SquashFS")),
    (32, b"NXSB", FileSystem::Other("apfs", "APFS")),
    (512, b"LABELONE", FileSystem::Other("lvm", "a volume of LVM")),
    (1024, b"H+\x00\x04", FileSystem::Other("hfsplus", "HFS+")),
    (1024, b"HX\x00\x05", FileSystem::Other("hfsplus", "HFS+")),
    (1024, b"\x10\x20\xf5\xf2", FileSystem::Other("f2fs", "F2FS")),
    (1024, b"\xe2\xe1\xf5\xe0", FileSystem::Other("erofs", "EROFS")),
    (3, b"ReFS\0\0\0\0", FileSystem::Other("refs", "ReFS")),
    (4086, b"SWAPSPACE2", FileSystem::Other("swap", "swapped memory")),
    (4086, b"SWAP-SPACE", FileSystem::Other("swap", "swapped memory")),
    (4096, b"\xfc\x4e\x2b\xa9", FileSystem::Other("raid", "a member of a Linux RAID")),
    (0x8001, b"CD001", FileSystem::Other("iso9660", "ISO 9660")),
    (0x8001, b"BEA01", FileSystem::Other("udf", "UDF")),
    (0x10040, b"_BHRfS_M", FileSystem::Other("btrfs", "Btrfs")),
    (0x10034, b"ReIsEr", FileSystem::Other("reiserfs", "ReiserFS")),
];

/// The file system of a volume, or `None` where none is known.
pub(super) fn recognise(part: &mut Part) -> io::Result<Option<FileSystem>> {
    // A damaged place behind the first sectors must not hide what stands in them.
    let head = match part.read_up_to(0, LOOK_BYTES) {
        Ok(head) => head,
        Err(_) => part.read_up_to(0, 4096)?,
    };
    Ok(by_marks(&head))
}

fn by_marks(head: &[u8]) -> Option<FileSystem> {
    let marked = |(at, mark, _): &&(usize, &[u8], FileSystem)| {
        head.get(*at..*at + mark.len()) == Some(*mark)
    };
    if let Some((_, _, file_system)) = MARKS.iter().find(marked) {
        return Some(*file_system);
    }
    if head.get(1080..1082) == Some(b"\x53\xef") {
        return Some(FileSystem::Ext(generation(head)));
    }
    is_fat(head).then_some(FileSystem::Fat)
}

/// The three differ in features alone: extents and what came with them make ext4, a journal ext3.
fn generation(head: &[u8]) -> &'static str {
    let features = |at: usize| head.get(at..at + 4).map_or([0; 4], |b| [b[0], b[1], b[2], b[3]]);
    let incompatible = u32::from_le_bytes(features(1024 + 96));
    let compatible = u32::from_le_bytes(features(1024 + 92));
    match (incompatible & 0x2c0 != 0, compatible & 4 != 0) {
        (true, _) => "ext4",
        (false, true) => "ext3",
        (false, false) => "ext2",
    }
}

/// FAT has no mark that must be there. Its first sector has to make sense, which that of a
/// partition table does not. Source: Microsoft, "FAT32 File System Specification" 1.03.
fn is_fat(head: &[u8]) -> bool {
    let Some(boot) = head.get(..512) else { return false };
    let short = |at: usize| u16::from_le_bytes([boot[at], boot[at + 1]]);
    let jumps = (boot[0] == 0xeb && boot[2] == 0x90) || boot[0] == 0xe9;
    jumps
        && matches!(short(11), 512 | 1024 | 2048 | 4096)
        && boot[13].is_power_of_two()
        && short(14) > 0
        && matches!(boot[16], 1 | 2)
        && (boot[21] == 0xf0 || boot[21] >= 0xf8)
}

#[cfg(test)]
mod tests {
    use super::{FileSystem, by_marks};

    #[test]
    fn marks_tell_file_systems_apart() {
        let at = |place: usize, mark: &[u8]| {
            let mut head = vec![0; super::LOOK_BYTES];
            head[place..place + mark.len()].copy_from_slice(mark);
            by_marks(&head)
        };
        assert_eq!(at(3, b"NTFS    "), Some(FileSystem::Ntfs));
        assert_eq!(at(1080, b"\x53\xef"), Some(FileSystem::Ext("ext2")));
        assert_eq!(at(0, b"LUKS\xba\xbe").map(FileSystem::name), Some("luks"));
        assert_eq!(at(0x10040, b"_BHRfS_M").map(FileSystem::name), Some("btrfs"));
        assert_eq!(at(510, b"\x55\xaa"), None);
        let boot = b"\xeb\x3c\x90mkfs.fat\x00\x02\x04\x01\x00\x02\x00\x02\x00\x00\xf8";
        assert_eq!(at(0, boot), Some(FileSystem::Fat));
        assert_eq!(by_marks(b"NTFS"), None);
    }
}
