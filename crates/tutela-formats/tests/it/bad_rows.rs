//! A bad row is named with its field and costs only itself.

use crate::given::{EMPTY_MD5, HEX64, MD5, SHA1, errors, line, read};

/// Reads as a format and compares entries and errors.
#[track_caller]
fn check(id: &str, file: &str, entries: &[&str], expected: &[&str]) {
    let (found, reading) = read(id, file);
    assert_eq!(found.iter().map(line).collect::<Vec<_>>(), entries);
    assert_eq!(errors(&reading), expected);
}

#[test]
fn plain() {
    check(
        "plain",
        &format!("{MD5}\n{MD5}0\nzz\nsha3={MD5}\nmd5={SHA1}\n,label only\n{HEX64},ok\n"),
        &["1: md5=0123", "7: pdq=0123 label=ok"],
        &[
            "row 2, field hash: not 32, 40 or 64 hexadecimal digits",
            "row 3, field hash: not 32, 40 or 64 hexadecimal digits",
            "row 4, field hash: of a kind that is not known",
            "row 5, field md5: not 32 hexadecimal digits",
            "row 6, field hash: no usable signal",
        ],
    );
}

#[test]
fn csv() {
    check(
        "csv",
        &format!(
            "MD5,sha1,size\n{MD5},,7\n,,\n{MD5},zz,x\nzz,zz,1\n{MD5},{SHA1},1,2\n\"{MD5}\"\n{MD5},\"open\n{MD5}\n"
        ),
        &["2: md5=0123 size=7", "4: md5=0123", "7: md5=0123", "9: md5=0123"],
        &[
            "row 3, field MD5: no usable signal",
            "row 4, field sha1: not 40 hexadecimal digits",
            "row 4, field size: not a whole number of bytes",
            "row 5, field MD5: not 32 hexadecimal digits",
            "row 5, field sha1: not 40 hexadecimal digits",
            "row 6: more fields than the header has columns",
            "row 8: a quote is opened and not closed",
        ],
    );
}

#[test]
fn icse() {
    check(
        "icse",
        &format!(
            "sep=;\nBaseline;Image ID;MD5;SHA1;Baseline\n1;a;{MD5};;9\n2;b;zz;{SHA1};\n;c;;;\n3;d;{MD5};;;x\n4;e;{EMPTY_MD5};;\n5;\"f;{MD5}\n6;g;{MD5}\n"
        ),
        &[
            "3: key=a md5=0123 category=icse:1",
            "4: key=b sha1=0123 category=icse:2",
            "9: key=g md5=0123 category=icse:6",
        ],
        &[
            "row 4, field MD5: not 32 hexadecimal digits",
            "row 5, field MD5: no usable signal",
            "row 6: more fields than the header has columns",
            "row 7, field md5: the digest of an empty file identifies nothing and is left out",
            "row 8: a quote is opened and not closed",
        ],
    );
}

#[test]
fn csv_fields_that_are_neither() {
    check(
        "csv",
        &format!("hash,withdrawn,other\n{MD5},maybe,tlsh\n{SHA1},YES,tlsh=T1AB\n"),
        &["2: md5=0123", "3: sha1=0123 tlsh=T1AB withdrawn=yes"],
        &[
            "row 2, field withdrawn: neither true nor false",
            "row 2, field other: not of the form kind=value",
        ],
    );
}

#[test]
fn md5sum() {
    check(
        "md5sum",
        &format!("{MD5}  a\nzz  b\nCRC32 (c) = 0123\nMD5 (d) = zz\n{EMPTY_MD5}  e\n{SHA1} *f\n"),
        &["1: md5=0123 label=a", "6: sha1=0123 label=f"],
        &[
            "row 2: neither `digest  name` nor `KIND (name) = digest`",
            "row 3: of a kind that is not known",
            "row 4, field md5: not 32 hexadecimal digits",
            "row 5, field md5: the digest of an empty file identifies nothing and is left out",
        ],
    );
}

#[test]
fn hashdeep() {
    check(
        "hashdeep",
        &format!(
            "%%%% HASHDEEP-1.0\n1,{MD5},a\n%%%% size,md5,tiger,filename\n1,{MD5},tt,a, b\n1\nx,zz,,c\n"
        ),
        &["4: md5=0123 tiger=tt size=1 label=a, b"],
        &[
            "row 2: no line has named the columns",
            "row 5, field md5: the row ends before this column",
            "row 6, field size: not a whole number of bytes",
            "row 6, field md5: not 32 hexadecimal digits",
        ],
    );
}

#[test]
fn projectvic() {
    check(
        "projectvic",
        &format!(
            r#"{{"value":[{{"MD5":"{MD5}"}},{{"MD5":"zz","SHA1":"{SHA1}"}},{{"MD5":"zz"}},7,
            {{"MD5":"\x"}},{{}},{{"MD5":"{MD5}","MD5":"{MD5}"}},{{"MD5":"{MD5}","AlternativeHashes":
            [{{"HashName":"PDQ","HashValue":"zz"}},{{"HashValue":"zz"}}],"MediaSize":-1}}]}}"#
        ),
        &["1: md5=0123", "2: sha1=0123", "8: md5=0123"],
        &[
            "row 2, field MD5: not 32 hexadecimal digits",
            "row 3, field MD5: not 32 hexadecimal digits",
            "row 4: not an object",
            "row 5: not valid JSON (line 1, column 10 of the record)",
            "row 6, field MD5: no usable signal",
            "row 7: not a record of the expected shape (line 1, column 47 of the record)",
            "row 8, field MediaSize: not a whole number of bytes",
            "row 8, field AlternativeHashes: not 64 hexadecimal digits",
            "row 8, field AlternativeHashes: a hash without a name",
        ],
    );
}

#[test]
fn ncmec() {
    check(
        "ncmec",
        &format!(
            "<queryResult><images><image><member id='1'/><id>2</id><fingerprints><md5>zz</md5><sha1>{SHA1}</sha1>\
             </fingerprints></image><image><fingerprints/></image><deletedImage><id>3</id></deletedImage>\
             <image><id>é</id><fingerprints><pdq>{HEX64}</pdq><pdna>é</pdna></fingerprints></image>\
             </images></queryResult>"
        ),
        &["1: key=1-2 sha1=0123", "4: pdq=0123"],
        &[
            "row 1, field md5: not 32 hexadecimal digits",
            "row 2, field fingerprints: no usable signal",
            "row 3, field id: no usable signal",
            "row 4, field id: holds something else than ASCII",
            "row 4, field pdna: holds something else than ASCII",
        ],
    );
}

#[test]
fn threatexchange() {
    check(
        "threatexchange",
        &format!(
            r#"{{"data":[{{"type":"HASH_MD5","indicator":"{MD5}","descriptors":[{{}}]}},
            {{"type":"HASH_PDQ","indicator":"{MD5}","descriptors":[{{}}]}},{{"indicator":"{MD5}"}},
            {{"type":"HASH_MD5"}}]}}"#
        ),
        &[&format!("1: key=HASH_MD5:{MD5} md5=0123")],
        &[
            "row 2, field indicator: not 64 hexadecimal digits",
            "row 3, field type: missing or blank",
            "row 4, field indicator: missing or blank",
        ],
    );
}

#[test]
fn stopncii() {
    check(
        "stopncii",
        &format!(
            r#"{{"hashRecords":[{{"signalType":"VideoMD5","hashValue":"{MD5}","hashStatus":"Paused"}},
            {{"signalType":"ImagePDQ","hashValue":"{MD5}","hashStatus":"Active"}},{{"signalType":1}}]}}"#
        ),
        &[&format!("1: key=VideoMD5:{MD5} md5=0123")],
        &[
            "row 1, field hashStatus: missing or not a known status; the record is taken as active",
            "row 2, field hashValue: not 64 hexadecimal digits",
            "row 3, field signalType: not a known type",
        ],
    );
}

#[test]
fn pytx() {
    check(
        "pytx",
        &format!("pdq {HEX64}\npdq {MD5}\nnonsense\nurl https://example.org/\n"),
        &["1: pdq=0123", "4: url=https://"],
        &[
            "row 2, field pdq: not 64 hexadecimal digits",
            "row 3: not a known signal type and a value",
        ],
    );
    check(
        "pytx",
        &format!("{MD5},1,,a b\nzz,2,,\n{MD5}\n"),
        &["1: key=1 md5=0123 label=a b"],
        &[
            "row 2, field indicator: not 32, 40 or 64 hexadecimal digits",
            "row 3: not as many fields as the rows before",
        ],
    );
}

#[test]
fn errors_never_repeat_what_a_row_holds() {
    let secret = "invented-name-that-must-not-leak";
    let row = format!("{secret},{secret},{secret},{secret}\n");
    let files = [
        ("plain", row.clone()),
        ("csv", format!("md5,sha1,size,withdrawn\n{row}")),
        ("md5sum", row.clone()),
        ("icse", format!("MD5;SHA1;Image ID;Baseline\n{}", row.replace(',', ";"))),
        ("hashdeep", format!("%%%% HASHDEEP-1.0\n%%%% size,md5,sha1,sha256\n{row}")),
        (
            "projectvic",
            format!(r#"{{"value":[{{"MD5":"{secret}","MediaSize":"{secret}"}},"{secret}"]}}"#),
        ),
        (
            "ncmec",
            format!(
                "<queryResult><image><fingerprints><md5>{secret}</md5></fingerprints></image></queryResult>"
            ),
        ),
        ("threatexchange", format!(r#"[{{"type":"HASH_PDQ","indicator":"{secret}"}},"{secret}"]"#)),
        (
            "stopncii",
            format!(
                r#"[{{"signalType":"{secret}"}},{{"signalType":"ImagePDQ","hashValue":"{secret}"}}]"#
            ),
        ),
        ("pytx", row),
    ];
    for (id, file) in files {
        let (_, reading) = read(id, file);
        assert!(!reading.errors.is_empty(), "{id}");
        let said = format!("{:?}{:?}", reading.errors, reading.notes);
        assert!(!said.contains(secret), "{id}: {said}");
    }
}
