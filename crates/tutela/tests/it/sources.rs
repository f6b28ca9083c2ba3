//! Disk images, E01, 7z and UFDR through the real program, made with the tools that others use.
//!
//! A tool that is missing is named, and what needs it is skipped; the build machine has all of them.

mod damage;
mod hostile;
mod making;
mod others;
mod planted;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{Place, json, read_jsonl};
use making::{FileSystem, Image};

/// What a scan says of each file: outcome, SHA-256, code of its failure.
type Outcomes = BTreeMap<String, (String, Option<String>, Option<String>)>;

/// Scans some path into a fresh folder and gives all items.
fn scan(place: &Place, path: &str, more: &[&str]) -> Vec<Value> {
    let (ws, out) = (place.text("ws"), place.text("out"));
    let _none_yet = fs::remove_dir_all(&out);
    json(&[&["media", "scan", path, "--out", &out, "--dir", &ws], more].concat());
    read_jsonl(&place.path("out/items.jsonl"))
}

/// What is said of everything below a prefix, by the rest of its path.
fn outcomes(items: &[Value], prefix: &str) -> Outcomes {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let said = |item: &Value| {
        let rest = item["path"].as_str()?.strip_prefix(prefix)?.to_owned();
        let code = text(&item["error"]["code"]);
        Some((rest, (text(&item["outcome"])?, text(&item["sha256"]), code)))
    };
    items.iter().filter_map(said).collect()
}

fn item<'a>(items: &'a [Value], ending: &str) -> &'a Value {
    let ends = |item: &&Value| item["path"].as_str().unwrap().ends_with(ending);
    items.iter().find(ends).unwrap_or_else(|| panic!("no item {ending}"))
}

fn codes(item: &Value) -> Vec<&str> {
    let notes = item["notes"].as_array().into_iter().flatten();
    notes.map(|note| note["code"].as_str().unwrap()).collect()
}

/// One disk with every file system, holding the same files.
fn disk(place: &Place, planted: &Path) -> Option<(Image, Vec<FileSystem>)> {
    let mut image = Image::new(place.path("made"));
    let systems = [FileSystem::Ext4, FileSystem::Ntfs, FileSystem::Fat];
    let made: Vec<FileSystem> =
        systems.into_iter().filter(|system| image.partition(*system, planted)).collect();
    image.raw(b"LUKS\xba\xbe");
    image.raw(b"no file system");
    (!made.is_empty() && image.write()).then_some((image, made))
}

#[test]
fn a_disk_gives_exactly_what_was_planted() {
    let place = Place::with_workspace();
    let lists = planted::plant(&place);
    let lists: Vec<&str> = lists.iter().map(String::as_str).collect();
    let folder = outcomes(
        &scan(&place, &place.text("planted"), &lists),
        &format!("{}/", place.text("planted")),
    );
    planted::check(&folder);
    let Some((image, systems)) = disk(&place, &place.path("planted")) else { return };
    let raw = image.path().to_str().unwrap().to_owned();
    let mut sources = vec![raw.clone()];
    sources.extend(image.acquired("fast", &["-c", "fast", "-S", "2MiB", "-d", "sha1"]));
    sources.extend(image.acquired("best", &["-c", "best"]));
    sources.extend(image.acquired("none", &["-c", "none", "-f", "encase5", "-b", "256"]));
    for source in &sources {
        let items = scan(&place, source, &lists);
        for (number, system) in (1..).zip(&systems) {
            let prefix = format!("{source}!/p{number}-{}/", system.name());
            assert_eq!(outcomes(&items, &prefix), folder, "{prefix}");
        }
        let unread: Vec<&Value> = items
            .iter()
            .filter(|item| item["error"]["code"] == "archive.unsupported_file_system")
            .collect();
        assert_eq!(unread.len(), 2, "{source}");
        assert!(unread[0]["error"]["message"].as_str().unwrap().contains("LUKS"));
        let whole = items.iter().find(|item| item["path"] == **source).unwrap();
        let summary: Value =
            serde_json::from_slice(&fs::read(place.path("out/summary.json")).unwrap()).unwrap();
        let images = summary["images"].as_array().unwrap();
        let image = images.iter().find(|image| image["path"] == **source).unwrap();
        for key in ["md5", "sha1", "sha256", "size_bytes", "mime"] {
            assert_eq!(image[key], whole[key], "{key} of {source}");
        }
        let volumes: Vec<&str> =
            image["volumes"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let named = |(number, system): (u32, &FileSystem)| format!("p{number}-{}", system.name());
        let read: Vec<String> = (1..).zip(&systems).map(named).collect();
        assert_eq!(volumes[..systems.len()], read, "{volumes:?}");
        assert_eq!(volumes.len(), systems.len() + 2, "what is not read is named, too: {volumes:?}");
        assert_eq!(image["files"].as_u64().unwrap() + 1, items.len() as u64, "{image}");
        assert_eq!(whole["outcome"], "new", "{whole}");
        let expected: &[&str] = if *source == raw { &[] } else { &["archive.ewf_digest_holds"] };
        assert_eq!(codes(whole), expected, "{source}");
    }
    if let Some(exported) = sources.get(1).and_then(|first| image.exported(first)) {
        assert_eq!(fs::read(exported).unwrap(), fs::read(&raw).unwrap(), "ewfexport agrees");
    }
}

#[test]
fn a_killed_scan_of_a_disk_goes_on_without_losing_or_doubling() {
    let place = Place::with_workspace();
    for n in 0..400 {
        place.file(&format!("planted/{:02}/{n}.txt", n % 20), format!("file {n}"));
    }
    place.file("planted/a.zip", planted::zip(&[("one.txt", b"one"), ("two.txt", b"two")]));
    let mut image = Image::new(place.path("made"));
    if !image.partition(FileSystem::Ext4, &place.path("planted")) || !image.write() {
        return;
    }
    let source = image.path().to_str().unwrap().to_owned();
    let ws = place.text("ws");
    for round in 0..4_u64 {
        let mut command = crate::support::tutela();
        command.args(["media", "scan", &source, "--dir", &ws, "--threads", "1"]);
        if round > 0 {
            command.arg("--resume");
        }
        let quiet = std::process::Stdio::null;
        let mut child = command.stdout(quiet()).stderr(quiet()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(300 + 200 * round));
        let _already_gone = child.kill();
        if child.wait().unwrap().success() {
            break;
        }
    }
    let out = place.text("out");
    let scan = |more: &[&str]| {
        let args = ["media", "scan", &source, "--dir", &ws, "--out", &out, "--threads", "1"];
        crate::support::run(&[&args, more].concat()).status.success()
    };
    assert!(scan(&["--resume"]) || scan(&[]));
    let items = read_jsonl(&place.path("out/items.jsonl"));
    let paths: std::collections::BTreeSet<&str> =
        items.iter().map(|item| item["path"].as_str().unwrap()).collect();
    assert_eq!((items.len(), paths.len()), (400 + 1 + 3, items.len()));
    assert!(json(&["ledger", "verify", "--dir", &ws])["holds"].as_bool().unwrap());
}
