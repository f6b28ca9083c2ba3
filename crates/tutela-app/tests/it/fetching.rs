//! Fetching: what is refused before a connection is made, and what an evil server cannot do.

use std::time::Duration;

use tutela_app::outbound::http::addresses::Network;
use tutela_app::outbound::http::{FetchError, Fetched, Fetcher, Limits, Reach, Request};
use tutela_core::Coded;

use crate::served::{Asked, Reply, Served};

const MAX_BYTES: u64 = 1000;

fn fetcher(hosts: &[&str], networks: &[&str]) -> Fetcher {
    let hosts: Vec<String> = hosts.iter().map(|&host| host.to_owned()).collect();
    let networks: Vec<Network> = networks.iter().map(|text| text.parse().unwrap()).collect();
    let mut limits = Limits::new(MAX_BYTES, Duration::from_secs(20));
    limits.idle = Duration::from_millis(300);
    Fetcher::new(Reach::new(&hosts, &networks).unwrap(), limits)
}

fn local() -> Fetcher {
    fetcher(&["127.0.0.1", "localhost"], &["127.0.0.0/8", "::1/128"])
}

fn outcome(result: Result<Fetched, FetchError>) -> Result<String, &'static str> {
    result.map(|f| String::from_utf8(f.bytes).unwrap()).map_err(|error| error.code())
}

#[tokio::test]
async fn only_listed_hosts_at_public_or_listed_addresses_are_asked() {
    let server = Served::by(|_| Reply::ok("hello"));
    let port = server.port;
    type Case<'a> = (&'a [&'a str], &'a [&'a str], String, Result<&'a str, &'a str>);
    let cases: [Case<'_>; 11] = [
        (&[], &[], server.url("/"), Err("app.fetch.host_not_listed")),
        (&["127.0.0.1"], &[], server.url("/"), Ok("hello")),
        (&["localhost"], &[], server.url("/"), Err("app.fetch.host_not_listed")),
        (
            &["localhost"],
            &[],
            format!("http://localhost:{port}/"),
            Err("app.fetch.address_not_listed"),
        ),
        (
            &["localhost"],
            &["127.0.0.0/8", "::1/128"],
            format!("http://localhost:{port}/"),
            Ok("hello"),
        ),
        (&["127.0.0.1"], &[], format!("http://0x7f000001:{port}/"), Ok("hello")),
        (
            &["127.0.0.1"],
            &[],
            format!("http://[::ffff:127.0.0.1]:{port}/"),
            Err("app.fetch.host_not_listed"),
        ),
        (&["127.0.0.1"], &[], format!("ftp://127.0.0.1:{port}/"), Err("app.fetch.bad_url")),
        (&["127.0.0.1"], &[], "data:text/plain,x".to_owned(), Err("app.fetch.bad_url")),
        (
            &["127.0.0.1"],
            &[],
            format!("http://me:secret@127.0.0.1:{port}/"),
            Err("app.fetch.bad_url"),
        ),
        (&["127.0.0.1"], &[], format!("https://127.0.0.1:{port}/"), Err("app.fetch.connect")),
    ];
    for (hosts, networks, url, expected) in cases {
        let got = outcome(fetcher(hosts, networks).get(&url).await);
        // Where a system has no certificates at all, that is what it says.
        let got = got.map_err(|code| code.replace("no_certificates", "connect"));
        assert_eq!(
            got.as_deref().map_err(String::as_str),
            expected,
            "{hosts:?} {networks:?} {url}"
        );
    }
}

#[tokio::test]
async fn a_request_says_who_asks_and_nothing_more() {
    let server = Served::by(|_| Reply::ok(""));
    local().get(&server.url("/a%20b?c=d#part")).await.unwrap();
    let asked = server.asked().pop().unwrap();
    assert_eq!(asked.line, "GET /a%20b?c=d");
    let mut names: Vec<&str> = asked.headers.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["accept-encoding", "host", "user-agent"]);
    assert!(asked.header("user-agent").unwrap().starts_with("tutela/"));
    assert_eq!(asked.header("host").unwrap(), format!("127.0.0.1:{}", server.port));
}

#[tokio::test]
async fn every_place_that_an_answer_sends_on_to_is_judged() {
    let server = Served::by(|asked: &Asked| {
        let to = |place: &str| Reply::status(302).with("Location", place.to_owned());
        match asked.line.split_once(' ').unwrap().1 {
            "/relative" => to("here"),
            "/here" => Reply::ok("here"),
            "/private" => to("http://10.0.0.1/"),
            "/metadata" => to("http://169.254.169.254/latest"),
            "/elsewhere" => to("http://example.org/"),
            "/file" => to("data:text/plain,x"),
            "/loop" => to("/loop"),
            "/nowhere" => Reply::status(302),
            "/large" => Reply::Endless(b"HTTP/1.1 302 F\r\nLocation: /here\r\n\r\n".to_vec()),
            line => line.strip_prefix("/to?").map_or(Reply::status(404), to),
        }
    });
    for (path, expected) in [
        ("/relative", Ok("here")),
        ("/private", Err("app.fetch.host_not_listed")),
        ("/metadata", Err("app.fetch.host_not_listed")),
        ("/elsewhere", Err("app.fetch.host_not_listed")),
        ("/file", Err("app.fetch.bad_url")),
        ("/loop", Err("app.fetch.too_many_redirects")),
        ("/nowhere", Err("app.fetch.status")),
        ("/large", Ok("here")),
    ] {
        let got = outcome(local().get(&server.url(path)).await);
        assert_eq!(got.as_deref().map_err(|code| *code), expected, "{path}");
    }
    // Secrets stay with the place they were meant for.
    let other = Served::by(|_| Reply::ok("other"));
    let request =
        |path: String| Request::get(path).secret("x-key", "secret").header("x-plain", "1");
    server.asked();
    local().send(&request(server.url("/relative"))).await.unwrap();
    assert!(server.asked().iter().all(|asked| asked.header("x-key") == Some("secret")));
    local().send(&request(server.url(&format!("/to?{}", other.url("/"))))).await.unwrap();
    let asked = other.asked().pop().unwrap();
    assert_eq!((asked.header("x-key"), asked.header("x-plain")), (None, Some("1")));
    // What carries a body is not sent on.
    let post = Request::post(server.url("/relative"), "text/plain", b"body".to_vec());
    assert_eq!(local().send(&post).await.unwrap().status, 302);
}

#[tokio::test]
async fn evil_answers_end_within_limits() {
    let raw = |text: &str| Reply::Raw(text.as_bytes().to_vec());
    let head = |text: &str| format!("HTTP/1.1 200 OK\r\n{text}\r\n\r\n").into_bytes();
    let huge_chunk = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffff\r\nx";
    let cases: Vec<(Reply, Result<&str, &str>)> = vec![
        (Reply::ok("x".repeat(1000)), Ok("1000")),
        (Reply::ok("x".repeat(1001)), Err("app.fetch.too_large")),
        (Reply::Silent(head("Content-Length: 1001")), Err("app.fetch.too_large")),
        (Reply::Endless(head("X: y")), Err("app.fetch.too_large")),
        (Reply::Endless(head("Content-Length: 5")), Ok("5")),
        (Reply::Silent(head("Content-Length: 5")), Err("app.fetch.timeout")),
        (Reply::Silent(Vec::new()), Err("app.fetch.timeout")),
        (Reply::Silent(b"HTTP/1.1 200".to_vec()), Err("app.fetch.timeout")),
        (Reply::Raw(head("Content-Length: 5")), Err("app.fetch.broken")),
        (raw(huge_chunk), Err("app.fetch.broken")),
        (raw("SSH-2.0-Example\r\n"), Err("app.fetch.broken")),
        (raw(""), Err("app.fetch.broken")),
        (Reply::Endless(b"HTTP/1.1 200 OK\r\nX: ".to_vec()), Err("app.fetch.broken")),
        (Reply::ok("zip").with("Content-Encoding", "gzip"), Err("app.fetch.compressed")),
        (Reply::status(500), Err("app.fetch.status")),
    ];
    for (reply, expected) in cases {
        let shown = format!("{reply:.60?}");
        let server = Served::by(move |_| reply.clone());
        let got = local().get(&server.url("/")).await;
        let got = got.map(|fetched| fetched.bytes.len().to_string()).map_err(|error| error.code());
        assert_eq!(got.as_deref().map_err(|code| *code), expected, "{shown}");
    }
}

#[tokio::test]
async fn a_body_that_drips_ends_with_the_total_time() {
    let server = Served::by(|_| Reply::Silent(b"HTTP/1.1 200 OK\r\n\r\nx".to_vec()));
    let mut limits = Limits::new(MAX_BYTES, Duration::from_millis(200));
    limits.idle = Duration::from_secs(60);
    let reach = Reach::new(&["127.0.0.1".to_owned()], &[]).unwrap();
    let got = outcome(Fetcher::new(reach, limits).get(&server.url("/")).await);
    assert_eq!(got, Err("app.fetch.timeout"));
}
