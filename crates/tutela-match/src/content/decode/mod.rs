//! Pictures from bytes, in the 8-bit grey or RGB that signals are made from.
//!
//! Each format's decoder reads its header first; the limits are checked before it may take memory.
//! A picture that ends too early is an error and not half a picture: the signal of a picture that
//! is grey from the middle on says nothing about the whole.

mod convert;
mod error;
mod frames;
mod heic;
mod jpeg;
mod later;
mod raster;
mod tiff;

use super::{Kind, Limits, PictureFormat, Pixels, sniff};
pub use error::DecodeError;
pub(crate) use jpeg::segments as jpeg_segments;
pub use later::{LaterFrame, later_frames};

/// A decoded picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// Its samples: grey where the file is grey, RGB otherwise, transparency laid over white.
    pub pixels: Pixels,
    /// Width in pixels, as stored: EXIF orientation is not applied, the container's of HEIC is.
    pub width: u32,
    /// Height in pixels, as stored.
    pub height: u32,
    /// The format by content.
    pub format: PictureFormat,
    /// Frames or pages of the file, counted up to the limit. The pixels are those of the first.
    pub frames_seen: u32,
}

/// Decodes a picture, or the first frame of an animation.
///
/// Untrusted bytes belong into a fenced process: the decoders behind this can hang, and some panic
/// on valid files (image-tiff issue 403).
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Decoded, DecodeError> {
    let format = picture_format(bytes)?;
    if bytes.len() as u64 > limits.max_file_bytes {
        return Err(DecodeError::FileTooLarge { max: limits.max_file_bytes });
    }
    let pixels = match format {
        PictureFormat::Jpeg => jpeg::decode(bytes, limits)?,
        PictureFormat::Heic => heic::decode(bytes, limits)?,
        PictureFormat::Tiff => tiff::decode(bytes, limits)?,
        PictureFormat::Png | PictureFormat::Gif | PictureFormat::Bmp | PictureFormat::WebP => {
            raster::decode(format, bytes, limits)?
        }
    };
    let (width, height) = (pixels.width(), pixels.height());
    let frames_seen = frames::count(format, bytes, limits.max_frames);
    Ok(Decoded { pixels, width, height, format, frames_seen })
}

/// Width and height as the header states them, for pictures that cannot be decoded further.
pub fn dimensions(bytes: &[u8]) -> Option<(u32, u32)> {
    match picture_format(bytes).ok()? {
        PictureFormat::Jpeg => jpeg::dimensions(bytes),
        PictureFormat::Heic => heic::dimensions(bytes),
        PictureFormat::Tiff => tiff::dimensions(bytes),
        format @ (PictureFormat::Png
        | PictureFormat::Gif
        | PictureFormat::Bmp
        | PictureFormat::WebP) => raster::dimensions(format, bytes),
    }
}

fn picture_format(bytes: &[u8]) -> Result<PictureFormat, DecodeError> {
    let sniffed = sniff(bytes);
    match sniffed.kind {
        Kind::Picture(format) => Ok(format),
        Kind::Archive(_) | Kind::Film | Kind::Other => {
            Err(DecodeError::NotAPicture { mime: sniffed.mime })
        }
    }
}

/// Refuses what its header asks for, before anything is taken. `bytes_per_pixel` is what the
/// decoder will hand out.
fn check_size(
    width: u32,
    height: u32,
    bytes_per_pixel: u64,
    limits: &Limits,
) -> Result<(), DecodeError> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 {
        return Err(DecodeError::NoPixels);
    }
    if pixels > limits.max_pixels {
        return Err(DecodeError::TooManyPixels { width, height, max: limits.max_pixels });
    }
    if pixels.saturating_mul(bytes_per_pixel) > limits.max_alloc_bytes {
        return Err(DecodeError::OutOfMemory);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{DecodeError, Limits, check_size};

    #[test]
    fn sizes_are_refused_from_the_header() {
        let limits = Limits { max_pixels: 100, max_alloc_bytes: 400, ..Limits::default() };
        assert_eq!(check_size(10, 10, 4, &limits), Ok(()));
        assert_eq!(check_size(10, 0, 4, &limits), Err(DecodeError::NoPixels));
        assert_eq!(check_size(10, 10, 5, &limits), Err(DecodeError::OutOfMemory));
        assert_eq!(
            check_size(11, 10, 1, &limits),
            Err(DecodeError::TooManyPixels { width: 11, height: 10, max: 100 })
        );
        assert!(check_size(u32::MAX, u32::MAX, u64::MAX, &limits).is_err());
    }
}
