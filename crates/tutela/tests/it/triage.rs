//! Triage under time: a first look, a budget, a person who stops it, and kills at any moment.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::scans::zip;
use crate::support::{CHART, CHART_PDQ, Place, json, read_jsonl, run, stderr, tutela};

/// Takes longer to read than a second on any machine, and no room on the disk.
const LONG_BYTES: u64 = 1_500_000_000;

/// What a scan says of each path, without the ids that differ from run to run.
fn results(place: &Place, out: &str) -> BTreeMap<String, (Value, Value, Value)> {
    let items = read_jsonl(&place.path(out).join("items.jsonl"));
    let count = items.len();
    let of = |item: Value| {
        let path = item["path"].as_str().unwrap().to_owned();
        let mut matches = item["matches"].clone();
        for found in matches.as_array_mut().unwrap() {
            found.as_object_mut().unwrap().remove("finding");
        }
        (path, (item["outcome"].clone(), item["sha256"].clone(), matches))
    };
    let results: BTreeMap<_, _> = items.into_iter().map(of).collect();
    assert_eq!(results.len(), count, "no path twice");
    results
}

fn long_file(place: &Place) {
    place.file("files/a.txt", "a");
    let path = place.path("files/z/DCIM/long.mp4");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    File::create(path).unwrap().set_len(LONG_BYTES).unwrap();
}

#[test]
fn a_first_look_changes_the_order_and_nothing_else() {
    let place = Place::with_workspace();
    place.file("files/a/known.dat", "known");
    place.file("files/a/other.dat", "other one");
    place.file("files/DCIM/chart.png", CHART);
    place.file("files/a.zip", zip(&[("in.png", CHART), ("two.txt", b"two")]));
    let (known, absent) = (sha256(&place, "files/a/known.dat"), "ab".repeat(32));
    let rows = format!("size,sha256\n5,{known}\n99,{absent}\n");
    let (by_size, by_signal) = (place.file("l.csv", rows), place.file("l.txt", CHART_PDQ));
    let (ws, files) = (place.text("ws"), place.text("files"));
    let scan = |out: &str, more: &[&str]| {
        let out = place.text(out);
        let common = [
            "media", "scan", &files, "--list", &by_size, "--list", &by_signal, "--out", &out,
            "--dir", &ws,
        ];
        let output = run(&[&common, more].concat());
        assert!(output.status.success(), "{}", stderr(&output));
        output
    };
    assert!(!stderr(&scan("plain", &[])).contains("known.dat"), "no terminal, no findings on it");
    // One at a time: what begins first is then also found first.
    let first = scan("first", &["--first-look", "--json", "--threads", "1"]);
    assert_eq!(results(&place, "plain"), results(&place, "first"));

    let summary: Value = serde_json::from_slice(&first.stdout).unwrap();
    assert_eq!(summary["scan"]["first_look"], true);
    assert!(summary["scan"]["first_finding_ms"].as_u64().is_some());
    let said = stderr(&first);
    let found: Vec<Value> =
        said.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    assert_eq!(found.len(), 3, "{said}");
    assert!(found.iter().all(|line| line["schema"] == "tutela.media_found.v1"));
    assert_eq!((&found[0]["outcome"], &found[0]["method"]), (&"known".into(), &"sha256".into()));
    assert_eq!((&found[1]["outcome"], &found[1]["distance"]), (&"near".into(), &0.into()));
    assert!(found[1]["path"].as_str().unwrap().ends_with("DCIM/chart.png"), "{said}");
    let text = stderr(&scan("text", &["--first-look"]));
    assert!(text.contains("near: ") && text.contains("l.txt)"), "{text}");
}

#[test]
fn a_first_look_goes_by_the_sizes_of_a_compiled_list() {
    let place = Place::with_workspace();
    place.file("files/DCIM/chart.png", CHART);
    place.file("files/z/known.dat", "known");
    let known = sha256(&place, "files/z/known.dat");
    let rows = format!(
        "size,sha256,pdq\n5,{known},\n99,{},\n5,{},\n,,{CHART_PDQ}\n",
        "ab".repeat(32),
        "cd".repeat(32)
    );
    let (list, compiled) = (place.file("l.csv", rows), place.text("l.tlist"));
    json(&["list", "compile", &list, "--out", &compiled]);
    let sizes = &json(&["list", "info", &compiled])["sizes"];
    assert_eq!((&sizes["distinct"], &sizes["table_bytes"]), (&2.into(), &16.into()));
    let text = String::from_utf8(run(&["list", "info", &compiled]).stdout).unwrap();
    assert!(text.contains("2 different, 16 B, exact"), "{text}");

    let (ws, files) = (place.text("ws"), place.text("files"));
    let found = |more: &[&str]| -> Vec<String> {
        let common = ["media", "scan", &files, "--list", &compiled, "--threads", "1"];
        let output = run(&[&common, more, &["--dir", &ws, "--first-look", "--json"]].concat());
        assert!(output.status.success(), "{}", stderr(&output));
        let lines = stderr(&output);
        let lines = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        lines.map(|line| line["path"].as_str().unwrap().to_owned()).collect()
    };
    let order = found(&[]);
    assert_eq!(order.len(), 2, "{order:?}");
    assert!(order[0].ends_with("z/known.dat") && order[1].ends_with("chart.png"), "{order:?}");
    // A list whose matches are only marks brings nothing forward.
    let marks = place.file("none.csv", format!("sha256\n{}\n", "ef".repeat(32)));
    let (ws, good) = (place.text("ws"), place.text("good.tlist"));
    json(&["list", "compile", &list, "--known-good", "--out", &good]);
    let args = ["media", "scan", &files, "--list", &marks, "--known-good", &good, "--list"];
    let signal = place.file("l.txt", CHART_PDQ);
    let args = [&args[..], &[&signal, "--dir", &ws, "--first-look", "--json"]].concat();
    let said = stderr(&run(&args));
    let first = said.lines().find_map(|line| serde_json::from_str::<Value>(line).ok());
    assert!(first.unwrap()["path"].as_str().unwrap().ends_with("chart.png"), "{said}");
}

fn sha256(place: &Place, name: &str) -> String {
    let lines = run(&["media", "hash", &place.text(name), "--json"]).stdout;
    let view: Value = serde_json::from_slice(&lines).unwrap();
    view["sha256"].as_str().unwrap().to_owned()
}

#[test]
fn a_budget_stops_cleanly_says_what_is_missing_and_goes_on() {
    let place = Place::with_workspace();
    long_file(&place);
    let (ws, files, out) = (place.text("ws"), place.text("files"), place.text("out"));
    let args = ["media", "scan", &files, "--out", &out, "--dir", &ws, "--threads", "1"];
    let stopped = json(&[&args[..], &["--budget", "1s"]].concat());
    assert_eq!(
        (&stopped["scan"]["state"], &stopped["scan"]["budget_ms"]),
        (&"stopped".into(), &1000.into())
    );
    let missed = &stopped["not_examined"];
    assert_eq!(missed["reason"], "budget");
    let examined = stopped["totals"]["files"].as_u64().unwrap();
    assert_eq!(missed["files"].as_u64().unwrap() + examined, 2, "{missed}");
    assert!(missed["size_bytes"].as_u64().unwrap() >= LONG_BYTES);
    let films = missed["by_kind"].as_array().unwrap().iter().find(|kind| kind["name"] == "film");
    assert_eq!(films.unwrap()["size_bytes"], LONG_BYTES);
    assert!(missed["by_folder"].to_string().contains("DCIM"), "{missed}");
    assert!(stopped["remarks"].to_string().contains("time was used up"), "{}", stopped["remarks"]);
    let page = fs::read_to_string(place.path("out/report.html")).unwrap();
    assert!(page.contains("Not looked at") && page.contains("DCIM"));
    assert_eq!(read_jsonl(&place.path("out/items.jsonl")).len() as u64, examined, "no half a file");

    let again = run(&[&args[..], &["--budget", "1s", "--resume"]].concat());
    let said = String::from_utf8_lossy(&again.stdout).into_owned();
    assert!(again.status.success() && said.contains("--resume"), "{said}{}", stderr(&again));
    assert!(said.contains("NOT looked at: 1 files, 1.5 GB"), "{said}");

    let finished = json(&[&args[..], &["--resume"]].concat());
    assert_eq!(
        (&finished["scan"]["state"], &finished["not_examined"]),
        (&"finished".into(), &Value::Null)
    );
    assert_eq!(finished["totals"]["files"], 2);
    assert!(json(&["ledger", "verify", "--dir", &ws])["holds"].as_bool().unwrap());
}

#[test]
fn a_person_stops_a_scan_and_it_goes_on() {
    let place = Place::with_workspace();
    long_file(&place);
    let (ws, files) = (place.text("ws"), place.text("files"));
    let stopped = (1..10u64).find_map(|round| {
        let child = tutela()
            .args(["media", "scan", &files, "--dir", &ws, "--threads", "1", "--json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(400 * round));
        let asked = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        assert!(asked.success());
        let output = child.wait_with_output().unwrap();
        if !output.status.success() {
            assert_eq!(output.status.signal(), Some(2), "it may not have listened yet");
            return None;
        }
        serde_json::from_slice::<Value>(&output.stdout).ok()
    });
    let stopped = stopped.unwrap();
    assert_eq!(stopped["scan"]["state"], "stopped");
    assert_eq!(stopped["not_examined"]["reason"], "interrupted");
    let finished = json(&["media", "scan", &files, "--dir", &ws, "--resume"]);
    assert_eq!(
        (&finished["scan"]["state"], &finished["totals"]["files"]),
        (&"finished".into(), &2.into())
    );
}

/// The seed of the moments at which the scan below is killed.
const SEED: u64 = 20_261_122;
const KILLS: u32 = 10;

#[test]
fn a_scan_killed_at_ten_moments_loses_and_doubles_nothing() {
    let place = Place::with_workspace();
    for n in 0..300 {
        place.file(&format!("files/{:02}/{n}.txt", n % 20), format!("file {n}"));
    }
    for n in 0..30 {
        place.file(&format!("files/p/{n}.png"), CHART);
    }
    let inner = zip(&[("c.png", CHART), ("d.txt", b"d")]);
    place.file(
        "files/a.zip",
        zip(&[("one.png", CHART), ("two.txt", b"two"), ("in/deep.zip", &inner)]),
    );
    place.file("files/p/b.zip", zip(&[("one.png", CHART), ("three.txt", b"three")]));
    let list = place.file("list.txt", CHART_PDQ);
    let (ws, files) = (place.text("ws"), place.text("files"));
    let args = ["media", "scan", &files, "--list", &list, "--dir", &ws, "--threads", "2"];

    let began = Instant::now();
    let whole = run(&[&args[..], &["--out", &place.text("whole")]].concat());
    assert!(whole.status.success(), "{}", stderr(&whole));
    let whole_ms = u64::try_from(began.elapsed().as_millis()).unwrap();
    let expected = results(&place, "whole");
    assert_eq!(expected.len(), 300 + 30 + 6 + 3);

    let (mut chance, mut kills, mut going, mut finished) = (SEED, 0, false, 0);
    while kills < KILLS && finished < KILLS {
        chance =
            chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let moment = Duration::from_millis(whole_ms / 10 + (chance >> 33) % whole_ms);
        let mut child = tutela()
            .args(args)
            .args(going.then_some("--resume"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(moment);
        child.kill().unwrap();
        let status = child.wait().unwrap();
        if status.signal() == Some(9) {
            kills += 1;
            going = true;
        } else {
            // It had ended: a new one begins. Or it was killed before it had begun: there is none to resume.
            finished += u32::from(status.success());
            going = false;
        }
    }
    let resume = |out: &str| run(&[&args[..], &["--out", &place.text(out), "--resume"]].concat());
    let mut last = resume("last");
    if !last.status.success() {
        assert!(stderr(&last).contains("no unfinished scan"), "{}", stderr(&last));
        last = run(&[&args[..], &["--out", &place.text("last")]].concat());
    }
    assert!(last.status.success(), "{}", stderr(&last));
    assert_eq!(results(&place, "last"), expected, "after {kills} kills");
    assert!(json(&["ledger", "verify", "--dir", &ws])["holds"].as_bool().unwrap());
    let summary: Value =
        serde_json::from_str(&fs::read_to_string(place.path("last/summary.json")).unwrap())
            .unwrap();
    let id = summary["scan"]["id"].as_str().unwrap();
    json(&["ledger", "export", "--out", &place.text("export"), "--scan", id, "--dir", &ws]);
    let entries = fs::read_to_string(place.path("export/entries.jsonl")).unwrap();
    assert_eq!(entries.matches("exhibit.sealed").count(), expected.len(), "one entry an exhibit");
}
