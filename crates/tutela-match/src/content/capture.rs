//! What a picture says of the device and the moment that made it, from its EXIF block.

use std::borrow::Cow;
use std::io::Cursor;

use exif::{Exif, In, Reader, Tag, Value};
use tutela_core::{CaptureData, Place};

use super::decode::jpeg_segments;
use super::{Kind, MAX_CAPTURE_CHARS, MAX_EXIF_BYTES, PictureFormat, blocks, sniff};
use crate::provenance::is_settings;

/// Reads maker, model, serial numbers, time and program of JPEG, TIFF, PNG, WebP and HEIF files.
/// Empty where there is nothing, or nothing readable. Every field is a claim of the file.
pub fn capture(bytes: &[u8]) -> CaptureData {
    let Some(exif) = read(bytes) else { return CaptureData::default() };
    let text = |tag| exif.get_field(tag, In::PRIMARY).and_then(|field| label(&field.value));
    CaptureData {
        make: text(Tag::Make),
        model: text(Tag::Model),
        serial: text(Tag::BodySerialNumber),
        lens_serial: text(Tag::LensSerialNumber),
        taken_at: taken_at(&exif),
        software: text(Tag::Software),
        place: place(&exif),
    }
}

/// The EXIF block of a file, parsed.
pub(crate) fn read(bytes: &[u8]) -> Option<Exif> {
    let mut reader = Reader::new();
    // One broken field does not lose the others.
    reader.continue_on_error(true);
    let parsed = match sniff(bytes) {
        found if found.kind == Kind::Picture(PictureFormat::Tiff) => {
            reader.read_raw(bytes.to_vec())
        }
        found if matches!(found.mime, "image/heic" | "image/heif" | "image/avif") => {
            reader.read_from_container(&mut Cursor::new(bytes))
        }
        found => reader.read_raw(block(found.kind, bytes)?.to_vec()),
    };
    match parsed {
        Ok(exif) => Some(exif),
        Err(exif::Error::PartialResult(partial)) => Some(partial.into_inner().0),
        Err(_) => None,
    }
}

/// The EXIF block, without its mark, where there is one of sensible length.
fn block(kind: Kind, bytes: &[u8]) -> Option<&[u8]> {
    const MARK: &[u8] = b"Exif\0\0";
    let block = match kind {
        Kind::Picture(PictureFormat::Jpeg) => jpeg_segments(bytes)
            .filter(|(marker, _)| *marker == 0xe1)
            .find_map(|(_, body)| body.strip_prefix(MARK)),
        Kind::Picture(PictureFormat::Png) => named(blocks::png(bytes), b"eXIf"),
        Kind::Picture(PictureFormat::WebP) => {
            // Some writers copy the mark of a JPEG along.
            named(blocks::riff(bytes), b"EXIF")
                .map(|block| block.strip_prefix(MARK).unwrap_or(block))
        }
        Kind::Picture(
            PictureFormat::Gif | PictureFormat::Bmp | PictureFormat::Tiff | PictureFormat::Heic,
        )
        | Kind::Archive(_)
        | Kind::Film
        | Kind::Other => None,
    };
    block.filter(|block| block.len() as u64 <= MAX_EXIF_BYTES)
}

fn named<'a>(
    mut chunks: impl Iterator<Item = (&'a [u8; 4], &'a [u8])>,
    name: &[u8; 4],
) -> Option<&'a [u8]> {
    chunks.find(|(id, _)| *id == name).map(|(_, content)| content)
}

/// The text of a field in one clean line, `None` where nothing is left of it.
fn label(value: &Value) -> Option<String> {
    let Value::Ascii(parts) = value else { return None };
    // One letter more than fits in bytes is always enough to fill the characters.
    let bytes = parts.first()?;
    // Some generators put settings here, which may describe the content.
    if is_settings(bytes) {
        return None;
    }
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_CAPTURE_CHARS * 4)]);
    let clean: String = text.chars().filter(|c| !c.is_control()).collect();
    let clean: String = clean.trim().chars().take(MAX_CAPTURE_CHARS).collect();
    let clean = clean.trim_end();
    (!clean.is_empty()).then(|| clean.to_owned())
}

/// `YYYY-MM-DDTHH:MM:SS`, with the offset where the file has a separate field for it.
/// Source: Exif 2.32, "DateTimeOriginal" and "OffsetTimeOriginal".
fn taken_at(exif: &Exif) -> Option<String> {
    let field = |tag| exif.get_field(tag, In::PRIMARY).and_then(|field| ascii(&field.value));
    let written = field(Tag::DateTimeOriginal)?;
    let parts = digits(&written, b"0000:00:00 00:00:00")?;
    let ranges = [(4, 1, 12), (6, 1, 31), (8, 0, 23), (10, 0, 59), (12, 0, 60)];
    let in_range = |(at, low, high): (usize, u8, u8)| {
        let number = (parts[at] - b'0') * 10 + (parts[at + 1] - b'0');
        (low..=high).contains(&number)
    };
    if !ranges.into_iter().all(in_range) {
        return None;
    }
    let time = format!("{}T{}", written[..10].replace(':', "-"), &written[11..]);
    let offset = field(Tag::OffsetTimeOriginal).filter(|text| {
        let zone = text.strip_prefix(['+', '-']);
        zone.is_some_and(|zone| digits(zone, b"00:00").is_some())
    });
    Some(format!("{time}{}", offset.unwrap_or_default()))
}

/// Where taken, where both angles are there with their hemispheres. `0, 0`, which some devices write
/// for want of a fix, is no place.
/// Source: Exif 2.32, "GPSLatitude" and "GPSLongitude".
fn place(exif: &Exif) -> Option<Place> {
    let angle = |tag, reference, negative: &str, positive: &str| {
        let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
        let mut steps = parts.iter().take(3).zip([1.0, 60.0, 3600.0]);
        let degrees = steps.try_fold(0.0, |sum, (part, step)| {
            (part.denom != 0).then(|| sum + f64::from(part.num) / f64::from(part.denom) / step)
        })?;
        let side = ascii(&exif.get_field(reference, In::PRIMARY)?.value)?;
        let sign =
            [(negative, -1.0), (positive, 1.0)].into_iter().find(|(name, _)| *name == side)?.1;
        // Out of range saturates here and is refused by the place.
        Some((sign * degrees * 1e6).round() as i32)
    };
    let latitude = angle(Tag::GPSLatitude, Tag::GPSLatitudeRef, "S", "N")?;
    let longitude = angle(Tag::GPSLongitude, Tag::GPSLongitudeRef, "W", "E")?;
    Place::new(latitude, longitude).filter(|_| (latitude, longitude) != (0, 0))
}

fn ascii(value: &Value) -> Option<Cow<'_, str>> {
    let Value::Ascii(parts) = value else { return None };
    Some(Cow::Borrowed(std::str::from_utf8(parts.first()?).ok()?.trim()))
}

/// The digits of a text that has exactly this form.
fn digits(text: &str, form: &[u8]) -> Option<Vec<u8>> {
    let fits = |(byte, form): (u8, &u8)| {
        if *form == b'0' { byte.is_ascii_digit() } else { byte == *form }
    };
    let has_form = text.len() == form.len() && text.bytes().zip(form).all(fits);
    has_form.then(|| text.bytes().filter(u8::is_ascii_digit).collect())
}

#[cfg(test)]
mod tests {
    use exif::Value;

    use super::{capture, label};

    #[test]
    fn labels_are_one_clean_line() {
        let cases = [
            ("  Example Camera \0", Some("Example Camera")),
            ("a\u{1b}[31mb\r\nc", Some("a[31mbc")),
            (" \0 ", None),
        ];
        for (text, expected) in cases {
            let value = Value::Ascii(vec![text.as_bytes().to_vec()]);
            assert_eq!(label(&value).as_deref(), expected);
        }
        let long = label(&Value::Ascii(vec!["é".repeat(5000).into_bytes()])).unwrap();
        assert_eq!(long.chars().count(), 128);
        assert_eq!(label(&Value::Short(vec![1])), None);
    }

    #[test]
    fn a_file_without_exif_says_nothing() {
        for bytes in [b"".as_slice(), b"\xff\xd8\xff\xe1\0\x08Exif\0\0", b"II*\0\xff\xff\xff\xff"] {
            assert!(capture(bytes).is_empty());
        }
    }
}
