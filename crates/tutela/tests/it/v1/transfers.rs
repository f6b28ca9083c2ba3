//! Transfers as they arrive: stored, scored, told and counted.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::server::{Answer, Server, create_token};

const PATH: &str = "/v1/transfers";

fn transfer(id: &str, minute: u32, payer: &str, payee: &str) -> Value {
    json!({
        "transfer_id": id, "time": format!("2026-03-01T10:{minute:02}:00Z"), "amount": "15.00", "currency": "USD",
        "payer_account": payer, "payee_account": payee, "payer_country": "GB", "payee_country": "PH",
    })
}

/// Until the history is in memory, the server says so.
fn post(server: &Server, body: &Value) -> Answer {
    let begun = Instant::now();
    loop {
        let answer = server.post(PATH, body);
        if answer.status != 503 || begun.elapsed() > Duration::from_secs(60) {
            return answer;
        }
        answer.problem(503, "app.loading_transfers");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn transfers_are_stored_and_scored_as_they_arrive() {
    let server = Server::start();
    let one = post(&server, &transfer("t1", 1, "a", "x")).expect(200);
    assert_eq!((&one["history"], &one["rejected"]), (&json!(1), &json!([])));
    let taken = &one["transfers"][0];
    assert_eq!((&taken["row"], &taken["transfer_id"]), (&json!(1), &json!("t1")));
    for end in ["payer", "payee"] {
        let end = &taken[end];
        assert_eq!(end["transfers"], 1, "{end}");
        let parts = end["indicators"].as_array().unwrap();
        let sum: f64 = parts.iter().map(|part| part["weight"].as_f64().unwrap()).sum();
        assert!((sum - end["score"].as_f64().unwrap()).abs() < 1e-3, "{end}");
        assert!(parts.iter().any(|part| part["id"] == "base"), "{end}");
    }

    // What is wrong with one leaves the others alone.
    let mut nothing = transfer("t3", 3, "a", "y");
    nothing["amount"] = json!("0");
    let many = json!([
        transfer("t2", 2, "b", "x"),
        nothing,
        transfer("t1", 4, "c", "x"),
        transfer("t4", 5, "d", "d")
    ]);
    let many = post(&server, &many).expect(200);
    assert_eq!(many["transfers"].as_array().unwrap().len(), 1);
    assert_eq!(many["transfers"][0]["payee"]["transfers"], 2);
    let rejected = many["rejected"].as_array().unwrap();
    let rows: Vec<&Value> = rejected.iter().map(|one| &one["row"]).collect();
    assert_eq!(rows, [2, 3, 4]);
    assert_eq!(rejected[1]["field"], "transfer_id");

    // One a line.
    let lines = format!("{}\n{}\n", transfer("t5", 6, "a", "x"), transfer("t6", 7, "e", "x"));
    let lines = server.upload(PATH, "application/x-ndjson", lines.as_bytes()).expect(200);
    assert_eq!((lines["transfers"].as_array().unwrap().len(), &lines["history"]), (2, &json!(4)));

    let metrics = String::from_utf8(server.get("/metrics").body).unwrap();
    for line in
        ["tutela_transfers_total 4", "tutela_transfers_rejected_total 3", "tutela_transfers_held 4"]
    {
        assert!(metrics.contains(line), "{line} is not in {metrics}");
    }
}

#[test]
fn a_key_does_it_once_and_a_scope_is_needed() {
    let server = Server::start();
    post(&server, &transfer("t1", 1, "a", "x")).expect(200);
    let send = |body: &Value| {
        let headers = [&server.bearer(), "content-type: application/json", "idempotency-key: one"];
        server.ask("POST", PATH, &headers, body.to_string().as_bytes())
    };
    let first = send(&transfer("t2", 2, "b", "x"));
    let again = send(&transfer("t2", 2, "b", "x"));
    assert_eq!(first.expect(200), again.expect(200));
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    send(&transfer("t3", 2, "b", "x")).problem(422, "web.key_taken");

    server.upload(PATH, "text/plain", b"{}").problem(415, "web.media_type");
    server.upload(PATH, "application/json", b"nothing").problem(422, "app.bad_field");
    let token = create_token(&server.place, &["--scopes", "match"]);
    let bearer = format!("authorization: Bearer {token}");
    std::thread::sleep(Duration::from_millis(600));
    let headers = [bearer.as_str(), "content-type: application/json"];
    server.ask("POST", PATH, &headers, b"{}").problem(403, "web.no_scope");
}
