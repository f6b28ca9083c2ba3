//! How much of a file is believed before it is decoded: every limit, with its reason.

/// One limit as documents print it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitDoc {
    /// Stable name, such as `decode.max_pixels`.
    pub name: &'static str,
    /// The value, in `unit`.
    pub value: u64,
    /// What is counted.
    pub unit: &'static str,
    /// Why there is a limit, and why this one.
    pub why: &'static str,
}

const MIB: u64 = 1024 * 1024;

/// Pixels of one picture. Ordinary phones and cameras end at 61 megapixels, medium format at 100;
/// one RGB copy of such a picture takes 300 MB.
pub const MAX_PIXELS: u64 = 100_000_000;

/// Frames of an animation, and pages, that are looked at.
pub const MAX_FRAMES: u32 = 64;

/// Size of a file that is read for decoding. Above it only digests are taken.
pub const MAX_FILE_BYTES: u64 = 256 * MIB;

/// EXIF block that is parsed. Real ones are below 64 KiB, except for embedded previews.
pub const MAX_EXIF_BYTES: u64 = MIB;

/// Memory that one decoder may take beside the file: a 100-megapixel picture of four 16-bit
/// channels fits.
pub const MAX_ALLOC_BYTES: u64 = 1024 * MIB;

/// Scans of a progressive JPEG. Encoders write about ten; thousands are an attack on time.
pub const MAX_JPEG_SCANS: usize = 100;

/// Bits above which a thumbnail shows something else than its picture. Thumbnails of the same picture
/// stay below, whatever their size, quality, bars and turns; those of other pictures lie above.
/// Source: the run in `benches/peers/thumbnails`.
pub const THUMBNAIL_DISTANCE: u16 = 76;

/// Characters of one capture field.
pub const MAX_CAPTURE_CHARS: usize = 128;

/// All limits of this module, for documents.
pub const LIMITS: &[LimitDoc] = &[
    LimitDoc {
        name: "decode.max_pixels",
        value: MAX_PIXELS,
        unit: "pixels",
        why: "A header of a few bytes can ask for gigabytes; cameras in use stay below.",
    },
    LimitDoc {
        name: "decode.max_frames",
        value: MAX_FRAMES as u64,
        unit: "frames",
        why: "Each frame costs as much as a picture; loops of a few seconds end before.",
    },
    LimitDoc {
        name: "decode.max_file_bytes",
        value: MAX_FILE_BYTES,
        unit: "bytes",
        why: "The file is held in memory while it is decoded; larger ones keep their digests.",
    },
    LimitDoc {
        name: "decode.max_exif_bytes",
        value: MAX_EXIF_BYTES,
        unit: "bytes",
        why: "Capture data are a few hundred bytes; a larger block is not parsed.",
    },
    LimitDoc {
        name: "decode.max_alloc_bytes",
        value: MAX_ALLOC_BYTES,
        unit: "bytes",
        why: "Working memory of one decoder, below the cap of the whole process.",
    },
    LimitDoc {
        name: "decode.max_jpeg_scans",
        value: MAX_JPEG_SCANS as u64,
        unit: "scans",
        why: "Each scan of a progressive JPEG goes over the whole picture again.",
    },
    LimitDoc {
        name: "capture.max_chars",
        value: MAX_CAPTURE_CHARS as u64,
        unit: "characters",
        why: "Makers and serial numbers are short; the rest is cut.",
    },
];

/// The limits that a caller of [`decode`](super::decode) may lower.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Pixels of one picture.
    pub max_pixels: u64,
    /// Frames of an animation that are looked at.
    pub max_frames: u32,
    /// Size of the file in bytes.
    pub max_file_bytes: u64,
    /// Memory of the decoder in bytes.
    pub max_alloc_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_pixels: MAX_PIXELS,
            max_frames: MAX_FRAMES,
            max_file_bytes: MAX_FILE_BYTES,
            max_alloc_bytes: MAX_ALLOC_BYTES,
        }
    }
}
