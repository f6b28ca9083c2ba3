//! The type of some content by its first bytes, whatever its name says.

mod container;
mod disk;
mod text;

/// First bytes of a file that [`sniff`] makes use of.
pub const SNIFF_BYTES: usize = 8 * 1024;

/// What some content is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sniffed {
    /// Media type.
    pub mime: &'static str,
    /// What can be done with it.
    pub kind: Kind,
}

/// What can be done with some content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A still picture, or an animation of which the first frame counts.
    Picture(PictureFormat),
    /// A container of other files.
    Archive(ArchiveFormat),
    /// A film: decoded frame by frame by another program, where there is one.
    Film,
    /// None of these: known by its digests alone.
    Other,
}

impl Kind {
    /// Its name in messages: the format, `film` or `other`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Picture(format) => format.as_str(),
            Self::Archive(format) => format.as_str(),
            Self::Film => "film",
            Self::Other => "other",
        }
    }

    /// The inverse of [`Kind::as_str`].
    pub fn from_name(name: &str) -> Option<Self> {
        let pictures = PictureFormat::ALL.into_iter().map(Self::Picture);
        let archives = ArchiveFormat::ALL.into_iter().map(Self::Archive);
        pictures.chain(archives).chain([Self::Film, Self::Other]).find(|kind| kind.as_str() == name)
    }
}

/// Picture formats that are decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PictureFormat {
    /// JPEG: baseline, extended and progressive.
    Jpeg,
    /// PNG, animated or not.
    Png,
    /// GIF.
    Gif,
    /// Windows bitmap.
    Bmp,
    /// WebP, lossy or lossless.
    WebP,
    /// TIFF, classic or big.
    Tiff,
    /// HEIF with HEVC inside, as phones write it.
    Heic,
}

impl PictureFormat {
    /// All seven.
    pub const ALL: [Self; 7] =
        [Self::Jpeg, Self::Png, Self::Gif, Self::Bmp, Self::WebP, Self::Tiff, Self::Heic];

    /// Its name in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::Bmp => "bmp",
            Self::WebP => "webp",
            Self::Tiff => "tiff",
            Self::Heic => "heic",
        }
    }

    /// Its media type.
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::Bmp => "image/bmp",
            Self::WebP => "image/webp",
            Self::Tiff => "image/tiff",
            Self::Heic => "image/heic",
        }
    }
}

/// Container formats that are opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ArchiveFormat {
    /// Zip, and everything that is a zip inside: office files, apps, books.
    Zip,
    /// Tar.
    Tar,
    /// Gzip: a compressed tar, or one compressed file.
    Gzip,
    /// 7z.
    SevenZip,
    /// The image of a disk, byte for byte, or of one volume.
    Disk,
    /// The image of a disk in Expert Witness format (E01), in one file or several.
    Ewf,
}

impl ArchiveFormat {
    /// All six.
    pub const ALL: [Self; 6] =
        [Self::Zip, Self::Tar, Self::Gzip, Self::SevenZip, Self::Disk, Self::Ewf];

    /// Its name in documents and in requests.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Zip => "zip",
            Self::Tar => "tar",
            Self::Gzip => "gzip",
            Self::SevenZip => "7z",
            Self::Disk => "disk",
            Self::Ewf => "ewf",
        }
    }

    /// Whether it is the image of a disk, which holds what a whole device holds.
    pub const fn is_image(self) -> bool {
        matches!(self, Self::Disk | Self::Ewf)
    }
}

/// Says what content is by its first bytes; [`SNIFF_BYTES`] of them are enough. Never panics.
///
/// Formats with a strong mark come first; a tar, whose mark is a checksum, comes before those that
/// two letters of a file name could imitate; text is what is left and has no control characters.
pub fn sniff(head: &[u8]) -> Sniffed {
    let head = &head[..head.len().min(SNIFF_BYTES)];
    if head.is_empty() {
        return other("inode/x-empty");
    }
    if let Some(format) = picture(head) {
        return Sniffed { mime: format.mime(), kind: Kind::Picture(format) };
    }
    if let Some(mime) = container::zip(head) {
        return Sniffed { mime, kind: Kind::Archive(ArchiveFormat::Zip) };
    }
    if head.starts_with(&[0x1f, 0x8b, 0x08]) {
        return Sniffed { mime: "application/gzip", kind: Kind::Archive(ArchiveFormat::Gzip) };
    }
    if container::is_tar(head) {
        return Sniffed { mime: "application/x-tar", kind: Kind::Archive(ArchiveFormat::Tar) };
    }
    if let Some(sniffed) = device(head) {
        return sniffed;
    }
    if is_bitmap(head) {
        return Sniffed { mime: "image/bmp", kind: Kind::Picture(PictureFormat::Bmp) };
    }
    if let Some(mime) = container::iso_media(head) {
        return of_iso_media(mime);
    }
    let named = container::compound(head);
    if let Some(mime) = named.or_else(|| text::markup(head)) {
        return other(mime);
    }
    let plain = text::plain(head);
    let marked = by_mark(head).filter(|mime| plain.is_none() || WRITTEN.contains(mime));
    other(marked.or(plain).unwrap_or("application/octet-stream"))
}

/// Images of disks, and 7z.
fn device(head: &[u8]) -> Option<Sniffed> {
    let (mime, format) = if disk::is_ewf(head) {
        ("application/x-ewf", ArchiveFormat::Ewf)
    } else if disk::is_seven_zip(head) {
        ("application/x-7z-compressed", ArchiveFormat::SevenZip)
    } else if disk::is_disk(head) {
        ("application/x-raw-disk-image", ArchiveFormat::Disk)
    } else {
        return None;
    };
    Some(Sniffed { mime, kind: Kind::Archive(format) })
}

/// Films are known by their media type, whatever box or mark said so.
fn other(mime: &'static str) -> Sniffed {
    let kind = if mime.starts_with("video/") { Kind::Film } else { Kind::Other };
    Sniffed { mime, kind }
}

fn of_iso_media(mime: &'static str) -> Sniffed {
    match mime {
        // A brand that says no more than `a still picture` is nearly always HEVC.
        "image/heic" | "image/heif" => Sniffed { mime, kind: Kind::Picture(PictureFormat::Heic) },
        mime => other(mime),
    }
}

/// Pictures with a mark that chance or a file name cannot produce.
fn picture(head: &[u8]) -> Option<PictureFormat> {
    const TIFF_MARKS: [&[u8; 4]; 4] = [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"];
    if head.starts_with(&[0xff, 0xd8, 0xff]) {
        return Some(PictureFormat::Jpeg);
    }
    if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some(PictureFormat::Png);
    }
    if head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a") {
        return Some(PictureFormat::Gif);
    }
    if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
        return Some(PictureFormat::WebP);
    }
    // Canon's CR2 is a TIFF with a mark of its own: its first picture is a preview, not the photo.
    let is_cr2 = head.get(8..10) == Some(b"CR");
    if TIFF_MARKS.iter().any(|mark| head.starts_with(*mark)) && !is_cr2 {
        return Some(PictureFormat::Tiff);
    }
    None
}

/// `BM` alone could be text, so the size of the second header must be one that exists.
fn is_bitmap(head: &[u8]) -> bool {
    const HEADER_SIZES: [u32; 8] = [12, 16, 40, 52, 56, 64, 108, 124];
    let size = head.get(14..18).and_then(|bytes| bytes.try_into().ok()).map(u32::from_le_bytes);
    head.starts_with(b"BM") && size.is_some_and(|size| HEADER_SIZES.contains(&size))
}

/// Types that are written in letters. All others are ruled out by text: a mark of two letters, as
/// programs and bitmaps have it, is no proof in a file of words.
const WRITTEN: [&str; 4] =
    ["application/pdf", "application/postscript", "application/rtf", "text/x-shellscript"];

/// The many other types that are known by a mark alone.
fn by_mark(head: &[u8]) -> Option<&'static str> {
    infer::get(head).map(|found| found.mime_type())
}

#[cfg(test)]
mod tests {
    use super::{ArchiveFormat, Kind, PictureFormat, sniff};

    #[track_caller]
    fn check(head: &[u8], mime: &str, kind: Kind) {
        let sniffed = sniff(head);
        assert_eq!((sniffed.mime, sniffed.kind), (mime, kind));
    }

    #[test]
    fn pictures_are_known_by_their_marks() {
        check(b"\xff\xd8\xff\xe0", "image/jpeg", Kind::Picture(PictureFormat::Jpeg));
        check(b"\x89PNG\r\n\x1a\n", "image/png", Kind::Picture(PictureFormat::Png));
        check(b"GIF89a", "image/gif", Kind::Picture(PictureFormat::Gif));
        check(b"RIFF\0\0\0\0WEBP", "image/webp", Kind::Picture(PictureFormat::WebP));
        check(b"II*\0\x08\0\0\0", "image/tiff", Kind::Picture(PictureFormat::Tiff));
        check(b"MM\0+\0\x08\0\0", "image/tiff", Kind::Picture(PictureFormat::Tiff));
        let heic = b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic";
        check(heic, "image/heic", Kind::Picture(PictureFormat::Heic));
        check(b"II*\0\x10\0\0\0CR\x02\0", "image/x-canon-cr2", Kind::Other);
        let mut bitmap = b"BM".to_vec();
        bitmap.resize(14, 0);
        bitmap.extend(40_u32.to_le_bytes());
        check(&bitmap, "image/bmp", Kind::Picture(PictureFormat::Bmp));
    }

    #[test]
    fn kinds_are_found_again_by_name() {
        for name in [
            "jpeg", "png", "gif", "bmp", "webp", "tiff", "heic", "zip", "tar", "gzip", "7z",
            "disk", "ewf", "film", "other",
        ] {
            assert_eq!(Kind::from_name(name).map(Kind::as_str), Some(name));
        }
        assert_eq!(Kind::from_name("exe"), None);
    }

    #[test]
    fn what_is_no_picture_gets_a_plain_name() {
        check(b"", "inode/x-empty", Kind::Other);
        check(b"BMW is a maker of cars\n", "text/plain", Kind::Other);
        check(b"MZ is the key of Mozambique\n", "text/plain", Kind::Other);
        check(b"{\\rtf1 hello}", "application/rtf", Kind::Other);
        check(b"#!/bin/sh\n", "text/x-shellscript", Kind::Other);
        check(b"\x00\x01\x02\x03", "application/octet-stream", Kind::Other);
        check(b"\x1f\x8b\x08\0", "application/gzip", Kind::Archive(ArchiveFormat::Gzip));
        check(b"%PDF-1.7\n", "application/pdf", Kind::Other);
        check(b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "video/quicktime", Kind::Film);
        check(b"\0\0\0\x1cftypM4A \0\0\0\0", "audio/mp4", Kind::Other);
    }
}
