//! Compiled lists as users meet them: made, carried about, used by scans, refused when damaged.

use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use crate::support::{Place, json, read_jsonl, run, stderr, tutela};

/// MD5 and SHA-1 of `abc`.
const ABC: [&str; 2] =
    ["900150983cd24fb0d6963f7d28e17f72", "a9993e364706816aba3e25717850c26c9cd0d89d"];

/// A list of made-up digests, with `abc` in it and an entry that is taken back.
fn source(rows: u32) -> String {
    let mut text = String::from("id,md5,sha1,category,scheme,withdrawn\n");
    for row in 0..rows {
        let _ = writeln!(text, "k{row},{:032x},,1,test:one,", u128::from(row) + (1 << 90));
    }
    let _ = writeln!(text, "abc,{},{},2,test:one,", ABC[0], ABC[1]);
    let _ = writeln!(text, "k1,,,,,true");
    text
}

fn place() -> Place {
    let place = Place::with_workspace();
    place.file("files/abc.txt", "abc");
    place.file("files/other.txt", "other");
    place.file("files/withdrawn.txt", "not in any list");
    place.file("list.csv", source(500));
    place
}

/// Scans with more arguments; gives the findings of `abc.txt` and the names of what the self-test tried.
fn scan(place: &Place, more: &[&str]) -> (Vec<Value>, Value) {
    let (ws, files, out) = (place.text("ws"), place.text("files"), place.text("out"));
    let _ = fs::remove_dir_all(&out);
    let report = json(&[&["media", "scan", &files, "--out", &out, "--dir", &ws], more].concat());
    let items = read_jsonl(&place.path("out/items.jsonl"));
    let abc = items.iter().find(|item| item["path"].as_str().unwrap().ends_with("/abc.txt"));
    let known: Vec<_> = items.iter().filter(|item| item["outcome"] == "known").collect();
    assert!(known.len() <= 1, "only one file is in the list");
    (abc.unwrap()["matches"].as_array().unwrap().clone(), report)
}

#[test]
fn a_compiled_list_finds_the_same() {
    let place = place();
    let (list, compiled) = (place.text("list.csv"), place.text("carried.tlist"));
    let view = json(&["list", "compile", &list, "--out", &compiled]);
    assert_eq!(view["schema"], "tutela.list_compile.v1");
    assert_eq!((&view["entries"], &view["withdrawn"]), (&Value::from(500), &Value::from(1)));
    let (mut plain, report) = scan(&place, &["--list", &list]);
    let (found, compiled_report) = scan(&place, &["--list", &compiled]);
    assert_eq!(plain.len(), 1, "{report:#}");
    assert_eq!(plain[0]["row"], 502);
    // Nothing differs but the name of the file, and whose finding it is.
    for key in ["list", "finding"] {
        plain[0][key] = found[0][key].clone();
    }
    assert_eq!(found, plain);
    let of = |report: &Value, key: &str| report["lists"][0][key].clone();
    for key in ["entries", "withdrawn", "sha256", "format", "role"] {
        assert_eq!(of(&compiled_report, key), of(&report, key), "{key}");
    }
    let checks = compiled_report["self_test"]["checks"].to_string();
    for row in [2, 130, 502] {
        assert!(checks.contains(&format!("row {row} of")), "{checks}");
    }
    let matched = json(&["media", "match", "--list", &compiled, &place.text("files")]);
    assert_eq!(matched["matches"].as_array().unwrap().len(), 1);
    assert_eq!(
        matched["matches"][0]["entry"], 500,
        "entries count from 0 in the order of the file"
    );
}

#[test]
fn a_large_list_is_compiled_once_for_the_workspace() {
    let place = place();
    let (ws, files, list) = (place.text("ws"), place.text("files"), place.text("list.csv"));
    let scan = |list: &str| {
        let output = tutela()
            .args(["media", "scan", &files, "--list", list, "--dir", &ws, "--json"])
            .env("TUTELA__LISTS__COMPILE_FROM_MB", "0")
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["totals"]["outcomes"]["known"], 1);
        stderr(&output)
    };
    let compiled = || {
        let names = fs::read_dir(place.path("ws/lists")).unwrap();
        let names = names.map(|entry| entry.unwrap().path());
        names.filter(|path| path.extension().is_some_and(|e| e == "tlist")).collect::<Vec<_>>()
    };
    assert!(scan(&list).contains("compiling it once"));
    assert!(!scan(&list).contains("compiling it once"));
    // The same bytes under another name are recognised; other bytes are not.
    let copy = place.file("copy.csv", source(500));
    assert!(!scan(&copy).contains("compiling it once"));
    assert_eq!(compiled().len(), 1);
    place.file("list.csv", source(501));
    assert!(scan(&list).contains("compiling it once"));
    assert_eq!(compiled().len(), 2);
    // Damage is noticed, and mended.
    for path in compiled() {
        let mut bytes = fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&path, bytes).unwrap();
    }
    let said = scan(&list);
    assert!(said.contains("made again") && said.contains("compiling it once"), "{said}");
    assert!(!scan(&list).contains("made again"));
}

#[test]
fn a_large_bank_is_looked_up_compiled_and_goes_with_its_file() {
    let place = place();
    let (ws, list) = (place.text("ws"), place.text("list.csv"));
    let large = |args: &[&str]| {
        let output = tutela()
            .args(args)
            .args(["--dir", &ws])
            .env("TUTELA__LISTS__COMPILE_FROM_MB", "0")
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        let said = stderr(&output);
        (String::from_utf8(output.stdout).unwrap(), said)
    };
    large(&["list", "import", &list, "--bank", "national"]);
    let compiled =
        || fs::read_dir(place.path("ws/lists")).unwrap().map(|e| e.unwrap().path()).next();
    assert!(compiled().is_some());
    let files = place.text("files");
    let scan = ["media", "scan", &files, "--json"];
    let known = |(report, said): (String, String)| {
        let report: Value = serde_json::from_str(&report).unwrap();
        assert_eq!(report["totals"]["outcomes"]["known"], 1);
        assert_eq!(report["lists"][0]["name"], "bank national");
        assert_eq!(report["lists"][0]["entries"], 500);
        said
    };
    assert!(!known(large(&scan)).contains("compiling"));
    fs::remove_file(compiled().unwrap()).unwrap();
    assert!(known(large(&scan)).contains("compiling"), "what the store holds is compiled again");
    large(&["list", "remove", "national"]);
    assert!(compiled().is_none());
}

#[test]
fn what_cannot_be_used_is_refused_with_the_reason() {
    let place = place();
    let (ws, files, list) = (place.text("ws"), place.text("files"), place.text("list.csv"));
    let good = place.text("good.tlist");
    json(&["list", "compile", &list, "--out", &good, "--known-good"]);
    let refused = |args: &[&str], code: i32, part: &str| {
        let output = run(&[args, &["--dir", &ws]].concat());
        assert_eq!(output.status.code(), Some(code), "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(part), "{args:?}: {}", stderr(&output));
    };
    refused(&["media", "scan", &files, "--list", &good], 3, "--known-good");
    refused(&["list", "import", &good, "--bank", "b"], 3, "import its source");
    refused(&["list", "compile", &good, "--out", &place.text("x")], 3, "compiled");
    let bytes = fs::read(&good).unwrap();
    let cut = place.file("cut.tlist", &bytes[..bytes.len() - 9]);
    refused(&["media", "scan", &files, "--known-good", &cut], 8, "cut");
    let mut flipped = bytes.clone();
    flipped[bytes.len() / 3] ^= 4;
    let flipped = place.file("flipped.tlist", flipped);
    refused(&["media", "scan", &files, "--known-good", &flipped], 8, "damaged");
    for version in [1, 3] {
        let mut other = bytes.clone();
        other[8] = version;
        let other = place.file("other.tlist", other);
        refused(&["media", "scan", &files, "--known-good", &other], 3, "compile it again");
    }
    let (matches, report) = scan(&place, &["--known-good", &good]);
    assert!(matches.is_empty());
    assert_eq!(report["totals"]["outcomes"]["known_good"], 1);
}

#[test]
fn info_tells_what_a_list_holds_and_how_its_filter_fares() {
    let place = place();
    let (list, compiled) = (place.text("list.csv"), place.text("c.tlist"));
    json(&["list", "compile", &list, "--out", &compiled, "--source", "Example unit"]);
    let (plain, info) = (json(&["list", "info", &list]), json(&["list", "info", &compiled]));
    let ws = place.text("ws");
    json(&["list", "import", &list, "--bank", "national", "--dir", &ws]);
    let bank = json(&["list", "info", "national", "--dir", &ws]);
    for view in [&plain, &info, &bank] {
        assert_eq!(view["schema"], "tutela.list_info.v1");
        assert_eq!(view["signals"], serde_json::json!({"md5": 500, "sha1": 1}), "{view:#}");
        assert_eq!((&view["entries"], &view["withdrawn"]), (&Value::from(500), &Value::from(1)));
        assert_eq!(view["categories"].as_array().unwrap().len(), 2);
        assert_eq!(view["categories"][0]["entries"], 499);
        assert_eq!(view["sha256"], plain["sha256"]);
    }
    assert_eq!((&plain["compiled"], &plain["filters"]), (&false.into(), &serde_json::json!([])));
    let none = serde_json::json!({"distinct": 0, "table_bytes": 0, "false_positive_rate": 0.0});
    assert_eq!((&plain["sizes"], &info["sizes"]), (&Value::Null, &none));
    assert_eq!((&info["compiled"], &info["source"]), (&true.into(), &"Example unit".into()));
    let filter = &info["filters"][0];
    assert_eq!((&filter["kind"], &filter["digests"]), (&"md5".into(), &500.into()));
    let measured = filter["measured_false_positive_rate"].as_f64().unwrap();
    assert!((0.0..6e-5).contains(&measured), "{measured}; 1.5e-5 is expected");
    assert!(filter["tried"].as_u64().unwrap() > 4_000_000);
    let text = String::from_utf8(run(&["list", "info", &compiled]).stdout).unwrap();
    assert!(text.contains("filter of md5") && text.contains("Example unit"), "{text}");
    let nothing = run(&["list", "info", "no-such-thing", "--dir", &ws]);
    assert_eq!(nothing.status.code(), Some(4));
}
