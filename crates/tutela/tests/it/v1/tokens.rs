//! Who may do what, and for how long.

use std::time::{Duration, Instant};

use serde_json::json as document;

use super::server::{Server, create_token};
use crate::support::{Place, json, run, stderr};

#[test]
fn tokens_are_made_listed_and_revoked() {
    let place = Place::with_workspace();
    let ws = place.text("ws");
    let made = json(&[
        "token",
        "create",
        "uploads",
        "--scopes",
        "match,hash",
        "--expires",
        "90d",
        "--dir",
        &ws,
    ]);
    assert_eq!(made["schema"], "tutela.token_create.v1");
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.starts_with("tut_") && secret.len() == 47, "{secret}");
    assert_eq!(made["token"]["scopes"], document!(["hash", "match"]));
    assert!(made["token"]["expires_at"].as_str().is_some());

    let listed = json(&["token", "ls", "--dir", &ws]);
    assert_eq!(listed["tokens"][0]["name"], "uploads");
    assert!(!listed.to_string().contains(secret), "a secret is told once");
    let database = std::fs::read(place.path("ws/tutela.db")).unwrap();
    let kept = database.windows(secret.len()).any(|bytes| bytes == secret.as_bytes());
    assert!(!kept, "only its digest is kept");

    let revoked = json(&["token", "revoke", "uploads", "--dir", &ws]);
    assert_eq!(revoked["token"]["id"], made["token"]["id"]);
    assert!(revoked["token"]["revoked_at"].as_str().is_some());
    assert!(json(&["ledger", "verify", "--dir", &ws])["holds"].as_bool().unwrap());

    let check = |args: &[&str], exit: i32, says: &str| {
        let output = run(&[args, &["--dir", &ws]].concat());
        assert_eq!(output.status.code(), Some(exit), "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(says), "{args:?}: {}", stderr(&output));
    };
    let id = made["token"]["id"].as_str().unwrap();
    check(&["token", "revoke", id], 5, "store.wrong_state");
    check(&["token", "revoke", "uploads"], 4, "app.no_such");
    check(
        &["token", "create", "x", "--scopes", "everything"],
        2,
        "hash, match, curate, admin, review, flow",
    );
    check(&["token", "create", "x", "--scopes", "hash", "--expires", "90"], 2, "90d");
    check(&["token", "create", " ", "--scopes", "hash"], 2, "words");
    check(&["token", "create", "x", "--scopes", "hash", "--as", "Nobody"], 4, "app.no_such");
    for _ in 0..2 {
        create_token(&place, &["--scopes", "hash"]);
    }
    check(&["token", "revoke", "test"], 3, "app.bad_field");
}

#[test]
fn nobody_is_let_in_without_a_token_that_holds() {
    let server = Server::start();
    let check = |headers: &[&str], status: u16, code: &str, challenge: &str| {
        let answer = server.ask("GET", "/v1/signal_types", headers, b"");
        answer.problem(status, code);
        let said = answer.header("www-authenticate").unwrap();
        assert!(said.starts_with("Bearer realm=") && said.contains(challenge), "{said}");
    };
    check(&[], 401, "web.no_token", "Bearer");
    check(&["authorization: Basic eDp5"], 401, "web.no_token", "Bearer");
    check(&["authorization: Bearer tut_"], 401, "web.bad_token", "invalid_token");
    check(&["authorization: Bearer secret"], 401, "web.bad_token", "invalid_token");
    let long = format!("authorization: Bearer tut_{}", "x".repeat(5_000));
    check(&[&long], 401, "web.bad_token", "invalid_token");
    let secret = create_token(&server.place, &["--scopes", "hash"]);
    let almost = format!("authorization: Bearer {}x", &secret[..secret.len() - 1]);
    check(&[&almost], 401, "web.bad_token", "invalid_token");
}

#[test]
fn a_token_allows_what_its_scopes_say_and_no_more() {
    let server = Server::start();
    let with = |scopes: &str| {
        let secret = create_token(&server.place, &["--scopes", scopes]);
        // A token that was just made by another process is known within a moment.
        std::thread::sleep(Duration::from_millis(600));
        format!("authorization: Bearer {secret}")
    };
    let json_body = "content-type: application/json";
    let check = |bearer: &str, method: &str, path: &str, status: u16| {
        // The body is none: whoever may not do this is told so before it is read.
        let answer = server.ask(method, path, &[bearer, json_body], b"{");
        assert_eq!(answer.status, status, "{method} {path}");
        if status == 403 {
            answer.problem(403, "web.no_scope");
            let said = answer.header("www-authenticate").unwrap();
            assert!(said.contains("insufficient_scope") && said.contains("scope=\""), "{said}");
        }
    };
    let (hash, matching) = (with("hash"), with("match"));
    let (curate, admin) = (with("curate"), with("admin"));
    for (bearer, reading, running) in
        [(&hash, 403, 403), (&matching, 200, 403), (&curate, 200, 403), (&admin, 403, 422)]
    {
        check(bearer, "GET", "/v1/signal_types", reading);
        check(bearer, "PATCH", "/v1/signal_types/pdq", running);
    }
}

#[test]
fn a_revoked_token_is_worth_nothing_within_a_second() {
    let server = Server::start();
    let ws = server.place.text("ws");
    let secret = create_token(&server.place, &["--scopes", "match"]);
    let bearer = format!("authorization: Bearer {secret}");
    let status = || server.ask("GET", "/v1/index", &[&bearer], b"").status;
    let until = |expected: u16| {
        let begun = Instant::now();
        while status() != expected {
            assert!(begun.elapsed() < Duration::from_secs(10), "still {}", status());
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    until(200);
    let id = json(&["token", "ls", "--dir", &ws])["tokens"][1]["id"].as_str().unwrap().to_owned();
    json(&["token", "revoke", &id, "--dir", &ws]);
    until(401);
    assert_eq!(server.get("/v1/index").status, 200, "others hold");
}
