//! PNG, GIF, BMP and WebP.

use std::io::Cursor;

use image::codecs::bmp::BmpDecoder;
use image::codecs::gif::GifDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::{DynamicImage, ImageDecoder, ImageResult};

use super::convert::{narrow, over_white, over_white_16};
use super::frames::is_cut;
use super::{DecodeError, check_size};
use crate::content::{Limits, PictureFormat, Pixels};

pub(super) fn decode(
    format: PictureFormat,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Pixels, DecodeError> {
    read(format, bytes, limits).map_err(|error| match error {
        DecodeError::Malformed if is_cut(format, bytes) => DecodeError::Truncated,
        error => error,
    })
}

fn read(format: PictureFormat, bytes: &[u8], limits: &Limits) -> Result<Pixels, DecodeError> {
    let mut decoder = open(format, bytes, limits.max_alloc_bytes)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height, decoder.color_type().bytes_per_pixel().into(), limits)?;
    decoder.set_limits(allowance(limits.max_alloc_bytes))?;
    to_pixels(DynamicImage::from_decoder(decoder)?)
}

pub(super) fn dimensions(format: PictureFormat, bytes: &[u8]) -> Option<(u32, u32)> {
    let decoder = open(format, bytes, Limits::default().max_alloc_bytes).ok()?;
    Some(decoder.dimensions())
}

fn open<'a>(
    format: PictureFormat,
    bytes: &'a [u8],
    max_alloc_bytes: u64,
) -> ImageResult<Box<dyn ImageDecoder + 'a>> {
    let reader = Cursor::new(bytes);
    Ok(match format {
        PictureFormat::Gif => Box::new(GifDecoder::new(reader)?),
        PictureFormat::Bmp => Box::new(BmpDecoder::new(reader)?),
        PictureFormat::WebP => Box::new(WebPDecoder::new(reader)?),
        PictureFormat::Png | PictureFormat::Jpeg | PictureFormat::Tiff | PictureFormat::Heic => {
            Box::new(PngDecoder::with_limits(reader, allowance(max_alloc_bytes))?)
        }
    })
}

fn allowance(max_alloc_bytes: u64) -> image::Limits {
    let mut limits = image::Limits::no_limits();
    limits.max_alloc = Some(max_alloc_bytes);
    limits
}

fn to_pixels(picture: DynamicImage) -> Result<Pixels, DecodeError> {
    let (width, height) = (picture.width(), picture.height());
    let grey = |samples| Pixels::grey(width, height, samples).map_err(|_| DecodeError::Malformed);
    let rgb = |samples| Pixels::rgb(width, height, samples).map_err(|_| DecodeError::Malformed);
    match picture {
        DynamicImage::ImageLuma8(picture) => grey(picture.into_raw()),
        DynamicImage::ImageRgb8(picture) => rgb(picture.into_raw()),
        DynamicImage::ImageLumaA8(picture) => {
            grey(picture.pixels().map(|p| over_white(p.0[0], p.0[1])).collect())
        }
        DynamicImage::ImageRgba8(picture) => rgb(picture
            .pixels()
            .flat_map(|p| [0, 1, 2].map(|at: usize| over_white(p.0[at], p.0[3])))
            .collect()),
        DynamicImage::ImageLuma16(picture) => {
            grey(picture.into_raw().into_iter().map(narrow).collect())
        }
        DynamicImage::ImageRgb16(picture) => {
            rgb(picture.into_raw().into_iter().map(narrow).collect())
        }
        DynamicImage::ImageLumaA16(picture) => {
            grey(picture.pixels().map(|p| over_white_16(p.0[0], p.0[1])).collect())
        }
        DynamicImage::ImageRgba16(picture) => rgb(picture
            .pixels()
            .flat_map(|p| [0, 1, 2].map(|at: usize| over_white_16(p.0[at], p.0[3])))
            .collect()),
        _ => Err(DecodeError::Unsupported),
    }
}
