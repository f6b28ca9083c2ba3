//! `/m`: look-ups and comparisons.

use serde_json::{Value, json};

use super::{A, A2, MD5, bank, flat, signal};
use crate::served::Served;
use crate::support::CHART;

#[test]
fn signals_are_looked_up_by_bank() {
    let (_place, served) = Served::fresh(&[]);
    bank(&served, "A");
    bank(&served, "B");
    signal(&served, "A", A);
    signal(&served, "B", A2);
    let md5 = served.send("POST", "/c/bank/B/signal", &json!({"video_md5": MD5}));
    assert_eq!(md5.status, 200);
    let near = |id: u64, distance: &str| json!([{"bank_content_id": id, "distance": distance}]);
    let both = json!({"A": near(1, "0"), "B": near(2, "2")});
    let get = |query: &str| served.get(&format!("/m/lookup?{query}"));
    let of_a = format!("signal_type=pdq&signal={A}");
    get(&of_a).is(200, &both);
    get(&format!("{of_a}&banks=")).is(200, &both);
    get(&format!("{of_a}&banks=B")).is(200, &json!({"B": near(2, "2")}));
    get(&format!("{of_a}&banks=B,NONE")).is(200, &json!({"B": near(2, "2")}));
    get(&format!("{of_a}&banks=NONE")).is(200, &json!({}));
    get(&format!("signal_type=pdq&signal={}", "5".repeat(64))).is(200, &json!({}));
    get(&format!("signal_type=video_md5&signal={}", MD5.to_uppercase()))
        .is(200, &json!({"B": near(3, "-")}));
    for bad in
        [A.to_uppercase(), "ab".to_owned(), format!("{A}0"), "%00".to_owned(), "Ä".repeat(32)]
    {
        let path = format!("signal_type=pdq&signal={}", bad.replace('Ä', "%C3%84"));
        get(&path).says(400, "invalid signal: invalid PDQ hash");
    }
    get("signal_type=video_md5&signal=zz").says(400, "invalid signal: not 32 hexadecimal digits");
    get("signal_type=zz&signal=ab").says(400, "No such SignalType 'zz'");
    let needed = "Either url or both signal and signal_type are required";
    for lacking in ["", "signal=ab", "signal_type=pdq", "url="] {
        get(lacking).says(400, needed);
    }
    // A picture of poor quality has the empty signal.
    get("signal_type=pdq&signal=").is(200, &json!({}));
    get(&format!("{of_a}&bypass_coinflip=1")).is(200, &both);
    assert_eq!(get(&format!("{of_a}&bypass_coinflip=perhaps")).status, 422);
    get("url=http://example.org/a.jpg").says(400, "Invalid or unsafe URL provided");
}

#[test]
fn one_coin_decides_for_all_banks_of_a_request() {
    let (_place, served) = Served::fresh(&[]);
    for (name, ratio) in [("NONE", 0.0), ("FEW", 0.25), ("MANY", 0.75), ("ALL", 1.0)] {
        let body = json!({"name": name, "enabled_ratio": ratio});
        assert_eq!(served.send("POST", "/c/banks", &body).status, 201);
        signal(&served, name, A);
    }
    let banks = |query: &str| {
        let answer = served.get(&format!("/m/lookup?signal_type=pdq&signal={A}{query}")).json();
        let mut names: Vec<String> = answer.as_object().unwrap().keys().cloned().collect();
        names.sort();
        names.join(" ")
    };
    let mut seen: Vec<String> = (0..40).map(|seed| banks(&format!("&seed={seed}"))).collect();
    let again: Vec<String> = (0..40).map(|seed| banks(&format!("&seed={seed}"))).collect();
    assert_eq!(seen, again, "a seed has one coin");
    seen.sort();
    seen.dedup();
    // Ratios nest: whatever a bank answers, one with a larger ratio answers too.
    assert_eq!(seen, ["ALL", "ALL FEW MANY", "ALL MANY"]);
    assert_eq!(banks("&bypass_coinflip=true"), "ALL FEW MANY NONE");
    let raw = served.get(&format!("/m/raw_lookup?signal_type=pdq&signal={A}")).json();
    assert_eq!(raw["matches"].as_array().unwrap().len(), 4);
}

#[test]
fn raw_look_ups_ignore_what_is_switched_off() {
    let (_place, served) = Served::fresh(&[]);
    bank(&served, "A");
    bank(&served, "B");
    signal(&served, "A", A);
    signal(&served, "B", A2);
    let off = served.send("PUT", "/c/bank/A/content/1", &json!({"disable_until_ts": 0}));
    assert_eq!(off.status, 200);
    let get = |query: &str| served.get(&format!("/m/raw_lookup?signal_type=pdq&signal={A}{query}"));
    get("").is(200, &json!({"matches": [1, 2]}));
    let with_distance = json!({"matches": [
        {"bank_content_id": 1, "distance": "0"}, {"bank_content_id": 2, "distance": "2"},
    ]});
    get("&include_distance=true").is(200, &with_distance);
    get("&include_distance=1&banks=B")
        .is(200, &json!({"matches": [{"bank_content_id": 2, "distance": "2"}]}));
    get("&banks=NONE").is(200, &json!({"matches": []}));
    assert_eq!(get("&include_distance=zz").status, 422);
    let path = format!("/m/lookup?signal_type=pdq&signal={A}");
    served.get(&path).is(200, &json!({"B": [{"bank_content_id": 2, "distance": "2"}]}));
    let on = served.send("PUT", "/c/bank/A/content/1", &json!({"disable_until_ts": 1}));
    assert_eq!(on.status, 200);
    assert_eq!(served.get(&path).json().as_object().unwrap().len(), 2);
    for (query, faults) in [("", 2), ("signal_type=pdq", 1), ("signal=ab", 1)] {
        let answer = served.get(&format!("/m/raw_lookup?{query}"));
        assert_eq!(
            (answer.status, answer.json().as_array().unwrap().len()),
            (422, faults),
            "{query}"
        );
    }
    served.get("/m/raw_lookup?signal_type=zz&signal=1").says(400, "No such SignalType 'zz'");
    served
        .get("/m/raw_lookup?signal_type=pdq&signal=")
        .says(400, "invalid signal: invalid PDQ hash");
}

#[test]
fn uploads_are_looked_up_by_kind_and_bank() {
    let (_place, served) = Served::fresh(&[]);
    bank(&served, "A");
    let chart = ("photo", Some("x.png"), CHART);
    let film: (&str, Option<&str>, &[u8]) = ("video", Some("x.mp4"), b"pretend film");
    assert_eq!(served.form("/c/bank/A/content", &[chart]).status, 200);
    assert_eq!(served.form("/c/bank/A/content", &[film]).status, 200);
    let near =
        |id: u64, distance: &str| json!({"A": [{"bank_content_id": id, "distance": distance}]});
    served.form("/m/lookup", &[chart]).is(200, &json!({"pdq": near(1, "0")}));
    served.form("/m/lookup?banks=NONE", &[chart]).is(200, &json!({"pdq": {}}));
    served
        .form("/m/lookup?types=pdq&bypass_coinflip=true", &[chart])
        .is(200, &json!({"pdq": near(1, "0")}));
    served.form("/m/lookup", &[film]).is(200, &json!({"video_md5": near(2, "-")}));
    served.form("/m/lookup", &[("photo", Some("x.png"), &flat())]).is(200, &json!({"pdq": {}}));
    served
        .form("/m/lookup", &[("file", Some("x"), CHART)])
        .says(400, "no such content_type: 'file'");
    served.form("/m/lookup", &[]).says(400, "Missing multipart/form-data file upload");
    served.ask("POST", "/m/lookup", "", b"").says(400, "Missing multipart/form-data file upload");
}

#[test]
fn signals_are_compared() {
    let (_place, served) = Served::fresh(&[]);
    let post = |body: Value| served.send("POST", "/m/compare", &body);
    post(json!({"pdq": [A, A2]})).is(200, &json!({"pdq": [true, {"distance": 2}]}));
    post(json!({"pdq": [A, "0".repeat(64)]})).is(200, &json!({"pdq": [false, {"distance": 128}]}));
    post(json!({"video_md5": [MD5, MD5], "pdq": [A, A]}))
        .is(200, &json!({"video_md5": [true, {}], "pdq": [true, {"distance": 0}]}));
    post(json!({"video_md5": [MD5, "0".repeat(32)]})).is(200, &json!({"video_md5": [false, {}]}));
    post(json!({})).is(200, &json!({}));
    post(json!([])).says(400, "Request input was not a dict");
    post(json!({"pdq": "x"})).says(400, "Comparison hashes for pdq was not a list");
    for pair in [json!([A]), json!([]), json!([A, A, A])] {
        post(json!({"pdq": pair})).says(400, "Comparison hash list length must be exactly 2");
    }
    post(json!({"pdq": ["x", "y"]})).says(400, "Invalid pdq hash: invalid PDQ hash");
    post(json!({"pdq": [5, 5]})).says(400, "Invalid pdq hash: it is not a text");
    post(json!({"zz": [A, A]})).says(400, "No such SignalType 'zz'");
    assert_eq!(served.ask("POST", "/m/compare", "", b"x").status, 415);
}

#[test]
fn the_index_says_what_it_holds() {
    let (_place, served) = Served::fresh(&[]);
    let absent = json!({"present": false, "built_to": -1, "size": 0});
    served.get("/m/index/status?signal_type=pdq").is(200, &json!({"pdq": absent}));
    bank(&served, "A");
    signal(&served, "A", A);
    let status = served.get("/m/index/status").json();
    assert_eq!((&status["pdq"]["present"], &status["pdq"]["size"]), (&json!(true), &json!(1)));
    assert!(status["pdq"]["built_to"].as_i64().unwrap() > 1_700_000_000);
    assert_eq!(status["video_md5"], absent);
    served.get("/m/index/status?signal_type=zz").says(400, "No such signal type 'zz'");
}
