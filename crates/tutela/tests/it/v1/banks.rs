//! Banks and their contents: made, read, changed and removed.

use serde_json::{Value, json};

use super::server::Server;
use crate::support::keys;

/// 128 bits set, of which the first `flips` nibbles are turned: each turns four bits.
pub(crate) fn signal(flips: usize) -> String {
    let mut text = "0f".repeat(32).into_bytes();
    for digit in &mut text[..flips] {
        *digit = if *digit == b'0' { b'f' } else { b'0' };
    }
    String::from_utf8(text).unwrap()
}

pub(crate) fn pdq(value: &str) -> Value {
    json!({"kind": "pdq", "value": value})
}

#[test]
fn a_bank_lives_from_its_making_to_its_removal() {
    let server = Server::start();
    let made = server.post("/v1/banks", &json!({"name": "LOCAL", "note": "ours"}));
    assert_eq!(made.header("location"), Some("/v1/banks/LOCAL"));
    let made = made.expect(201);
    assert_eq!(
        keys(&made),
        [
            "actions",
            "content_count",
            "created_at",
            "distance",
            "enabled_ratio",
            "name",
            "note",
            "role"
        ]
    );
    assert_eq!(made["actions"], json!({"alert": true, "webhooks": []}));
    assert_eq!((&made["role"], &made["enabled_ratio"]), (&json!("alert"), &json!(1.0)));
    assert!(made["created_at"].as_str().unwrap().ends_with('Z'), "UTC");
    let change = json!({
        "name": "OURS", "role": "allow", "enabled_ratio": 0.5, "distance": 20, "note": null,
        "actions": {"alert": false},
    });
    let changed = server.patch("/v1/banks/LOCAL", &change).expect(200);
    assert_eq!(changed["name"], "OURS");
    assert_eq!((&changed["distance"], &changed["note"]), (&json!(20), &Value::Null));
    let untouched = server.patch("/v1/banks/OURS", &json!({})).expect(200);
    assert_eq!(untouched["distance"], 20, "what is left out stays");
    let reset = server.patch("/v1/banks/OURS", &json!({"distance": null})).expect(200);
    assert_eq!(reset["distance"], Value::Null);
    server.get("/v1/banks/LOCAL").problem(404, "app.no_such");
    assert_eq!(server.get("/v1/banks/OURS").expect(200)["content_count"], 0);
    assert_eq!(server.delete("/v1/banks/OURS").status, 204);
    server.delete("/v1/banks/OURS").problem(404, "app.no_such");
}

#[test]
fn banks_come_in_pages() {
    let server = Server::start();
    for name in ["A", "B", "C"] {
        server.post("/v1/banks", &json!({"name": name})).expect(201);
    }
    let first = server.get("/v1/banks?limit=2").expect(200);
    assert_eq!(first["banks"].as_array().unwrap().len(), 2);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = server.get(&format!("/v1/banks?limit=2&cursor={cursor}")).expect(200);
    assert_eq!((&second["banks"][0]["name"], &second["next_cursor"]), (&json!("C"), &Value::Null));
    for query in ["limit=0", "limit=1001", "limit=x", "cursor=x", "cursor=-1", "colour=blue"] {
        server.get(&format!("/v1/banks?{query}")).problem(422, "web.bad_address");
    }
}

#[test]
fn banks_that_cannot_be_are_refused() {
    let server = Server::start();
    server.post("/v1/banks", &json!({"name": "A"})).expect(201);
    server.post("/v1/banks", &json!({"name": "B"})).expect(201);
    let check = |body: Value, status: u16, code: &str| {
        server.post("/v1/banks", &body).problem(status, code);
    };
    check(json!({"name": "A"}), 409, "app.bank_exists");
    for name in ["", "a", "1A", "A B", "A/B", &"A".repeat(256)] {
        check(json!({"name": name}), 422, "app.bad_bank_name");
    }
    check(json!({}), 422, "web.bad_body");
    check(json!({"name": "C", "colour": "blue"}), 422, "web.bad_body");
    check(json!({"name": "C", "role": "maybe"}), 422, "web.bad_body");
    check(json!({"name": "C", "enabled_ratio": 1.5}), 422, "app.bad_field");
    check(json!({"name": "C", "distance": 32}), 422, "app.bad_field");
    check(json!({"name": "C", "distance": -1}), 422, "web.bad_body");
    check(json!({"name": "C", "note": "x".repeat(256)}), 422, "app.bad_field");
    let actions = json!({"alert": true, "webhooks": ["nobody"]});
    check(json!({"name": "C", "actions": actions}), 404, "app.no_such");
    server.patch("/v1/banks/B", &json!({"name": "A"})).problem(409, "app.bank_exists");
    server.patch("/v1/banks/GONE", &json!({})).problem(404, "app.no_such");
    server.get("/v1/banks/GONE/contents").problem(404, "app.no_such");
    server
        .post("/v1/banks/GONE/contents", &json!({"contents": [{"signals": [pdq(&signal(0))]}]}))
        .problem(404, "app.no_such");
}

#[test]
fn contents_are_added_all_or_none_and_found_at_once() {
    let server = Server::start();
    server.post("/v1/banks", &json!({"name": "A"})).expect(201);
    let full = json!({
        "signals": [pdq(&signal(0)), {"kind": "md5", "value": "0".repeat(32)}],
        "note": "generated", "labels": ["x", "y"], "uri": "https://files.example.org/1",
        "metadata": {"ticket": 7}, "expires_at": "2091-01-01T01:00:00+01:00",
    });
    let added = server
        .post("/v1/banks/A/contents", &json!({"contents": [full, {"signals": [pdq(&signal(8))]}]}));
    let added = added.expect(201);
    let content = &added["contents"][0];
    assert_eq!(
        keys(content),
        [
            "bank",
            "content",
            "created_at",
            "disable_until",
            "enabled",
            "exchange_key",
            "expires_at",
            "labels",
            "metadata",
            "note",
            "quarantined_at",
            "record",
            "signals",
            "uri"
        ]
    );
    assert_eq!(content["expires_at"], "2091-01-01T00:00:00Z", "in UTC");
    assert_eq!(content["metadata"], json!({"ticket": 7}));
    let look_up = json!({"queries": [pdq(&signal(1))]});
    let found = server.post("/v1/look_ups", &look_up).expect(200);
    assert_eq!(found["answers"][0]["matches"][0]["content"], content["content"], "found at once");

    let bad = json!({"contents": [{"signals": [pdq(&signal(4))]}, {"signals": [pdq("xyz")]}]});
    let words = server.post("/v1/banks/A/contents", &bad).problem(422, "app.bad_signal");
    assert!(words.contains("pdq"), "{words}");
    assert_eq!(server.get("/v1/banks/A").expect(200)["content_count"], 2, "none of them");
    let number = content["content"].as_u64().unwrap();
    let one = server.get(&format!("/v1/banks/A/contents/{number}")).expect(200);
    assert_eq!(&one, content);
    let page = server.get("/v1/banks/A/contents?limit=1").expect(200);
    let cursor = page["next_cursor"].as_str().unwrap();
    let rest = server.get(&format!("/v1/banks/A/contents?cursor={cursor}")).expect(200);
    assert_eq!(rest["contents"][0], added["contents"][1]);
    assert_eq!(rest["next_cursor"], Value::Null);
}

#[test]
fn contents_that_cannot_be_are_refused() {
    let server = Server::start();
    server.post("/v1/banks", &json!({"name": "A"})).expect(201);
    let check = |content: Value, status: u16, code: &str| {
        let body = json!({"contents": [content]});
        server.post("/v1/banks/A/contents", &body).problem(status, code);
    };
    let good = signal(0);
    check(json!({"signals": []}), 422, "app.bad_field");
    check(json!({"signals": [pdq(&good), pdq(&good)]}), 422, "app.bad_field");
    check(json!({"signals": [{"kind": "colour", "value": "blue"}]}), 404, "app.no_such");
    check(json!({"signals": [{"kind": "md5", "value": good}]}), 422, "app.bad_signal");
    check(json!({"signals": [pdq(&good)], "note": "x".repeat(256)}), 422, "app.bad_field");
    check(json!({"signals": [pdq(&good)], "labels": vec!["x"; 65]}), 422, "app.bad_field");
    check(json!({"signals": [pdq(&good)], "labels": [""]}), 422, "app.bad_field");
    check(json!({"signals": [pdq(&good)], "uri": "x".repeat(2_049)}), 422, "app.bad_field");
    check(json!({"signals": [pdq(&good)], "metadata": "x".repeat(65_537)}), 422, "app.bad_field");
    check(json!({"signals": [pdq(&good)], "expires_at": "tomorrow"}), 422, "app.bad_field");
    let both =
        json!({"signals": [pdq(&good)], "enabled": true, "disable_until": "2091-01-01T00:00:00Z"});
    check(both, 422, "app.bad_field");
    check(json!({"signals": [pdq(&good)], "colour": "blue"}), 422, "web.bad_body");
    server.post("/v1/banks/A/contents", &json!({"contents": []})).problem(422, "app.bad_field");
    let many = vec![json!({"signals": [pdq(&good)]}); 1_001];
    server.post("/v1/banks/A/contents", &json!({"contents": many})).problem(422, "app.bad_field");
    assert_eq!(server.get("/v1/banks/A").expect(200)["content_count"], 0);
}

#[test]
fn what_is_known_of_a_content_changes_and_its_bank_is_checked() {
    let server = Server::start();
    for name in ["A", "B"] {
        server.post("/v1/banks", &json!({"name": name})).expect(201);
    }
    let body =
        json!({"contents": [{"signals": [pdq(&signal(0))]}, {"signals": [pdq(&signal(1))]}]});
    let added = server.post("/v1/banks/A/contents", &body).expect(201);
    let numbers: Vec<u64> =
        (0..2).map(|at| added["contents"][at]["content"].as_u64().unwrap()).collect();
    let found = || {
        let look_up = json!({"queries": [pdq(&signal(0))]});
        let answer = server.post("/v1/look_ups", &look_up).expect(200);
        answer["answers"][0]["matches"].as_array().unwrap().len()
    };
    let (first, elsewhere) = (
        format!("/v1/banks/A/contents/{}", numbers[0]),
        format!("/v1/banks/B/contents/{}", numbers[0]),
    );
    let change = |body: Value| server.patch(&first, &body);
    let changed = change(json!({"note": "seen", "labels": ["z"], "enabled": false})).expect(200);
    assert_eq!((&changed["note"], &changed["labels"]), (&json!("seen"), &json!(["z"])));
    assert_eq!((&changed["enabled"], found()), (&json!(false), 1));
    let later = change(json!({"disable_until": "2091-01-01T00:00:00Z"})).expect(200);
    assert_eq!(later["disable_until"], "2091-01-01T00:00:00Z");
    assert_eq!((&later["note"], found()), (&json!("seen"), 1), "what is left out stays");
    let back = change(json!({"enabled": true, "note": null, "expires_at": "2091-01-01T00:00:00Z"}));
    let back = back.expect(200);
    assert_eq!((&back["note"], &back["disable_until"], found()), (&Value::Null, &Value::Null, 2));
    change(json!({"expires_at": "2001-01-01T00:00:00Z"})).expect(200);
    assert_eq!(found(), 1, "expired");
    change(json!({"expires_at": null})).expect(200);
    change(json!({"colour": "blue"})).problem(422, "web.bad_body");

    server.get(&elsewhere).problem(404, "store.not_found");
    server.patch(&elsewhere, &json!({})).problem(404, "store.not_found");
    server.delete(&elsewhere).problem(404, "app.no_such");
    server.get("/v1/banks/A/contents/18446744073709551615").problem(404, "app.no_such");
    server.get("/v1/banks/A/contents/x").problem(404, "web.no_route");

    let disable = server.post("/v1/banks/A/contents/disable", &json!({"contents": numbers}));
    assert_eq!((disable.expect(200), found()), (json!({"changed": 2}), 0));
    let enable = |body: Value| server.post("/v1/banks/A/contents/enable", &body);
    enable(json!({"contents": [numbers[0], 999]})).problem(404, "store.not_found");
    assert_eq!(found(), 0, "all or none");
    enable(json!({"contents": []})).problem(422, "app.bad_field");
    assert_eq!(
        (enable(json!({"contents": numbers})).expect(200), found()),
        (json!({"changed": 2}), 2)
    );
    let until = json!({"contents": numbers, "until": "2091-01-01T00:00:00Z"});
    server.post("/v1/banks/A/contents/disable", &until).expect(200);
    assert_eq!(server.get(&first).expect(200)["disable_until"], "2091-01-01T00:00:00Z");
    assert_eq!(server.delete(&first).status, 204);
    server.delete(&first).problem(404, "app.no_such");
}
