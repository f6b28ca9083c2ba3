//! A file may be cut anywhere: what is complete before the cut is kept.

use tutela_core::ListEntry;
use tutela_formats::lists::{LISTS, ListFormat, ListReading, ReadOptions};

use crate::given::try_read;

/// What a cut file gives; a file cut inside its header may not be recognisable at all.
fn cut(list: &ListFormat, bytes: &[u8], at: usize) -> Option<(Vec<ListEntry>, ListReading)> {
    try_read(list, &bytes[..at], &ReadOptions::default()).ok()
}

#[test]
fn every_cut_keeps_the_complete_entries() {
    for list in LISTS {
        for example in list.examples {
            let bytes = example.bytes;
            let (whole, _) = try_read(list, bytes, &ReadOptions::default()).unwrap();
            let mut kept = 0;
            for at in 0..bytes.len() {
                let Some((entries, _)) = cut(list, bytes, at) else {
                    assert_eq!(kept, 0, "{} at {at}: entries were lost", example.name);
                    continue;
                };
                // Only the last entry may differ: a line whose last value is shortened and still sound.
                let same = entries.iter().zip(&whole).take_while(|(a, b)| a == b).count();
                assert!(same + 1 >= entries.len(), "{} at {at}", example.name);
                assert!(same >= kept, "{} at {at}: {same} of {kept} kept", example.name);
                kept = same;
            }
        }
    }
}

#[test]
fn every_cut_of_a_document_is_reported() {
    for list in LISTS {
        for example in list.examples {
            let document =
                matches!(list.id, "projectvic" | "ncmec" | "threatexchange" | "stopncii");
            if !document {
                continue;
            }
            let (whole, _) = try_read(list, example.bytes, &ReadOptions::default()).unwrap();
            // The end may be white space in UTF-16.
            for at in 0..example.bytes.len() - 2 {
                let Some((entries, reading)) = cut(list, example.bytes, at) else { continue };
                assert!(reading.truncated, "{} at {at}", example.name);
                assert!(!reading.errors.is_empty(), "{} at {at}", example.name);
                assert_eq!(entries, whole[..entries.len()], "{} at {at}", example.name);
            }
        }
    }
}

#[test]
fn a_cut_row_is_named() {
    let half = "0123456789abcdef0123456789abcdef\n0123456789abcdef";
    let table = format!("md5,sha1\n{}", half.replace('\n', ",\n"));
    let sums = half.replace('\n', "  a\n");
    let deep = format!("%%%% HASHDEEP-1.0\n%%%% md5,filename\n{}", half.replace('\n', ",a\n"));
    let typed = format!("md5 {}", half.replace('\n', "\nmd5 "));
    let files = [
        ("plain", half, 2, "the file ends inside this line"),
        ("csv", &table, 3, "the file ends inside this row"),
        ("md5sum", &sums, 2, "the file ends inside this line"),
        ("hashdeep", &deep, 4, "the file ends inside this row"),
        ("pytx", &typed, 2, "the file ends inside this line"),
    ];
    for (id, file, row, message) in files {
        let (entries, reading) = crate::given::read(id, file);
        assert_eq!((entries.len(), reading.truncated), (1, true), "{id}");
        let last = reading.errors.last().unwrap();
        assert_eq!((last.row, last.message.as_str()), (row, message), "{id}");
    }
}

#[test]
fn a_signal_cut_to_the_length_of_another_kind_is_no_entry() {
    let pdq = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    for digits in [32, 40] {
        let (entries, reading) = crate::given::read("plain", format!("{pdq}\n{}", &pdq[..digits]));
        assert_eq!((entries.len(), reading.truncated), (1, true), "{digits} digits");
    }
}
