//! What is too much or too slow is told at each path in the words that its clients know.

use std::io::Write as _;
use std::net::TcpStream;
use std::time::Instant;

use serde_json::json;

use super::server::create_token;
use crate::served::{Answer, PATIENCE, Served};
use crate::support::Place;

/// Asserts that it is a problem document with this code.
fn is_problem(answer: &Answer, status: u16, code: &str) {
    assert_eq!(
        (answer.status, &answer.json()["code"]),
        (status, &json!(code)),
        "{}",
        answer.text()
    );
    assert_eq!(answer.json()["status"], status);
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
}

/// Sends the head of a request whose body never comes.
fn begun(served: &Served, path: &str, token: &str) -> TcpStream {
    let mut stream = TcpStream::connect(&served.address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\n{token}content-type: application/json\r\n\
         content-length: 100\r\n\r\n{{"
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

fn with_token(settings: &[(&str, &str)]) -> (Place, Served, String) {
    let place = Place::with_workspace();
    let token = create_token(&place, &["--scopes", "match,curate"]);
    let served = Served::over(&place, settings);
    (place, served, format!("authorization: Bearer {token}\r\n"))
}

#[test]
fn what_comes_too_slowly_is_a_problem_under_v1() {
    let (_place, served, token) = with_token(&[("REQUEST_TIMEOUT_S", "1")]);
    let answer = Answer::read(&mut begun(&served, "/v1/look_ups", &token)).unwrap();
    is_problem(&answer, 408, "web.too_slow");
    assert_eq!(answer.header("connection"), Some("close"));
    let answer = Answer::read(&mut begun(&served, "/m/compare", "")).unwrap();
    answer.says(408, "the request took too long to arrive or to answer");
}

#[test]
fn what_is_too_much_at_once_is_a_problem_under_v1() {
    let (_place, served, token) = with_token(&[("MAX_REQUESTS", "1")]);
    let since = Instant::now();
    // Until one has the place: two that come at once are served in any order.
    let mut held = Vec::new();
    let answer = loop {
        held.push(begun(&served, "/v1/look_ups", &token));
        let answer = served.ask("GET", "/v1/banks", &token, b"");
        if answer.status == 503 {
            break answer;
        }
        assert!(since.elapsed() < PATIENCE);
    };
    is_problem(&answer, 503, "web.too_busy");
    assert_eq!(answer.header("retry-after"), Some("1"));
    let answer = served.get("/c/banks");
    answer.says(503, "too many requests at once; ask again later");
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert_eq!(served.get("/healthz").status, 200);
    drop(held);

    let (_place, served, token) = with_token(&[("MAX_CONNECTIONS", "1")]);
    let since = Instant::now();
    // Until the one place is taken: the connection before may have had it for a moment longer.
    let mut held = Vec::new();
    loop {
        held.push(TcpStream::connect(&served.address).unwrap());
        let answer = served.try_ask("GET", "/v1/banks", &token, b"");
        if let Ok(answer) = answer
            && answer.status == 503
        {
            is_problem(&answer, 503, "web.too_busy");
            break;
        }
        assert!(since.elapsed() < PATIENCE);
    }
    served.get("/c/banks").says(503, "too many connections at once; ask again later");
}

#[test]
fn bodies_that_are_too_large_are_a_problem_under_v1() {
    let (_place, served, token) = with_token(&[]);
    let headers = format!("{token}content-type: application/json\r\n");
    let big = vec![b' '; (16 << 20) + 1];
    is_problem(&served.ask("POST", "/v1/banks", &headers, &big), 413, "web.too_large");
}

#[test]
fn each_client_has_its_own_allowance() {
    let allowance = [("CLIENT_REQUESTS_PER_S", "1"), ("CLIENT_BURST", "3")];
    let place = Place::with_workspace();
    let first = create_token(&place, &["--scopes", "match"]);
    let second = create_token(&place, &["--scopes", "match"]);
    // Paths that are always answered are counted for nobody.
    let served = Served::over(&place, &allowance);
    let ask = |token: &str| {
        served.ask("GET", "/v1/banks", &format!("authorization: Bearer {token}\r\n"), b"")
    };
    let refused = |token: &str| (0..50).map(|_| ask(token)).find(|answer| answer.status == 429);
    let answer = refused(&first).unwrap();
    is_problem(&answer, 429, "web.too_often");
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert_eq!(ask(&second).status, 200, "another token is another client");
    assert_eq!(served.get("/c/banks").status, 200, "an address is another client");
    // Tokens that do not hold make nobody a new client.
    let codes: Vec<u16> = (0..9).map(|n| ask(&format!("tut_{n}")).status).collect();
    assert!(codes.contains(&429), "{codes:?}");
    let mut asked = (0..50).map(|_| served.get("/c/banks"));
    let refused = asked.find(|answer| answer.status == 429).unwrap();
    refused.says(429, "this client asks too often; ask again in 1 s");
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(served.get("/readyz").status, 200);
    std::thread::sleep(std::time::Duration::from_millis(1_200));
    assert_eq!(ask(&first).status, 200);
}
