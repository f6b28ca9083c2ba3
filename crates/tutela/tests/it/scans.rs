//! Scans as a user runs them: the demo, hostile folders, a kill in the middle, the report.

use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::process::Command;

use serde_json::Value;

use crate::support::{CHART, CHART_PDQ, Place, json, read_jsonl, run, stderr, tutela};

fn scan(place: &Place, more: &[&str]) -> Value {
    let (ws, files, out) = (place.text("ws"), place.text("files"), place.text("out"));
    let _ = fs::remove_dir_all(&out);
    json(&[&["media", "scan", &files, "--out", &out, "--dir", &ws], more].concat())
}

fn item<'a>(items: &'a [Value], name: &str) -> &'a Value {
    let named = |item: &&Value| item["path"].as_str().unwrap().ends_with(name);
    items.iter().find(named).unwrap_or_else(|| panic!("no item {name}"))
}

#[test]
fn the_demo_finds_what_it_planted() {
    let place = Place::new();
    let demo = json(&["demo", "--once", "--dir", &place.text("demo")]);
    assert_eq!(demo["all_as_expected"], true, "{:#}", demo["rows"]);
    assert!(demo["summary"]["self_test"]["passed"].as_bool().unwrap());
    assert!(demo["summary"]["clusters"].as_array().unwrap().len() >= 2);
    let report = fs::read_to_string(place.path("demo/report/report.html")).unwrap();
    assert!(report.contains("default-src 'none'"), "nothing is fetched");
    let ws = place.text("demo/workspace");
    assert!(json(&["ledger", "verify", "--dir", &ws])["holds"].as_bool().unwrap());
    // Twice in the same folder: the demo replaces only what is its own.
    assert_eq!(json(&["demo", "--once", "--dir", &place.text("demo")])["all_as_expected"], true);
    place.file("mine/important.txt", "do not touch");
    let output = run(&["demo", "--once", "--dir", &place.text("mine")]);
    assert!(!output.status.success());
    assert!(place.path("mine/important.txt").exists());
}

#[test]
fn every_file_of_a_hostile_folder_gets_one_outcome() {
    let place = Place::with_workspace();
    place.file("files/zero.jpg", "");
    place.file("files/chart.png", CHART);
    place.file("files/cut.png", &CHART[..900]);
    place.file("files/bomb.png", bomb(30_000));
    place.file("files/bomb.zip", zip_bomb());
    place.file("files/cut.zip", &zip(&[("a.png", CHART), ("b.png", CHART)])[..CHART.len() + 200]);
    place.file(
        "files/good.zip",
        zip(&[("in/chart.png", CHART), ("in/deeper.zip", &zip(&[("c.png", CHART)]))]),
    );
    symlink(place.path("files"), place.path("files/loop")).unwrap();
    let made = Command::new("mkfifo").arg(place.path("files/pipe")).status().unwrap();
    assert!(made.success());
    let list = place.file("list.txt", format!("{CHART_PDQ}\n"));

    let summary = scan(&place, &["--list", &list]);
    let items = read_jsonl(&place.path("out/items.jsonl"));
    let outcome = |name: &str| item(&items, name)["outcome"].as_str().unwrap();
    let code = |name: &str| item(&items, name)["error"]["code"].as_str().unwrap_or("none");
    assert_eq!((outcome("zero.jpg"), code("zero.jpg")), ("new", "none"));
    assert_eq!(item(&items, "zero.jpg")["md5"], "d41d8cd98f00b204e9800998ecf8427e");
    assert_eq!(outcome("/chart.png"), "near");
    assert_eq!(outcome("cut.png"), "failed");
    assert_eq!((outcome("bomb.png"), code("bomb.png")), ("failed", "decode.too_many_pixels"));
    assert_eq!(outcome("bomb.zip"), "failed");
    assert!(code("bomb.zip").starts_with("archive."), "{}", code("bomb.zip"));
    assert_eq!(outcome("cut.zip"), "failed");
    assert_eq!(outcome("good.zip!/in/chart.png"), "near");
    assert_eq!(outcome("good.zip!/in/deeper.zip!/c.png"), "near");
    let skipped: HashSet<&str> = summary["skipped"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["code"].as_str().unwrap())
        .collect();
    assert_eq!(skipped, HashSet::from(["intake.link", "intake.not_a_file"]));
    let outcomes = summary["totals"]["outcomes"].as_object().unwrap();
    let sum: u64 = outcomes.values().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(sum, summary["totals"]["files"].as_u64().unwrap());
    assert_eq!(sum, items.len() as u64);
}

#[test]
fn what_cannot_be_read_is_named() {
    let place = Place::new();
    // The administrator reads everything, so the program runs as nobody here.
    fs::set_permissions(place.path(""), fs::Permissions::from_mode(0o755)).unwrap();
    place.file("files/open/a.txt", "a");
    place.file("files/shut/b.txt", "b");
    place.file("files/open/shut.txt", "c");
    fs::set_permissions(place.path("files/shut"), fs::Permissions::from_mode(0o000)).unwrap();
    fs::set_permissions(place.path("files/open/shut.txt"), fs::Permissions::from_mode(0o000))
        .unwrap();
    let program = place.path("tutela");
    fs::copy(env!("CARGO_BIN_EXE_tutela"), &program).unwrap();
    let mut command = Command::new(&program);
    command.args(["media", "hash", &place.text("files"), "--json"]);
    if fs::read(place.path("files/open/shut.txt")).is_ok() {
        command.uid(65_534).gid(65_534);
    }
    let output = command.output().unwrap();
    fs::set_permissions(place.path("files/shut"), fs::Permissions::from_mode(0o755)).unwrap();
    let lines = String::from_utf8(output.stdout.clone()).unwrap();
    assert_eq!(lines.lines().count(), 2, "{lines}{}", stderr(&output));
    assert!(lines.contains("intake.unreadable_file"), "{lines}");
    assert!(stderr(&output).contains("files/shut"), "{}", stderr(&output));
}

#[test]
fn lists_with_faults_keep_their_good_rest() {
    let place = Place::with_workspace();
    place.file("files/a.txt", "text");
    let csv = place.file("l.csv", "md5,shoe_size\n1cb251ec0d568de6a929b520c4aed8d1,44\nzz,1\n");
    let vics = r#"{"@odata.context":"http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/$metadata#Media","value":[{"MediaID":1,"Category":2,"MD5":"1CB251EC0D568DE6A929B520C4AED8D1"},{"MediaID":2,"Cat"#;
    let vics = place.file("cut.json", vics);
    let summary = scan(&place, &["--list", &csv, "--list", &vics]);
    assert_eq!(summary["totals"]["outcomes"]["known"], 1);
    let lists = summary["lists"].as_array().unwrap();
    assert_eq!((lists[0]["entries"].as_u64(), lists[0]["rejected"].as_u64()), (Some(1), Some(1)));
    assert!(lists[0].to_string().contains("shoe_size"), "{}", lists[0]);
    assert!(lists[0]["row_errors"][0].as_str().unwrap().contains("row 3"), "{}", lists[0]);
    assert_eq!(
        (lists[1]["entries"].as_u64(), lists[1]["truncated"].as_bool()),
        (Some(1), Some(true))
    );
    let items = read_jsonl(&place.path("out/items.jsonl"));
    let codes: HashSet<String> = items[0]["matches"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| format!("{} {}", m["scheme"], m["code"]))
        .collect();
    assert!(codes.contains("\"projectvic:us\" \"2\""), "{codes:?}");
}

#[test]
fn thumbnails_need_a_purpose_and_leave_a_trace() {
    let place = Place::with_workspace();
    place.file("files/a.png", CHART);
    place.file("files/b.png", CHART);
    let (ws, files) = (place.text("ws"), place.text("files"));
    assert_eq!(
        run(&["media", "scan", &files, "--dir", &ws, "--thumbnails"]).status.code(),
        Some(2)
    );
    let plain = scan(&place, &[]);
    assert_eq!(plain["thumbnails"], Value::Null);
    let report = fs::read_to_string(place.path("out/report.html")).unwrap();
    assert!(!report.contains("img-src"), "without thumbnails the page may not even load a picture");
    let shown = scan(&place, &["--thumbnails", "--purpose", "test of the report"]);
    assert_eq!(shown["thumbnails"].as_array().unwrap().len(), 2);
    let export = place.text("export");
    json(&["ledger", "export", "--out", &export, "--disclose", "--dir", &ws]);
    let entries = fs::read_to_string(place.path("export/entries.jsonl")).unwrap();
    assert!(entries.contains("media.viewed"));
    assert!(!entries.contains("test of the report"), "words stay outside the leaves");
    let disclosed = fs::read_dir(place.path("export/disclosed")).unwrap();
    let words: String = disclosed
        .map(|f| String::from_utf8_lossy(&fs::read(f.unwrap().path()).unwrap()).into_owned())
        .collect();
    assert!(words.contains("test of the report"));
}

#[test]
fn a_court_checks_an_export_without_tutela() {
    let place = Place::with_workspace();
    place.file("files/a.txt", "a");
    let summary = scan(&place, &[]);
    let ws = place.text("ws");
    let id = summary["scan"]["id"].as_str().unwrap();
    for (name, scope) in [("whole", vec![]), ("part", vec!["--scan", id])] {
        let out = place.text(name);
        json(
            &[&["ledger", "export", "--out", &out, "--disclose", "--dir", &ws], scope.as_slice()]
                .concat(),
        );
        assert!(json(&["ledger", "verify", "--export", &out])["holds"].as_bool().unwrap());
        if Command::new("openssl").arg("version").output().is_err() {
            println!("skipped: openssl is not installed");
            continue;
        }
        let checked = Command::new("sh").arg("verify.sh").current_dir(&out).output().unwrap();
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
        let entries = fs::read_to_string(place.path(name).join("entries.jsonl")).unwrap();
        fs::write(place.path(name).join("entries.jsonl"), entries.replacen("sealed", "viewed", 1))
            .unwrap();
        let tampered = Command::new("sh").arg("verify.sh").current_dir(&out).output().unwrap();
        assert!(!tampered.status.success(), "a changed line must not pass");
        assert_eq!(run(&["ledger", "verify", "--export", &out]).status.code(), Some(8));
        fs::write(place.path(name).join("entries.jsonl"), &entries).unwrap();
        let words = fs::read_dir(place.path(name).join("disclosed")).unwrap();
        let words = words
            .map(|file| file.unwrap().path())
            .find(|path| path.extension().is_some_and(|e| e == "txt"));
        fs::write(words.unwrap(), "other words").unwrap();
        let view = run(&["ledger", "verify", "--export", &out]);
        assert_eq!(view.status.code(), Some(8));
    }
}

#[test]
fn erasing_words_leaves_the_ledger_valid() {
    let place = Place::with_workspace();
    place.file("files/a.txt", "a");
    scan(&place, &[]);
    let ws = place.text("ws");
    let items = read_jsonl(&place.path("out/items.jsonl"));
    let exhibit = items[0]["exhibit"].as_str().unwrap();
    assert_eq!(json(&["ledger", "erase", "--exhibit", exhibit, "--dir", &ws])["erased"], 1);
    assert!(json(&["ledger", "verify", "--dir", &ws])["holds"].as_bool().unwrap());
}

/// The chart with a header that declares `side` × `side` pixels.
fn bomb(side: u32) -> Vec<u8> {
    let mut bytes = CHART.to_vec();
    bytes[16..20].copy_from_slice(&side.to_be_bytes());
    bytes[20..24].copy_from_slice(&side.to_be_bytes());
    let checksum = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&checksum.to_be_bytes());
    bytes
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 }
        })
    })
}

/// A zip of stored members.
pub(crate) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    archive(members, zip::CompressionMethod::Stored)
}

/// 300 MB of zeros in a few hundred kilobytes: more than the ratio allows.
fn zip_bomb() -> Vec<u8> {
    archive(&[("zeros", &vec![0; 300_000_000])], zip::CompressionMethod::Deflated)
}

fn archive(members: &[(&str, &[u8])], method: zip::CompressionMethod) -> Vec<u8> {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(method);
    for (name, bytes) in members {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn results_are_made_again_and_never_in_the_way() {
    let place = Place::with_workspace();
    place.file("files/a.txt", "a");
    let (ws, files) = (place.text("ws"), place.text("files"));
    let scan = |out: &str, more: &[&str]| {
        run(&[&["media", "scan", &files, "--out", out, "--dir", &ws], more].concat()).status.code()
    };
    assert_eq!(scan(&place.text("files/report"), &[]), Some(3), "evidence is not written to");
    assert_eq!(scan(&place.text("one"), &[]), Some(0));
    assert_eq!(scan(&place.text("one"), &[]), Some(5), "an earlier report is not overwritten");
    assert_eq!(scan(&place.text("two"), &["--resume"]), Some(0));
    let items = |dir: &str| fs::read(place.path(dir).join("items.jsonl")).unwrap();
    assert_eq!(items("one"), items("two"));
    let inside = run(&["media", "scan", &place.text("ws"), "--dir", &ws]);
    assert_eq!(inside.status.code(), Some(3), "the workspace is no evidence");
}

#[test]
fn a_scan_resumes_from_another_folder_and_from_an_archive_cut_into_pieces() {
    let place = Place::with_workspace();
    place.file("files/a.txt", "a");
    place.file("files/zip.zip", zip(&[("small.png", CHART)]));
    let ws = place.text("ws");
    let first =
        run(&["media", "scan", &place.text("files"), "--dir", &ws, "--out", &place.text("one")]);
    assert!(first.status.success(), "{}", stderr(&first));
    let again = tutela()
        .current_dir(place.path("files"))
        .args(["media", "scan", ".", "--resume", "--dir", &ws, "--out", &place.text("two")])
        .output()
        .unwrap();
    assert!(again.status.success(), "{}", stderr(&again));
    assert_eq!(read_jsonl(&place.path("two/items.jsonl")).len(), 3);
}
