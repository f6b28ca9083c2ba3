//! C2PA manifests written from their parts, and the containers that carry them.

use crate::content::files::jpeg_with_segment;

pub(crate) fn bare_box(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(8 + content.len()).unwrap().to_be_bytes();
    [&size, kind.as_slice(), content].concat()
}

pub(crate) fn superbox(kind: &[u8; 4], label: &str, content: &[u8]) -> Vec<u8> {
    let description = [kind, [0; 12].as_slice(), &[3], label.as_bytes(), &[0]].concat();
    bare_box(b"jumb", &[&bare_box(b"jumd", &description), content].concat())
}

/// A CBOR text.
pub(crate) fn text(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).unwrap().to_be_bytes();
    [&[0x79], length.as_slice(), text.as_bytes()].concat()
}

/// A CBOR map of texts to items.
pub(crate) fn map(pairs: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let head = vec![0xa0 | u8::try_from(pairs.len()).unwrap()];
    pairs.iter().fold(head, |map, (key, value)| [map, text(key), value.clone()].concat())
}

/// A manifest of these actions, each with a digital source type, and with a signature that is none.
pub(crate) fn manifest(generator: &str, actions: &[(&str, &str)]) -> Vec<u8> {
    let action = |(name, term): &(&str, &str)| {
        map(&[
            ("action", text(name)),
            ("digitalSourceType", text(&format!("{}{term}", super::TERM))),
        ])
    };
    let list = [vec![0x80 | u8::try_from(actions.len()).unwrap()]]
        .into_iter()
        .chain(actions.iter().map(action))
        .collect::<Vec<_>>()
        .concat();
    let info = map(&[("name", text(generator)), ("version", text("1.0"))]);
    let content =
        |kind: &[u8; 4], label: &str, cbor: &[u8]| superbox(kind, label, &bare_box(b"cbor", cbor));
    let assertions = content(b"cbor", "c2pa.actions.v2", &map(&[("actions", list)]));
    let parts = [
        superbox(b"c2as", "c2pa.assertions", &assertions),
        content(b"c2cl", "c2pa.claim.v2", &map(&[("claim_generator_info", info)])),
        content(b"c2cs", "c2pa.signature", b"\x40"),
    ];
    superbox(b"c2ma", "urn:c2pa:example", &parts.concat())
}

pub(crate) fn store(manifests: &[Vec<u8>]) -> Vec<u8> {
    superbox(b"c2pa", "c2pa", &manifests.concat())
}

/// A JPEG that carries a box in segments of at most so many bytes, the last piece first.
pub(crate) fn in_app11(store: &[u8], piece_bytes: usize) -> Vec<u8> {
    let (header, body) = store.split_at(8);
    let mut jpeg = jpeg_with_segment(0xfe, b"a comment");
    for (number, piece) in (1_u32..).zip(body.chunks(piece_bytes)) {
        let segment = [b"JP\0\x01", number.to_be_bytes().as_slice(), header, piece].concat();
        let length = u16::try_from(segment.len() + 2).unwrap().to_be_bytes();
        jpeg = [&jpeg[..2], &[0xff, 0xeb], &length, &segment, &jpeg[2..]].concat();
    }
    jpeg
}

/// The start of a HEIC that carries a box.
pub(crate) fn iso_media(store: &[u8]) -> Vec<u8> {
    let uuid = b"\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81";
    let content = [uuid, [0; 4].as_slice(), b"manifest\0", &[0; 8], store].concat();
    [
        bare_box(b"ftyp", b"heic\0\0\0\0mif1heic"),
        bare_box(b"mdat", b"pixels"),
        bare_box(b"uuid", &content),
    ]
    .concat()
}
