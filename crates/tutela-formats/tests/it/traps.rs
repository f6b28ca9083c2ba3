//! Each trap of the formats that is known from the field, once.

use tutela_core::Timestamp;
use tutela_formats::lists::{Hex64, ReadOptions, format};

use crate::given::{EMPTY_MD5, HEX64, MD5, SHA1, errors, line, read, read_sha256, try_read};

fn media(body: &str) -> String {
    format!(
        r#"{{"odata.metadata":"http://github.com/ICMEC/ProjectVic/DataModels/1.3.xml#Media","value":[{body}]}}"#
    )
}

#[track_caller]
fn check_media(body: &str, expected: &[&str]) {
    let (entries, reading) = read("projectvic", media(body));
    assert_eq!(entries.iter().map(line).collect::<Vec<_>>(), expected, "{:?}", reading.errors);
}

#[test]
fn vics_booleans_come_as_truth_and_as_text() {
    for yes in ["true", "\"true\"", "\"True\"", "\"TRUE\"", "1", "\"1\""] {
        check_media(
            &format!(r#"{{"MD5":"{MD5}","VictimIdentified":{yes}}}"#),
            &["1: md5=0123 label=victim identified"],
        );
    }
    for no in ["false", "\"False\"", "null", "0", "\"\"", "{}", "[true]"] {
        check_media(&format!(r#"{{"MD5":"{MD5}","IsDistributed":{no}}}"#), &["1: md5=0123"]);
    }
}

#[test]
fn vics_numbers_come_as_text() {
    for (id, category, size) in [("7", "2", "10"), ("\"7\"", "\"2\"", "\" 10 \"")] {
        check_media(
            &format!(
                r#"{{"MediaID":{id},"MD5":"{MD5}","Category":{category},"MediaSize":{size}}}"#
            ),
            &["1: key=7 md5=0123 category=projectvic:1.3:2 size=10"],
        );
    }
    check_media(&format!(r#"{{"MD5":"{MD5}","Category":null,"MediaSize":""}}"#), &["1: md5=0123"]);
}

#[test]
fn vics_comes_with_marks_and_in_utf16() {
    let text = media(&format!(r#"{{"MD5":"{MD5}","Comments":"Prüfbild 𝄞"}}"#));
    let utf16 = |mark: &str, unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
        format!("{mark}{text}").encode_utf16().flat_map(unit).collect()
    };
    let files = [
        text.clone().into_bytes(),
        format!("\u{feff}{text}").into_bytes(),
        utf16("\u{feff}", u16::to_le_bytes),
        utf16("\u{feff}", u16::to_be_bytes),
        utf16("", u16::to_le_bytes),
        utf16("", u16::to_be_bytes),
    ];
    for (n, file) in files.iter().enumerate() {
        let (entries, reading) = read("projectvic", file);
        assert_eq!(entries.len(), 1, "file {n}: {:?}", reading.errors);
        assert_eq!(entries[0].label.as_deref(), Some("Prüfbild 𝄞"), "file {n}");
        let found = tutela_formats::lists::recognise(file, "export.json").map(|f| f.id);
        assert_eq!(found, Some("projectvic"), "file {n}");
    }
}

#[test]
fn vics_dates_come_in_every_form() {
    let check = |date: &str, expected: Option<&str>| {
        let (_, reading) =
            read("projectvic", media(&format!(r#"{{"MD5":"{MD5}","DateUpdated":"{date}"}}"#)));
        let expected = expected.map(|date| date.parse::<Timestamp>().unwrap());
        assert_eq!(reading.info.dated, expected, "{date}");
    };
    check("2026-01-02T03:04:05", Some("2026-01-02T03:04:05Z"));
    check("2026-01-02T03:04:05.678Z", Some("2026-01-02T03:04:05.678Z"));
    check("2026-01-02T03:04:05+01:00", Some("2026-01-02T02:04:05Z"));
    check("2026-01-02T03:04:05+01:00Z", Some("2026-01-02T02:04:05Z"));
    check("/Date(1767323045000)/", Some("2026-01-02T03:04:05Z"));
    check("\\/Date(1767323045000-0500)\\/", Some("2026-01-02T03:04:05Z"));
    check("last week", None);
}

#[test]
fn vics_paths_keep_their_backslashes() {
    check_media(
        &format!(r#"{{"MD5":"{MD5}","RelativeFilePath":"VIC_Files\\a\\chart.png"}}"#),
        &["1: md5=0123 label=VIC_Files\\a\\chart.png"],
    );
}

#[test]
fn vics_media_that_share_a_file_all_stay() {
    check_media(
        &format!(
            r#"{{"MediaID":1,"MD5":"{MD5}","Category":1}},{{"MediaID":2,"MD5":"{MD5}","Category":2}}"#
        ),
        &[
            "1: key=1 md5=0123 category=projectvic:1.3:1",
            "2: key=2 md5=0123 category=projectvic:1.3:2",
        ],
    );
}

#[test]
fn vics_claims_that_contradict_the_entries_are_not_trusted() {
    let file = format!(
        r#"{{"@odata.context":"http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/UK/$metadata#Cases",
        "value":[{{"CaseID":"1","TotalMediaFiles":500,"Media":[
        {{"MD5":"{MD5}","IsPrecategorized":true,"Category":null}},
        {{"MD5":"{MD5}","IsPrecategorized":"False","Category":1}}],"CaseNumber":"x"}},{{"CaseID":"2"}}]}}"#
    );
    let (entries, reading) = read("projectvic", file);
    let lines: Vec<_> = entries.iter().map(line).collect();
    assert_eq!(lines, ["1: md5=0123", "2: md5=0123 category=projectvic:uk:1"]);
    assert_eq!(reading.notes, ["a case has no array of Media"]);
    assert!(!reading.truncated && reading.errors.is_empty());
}

#[test]
fn vics_cases_and_media_in_each_others_place_are_not_lost_silently() {
    let media = format!(r#"{{"MD5":"{MD5}"}}"#);
    let (entries, reading) = read(
        "projectvic",
        format!(r#"{{"value":[{{"CaseID":"1","Media":[{media},{media}]}},{media}]}}"#),
    );
    assert_eq!(entries.iter().map(|entry| entry.row).collect::<Vec<_>>(), [1, 1, 2]);
    assert_eq!(reading.notes, ["cases stand in the place of Media; each counts as one record"]);
    let (entries, reading) = read(
        "projectvic",
        format!(r#"{{"odata.metadata":"x#Cases","value":[{media},{{"Media":[{media}]}}]}}"#),
    );
    assert_eq!(entries.len(), 1);
    assert_eq!(errors(&reading), ["row 1, field Media: a Media stands in the place of a case"]);
}

#[test]
fn vics_empty_file_digests_match_nothing() {
    check_media(
        &format!(r#"{{"MD5":"{EMPTY_MD5}"}},{{"MD5":"{EMPTY_MD5}","PhotoDNA":"AAAA"}}"#),
        &["2: photodna=AAAA"],
    );
    let (_, reading) = read("projectvic", media(&format!(r#"{{"MD5":"{EMPTY_MD5}"}}"#)));
    assert_eq!(reading.rejected, 1);
    assert_eq!(
        errors(&reading),
        ["row 1, field md5: the digest of an empty file identifies nothing and is left out"]
    );
}

#[test]
fn vics_alternative_hashes_hold_pdq_and_the_licensed_ones_stay_opaque() {
    check_media(
        &format!(
            r#"{{"MD5":"{}","PhotoDNA":"AAAA","AlternativeHashes":[{{"HashName":"PDQ","HashValue":"{HEX64}"}},
            {{"HashName":"SHA-256","HashValue":"{HEX64}","MD5":"{MD5}"}},{{"HashName":"SHA1","HashValue":"{SHA1}"}},
            {{"HashName":"PhotoDNA","HashValue":"AAAA"}},{{"HashName":"F1","HashValue":"BBBB"}}]}}"#,
            MD5.to_uppercase()
        ),
        &["1: md5=0123 sha1=0123 sha256=0123 pdq=0123 photodna=AAAA f1=BBBB"],
    );
}

#[test]
fn vics_members_come_in_any_order_and_unknown_ones_are_passed_over() {
    let file = format!(
        r#"{{"value":[{{"Exifs":[{{"a":[[{{}}]]}}],"Category":1,"MD5":"{MD5}","New":{{"x":"\"]}}"}}}}],"next":null}}"#
    );
    let (entries, reading) = read("projectvic", file);
    assert_eq!(line(&entries[0]), "1: md5=0123 category=unstated:1");
    assert_eq!(reading.info.scheme, None);
}

#[test]
fn the_importer_may_name_the_scheme() {
    let options =
        ReadOptions { scheme: Some("projectvic:us".to_owned()), ..ReadOptions::default() };
    let file = media(&format!(r#"{{"MD5":"{MD5}","Category":1}}"#));
    let (entries, reading) =
        try_read(format("projectvic").unwrap(), file.as_bytes(), &options).unwrap();
    assert_eq!(line(&entries[0]), "1: md5=0123 category=projectvic:us:1");
    assert_eq!(
        reading.notes,
        ["the file names another category scheme than the importer; the importer's is used"]
    );
    let table = format!("md5,category,scheme\n{MD5},1,x:y\n{MD5},2,\n");
    let (entries, _) = try_read(format("csv").unwrap(), table.as_bytes(), &options).unwrap();
    assert_eq!(line(&entries[0]), "2: md5=0123 category=x:y:1");
    assert_eq!(line(&entries[1]), "3: md5=0123 category=projectvic:us:2");
}

#[test]
fn sixty_four_digits_are_what_the_importer_says() {
    let (pdq, _) = read("plain", HEX64);
    assert_eq!(line(&pdq[0]), "1: pdq=0123");
    assert_eq!(line(&read_sha256("plain", HEX64)[0]), "1: sha256=0123");
    assert_eq!(line(&read_sha256("csv", &format!("hash\n{HEX64}\n"))[0]), "2: sha256=0123");
    let named = format!("pdq={HEX64}\nsha256={HEX64}\n");
    for hex64 in [Hex64::Pdq, Hex64::Sha256] {
        let options = ReadOptions { hex64, ..ReadOptions::default() };
        let (entries, _) = try_read(format("plain").unwrap(), named.as_bytes(), &options).unwrap();
        assert_eq!(
            (line(&entries[0]), line(&entries[1])),
            ("1: pdq=0123".into(), "2: sha256=0123".into())
        );
    }
    assert_eq!(line(&read("md5sum", format!("{HEX64}  a")).0[0]), "1: sha256=0123 label=a");
}

#[test]
fn tables_come_with_any_separator_and_from_spreadsheets() {
    let expected = "2: key=7 md5=0123 label=a";
    for separator in [',', ';', '\t'] {
        let table =
            format!("id,MD5 hash,Label\r\n7,{MD5},a\r\n").replace(',', &separator.to_string());
        assert_eq!(line(&read("csv", table).0[0]), expected, "{separator:?}");
    }
    let excel = format!("\u{feff}sep=;\r\n\"id\";\"md5\";\"label\";\r\n7;{MD5};a;;\r\n");
    assert_eq!(line(&read("csv", excel).0[0]), "3: key=7 md5=0123 label=a");
}

#[test]
fn unknown_columns_are_named_once_and_passed_over() {
    let (entries, reading) = read("csv", format!("md5,shelf,md5,series,name\n{MD5},12,zz,s,n\n"));
    assert_eq!(line(&entries[0]), "2: md5=0123 label=s; n");
    assert_eq!(
        reading.notes,
        [
            "column `shelf` is not known and is passed over",
            "column `md5` repeats another and is passed over"
        ]
    );
}

#[test]
fn icse_baselines_keep_their_codes_and_say_what_is_left_out() {
    let (entries, reading) = read("icse", format("icse").unwrap().examples[0].bytes);
    assert_eq!(entries[0].category.as_ref().unwrap().to_string(), "icse:True");
    assert_eq!(entries[0].key.as_deref(), Some("1011"));
    assert_eq!(entries[2].category, None, "an empty code is none");
    assert_eq!(reading.info.scheme.as_deref(), Some("icse"));
    assert_eq!(entries[0].label.as_deref(), Some("Example series 11"));
    assert_eq!(entries[0].other[0].kind, "photodna");
    assert!(reading.notes.iter().any(|note| note == "column `Is distributed` is not kept"));
}

#[test]
fn md5sum_names_are_unescaped() {
    let file =
        format!("\\{MD5}  a\\\\b\\nc\n{MD5} *d  e\n{MD5}  -\n\\MD5 (f\\n(g)) = {MD5}\n{MD5}\n");
    let (entries, _) = read("md5sum", file);
    let labels: Vec<_> = entries.iter().map(|entry| entry.label.as_deref()).collect();
    assert_eq!(labels, [Some("a\\b\nc"), Some("d  e"), None, Some("f\n(g)"), None]);
}

#[test]
fn hashdeep_file_names_may_hold_commas() {
    let file = format!("%%%% HASHDEEP-1.0\n%%%% size,md5,filename\n## x\n9,{MD5},a, b, c\n");
    assert_eq!(line(&read("hashdeep", file).0[0]), "4: md5=0123 size=9 label=a, b, c");
}

#[test]
fn ncmec_tombstones_withdraw_by_key() {
    let (entries, reading) = read(
        "ncmec",
        "<queryResult><images><deletedImage><member id='1'/><id>a-b</id></deletedImage></images></queryResult>",
    );
    assert_eq!(line(&entries[0]), "1: key=1-a-b withdrawn=yes");
    assert_eq!(reading.withdrawn, 1);
}

#[test]
fn ncmec_feedback_is_shown_and_does_not_mix_with_the_entry() {
    let (entries, reading) = read("ncmec", format("ncmec").unwrap().examples[0].bytes);
    assert_eq!(entries[1].key.as_deref(), Some("2-image-2"));
    assert_eq!(entries[1].label.as_deref(), Some("negative feedback on sha1 (2)"));
    assert!(!entries[1].withdrawn);
    assert_eq!(
        reading.notes,
        [
            "entries with negative feedback still match; their labels say so",
            "signals behind links are not in the file",
        ]
    );
}

#[test]
fn ncmec_pages_that_name_a_next_one_are_incomplete() {
    let page = |next: &str| {
        format!("<queryResult><images/><videos/><paging><next>{next}</next></paging></queryResult>")
    };
    let note = "the last page names a next one, which is not in this file";
    let (_, reading) = read("ncmec", page("") + &page("/v2/entries?start=2001"));
    assert!(reading.notes.iter().any(|n| n == note));
    let (_, reading) = read("ncmec", page("/v2/entries?start=2001") + &page(""));
    assert!(!reading.notes.iter().any(|n| n == note));
}

#[test]
fn threatexchange_deletes_in_three_ways() {
    let row = |rest: &str| format!(r#"[{{"type":"HASH_MD5","indicator":"{MD5}"{rest}}}]"#);
    let check = |rest: &str, withdrawn: bool| {
        assert_eq!(read("threatexchange", row(rest)).0[0].withdrawn, withdrawn, "{rest}");
    };
    check(r#","should_delete":true,"descriptors":[{"status":"MALICIOUS"}]"#, true);
    check(r#","should_delete":"true","descriptors":[{"status":"MALICIOUS"}]"#, true);
    check(r#","should_delete":false"#, true);
    check(r#","descriptors":{"data":[]}"#, true);
    check(r#","descriptors":{"data":[{"status":"NON_MALICIOUS"}]}"#, true);
    check(r#","descriptors":{"data":[{"status":"NON_MALICIOUS"},{"status":"MALICIOUS"}]}"#, false);
    check(r#","descriptors":[{"status":"UNKNOWN"}]"#, false);
}

#[test]
fn pages_may_stand_one_after_another() {
    let page = format!(
        r#"{{"hashRecords":[{{"signalType":"VideoMD5","hashValue":"{MD5}","hashStatus":"Active"}}],"hasMoreRecords":true}}"#
    );
    let (entries, reading) = read("stopncii", format!("{page}\n{page}"));
    assert_eq!(entries.iter().map(|entry| entry.row).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(
        reading.notes,
        ["the last page says that more records follow, which are not in this file"]
    );
    assert!(!reading.truncated);
}

#[test]
fn stopncii_status_withdraws_whatever_the_value_says() {
    let record = |status: &str| {
        format!(r#"[{{"signalType":"ImagePDQ","hashValue":"{HEX64}","hashStatus":"{status}"}}]"#)
    };
    for (status, withdrawn) in [
        ("Withdrawn", true),
        ("Deleted", true),
        ("deleted", true),
        ("Active", false),
        ("Received", false),
    ] {
        let (entries, _) = read("stopncii", record(status));
        assert_eq!(entries[0].withdrawn, withdrawn, "{status}");
        assert!(entries[0].pdq.is_some(), "a withdrawal names what is withdrawn");
    }
}

#[test]
fn pytx_datasets_take_their_type_from_the_importer() {
    let options = ReadOptions {
        signal_type: tutela_formats::lists::signal_type_of("simple.HASH_SHA256.te")
            .map(str::to_owned),
        ..ReadOptions::default()
    };
    let file = format!("{HEX64},1,2026-01-02T03:04:05+0000,a\n");
    let (entries, reading) = try_read(format("pytx").unwrap(), file.as_bytes(), &options).unwrap();
    assert_eq!(line(&entries[0]), "1: key=1 sha256=0123 label=a");
    assert_eq!(reading.info.dated, Some("2026-01-02T03:04:05Z".parse().unwrap()));
    assert_eq!(line(&read("pytx", &file).0[0]), "1: key=1 pdq=0123 label=a");
}
