//! A request with a key is done once, however often it is sent.

use serde_json::{Value, json};

use super::server::{Answer, Server, create_token};

fn send(server: &Server, bearer: &str, path: &str, key: &str, body: &Value) -> Answer {
    let key = format!("idempotency-key: {key}");
    let headers = [bearer, "content-type: application/json", &key];
    server.ask("POST", path, &headers, body.to_string().as_bytes())
}

fn contents(server: &Server, bank: &str) -> usize {
    let page = server.get(&format!("/v1/banks/{bank}/contents")).expect(200);
    page["contents"].as_array().unwrap().len()
}

#[test]
fn what_is_sent_again_is_answered_and_not_done_again() {
    let server = Server::start();
    let bearer = server.bearer();
    let bank = json!({"name": "A"});
    let first = send(&server, &bearer, "/v1/banks", "one", &bank);
    let made = first.expect(201);
    assert_eq!(first.header("idempotency-replayed"), None);
    let again = send(&server, &bearer, "/v1/banks", "one", &bank);
    assert_eq!(again.expect(201), made);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(again.header("content-type"), first.header("content-type"));
    // Without the key it is another request.
    server.post("/v1/banks", &bank).problem(409, "app.bank_exists");

    let path = "/v1/banks/A/contents";
    let new = json!({"contents": [{"signals": [{"kind": "md5", "value": "0".repeat(32)}]}]});
    let made = send(&server, &bearer, path, "two", &new).expect(201);
    for _ in 0..3 {
        assert_eq!(send(&server, &bearer, path, "two", &new).expect(201), made);
    }
    assert_eq!(contents(&server, "A"), 1);
    send(&server, &bearer, path, "three", &new).expect(201);
    assert_eq!(contents(&server, "A"), 2);

    // A key is that of one request, and of one token.
    let other = json!({"contents": [{"signals": [{"kind": "md5", "value": "1".repeat(32)}]}]});
    send(&server, &bearer, path, "two", &other).problem(422, "web.key_taken");
    send(&server, &bearer, "/v1/banks", "two", &json!({"name": "B"})).problem(422, "web.key_taken");
    assert_eq!(contents(&server, "A"), 2);
    let token = create_token(&server.place, &["--scopes", "curate"]);
    let second = format!("authorization: Bearer {token}");
    std::thread::sleep(std::time::Duration::from_millis(600));
    send(&server, &second, path, "two", &other).expect(201);
    assert_eq!(contents(&server, "A"), 3);
}

#[test]
fn what_was_refused_may_be_mended_and_sent_again() {
    let server = Server::start();
    let bearer = server.bearer();
    send(&server, &bearer, "/v1/banks", "one", &json!({"name": "a"}))
        .problem(422, "app.bad_bank_name");
    send(&server, &bearer, "/v1/banks", "one", &json!({"name": "A"})).expect(201);
    send(&server, &bearer, "/v1/banks", "", &json!({"name": "B"})).problem(422, "web.bad_key");
    let long = "x".repeat(256);
    send(&server, &bearer, "/v1/banks", &long, &json!({"name": "B"})).problem(422, "web.bad_key");
    let nobody = "authorization: Bearer tut_none";
    send(&server, nobody, "/v1/banks", "one", &json!({"name": "A"})).problem(401, "web.bad_token");
    // Who may only look up is refused, and the key is free again.
    let token = create_token(&server.place, &["--scopes", "match"]);
    std::thread::sleep(std::time::Duration::from_millis(600));
    let reader = format!("authorization: Bearer {token}");
    for _ in 0..2 {
        let answer = send(&server, &reader, "/v1/banks", "k", &json!({"name": "C"}));
        answer.problem(403, "web.no_scope");
    }
}

#[test]
fn many_at_once_with_one_key_do_it_once() {
    let server = Server::start();
    let bearer = server.bearer();
    send(&server, &bearer, "/v1/banks", "bank", &json!({"name": "A"})).expect(201);
    let new = json!({"contents": [{"signals": [{"kind": "md5", "value": "0".repeat(32)}]}]});
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let ask = || send(&server, &bearer, "/v1/banks/A/contents", "key", &new).status;
        let asking: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
        asking.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(statuses.contains(&201), "{statuses:?}");
    assert!(statuses.iter().all(|status| [201, 409].contains(status)), "{statuses:?}");
    assert_eq!(contents(&server, "A"), 1);
}
