//! Small files of every picture format, written from plain arithmetic.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ExtendedColorType, ImageEncoder, ImageFormat, RgbImage};
use tiff::encoder::TiffEncoder;
use tiff::encoder::colortype::ColorType;

pub(crate) const WIDTH: u32 = 37;
pub(crate) const HEIGHT: u32 = 23;

/// Samples of a generated picture, `channels` a pixel, every value from 0 to 255.
pub(crate) fn samples(channels: usize) -> Vec<u8> {
    let at = |at: usize| ((at * 7 + at / 11 * 13) % 256) as u8;
    (0..WIDTH as usize * HEIGHT as usize * channels).map(at).collect()
}

/// The same picture in 16 bits, with low bytes that rounding must respect.
pub(crate) fn deep_samples(channels: usize) -> Vec<u16> {
    let low = |at: usize| (at * 31 % 256) as u16;
    let high = samples(channels).into_iter().map(|sample| u16::from(sample) << 8);
    high.enumerate().map(|(at, high)| high | low(at)).collect()
}

/// A picture in the format of the name.
pub(crate) fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// An RGB picture of [`samples`].
pub(crate) fn rgb() -> DynamicImage {
    RgbImage::from_raw(WIDTH, HEIGHT, samples(3)).unwrap().into()
}

/// A smooth JPEG, grey or in colour.
pub(crate) fn jpeg(colour: ExtendedColorType) -> Vec<u8> {
    let channels = if colour == ExtendedColorType::L8 { 1 } else { 3 };
    let (width, height) = (WIDTH as usize, HEIGHT as usize);
    let smooth = |at: usize| (at / channels % width * 6 + at / channels / width) as u8;
    let samples: Vec<u8> = (0..width * height * channels).map(smooth).collect();
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
    encoder.write_image(&samples, WIDTH, HEIGHT, colour).unwrap();
    bytes
}

/// A TIFF of one strip of samples.
pub(crate) fn tiff<C: ColorType>(samples: &[C::Inner]) -> Vec<u8>
where
    [C::Inner]: tiff::encoder::TiffValue,
{
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut bytes).unwrap();
    encoder.write_image::<C>(WIDTH, HEIGHT, samples).unwrap();
    bytes.into_inner()
}

/// A JPEG with a segment behind its first mark.
pub(crate) fn jpeg_with_segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let jpeg = jpeg(ExtendedColorType::L8);
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, marker], &length, body, &jpeg[2..]].concat()
}

/// A PNG with a chunk behind its header.
pub(crate) fn png_with_chunk(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    const HEADER_END: usize = 33;
    let png = encoded(&rgb(), ImageFormat::Png);
    [&png[..HEADER_END], &png_chunk(name, content), &png[HEADER_END..]].concat()
}

/// A chunk with its checksum.
pub(crate) fn png_chunk(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    let body = [&name, content].concat();
    [&length, body.as_slice(), &crc32(&body).to_be_bytes()].concat()
}

/// A header of 8-bit RGB, and the first bytes of a data chunk.
pub(crate) fn png_header(width: u32, height: u32) -> Vec<u8> {
    let [w, h] = [width, height].map(u32::to_be_bytes);
    let header = [w.as_slice(), &h, &[8, 2, 0, 0, 0]].concat();
    [b"\x89PNG\r\n\x1a\n", png_chunk(*b"IHDR", &header).as_slice(), &[0, 0, 0, 0], b"IDAT"].concat()
}

/// A WebP with one more chunk at its end.
pub(crate) fn webp_with_chunk(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let webp = encoded(&rgb(), ImageFormat::WebP);
    let length = u32::try_from(content.len()).unwrap().to_le_bytes();
    let padding = vec![0; content.len() % 2];
    [&webp, name.as_slice(), &length, content, &padding].concat()
}

/// Source: PNG, third edition, annex D.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 { 0xedb8_8320 ^ (sum >> 1) } else { sum >> 1 }
        })
    })
}
