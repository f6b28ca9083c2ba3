//! A served workspace, and a client that speaks plain HTTP to it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Place, json, tutela};

/// A server is up within this time, or the test fails.
const START: Duration = Duration::from_secs(60);

/// A server over a workspace of its own; it ends with the test.
pub(crate) struct Server {
    pub(crate) place: Place,
    child: Child,
    address: String,
    /// Of a token with all scopes.
    token: String,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("no JSON: {}", String::from_utf8_lossy(&self.body)))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The document of an answer with this status.
    pub(crate) fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        if self.body.is_empty() { Value::Null } else { self.json() }
    }

    /// Asserts that it is a problem with this status and code; gives its words.
    pub(crate) fn problem(&self, status: u16, code: &str) -> String {
        let problem = self.expect(status);
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status, "{problem}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        problem["detail"].as_str().unwrap().to_owned()
    }
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// With these variables of the environment.
    pub(crate) fn start_with(settings: &[(&str, &str)]) -> Self {
        Self::over(Place::with_workspace(), settings)
    }

    /// Over a workspace that is prepared.
    pub(crate) fn over(place: Place, settings: &[(&str, &str)]) -> Self {
        let token = create_token(&place, &["--scopes", "hash,match,curate,admin,review,flow"]);
        let mut child = tutela()
            .args(["serve", "--listen", "127.0.0.1:0", "--dir", &place.text("ws")])
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit('/').next().unwrap().to_owned();
        let server = Self { place, child, address, token };
        let begun = Instant::now();
        while server.get("/v1/index").json()["ready"] != true {
            assert!(begun.elapsed() < START, "the server does not get ready");
            std::thread::sleep(Duration::from_millis(10));
        }
        server
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[&self.bearer()], b"")
    }

    pub(crate) fn delete(&self, path: &str) -> Answer {
        self.ask("DELETE", path, &[&self.bearer()], b"")
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, body)
    }

    pub(crate) fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send("PATCH", path, body)
    }

    fn send(&self, method: &str, path: &str, body: &Value) -> Answer {
        let headers = [self.bearer(), "content-type: application/json".to_owned()];
        let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
        self.ask(method, path, &headers, body.to_string().as_bytes())
    }

    /// Sends raw bytes of a media type.
    pub(crate) fn upload(&self, path: &str, media_type: &str, body: &[u8]) -> Answer {
        let headers = [self.bearer(), format!("content-type: {media_type}")];
        self.ask("POST", path, &[&headers[0], &headers[1]], body)
    }

    /// The header that shows a token with all scopes.
    pub(crate) fn bearer(&self) -> String {
        format!("authorization: Bearer {}", self.token)
    }

    /// One request on a connection of its own, with exactly these headers.
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &[&str], body: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: tutela.example.org\r\n");
        for header in headers {
            head.push_str(&format!("{header}\r\n"));
        }
        head.push_str(&format!("connection: close\r\ncontent-length: {}\r\n\r\n", body.len()));
        // A server that has heard enough may close before it has read everything.
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        parse(&bytes)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Makes a token and gives its secret.
pub(crate) fn create_token(place: &Place, options: &[&str]) -> String {
    let dir = place.text("ws");
    let view = json(&[&["token", "create", "test", "--dir", &dir], options].concat());
    view["secret"].as_str().unwrap().to_owned()
}

fn parse(bytes: &[u8]) -> Answer {
    let end = bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap_or_else(|| panic!("no answer: {}", String::from_utf8_lossy(bytes)));
    let head = std::str::from_utf8(&bytes[..end]).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers: Vec<(String, String)> = lines
        .map(|line| line.split_once(':').unwrap())
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .collect();
    Answer { status, headers, body: bytes[end + 4..].to_vec() }
}
