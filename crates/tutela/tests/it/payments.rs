//! `payments train`: a model from labels, its card, and screening by it.

use std::fs;

use crate::support::{Place, json, run, stderr};

/// A generated world, and the share of its labels that is known: every `nth` marked account.
fn world(place: &Place, nth: usize) -> (String, String) {
    let out = place.text("world");
    json(&["payments", "generate", "--out", &out, "--transfers", "12000", "--seed", "3"]);
    let truth = fs::read_to_string(format!("{out}/truth.csv")).unwrap();
    let mut lines = truth.lines();
    let header = lines.next().unwrap().to_owned();
    let marked = lines.filter(|line| line.ends_with(",1")).step_by(nth);
    let rows: Vec<String> = [header].into_iter().chain(marked.map(str::to_owned)).collect();
    let labels = place.file("labels.csv", rows.join("\n") + "\npayee,nobody,1\npayee,x,maybe\n");
    (format!("{out}/transfers.csv"), labels)
}

#[test]
fn a_model_is_trained_judged_and_screened_by() {
    let place = Place::new();
    let (transfers, labels) = world(&place, 2);
    let model = place.text("model");
    let common = ["payments", "train", &transfers, "--labels", &labels, "--partial"];
    let trained = |out: &str, more: &[&str]| json(&[&common[..], &["--out", out], more].concat());
    let view = trained(&model, &[]);
    assert_eq!(view["schema"], "tutela.payments_train.v1");
    assert_eq!(view["rejected_labels"][0]["field"], "label");
    for (side, name) in [(0, "payee"), (1, "payer")] {
        let side = &view["sides"][side];
        assert_eq!(side["side"], name);
        assert!(side["trained"].as_bool().unwrap() && side["marked"].as_u64().unwrap() >= 20);
        assert!(side["held_out"]["average_precision"]["value"].as_f64().unwrap() > 0.2, "{side}");
        assert!(!side["strongest"].as_array().unwrap().is_empty());
        let used = side["curves"].as_array().unwrap().iter().map(|curve| &curve["feature"]);
        assert!(used.clone().all(|name| name != "age" && name != "male"));
    }
    assert!(!view["backtest"]["months"].as_array().unwrap().is_empty());
    let read = |name: &str| fs::read_to_string(format!("{model}/{name}")).unwrap();
    let (html, text) = (read("card.html"), read("card.md"));
    assert!(
        html.contains("<svg") && !html.contains("<script") && html.contains("default-src 'none'")
    );
    assert!(text.contains("## Backtest by time") && text.contains("Labels are partial"));

    let again = place.text("again");
    trained(&again, &["--threads", "1"]);
    assert_eq!(read("model.json"), fs::read_to_string(format!("{again}/model.json")).unwrap());

    let file = format!("{model}/model.json");
    let screened = json(&["payments", "screen", &transfers, "--model", &file, "--top", "3"]);
    for alert in screened["alerts"].as_array().unwrap() {
        let parts = alert["indicators"].as_array().unwrap();
        let sum: f64 = parts.iter().filter_map(|part| part["weight"].as_f64()).sum();
        assert!((sum - alert["score"].as_f64().unwrap()).abs() < 1e-6);
    }
    let other = place.file("other.json", read("model.json").replace("model.v1", "model.v2"));
    let refused = run(&["payments", "screen", &transfers, "--model", &other]);
    assert_eq!(refused.status.code(), Some(3));
    assert!(stderr(&refused).contains("tutela.payments_model.v2"), "{}", stderr(&refused));
    assert_eq!(run(&[&common[..], &["--out", &model]].concat()).status.code(), Some(5));
}

#[test]
fn corridors_are_counted_and_a_page_is_written() {
    let place = Place::new();
    let (transfers, _) = world(&place, 40);
    let (scores, out, screened) =
        (place.text("scores.csv"), place.text("quality"), place.text("screened"));
    json(&["payments", "screen", &transfers, "--scores", &scores, "--out", &screened]);
    let own = fs::read_to_string(format!("{screened}/corridors.csv")).unwrap();
    assert!(own.starts_with("from,to,transfers,payers,payer_alerts,payers_right,"), "{own}");
    let truth = transfers.replace("transfers.csv", "truth.csv");
    let judge = ["payments", "evaluate", "--scores", &scores, "--truth", &truth, "--top", "100"];
    let view = json(&[&judge[..], &["--corridors", &transfers, "--out", &out]].concat());
    let corridors = view["corridors"].as_array().unwrap();
    let sum = |name: &str| corridors.iter().filter_map(|one| one[name].as_u64()).sum::<u64>();
    assert!(sum("transfers") > 11_000 && sum("payer_alerts") >= 100);
    assert!(sum("payers_right") <= sum("payer_alerts") && sum("payees_right") > 0);
    let page = fs::read_to_string(format!("{out}/quality.html")).unwrap();
    assert!(page.contains("<svg") && page.contains("Alerts by corridor"));
    assert!(fs::read_to_string(format!("{out}/corridors.csv")).unwrap().lines().count() > 2);
}

#[test]
fn age_and_sex_need_a_legal_basis_and_a_model_needs_labels() {
    let place = Place::new();
    let (transfers, labels) = world(&place, 40);
    let common = ["payments", "train", &transfers, "--labels", &labels];
    let out = place.text("out");
    let few = run(&[&common[..], &["--out", &out]].concat());
    assert_eq!(few.status.code(), Some(3));
    assert!(stderr(&few).contains("from 20 on"), "{}", stderr(&few));
    let person = run(&[&common[..], &["--out", &out, "--person"]].concat());
    assert_eq!(person.status.code(), Some(2));
}
