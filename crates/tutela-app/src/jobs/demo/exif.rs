//! The smallest EXIF block that names a device and a moment, for generated pictures.

/// Device and moment of a generated picture.
pub(super) struct Camera<'a> {
    pub(super) make: &'a str,
    pub(super) model: &'a str,
    pub(super) serial: Option<&'a str>,
    /// `YYYY:MM:DD HH:MM:SS`, as EXIF writes it.
    pub(super) taken_at: &'a str,
}

const MAKE: u16 = 0x010f;
const MODEL: u16 = 0x0110;
const EXIF_IFD: u16 = 0x8769;
const DATE_TIME_ORIGINAL: u16 = 0x9003;
const BODY_SERIAL: u16 = 0xa431;
const ASCII: u16 = 2;
const LONG: u16 = 4;

/// A big-endian TIFF structure with two directories. Source: Exif 2.32, §4.6.
pub(super) fn block(camera: &Camera<'_>) -> Vec<u8> {
    let mut exif = vec![(DATE_TIME_ORIGINAL, camera.taken_at)];
    exif.extend(camera.serial.map(|serial| (BODY_SERIAL, serial)));
    let first = [(MAKE, camera.make), (MODEL, camera.model)];
    // Header 8, then a directory of 3 entries, then its texts; the second directory follows.
    let second_at = 8 + directory_bytes(3) + texts_bytes(&first);
    let mut out = b"MM\0\x2a\0\0\0\x08".to_vec();
    directory(&mut out, &first, Some(second_at));
    directory(&mut out, &exif, None);
    out
}

/// A block without a word about the device, and with a small JPEG in its second directory.
pub(super) fn block_with_thumbnail(jpeg: &[u8]) -> Vec<u8> {
    const OFFSET: u16 = 0x0201;
    const LENGTH: u16 = 0x0202;
    let mut out = b"MM\0\x2a\0\0\0\x08".to_vec();
    // An empty directory, and where the next one stands.
    out.extend(0_u16.to_be_bytes());
    let second_at = out.len() as u32 + 4;
    out.extend(second_at.to_be_bytes());
    out.extend(2_u16.to_be_bytes());
    entry(&mut out, OFFSET, LONG, 1, second_at + directory_bytes(2));
    entry(&mut out, LENGTH, LONG, 1, jpeg.len() as u32);
    out.extend(0_u32.to_be_bytes());
    out.extend(jpeg);
    out
}

fn directory_bytes(entries: u32) -> u32 {
    2 + entries * 12 + 4
}

fn texts_bytes(entries: &[(u16, &str)]) -> u32 {
    entries.iter().map(|(_, text)| padded(text).len() as u32).sum()
}

/// Text with its closing zero. At least five bytes, so that it never fits into the entry itself.
fn padded(text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    bytes.resize(bytes.len().max(4) + 1, 0);
    bytes
}

fn directory(out: &mut Vec<u8>, texts: &[(u16, &str)], sub_directory: Option<u32>) {
    let entries = texts.len() as u32 + u32::from(sub_directory.is_some());
    let mut text_at = out.len() as u32 + directory_bytes(entries);
    out.extend((entries as u16).to_be_bytes());
    for (tag, text) in texts {
        let length = padded(text).len() as u32;
        entry(out, *tag, ASCII, length, text_at);
        text_at += length;
    }
    if let Some(at) = sub_directory {
        entry(out, EXIF_IFD, LONG, 1, at);
    }
    out.extend(0u32.to_be_bytes());
    for (_, text) in texts {
        out.extend(padded(text));
    }
}

fn entry(out: &mut Vec<u8>, tag: u16, kind: u16, count: u32, value: u32) {
    out.extend(tag.to_be_bytes());
    out.extend(kind.to_be_bytes());
    out.extend(count.to_be_bytes());
    out.extend(value.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::{Camera, block};
    use crate::jobs::demo::pictures::{jpeg, landscape};

    #[test]
    fn the_reader_of_evidence_understands_it() {
        let camera = Camera {
            make: "Example Optics",
            model: "E1",
            serial: Some("0042"),
            taken_at: "2026:03:01 10:20:30",
        };
        let picture = jpeg(&landscape(1, 64, 48), 80, Some(block(&camera))).unwrap();
        let capture = tutela_match::content::capture(&picture);
        assert_eq!(capture.device().unwrap(), "Example Optics E1, serial 0042");
        assert_eq!(capture.taken_at.unwrap(), "2026-03-01T10:20:30");
    }
}
