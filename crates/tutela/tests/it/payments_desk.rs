//! From a file of transfers to an alert that two people closed, at the command line.

use std::fs;

use serde_json::{Value, json};

use crate::support::{Place, json, run, stderr};

/// A workspace with two people and a small invented world in it.
fn world(place: &Place) -> (String, String) {
    let (dir, out) = (place.text("desk"), place.text("world"));
    json(&["init", "--dir", &dir, "--operator", "A. Example"]);
    json(&["operator", "add", "B. Example", "--dir", &dir]);
    json(&["payments", "generate", "--out", &out, "--transfers", "3000", "--seed", "7"]);
    (dir, format!("{out}/transfers.csv"))
}

fn sum(alert: &Value) -> f64 {
    alert["parts"].as_array().unwrap().iter().map(|part| part["weight"].as_f64().unwrap()).sum()
}

#[test]
fn two_people_close_an_alert_and_the_ledger_tells() {
    let place = Place::new();
    let (dir, file) = world(&place);
    let desk = |args: &[&str]| json(&[&["payments"], args, &["--dir", &dir]].concat());
    let imported = desk(&["import", &file, "--top", "20"]);
    assert_eq!(imported["schema"], "tutela.payments_import.v1");
    let rows = fs::read_to_string(&file).unwrap().lines().count() as u64 - 1;
    assert_eq!((&imported["transfers"], &imported["rejected_rows"]), (&json!(rows), &json!(0)));
    assert_eq!(imported["screening"]["new"], 40);
    let again = desk(&["import", &file, "--top", "20"]);
    assert_eq!((&again["transfers"], &again["files"][0]["already"]), (&json!(0), &json!(true)));
    assert_eq!((&again["screening"]["new"], &again["screening"]["again"]), (&json!(0), &json!(40)));

    let queue = desk(&["alerts", "ls", "--side", "payee"]);
    let first = &queue["alerts"][0];
    assert_eq!((&first["state"], &first["side"]), (&json!("new"), &json!("payee")));
    let number = first["number"].to_string();
    let shown = desk(&["alerts", "show", &number]);
    assert!(
        (sum(&shown) - shown["score"].as_f64().unwrap()).abs() < 1e-4,
        "parts sum to the score"
    );
    assert!(!shown["transfers"].as_array().unwrap().is_empty());
    assert!(shown.get("names").is_none());
    let names = desk(&["alerts", "show", &number, "--purpose", "a test of the desk"]);
    assert!(names["names"][first["account"].as_str().unwrap()][0]["name"].is_string());

    desk(&["alerts", "assign", &number]);
    desk(&["alerts", "note", &number, "looked at twice"]);
    assert_eq!(desk(&["alerts", "ls", "--mine"])["alerts"].as_array().unwrap().len(), 1);
    let bare = ["payments", "alerts", "propose", &number, "dismissed", "--dir", &dir];
    assert_eq!(run(&bare).status.code(), Some(4), "a dismissal names its reason");
    let proposed = desk(&["alerts", "propose", &number, "dismissed", "--reason", "wages"]);
    assert_eq!(proposed["proposal"]["outcome"], "dismissed");
    let alone = run(&["payments", "alerts", "approve", &number, "--dir", &dir]);
    assert_eq!(alone.status.code(), Some(6), "{}", stderr(&alone));
    assert!(stderr(&alone).contains("store.four_eyes"), "{}", stderr(&alone));
    let closed = desk(&["alerts", "approve", &number, "--as", "B. Example"]);
    assert_eq!(closed["state"], "dismissed");
    let history = desk(&["alerts", "show", &number])["history"].clone();
    let acts: Vec<&str> =
        history.as_array().unwrap().iter().map(|entry| entry["act"].as_str().unwrap()).collect();
    let expected = [
        "alert.raised",
        "payments.screened",
        "alert.names_shown",
        "alert.assigned",
        "alert.noted",
        "alert.proposed",
        "alert.approved",
    ];
    assert_eq!(acts, expected);
    assert_eq!(history[4]["words"], "looked at twice");
    assert_eq!(history[5]["words"], "dismissed: wages");

    // Decisions move the queue, and become labels. A dismissal alone may leave all scores as they are.
    let other = queue["alerts"][1]["number"].to_string();
    desk(&["alerts", "propose", &other, "confirmed", "--text", "as the alert says"]);
    desk(&["alerts", "approve", &other, "--as", "B. Example"]);
    let moved = desk(&["alerts", "ls"]);
    assert!(moved["ranked_at"].is_string());
    let around = |alert: &Value| alert["reviewed_around"].as_f64().unwrap() != 0.0;
    assert!(moved["alerts"].as_array().unwrap().iter().any(around));
    let shown = desk(&["alerts", "show", &moved["alerts"][0]["number"].to_string()]);
    assert!((sum(&shown) - shown["score"].as_f64().unwrap()).abs() < 1e-4, "and still");
    let out = place.text("labels.csv");
    let labels = desk(&["labels", "--out", &out]);
    assert_eq!((&labels["confirmed"], &labels["dismissed"]), (&json!(1), &json!(1)));
    let text = fs::read_to_string(out).unwrap();
    let line = text.lines().nth(1).unwrap();
    assert!(text.starts_with("side,account,label,decided_at,reason\n"), "{text}");
    assert!(
        line.starts_with(&format!("payee,{},0,", first["account"].as_str().unwrap())),
        "{line}"
    );
    assert!(line.ends_with(",wages"), "{line}");
    assert_eq!(json(&["ledger", "verify", "--dir", &dir])["holds"], true);

    // What a threshold would have raised, step by step; none is lost at the lowest.
    let low = desk(&["backtest", "--threshold", "-99", "--every", "120"]);
    let high = desk(&["backtest", "--threshold", "99", "--every", "120"]);
    assert_eq!(low["steps"].as_array().unwrap().last().unwrap()["transfers"], rows);
    assert_eq!(
        (&low["dismissed"]["raised"], &low["dismissed"]["not_raised"]),
        (&json!(1), &json!(0))
    );
    assert_eq!((&high["alerts"], &high["dismissed"]["not_raised"]), (&json!(0), &json!(1)));
    let new = |step: &Value| step["payees"].as_u64().unwrap() + step["payers"].as_u64().unwrap();
    let steps = low["steps"].as_array().unwrap();
    assert_eq!(steps.iter().map(new).sum::<u64>(), low["alerts"].as_u64().unwrap());
}

#[test]
fn an_import_that_was_killed_is_done_again_and_doubles_nothing() {
    let place = Place::new();
    let (dir, file) = world(&place);
    let out = place.text("large");
    json(&["payments", "generate", "--out", &out, "--transfers", "60000", "--seed", "8"]);
    let large = format!("{out}/transfers.csv");
    let args = ["payments", "import", &large, "--no-screen", "--dir", &dir];
    let mut child = crate::support::tutela().args(args).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(700));
    child.kill().unwrap();
    child.wait().unwrap();
    let rows = fs::read_to_string(&large).unwrap().lines().count() as u64 - 1;
    let whole = json(&args);
    // It may have ended before it was killed.
    let already = whole["files"][0]["already"] == true;
    assert!(already || whole["transfers"] == rows, "{whole}");
    let small = json(&["payments", "import", &file, "--top", "5", "--dir", &dir]);
    let here = small["transfers"].as_u64().unwrap();
    assert_eq!(small["screening"]["transfers"].as_u64().unwrap(), rows + here);
    assert_eq!(json(&["ledger", "verify", "--dir", &dir])["holds"], true);
}
