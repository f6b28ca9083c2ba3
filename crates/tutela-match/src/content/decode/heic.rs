//! HEIC: the primary picture, as its container says it is to be seen.
//!
//! Crop, rotation and mirroring of the container (`clap`, `irot`, `imir`) are part of the picture and
//! are applied; a rotation in the EXIF block is a hint to viewers and is not, as for JPEG.

use heic_decoder::HeifError;

use super::convert::over_white;
use super::{DecodeError, check_size};
use crate::content::{Limits, Pixels};

/// Copies of the planes that the decoder holds at its worst: tiles, the whole, and the whole turned.
const COPIES: u64 = 3;
/// Bytes of one sample in them.
const SAMPLE_BYTES: u64 = 4;

pub(super) fn decode(bytes: &[u8], limits: &Limits) -> Result<Pixels, DecodeError> {
    let info = heic_decoder::probe(bytes).map_err(|error| from_heif(&error))?;
    // Halves of a sample a pixel: brightness, colour as often as it is stored, and alpha.
    let halves = match info.chroma_format_idc {
        0 => 2,
        1 => 3,
        2 => 4,
        _ => 6,
    } + if info.alpha_bit_depth.is_some() { 2 } else { 0 };
    let bytes_per_pixel = COPIES * SAMPLE_BYTES * halves / 2 + 3;
    for (width, height) in [(info.coded_width, info.coded_height), (info.width, info.height)] {
        check_size(side(width)?, side(height)?, bytes_per_pixel, limits)?;
    }
    let picture = heic_decoder::decode(bytes).map_err(|error| from_heif(&error))?;
    let (width, height) = (side(picture.width)?, side(picture.height)?);
    let pixels = if picture.alpha.is_some() {
        let rgba = picture.to_rgba8().map_err(|error| from_heif(&error))?;
        let premultiplied = rgba.premultiplied;
        let light = |sample: u8, alpha: u8| {
            if premultiplied {
                sample.saturating_add(255 - alpha)
            } else {
                over_white(sample, alpha)
            }
        };
        let seen = rgba.data.as_chunks::<4>().0.iter();
        let rgb = seen.flat_map(|[r, g, b, alpha]| [r, g, b].map(|c| light(*c, *alpha)));
        Pixels::rgb(width, height, rgb.collect())
    } else {
        let rgb = picture.to_rgb8().map_err(|error| from_heif(&error))?;
        Pixels::rgb(width, height, rgb.data)
    };
    pixels.map_err(|_| DecodeError::Malformed)
}

pub(super) fn dimensions(bytes: &[u8]) -> Option<(u32, u32)> {
    let info = heic_decoder::probe(bytes).ok()?;
    Some((side(info.width).ok()?, side(info.height).ok()?))
}

fn side(side: usize) -> Result<u32, DecodeError> {
    u32::try_from(side).map_err(|_| DecodeError::Malformed)
}

fn from_heif(error: &HeifError) -> DecodeError {
    match error {
        HeifError::Truncated { .. } => DecodeError::Truncated,
        HeifError::Unsupported(_) => DecodeError::Unsupported,
        HeifError::LimitExceeded(_) => DecodeError::OutOfMemory,
        HeifError::NotHeif(_)
        | HeifError::MalformedBox(_)
        | HeifError::MalformedHevc(_)
        | HeifError::CabacDesync(_) => DecodeError::Malformed,
    }
}
