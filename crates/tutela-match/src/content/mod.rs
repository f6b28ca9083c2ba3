//! What content is: its type by its bytes, its pixels, its capture data.
//!
//! Every function here gets untrusted bytes. None opens anything, and none is called on evidence
//! outside a fenced worker process: decoders of others' making can panic, hang or exhaust memory.

mod blocks;
mod boxes;
mod capture;
mod decode;
mod embedded;
mod limits;
mod pixels;
mod sniff;
mod thumbnail;

use std::ops::ControlFlow;

pub(crate) use blocks::{png as png_chunks, riff as riff_chunks};
pub use capture::capture;
pub(crate) use capture::read as exif;
pub(crate) use decode::jpeg_segments;
pub use decode::{DecodeError, Decoded, LaterFrame, decode, dimensions, later_frames};
pub use embedded::{Embedded, compare_embedded, embedded};
pub use limits::{
    LIMITS, LimitDoc, Limits, MAX_ALLOC_BYTES, MAX_CAPTURE_CHARS, MAX_EXIF_BYTES, MAX_FILE_BYTES,
    MAX_FRAMES, MAX_JPEG_SCANS, MAX_PIXELS, THUMBNAIL_DISTANCE,
};
pub use pixels::{Pixels, PixelsError};
pub use sniff::{ArchiveFormat, Kind, PictureFormat, SNIFF_BYTES, Sniffed, sniff};
pub use thumbnail::{THUMBNAIL_SIDE, thumbnail};

/// Sends any bytes through every door of this module, with limits so low that nothing is slow.
/// For fuzzing: it must return, whatever the bytes are.
pub fn replay(bytes: &[u8]) {
    const TINY: Limits = Limits {
        max_pixels: 1 << 16,
        max_frames: 2,
        max_file_bytes: 1 << 20,
        max_alloc_bytes: 1 << 22,
    };
    sniff(bytes);
    capture(bytes);
    if let Ok(decoded) = decode(bytes, &TINY) {
        thumbnail(&decoded.pixels);
        embedded(bytes, &TINY);
        let frame = &mut |_| ControlFlow::Continue(());
        // Whether the later frames are whole is not the question here.
        let _whole = later_frames(bytes, &TINY, frame);
    }
}
