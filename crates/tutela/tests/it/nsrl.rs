//! An NSRL RDS as users meet it: compiled with its deltas, marking and never finding.

use std::fs;
use std::path::Path;

use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

use crate::support::{Place, json, read_jsonl, run, stderr};

/// The tables of the smaller sets, as their schema files have them.
const SCHEMA: &str = "
    CREATE TABLE FILE (sha256 VARCHAR NOT NULL, sha1 VARCHAR NOT NULL, md5 VARCHAR NOT NULL, crc32 VARCHAR NOT NULL,
        file_name VARCHAR NOT NULL, file_size INTEGER NOT NULL, package_id INTEGER NOT NULL,
        CONSTRAINT PK_FILE__FILE PRIMARY KEY (sha256, sha1, md5, crc32, file_name, file_size, package_id));
    CREATE TABLE PKG (package_id INTEGER NOT NULL, name VARCHAR NOT NULL);
    CREATE TABLE VERSION (version VARCHAR UNIQUE NOT NULL, build_set VARCHAR NOT NULL, build_date TIMESTAMP,
        release_date TIMESTAMP NOT NULL, description VARCHAR NOT NULL);
    CREATE VIEW DISTINCT_HASH AS SELECT DISTINCT sha256, sha1, md5, crc32 FROM FILE;
    INSERT INTO PKG VALUES (1, 'Example package'), (2, 'Another');
    INSERT INTO VERSION VALUES ('2026.03.1', 'minimal', '2026-02-01', '2026-03-01 10:00:00', 'generated for a test');";

/// SHA-256, SHA-1 and MD5 of `abc`, as the RDS writes them.
const ABC: [&str; 3] = [
    "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
    "A9993E364706816ABA3E25717850C26C9CD0D89D",
    "900150983CD24FB0D6963F7D28E17F72",
];

/// Values of a made-up file, as a row of `FILE`.
fn row(number: u32, name: &str, package: u32) -> String {
    format!(
        "('{number:064X}', '{number:040X}', '{number:032X}', '{number:08X}', '{name}', {number}, {package})"
    )
}

fn database(path: &Path, statements: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
        let mut connection = options.connect().await.unwrap();
        let statements = sqlx::AssertSqlSafe(statements.to_owned());
        sqlx::raw_sql(statements).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    });
}

fn place() -> Place {
    let place = Place::with_workspace();
    place.file("files/abc.txt", "abc");
    place.file("files/other.txt", "other");
    let mut sql = SCHEMA.to_owned();
    for number in 1..=40 {
        let (one, two) = (row(number, "a.dll", 1), row(number, "it''s a copy.dll", 2));
        sql += &format!("INSERT INTO FILE VALUES {one}, {two};");
    }
    database(&place.path("rds.db"), &sql);
    let [sha256, sha1, md5] = ABC;
    place.file(
        "delta.sql",
        format!(
            "BEGIN TRANSACTION;\n\
             INSERT INTO FILE(sha256,sha1,md5,crc32,file_name,file_size,package_id) \
             VALUES('{sha256}','{sha1}','{md5}','352441C2','abc; v2.txt',3,1);\n\
             DELETE FROM FILE WHERE sha1='{:040X}' AND package_id=1;\n\
             DELETE FROM FILE WHERE sha256='{:064X}';\n\
             DELETE FROM FILE WHERE shelf='x';\n\
             UPDATE FILE SET file_name='b' WHERE package_id=2;\n\
             INSERT INTO PKG VALUES(3,'New');\nCOMMIT;\n",
            7, 8
        ),
    );
    place
}

#[test]
fn a_database_with_its_delta_marks_what_it_knows() {
    let place = place();
    let (rds, delta, out) =
        (place.text("rds.db"), place.text("delta.sql"), place.text("rds.tlist"));
    let before = fs::read(place.path("rds.db")).unwrap();
    let view = json(&["list", "compile", &rds, "--delta", &delta, "--known-good", "--out", &out]);
    // Forty contents; one taken out in all its packages, one in one of two; one put in.
    assert_eq!((&view["entries"], &view["rejected"]), (&Value::from(40), &Value::from(2)));
    let errors = view["row_errors"].to_string();
    assert!(
        errors.contains("delta.sql, statement 6: an update of a row is not applied"),
        "{errors}"
    );
    assert!(
        errors.contains("delta.sql, statement 5, field shelf: no column of the database"),
        "{errors}"
    );
    let info = json(&["list", "info", &out]);
    assert_eq!((&info["format"], &info["role"]), (&"nsrl".into(), &"known_good".into()));
    assert_eq!(info["dated"], "2026-03-01T00:00:00Z");
    assert_eq!(info["signals"], serde_json::json!({"md5": 40, "sha1": 40, "sha256": 40}));
    assert_eq!(info["merged"].as_object().unwrap().len(), 1);
    assert_eq!(fs::read(place.path("rds.db")).unwrap(), before, "the database is only read");

    let (ws, files, report) = (place.text("ws"), place.text("files"), place.text("report"));
    let scan = |more: &[&str]| {
        let _ = fs::remove_dir_all(&report);
        let scan = ["media", "scan", &files, "--out", &report, "--dir", &ws];
        json(&[&scan, more].concat())["totals"]["outcomes"]["known_good"].clone()
    };
    assert_eq!(scan(&["--known-good", &out]), 1);
    let items = read_jsonl(&place.path("report/items.jsonl"));
    assert!(items.iter().any(|item| item["outcome"] == "new"), "what is marked hides nothing else");
    // The database itself serves as well, without the delta: it knows nothing here.
    assert_eq!(scan(&["--known-good", &rds]), 0);
}

#[test]
fn what_is_no_rds_or_no_mark_is_refused() {
    let place = place();
    let refused = |args: &[&str], part: &str| {
        let output = run(args);
        assert_eq!(output.status.code(), Some(3), "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(part), "{args:?}: {}", stderr(&output));
    };
    let (rds, out, ws) = (place.text("rds.db"), place.text("x.tlist"), place.text("ws"));
    refused(&["list", "compile", &rds, "--out", &out], "--known-good");
    refused(&["media", "scan", &place.text("files"), "--list", &rds, "--dir", &ws], "--known-good");
    let list = place.file("plain.txt", format!("{}\n", ABC[2]));
    let delta = place.text("delta.sql");
    refused(&["list", "compile", &list, "--delta", &delta, "--out", &out], "is a delta");
    database(
        &place.path("other.db"),
        "CREATE TABLE notes (text); CREATE VIEW FILE AS SELECT 'x' AS sha1",
    );
    let other = place.text("other.db");
    refused(&["list", "compile", &other, "--known-good", "--out", &out], "not an NSRL RDS");
    // Damage anywhere ends in a list or an error, never in a panic, and leaves nothing half-made.
    let whole = fs::read(place.path("rds.db")).unwrap();
    for step in 0..24 {
        let mut bytes = whole.clone();
        let at = 100 + step * (bytes.len() - 200) / 24;
        bytes[at..at + 64].fill(0xFF);
        let damaged = place.file("damaged.db", bytes);
        let damaged_out = place.text("damaged.tlist");
        let output = run(&["list", "compile", &damaged, "--known-good", "--out", &damaged_out]);
        assert!(matches!(output.status.code(), Some(0 | 3)), "at {at}: {}", stderr(&output));
        assert_eq!(output.status.success(), place.path("damaged.tlist").exists());
        let _ = fs::remove_file(&damaged_out);
    }
    let cut = place.file("cut.db", &whole[..whole.len() / 2]);
    refused(&["list", "compile", &cut, "--known-good", "--out", &out], "damaged");
    assert!(!place.path("x.tlist").exists());
}
