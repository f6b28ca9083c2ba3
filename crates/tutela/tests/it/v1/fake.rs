//! NCMEC hash sharing, played by a small server: two entries, feedback, and faults as a test wants them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::served::PATIENCE;
use crate::support::Place;

/// MD5 values of the two entries, `a` and `b` of member 42.
pub(super) const MD5S: [&str; 2] =
    ["000102030405060708090a0b0c0d0e0f", "101112131415161718191a1b1c1d1e1f"];
/// The user whose requests are never answered.
pub(super) const SLOW_USER: &str = "slow";
/// `slow:p`, as the header carries it.
const SLOW: &str = "Basic c2xvdzpw";

/// The exchange.
pub(super) struct Fake {
    pub(super) address: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    asked: Vec<Asked>,
    /// Feedback that is still to be refused.
    faults: usize,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) line: String,
    pub(super) authorization: String,
    pub(super) body: String,
}

impl Fake {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let state: Arc<Mutex<State>> = Arc::default();
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                std::thread::spawn(move || answer(stream, &state));
            }
        });
        Self { address, state }
    }

    /// Writes into the settings of a workspace that this is where NCMEC is.
    pub(super) fn stand_in(&self, place: &Place) {
        let path = place.path("ws/tutela.toml");
        let settings = std::fs::read_to_string(&path).unwrap();
        let section = "[exchanges.addresses]\n";
        assert!(settings.contains(section), "{settings}");
        let own = format!("{section}ncmec = \"{}\"\n", self.address);
        std::fs::write(&path, settings.replace(section, &own)).unwrap();
    }

    /// So many times feedback is refused.
    pub(super) fn refuse_feedback(&self, times: usize) {
        self.state.lock().unwrap().faults = times;
    }

    /// The requests so far that begin like this.
    pub(super) fn asked(&self, beginning: &str) -> Vec<Asked> {
        let state = self.state.lock().unwrap();
        state.asked.iter().filter(|asked| asked.line.starts_with(beginning)).cloned().collect()
    }

    /// Waits for so many of them.
    pub(super) fn wait(&self, beginning: &str, count: usize) -> Vec<Asked> {
        let begun = Instant::now();
        loop {
            let asked = self.asked(beginning);
            if asked.len() >= count {
                return asked;
            }
            assert!(begun.elapsed() < PATIENCE, "{beginning} did not come: {asked:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn answer(mut stream: TcpStream, state: &Mutex<State>) {
    let Some(asked) = read(&stream) else { return };
    state.lock().unwrap().asked.push(asked.clone());
    if asked.authorization == SLOW {
        // Until the other side gives up.
        let _ = stream.read(&mut [0]);
        return;
    }
    let (status, body) = if asked.line.contains("/reasons") {
        let reason = "<reason guid='g1' name='Other' type='x'/>";
        (200, format!("<availableFeedbackReasons>{reason}</availableFeedbackReasons>"))
    } else if asked.line.starts_with("PUT") {
        let mut state = state.lock().unwrap();
        let refused = state.faults > 0;
        state.faults = state.faults.saturating_sub(1);
        (if refused { 503 } else { 200 }, "<ok/>".to_owned())
    } else {
        (200, entries())
    };
    let _ =
        write!(stream, "HTTP/1.1 {status} Said\r\ncontent-length: {}\r\n\r\n{body}", body.len());
}

fn entries() -> String {
    let entry = |(id, md5): (&str, &str)| {
        format!(
            "<image><member id='42'>Example</member><id>{id}</id><fingerprints><md5>{md5}</md5></fingerprints></image>"
        )
    };
    let all: String = ["a", "b"].into_iter().zip(MD5S).map(entry).collect();
    format!(
        "<?xml version='1.0'?><queryResult xmlns='https://hashsharing.ncmec.org/hashsharing/v2'>\
         <images count='2'>{all}</images><paging></paging></queryResult>"
    )
}

fn read(stream: &TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let line = line.trim_end().to_owned();
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    let header = |name: &str| {
        lines
            .iter()
            .filter_map(|line| line.split_once(": "))
            .find_map(|(known, value)| known.eq_ignore_ascii_case(name).then(|| value.to_owned()))
    };
    let length = header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let line = lines.first()?.trim_end_matches(" HTTP/1.1").to_owned();
    let authorization = header("authorization").unwrap_or_default();
    Some(Asked { line, authorization, body: String::from_utf8_lossy(&body).into_owned() })
}
