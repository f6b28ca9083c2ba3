//! Statements of files about their own making, from generated files of every kind.

mod boxes;
mod hostile;

use std::collections::HashSet;

use exif::experimental::Writer;
use exif::{Field, In, Tag, Value};
use tutela_core::{CaptureData, Grade, Origin, Provenance};
use tutela_match::provenance::{
    CONFLICT, GENERATORS, LIMITS, SOURCE_TYPES, SOURCES, conflict, read, replay, source_type,
};

use crate::content::files::{jpeg_with_segment, png_chunk, png_with_chunk, webp_with_chunk};
use boxes::{in_app11, iso_media, manifest, store};

const TERM: &str = "http://cv.iptc.org/newscodes/digitalsourcetype/";

/// What a source says in a file, as field, value and origin.
fn says(file: &[u8], source: &str) -> Vec<(String, String, Origin)> {
    let said = read(file).into_iter().filter(|said| said.source == source);
    said.map(|said| (said.field, said.value, said.origin)).collect()
}

#[test]
fn every_source_is_complete_and_its_examples_say_what_they_claim() {
    let mut ids = HashSet::new();
    for source in SOURCES {
        assert!(ids.insert(source.id), "{} is there twice", source.id);
        for text in [source.id, source.title, source.meaning, source.source] {
            assert!(!text.trim().is_empty(), "{} does not say everything", source.id);
        }
        assert!(!source.examples.is_empty(), "{} has no examples", source.id);
        for example in source.examples {
            let expected: Vec<_> = example
                .says
                .iter()
                .map(|(field, value, origin)| ((*field).to_owned(), (*value).to_owned(), *origin))
                .collect();
            assert_eq!(says(example.file, source.id), expected, "{}", source.id);
            replay(example.file);
        }
    }
    let terms: HashSet<_> = SOURCE_TYPES.iter().map(|known| known.term).collect();
    assert_eq!(terms.len(), SOURCE_TYPES.len());
    assert!(GENERATORS.iter().all(|g| !(g.programs.is_empty() && g.forms.is_empty())));
}

#[test]
fn every_source_term_grade_and_limit_is_documented() {
    const PAGE: &str = include_str!("../../../../docs/provenance.md");
    let sources = SOURCES.iter().map(|source| source.id);
    let terms = SOURCE_TYPES.iter().map(|known| known.term);
    for name in sources.chain(terms).chain(LIMITS.iter().map(|limit| limit.name)) {
        assert!(PAGE.contains(&format!("`{name}`")), "{name} is not in docs/provenance.md");
    }
    for limit in LIMITS {
        assert!(PAGE.contains(limit.why), "{} is documented otherwise", limit.name);
    }
    for grade in Grade::ALL {
        assert!(PAGE.contains(&format!("\n| {} |", grade.as_str())));
    }
}

#[test]
fn a_manifest_is_read_from_every_container() {
    let store = store(&[manifest("Example Maker", &[("c2pa.created", "digitalCapture")])]);
    let files = [
        ("jpeg", in_app11(&store, 60_000)),
        ("jpeg in many pieces", in_app11(&store, 50)),
        ("png", png_with_chunk(*b"caBX", &store)),
        ("webp", webp_with_chunk(*b"C2PA", &store)),
        (
            "tiff",
            exif_block(&[(Tag(exif::Context::Tiff, 52545), Value::Undefined(store.clone(), 0))]),
        ),
        ("heic", iso_media(&store)),
    ];
    for (name, file) in files {
        let read = read(&file);
        let manifest = read[0].manifest.as_ref().expect("a manifest");
        assert_eq!(
            (read[0].value.as_str(), read[0].grade),
            ("Example Maker 1.0", Grade::V1),
            "{name}"
        );
        assert_eq!(
            (manifest.manifests, manifest.ingredients, manifest.signature_box),
            (1, 0, true)
        );
        assert_eq!(manifest.actions, ["c2pa.created"]);
        assert_eq!(manifest.check, None);
        assert_eq!((read[1].value.as_str(), read[1].origin), ("digitalCapture", Origin::Captured));
        assert_eq!(read.len(), 2, "{name}");
    }
}

#[test]
fn terms_keep_the_origin_of_the_table_and_unknown_ones_are_ambiguous() {
    for known in SOURCE_TYPES {
        let store = store(&[manifest("Example", &[("c2pa.created", known.term)])]);
        let said = says(&png_with_chunk(*b"caBX", &store), "c2pa");
        assert_eq!((said[1].1.as_str(), said[1].2), (known.term, known.origin));
    }
    let store = store(&[manifest("Example", &[("c2pa.created", "aTermOfNextYear")])]);
    let said = says(&png_with_chunk(*b"caBX", &store), "c2pa");
    assert_eq!((said[1].1.as_str(), said[1].2), ("aTermOfNextYear", Origin::Ambiguous));
    assert_eq!(source_type("aTermOfNextYear"), None);
}

#[test]
fn a_store_that_cannot_be_read_is_told_as_such() {
    for broken in [b"".as_slice(), b"\0\0\0\x08jumb", &store(&[])] {
        let read = read(&png_with_chunk(*b"caBX", broken));
        assert_eq!((read[0].field.as_str(), read[0].origin), ("manifest", Origin::Ambiguous));
        assert!(read[0].manifest.is_some());
    }
    let large = vec![0; 9 << 20];
    let read = read(&png_with_chunk(*b"caBX", &large));
    assert_eq!(read[0].value, "manifest store larger than what is read");
}

fn packet(properties: &str) -> String {
    format!(
        "<?xpacket begin=''?><x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF \
         xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description \
         xmlns:a='http://iptc.org/std/Iptc4xmpExt/2008-02-29/' xmlns:b='http://ns.adobe.com/xap/1.0/' \
         xmlns:c='http://purl.org/dc/terms/' xmlns:d='http://example.org/'>{properties}\
         </rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
    )
}

#[test]
fn xmp_is_read_by_namespace_in_every_container() {
    let packet = packet(&format!(
        "<a:DigitalSourceType>{TERM}compositeWithTrainedAlgorithmicMedia</a:DigitalSourceType>\
         <d:DigitalSourceType>{TERM}trainedAlgorithmicMedia</d:DigitalSourceType>\
         <b:CreatorTool>Example Photo Editor 3</b:CreatorTool><c:provenance>self#jumbf=x</c:provenance>"
    ));
    let field = "Iptc4xmpExt:DigitalSourceType".to_owned();
    let expected = [(field, "compositeWithTrainedAlgorithmicMedia".to_owned(), Origin::Generated)];
    let itxt = [b"XML:com.adobe.xmp\0\0\0\0\0", packet.as_bytes()].concat();
    let app1 = [b"http://ns.adobe.com/xap/1.0/\0", packet.as_bytes()].concat();
    let heic = [b"\0\0\0\x10ftypheic\0\0\0\0\0\0\0\0mdat", packet.as_bytes()].concat();
    let tag = (Tag(exif::Context::Tiff, 700), Value::Byte(packet.clone().into_bytes()));
    let files = [
        ("jpeg", jpeg_with_segment(0xe1, &app1)),
        ("png", png_with_chunk(*b"iTXt", &itxt)),
        ("webp", webp_with_chunk(*b"XMP ", packet.as_bytes())),
        ("tiff", exif_block(&[tag])),
        ("heic", heic),
    ];
    for (name, file) in files {
        assert_eq!(says(&file, "xmp"), expected, "{name}");
    }
}

#[test]
fn an_extended_packet_is_put_together() {
    let packet = packet(&format!("<a:DigitalSourceType>{TERM}print</a:DigitalSourceType>"));
    let (first, second) = packet.as_bytes().split_at(100);
    let segment = |offset: usize, part: &[u8]| {
        let whole = u32::try_from(packet.len()).unwrap().to_be_bytes();
        let offset = u32::try_from(offset).unwrap().to_be_bytes();
        let body =
            [b"http://ns.adobe.com/xmp/extension/\0", [b'0'; 32].as_slice(), &whole, &offset, part];
        body.concat()
    };
    let jpeg = jpeg_with_segment(0xe1, &segment(0, first));
    let second = segment(100, second);
    let length = u16::try_from(second.len() + 2).unwrap().to_be_bytes();
    let whole = [&jpeg[..2], &[0xff, 0xe1], &length, &second, &jpeg[2..]].concat();
    assert_eq!(says(&whole, "xmp")[0].1, "print");
    assert_eq!(says(&jpeg, "xmp"), []);
}

#[test]
fn a_manifest_that_lies_elsewhere_is_recorded_and_says_nothing() {
    let packet = packet("<c:provenance>https://example.org/m?a=1&amp;b=2</c:provenance>");
    let read = read(&webp_with_chunk(*b"XMP ", packet.as_bytes()));
    assert_eq!((read.len(), read[0].value.as_str()), (1, "https://example.org/m?a=1&b=2"));
    assert_eq!(read[0].grade, Grade::V0);
    assert_eq!(Grade::of(&read), Grade::V0);
}

fn exif_block(fields: &[(Tag, Value)]) -> Vec<u8> {
    let field = |(tag, value): &(Tag, Value)| Field {
        tag: *tag,
        ifd_num: In::PRIMARY,
        value: value.clone(),
    };
    let fields: Vec<Field> = fields.iter().map(field).collect();
    let mut writer = Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    let mut block = std::io::Cursor::new(Vec::new());
    writer.write(&mut block, false).unwrap();
    block.into_inner()
}

const SETTINGS: &str = "a chart of greys\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1";

#[test]
fn settings_are_told_in_texts_of_every_form_and_never_shown() {
    let utf16: Vec<u8> = SETTINGS.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let comment = [b"UNICODE\0", utf16.as_slice()].concat();
    let exif = exif_block(&[(Tag::UserComment, Value::Undefined(comment, 0))]);
    let app1 = [b"Exif\0\0", exif.as_slice()].concat();
    let files = [
        ("tEXt", png_with_chunk(*b"tEXt", &[b"parameters\0", SETTINGS.as_bytes()].concat())),
        (
            "iTXt",
            png_with_chunk(*b"iTXt", &[b"parameters\0\0\0\0\0", SETTINGS.as_bytes()].concat()),
        ),
        (
            "zTXt",
            png_with_chunk(*b"zTXt", &hostile::zipped(b"parameters\0\0", SETTINGS.as_bytes())),
        ),
        ("jpeg", jpeg_with_segment(0xe1, &app1)),
        ("webp", webp_with_chunk(*b"EXIF", &exif)),
    ];
    for (name, file) in files {
        let read = read(&file);
        assert_eq!((read.len(), read[0].value.as_str()), (1, "A1111 family"), "{name}");
        assert_eq!(read[0].origin, Origin::Generated);
        let text = read[0].text.expect("a text");
        assert!(text.size_bytes >= SETTINGS.len() as u64 && !text.cut, "{name}");
        assert!(!format!("{read:?}").contains("chart"), "{name} shows the text");
    }
}

#[test]
fn settings_in_the_place_of_a_camera_are_no_camera() {
    let make = br#"workflow:{"last_node_id": 1, "links": [], "text": "a chart"}"#.to_vec();
    let block = exif_block(&[(Tag::Make, Value::Ascii(vec![make]))]);
    let webp = webp_with_chunk(*b"EXIF", &block);
    let capture = tutela_match::content::capture(&webp);
    assert_eq!(capture.make, None);
    assert_eq!(says(&webp, "exif_text")[0].1, "ComfyUI");
    assert_eq!(conflict(&read(&webp), &capture), None);
}

#[test]
fn conflicts_are_between_places_and_not_within_a_history() {
    let camera = CaptureData { make: Some("Example Optics".to_owned()), ..CaptureData::default() };
    let nothing = CaptureData::default();
    let text = png_chunk(*b"tEXt", &[b"parameters\0", SETTINGS.as_bytes()].concat());
    let with = |types: &[(&str, &str)], text: &[u8]| {
        let store = store(&[manifest("Example", types)]);
        let file = png_with_chunk(*b"caBX", &store);
        [&file[..33], text, &file[33..]].concat()
    };
    let capture = [("c2pa.created", "digitalCapture")];
    let composite = ("c2pa.edited", "compositeWithTrainedAlgorithmicMedia");
    let cases = [
        ("capture and settings", with(&capture, &text), &nothing, true),
        ("settings and a camera", with(&[], &text), &camera, true),
        (
            "generated and a camera",
            with(&[("c2pa.created", "trainedAlgorithmicMedia")], b""),
            &camera,
            true,
        ),
        (
            "ambiguous and a camera",
            with(&[("c2pa.created", "dataDrivenMedia")], b""),
            &camera,
            false,
        ),
        ("a photograph edited with a model", with(&[capture[0], composite], b""), &camera, false),
        ("settings alone", with(&[], &text), &nothing, false),
        (
            "a history",
            with(&[capture[0], ("c2pa.edited", "trainedAlgorithmicMedia")], b""),
            &nothing,
            false,
        ),
        ("a camera alone", with(&capture, b""), &camera, false),
    ];
    for (name, file, capture, expected) in cases {
        let mut statements: Vec<Provenance> = read(&file);
        let found = conflict(&statements, capture);
        assert_eq!(found.is_some(), expected, "{name}");
        statements.extend(found);
        assert_eq!(Grade::of(&statements) == Grade::X, expected);
        assert_eq!(statements.iter().any(|said| said.source == CONFLICT), expected);
    }
}

#[test]
fn ordinary_files_say_nothing() {
    let block = exif_block(&[
        (Tag::Software, Value::Ascii(vec![b"Example Editor 2.1".to_vec()])),
        (Tag::ImageDescription, Value::Ascii(vec![b"a walk at the sea".to_vec()])),
    ]);
    let files = [
        Vec::new(),
        b"words".to_vec(),
        png_with_chunk(*b"tEXt", b"Comment\0made with care"),
        png_with_chunk(*b"tEXt", b"Software\0Example Editor"),
        webp_with_chunk(*b"EXIF", &block),
        jpeg_with_segment(0xeb, b"JP\0\x01\0\0\0\x01\0\0\0\x10jumbabcdefgh"),
    ];
    for file in files {
        assert_eq!(read(&file), []);
    }
}
