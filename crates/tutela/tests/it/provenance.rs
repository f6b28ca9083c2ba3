//! What files say of their own making, what people say of it, and who checks signatures.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use serde_json::Value;

use crate::support::{CHART, Place, json, json_lines, read_jsonl, run, stderr, tutela};

const SETTINGS: &str = "a chart of greys\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1";
const GENERATED: &str = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";
const CAPTURED: &str = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture";

/// The chart with chunks behind its header.
fn chart(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    const HEADER_END: usize = 33;
    let chunk = |(name, content): &(&[u8; 4], &[u8])| {
        let length = u32::try_from(content.len()).unwrap().to_be_bytes();
        let body = [name.as_slice(), content].concat();
        [&length, body.as_slice(), &crc32(&body).to_be_bytes()].concat()
    };
    let chunks: Vec<u8> = chunks.iter().flat_map(chunk).collect();
    [&CHART[..HEADER_END], &chunks, &CHART[HEADER_END..]].concat()
}

/// Source: PNG, third edition, annex D.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 { 0xedb8_8320 ^ (sum >> 1) } else { sum >> 1 }
        })
    })
}

fn with_settings() -> Vec<u8> {
    chart(&[(b"tEXt", &[b"parameters\0", SETTINGS.as_bytes()].concat())])
}

fn xmp(term: &str) -> Vec<u8> {
    let packet = format!(
        "XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta xmlns:x='adobe:ns:meta/' \
         xmlns:i='http://iptc.org/std/Iptc4xmpExt/2008-02-29/' i:DigitalSourceType='{term}'/>"
    );
    packet.into_bytes()
}

/// A small file with a C2PA manifest that is well-formed and signed by nobody.
const MANIFEST: &[u8] = include_bytes!("../../../tutela-match/src/provenance/examples/c2pa.png");

/// The same manifest in a picture that can be decoded.
fn with_manifest() -> Vec<u8> {
    let store = &MANIFEST[16..MANIFEST.len() - 4];
    chart(&[(b"caBX", store)])
}

#[test]
fn hash_tells_what_a_file_says_and_keeps_its_text_to_itself() {
    let place = Place::new();
    let files = [
        place.file("plain.png", CHART),
        place.file("settings.png", with_settings()),
        place.file("manifest.png", with_manifest()),
        place.file("term.png", chart(&[(b"iTXt", &xmp(GENERATED))])),
        place.file("film.mp4", film()),
    ];
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let (lines, code) = json_lines(&[&["media", "hash", "--threads", "1"], &files[..]].concat());
    assert_eq!(code, 0);
    assert!(lines[..4].iter().all(|line| line["error"].is_null()), "{lines:#?}");
    assert_eq!(lines[0]["provenance"], serde_json::json!([]));
    let said = &lines[1]["provenance"][0];
    assert_eq!((&said["source"], &said["field"]), (&"png_text".into(), &"parameters".into()));
    assert_eq!((&said["origin"], &said["grade"]), (&"generated".into(), &"V1".into()));
    assert_eq!((&said["value"], &said["text"]["cut"]), (&"A1111 family".into(), &false.into()));
    assert_eq!(said["text"]["size_bytes"], SETTINGS.len());
    let manifest = &lines[2]["provenance"][0]["manifest"];
    assert_eq!(manifest["signature_box"], true);
    assert!(manifest["check"].is_null(), "nobody has checked it");
    assert_eq!(lines[2]["provenance"][1]["value"], "trainedAlgorithmicMedia");
    assert_eq!(lines[3]["provenance"][0]["source"], "xmp");
    assert_eq!(lines[4]["mime"], "video/mp4");
    assert_eq!(lines[4]["provenance"][1]["value"], "trainedAlgorithmicMedia");
    let output = run(&[&["media", "hash"], &files[..]].concat());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("V1 generated: A1111 family"), "{text}");
    assert!(!text.contains("chart of greys") && !format!("{lines:?}").contains("chart of greys"));
}

/// The start of a film, its pictures, and a manifest behind them.
fn film() -> Vec<u8> {
    let bare = |kind: &[u8; 4], content: &[u8]| {
        let size = u32::try_from(8 + content.len()).unwrap().to_be_bytes();
        [&size, kind.as_slice(), content].concat()
    };
    let uuid = b"\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81";
    let store = &MANIFEST[16..MANIFEST.len() - 4];
    let manifest = [uuid, [0; 4].as_slice(), b"manifest\0", &[0; 8], store].concat();
    let start = bare(b"ftyp", b"isom\0\0\0\0isommp42");
    [start, bare(b"mdat", &vec![7; 3 << 20]), bare(b"uuid", &manifest)].concat()
}

fn scan(place: &Place, more: &[&str]) -> (Value, Vec<Value>) {
    let (ws, files, out) = (place.text("ws"), place.text("files"), place.text("out"));
    let _ = fs::remove_dir_all(&out);
    let summary = json(&[&["media", "scan", &files, "--out", &out, "--dir", &ws], more].concat());
    (summary, read_jsonl(&place.path("out/items.jsonl")))
}

fn item<'a>(items: &'a [Value], name: &str) -> &'a Value {
    let named = |item: &&Value| item["path"].as_str().unwrap().ends_with(name);
    items.iter().find(named).unwrap_or_else(|| panic!("no item {name}"))
}

fn grades(summary: &Value) -> Vec<(&str, u64)> {
    let grades = summary["provenance"]["grades"].as_array().unwrap();
    let pair = |one: &'_ Value| (one["grade"].as_str().unwrap().to_owned(), one["files"].as_u64());
    grades
        .iter()
        .zip(["V0", "V1", "V2", "V3", "X"])
        .map(|(one, name)| {
            let (grade, files) = pair(one);
            assert_eq!(grade, name);
            (name, files.unwrap())
        })
        .collect()
}

#[test]
fn a_scan_grades_statements_and_changes_no_outcome_for_them() {
    let place = Place::with_workspace();
    place.file("files/plain.png", CHART);
    place.file("files/settings.png", with_settings());
    let both = chart(&[
        (b"iTXt", &xmp(CAPTURED)),
        (b"tEXt", &[b"parameters\0", SETTINGS.as_bytes()].concat()),
    ]);
    place.file("files/conflict.png", both);
    place.file("files/broken.png", &with_manifest()[..1200]);
    place.file("files/notes.txt", SETTINGS);
    place.file("files/film.mp4", film());
    let (summary, items) = scan(&place, &[]);
    assert_eq!(grades(&summary), [("V0", 1), ("V1", 3), ("V2", 0), ("V3", 0), ("X", 1)]);
    for name in ["plain.png", "settings.png", "conflict.png", "notes.txt"] {
        assert_eq!(item(&items, name)["outcome"], "new", "{name}");
    }
    assert_eq!(item(&items, "plain.png")["provenance_grade"], "V0");
    assert_eq!(item(&items, "broken.png")["outcome"], "failed");
    assert_eq!(item(&items, "broken.png")["provenance_grade"], "V1", "what it says is kept");
    let conflict = item(&items, "conflict.png");
    assert_eq!(conflict["provenance_grade"], "X");
    assert_eq!(conflict["other_findings"][0]["rule"], "media.provenance_conflict");
    assert_eq!(summary["provenance"]["not_tested"][0], "SynthID");
    let report = fs::read_to_string(place.path("out/report.html")).unwrap();
    assert!(report.contains("Absence is no information"));
    assert!(!report.contains("chart of greys"));
    let verified = json(&["ledger", "verify", "--dir", &place.text("ws")]);
    assert_eq!(verified["holds"], true);
}

#[test]
fn what_people_say_stands_beside_it_and_holds_for_the_bytes_everywhere() {
    let place = Place::with_workspace();
    let ws = place.text("ws");
    place.file("files/a.png", with_settings());
    let (_, items) = scan(&place, &[]);
    let exhibit = items[0]["exhibit"].as_str().unwrap();
    assert!(items[0]["creation_mode"].is_null());
    let mode = |more: &[&str]| json(&[&["media", "mode", exhibit, "--dir", &ws], more].concat());
    assert!(mode(&[])["creation_mode"].is_null());
    let first = mode(&["--mode", "synthetic", "--reason", "settings, and no noise of a sensor"]);
    assert_eq!(first["creation_mode"]["standing"], "single");

    let added = json(&["operator", "add", "Second Person", "--dir", &ws]);
    let second = added["operators"][0]["id"].as_str().unwrap();
    let second_says = |mode_name: &str| {
        mode(&["--mode", mode_name, "--reason", "looked", "--as", "Second Person"])
    };
    assert_eq!(second_says("compositing")["creation_mode"]["standing"], "disputed");
    let agreed = second_says("synthetic");
    assert_eq!(agreed["creation_mode"]["standing"], "confirmed");
    assert_eq!(agreed["creation_mode"]["stated_by"], second);
    assert_eq!(agreed["creation_mode"]["history"].as_array().unwrap().len(), 3);

    // The same bytes under another name, in another scan.
    fs::rename(place.path("files/a.png"), place.path("files/b.png")).unwrap();
    let (summary, items) = scan(&place, &[]);
    assert_ne!(items[0]["exhibit"], *exhibit);
    assert_eq!(items[0]["creation_mode"]["mode"], "synthetic");
    assert_eq!(items[0]["provenance_grade"], "V1", "the machine's evidence stays");
    assert_eq!(summary["provenance"]["creation_modes"][0]["files"], 1);
    let verified = json(&["ledger", "verify", "--dir", &ws]);
    assert_eq!(verified["holds"], true);

    let output = run(&["media", "mode", exhibit, "--mode", "swap", "--dir", &ws]);
    assert_eq!(output.status.code(), Some(2), "a reason is needed");
    let output = run(&["media", "mode", "nothing", "--dir", &ws]);
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    let output = run(&["operator", "ls", "--as", "Nobody", "--dir", &ws]);
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
}

/// A program that plays the verifier.
fn verifier(place: &Place, about: &str, check: &str) -> String {
    let script = format!(
        "#!/bin/sh\ncase \"$1\" in\n--about) printf '%s' '{about}';;\n*) {check};;\nesac\n"
    );
    let path = place.file("verifier.sh", script);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

const ABOUT: &str = r#"{"schema":"tutela.c2pa_about.v1","program":"play 1","verifier":"none 0","no_new_privs":true,"rlimits":true,"seccomp":true}"#;

fn answer(flags: &str) -> String {
    format!(
        r#"printf '%s' '{{"schema":"tutela.c2pa_check.v1","present":true,{flags},"signer":"Example Works","signed_at":null,"codes":[]}}'"#
    )
}

#[test]
fn grades_rise_only_as_far_as_a_signature_carries() {
    let place = Place::with_workspace();
    place.file("files/manifest.png", with_manifest());
    place.file("files/settings.png", with_settings());
    let hold = r#""integrity":true,"signature":true,"binding":true"#;
    let cases = [
        (answer(&format!(r#"{hold},"trusted":true"#)), "V3"),
        (answer(&format!(r#"{hold},"trusted":false"#)), "V2"),
        (answer(r#""integrity":true,"signature":true,"binding":false,"trusted":true"#), "V1"),
        ("exit 1".to_owned(), "V1"),
        ("printf 'no json'".to_owned(), "V1"),
        ("head -c 100000 /dev/zero".to_owned(), "V1"),
    ];
    for (check, grade) in cases {
        let program = verifier(&place, ABOUT, &check);
        let (ws, files, out) = (place.text("ws"), place.text("files"), place.text("out"));
        let _ = fs::remove_dir_all(&out);
        let output = tutela()
            .env("TUTELA__MEDIA__C2PA_VERIFIER", &program)
            .args(["media", "scan", &files, "--out", &out, "--dir", &ws, "--json"])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        let items = read_jsonl(&place.path("out/items.jsonl"));
        let manifest = item(&items, "manifest.png");
        assert_eq!(manifest["provenance_grade"], grade, "{check}");
        assert_eq!(manifest["outcome"], "new");
        let unchecked = manifest["provenance"][0]["manifest"]["check"].is_null();
        let noted = manifest["notes"][0]["code"] == "provenance.not_checked";
        assert_eq!(unchecked, noted, "what was not checked is said: {check}");
        assert_eq!(item(&items, "settings.png")["provenance_grade"], "V1", "it is not asked");
        let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(summary["provenance"]["verifier"]["program"], "play 1 (none 0)");
    }
}

#[test]
fn a_verifier_that_cannot_be_trusted_ends_the_scan_before_it_begins() {
    let place = Place::with_workspace();
    let file = place.file("files/manifest.png", with_manifest());
    let open = ABOUT.replace(r#""seccomp":true"#, r#""seccomp":false"#);
    for about in [open.as_str(), "{}", "something else"] {
        let program = verifier(&place, about, "exit 0");
        let output = tutela()
            .env("TUTELA__MEDIA__C2PA_VERIFIER", &program)
            .args(["media", "hash", &file, "--json"])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(7), "{}", stderr(&output));
    }
}

/// Files that the authors of C2PA's own library publish, where cargo has them.
fn published(name: &str) -> Option<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")))?;
    let sources = fs::read_dir(home.join("registry/src")).ok()?;
    let inside = "c2pa-0.90.22/src/identity/tests/fixtures";
    sources.flatten().map(|dir| dir.path().join(inside).join(name)).find(|path| path.exists())
}

#[test]
fn the_real_verifier_agrees_with_what_the_published_files_are() {
    let Some(program) = std::env::var_os("TUTELA_TEST_C2PA_VERIFIER") else {
        println!("skipped: TUTELA_TEST_C2PA_VERIFIER names no verifier");
        return;
    };
    let cases = [
        // Its certificate has expired since, and nobody vouches for its time stamp.
        ("claim_aggregation/adobe_connected_identities.jpg", false, true),
        ("claim_aggregation/ica_validation/success.jpg", true, true),
        ("validation_method/malformed_cbor.jpg", true, true),
    ];
    let mut seen = 0;
    for (name, signature, binding) in cases {
        let Some(file) = published(name) else { continue };
        let output = tutela()
            .env("TUTELA__MEDIA__C2PA_VERIFIER", &program)
            .args(["media", "hash", file.to_str().unwrap(), "--json"])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        let line: Value = serde_json::from_slice(&output.stdout).unwrap();
        let grade = if signature { "V2" } else { "V1" };
        assert_eq!(line["provenance"][0]["grade"], grade, "{name}");
        let check = &line["provenance"][0]["manifest"]["check"];
        assert_eq!(check["signature"], signature, "{name}: {check}");
        assert_eq!(check["binding"], binding, "{name}: {check}");
        assert_eq!(check["trusted"], false, "no list was named");
        seen += 1;
    }
    println!("{seen} published files checked");
}

/// The certificates in a file, the signer's first: strings of CBOR that hold one structure of DER.
fn certificates(bytes: &[u8]) -> Vec<&[u8]> {
    let whole = |at: usize| {
        let head = bytes.get(at..at + 7)?;
        let length = usize::from(u16::from_be_bytes([head[1], head[2]]));
        let inner = usize::from(u16::from_be_bytes([head[5], head[6]]));
        let marked = head[0] == 0x59 && head[3..5] == [0x30, 0x82] && inner + 4 == length;
        marked.then(|| bytes.get(at + 3..at + 3 + length)).flatten()
    };
    (0..bytes.len()).filter_map(whole).collect()
}

#[test]
fn an_authority_on_the_list_vouches_for_its_signers() {
    let Some(program) = std::env::var_os("TUTELA_TEST_C2PA_VERIFIER") else {
        println!("skipped: TUTELA_TEST_C2PA_VERIFIER names no verifier");
        return;
    };
    let Some(file) = published("claim_aggregation/ica_validation/success.jpg") else { return };
    let bytes = fs::read(&file).unwrap();
    let found = certificates(&bytes);
    let place = Place::new();
    // The signer, and the authority that signed its certificate.
    for (number, certificate) in found.iter().take(2).enumerate() {
        let der = place.file("certificate.der", certificate);
        let text =
            std::process::Command::new("base64").args(["-w", "64", &der]).output().unwrap().stdout;
        let text = String::from_utf8(text).unwrap();
        let list = place.file(
            "list.pem",
            format!("-----BEGIN CERTIFICATE-----\n{text}-----END CERTIFICATE-----\n"),
        );
        let output = tutela()
            .env("TUTELA__MEDIA__C2PA_VERIFIER", &program)
            .env("TUTELA__MEDIA__C2PA_TRUST", list)
            .args(["media", "hash", file.to_str().unwrap(), "--json"])
            .output()
            .unwrap();
        let line: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(
            line["provenance"][0]["grade"],
            "V3",
            "certificate {number}: {line}{}",
            stderr(&output)
        );
    }
}
