//! How much of an archive is believed, and how much a worker may take: every limit, with its reason.

use std::time::Duration;

use tutela_match::content::{ArchiveFormat, LimitDoc};

const MIB: u64 = 1024 * 1024;
const GIB: u64 = 1024 * MIB;

/// Archives inside archives that are opened: a mail attachment in a backup in a download on a disk.
/// The caller of the decoder counts.
pub const MAX_ARCHIVE_DEPTH: u32 = 4;
/// Entries of one outermost archive, inner archives included.
pub const MAX_ENTRIES: u64 = 100_000;
/// Bytes that may come out of one outermost archive, inner archives included.
pub const MAX_EXPANDED_BYTES: u64 = 4 * GIB;
/// Bytes that may come out for each byte of the archive. Text and logs reach 20; Deflate cannot
/// exceed 1,032.
pub const MAX_EXPANSION_RATIO: u64 = 200;
/// Bytes below which the ratio is not looked at: a small file of zeros is no attack.
pub const EXPANSION_FLOOR_BYTES: u64 = 64 * MIB;
/// Entries of one disk image; archives on the disk have limits of their own.
pub const MAX_IMAGE_ENTRIES: u64 = 10_000_000;
/// Bytes that may come out of an image for each byte of the disk, archives on it included. Files
/// with holes and files under several names make a disk hold more than its size.
pub const MAX_IMAGE_RATIO: u64 = 16;
/// The same for each byte of an E01, whose empty chunks of 32 KiB take some twenty bytes.
pub const MAX_EWF_RATIO: u64 = 2_000;
/// Files of a device's report that are compared with the archive: some hundred bytes of memory each.
pub const MAX_LISTED_FILES: usize = 2_000_000;
/// Bytes of an archive for which one entry is believed beyond [`MAX_ENTRIES`].
pub const BYTES_PER_ENTRY: u64 = 16 * 1024;
/// Partitions of a table.
pub const MAX_PARTITIONS: u64 = 256;
/// Folders inside folders of one volume.
pub const MAX_FOLDER_DEPTH: u32 = 256;
/// Notes on one archive.
pub const MAX_NOTES: usize = 16;
/// Bytes of evidence after which a worker that has nothing to hand out says that it is at work.
pub const WORKING_BYTES: u64 = 16 * MIB;
/// Bytes of an entry's path; file systems end at 4,096.
pub const MAX_PATH_BYTES: usize = 4096;
/// Bytes of entry content in one message from the worker.
pub const MAX_DATA_BYTES: usize = 64 * 1024;

/// Address space of a worker: a 100-megapixel picture, its copy and the planes that PDQ needs.
pub const MAX_WORKER_MEMORY_BYTES: u64 = 2 * GIB;
/// Segment files of one E01. A terabyte in segments of 640 MB, the smallest in use, has 1,600.
pub const MAX_SEGMENTS: usize = 2_000;
/// Segment files in one message. The kernel passes 253.
pub(super) const MAX_SEGMENTS_PASSED: usize = 64;
/// Descriptors of a worker: its socket, its error pipe, the file under work or all segments of an
/// image, and room to spare.
pub const MAX_WORKER_DESCRIPTORS: u64 = MAX_SEGMENTS as u64 + 16;
/// Time for one picture, from request to answer.
pub const MEDIA_DEADLINE: Duration = Duration::from_secs(20);
/// Time that may pass between two messages while an archive is unpacked.
pub const UNPACK_IDLE_DEADLINE: Duration = Duration::from_secs(20);
/// Time for a new worker to raise its fences and report.
pub const START_DEADLINE: Duration = Duration::from_secs(10);

/// Frames of one film that are looked at.
pub const MAX_FILM_FRAMES: usize = 7_200;
/// Pixels of one frame of a film. Films in 8K have 33 million.
pub const MAX_FILM_PIXELS: u64 = 36_000_000;
/// Address space of `ffmpeg`: its libraries, and the frames that a film in 8K refers to.
pub const MAX_FILM_MEMORY_BYTES: u64 = 3 * GIB;
/// Descriptors of `ffmpeg`: three pipes, the film, a library while it is loaded.
pub const MAX_FILM_DESCRIPTORS: u64 = 64;
/// Time for one film.
pub const FILM_DEADLINE: Duration = Duration::from_secs(60);

/// All limits of this module, for documents.
pub const LIMITS: &[LimitDoc] = &[
    LimitDoc {
        name: "archive.max_depth",
        value: MAX_ARCHIVE_DEPTH as u64,
        unit: "levels",
        why: "Archives can hold themselves; four levels cover a backup of mail with attachments on a disk.",
    },
    LimitDoc {
        name: "archive.max_entries",
        value: MAX_ENTRIES,
        unit: "entries",
        why: "Millions of empty entries cost time and hold nothing.",
    },
    LimitDoc {
        name: "archive.max_expanded_bytes",
        value: MAX_EXPANDED_BYTES,
        unit: "bytes",
        why: "One archive must not fill the disk or the day.",
    },
    LimitDoc {
        name: "archive.bytes_per_entry",
        value: BYTES_PER_ENTRY,
        unit: "bytes of the archive",
        why: "The archive of a whole phone may have one entry more for each, and give twice its size.",
    },
    LimitDoc {
        name: "archive.max_listed_files",
        value: MAX_LISTED_FILES as u64,
        unit: "files",
        why: "Those in the report of a UFDR; each takes memory while the archive is compared with it.",
    },
    LimitDoc {
        name: "archive.max_expansion_ratio",
        value: MAX_EXPANSION_RATIO,
        unit: "bytes out for each byte in",
        why: "Media hardly shrink and text shrinks twentyfold; more is a bomb.",
    },
    LimitDoc {
        name: "archive.expansion_floor_bytes",
        value: EXPANSION_FLOOR_BYTES,
        unit: "bytes",
        why: "Below it the ratio is not looked at: a small file of zeros is no attack.",
    },
    LimitDoc {
        name: "image.max_entries",
        value: MAX_IMAGE_ENTRIES,
        unit: "entries",
        why: "Large disks hold a few million files; more is a file system that never ends.",
    },
    LimitDoc {
        name: "image.max_ratio",
        value: MAX_IMAGE_RATIO,
        unit: "bytes out for each byte of the disk",
        why: "Files with holes and files of several names make a disk hold more than its size.",
    },
    LimitDoc {
        name: "image.max_ewf_ratio",
        value: MAX_EWF_RATIO,
        unit: "bytes out for each byte of an E01",
        why: "Empty chunks of 32 KiB take some twenty bytes.",
    },
    LimitDoc {
        name: "image.max_segments",
        value: MAX_SEGMENTS as u64,
        unit: "files",
        why: "A terabyte in segments of 640 MB, the smallest in use, has 1,600.",
    },
    LimitDoc {
        name: "image.max_partitions",
        value: MAX_PARTITIONS,
        unit: "partitions",
        why: "A GPT has 128 lines by custom.",
    },
    LimitDoc {
        name: "image.max_folder_depth",
        value: MAX_FOLDER_DEPTH as u64,
        unit: "levels",
        why: "Damaged folders can hold each other; people stay far below.",
    },
    LimitDoc {
        name: "archive.max_path_bytes",
        value: MAX_PATH_BYTES as u64,
        unit: "bytes",
        why: "Paths are labels; file systems end at 4,096 bytes.",
    },
    LimitDoc {
        name: "archive.idle_deadline",
        value: UNPACK_IDLE_DEADLINE.as_secs(),
        unit: "seconds",
        why: "A worker that says nothing for so long is stuck and is ended.",
    },
    LimitDoc {
        name: "decoder.deadline",
        value: MEDIA_DEADLINE.as_secs(),
        unit: "seconds",
        why: "A 12-megapixel photograph takes a tenth of a second; the worker is ended after this.",
    },
    LimitDoc {
        name: "decoder.max_memory_bytes",
        value: MAX_WORKER_MEMORY_BYTES,
        unit: "bytes",
        why: "A picture of 100 megapixels fits with all its working copies; the kernel refuses more.",
    },
    LimitDoc {
        name: "decoder.max_descriptors",
        value: MAX_WORKER_DESCRIPTORS,
        unit: "descriptors",
        why: "A worker holds its socket, its error pipe and what it was handed: a file, or all segments.",
    },
    LimitDoc {
        name: "film.deadline",
        value: FILM_DEADLINE.as_secs(),
        unit: "seconds",
        why: "One film must not hold up all others; frames seen until then are looked up.",
    },
    LimitDoc {
        name: "film.max_frames",
        value: MAX_FILM_FRAMES as u64,
        unit: "frames",
        why: "Two hours at one frame a second.",
    },
    LimitDoc {
        name: "film.max_memory_bytes",
        value: MAX_FILM_MEMORY_BYTES,
        unit: "bytes",
        why: "A film in 8K and the frames it refers to fit; the kernel refuses more.",
    },
    LimitDoc {
        name: "film.max_pixels",
        value: MAX_FILM_PIXELS,
        unit: "pixels",
        why: "Films in 8K have 33 million pixels a frame.",
    },
];

/// The limits that a caller of `unpack` may lower: what is left of the outermost archive's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnpackLimits {
    /// Entries.
    pub max_entries: u64,
    /// Bytes that come out.
    pub max_bytes: u64,
    /// Bytes out for each byte in.
    pub max_ratio: u64,
    /// Bytes below which the ratio is not looked at.
    pub ratio_floor_bytes: u64,
}

impl UnpackLimits {
    /// What is believed of a container that stands in no other, or on a disk.
    pub fn of(format: ArchiveFormat, size_bytes: u64) -> Self {
        let max_ratio = match format {
            ArchiveFormat::Disk => MAX_IMAGE_RATIO,
            ArchiveFormat::Ewf => MAX_EWF_RATIO,
            // An archive of a whole phone holds more than any download.
            _ => {
                return Self {
                    max_entries: MAX_ENTRIES.max(size_bytes / BYTES_PER_ENTRY),
                    max_bytes: MAX_EXPANDED_BYTES.max(size_bytes.saturating_mul(2)),
                    ..Self::default()
                };
            }
        };
        Self {
            max_entries: MAX_IMAGE_ENTRIES,
            // What archives on the disk hold counts, too, and a small disk may hold a large one.
            max_bytes: size_bytes.saturating_mul(max_ratio).max(MAX_EXPANDED_BYTES),
            max_ratio,
            ratio_floor_bytes: EXPANSION_FLOOR_BYTES,
        }
    }
}

impl Default for UnpackLimits {
    fn default() -> Self {
        Self {
            max_entries: MAX_ENTRIES,
            max_bytes: MAX_EXPANDED_BYTES,
            max_ratio: MAX_EXPANSION_RATIO,
            ratio_floor_bytes: EXPANSION_FLOOR_BYTES,
        }
    }
}
