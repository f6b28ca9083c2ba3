//! Generated files: pictures of plain arithmetic, archives of invented names.

use std::io::{Cursor, Write};

use flate2::Crc;
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A picture of overlapping gradients.
pub(crate) fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, y| {
        Rgb([(x * 255 / width) as u8, (y * 255 / height) as u8, ((x * y / 97) % 256) as u8])
    });
    let mut bytes = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 90)).unwrap();
    bytes
}

/// A JPEG that names the maker of its camera, in three letters.
pub(crate) fn jpeg_by(maker: &[u8; 3]) -> Vec<u8> {
    let jpeg = jpeg(64, 48);
    // One directory with one entry: tag 0x010f, text, four bytes with the zero, in place.
    let entry = [b"\x0f\x01\x02\0\x04\0\0\0".as_slice(), maker, b"\0"].concat();
    let block = [b"Exif\0\0II*\0\x08\0\0\0\x01\0".as_slice(), &entry, &[0; 4]].concat();
    let length = u16::try_from(block.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &block, &jpeg[2..]].concat()
}

/// A JPEG with a small JPEG in the second directory of its EXIF block.
pub(crate) fn with_thumbnail(jpeg: &[u8], thumbnail: &[u8]) -> Vec<u8> {
    // Header 8, an empty directory of 6, one of two entries, and the picture behind it.
    let at: u32 = 8 + 6 + 2 + 2 * 12 + 4;
    let length = u32::try_from(thumbnail.len()).unwrap();
    let entry = |tag: u16, value: u32| {
        [&tag.to_le_bytes()[..], &[4, 0, 1, 0, 0, 0], &value.to_le_bytes()].concat()
    };
    let block = [
        b"Exif\0\0II*\0\x08\0\0\0".as_slice(),
        &[0, 0],
        &14_u32.to_le_bytes(),
        &[2, 0],
        &entry(0x0201, at),
        &entry(0x0202, length),
        &[0; 4],
        thumbnail,
    ]
    .concat();
    let size = u16::try_from(block.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &size, &block, &jpeg[2..]].concat()
}

/// A picture with detail, another one for each seed, alike at every size.
pub(crate) fn scene(seed: u32, width: u32, height: u32) -> RgbImage {
    let waves = [3 + seed % 5, 2 + seed % 7, 5 + seed % 3].map(|n| n as f32);
    RgbImage::from_fn(width, height, |x, y| {
        let (x, y) = (x as f32 / width as f32 * 3.0, y as f32 / height as f32 * 3.0);
        let [a, b, c] = waves;
        let value = (x * a + seed as f32).sin() + (y * b).cos() + (x * y * c * a).sin();
        let light = (127.0 + value * 40.0) as u8;
        Rgb([light, light / 2 + 60, 255 - light])
    })
}

pub(crate) fn jpeg_of(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality)).unwrap();
    bytes
}

pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    let mut sum = Crc::new();
    sum.update(bytes);
    sum.sum()
}

/// The header of a PNG, and nothing behind it.
pub(crate) fn png_header(width: u32, height: u32) -> Vec<u8> {
    let [w, h] = [width, height].map(u32::to_be_bytes);
    let header = [b"IHDR".as_slice(), &w, &h, &[8, 2, 0, 0, 0]].concat();
    let length = 13_u32.to_be_bytes();
    [
        b"\x89PNG\r\n\x1a\n",
        length.as_slice(),
        &header,
        &crc32(&header).to_be_bytes(),
        &[0, 0, 0, 0],
        b"IDAT",
    ]
    .concat()
}

/// A zip of these entries, stored as they are.
pub(crate) fn zip_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
    zip_with(entries, zip::CompressionMethod::Stored)
}

/// A zip of these entries.
pub(crate) fn zip_with(entries: &[(&str, &[u8])], method: zip::CompressionMethod) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for (name, content) in entries {
        if name.ends_with('/') {
            zip.add_directory(*name, options).unwrap();
        } else {
            zip.start_file(*name, options).unwrap();
            zip.write_all(content).unwrap();
        }
    }
    zip.finish().unwrap().into_inner()
}
