//! The shapes that scripts rely on: `media hash`, `media match`, and the commands around them.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use serde_json::json;

use crate::support::{CHART, CHART_PDQ, Place, json, json_lines, keys, run, stderr, tutela};

#[test]
fn hash_prints_one_line_a_file_in_input_order() {
    let place = Place::new();
    place.file("in/b.png", CHART);
    place.file("in/a.txt", "text");
    place.file("in/c.jpg", &CHART[..500]);
    let (lines, code) = json_lines(&["media", "hash", &place.text("in")]);
    assert_eq!(code, 0);
    let names: Vec<_> = lines
        .iter()
        .map(|line| line["path"].as_str().unwrap().rsplit('/').next().unwrap())
        .collect();
    assert_eq!(names, ["a.txt", "b.png", "c.jpg"]);
    let picture = &lines[1];
    assert_eq!(
        keys(picture),
        [
            "error",
            "height",
            "md5",
            "mime",
            "path",
            "provenance",
            "schema",
            "sha1",
            "sha256",
            "signals",
            "size_bytes",
            "width"
        ]
    );
    assert_eq!(picture["schema"], "tutela.media_hash.v1");
    assert_eq!((&picture["width"], &picture["height"]), (&json!(480), &json!(360)));
    assert_eq!(picture["mime"], "image/png");
    assert_eq!(
        picture["signals"],
        json!([{"kind": "pdq", "variant": "reference", "value": CHART_PDQ, "quality": 100}])
    );
    assert_eq!(picture["error"], json!(null));
    assert_eq!(lines[0]["md5"], "1cb251ec0d568de6a929b520c4aed8d1");
    assert_eq!(lines[0]["signals"], json!([]));
    // A picture that cannot be decoded keeps its digests; its name does not matter.
    assert_eq!(lines[2]["mime"], "image/png");
    assert_eq!(lines[2]["signals"], json!([]));
    assert!(lines[2]["error"]["code"].as_str().unwrap().starts_with("decode."));
    assert_eq!(lines[2]["sha256"].as_str().unwrap().len(), 64);
}

#[test]
fn hash_options_add_variants_and_orientations() {
    let place = Place::new();
    let chart = place.file("chart.png", CHART);
    let (lines, _) = json_lines(&["media", "hash", &chart, "--variant", "both", "--dihedral"]);
    let signals = lines[0]["signals"].as_array().unwrap();
    assert_eq!(signals.len(), 16);
    assert_eq!(signals[0]["value"], CHART_PDQ);
    assert_eq!(signals[8]["variant"], "full");
    // Up to 512 pixels a side both computations agree.
    assert_eq!(signals[8]["value"], CHART_PDQ);
    assert_eq!(signals[1]["orientation"], "rotate_90");
}

#[test]
fn hash_is_strict_when_asked_and_reads_paths_from_standard_input() {
    let place = Place::new();
    let broken = place.file("broken.png", &CHART[..500]);
    assert_eq!(run(&["media", "hash", &broken]).status.code(), Some(0));
    assert_eq!(run(&["media", "hash", &broken, "--strict"]).status.code(), Some(3));
    assert_eq!(run(&["media", "hash", &place.text("gone")]).status.code(), Some(4));
    let mut child = tutela()
        .args(["media", "hash", "-", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(format!("{broken}\n").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains("broken.png"));
}

#[test]
fn match_lists_every_entry_within_the_distance() {
    let place = Place::new();
    let flipped = |bits: usize| {
        let mut value = u128::from_str_radix(&CHART_PDQ[32..], 16).unwrap();
        value ^= (1u128 << bits) - 1;
        format!("{}{value:032x}", &CHART_PDQ[..32])
    };
    let list = place
        .file("list.txt", format!("{}\n{}\nnot hex\n{}\n", flipped(40), flipped(31), flipped(3)));
    let queries = place.file("queries.txt", format!("{}\n{CHART_PDQ}\n", flipped(100)));
    let view = json(&["media", "match", "--list", &list, "--queries", &queries, "--threads", "1"]);
    assert_eq!(
        keys(&view),
        [
            "build_ms",
            "distance",
            "entries",
            "index",
            "latency_us",
            "load_ms",
            "matches",
            "queries",
            "rejected_rows",
            "schema",
            "search_ms",
            "self_test_passed",
            "threads"
        ]
    );
    assert_eq!(view["schema"], "tutela.media_match.v1");
    assert_eq!(
        (&view["entries"], &view["queries"], &view["rejected_rows"]),
        (&json!(3), &json!(2), &json!(1))
    );
    let found: Vec<_> = view["matches"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| (m["query"].as_u64(), m["entry"].as_u64(), m["distance"].as_u64()))
        .collect();
    assert_eq!(found, [(Some(1), Some(1), Some(31)), (Some(1), Some(2), Some(3))]);
    assert_eq!(view["matches"][0]["path"], json!(null));
    let nearer =
        json(&["media", "match", "--list", &list, "--queries", &queries, "--distance", "30"]);
    assert_eq!(nearer["matches"].as_array().unwrap().len(), 1);

    for index in ["linear", "fast"] {
        let same =
            json(&["media", "match", "--list", &list, "--queries", &queries, "--index", index]);
        assert_eq!((&same["index"], &same["matches"]), (&json!(index), &view["matches"]));
    }

    let chart = place.file("chart.png", CHART);
    let files = json(&["media", "match", "--list", &list, &chart]);
    assert_eq!(files["matches"][0]["path"], json!(chart));
    assert_eq!(files["matches"][0]["orientation"], "original");
}

#[test]
fn what_is_missing_says_how_to_make_it() {
    let place = Place::new();
    let output = run(&["list", "ls", "--dir", &place.text("none")]);
    assert_eq!(output.status.code(), Some(4));
    assert!(stderr(&output).contains("tutela init --dir"), "{}", stderr(&output));
    let chart = place.file("chart.png", CHART);
    let output = run(&["media", "match", "--list", &chart, &chart]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("chart.png"), "{}", stderr(&output));
    assert_eq!(run(&["media", "hush"]).status.code(), Some(2));
}

#[test]
fn init_makes_one_workspace_and_never_a_second() {
    let place = Place::with_workspace();
    let output = run(&["init", "--dir", &place.text("ws")]);
    assert_eq!(output.status.code(), Some(5));
    let mode =
        std::os::unix::fs::MetadataExt::mode(&fs::metadata(place.path("ws/ledger.key")).unwrap());
    assert_eq!(mode & 0o777, 0o600, "nobody else may read the key");
    assert!(json(&["ledger", "verify", "--dir", &place.text("ws")])["holds"].as_bool().unwrap());
}

#[test]
fn settings_are_checked_and_secrets_left_out() {
    let place = Place::with_workspace();
    let ws = place.text("ws");
    assert_eq!(json(&["config", "check", "--dir", &ws])["ok"], true);
    assert!(String::from_utf8(run(&["config", "default"]).stdout).unwrap().contains("[media]"));
    let output = tutela()
        .args(["config", "show", "--json", "--dir", &ws])
        .env("TUTELA__STORE__URL", "postgres://me:secret@db.example.org/x")
        .output()
        .unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.contains("[redacted]") && !shown.contains("secret"), "{shown}");
    let mut toml = fs::read_to_string(place.path("ws/tutela.toml")).unwrap();
    toml.push_str("colour = \"blue\"\n");
    fs::write(place.path("ws/tutela.toml"), toml).unwrap();
    let output = run(&["config", "check", "--dir", &ws]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("colour"), "{}", stderr(&output));
}

#[test]
fn banks_are_imported_shown_exported_and_removed() {
    let place = Place::with_workspace();
    let ws = place.text("ws");
    let list = place.file("list.csv", "md5,label\n00112233445566778899aabbccddeeff,a\nbad,b\n");
    let view =
        json(&["list", "import", &list, "--bank", "B", "--scheme", "test:one", "--dir", &ws]);
    assert_eq!((&view["bank"]["entries"], &view["bank"]["rejected"]), (&json!(1), &json!(1)));
    let error = view["row_errors"][0].as_str().unwrap();
    assert!(error.contains("row 3") && error.contains("md5"), "{error}");
    assert_eq!(run(&["list", "import", &list, "--bank", "B", "--dir", &ws]).status.code(), Some(5));
    assert_eq!(json(&["list", "ls", "--dir", &ws])["banks"][0]["bank"], "B");
    let out = place.text("out.json");
    let view =
        json(&["list", "export", "B", "--format", "projectvic", "--out", &out, "--dir", &ws]);
    assert_eq!(view["entries"], 1);
    let again = json(&["list", "import", &out, "--bank", "C", "--dir", &ws]);
    assert_eq!(again["bank"]["entries"], 1);
    json(&["list", "remove", "B", "--dir", &ws]);
    assert_eq!(run(&["list", "show", "B", "--dir", &ws]).status.code(), Some(4));
    assert!(json(&["ledger", "verify", "--dir", &ws])["holds"].as_bool().unwrap());
}

#[test]
fn registries_print_themselves() {
    assert!(json(&["list", "formats"])["formats"].as_array().unwrap().len() >= 9);
    assert_eq!(json(&["payments", "indicators"])["indicators"][0]["id"], "fan_in_unrelated");
}

#[test]
fn payments_screen_names_bad_rows_and_its_parts_sum() {
    let place = Place::new();
    let file = place.text("transfers.csv");
    let mut rows = "transfer_id,time,amount,currency,payer_account,payee_account\n".to_owned();
    for n in 0..6 {
        rows.push_str(&format!("t{n},2026-01-{:02}T09:00:00Z,35.00,USD,payer-{n},common\n", n + 1));
    }
    rows.push_str("t0,2026-01-09T09:00:00Z,35.00,USD,payer-1,common\n");
    rows.push_str("t8,2026-02-30T09:00:00Z,35.00,USD,payer-1,common\n");
    rows.push_str("t9,2026-01-09T09:00:00Z,35.00,USD,common,common\n");
    std::fs::write(&file, rows).unwrap();
    let out = place.text("screened");
    let view = json(&["payments", "screen", &file, "--top", "3", "--out", &out]);
    assert_eq!(view["schema"], "tutela.payments_screen.v1");
    assert_eq!((&view["transfers"], &view["rejected_rows"]), (&6.into(), &3.into()));
    assert_eq!((&view["payers"], &view["payees"]), (&6.into(), &1.into()));
    let named: Vec<u64> =
        view["rejected"].as_array().unwrap().iter().filter_map(|row| row["row"].as_u64()).collect();
    assert_eq!(named, [8, 9, 10]);
    let alerts = view["alerts"].as_array().unwrap();
    assert_eq!((&alerts[0]["side"], &alerts[0]["account"]), (&"payee".into(), &"common".into()));
    for alert in alerts {
        let parts = alert["indicators"].as_array().unwrap();
        let sum: f64 = parts.iter().filter_map(|part| part["weight"].as_f64()).sum();
        assert!((sum - alert["score"].as_f64().unwrap()).abs() < 1e-6);
    }
    for name in
        ["alerts.jsonl", "report.md", "rejected.jsonl", "report.html", "alerts/payee-1.html"]
    {
        assert!(std::path::Path::new(&out).join(name).exists(), "{name}");
    }
    assert_eq!(run(&["payments", "screen", &file, "--out", &out]).status.code(), Some(5));
}
