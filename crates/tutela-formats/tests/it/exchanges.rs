//! What is handed over, as a receiver sees it; and that our own list reader takes it back.

use std::collections::HashSet;

use tutela_core::{
    CaptureData, Category, Digests, ListEntry, Md5, Pdq, PdqVariant, Place, Sha1, Sha256,
};
use tutela_formats::exchanges::{
    EXCHANGES, Exchanged, Head, Media, MediaFile, MediaPdq, Parent, Profile, format,
};

use crate::given::read;

fn head(profile: Profile, media: u64) -> Head {
    Head {
        case: "01960000-ca5e-7000-8000-000000000042".to_owned(),
        scan: "01960000-5ca0-7000-8000-00000000a117".to_owned(),
        application: "Tutela".to_owned(),
        version: "0.1.0".to_owned(),
        written_at: "2026-03-04T09:12:33.123456789Z".parse().unwrap(),
        profile,
        media,
    }
}

fn digests(n: u8) -> Digests {
    Digests { md5: Md5([n; 16]), sha1: Sha1([n; 20]), sha256: Sha256([n; 32]) }
}

/// The least there can be: one file, nothing stated.
fn bare(number: u64) -> Media {
    let path = format!("files/{number}.dat");
    Media {
        number,
        digests: digests(number as u8),
        size_bytes: 10 * number,
        mime: "application/octet-stream".to_owned(),
        outcome: "new".to_owned(),
        width: None,
        height: None,
        duration_ms: None,
        pdq: vec![],
        capture: CaptureData::default(),
        category: None,
        comment: None,
        groups: vec![],
        files: vec![MediaFile {
            relative_path: path.clone(),
            path,
            modified_at: None,
            parent: None,
        }],
    }
}

/// Something in every field, and names that try to break out.
fn full(number: u64, scheme: &str) -> Media {
    let file = |path: &str, parent| MediaFile {
        path: path.to_owned(),
        relative_path: path.trim_start_matches("/mnt/").to_owned(),
        modified_at: Some("2026-01-02T03:04:05.678901234Z".parse().unwrap()),
        parent,
    };
    let zip = Parent { path: "/mnt/b \"old\".zip".to_owned(), digests: Some(digests(9)) };
    let text = |text: &str| Some(text.to_owned());
    Media {
        mime: "image/jpeg".to_owned(),
        width: Some(4032),
        height: Some(3024),
        duration_ms: Some(61_500),
        pdq: [PdqVariant::Reference, PdqVariant::Full]
            .map(|variant| MediaPdq { variant, value: Pdq([0x5a; 32]), quality: Some(99) })
            .to_vec(),
        capture: CaptureData {
            make: text("Example Optics"),
            model: text("E1, \"pro\""),
            serial: text("EX-0042"),
            lens_serial: text("L-7"),
            taken_at: text("2026-05-17T14:20:00"),
            software: text("v1"),
            place: Place::new(45_123_456, -9_000_001),
        },
        category: Some(Category { scheme: scheme.to_owned(), code: "2".to_owned() }),
        comment: text("seen; \"once\"\nand again"),
        groups: vec![1, 7],
        files: vec![
            file("/mnt/DCIM/101/IMG_0001.jpg", None),
            file("/mnt/b \"old\".zip!/=cmd,\u{1}ü.jpg", Some(zip)),
        ],
        ..bare(number)
    }
}

fn written(id: &str, profile: Profile, media: Vec<Media>) -> (String, Exchanged) {
    let mut bytes = Vec::new();
    let head = head(profile, media.len() as u64);
    let exchanged = (format(id).unwrap().write)(&mut bytes, &head, &mut media.into_iter()).unwrap();
    (String::from_utf8(bytes).unwrap(), exchanged)
}

#[test]
fn every_exchange_is_documented_and_named_once() {
    let mut ids = HashSet::new();
    for exchange in EXCHANGES {
        assert!(ids.insert(exchange.id), "{} twice", exchange.id);
        assert!(exchange.doc.len() > 80 && !exchange.title.is_empty(), "{}", exchange.id);
        assert!(!exchange.source.is_empty(), "{}", exchange.id);
        let nothing = written(exchange.id, Profile::Us, vec![]);
        assert_eq!(nothing.1, Exchanged::default(), "{}", exchange.id);
    }
    assert!(format("vics9").is_none());
}

#[test]
fn what_a_receiver_sees() {
    for (id, scheme) in [
        ("vics2", "projectvic:us"),
        ("vics13", "projectvic:1.3"),
        ("csv", "projectvic:us"),
        ("json", "projectvic:us"),
    ] {
        let (text, exchanged) = written(id, Profile::Us, vec![full(1, scheme), bare(2)]);
        assert_eq!(exchanged, Exchanged { media: 2, files: 3, categories_left_out: 0 }, "{id}");
        assert!(!text.starts_with('\u{feff}'), "{id}: no byte order mark");
        // One Media a line is right for a file, and hard to read here.
        let shown = if id == "csv" { text } else { indented(&text) };
        insta::assert_snapshot!(id, shown);
    }
}

fn indented(text: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(text).unwrap();
    serde_json::to_string_pretty(&value).unwrap()
}

#[test]
fn our_own_list_reader_takes_it_back() {
    let check = |id: &str, list: &str, scheme: &str| {
        let media = vec![full(1, scheme), bare(2)];
        let (text, _) = written(id, Profile::Us, media.clone());
        let (entries, reading) = read(list, text);
        assert_eq!((reading.rejected, reading.truncated), (0, false), "{id}: {:?}", reading.errors);
        let mut expected: Vec<ListEntry> = Vec::new();
        for media in &media {
            // A row of a table is a file, so content in two files comes twice.
            let rows = if list == "csv" { media.files.len() } else { 1 };
            for _ in 0..rows {
                expected.push(ListEntry {
                    row: entries[expected.len()].row,
                    key: Some(media.number.to_string()),
                    md5: Some(media.digests.md5),
                    sha1: Some(media.digests.sha1),
                    sha256: Some(media.digests.sha256),
                    pdq: media.pdq.first().map(|pdq| pdq.value),
                    category: media.category.clone(),
                    size_bytes: Some(media.size_bytes),
                    ..ListEntry::default()
                });
            }
        }
        let bare: Vec<ListEntry> = entries
            .into_iter()
            .map(|entry| ListEntry { label: None, other: vec![], ..entry })
            .collect();
        assert_eq!(bare, expected, "{id}");
    };
    check("vics2", "projectvic", "projectvic:us");
    check("vics13", "projectvic", "projectvic:1.3");
    check("csv", "csv", "any:scheme");
}

#[test]
fn a_category_of_another_scheme_is_left_out_and_counted() {
    let check = |id: &str, scheme: &str, code: &str, left_out: u64| {
        let category = Some(Category { scheme: scheme.to_owned(), code: code.to_owned() });
        let (text, exchanged) = written(id, Profile::Uk, vec![Media { category, ..bare(1) }]);
        assert_eq!(exchanged.categories_left_out, left_out, "{id} {scheme} {code}");
        assert_eq!(text.contains("\"Category\":null"), left_out == 1, "{text}");
    };
    check("vics2", "projectvic:uk", "3", 0);
    check("vics2", "projectvic:us", "3", 1);
    check("vics2", "projectvic:uk", "A1", 1);
    check("vics13", "projectvic:1.3", "3", 0);
    check("vics13", "projectvic:uk", "3", 1);
}
