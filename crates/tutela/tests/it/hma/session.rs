//! The session with curl in docs/matching.md works as printed.

use std::process::Command;

use serde_json::Value;

use crate::house::root;
use crate::served::Served;

/// Where the session in the document asks.
const PRINTED: &str = "127.0.0.1:8080";

#[test]
fn the_printed_session_works_as_printed() {
    if Command::new("curl").arg("--version").output().is_err() {
        eprintln!("curl is not installed: the session was not run");
        return;
    }
    let document = std::fs::read_to_string(root().join("docs/matching.md")).unwrap();
    let sessions: Vec<&str> = document
        .split("```console\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect();
    let (_place, served) = Served::fresh(&[]);
    let mut asked = 0;
    for step in sessions.iter().flat_map(|session| session.split("$ ").skip(1)) {
        let (command, printed) = steps(step);
        if !command.starts_with("curl ") {
            continue;
        }
        let output = Command::new("sh")
            .args(["-c", &command.replace(PRINTED, &served.address)])
            .current_dir(root())
            .output()
            .unwrap();
        let answered = String::from_utf8_lossy(&output.stdout).into_owned();
        // The order of the keys of an object says nothing.
        match (serde_json::from_str::<Value>(&answered), serde_json::from_str::<Value>(&printed)) {
            (Ok(answered), Ok(printed)) => assert_eq!(answered, printed, "{command}"),
            _ => assert_eq!(answered.trim(), printed.trim(), "{command}"),
        }
        asked += 1;
    }
    assert!(asked >= 8, "only {asked} commands were found");
}

/// A command, whose lines may go on, and what it printed.
fn steps(step: &str) -> (String, String) {
    let mut command = String::new();
    let mut lines = step.lines();
    for line in lines.by_ref() {
        match line.strip_suffix('\\') {
            Some(line) => command.push_str(line),
            None => {
                command.push_str(line);
                break;
            }
        }
    }
    (command, lines.collect::<Vec<_>>().join("\n"))
}
