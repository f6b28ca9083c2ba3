//! Pictures and their capture data from generated files of every kind.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod conversions;
pub(crate) mod files;
mod hostile;

use exif::experimental::Writer;
use exif::{Field, In, Tag, Value};
use std::io::Cursor;
use tutela_core::CaptureData;
use tutela_match::content::{Kind, PictureFormat, capture, sniff};

use files::{jpeg_with_segment, png_with_chunk, webp_with_chunk};

fn exif_block(fields: &[(Tag, &str)]) -> Vec<u8> {
    let field = |(tag, text): &(Tag, &str)| Field {
        tag: *tag,
        ifd_num: In::PRIMARY,
        value: Value::Ascii(vec![text.as_bytes().to_vec()]),
    };
    let fields: Vec<Field> = fields.iter().map(field).collect();
    let mut writer = Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    let mut block = Cursor::new(Vec::new());
    writer.write(&mut block, true).unwrap();
    block.into_inner()
}

#[test]
fn capture_data_are_read_from_every_container() {
    let block = exif_block(&[
        (Tag::Make, "Example Works"),
        (Tag::Model, "Model X"),
        (Tag::BodySerialNumber, "SN-1"),
        (Tag::LensSerialNumber, "LN-2"),
        (Tag::DateTimeOriginal, "2024:05:06 07:08:09"),
        (Tag::OffsetTimeOriginal, "+02:00"),
        (Tag::Software, "Generator 1.0"),
    ]);
    let text = |text: &str| Some(text.to_owned());
    let expected = CaptureData {
        make: text("Example Works"),
        model: text("Model X"),
        serial: text("SN-1"),
        lens_serial: text("LN-2"),
        taken_at: text("2024-05-06T07:08:09+02:00"),
        software: text("Generator 1.0"),
        place: None,
    };
    let marked = [b"Exif\0\0", block.as_slice()].concat();
    let files = [
        (PictureFormat::Jpeg, jpeg_with_segment(0xe1, &marked)),
        (PictureFormat::Png, png_with_chunk(*b"eXIf", &block)),
        (PictureFormat::WebP, webp_with_chunk(*b"EXIF", &block)),
        (PictureFormat::WebP, webp_with_chunk(*b"EXIF", &marked)),
        (PictureFormat::Tiff, block),
    ];
    for (format, bytes) in files {
        assert_eq!(sniff(&bytes).kind, Kind::Picture(format));
        assert_eq!(capture(&bytes), expected, "{format:?}");
    }
}

#[test]
fn only_times_that_can_be_are_taken() {
    let taken = |time: &str, offset: &str| {
        let fields = [(Tag::DateTimeOriginal, time), (Tag::OffsetTimeOriginal, offset)];
        capture(&exif_block(&fields)).taken_at
    };
    let good = "2024-05-06T07:08:09".to_owned();
    assert_eq!(taken("2024:05:06 07:08:09", "Z"), Some(good.clone()));
    assert_eq!(taken("2024:05:06 07:08:09", "-0:00"), Some(good.clone()));
    assert_eq!(taken("2024:05:06 07:08:09", "-05:30"), Some(format!("{good}-05:30")));
    for bad in ["0000:00:00 00:00:00", "2024:13:01 00:00:00", "2024-05-06 07:08:09", "    :  :  "] {
        assert_eq!(taken(bad, "+02:00"), None, "{bad}");
    }
}

#[test]
fn hostile_text_comes_out_as_one_short_line() {
    let long = "x".repeat(5000);
    let capture = capture(&exif_block(&[
        (Tag::Make, "\u{1b}]0;title\u{7}Example\r\nWorks  "),
        (Tag::Model, long.as_str()),
        (Tag::Software, " \t "),
    ]));
    assert_eq!(capture.make.as_deref(), Some("]0;titleExampleWorks"));
    assert_eq!(capture.model.map(|model| model.len()), Some(128));
    assert_eq!(capture.software, None);
}
