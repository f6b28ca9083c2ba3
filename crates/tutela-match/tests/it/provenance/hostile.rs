//! Files whose statements lie about their size, nest without end or grow when they are unpacked.

use proptest::prelude::*;
use tutela_match::provenance::{MAX_STATEMENTS, MAX_TEXT_BYTES, SOURCES, read, replay};

use super::boxes::{bare_box, in_app11, manifest, store, superbox};
use crate::content::files::{png_chunk, png_with_chunk, webp_with_chunk};

/// A chunk's head and a deflated text.
pub(crate) fn zipped(head: &[u8], text: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut packed = flate2::write::ZlibEncoder::new(head.to_vec(), flate2::Compression::best());
    packed.write_all(text).unwrap();
    packed.finish().unwrap()
}

#[test]
fn a_text_bomb_is_read_up_to_the_limit() {
    let text = [b"Steps: 1, Sampler: x ".as_slice(), &vec![b' '; 64 << 20]].concat();
    for (chunk, head) in
        [(*b"zTXt", b"parameters\0\0".as_slice()), (*b"iTXt", b"parameters\0\x01\0\0\0")]
    {
        let read = read(&png_with_chunk(chunk, &zipped(head, &text)));
        let text = read[0].text.unwrap();
        assert_eq!((text.size_bytes, text.cut), (MAX_TEXT_BYTES as u64, true));
        assert_eq!(read[0].value, "A1111 family");
    }
}

#[test]
fn many_statements_are_kept_up_to_the_limit() {
    let chunk = png_chunk(*b"tEXt", b"prompt\0anything");
    let file = png_with_chunk(*b"tEXt", b"prompt\0anything");
    let many = [&file[..33], &chunk.repeat(100_000), &file[33..]].concat();
    assert!(read(&many).len() <= MAX_STATEMENTS);
    let types = [("c2pa.created", "digitalCapture"), ("c2pa.edited", "humanEdits")];
    let manifests: Vec<Vec<u8>> = (0..500).map(|n| manifest(&format!("M{n}"), &types)).collect();
    let read = read(&png_with_chunk(*b"caBX", &store(&manifests)));
    assert_eq!(read[0].manifest.as_ref().unwrap().manifests, 500);
    assert!(read.len() <= MAX_STATEMENTS);
}

#[test]
fn boxes_and_cbor_that_lie_end_in_a_plain_word() {
    let deep = (0..5_000).fold(b"\x01".to_vec(), |inner, _| [b"\x81".to_vec(), inner].concat());
    let claims: [&[u8]; 4] = [
        &deep,
        b"\xbb\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x9f",
        b"\x7b\x7f\xff\xff\xff\xff\xff\xff\xff",
    ];
    for claim in claims {
        let claim = superbox(b"c2cl", "c2pa.claim", &bare_box(b"cbor", claim));
        let store = store(&[superbox(b"c2ma", "urn:x", &claim)]);
        let read = read(&png_with_chunk(*b"caBX", &store));
        assert_eq!(read[0].value, "manifest without a claim that can be read");
    }
    let nested = (0..3_000).fold(Vec::new(), |inner, _| superbox(b"c2pa", "c2pa", &inner));
    replay(&png_with_chunk(*b"caBX", &nested));
}

#[test]
fn names_of_a_packet_are_not_resolved_without_end() {
    let spaces: String = (0..9_000).map(|n| format!(" xmlns:n{n}='u{n}'")).collect();
    let elements = "<z:CreatorTool/>".repeat(50_000);
    let packet = format!("<x{spaces}>{elements}</x>");
    assert_eq!(read(&webp_with_chunk(*b"XMP ", packet.as_bytes())), []);
    replay(&webp_with_chunk(*b"XMP ", "<a>".repeat(300_000).as_bytes()));
}

fn files() -> Vec<Vec<u8>> {
    let actions = [("c2pa.created", "trainedAlgorithmicMedia"), ("c2pa.edited", "humanEdits")];
    let store = store(&[manifest("Example Maker", &actions), manifest("Example", &actions)]);
    let examples = SOURCES.iter().flat_map(|source| source.examples);
    let mut files: Vec<Vec<u8>> = examples.map(|example| example.file.to_vec()).collect();
    files.push(in_app11(&store, 300));
    files.push(super::iso_media(&store));
    files.push(png_with_chunk(*b"zTXt", &zipped(b"parameters\0\0", b"Steps: 1, Sampler: x")));
    files
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..Default::default() })]

    #[test]
    fn changed_bytes_are_survived(
        file in any::<proptest::sample::Index>(),
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..12),
        keep in any::<proptest::sample::Index>(),
    ) {
        let mut files = files();
        let mut bytes = files.swap_remove(file.index(files.len()));
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        replay(&bytes);
        replay(&bytes[..keep.index(bytes.len())]);
    }
}
