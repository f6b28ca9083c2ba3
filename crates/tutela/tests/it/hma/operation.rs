//! Who may ask, how much at a time, and how the service says how it stands.

use std::io::Write as _;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;

use super::{A, bank, signal};
use crate::served::{Answer, PATIENCE, Served};
use crate::support::CHART;

#[test]
fn the_service_says_how_it_stands() {
    let (_place, served) = Served::fresh(&[]);
    assert_eq!(served.get("/status").text(), "I-AM-ALIVE");
    assert_eq!(served.get("/status/live").text(), "I-AM-ALIVE");
    assert_eq!(served.get("/healthz").json()["status"], "alive");
    assert_eq!(served.get("/readyz").json()["status"], "ready");
    let root = served.get("/");
    assert_eq!((root.status, root.header("location")), (302, Some("/status")));
    let map = served.get("/site-map").json();
    let document = served.get("/openapi/openapi.json").json();
    assert_eq!(document["info"]["title"], "Open Media Match API");
    for path in ["/m/lookup", "/h/hash", "/c/bank/{bank_name}/content/{content_id}"] {
        assert!(document["paths"].get(path).is_some(), "{path}");
        let pattern =
            path.replace("{content_id}", "<int:content_id>").replace('{', "<").replace('}', ">");
        assert!(map.as_array().unwrap().contains(&json!(pattern)), "{pattern}");
    }
    for (method, path, status) in [
        ("GET", "/nope", 404),
        ("GET", "/c/nope", 404),
        ("DELETE", "/c/banks", 405),
        ("POST", "/status/live", 405),
    ] {
        let answer = served.ask(method, path, "", b"");
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    }
    bank(&served, "A");
    signal(&served, "A", A);
    served.get(&format!("/m/lookup?signal_type=pdq&signal={A}"));
    let figures = served.get("/metrics").text();
    for line in [
        "tutela_requests_total{route=\"/m/lookup\",method=\"GET\",status=\"200\"} 1",
        "tutela_look_ups_total{kind=\"pdq\"} 1",
        "tutela_matches_total{kind=\"pdq\"} 1",
        "tutela_signals{kind=\"pdq\"} 1",
        "tutela_banks 1",
        "tutela_ready 1",
    ] {
        assert!(figures.lines().any(|known| known == line), "{line}\n{figures}");
    }
    assert!(!figures.contains(A), "figures hold no signal");
}

#[test]
fn roles_that_are_not_offered_are_not_there() {
    let (_place, served) = Served::fresh(&[("ROLES", "matcher")]);
    assert_eq!(served.get("/c/banks").status, 404);
    assert_eq!(served.get("/h/hash?url=http://example.org/").status, 404);
    let missing = "Hashing is disabled, missing role";
    served.get("/m/lookup?url=http://example.org/a.jpg").says(403, missing);
    served.form("/m/lookup", &[("photo", Some("x"), CHART)]).says(403, missing);
    served.get(&format!("/m/lookup?signal_type=pdq&signal={A}")).is(200, &json!({}));
}

#[test]
fn without_a_token_only_this_machine_may_ask() {
    let (_place, served) = Served::fresh(&[]);
    let status = |headers: &str| served.ask("GET", "/c/banks", headers, b"").status;
    assert_eq!(status(""), 200);
    assert_eq!(status("host: localhost:8080\r\n"), 200);
    assert_eq!(status("host: rebound.example.org\r\n"), 401);
    assert_eq!(status("x-forwarded-for: 192.0.2.7\r\n"), 401);
    assert_eq!(status("sec-fetch-site: cross-site\r\n"), 403);
    assert_eq!(status("origin: https://example.org\r\n"), 403);
    drop(served);
    let (_place, served) = Served::fresh(&[("HMA_ACCESS", "token")]);
    assert_eq!(served.get("/c/banks").status, 401);
    assert_eq!(served.get("/status").status, 200);
}

#[test]
fn what_is_too_large_or_too_much_is_turned_away() {
    let (_place, served) = Served::fresh(&[("MAX_BODY_MB", "1"), ("MAX_UPLOADS_MB", "1")]);
    let big = vec![0; 2 << 20];
    served.form("/h/hash", &[("photo", Some("x"), &big)]).says(413, "Content too large");
    // A length that is said is believed before anything is read.
    let mut stream = TcpStream::connect(&served.address).unwrap();
    let head = "POST /h/hash HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
                content-type: multipart/form-data; boundary=x\r\ncontent-length: 99999999999\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    Answer::read(&mut stream).unwrap().says(413, "Content too large");
    // One that is not said may be as large as allowed, and takes all the room there is.
    let head = "POST /h/hash HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
                content-type: multipart/form-data; boundary=x\r\ntransfer-encoding: chunked\r\n\r\n";
    let begun = Instant::now();
    // Until one has it: two that come at once are served in any order.
    let mut first = Vec::new();
    loop {
        let mut one = TcpStream::connect(&served.address).unwrap();
        one.write_all(head.as_bytes()).unwrap();
        first.push(one);
        let answer = served.form("/h/hash", &[("photo", Some("x"), CHART)]);
        if answer.status == 503 {
            assert_eq!(answer.header("retry-after"), Some("1"));
            break;
        }
        assert!(begun.elapsed() < PATIENCE);
    }
    drop(first);
    let begun = Instant::now();
    while served.form("/h/hash", &[("photo", Some("x"), CHART)]).status != 200 {
        assert!(begun.elapsed() < PATIENCE, "the room is not given back");
    }
    let long = format!("/m/lookup?signal={}", "0".repeat(100_000));
    assert!([414, 431].contains(&served.get(&long).status));
}

#[test]
fn slow_clients_are_cut_off() {
    let settings = [("HEADER_TIMEOUT_S", "1"), ("REQUEST_TIMEOUT_S", "1")];
    let (_place, served) = Served::fresh(&settings);
    // A head that never ends.
    let mut head = TcpStream::connect(&served.address).unwrap();
    head.set_read_timeout(Some(PATIENCE)).unwrap();
    head.write_all(b"GET /status HTTP/1.1\r\nhost:").unwrap();
    match Answer::read(&mut head) {
        Ok(answer) => assert_eq!(answer.status, 408),
        Err(error) => assert_ne!(error.kind(), std::io::ErrorKind::WouldBlock, "it was not closed"),
    }
    // A body that never comes.
    let mut body = TcpStream::connect(&served.address).unwrap();
    body.set_read_timeout(Some(PATIENCE)).unwrap();
    let request = "POST /m/compare HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
                   content-length: 100\r\n\r\n{";
    body.write_all(request.as_bytes()).unwrap();
    assert_eq!(Answer::read(&mut body).unwrap().status, 408);
    // Others were answered all the while.
    assert_eq!(served.get("/status").status, 200);
}

#[test]
fn more_connections_than_allowed_are_told_to_come_back() {
    let (_place, served) = Served::fresh(&[("MAX_CONNECTIONS", "2")]);
    let held: Vec<TcpStream> =
        (0..2).map(|_| TcpStream::connect(&served.address).unwrap()).collect();
    let begun = Instant::now();
    loop {
        let mut third = TcpStream::connect(&served.address).unwrap();
        third.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let _ = third
            .write_all(b"GET /status HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        if let Ok(answer) = Answer::read(&mut third)
            && answer.status == 503
        {
            assert_eq!(answer.header("retry-after"), Some("1"));
            break;
        }
        assert!(begun.elapsed() < PATIENCE);
    }
    drop(held);
    served.wait("/status", |answer| answer.status == 200);
}

#[test]
fn it_ends_when_asked_and_requests_under_way_are_answered_first() {
    let (_place, served) = Served::fresh(&[("DRAIN_S", "30")]);
    let address = served.address.clone();
    let mut slow = TcpStream::connect(&address).unwrap();
    let body = json!({"pdq": [A, A]}).to_string();
    let head = format!(
        "POST /m/compare HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    slow.write_all(head.as_bytes()).unwrap();
    // An idle connection holds nothing up.
    let _idle = TcpStream::connect(&address).unwrap();
    assert_eq!(served.get("/status").status, 200);
    let ending = std::thread::spawn(move || served.terminate());
    let begun = Instant::now();
    while TcpStream::connect(&address).is_ok() {
        assert!(begun.elapsed() < PATIENCE, "it goes on taking connections");
        std::thread::sleep(Duration::from_millis(10));
    }
    slow.write_all(body.as_bytes()).unwrap();
    Answer::read(&mut slow).unwrap().is(200, &json!({"pdq": [true, {"distance": 0}]}));
    assert_eq!(ending.join().unwrap(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(25), "it waited for the end of the drain time");
}
