//! TIFF: the pictures of the file, whatever its depth, colour space and planes.

mod palette;
mod samples;

use std::io::Cursor;

use tiff::decoder::{Decoder, DecodingResult};
use tiff::tags::{ExtraSamples, Tag};
use tiff::{ColorType, TiffError};

use self::samples::Samples;
use super::convert::{cmyk, over_white, ycbcr};
use super::error::ends_early;
use super::{DecodeError, check_size};
use crate::content::{Limits, Pixels};

pub(super) fn decode(bytes: &[u8], limits: &Limits) -> Result<Pixels, DecodeError> {
    match palette::Indexed::find(bytes, limits)? {
        Some(indexed) => {
            let (indices, width, height) = read(&indexed.bytes, 0, limits)?;
            Pixels::rgb(width, height, indexed.colours.lookup(&indices)?)
                .map_err(|_| DecodeError::Malformed)
        }
        None => {
            let (samples, width, height) = read(bytes, 0, limits)?;
            to_pixels(samples, width, height)
        }
    }
}

/// A later page, counted from 0. Palettes are read for the first page only.
pub(super) fn page(bytes: &[u8], number: u32, limits: &Limits) -> Result<Pixels, DecodeError> {
    let (samples, width, height) = read(bytes, number, limits)?;
    to_pixels(samples, width, height)
}

pub(super) fn dimensions(bytes: &[u8]) -> Option<(u32, u32)> {
    open(bytes, &Limits::default()).ok()?.dimensions().ok()
}

/// Pages of the file, up to `max`.
pub(super) fn pages(bytes: &[u8], max: u32) -> u32 {
    let Ok(mut decoder) = open(bytes, &Limits::default()) else { return 0 };
    let mut pages = 1;
    while pages < max && decoder.more_images() && decoder.next_image().is_ok() {
        pages += 1;
    }
    pages
}

fn open<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Decoder<Cursor<&'a [u8]>>, DecodeError> {
    let mut allowance = tiff::decoder::Limits::default();
    let bytes_allowed = usize::try_from(limits.max_alloc_bytes).unwrap_or(usize::MAX);
    allowance.decoding_buffer_size = bytes_allowed;
    allowance.intermediate_buffer_size = bytes_allowed;
    Ok(Decoder::new(Cursor::new(bytes)).map_err(from_tiff)?.with_limits(allowance))
}

/// The only order of bits in a byte that is decoded; fax machines write the other one.
/// Source: TIFF 6.0, section 8, "FillOrder".
const HIGH_BITS_FIRST: u16 = 1;

/// Reads a page as 8-bit samples, pixel by pixel.
fn read(bytes: &[u8], page: u32, limits: &Limits) -> Result<(Samples, u32, u32), DecodeError> {
    let mut decoder = open(bytes, limits)?;
    for _ in 0..page {
        decoder.next_image().map_err(from_tiff)?;
    }
    let (width, height) = decoder.dimensions().map_err(from_tiff)?;
    let colour = decoder.colortype().map_err(from_tiff)?;
    let stored_bits = u64::from(samples::channels(colour)?) * u64::from(colour.bit_depth());
    check_size(width, height, stored_bits.div_ceil(8), limits)?;
    // The decoder would read bytes the wrong way round and not know it.
    let reversed = decoder.find_tag_unsigned::<u16>(Tag::FillOrder).map_err(from_tiff)?;
    if reversed.is_some_and(|order| order != HIGH_BITS_FIRST) {
        return Err(DecodeError::Unsupported);
    }
    let extra = decoder.find_tag_unsigned_vec::<u16>(Tag::ExtraSamples).map_err(from_tiff)?;
    let premultiplied = extra
        .and_then(|extra| extra.first().copied())
        .is_some_and(|kind| kind == ExtraSamples::AssociatedAlpha.to_u16());
    let mut stored = DecodingResult::U8(Vec::new());
    let layout = decoder.read_image_to_buffer(&mut stored).map_err(from_tiff)?;
    let samples = Samples::new(stored, &layout, colour, width, height, premultiplied)?;
    Ok((samples, width, height))
}

fn to_pixels(samples: Samples, width: u32, height: u32) -> Result<Pixels, DecodeError> {
    let premultiplied = samples.premultiplied;
    let flatten = |sample: u8, alpha: u8| {
        if premultiplied { sample.saturating_add(255 - alpha) } else { over_white(sample, alpha) }
    };
    let bytes = samples.bytes;
    let pixels = match samples.colour {
        ColorType::Gray(_) => Pixels::grey(width, height, bytes),
        ColorType::RGB(_) => Pixels::rgb(width, height, bytes),
        ColorType::GrayA(_) | ColorType::Multiband { num_samples: 2, .. } => {
            let pixels = bytes.as_chunks::<2>().0.iter();
            Pixels::grey(
                width,
                height,
                pixels.map(|[grey, alpha]| flatten(*grey, *alpha)).collect(),
            )
        }
        ColorType::RGBA(_) => {
            let pixels = bytes.as_chunks::<4>().0.iter();
            let rgb = pixels.flat_map(|[r, g, b, alpha]| [r, g, b].map(|c| flatten(*c, *alpha)));
            Pixels::rgb(width, height, rgb.collect())
        }
        ColorType::CMYK(_) => {
            let inks = bytes.as_chunks::<4>().0.iter();
            Pixels::rgb(width, height, inks.flat_map(|inks| cmyk(*inks)).collect())
        }
        ColorType::YCbCr(_) => {
            let pixels = bytes.as_chunks::<3>().0.iter();
            Pixels::rgb(width, height, pixels.flat_map(|pixel| ycbcr(*pixel)).collect())
        }
        _ => return Err(DecodeError::Unsupported),
    };
    pixels.map_err(|_| DecodeError::Malformed)
}

fn from_tiff(error: TiffError) -> DecodeError {
    match &error {
        TiffError::UnsupportedError(_) => DecodeError::Unsupported,
        TiffError::LimitsExceeded | TiffError::IntSizeError => DecodeError::OutOfMemory,
        error if ends_early(error) => DecodeError::Truncated,
        _ => DecodeError::Malformed,
    }
}
