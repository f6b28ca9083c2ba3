//! EXIF fields in which generators put their name or settings. Source: Exif 2.32, "UserComment".

use std::borrow::Cow;

use exif::{Context, Exif, In, Tag, Value};
use tutela_core::{Origin, Provenance};

use super::generators::{by_program, by_text};
use super::limits::MAX_TEXT_BYTES;
use super::text::{readable, seal};
use super::{Example, ProvenanceSource};

pub(super) const EXIF_TEXT: ProvenanceSource = ProvenanceSource {
    id: "exif_text",
    title: "Text field of EXIF",
    meaning: "Settings of a generator, told by their form, or the name of one as the program that wrote the file.",
    source: "Exif 2.32, section 4.6; the programs' own documentation and code",
    examples: &[
        Example {
            file: b"II*\0\x08\0\0\0\x01\0\x31\x01\x02\0\x08\0\0\0\x1a\0\0\0\0\0\0\0NovelAI\0",
            says: &[("Software", "NovelAI", Origin::Generated)],
        },
        Example {
            file: b"MM\0*\0\0\0\x08\0\x01\x01\x0e\0\x02\0\0\0\x22\0\0\0\x1a\0\0\0\0Steps: 20, Sampler: Euler, Seed: 1\0",
            says: &[("ImageDescription", "A1111 family", Origin::Generated)],
        },
    ],
};

/// The fields, and whether they name the program. Some programs misuse maker and model for settings.
const FIELDS: &[(&str, Tag, bool)] = &[
    ("Software", Tag::Software, true),
    ("ImageDescription", Tag::ImageDescription, false),
    ("UserComment", Tag::UserComment, false),
    ("XPComment", Tag(Context::Tiff, 0x9c9c), false),
    ("Make", Tag::Make, false),
    ("Model", Tag::Model, false),
];

/// Statements of the fields; a field that is no generator's says nothing here.
pub(super) fn read(exif: &Exif, statements: &mut Vec<Provenance>) {
    for (name, tag, is_program) in FIELDS {
        let Some(field) = exif.get_field(*tag, In::PRIMARY) else { continue };
        let Some(bytes) = bytes(&field.value) else { continue };
        let words = match *name {
            "UserComment" => user_comment(bytes, exif.little_endian()),
            "XPComment" => utf16(bytes, true),
            _ => readable(bytes),
        };
        let generator =
            by_text(&words).or_else(|| if *is_program { by_program(&words) } else { None });
        statements.extend(generator.map(|generator| Provenance {
            value: generator.name.to_owned(),
            text: Some(seal(bytes)),
            ..Provenance::new(EXIF_TEXT.id, *name, Origin::Generated)
        }));
    }
}

fn bytes(value: &Value) -> Option<&[u8]> {
    match value {
        Value::Ascii(parts) => parts.first().map(Vec::as_slice),
        Value::Byte(bytes) | Value::Undefined(bytes, _) => Some(bytes),
        _ => None,
    }
}

/// The text of a user comment: eight bytes name its character set.
fn user_comment(bytes: &[u8], little_endian: bool) -> String {
    match bytes.split_first_chunk::<8>() {
        Some((b"UNICODE\0", text)) => utf16(text, little_endian),
        Some((b"ASCII\0\0\0" | b"\0\0\0\0\0\0\0\0", text)) => readable(text),
        _ => readable(bytes),
    }
}

/// UTF-16 by its mark, else by where the zero bytes of Latin letters stand, else as the file counts:
/// writers disagree about the order.
fn utf16(bytes: &[u8], little_endian: bool) -> String {
    let bytes = &bytes[..bytes.len().min(MAX_TEXT_BYTES)];
    let pairs = bytes.as_chunks::<2>().0;
    let zeros = |at: usize| pairs.iter().take(512).filter(|pair| pair[at] == 0).count();
    let little_endian = match (pairs.first(), zeros(0), zeros(1)) {
        (Some([0xff, 0xfe]), ..) => true,
        (Some([0xfe, 0xff]), ..) => false,
        (_, first, second) if first != second => second > first,
        _ => little_endian,
    };
    let unit = |pair: &[u8; 2]| {
        if little_endian { u16::from_le_bytes(*pair) } else { u16::from_be_bytes(*pair) }
    };
    let units: Vec<u16> = pairs.iter().map(unit).collect();
    String::from_utf16_lossy(&units)
}

/// Whether a text is a generator's settings: they may describe the content and are not shown.
pub(crate) fn is_settings(bytes: &[u8]) -> bool {
    let text: Cow<'_, str> = String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_TEXT_BYTES)]);
    by_text(&text).is_some()
}

#[cfg(test)]
mod tests {
    use super::{user_comment, utf16};

    #[test]
    fn user_comments_are_read_in_any_order_of_bytes() {
        let units: Vec<u16> = "Steps: 1".encode_utf16().collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        for (text, little_endian) in [(&big, true), (&little, false), (&big, false)] {
            let comment = [b"UNICODE\0".as_slice(), text].concat();
            assert_eq!(user_comment(&comment, little_endian), "Steps: 1");
        }
        assert_eq!(utf16(&[0xff, 0xfe, 0x53, 0], false), "\u{feff}S");
        assert_eq!(user_comment(b"ASCII\0\0\0abc", true), "abc");
        assert_eq!(user_comment(b"abc", true), "abc");
        assert_eq!(user_comment(b"UNICODE\0a", true), "");
    }
}
