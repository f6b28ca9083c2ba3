//! A service over a workspace of its own, and a client that speaks plain HTTP to it.

use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Place, tutela};

/// Whatever a test waits for comes within this time, or the test fails.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
/// Parts a form from its next part.
const BOUNDARY: &str = "part-of-a-form-4f1c";

/// A service; it ends with the test.
pub(crate) struct Served {
    child: Child,
    /// Where it listens.
    pub(crate) address: String,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Served {
    /// The service over a workspace, once everything in it can be looked up.
    pub(crate) fn over(place: &Place, settings: &[(&str, &str)]) -> Self {
        let served = Self::start(place, settings);
        served.wait("/readyz", |answer| answer.status == 200);
        served
    }

    /// As [`Served::over`], with settings of any section, by their whole names.
    pub(crate) fn over_with(place: &Place, settings: &[(&str, &str)]) -> Self {
        let served = Self::start_with(place, settings);
        served.wait("/readyz", |answer| answer.status == 200);
        served
    }

    /// As [`Served::over`], with a workspace.
    pub(crate) fn fresh(settings: &[(&str, &str)]) -> (Place, Self) {
        let place = Place::with_workspace();
        let served = Self::over(&place, settings);
        (place, served)
    }

    /// The service as soon as it listens.
    pub(crate) fn start(place: &Place, settings: &[(&str, &str)]) -> Self {
        let names = settings.iter().map(|(key, _)| format!("TUTELA__SERVE__{key}"));
        let names: Vec<String> = names.collect();
        let values = settings.iter().map(|(_, value)| *value);
        let settings: Vec<_> = names.iter().map(String::as_str).zip(values).collect();
        Self::start_with(place, &settings)
    }

    fn start_with(place: &Place, settings: &[(&str, &str)]) -> Self {
        let mut command = tutela();
        command.args(["serve", "--listen", "127.0.0.1:0", "--dir", &place.text("ws")]);
        command.envs(settings.iter().copied());
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit('/').next().unwrap().to_owned();
        Self { child, address }
    }

    /// Ends it as a power cut does.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The same while others still speak to it.
    pub(crate) fn cut(&self) {
        let pid = self.child.id().to_string();
        let cut = std::process::Command::new("kill").args(["-KILL", &pid]).status().unwrap();
        assert!(cut.success());
    }

    /// Asks it to end, and gives its exit code.
    pub(crate) fn terminate(mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        let asked = std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        assert!(asked.success());
        self.child.wait().unwrap().code()
    }

    /// Asks again and again until the answer is right.
    pub(crate) fn wait(&self, path: &str, right: impl Fn(&Answer) -> bool) -> Duration {
        let begun = Instant::now();
        while !right(&self.get(path)) {
            assert!(begun.elapsed() < PATIENCE, "{path} does not come to be as it should");
            std::thread::sleep(Duration::from_millis(5));
        }
        begun.elapsed()
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "", b"")
    }

    pub(crate) fn delete(&self, path: &str) -> Answer {
        self.ask("DELETE", path, "", b"")
    }

    /// Sends JSON.
    pub(crate) fn send(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.ask(method, path, "content-type: application/json\r\n", body.to_string().as_bytes())
    }

    /// Sends a form. Parts are name, file name and content; without a file name it is no file.
    pub(crate) fn form(&self, path: &str, parts: &[(&str, Option<&str>, &[u8])]) -> Answer {
        let head = format!("content-type: multipart/form-data; boundary={BOUNDARY}\r\n");
        self.ask("POST", path, &head, &form(parts))
    }

    /// One request on a connection of its own; `headers` are whole lines.
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> Answer {
        self.try_ask(method, path, headers, body)
            .unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    /// The same for a server that may go away.
    pub(crate) fn try_ask(
        &self,
        method: &str,
        path: &str,
        headers: &str,
        body: &[u8],
    ) -> io::Result<Answer> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let host = &self.address;
        let mut head = format!("{method} {path} HTTP/1.1\r\n");
        if !headers.contains("host:") {
            let _ = write!(head, "host: {host}\r\n");
        }
        let _ =
            write!(head, "{headers}connection: close\r\ncontent-length: {}\r\n\r\n", body.len());
        // A server that has heard enough may close before it has read everything.
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
        Answer::read(&mut stream)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Answer {
    /// Reads until the other side closes.
    pub(crate) fn read(stream: &mut TcpStream) -> io::Result<Self> {
        let mut bytes = Vec::new();
        let read = stream.read_to_end(&mut bytes);
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
            return Err(read.err().unwrap_or_else(|| io::ErrorKind::UnexpectedEof.into()));
        };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Ok(Self { status, head, body: bytes[end + 4..].to_vec() })
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.split("\r\n").filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Asserts status and document.
    pub(crate) fn is(&self, status: u16, expected: &Value) {
        assert_eq!((self.status, &self.json()), (status, expected), "{}", self.text());
    }

    /// Asserts status and message.
    pub(crate) fn says(&self, status: u16, message: &str) {
        self.is(status, &serde_json::json!({"message": message}));
    }
}

fn form(parts: &[(&str, Option<&str>, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, content) in parts {
        let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
        let head = format!(
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}
