//! The demo ends in a console that anybody can sign in to who read what it printed.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Command, Stdio};

use super::browser::Browser;
use crate::support::{Place, tutela};

#[test]
fn the_demo_serves_the_console_until_it_is_stopped() {
    let place = Place::new();
    // Somebody else has the port of the settings: the demo takes another one.
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let settings = taken.local_addr().unwrap().to_string();
    let mut child = tutela()
        .args(["demo", "-q", "--dir", &place.text("demo")])
        .env("TUTELA__SERVE__LISTEN", &settings)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut printed = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    while !printed.contains("Ctrl-C") {
        assert!(out.read_line(&mut printed).unwrap() > 0, "it ended:\n{printed}");
    }
    let said = |name: &str| {
        let line = printed.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_else(|| panic!("{name} is missing in:\n{printed}")).trim().to_owned()
    };
    assert!(printed.contains("found as such"), "the table comes first");
    let (console, password) = (said("Console:"), said("Password:"));
    let address = console.trim_start_matches("http://").trim_end_matches("/console/");
    assert_ne!(address, settings);
    assert_eq!(printed.matches(&password).count(), 1);

    let mut browser = Browser::at(address);
    let page = browser.get("/console/sign-in");
    let fields = [("name", said("Name:")), ("password", password)];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let answer = browser.fill(&page, "/console/sign-in", &fields);
    assert_eq!(answer.status, 303, "{}", answer.body);
    browser.get("/console/banks").says(&["DEMO_LIST"]);
    // A file of the device is found in the bank.
    let page = browser.get("/console/look-up");
    let known = pictures(&place).into_iter().any(|picture| {
        browser.upload(&page, "/console/look-up/file", &picture).body.contains("DEMO_LIST")
    });
    assert!(known, "no file of the device is in the bank");

    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

/// Pictures of the demo's device, whole.
fn pictures(place: &Place) -> Vec<Vec<u8>> {
    let mut folders = vec![place.path("demo/device")];
    let mut pictures = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "jpg") {
                pictures.push(std::fs::read(path).unwrap());
            }
        }
    }
    pictures
}
