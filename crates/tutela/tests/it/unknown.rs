//! The unknown as a unit works on it: export, an examiner's categories back, a second device.

use std::fs;

use serde_json::{Value, json};

use crate::support::{CHART, Place, json, read_jsonl, run, stderr};

/// A picture that nobody has: the test chart with other bytes behind its end.
fn chart(n: u8) -> Vec<u8> {
    [CHART, &[n; 3]].concat()
}

fn scan(place: &Place, folder: &str, more: &[&str]) -> Value {
    let out = place.text(&format!("out-{folder}"));
    let _ = fs::remove_dir_all(&out);
    let ws = place.text("ws");
    json(&[&["media", "scan", &place.text(folder), "--out", &out, "--dir", &ws], more].concat())
}

fn items(place: &Place, folder: &str) -> Vec<Value> {
    read_jsonl(&place.path(&format!("out-{folder}/items.jsonl")))
}

fn export(place: &Place, scan: &Value, format: &str, name: &str) -> Value {
    let id = scan["scan"]["id"].as_str().unwrap();
    json(&[
        "media",
        "export",
        id,
        "--format",
        format,
        "--out",
        &place.text(name),
        "--confirm",
        "Test Operator",
        "--purpose",
        "identification of victims",
        "--dir",
        &place.text("ws"),
    ])
}

fn categorise(place: &Place, scan: &Value, file: &str, more: &[&str]) -> Value {
    let id = scan["scan"]["id"].as_str().unwrap();
    let ws = place.text("ws");
    json(&[&["media", "categorise", id, "--from", file, "--dir", &ws], more].concat())
}

/// A workspace with one scan of a folder of three new pictures and some other files.
fn scanned() -> (Place, Value) {
    let place = Place::with_workspace();
    for n in 1..=3 {
        place.file(&format!("phone/DCIM/IMG_000{n}.png"), chart(n));
    }
    place.file("phone/copy.png", chart(1));
    place.file("phone/notes.txt", "no picture");
    place.file("phone/empty.png", "");
    let summary = scan(&place, "phone", &[]);
    (place, summary)
}

#[test]
fn what_an_examiner_says_comes_back_and_stays() {
    let (place, first) = scanned();
    let written = export(&place, &first, "vics2", "case.json");
    assert_eq!((&written["media"], &written["files"]), (&json!(3), &json!(4)));

    // The examiner's program fills in two categories and writes them as it likes to.
    let mut case: Value =
        serde_json::from_str(&fs::read_to_string(place.path("case.json")).unwrap()).unwrap();
    let media = case["value"][0]["Media"].as_array_mut().unwrap();
    let twice = media.iter().position(|m| m["MediaFiles"].as_array().unwrap().len() == 2).unwrap();
    media[twice]["Category"] = json!(2);
    media[twice]["Comments"] = json!("ask the other unit");
    let once = (twice + 1) % 3;
    media[once]["Category"] = json!("5");
    let md5 = [twice, once].map(|n| media[n]["MD5"].as_str().unwrap().to_owned());
    media.push(json!({"MediaID": 99, "MD5": "00112233445566778899AABBCCDDEEFF", "Category": 1}));
    let back = place.file("back.json", serde_json::to_vec(&case).unwrap());

    let view = categorise(&place, &first, &back, &[]);
    assert_eq!(view["schema"], "tutela.media_categorise.v1");
    assert_eq!((&view["added"], &view["without_category"]), (&json!(2), &json!(1)));
    assert_eq!((&view["unmatched"], &view["unmatched_rows"]), (&json!(1), &json!([4])));
    let again = categorise(&place, &first, &back, &[]);
    assert_eq!((&again["added"], &again["unchanged"]), (&json!(0), &json!(2)));

    // Another examiner disagrees; the first one changes their mind.
    let table = format!("md5,category,comment\n{},3,\n{},5,same\n", md5[0], md5[1]);
    let other = place.file("other.csv", table);
    let scheme = ["--scheme", "projectvic:default"];
    let named = [&scheme[..], &["--examiner", "Second Examiner"]].concat();
    let view = categorise(&place, &first, &other, &named);
    assert_eq!(view["conflicts"].as_array().unwrap().len(), 1);
    assert_eq!(view["conflicts"][0]["says"].as_array().unwrap().len(), 2);
    let changed = place.file("changed.csv", format!("md5,category\n{},4\n", md5[1]));
    let view = categorise(&place, &first, &changed, &scheme);
    assert_eq!((&view["changed"], &view["changes"][0]["old"]), (&json!(1), &json!("5")));

    // A disagreement leaves without a category, and is counted.
    let written = export(&place, &first, "vics2", "again.json");
    assert_eq!(written["conflicts_left_out"], 2);

    // Another device, another case: the bytes are known with all that was said, without the comment.
    place.file("card/a.png", chart(1));
    let case = json(&["case", "new", "--title", "Other", "--dir", &place.text("ws")]);
    let case = case["cases"][0]["id"].as_str().unwrap();
    let second = scan(&place, "card", &["--case", case]);
    let said = &items(&place, "card")[0]["categories"];
    let told: Vec<_> = said
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["examiner"].as_str().unwrap(), one["code"].as_str().unwrap()))
        .collect();
    assert_eq!(told, [("Test Operator", "2"), ("Second Examiner", "3")]);
    assert_eq!(said[0]["comment"], json!(null), "comments of other cases are not shown");
    assert_eq!(second["groups"][0]["ties"][0]["kind"], "other_case");
    let report = fs::read_to_string(place.path("out-card/report.html")).unwrap();
    assert!(report.contains("Examiners disagree."), "the page says so");
    assert!(!report.contains("ask the other unit"));
    assert!(json(&["ledger", "verify", "--dir", &place.text("ws")])["holds"].as_bool().unwrap());
}

#[test]
fn earlier_scans_are_named_and_their_paths_are_not() {
    let (place, first) = scanned();
    assert_eq!(first["earlier"], json!([]));
    place.file("card/same.png", chart(2));
    place.file("card/near.png", chart(9));
    let second = scan(&place, "card", &[]);
    let earlier = &second["earlier"][0];
    assert_eq!(earlier["scan"], first["scan"]["id"]);
    assert_eq!((&earlier["same_bytes"], &earlier["near"]), (&json!(1), &json!(1)));
    assert_eq!(earlier["same_case"], true, "neither belongs to a case");
    let ties: Vec<_> =
        items(&place, "card").iter().map(|item| item["earlier"][0]["tie"].clone()).collect();
    assert_eq!(ties, [json!("near"), json!("same_bytes")]);
    let report = fs::read_to_string(place.path("out-card/report.html")).unwrap();
    assert!(!report.contains("DCIM"), "no path of the other scan");

    let id = second["scan"]["id"].as_str().unwrap();
    let ws = place.text("ws");
    assert_eq!(run(&["media", "earlier", id, "--dir", &ws]).status.code(), Some(2), "no purpose");
    let told = json(&["media", "earlier", id, "--purpose", "agreed with them", "--dir", &ws]);
    assert!(told["ties"][0]["paths"][0].as_str().unwrap().ends_with("DCIM/IMG_0002.png"));
}

#[test]
fn groups_say_what_ties_them_and_their_points_add_up() {
    let (place, summary) = scanned();
    let groups = summary["groups"].as_array().unwrap();
    let kinds = |group: &Value| -> Vec<String> {
        let ties = group["ties"].as_array().unwrap();
        ties.iter().map(|tie| tie["kind"].as_str().unwrap().to_owned()).collect()
    };
    // The run of names is part of the near-duplicates, so it has two ties and comes first.
    assert_eq!(kinds(&groups[0]), ["names", "near"]);
    assert_eq!(kinds(&groups[1]), ["near"]);
    assert_eq!(groups[0]["items"], json!([0, 1, 2]));
    for group in groups {
        let points = group["contributions"].as_array().unwrap().iter();
        let sum: u64 = points.map(|one| one["points"].as_u64().unwrap()).sum();
        assert_eq!(group["score"], json!(sum));
    }
    let ranks: Vec<_> = items(&place, "phone").iter().map(|item| item["groups"].clone()).collect();
    assert_eq!(ranks[..3], [json!([1, 2]), json!([1, 2]), json!([1, 2])]);
}

#[test]
fn nothing_leaves_without_a_name_a_purpose_and_a_place_of_its_own() {
    let (place, summary) = scanned();
    let id = summary["scan"]["id"].as_str().unwrap();
    let ws = place.text("ws");
    let (free, inside) = (place.text("free.json"), place.text("phone/inside.json"));
    let taken = place.file("taken.json", "mine");
    let check = |out: &str, name: &str, exit: i32| {
        let base = ["media", "export", id, "--format", "vics2", "--out", out, "--dir", &ws];
        let output = run(&[&base[..], &["--confirm", name, "--purpose", "a test"]].concat());
        assert_eq!(output.status.code(), Some(exit), "{}", stderr(&output));
    };
    check(&free, "Somebody Else", 6);
    check(&inside, "Test Operator", 3);
    check(&taken, "Test Operator", 5);
    let base = ["media", "export", id, "--format", "vics2", "--out", &free, "--dir", &ws];
    let nameless = run(&[&base[..], &["--purpose", "a test"]].concat());
    assert_eq!(nameless.status.code(), Some(2));
    assert!(!place.path("free.json").exists() && !place.path("free.json.part").exists());
    assert_eq!(fs::read_to_string(&taken).unwrap(), "mine");

    for format in ["vics13", "csv", "json"] {
        let view = export(&place, &summary, format, &format!("x.{format}"));
        let lines = fs::read(place.path(&format!("x.{format}"))).unwrap();
        assert!(!lines.is_empty());
        let exported = json(&["ledger", "verify", "--dir", &ws]);
        assert!(exported["holds"].as_bool().unwrap());
        assert_eq!(view["sha256"].as_str().unwrap().len(), 64);
    }
}
