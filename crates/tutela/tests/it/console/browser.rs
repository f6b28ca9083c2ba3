//! A served workspace, and a browser without a script: it keeps cookies and fills in forms.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Stdio};
use std::time::Duration;

use crate::support::{Place, stderr, tutela};

/// How long an answer may take: a broken server fails the test, and does not hang it.
const PATIENCE: Duration = Duration::from_secs(60);
pub(super) const PASSWORD: &str = "an invented long password";

/// A workspace that is served until this is dropped.
pub(super) struct Served {
    pub(super) place: Place,
    child: Child,
    address: String,
    _out: BufReader<ChildStdout>,
}

/// What came back.
pub(super) struct Answer {
    pub(super) status: u16,
    headers: Vec<(String, String)>,
    pub(super) body: String,
}

/// Somebody at a browser.
pub(super) struct Browser {
    address: String,
    cookies: BTreeMap<String, String>,
    pub(super) language: &'static str,
    /// What the browser says of where a request comes from.
    pub(super) site: &'static str,
}

impl Served {
    pub(super) fn new() -> Self {
        let place = Place::with_workspace();
        passwd(&place, PASSWORD);
        let mut child = tutela()
            .args(["serve", "--listen", "127.0.0.1:0", "--dir", &place.text("ws")])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let address = line.trim().rsplit('/').next().unwrap().to_owned();
        Self { place, child, address, _out: out }
    }

    pub(super) fn browser(&self) -> Browser {
        Browser::at(&self.address)
    }

    /// A browser in which the first operator has signed in.
    pub(super) fn signed_in(&self) -> Browser {
        let mut browser = self.browser();
        let page = browser.get("/console/sign-in");
        let fields = [("name", "Test Operator"), ("password", PASSWORD)];
        let answer = browser.fill(&page, "/console/sign-in", &fields);
        assert_eq!(answer.status, 303, "{}", answer.body);
        browser
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Gives the first operator of a workspace a password, as one types it.
pub(super) fn passwd(place: &Place, password: &str) {
    let mut child = tutela()
        .args(["operator", "passwd", "Test Operator", "--dir", &place.text("ws")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{password}").unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(!String::from_utf8_lossy(&output.stdout).contains(password));
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Where it leads.
    pub(super) fn location(&self) -> &str {
        self.header("location").unwrap_or_default()
    }

    /// The token of its forms.
    fn token(&self) -> &str {
        let after = self.body.split("name=\"form\" value=\"").nth(1).unwrap_or_default();
        after.split('"').next().unwrap_or_default()
    }

    #[track_caller]
    pub(super) fn says(&self, words: &[&str]) {
        for word in words {
            assert!(self.body.contains(word), "{word} is missing in:\n{}", self.body);
        }
    }
}

impl Browser {
    pub(super) fn at(address: &str) -> Self {
        let (address, cookies) = (address.to_owned(), BTreeMap::new());
        Self { address, cookies, language: "en", site: "same-origin" }
    }

    pub(super) fn get(&mut self, path: &str) -> Answer {
        self.ask("GET", path, "", &[])
    }

    /// Sends a form with the token of the page it stands on.
    pub(super) fn fill(&mut self, page: &Answer, action: &str, fields: &[(&str, &str)]) -> Answer {
        let token = page.token().to_owned();
        self.post(action, &[&[("form", token.as_str())], fields].concat())
    }

    pub(super) fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let pairs = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
        let body = pairs.collect::<Vec<_>>().join("&");
        self.ask("POST", path, "application/x-www-form-urlencoded", body.as_bytes())
    }

    /// Sends a file in a form.
    pub(super) fn upload(&mut self, page: &Answer, action: &str, file: &[u8]) -> Answer {
        let mut body = Vec::new();
        for (head, content) in [
            ("name=\"form\"", page.token().as_bytes()),
            ("name=\"file\"; filename=\"example.bin\"", file),
        ] {
            write!(body, "--xyz\r\nContent-Disposition: form-data; {head}\r\n\r\n").unwrap();
            body.extend(content);
            body.extend(b"\r\n");
        }
        body.extend(b"--xyz--\r\n");
        self.ask("POST", action, "multipart/form-data; boundary=xyz", &body)
    }

    pub(super) fn ask(&mut self, method: &str, path: &str, mime: &str, body: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let cookies: Vec<String> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nAccept-Language: {}\r\nCookie: {}\r\n\
             Sec-Fetch-Site: {}\r\nContent-Type: {mime}\r\nContent-Length: {}\r\n\r\n",
            self.address,
            self.language,
            cookies.join("; "),
            self.site,
            body.len(),
        )
        .unwrap();
        stream.write_all(body).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        for (_, cookie) in headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            assert!(cookie.contains("; HttpOnly; SameSite=Strict"), "{cookie}");
            match value {
                "" => self.cookies.remove(name),
                value => self.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        Answer { status, headers, body: body.to_owned() }
    }
}

fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}
