//! Findings: raised by look-ups, decided by people.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::banks::{pdq, signal};
use super::server::Server;
use crate::support::{json as run_json, keys};

/// The first page of findings, once there are so many.
fn findings(server: &Server, query: &str, count: usize) -> Vec<Value> {
    let begun = Instant::now();
    loop {
        let page = server.get(&format!("/v1/matches?{query}")).expect(200);
        let found = page["matches"].as_array().unwrap().clone();
        if found.len() == count {
            return found;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{} instead of {count}", found.len());
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_match_becomes_a_finding_that_a_person_decides() {
    let server = Server::start();
    server.post("/v1/banks", &json!({"name": "A"})).expect(201);
    let body =
        json!({"contents": [{"signals": [pdq(&signal(0))]}, {"signals": [pdq(&signal(1))]}]});
    server.post("/v1/banks/A/contents", &body).expect(201);
    let ask = || {
        let answer =
            server.post("/v1/look_ups", &json!({"queries": [pdq(&signal(0))]})).expect(200);
        answer["answers"][0]["matches"].as_array().unwrap().len()
    };
    assert_eq!((ask(), ask()), (2, 2));
    let found = findings(&server, "state=open", 2);
    let one = &found[0];
    assert_eq!(
        keys(one),
        [
            "alert",
            "bank",
            "content",
            "decision",
            "distance",
            "first_at",
            "id",
            "kind",
            "last_at",
            "orientation",
            "rule",
            "state",
            "stored",
            "times",
            "value"
        ]
    );
    assert_eq!((&one["bank"], &one["alert"]), (&json!("A"), &json!(true)));
    assert_eq!((&one["state"], &one["decision"]), (&json!("open"), &Value::Null));
    let rule = json!({"id": "service.near", "version": 1, "parameters": {"distance": 31}});
    assert_eq!(one["rule"], rule, "enough to replay it");
    let id = one["id"].as_str().unwrap();
    let path = format!("/v1/matches/{id}");
    assert_eq!(server.get(&path).expect(200)["id"], *id);

    server.post(&format!("{path}/dispute"), &json!({})).problem(422, "app.no_reason");
    server.post(&format!("{path}/dispute"), &json!({"reason": " "})).problem(422, "app.no_reason");
    let disputed = server.post(&format!("{path}/dispute"), &json!({"reason": "a test chart"}));
    let disputed = disputed.expect(200);
    assert_eq!(disputed["state"], "disputed");
    assert_eq!(disputed["decision"]["reason"], "a test chart");
    let people = run_json(&["operator", "ls", "--dir", &server.place.text("ws")]);
    assert_eq!(
        disputed["decision"]["operator"], people["operators"][0]["id"],
        "the token's operator"
    );
    assert_eq!(ask(), 1, "the pair is reported no more");
    let confirmed = server.post(&format!("{path}/confirm"), &json!({})).expect(200);
    assert_eq!(confirmed["state"], "confirmed");
    assert_eq!(ask(), 2, "decided anew");
    findings(&server, "state=confirmed", 1);
    findings(&server, "state=open&bank=A&kind=pdq", 1);
    findings(&server, "kind=md5", 0);

    let page = server.get("/v1/matches?limit=1").expect(200);
    let cursor = page["next_cursor"].as_str().unwrap();
    let next = server.get(&format!("/v1/matches?limit=1&cursor={cursor}")).expect(200);
    assert_ne!(next["matches"][0]["id"], page["matches"][0]["id"]);
    server.delete("/v1/banks/A");
    assert_eq!(server.get(&path).expect(200)["bank"], Value::Null, "a finding outlives its bank");
    assert!(
        run_json(&["ledger", "verify", "--dir", &server.place.text("ws")])["holds"]
            .as_bool()
            .unwrap()
    );
}

#[test]
fn findings_that_are_not_there_cannot_be_decided() {
    let server = Server::start();
    let gone = "/v1/matches/01234567-89ab-7cde-8f01-23456789abcd";
    server.get(gone).problem(404, "store.not_found");
    server.post(&format!("{gone}/confirm"), &json!({})).problem(404, "store.not_found");
    server.get("/v1/matches/x").problem(404, "app.no_such");
    let long = json!({"reason": "x".repeat(2_001)});
    server.post(&format!("{gone}/confirm"), &long).problem(422, "app.bad_field");
    server
        .post(&format!("{gone}/confirm"), &json!({"colour": "blue"}))
        .problem(422, "web.bad_body");
    for query in ["state=maybe", "limit=0", "cursor=x", "colour=blue"] {
        server.get(&format!("/v1/matches?{query}")).problem(422, "web.bad_address");
    }
    server.get("/v1/matches?bank=GONE").problem(404, "app.no_such");
    server.get("/v1/matches?kind=colour").problem(404, "app.no_such");
}

#[test]
fn a_flood_is_held_back_until_a_person_lets_it_go() {
    let server = Server::start_with(&[("TUTELA__MATCHING__FLOOD_MATCHES", "3")]);
    server.post("/v1/banks", &json!({"name": "A"})).expect(201);
    let body = json!({"contents": [{"signals": [pdq(&signal(0))]}]});
    let added = server.post("/v1/banks/A/contents", &body).expect(201);
    let number = &added["contents"][0]["content"];
    let queries: Vec<Value> = (1..6).map(|flips| pdq(&signal(flips))).collect();
    let ask = || server.post("/v1/look_ups", &json!({"queries": queries})).expect(200);
    let none = |answer: &Value| answer["answers"][0]["matches"] == json!([]);
    assert!(!none(&ask()));
    let begun = Instant::now();
    while !none(&ask()) {
        assert!(begun.elapsed() < Duration::from_secs(20), "it is still reported");
        std::thread::sleep(Duration::from_millis(20));
    }
    let held = server.get("/v1/banks/A/quarantine").expect(200);
    assert_eq!(&held["contents"][0]["content"], number);
    assert!(held["contents"][0]["quarantined_at"].as_str().is_some());
    let release = |body: Value| server.post("/v1/banks/A/quarantine/release", &body);
    release(json!({"contents": [999]})).problem(404, "store.not_found");
    assert_eq!(release(json!({"contents": [number]})).expect(200), json!({"changed": 1}));
    assert_eq!(server.get("/v1/banks/A/quarantine").expect(200)["contents"], json!([]));
    assert!(!none(&ask()));
}
