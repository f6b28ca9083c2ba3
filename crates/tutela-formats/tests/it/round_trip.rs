//! What is written reads back, and what does not was counted as lost.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use tutela_core::{Category, ListEntry, ListInfo, Md5, OpaqueSignal, Pdq, Sha1, Sha256, Timestamp};
use tutela_formats::lists::{Field, LISTS, ListFormat, ListReading, ReadOptions, Written};

use crate::given::try_read;

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,8}",
        "[0-9]{1,6}",
        "[0-9]{1,3}-[a-z]{1,5}",
        "[ -~é\n\r\t\"',;\\\\<&=-]{0,12}",
        Just("-".to_owned()),
        "a{600}",
    ]
}

fn opaque() -> impl Strategy<Value = OpaqueSignal> {
    let kind = prop_oneof![
        Just("photodna".to_owned()),
        Just("tmk".to_owned()),
        Just("url".to_owned()),
        Just("text".to_owned()),
        Just("sha512".to_owned()),
        Just("pdq".to_owned()),
        Just("hash_md5".to_owned()),
        Just("SHA-1".to_owned()),
        text(),
    ];
    let value = prop_oneof!["[A-Za-z0-9+/]{4,40}", text()];
    (kind, value).prop_map(|(kind, value)| OpaqueSignal { kind, value })
}

fn category() -> impl Strategy<Value = Category> {
    let scheme = prop_oneof![
        Just("projectvic:us".to_owned()),
        Just("ncmec".to_owned()),
        Just("unstated".to_owned()),
        text(),
    ];
    let code = prop_oneof!["[0-9]", "[AB][12]", text()];
    (scheme, code).prop_map(|(scheme, code)| Category { scheme, code })
}

prop_compose! {
    fn entry()(
        key in of(text()),
        md5 in of(any::<[u8; 16]>()),
        sha1 in of(any::<[u8; 20]>()),
        sha256 in of(any::<[u8; 32]>()),
        pdq in of(any::<[u8; 32]>()),
        other in vec(opaque(), 0..3),
        category in of(category()),
        size_bytes in of(any::<u64>()),
        withdrawn in prop::bool::weighted(0.2),
        label in of(text()),
    ) -> ListEntry {
        ListEntry {
            row: 0,
            key,
            md5: md5.map(Md5),
            sha1: sha1.map(Sha1),
            sha256: sha256.map(Sha256),
            pdq: pdq.map(Pdq),
            other,
            category,
            size_bytes,
            withdrawn,
            label,
        }
    }
}

fn info() -> impl Strategy<Value = ListInfo> {
    let scheme =
        of(prop_oneof![Just("projectvic:us".to_owned()), Just("ncmec".to_owned()), "[a-z]{1,5}"]);
    let dated = of((0..4_000_000_000_i64).prop_map(|s| Timestamp::from_second(s).unwrap()));
    (scheme, dated).prop_map(|(scheme, dated)| ListInfo { source: None, dated, scheme })
}

fn write(list: &ListFormat, info: &ListInfo, entries: &[ListEntry]) -> (Vec<u8>, Written) {
    let mut file = Vec::new();
    let written = (list.write)(&mut file, info, &mut entries.iter().cloned()).unwrap();
    (file, written)
}

fn read_back(list: &ListFormat, file: &[u8]) -> (Vec<ListEntry>, ListReading) {
    let (mut entries, reading) = try_read(list, file, &ReadOptions::default()).unwrap();
    for entry in &mut entries {
        entry.row = 0;
        entry.other.sort_by(|a, b| (&a.kind, &a.value).cmp(&(&b.kind, &b.value)));
    }
    (entries, reading)
}

/// One entry per signal, as formats with one signal a row write it.
fn split(entry: &ListEntry) -> Vec<ListEntry> {
    let bare = ListEntry {
        md5: None,
        sha1: None,
        sha256: None,
        pdq: None,
        other: Vec::new(),
        ..entry.clone()
    };
    let mut parts = Vec::new();
    parts.extend(entry.pdq.map(|v| ListEntry { pdq: Some(v), ..bare.clone() }));
    parts.extend(entry.md5.map(|v| ListEntry { md5: Some(v), ..bare.clone() }));
    parts.extend(entry.sha1.map(|v| ListEntry { sha1: Some(v), ..bare.clone() }));
    parts.extend(entry.sha256.map(|v| ListEntry { sha256: Some(v), ..bare.clone() }));
    parts.extend(entry.other.iter().map(|v| ListEntry { other: vec![v.clone()], ..bare.clone() }));
    parts
}

/// The fields that are there and did not come back. A reader may fill in a key the sender implies.
fn lost(before: &ListEntry, after: &ListEntry) -> BTreeMap<Field, u64> {
    let mut other = before.other.clone();
    other.sort_by(|a, b| (&a.kind, &a.value).cmp(&(&b.kind, &b.value)));
    let gone = [
        (Field::Key, before.key.is_some() && before.key != after.key),
        (Field::Md5, before.md5 != after.md5),
        (Field::Sha1, before.sha1 != after.sha1),
        (Field::Sha256, before.sha256 != after.sha256),
        (Field::Pdq, before.pdq != after.pdq),
        (Field::Other, other != after.other),
        (Field::Category, before.category != after.category),
        (Field::SizeBytes, before.size_bytes != after.size_bytes),
        (Field::Withdrawn, before.withdrawn != after.withdrawn),
        (Field::Label, before.label != after.label),
    ];
    gone.into_iter().filter(|(_, gone)| *gone).map(|(field, _)| (field, 1)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn what_does_not_come_back_was_counted_as_lost(entry in entry(), info in info()) {
        for list in LISTS {
            // An entry that becomes several rows comes back as several entries, so each is tried alone.
            let parts = if list.one_signal_a_row { split(&entry) } else { vec![entry.clone()] };
            for part in parts {
                let (file, written) = write(list, &info, std::slice::from_ref(&part));
                let (entries, reading) = read_back(list, &file);
                let shown = String::from_utf8_lossy(&file);
                prop_assert_eq!(&reading.errors, &[], "{}: {}", list.id, shown);
                prop_assert_eq!(entries.len() as u64, written.rows, "{}: {}", list.id, shown);
                prop_assert_eq!(written.entries + written.withdrawn_left_out + written.unfit_left_out, 1);
                for after in &entries {
                    prop_assert_eq!(lost(&part, after), written.lost.clone(), "{}: {}", list.id, shown);
                }
            }
        }
    }

    #[test]
    fn what_was_read_once_is_never_lost_again(entries in vec(entry(), 0..6), info in info()) {
        for list in LISTS {
            let (file, _) = write(list, &info, &entries);
            let (once, reading) = read_back(list, &file);
            let (file, written) = write(list, &reading.info, &once);
            prop_assert!(written.lost.is_empty(), "{}: {:?}", list.id, written);
            prop_assert_eq!(written.withdrawn_left_out + written.unfit_left_out, 0, "{}", list.id);
            let (twice, again) = read_back(list, &file);
            prop_assert_eq!(&once, &twice, "{}", list.id);
            prop_assert_eq!(reading.info, again.info, "{}", list.id);
        }
    }

}

proptest! {
    // Each case goes through every reader and every writer.
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..300)) {
        tutela_formats::lists::replay(&bytes);
    }

    #[test]
    fn examples_with_one_byte_changed_are_read_or_refused(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        for example in LISTS.iter().flat_map(|list| list.examples) {
            let mut bytes = example.bytes.to_vec();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            tutela_formats::lists::replay(&bytes);
        }
    }
}

#[test]
fn a_withdrawn_entry_is_left_out_where_it_cannot_be_said() {
    let entry = ListEntry {
        md5: Some(Md5([1; 16])),
        withdrawn: true,
        key: Some("1-a".into()),
        ..ListEntry::default()
    };
    for list in LISTS {
        let (file, written) = write(list, &ListInfo::default(), std::slice::from_ref(&entry));
        let (entries, _) = read_back(list, &file);
        let said = list.carries.contains(&Field::Withdrawn);
        assert_eq!(written.withdrawn_left_out, u64::from(!said), "{}", list.id);
        assert_eq!(entries.len(), usize::from(said), "{}", list.id);
        assert!(entries.iter().all(|entry| entry.withdrawn), "{}", list.id);
    }
}

#[test]
fn several_signals_become_several_rows_where_a_row_holds_one() {
    let entry = ListEntry {
        md5: Some(Md5([1; 16])),
        pdq: Some(Pdq([2; 32])),
        label: Some("chart".into()),
        ..ListEntry::default()
    };
    let list = tutela_formats::lists::format("plain").unwrap();
    let (file, written) = write(list, &ListInfo::default(), &[entry]);
    assert_eq!((written.entries, written.rows), (1, 2));
    assert_eq!(
        String::from_utf8(file).unwrap(),
        format!("{},chart\n{},chart\n", "02".repeat(32), "01".repeat(16))
    );
}

#[test]
fn vics_codes_of_another_scheme_are_left_out_and_counted() {
    let category = |scheme: &str| Some(Category { scheme: scheme.into(), code: "1".into() });
    let entry = |scheme| ListEntry {
        md5: Some(Md5([1; 16])),
        category: category(scheme),
        ..ListEntry::default()
    };
    let info = ListInfo { scheme: Some("projectvic:uk".into()), ..ListInfo::default() };
    let list = tutela_formats::lists::format("projectvic").unwrap();
    let (file, written) = write(list, &info, &[entry("projectvic:uk"), entry("projectvic:us")]);
    assert_eq!(written.lost, BTreeMap::from([(Field::Category, 1)]));
    let (entries, _) = read_back(list, &file);
    assert_eq!(entries[0].category, category("projectvic:uk"));
    assert_eq!(entries[1].category, None);
}
