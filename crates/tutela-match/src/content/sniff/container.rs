//! Containers by their own structure: what a zip is for, tar checksums, brands of ISO media.

/// Media type of a zip by the names of its first entries, or `None` where it is no zip.
pub(super) fn zip(head: &[u8]) -> Option<&'static str> {
    // The last mark is an empty archive, the second to last a split one.
    let marks: [&[u8]; 4] = [LOCAL_HEADER, b"PK00PK\x03\x04", b"PK\x07\x08", b"PK\x05\x06"];
    if !marks.iter().any(|mark| head.starts_with(mark)) {
        return None;
    }
    let declared = declared_type(head);
    let by_name = || local_names(head).find_map(purpose);
    let is_jar = || local_names(head).any(|name| name == b"META-INF/MANIFEST.MF");
    let jar = || is_jar().then_some("application/java-archive");
    Some(declared.or_else(by_name).or_else(jar).unwrap_or("application/zip"))
}

const LOCAL_HEADER: &[u8] = b"PK\x03\x04";
/// Bytes of a local header before the name.
const LOCAL_HEADER_BYTES: usize = 30;

/// Books and open documents store their media type as the first entry, named `mimetype`.
/// Source: OASIS OpenDocument 1.2 part 3, "MIME type stream"; EPUB OCF 3.2.
fn declared_type(head: &[u8]) -> Option<&'static str> {
    const DECLARED: [&str; 5] = [
        "application/epub+zip",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.presentation",
        "application/vnd.oasis.opendocument.graphics",
    ];
    let content = head.get(LOCAL_HEADER_BYTES..)?.strip_prefix(b"mimetype")?;
    DECLARED.into_iter().find(|mime| content.starts_with(mime.as_bytes()))
}

/// What a well-known entry says of the whole archive.
fn purpose(name: &[u8]) -> Option<&'static str> {
    const OFFICE: [(&[u8], &str); 3] = [
        (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ];
    if name == b"AndroidManifest.xml" || name == b"classes.dex" {
        return Some("application/vnd.android.package-archive");
    }
    OFFICE.into_iter().find(|(prefix, _)| name.starts_with(prefix)).map(|(_, mime)| mime)
}

/// Names of the local headers that lie in these bytes.
fn local_names(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    let starts = head.windows(4).enumerate().filter(|(_, bytes)| *bytes == LOCAL_HEADER);
    starts.filter_map(|(start, _)| {
        let header = &head[start..];
        let length = u16::from_le_bytes([*header.get(26)?, *header.get(27)?]);
        header.get(LOCAL_HEADER_BYTES..LOCAL_HEADER_BYTES + usize::from(length))
    })
}

/// A tar has the mark `ustar`, or, before 1988, nothing but a right checksum of its first header.
pub(super) fn is_tar(head: &[u8]) -> bool {
    let Some(header) = head.get(..512) else { return false };
    if &header[257..262] == b"ustar" {
        return true;
    }
    let digits: Vec<u8> =
        header[148..156].iter().copied().filter(|byte| !matches!(byte, b' ' | 0)).collect();
    let stored =
        std::str::from_utf8(&digits).ok().and_then(|text| u32::from_str_radix(text, 8).ok());
    let sum = header.iter().enumerate().fold(0, |sum, (at, byte)| {
        // The checksum counts its own field as blanks.
        sum + if (148..156).contains(&at) { u32::from(b' ') } else { u32::from(*byte) }
    });
    header[0] != 0 && stored == Some(sum)
}

/// ISO base media (HEIC, AVIF, MP4, …) by the brands of its first box.
/// Source: ISO/IEC 14496-12, "File type box"; registered brands of mp4ra.org.
pub(super) fn iso_media(head: &[u8]) -> Option<&'static str> {
    if head.get(4..8)? != b"ftyp" {
        return None;
    }
    let size = u32::from_be_bytes(head.get(..4)?.try_into().ok()?) as usize;
    let brands = head.get(8..size.clamp(12, head.len().max(12)))?;
    let major = brands.get(..4)?;
    let named = brand(major).or_else(|| {
        // `mif1` says only that it is a still picture; a compatible brand says of which kind.
        matches!(major, b"mif1" | b"msf1")
            .then(|| brands.chunks_exact(4).skip(2).find_map(brand).unwrap_or("image/heif"))
    });
    Some(named.unwrap_or("video/mp4"))
}

fn brand(brand: &[u8]) -> Option<&'static str> {
    Some(match brand {
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" => "image/heic",
        b"avif" | b"avis" => "image/avif",
        b"crx " => "image/x-canon-cr3",
        b"qt  " => "video/quicktime",
        b"M4A " | b"M4B " => "audio/mp4",
        b"M4V " => "video/x-m4v",
        [b'3', b'g', ..] => "video/3gpp",
        _ => return None,
    })
}

/// OLE2 compound files: older office documents, mail, thumbnail caches. Which one is not looked up.
pub(super) fn compound(head: &[u8]) -> Option<&'static str> {
    head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])
        .then_some("application/x-ole-storage")
}

#[cfg(test)]
mod tests {
    use super::{is_tar, iso_media, zip};

    fn local(name: &str, content: &[u8]) -> Vec<u8> {
        let mut header = b"PK\x03\x04".to_vec();
        header.resize(26, 0);
        header.extend((name.len() as u16).to_le_bytes());
        header.extend([0, 0]);
        header.extend(name.as_bytes());
        header.extend(content);
        header
    }

    #[test]
    fn a_zip_is_named_by_what_lies_inside() {
        let text = "application/vnd.oasis.opendocument.text";
        let cases = [
            (local("mimetype", text.as_bytes()), text),
            (local("mimetype", b"application/epub+zip"), "application/epub+zip"),
            (
                [local("[Content_Types].xml", b"<x/>"), local("xl/workbook.xml", b"")].concat(),
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ),
            (
                [local("META-INF/MANIFEST.MF", b""), local("classes.dex", b"")].concat(),
                "application/vnd.android.package-archive",
            ),
            (local("META-INF/MANIFEST.MF", b""), "application/java-archive"),
            (local("a.jpg", b""), "application/zip"),
            (b"PK\x05\x06".to_vec(), "application/zip"),
        ];
        for (head, mime) in cases {
            assert_eq!(zip(&head), Some(mime));
        }
        assert_eq!(zip(b"PK"), None);
    }

    #[test]
    fn an_old_tar_is_known_by_its_checksum_alone() {
        let mut header = vec![0_u8; 512];
        header[..5].copy_from_slice(b"BMW.c");
        assert!(!is_tar(&header));
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum::<u32>() + 8 * 32;
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        assert!(is_tar(&header));
    }

    #[test]
    fn brands_tell_pictures_from_films() {
        let cases: [(&[u8], &str); 5] = [
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "image/heic"),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", "image/avif"),
            (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "video/quicktime"),
            (b"\0\0\0\x14ftypisom\0\0\0\0mp42", "video/mp4"),
            (b"\0\0\0\x00ftyp3gp4\0\0\0\0", "video/3gpp"),
        ];
        for (head, mime) in cases {
            assert_eq!(iso_media(head), Some(mime));
        }
        assert_eq!(iso_media(b"\xff\xff\xff\xffftyp"), None);
    }
}
