//! Every depth and colour space comes out as the 8-bit picture it stands for.

use image::{
    DynamicImage, ExtendedColorType, GrayAlphaImage, GrayImage, ImageBuffer, ImageFormat, RgbaImage,
};
use tiff::encoder::colortype;
use tutela_match::content::{
    DecodeError, Decoded, Limits, PictureFormat, Pixels, decode, dimensions,
};

use super::files::{
    HEIGHT, WIDTH, deep_samples, encoded, jpeg, jpeg_with_segment, png_with_chunk, rgb, samples,
    tiff,
};

fn decoded(bytes: &[u8]) -> Decoded {
    let decoded = decode(bytes, &Limits::default()).unwrap();
    assert_eq!((decoded.width, decoded.height), (WIDTH, HEIGHT));
    assert_eq!(dimensions(bytes), Some((WIDTH, HEIGHT)));
    decoded
}

#[track_caller]
fn check(bytes: &[u8], channels: u8, expected: &[u8]) {
    let pixels = decoded(bytes).pixels;
    assert_eq!(pixels.channels(), channels);
    assert_eq!(pixels.samples(), expected);
}

/// The nearest of 256 steps, in floating point: a second way to the same number.
fn rounded(sample: u16) -> u8 {
    (f64::from(sample) / 65_535.0 * 255.0).round() as u8
}

fn white_behind(samples: &[u8], channels: usize) -> Vec<u8> {
    let flat = |pixel: &[u8]| {
        let (colours, alpha) = pixel.split_at(channels);
        let alpha = f64::from(alpha[0]) / 255.0;
        colours
            .iter()
            .map(|c| (f64::from(*c) * alpha + 255.0 * (1.0 - alpha)).round() as u8)
            .collect::<Vec<_>>()
    };
    samples.chunks(channels + 1).flat_map(flat).collect()
}

#[test]
fn eight_bit_pictures_come_out_as_they_are() {
    let grey: DynamicImage = GrayImage::from_raw(WIDTH, HEIGHT, samples(1)).unwrap().into();
    for format in [ImageFormat::Png, ImageFormat::Bmp, ImageFormat::WebP, ImageFormat::Tiff] {
        check(&encoded(&rgb(), format), 3, &samples(3));
    }
    for format in [ImageFormat::Png, ImageFormat::Tiff] {
        check(&encoded(&grey, format), 1, &samples(1));
    }
}

#[test]
fn sixteen_bits_are_rounded_and_not_cut() {
    let grey: Vec<u8> = deep_samples(1).into_iter().map(rounded).collect();
    let colour: Vec<u8> = deep_samples(3).into_iter().map(rounded).collect();
    let cut: Vec<u8> = deep_samples(1).into_iter().map(|sample| (sample >> 8) as u8).collect();
    assert_ne!(grey, cut, "the samples must tell rounding from cutting");
    let png =
        DynamicImage::ImageLuma16(ImageBuffer::from_raw(WIDTH, HEIGHT, deep_samples(1)).unwrap());
    check(&encoded(&png, ImageFormat::Png), 1, &grey);
    let png =
        DynamicImage::ImageRgb16(ImageBuffer::from_raw(WIDTH, HEIGHT, deep_samples(3)).unwrap());
    check(&encoded(&png, ImageFormat::Png), 3, &colour);
    check(&tiff::<colortype::Gray16>(&deep_samples(1)), 1, &grey);
    check(&tiff::<colortype::RGB16>(&deep_samples(3)), 3, &colour);
}

#[test]
fn transparency_lies_over_white() {
    let rgba: DynamicImage = RgbaImage::from_raw(WIDTH, HEIGHT, samples(4)).unwrap().into();
    let grey: DynamicImage = GrayAlphaImage::from_raw(WIDTH, HEIGHT, samples(2)).unwrap().into();
    let expected = white_behind(&samples(4), 3);
    for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Tiff] {
        check(&encoded(&rgba, format), 3, &expected);
    }
    check(&encoded(&grey, ImageFormat::Png), 1, &white_behind(&samples(2), 1));
}

#[test]
fn one_bit_is_black_and_white() {
    // A PNG of one bit a pixel, 9 wide: two bytes a row, the second almost empty.
    let rows = [0, 0b1010_1010, 0b1000_0000, 0, 0b0101_0101, 0];
    let header = [&9_u32.to_be_bytes()[..], &2_u32.to_be_bytes(), &[1, 0, 0, 0, 0]].concat();
    let png = [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        super::files::png_chunk(*b"IHDR", &header),
        super::files::png_chunk(*b"IDAT", &stored_zlib(&rows)),
        super::files::png_chunk(*b"IEND", b""),
    ]
    .concat();
    let pixels = decode(&png, &Limits::default()).unwrap().pixels;
    let (w, b) = (255, 0);
    assert_eq!(
        pixels,
        Pixels::grey(9, 2, vec![w, b, w, b, w, b, w, b, w, b, w, b, w, b, w, b, w, b]).unwrap()
    );
}

/// A zlib stream of one stored block. Source: RFC 1950 and RFC 1951, section 3.2.4.
fn stored_zlib(content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap();
    let (a, b) = content.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    [
        &[0x78, 0x01, 1][..],
        &length.to_le_bytes(),
        &(!length).to_le_bytes(),
        content,
        &(b << 16 | a).to_be_bytes(),
    ]
    .concat()
}

#[test]
fn palettes_give_their_colours() {
    let gif = encoded(&rgb(), ImageFormat::Gif);
    let pixels = decoded(&gif).pixels;
    assert_eq!((decoded(&gif).format, pixels.channels()), (PictureFormat::Gif, 3));
    let far = pixels.samples().iter().zip(samples(3)).filter(|(a, b)| a.abs_diff(*b) > 64).count();
    assert!(far * 20 < samples(3).len(), "256 colours are near the picture they stand for");
    check(
        &indexed_tiff(),
        3,
        &samples(1).iter().flat_map(|i| [255 - i, *i, i / 2]).collect::<Vec<_>>(),
    );
}

/// A TIFF of palette indices, which its encoder has no name for: a grey one, relabelled.
fn indexed_tiff() -> Vec<u8> {
    use tiff::encoder::TiffEncoder;
    use tiff::tags::Tag;
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut bytes).unwrap();
    let mut picture = encoder.new_image::<colortype::Gray8>(WIDTH, HEIGHT).unwrap();
    let channel = |of: fn(u16) -> u16| (0..=255).map(move |index| of(index) * 257);
    let map: Vec<u16> =
        channel(|i| 255 - i).chain(channel(|i| i)).chain(channel(|i| i / 2)).collect();
    picture.encoder().write_tag(Tag::ColorMap, map.as_slice()).unwrap();
    picture.encoder().write_tag(Tag::PhotometricInterpretation, 3_u16).unwrap();
    picture.write_data(&samples(1)).unwrap();
    bytes.into_inner()
}

#[test]
fn bits_from_right_to_left_are_not_read_from_left_to_right() {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut encoder = tiff::encoder::TiffEncoder::new(&mut bytes).unwrap();
    let mut picture = encoder.new_image::<colortype::Gray8>(WIDTH, HEIGHT).unwrap();
    picture.encoder().write_tag(tiff::tags::Tag::FillOrder, 2_u16).unwrap();
    picture.write_data(&samples(1)).unwrap();
    assert_eq!(decode(bytes.get_ref(), &Limits::default()), Err(DecodeError::Unsupported));
}

#[test]
fn floats_are_clamped() {
    let stored: Vec<f32> = samples(1).iter().map(|s| f32::from(*s) / 128.0 - 0.5).collect();
    let expected: Vec<u8> =
        stored.iter().map(|s| (f64::from(*s).clamp(0.0, 1.0) * 255.0).round() as u8).collect();
    assert!(expected.contains(&0) && expected.contains(&255));
    check(&tiff::<colortype::Gray32Float>(&stored), 1, &expected);
}

#[test]
fn inks_become_light() {
    let light =
        |ink: u8, black: u8| (f64::from(255 - ink) * f64::from(255 - black) / 255.0).round() as u8;
    let expected: Vec<u8> = samples(4)
        .as_chunks::<4>()
        .0
        .iter()
        .flat_map(|[c, m, y, k]| [light(*c, *k), light(*m, *k), light(*y, *k)])
        .collect();
    check(&tiff::<colortype::CMYK8>(&samples(4)), 3, &expected);
}

#[test]
fn a_grey_jpeg_stays_grey_and_orientation_is_left_alone() {
    assert_eq!(decoded(&jpeg(ExtendedColorType::L8)).pixels.channels(), 1);
    assert_eq!(decoded(&jpeg(ExtendedColorType::Rgb8)).pixels.channels(), 3);
    // An orientation of 6 would turn the picture by a quarter.
    let turned = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    let plain = decoded(&jpeg(ExtendedColorType::L8)).pixels;
    assert_eq!(decoded(&jpeg_with_segment(0xe1, turned)).pixels, plain);
}

#[test]
fn frames_are_counted_and_the_first_is_shown() {
    let animated = png_with_chunk(*b"acTL", &[0, 0, 0, 5, 0, 0, 0, 0]);
    assert_eq!(
        (decoded(&animated).frames_seen, decoded(&animated).pixels.samples()),
        (5, &*samples(3))
    );
    let endless = png_with_chunk(*b"acTL", &[0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);
    assert_eq!(decoded(&endless).frames_seen, Limits::default().max_frames);
    let mut pages = std::io::Cursor::new(Vec::new());
    let mut encoder = tiff::encoder::TiffEncoder::new(&mut pages).unwrap();
    for page in [samples(3), vec![9; samples(3).len()]] {
        encoder.write_image::<colortype::RGB8>(WIDTH, HEIGHT, &page).unwrap();
    }
    let pages = decoded(&pages.into_inner());
    assert_eq!((pages.frames_seen, pages.pixels.samples()), (2, &*samples(3)));
}
