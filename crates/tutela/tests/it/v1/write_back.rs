//! What people decide about findings goes back to the exchange that the signal came from.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::fake::{Fake, MD5S, SLOW_USER};
use super::server::Server;
use crate::served::PATIENCE;
use crate::support::Place;

/// A server whose exchanges of NCMEC are played, and that tries verdicts again soon.
fn server(fake: &Fake) -> Server {
    let place = Place::with_workspace();
    fake.stand_in(&place);
    Server::over(place, &[("TUTELA__EXCHANGES__VERDICT_RETRY_S", "1")])
}

/// Sets up an exchange with credentials of its own.
fn exchange(server: &Server, name: &str, user: &str) {
    let new = json!({
        "name": name, "api": "ncmec",
        "config": {"environment": "https://hashsharing-test.ncmec.org/npo"},
        "credentials": {"user": user, "password": "p"},
    });
    server.post("/v1/exchanges", &new).expect(201);
}

/// Asks until the answer is right.
fn wait(server: &Server, path: &str, right: impl Fn(&Value) -> bool) -> Value {
    let begun = Instant::now();
    loop {
        let answer = server.get(path).expect(200);
        if right(&answer) {
            return answer;
        }
        assert!(begun.elapsed() < PATIENCE, "{path} stays {answer}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Looks a signal up and gives the id of its finding.
fn finding(server: &Server, md5: &str) -> String {
    let query = json!({"queries": [{"kind": "md5", "value": md5}]});
    // What was fetched is in memory a moment later.
    let begun = Instant::now();
    let content = loop {
        let answer = server.post("/v1/look_ups", &query).expect(200);
        let content = answer["answers"][0]["matches"][0]["content"].clone();
        if content.is_u64() {
            break content;
        }
        assert!(begun.elapsed() < PATIENCE, "{answer}");
    };
    let of = |page: &Value| {
        let matches = page["matches"].as_array().unwrap();
        matches.iter().find(|one| one["content"] == content).map(|one| one["id"].clone())
    };
    let page = wait(server, "/v1/matches?state=open", |page| of(page).is_some());
    of(&page).unwrap().as_str().unwrap().to_owned()
}

fn states(verdicts: &Value) -> Vec<String> {
    let all = verdicts["verdicts"].as_array().unwrap();
    all.iter().map(|one| one["state"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn decisions_about_findings_reach_the_sender_and_faults_are_tried_again() {
    let fake = Fake::start();
    let server = server(&fake);
    exchange(&server, "PARTNER", "u");
    wait(&server, "/v1/exchanges/PARTNER/status", |status| status["fetched"] == 2);
    let verdicts = "/v1/exchanges/PARTNER/verdicts";
    assert_eq!(states(&server.get(verdicts).expect(200)).len(), 0);

    // Confirmed: the sender is told that it agrees.
    let id = finding(&server, MD5S[0]);
    let decided = server.post(&format!("/v1/matches/{id}/confirm"), &json!({})).expect(200);
    assert_eq!(decided["state"], "confirmed");
    let put = fake.wait("PUT", 1).remove(0);
    assert_eq!(put.line, "PUT /v2/entries/42/a/MD5/feedback");
    assert_eq!(put.authorization, "Basic dTpw");
    assert!(put.body.contains("<affirmative/>"), "{}", put.body);
    wait(&server, verdicts, |known| states(known) == ["sent"]);

    // A false match, while the sender does not answer as it should: queued, with what went wrong, then sent.
    fake.refuse_feedback(1);
    let id = finding(&server, MD5S[1]);
    let path = format!("/v1/matches/{id}/dispute");
    server.post(&path, &json!({})).problem(422, "app.no_reason");
    let decided = server.post(&path, &json!({"reason": "another picture"})).expect(200);
    assert_eq!(decided["state"], "disputed");
    let queued = wait(&server, verdicts, |known| known["verdicts"][1]["error"].is_string());
    assert_eq!(queued["verdicts"][1]["error"], "app.fetch.status", "{queued}");
    let put = fake.wait("PUT /v2/entries/42/b/MD5/feedback", 2).pop().unwrap();
    assert!(put.body.contains("<negative><reasonIds><guid>g1</guid>"), "{}", put.body);
    wait(&server, verdicts, |known| states(known) == ["sent", "sent"]);
    // Marked false, it is reported no more.
    let query = json!({"queries": [{"kind": "md5", "value": MD5S[1]}]});
    let answer = server.post("/v1/look_ups", &query).expect(200);
    assert_eq!(answer["answers"][0]["matches"], json!([]));
    // Each was told once, but for the one that was refused.
    assert_eq!(fake.asked("PUT").len(), 3);
}

#[test]
fn an_exchange_that_does_not_answer_delays_no_other() {
    let fake = Fake::start();
    let server = server(&fake);
    exchange(&server, "SILENT", SLOW_USER);
    // It is being asked, and will be for two minutes.
    fake.wait("GET", 1);
    let begun = Instant::now();
    exchange(&server, "PARTNER", "u");
    wait(&server, "/v1/exchanges/PARTNER/status", |status| status["fetched"] == 2);
    let took = begun.elapsed();
    eprintln!("beside one that does not answer it was fetched after {} ms", took.as_millis());
    assert!(took < Duration::from_secs(30), "{took:?}");
    let silent = server.get("/v1/exchanges/SILENT/status").expect(200);
    assert_eq!(silent["fetched"], 0);
}

#[test]
fn exchanges_come_in_pages() {
    let fake = Fake::start();
    let server = server(&fake);
    for name in ["A", "B", "C"] {
        exchange(&server, name, "u");
    }
    let names = |page: &Value| -> Vec<String> {
        let all = page["exchanges"].as_array().unwrap();
        all.iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    let first = server.get("/v1/exchanges?limit=2").expect(200);
    assert_eq!(names(&first), ["A", "B"]);
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = server.get(&format!("/v1/exchanges?limit=2&cursor={cursor}")).expect(200);
    assert_eq!((names(&rest), &rest["next_cursor"]), (vec!["C".to_owned()], &Value::Null));
    server.get("/v1/exchanges?cursor=x").problem(422, "web.bad_address");
    server.get("/v1/webhook_deliveries?cursor=x").problem(422, "web.bad_address");
}
