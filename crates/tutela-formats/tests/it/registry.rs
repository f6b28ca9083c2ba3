//! The registry is complete, and each format knows its own.

use std::collections::HashSet;

use tutela_formats::lists::{Confidence, LISTS, ReadOptions, format, recognise};

use crate::given::try_read;

#[test]
fn every_format_is_documented_and_named_once() {
    let mut ids = HashSet::new();
    let mut extensions = HashSet::new();
    for list in LISTS {
        assert!(ids.insert(list.id), "{} twice", list.id);
        assert!(
            !list.title.is_empty() && list.doc.len() > 80 && list.source.len() > 20,
            "{}",
            list.id
        );
        assert!(!list.extensions.is_empty() && !list.carries.is_empty(), "{}", list.id);
        for extension in list.extensions {
            assert!(extensions.insert(extension), "extension {extension} twice");
            assert_eq!(*extension, extension.to_ascii_lowercase());
        }
        assert!(!list.examples.is_empty(), "{} has no example", list.id);
        assert_eq!(format(list.id).map(|found| found.id), Some(list.id));
    }
    assert!(format("no such format").is_none());
}

#[test]
fn every_example_reads_to_its_stated_counts() {
    for list in LISTS {
        for example in list.examples {
            let (entries, reading) =
                try_read(list, example.bytes, &ReadOptions::default()).unwrap();
            let found = (reading.entries, reading.withdrawn, reading.rejected);
            let stated = (example.entries, example.withdrawn, example.rejected);
            assert_eq!(found, stated, "{}: {:?}", example.name, reading.errors);
            assert_eq!(entries.len() as u64, reading.entries, "{}", example.name);
            assert!(!reading.truncated, "{}", example.name);
            assert!(entries.windows(2).all(|pair| pair[0].row < pair[1].row), "{}", example.name);
        }
    }
}

#[test]
fn every_example_is_recognised_with_and_without_its_name() {
    for list in LISTS {
        for example in list.examples {
            assert!(
                (list.sniff)(example.bytes) > Confidence::No || example.bytes[0] > 0x7F,
                "{}",
                example.name
            );
            for name in [example.name, "", "download.bin"] {
                let found = recognise(example.bytes, name).map(|found| found.id);
                assert_eq!(found, Some(list.id), "{} as {name:?}", example.name);
            }
        }
    }
}

#[test]
fn the_name_decides_only_between_equals() {
    let found = |head: &[u8], name: &str| recognise(head, name).map(|found| found.id);
    let md5 = b"0123456789abcdef0123456789abcdef";
    assert_eq!(found(md5, "list.json"), Some("plain"));
    let row = [md5.as_slice(), b",12,2026-01-02,tag\n"].concat();
    assert_eq!(found(&row, "simple.video_md5.te"), Some("pytx"));
    assert_eq!(found(&row, "list.txt"), Some("plain"));
    assert_eq!(found(b"", "list.csv"), None);
    assert_eq!(found(b"\x89PNG\r\n\x1a\n", "list.md5"), None);
    assert_eq!(found(b"{\"a\": 1}", "list.json"), None);
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the document is a file; the engine still gets bytes"
)]
fn the_document_tables_every_format() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/lists.md");
    let document = std::fs::read_to_string(path).unwrap();
    for list in LISTS {
        let extensions: Vec<String> = list.extensions.iter().map(|e| format!("`.{e}`")).collect();
        let carries: Vec<&str> = list.carries.iter().map(|field| field.as_str()).collect();
        let shape = if list.one_signal_a_row { "one signal" } else { "one entry" };
        let row = format!(
            "| `{}` | {} | {} | {} | {shape} |",
            list.id,
            list.title,
            extensions.join(" "),
            carries.join(", "),
        );
        assert!(document.contains(&row), "docs/lists.md lacks the row\n{row}");
    }
}
