//! A thumbnail that shows what kind of picture it was, and hardly what was in it.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::imageops::blur;
use image::{ExtendedColorType, GrayImage, ImageEncoder, Luma};

use super::Pixels;

/// Longer side of a thumbnail, in pixels.
pub const THUMBNAIL_SIDE: u32 = 96;
/// Blur of a thumbnail, in pixels: features smaller than a tenth of its side are gone.
const BLUR: f32 = 4.0;

/// A small, grey, strongly blurred PNG. Media are never shown by default: make one only when an
/// operator asks for it. Empty where the picture has no pixels.
pub fn thumbnail(pixels: &Pixels) -> Vec<u8> {
    let (width, height) = (pixels.width(), pixels.height());
    let longer = width.max(height);
    if width == 0 || height == 0 {
        return Vec::new();
    }
    let scaled = |side: u32| {
        let side = u64::from(side) * u64::from(THUMBNAIL_SIDE.min(longer)) / u64::from(longer);
        u32::try_from(side).unwrap_or(THUMBNAIL_SIDE).max(1)
    };
    let small = shrink(pixels, scaled(width), scaled(height));
    let soft = blur(&small, BLUR);
    let mut png = Vec::new();
    let encoder =
        PngEncoder::new_with_quality(&mut png, CompressionType::Best, FilterType::Adaptive);
    let written =
        encoder.write_image(soft.as_raw(), soft.width(), soft.height(), ExtendedColorType::L8);
    if written.is_ok() { png } else { Vec::new() }
}

/// Mean of the pixels that fall into each small pixel, in grey.
fn shrink(pixels: &Pixels, width: u32, height: u32) -> GrayImage {
    let channels = usize::from(pixels.channels());
    let stride = pixels.width() as usize * channels;
    // Where the small pixel at `at` of `count` begins on a side of `side` pixels.
    let begin = |at: u32, count: u32, side: u32| {
        (u64::from(at) * u64::from(side) / u64::from(count)) as usize
    };
    GrayImage::from_fn(width, height, |x, y| {
        let columns = begin(x, width, pixels.width())..begin(x + 1, width, pixels.width());
        let rows = begin(y, height, pixels.height())..begin(y + 1, height, pixels.height());
        let count = (columns.len() * rows.len() * channels).max(1) as u64;
        let sum: u64 = rows
            .flat_map(|row| {
                let row = &pixels.samples()[row * stride..][..stride];
                &row[columns.start * channels..columns.end * channels]
            })
            .map(|sample| u64::from(*sample))
            .sum();
        Luma([(sum / count) as u8])
    })
}

#[cfg(test)]
mod tests {
    use super::{THUMBNAIL_SIDE, thumbnail};
    use crate::content::{Limits, PictureFormat, Pixels, decode};

    #[test]
    fn a_thumbnail_is_small_grey_and_without_detail() {
        // A chequerboard of single pixels: all detail, no shape.
        let samples = (0..400 * 200).map(|at| if (at % 400 + at / 400) % 2 == 0 { 255 } else { 0 });
        let pixels = Pixels::grey(400, 200, samples.collect()).unwrap();
        let png = decode(&thumbnail(&pixels), &Limits::default()).unwrap();
        assert_eq!((png.format, png.pixels.channels()), (PictureFormat::Png, 1));
        assert_eq!((png.width, png.height), (THUMBNAIL_SIDE, THUMBNAIL_SIDE / 2));
        assert!(png.pixels.samples().iter().all(|sample| (120..=135).contains(sample)));
    }

    #[test]
    fn the_smallest_pictures_have_one_too() {
        let line = Pixels::rgb(1000, 1, vec![7; 3000]).unwrap();
        let png = decode(&thumbnail(&line), &Limits::default()).unwrap();
        assert_eq!((png.width, png.height), (THUMBNAIL_SIDE, 1));
        assert_eq!(thumbnail(&Pixels::grey(0, 0, Vec::new()).unwrap()), Vec::<u8>::new());
    }
}
