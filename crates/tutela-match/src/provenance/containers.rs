//! Where the containers of pictures and films keep what this module reads.

use std::borrow::Cow;

use exif::{Context, Exif, In, Tag, Value};

use super::jumbf;
use super::limits::{MAX_BOXES, MAX_MANIFEST_BYTES, MAX_XMP_BYTES};
use super::png_text;
use crate::content::{Kind, PictureFormat, Sniffed, jpeg_segments, png_chunks, riff_chunks};

/// What a file carries besides its picture.
#[derive(Debug, Default)]
pub(super) struct Carried<'a> {
    /// The manifest store, and whether there is one too large to be read.
    pub(super) store: Option<Cow<'a, [u8]>>,
    pub(super) store_too_large: bool,
    /// XMP packets: the main one, and the extension of a JPEG.
    pub(super) xmp: Vec<Cow<'a, [u8]>>,
}

/// Finds what a file carries. Nothing is copied but what stands in pieces.
pub(super) fn carried<'a>(sniffed: Sniffed, bytes: &'a [u8], exif: Option<&Exif>) -> Carried<'a> {
    let mut carried = match sniffed.kind {
        Kind::Picture(PictureFormat::Jpeg) => jpeg(bytes),
        Kind::Picture(PictureFormat::Png) => Carried {
            store: named(png_chunks(bytes), b"caBX").map(Cow::Borrowed),
            xmp: png_text::xmp(png_chunks(bytes)).into_iter().collect(),
            ..Carried::default()
        },
        Kind::Picture(PictureFormat::WebP) => Carried {
            store: named(riff_chunks(bytes), b"C2PA").map(Cow::Borrowed),
            xmp: named(riff_chunks(bytes), b"XMP ").map(Cow::Borrowed).into_iter().collect(),
            ..Carried::default()
        },
        Kind::Picture(PictureFormat::Tiff) => tiff(exif),
        _ if bytes.get(4..8) == Some(b"ftyp") => iso_media(bytes),
        _ => Carried::default(),
    };
    if carried.store.as_ref().is_some_and(|store| store.len() > MAX_MANIFEST_BYTES) {
        carried.store = None;
        carried.store_too_large = true;
    }
    carried
}

fn named<'a>(
    mut chunks: impl Iterator<Item = (&'a [u8; 4], &'a [u8])>,
    name: &[u8; 4],
) -> Option<&'a [u8]> {
    chunks.find(|(id, _)| *id == name).map(|(_, content)| content)
}

/// Segments of a JPEG before its pixels. Sources: C2PA 2.2, A.3.1; XMP part 3, 1.1.3.
fn jpeg(bytes: &[u8]) -> Carried<'_> {
    const START_OF_SCAN: u8 = 0xda;
    const PACKET: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
    const EXTENSION: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";
    let mut carried = Carried::default();
    let mut pieces = Vec::new();
    let mut extension = Vec::new();
    for (marker, body) in jpeg_segments(bytes).take_while(|(marker, _)| *marker != START_OF_SCAN) {
        if marker == 0xeb {
            pieces.extend(Piece::of(body));
        } else if marker == 0xe1 {
            if let Some(packet) = body.strip_prefix(PACKET) {
                carried.xmp.push(Cow::Borrowed(packet));
            } else if let Some(rest) = body.strip_prefix(EXTENSION) {
                extension.push(rest);
            }
        }
    }
    carried.store_too_large =
        pieces.iter().map(|p| p.body.len()).sum::<usize>() > MAX_MANIFEST_BYTES;
    if !carried.store_too_large {
        carried.store = joined(pieces).map(Cow::Owned);
    }
    carried.xmp.extend(extended(&extension).map(Cow::Owned));
    carried
}

/// One piece of a box that stands in several segments.
struct Piece<'a> {
    instance: [u8; 2],
    sequence: u32,
    header: &'a [u8],
    body: &'a [u8],
}

impl<'a> Piece<'a> {
    /// Source: ISO/IEC 19566-5, annex D.2: each piece repeats the header of the box.
    fn of(segment: &'a [u8]) -> Option<Self> {
        let rest = segment.strip_prefix(b"JP")?;
        let (instance, rest) = rest.split_first_chunk::<2>()?;
        let (sequence, rest) = rest.split_first_chunk::<4>()?;
        let is_long = rest.get(..4)? == [0, 0, 0, 1];
        if rest.get(4..8)? != b"jumb" {
            return None;
        }
        let (header, body) = rest.split_at_checked(if is_long { 16 } else { 8 })?;
        Some(Self { instance: *instance, sequence: u32::from_be_bytes(*sequence), header, body })
    }
}

/// The pieces of the box that is a manifest store, in their order.
fn joined(mut pieces: Vec<Piece<'_>>) -> Option<Vec<u8>> {
    pieces.sort_by_key(|piece| (piece.instance, piece.sequence));
    let of_one_box = pieces.chunk_by(|a, b| a.instance == b.instance);
    let mut boxes = of_one_box.map(|pieces| {
        let header = pieces.first().map(|piece| piece.header).unwrap_or_default();
        pieces.iter().fold(header.to_vec(), |mut joined, piece| {
            joined.extend(piece.body);
            joined
        })
    });
    // The first four bytes of the type stand behind the headers of box and description.
    boxes.find(|joined| jumbf::kind(joined) == Some(*b"c2pa"))
}

/// The extension of an XMP packet, where all of it is there.
fn extended(pieces: &[&[u8]]) -> Option<Vec<u8>> {
    let mut parts = Vec::new();
    for piece in pieces {
        let rest = piece.get(32..)?;
        let (whole, rest) = rest.split_first_chunk::<4>()?;
        let (offset, content) = rest.split_first_chunk::<4>()?;
        parts.push((u32::from_be_bytes(*offset), u32::from_be_bytes(*whole), content));
    }
    parts.sort_by_key(|(offset, ..)| *offset);
    let whole = usize::try_from(parts.first()?.1).ok().filter(|size| *size <= MAX_XMP_BYTES)?;
    let mut joined = Vec::new();
    for (offset, _, content) in parts {
        let follows = usize::try_from(offset).is_ok_and(|offset| offset == joined.len());
        if !follows || joined.len() + content.len() > whole {
            return None;
        }
        joined.extend(content);
    }
    (joined.len() == whole).then_some(joined)
}

/// Tags of a TIFF. Sources: C2PA 2.2, A.3.4; XMP part 3, 1.1.1.
fn tiff<'a>(exif: Option<&Exif>) -> Carried<'a> {
    let tag = |number| {
        let field = exif?.get_field(Tag(Context::Tiff, number), In::PRIMARY)?;
        match &field.value {
            Value::Byte(bytes) | Value::Undefined(bytes, _) => Some(Cow::Owned(bytes.clone())),
            _ => None,
        }
    };
    Carried { store: tag(52545), xmp: tag(700).into_iter().collect(), store_too_large: false }
}

/// Top boxes of HEIC, AVIF, MP4 and QuickTime. Sources: C2PA 2.2, A.5.1; XMP part 3, 1.2.7.
fn iso_media(bytes: &[u8]) -> Carried<'_> {
    const MANIFEST: [u8; 16] = *b"\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81";
    const PACKET: [u8; 16] = *b"\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac";
    let mut carried = Carried::default();
    let mut rest = bytes;
    for _ in 0..MAX_BOXES {
        let Some((kind, content)) = jumbf::next(&mut rest) else { break };
        let Some((uuid, content)) = content.split_first_chunk::<16>() else { continue };
        match (&kind, *uuid) {
            (b"uuid", MANIFEST) if carried.store.is_none() => {
                carried.store = manifest(content).map(Cow::Borrowed);
            }
            (b"uuid", PACKET) => carried.xmp.push(Cow::Borrowed(content)),
            _ => {}
        }
    }
    if carried.xmp.is_empty() {
        carried.xmp.extend(scanned(bytes).map(Cow::Borrowed));
    }
    carried
}

/// The store in a `uuid` box: version and flags, the purpose, and the place of other boxes first.
fn manifest(content: &[u8]) -> Option<&[u8]> {
    let rest = content.get(4..)?;
    let (purpose, rest) = rest.split_at(rest.iter().position(|byte| *byte == 0)?);
    (purpose == b"manifest").then_some(rest.get(1 + 8..)).flatten()
}

/// A packet by its marks, wherever an item of a HEIC or AVIF puts it: in the first part of the file.
fn scanned(bytes: &[u8]) -> Option<&[u8]> {
    const SCANNED_BYTES: usize = 32 << 20;
    const START: &[u8] = b"<x:xmpmeta";
    const END: &[u8] = b"</x:xmpmeta>";
    let bytes = &bytes[..bytes.len().min(SCANNED_BYTES)];
    let find = |bytes: &[u8], mark: &[u8]| bytes.windows(mark.len()).position(|w| w == mark);
    let packet = &bytes[find(bytes, START)?..];
    let packet = &packet[..packet.len().min(MAX_XMP_BYTES)];
    Some(&packet[..find(packet, END)? + END.len()])
}
