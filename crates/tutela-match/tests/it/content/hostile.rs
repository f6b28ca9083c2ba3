//! Files that break off, lie or were made to hurt.

use image::{ExtendedColorType, ImageFormat};
use proptest::prelude::*;
use tiff::encoder::colortype;
use tutela_core::{Class, Coded};
use tutela_match::content::{DecodeError, Limits, PictureFormat, decode, dimensions, replay};

use super::files::{
    HEIGHT, WIDTH, encoded, jpeg, jpeg_with_segment, png_header, rgb, samples, tiff,
    webp_with_chunk,
};

/// Formats that something here can write; nothing writes HEIC.
const MADE: [PictureFormat; 6] = [
    PictureFormat::Jpeg,
    PictureFormat::Png,
    PictureFormat::Gif,
    PictureFormat::Bmp,
    PictureFormat::WebP,
    PictureFormat::Tiff,
];

/// One good file of each format.
fn good(format: PictureFormat) -> Vec<u8> {
    match format {
        PictureFormat::Jpeg => jpeg(ExtendedColorType::Rgb8),
        PictureFormat::Png => encoded(&rgb(), ImageFormat::Png),
        PictureFormat::Gif => encoded(&rgb(), ImageFormat::Gif),
        PictureFormat::Bmp => encoded(&rgb(), ImageFormat::Bmp),
        PictureFormat::WebP => webp_with_chunk(*b"EXIF", b"II*\0\x08\0\0\0\0\0"),
        PictureFormat::Tiff => tiff::<colortype::RGB8>(&samples(3)),
        PictureFormat::Heic => Vec::new(),
    }
}

#[test]
fn a_picture_that_breaks_off_is_told_as_such() {
    for format in MADE {
        let bytes = good(format);
        assert_eq!(decode(&bytes, &Limits::default()).map(|d| d.format), Ok(format));
        let half = decode(&bytes[..bytes.len() / 2], &Limits::default());
        assert_eq!(half, Err(DecodeError::Truncated), "{format:?}");
    }
}

#[test]
fn a_jpeg_that_lacks_only_its_end_mark_is_whole() {
    let bytes = good(PictureFormat::Jpeg);
    let whole = decode(&bytes, &Limits::default()).unwrap();
    let endless = decode(&bytes[..bytes.len() - 2], &Limits::default());
    assert_eq!(endless.map(|decoded| decoded.pixels), Ok(whole.pixels));
    // An embedded thumbnail has an end mark too, which must not stand in for the picture's.
    let with_thumbnail = jpeg_with_segment(0xe1, b"Exif\0\0\xff\xd8\xff\xd9");
    let half = &with_thumbnail[..with_thumbnail.len() / 2];
    assert_eq!(decode(half, &Limits::default()), Err(DecodeError::Truncated));
}

#[test]
fn too_many_pixels_are_refused_before_memory_is_taken() {
    let bomb = png_header(20_000, 20_000);
    let refused = DecodeError::TooManyPixels { width: 20_000, height: 20_000, max: 100_000_000 };
    assert_eq!(decode(&bomb, &Limits::default()), Err(refused));
    assert_eq!(dimensions(&bomb), Some((20_000, 20_000)));
    for format in MADE {
        let limits = Limits { max_pixels: 100, ..Limits::default() };
        let refused = DecodeError::TooManyPixels { width: WIDTH, height: HEIGHT, max: 100 };
        assert_eq!(decode(&good(format), &limits), Err(refused), "{format:?}");
        let limits = Limits { max_alloc_bytes: 1000, ..Limits::default() };
        assert_eq!(decode(&good(format), &limits), Err(DecodeError::OutOfMemory), "{format:?}");
        let limits = Limits { max_file_bytes: 10, ..Limits::default() };
        let refused = DecodeError::FileTooLarge { max: 10 };
        assert_eq!(decode(&good(format), &limits), Err(refused), "{format:?}");
    }
}

#[test]
fn errors_have_codes_of_the_list_and_quote_nothing() {
    let mime = "text/plain";
    let (width, height, max) = (1, 2, 3);
    let errors = [
        DecodeError::NotAPicture { mime },
        DecodeError::Unsupported,
        DecodeError::Truncated,
        DecodeError::Malformed,
        DecodeError::NoPixels,
        DecodeError::TooManyPixels { width, height, max },
        DecodeError::FileTooLarge { max },
        DecodeError::OutOfMemory,
    ];
    assert_eq!(errors.each_ref().map(Coded::code), DecodeError::CODES);
    assert!(errors.iter().all(|error| error.class() == Class::Invalid));
    assert_eq!(decode(b"words", &Limits::default()), Err(DecodeError::NotAPicture { mime }));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..Default::default() })]

    #[test]
    fn changed_bytes_are_survived(
        format in proptest::sample::select(MADE.as_slice()),
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..12),
        keep in any::<proptest::sample::Index>(),
    ) {
        let mut bytes = good(format);
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        replay(&bytes);
        replay(&bytes[..keep.index(bytes.len())]);
    }

    #[test]
    fn any_bytes_are_survived(
        start in proptest::sample::select(vec![
            b"".as_slice(), b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\xff\0\0\0WEBP",
            b"II*\0\x08\0\0\0", b"PK\x03\x04", b"\0\0\0\x18ftyp", b"<?xml",
        ]),
        rest in proptest::collection::vec(any::<u8>(), 0..600),
    ) {
        replay(&[start, &rest].concat());
    }
}
