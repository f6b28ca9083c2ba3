//! Banks at the command line, beside a server that finds what is put in.

use std::time::{Duration, Instant};

use serde_json::json as document;

use super::banks::{pdq, signal};
use super::server::Server;
use crate::support::{CHART, CHART_PDQ, Place, json, run, stderr};

#[test]
fn banks_are_made_changed_shown_and_removed() {
    let place = Place::with_workspace();
    let ws = place.text("ws");
    let bank = |args: &[&str]| json(&[&["bank"], args, &["--dir", &ws]].concat());
    let made = bank(&["create", "A", "--role", "allow", "--ratio", "0.5", "--note", "ours"]);
    assert_eq!(made["schema"], "tutela.bank_create.v1");
    assert_eq!(
        (&made["bank"]["role"], &made["bank"]["note"]),
        (&document!("allow"), &document!("ours"))
    );
    let set =
        bank(&["set", "A", "--name", "B", "--distance", "9", "--alert", "false", "--note", ""]);
    assert_eq!((&set["bank"]["name"], &set["bank"]["distance"]), (&document!("B"), &document!(9)));
    assert_eq!(
        (&set["bank"]["role"], &set["bank"]["note"]),
        (&document!("allow"), &document!(null))
    );
    assert_eq!(bank(&["set", "B", "--no-distance"])["bank"]["distance"], document!(null));
    let added = bank(&["add", "B", "--signal", &format!("pdq:{}", signal(0)), "--label", "x"]);
    assert_eq!(added["contents"][0]["labels"], document!(["x"]));
    let (chart, broken) = (place.file("chart.png", CHART), place.file("broken.png", &CHART[..500]));
    let added = bank(&["add", "B", &chart, &broken]);
    let kinds = |at: usize| -> Vec<String> {
        let signals = added["contents"][at]["signals"].as_array().unwrap();
        signals.iter().map(|one| one["kind"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kinds(0), ["md5", "pdq", "sha1", "sha256"]);
    assert_eq!(added["contents"][0]["signals"][1]["value"], CHART_PDQ);
    assert_eq!(kinds(1), ["md5", "sha1", "sha256"], "it cannot be decoded");
    assert!(added["failures"][0]["error"]["code"].as_str().unwrap().starts_with("decode."));
    assert_eq!(bank(&["ls"])["banks"][0]["content_count"], 3);
    assert_eq!(bank(&["show", "B"])["bank"]["content_count"], 3);

    let check = |args: &[&str], exit: i32, says: &str| {
        let output = run(&[&["bank"], args, &["--dir", &ws]].concat());
        assert_eq!(output.status.code(), Some(exit), "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(says), "{args:?}: {}", stderr(&output));
    };
    check(&["create", "B"], 5, "app.bank_exists");
    check(&["create", "b"], 3, "app.bad_bank_name");
    check(&["create", "C", "--ratio", "2"], 3, "app.bad_field");
    check(&["create", "C", "--webhook", "nobody"], 4, "app.no_such");
    check(&["show", "GONE"], 4, "app.no_such");
    check(&["add", "GONE", "--signal", &format!("pdq:{}", signal(0))], 4, "app.no_such");
    check(&["add", "B", "--signal", "pdq:xyz"], 3, "app.bad_signal");
    check(&["add", "B", "--signal", "pdq"], 2, "KIND:VALUE");
    check(&["add", "B"], 2, "FILE");
    check(&["add", "B", &place.text("gone.png")], 4, "gone.png");
    assert_eq!(bank(&["remove", "B"])["bank"]["content_count"], 3);
    assert_eq!(bank(&["ls"])["banks"], document!([]));
    assert!(json(&["ledger", "verify", "--dir", &ws])["holds"].as_bool().unwrap());
}

#[test]
fn a_bank_is_filled_from_a_list_and_filled_again() {
    let server = Server::start();
    let ws = server.place.text("ws");
    let bank = |args: &[&str]| json(&[&["bank"], args, &["--dir", &ws]].concat());
    bank(&["create", "PARTNER"]);
    let rows = |withdrawn: &str| {
        format!(
            "id,pdq,md5,withdrawn\nk1,{},,\nk2,,{},\nk3,{},,{withdrawn}\nk4,bad,,\nk1,{},,\n",
            signal(0),
            "a".repeat(32),
            signal(40),
            signal(0)
        )
    };
    let list = server.place.file("list.csv", rows(""));
    let filled = bank(&["fill", "PARTNER", "--list", &list]);
    assert_eq!(filled["schema"], "tutela.bank_fill.v1");
    let counts = |view: &serde_json::Value| {
        ["added", "known", "withdrawn", "removed", "rejected"]
            .map(|field| view[field].as_u64().unwrap())
    };
    assert_eq!(counts(&filled), [3, 1, 0, 0, 1]);
    // A server that runs meanwhile finds it within a moment, and tells the sender's key.
    let look_up = document!({"queries": [pdq(&signal(1))], "options": {"include": ["exchange"]}});
    let begun = Instant::now();
    let found = loop {
        let answer = server.post("/v1/look_ups", &look_up).expect(200);
        if let Some(found) = answer["answers"][0]["matches"].get(0) {
            break found.clone();
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "it is not found");
        std::thread::sleep(Duration::from_millis(20));
    };
    assert_eq!(found["exchange"]["key"], "k1");
    assert_eq!(found["exchange"]["name"], document!(null), "out of a list");

    let list = server.place.file("list.csv", rows("true"));
    let again = bank(&["fill", "PARTNER", "--list", &list]);
    assert_eq!(counts(&again), [0, 3, 1, 1, 1], "what is withdrawn goes");
    let check = |args: &[&str], exit: i32, says: &str| {
        let output = run(&[&["bank", "fill"], args, &["--dir", &ws]].concat());
        assert_eq!(output.status.code(), Some(exit), "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(says), "{args:?}: {}", stderr(&output));
    };
    check(&["GONE", "--list", &list], 4, "app.no_such");
    check(&["PARTNER", "--list", &server.place.text("gone.csv")], 4, "gone.csv");
    check(&["PARTNER", "--list", &list, "--format", "nothing"], 4, "app.no_such_format");
    assert!(json(&["ledger", "verify", "--dir", &ws])["holds"].as_bool().unwrap());
}
