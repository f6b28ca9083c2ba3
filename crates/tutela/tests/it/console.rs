//! The console as a person at a browser meets it, without a script.

mod browser;
mod demo;

use std::thread::sleep;
use std::time::Duration;

use self::browser::{Answer, Browser, Served, passwd};
use crate::support::{CHART, CHART_PDQ, run};

const EMPTY_MD5: &str = "d41d8cd98f00b204e9800998ecf8427e";

/// Makes a bank and puts a signal into it; gives the page of the content.
fn with_content(browser: &mut Browser, bank: &str, kind: &str, value: &str) -> Answer {
    let page = browser.get("/console/banks");
    let made = [("name", bank), ("role", "alert"), ("ratio", "100"), ("alert", "on")];
    let made = browser.fill(&page, "/console/banks", &made);
    assert_eq!(made.location(), format!("/console/banks/{bank}?done=created"), "{}", made.body);
    let page = browser.get(made.location());
    page.says(&["The signal bank is made."]);
    let fields = [("kind", kind), ("value", value), ("note", "An example"), ("labels", "a, b")];
    let added = browser.fill(&page, &format!("/console/banks/{bank}/contents"), &fields);
    assert_eq!(added.status, 303, "{}", added.body);
    browser.get(added.location())
}

#[test]
fn nobody_sees_anything_before_signing_in() {
    let served = Served::new();
    let mut browser = served.browser();
    for path in [
        "/console/",
        "/console/banks",
        "/console/matches?state=any",
        "/console/look-up",
        "/console/index",
    ] {
        let answer = browser.get(path);
        assert_eq!(answer.status, 303, "{path}");
        assert!(
            answer.location().starts_with("/console/sign-in?next=/console/"),
            "{}",
            answer.location()
        );
    }
    for path in ["/console/banks", "/console/sign-out", "/console/look-up", "/console/look-up/file"]
    {
        assert_eq!(
            browser.post(path, &[("form", "x")]).location(),
            "/console/sign-in?next=/console/",
            "{path}"
        );
    }
    assert_eq!(browser.get("/console").location(), "/console/");
}

#[test]
fn a_person_signs_in_and_out() {
    let served = Served::new();
    let mut browser = served.browser();
    let page = browser.get("/console/sign-in?next=/console/banks");
    page.says(&["<title>Sign in · Tutela</title>", "value=\"/console/banks\""]);
    let wrong = [("name", "Test Operator"), ("password", "not the password at all")];
    let refused = browser.fill(&page, "/console/sign-in", &wrong);
    assert_eq!(refused.status, 403);
    refused.says(&["Name and password do not fit", "value=\"Test Operator\""]);
    let nobody = [("name", "Nobody"), ("password", browser::PASSWORD)];
    browser.fill(&page, "/console/sign-in", &nobody).says(&["Name and password do not fit"]);
    let right = [
        ("name", "Test Operator"),
        ("password", browser::PASSWORD),
        ("next", "https://example.org/"),
    ];
    assert_eq!(browser.post("/console/sign-in", &right).status, 403, "a form without its token");
    let signed_in = browser.fill(&page, "/console/sign-in", &right);
    assert_eq!(
        (signed_in.status, signed_in.location()),
        (303, "/console/"),
        "no way leads elsewhere"
    );
    let page = browser.get("/console/");
    page.says(&["Signed in as Test Operator", "Overview"]);

    let out = browser.fill(&page, "/console/sign-out", &[]);
    assert_eq!(out.location(), "/console/sign-in?done=out");
    assert_eq!(browser.get("/console/").status, 303);
}

#[test]
fn too_many_attempts_wait() {
    let served = Served::new();
    let mut browser = served.browser();
    let page = browser.get("/console/sign-in");
    let wrong = [("name", "Test Operator"), ("password", "not the password at all")];
    let statuses: Vec<u16> =
        (0..6).map(|_| browser.fill(&page, "/console/sign-in", &wrong).status).collect();
    assert_eq!(statuses, [403, 403, 403, 403, 403, 429]);
    let right = [("name", "Test Operator"), ("password", browser::PASSWORD)];
    assert_eq!(
        browser.fill(&page, "/console/sign-in", &right).status,
        429,
        "guessing gains nothing"
    );
}

#[test]
fn a_new_password_ends_what_was_begun_with_the_old_one() {
    let served = Served::new();
    let mut browser = served.signed_in();
    assert_eq!(browser.get("/console/").status, 200);
    passwd(&served.place, "another invented password");
    assert_eq!(browser.get("/console/").status, 303);
}

#[test]
fn a_form_from_elsewhere_changes_nothing() {
    let served = Served::new();
    let mut browser = served.signed_in();
    let page = browser.get("/console/banks");
    let fields = [("name", "STOLEN"), ("role", "alert"), ("ratio", "100")];
    assert_eq!(browser.post("/console/banks", &fields).status, 403, "without the token");
    browser.site = "cross-site";
    let answer = browser.fill(&page, "/console/banks", &fields);
    assert_eq!(answer.status, 403, "with the token, from another site");
    answer.says(&["This is refused.", "web.form"]);
    browser.site = "same-origin";
    assert!(!browser.get("/console/banks").body.contains("STOLEN"));
}

#[test]
fn every_answer_lets_the_browser_do_nothing_else() {
    let served = Served::new();
    let mut browser = served.signed_in();
    let policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
                  form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    for (path, status) in [
        ("/console/", 200),
        ("/console/sign-in", 200),
        ("/console/assets/console.css", 200),
        ("/console/nowhere", 404),
        ("/console/banks/NOWHERE", 404),
        ("/console/matches/not-an-id", 404),
    ] {
        let answer = browser.get(path);
        assert_eq!(answer.status, status, "{path}");
        for (name, value) in [
            ("content-security-policy", policy),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{path} {name}");
        }
    }
    browser.get("/console/nowhere").says(&["<!DOCTYPE html>", "There is nothing at this address"]);
    let style = browser.get("/console/assets/console.css");
    assert!(style.header("etag").is_some() && style.header("cache-control") == Some("no-cache"));
    assert_eq!(browser.get("/console/").header("cache-control"), Some("no-store"));
    assert_eq!(browser.get("/console/assets/other.css").status, 404);
}

#[test]
fn a_bank_is_made_filled_and_changed() {
    let served = Served::new();
    let mut browser = served.signed_in();
    let page = browser.get("/console/banks");
    let wrong = browser.fill(&page, "/console/banks", &[("name", "small"), ("ratio", "100")]);
    assert_eq!(wrong.status, 422);
    wrong.says(&["The name must be upper-case letters", "value=\"small\""]);

    let content = with_content(&mut browser, "EXAMPLE", "md5", EMPTY_MD5);
    content.says(&["Added as content 1.", EMPTY_MD5, "value=\"a, b\"", "On"]);
    let page = browser.get("/console/banks/EXAMPLE");
    let bad = browser.fill(
        &page,
        "/console/banks/EXAMPLE/contents",
        &[("kind", "pdq"), ("value", "xyz")],
    );
    bad.says(&["This is no value of this kind of signal.", ">xyz</textarea>"]);

    for (find, found) in [("1", true), (EMPTY_MD5, true), ("2", false), ("0", false)] {
        let listed = browser.get(&format!("/console/banks/EXAMPLE?find={find}"));
        assert_eq!(listed.body.contains("/console/banks/EXAMPLE/contents/1\""), found, "{find}");
    }
    let off =
        browser.fill(&page, "/console/banks/EXAMPLE/switch", &[("number", "1"), ("to", "off")]);
    browser.get(off.location()).says(&["1 content was switched off.", "#i-off"]);
    let none = browser.fill(&page, "/console/banks/EXAMPLE/switch", &[("to", "off")]);
    none.says(&["Nothing was chosen."]);

    let fields = [
        ("takes_part", "from"),
        ("from", "2100-01-01T10:00"),
        ("expires", "2101-01-01T10:00"),
        ("note", "Later"),
    ];
    let saved = browser.fill(&page, "/console/banks/EXAMPLE/contents/1", &fields);
    browser.get(saved.location()).says(&[
        "Saved.",
        "Off until 2100-01-01 10:00:00 UTC",
        "value=\"2101-01-01T10:00\"",
        "Later",
    ]);
    let bad = browser.fill(
        &page,
        "/console/banks/EXAMPLE/contents/1",
        &[("takes_part", "from"), ("from", "soon")],
    );
    bad.says(&["A time must be a date and a time of day."]);

    let changed = [
        ("name", "RENAMED"),
        ("role", "allow"),
        ("ratio", "12.5"),
        ("distance", "8"),
        ("note", "<b>bold</b>"),
    ];
    let changed = browser.fill(&page, "/console/banks/EXAMPLE", &changed);
    browser.get(changed.location()).says(&[
        "RENAMED",
        "Negative",
        "12.5\u{a0}% of the look-ups",
        "up to 8 bits",
        "&#60;b&#62;bold",
    ]);
    assert_eq!(browser.get("/console/banks/EXAMPLE").status, 404);
}

#[test]
fn a_match_is_found_explained_and_decided() {
    let served = Served::new();
    let mut browser = served.signed_in();
    with_content(&mut browser, "EXAMPLE", "pdq", CHART_PDQ);
    // Two bits of the last digit, turned.
    let near = format!("{}7", &CHART_PDQ[..63]);
    let raw = browser.get(&format!("/m/raw_lookup?signal={near}&signal_type=pdq"));
    assert_eq!(raw.status, 200, "{}", raw.body);

    let queue = (0..100).find_map(|_| {
        let queue = browser.get("/console/matches");
        if queue.body.contains("data-row") {
            return Some(queue);
        }
        sleep(Duration::from_millis(100));
        None
    });
    let queue = queue.unwrap_or_else(|| panic!("no match is in the queue"));
    queue.says(&["Open", "2 of 256 bits differ", "EXAMPLE", "once"]);
    let path = queue.body.split("data-row href=\"").nth(1).unwrap().split('"').next().unwrap();
    let page = browser.get(path);
    page.says(&[
        "Why did this match?",
        "2 of 256 bits differ",
        "Up to 31 bits count as near here.",
        "Row 1: columns 1, 2",
        &near,
        CHART_PDQ,
        "service.near, version 1",
        "You decide as Test Operator.",
    ]);
    assert_eq!(page.body.matches("<svg class=\"cells\"").count(), 2);

    let silent = browser.fill(&page, path, &[("state", "disputed"), ("reason", " ")]);
    assert_eq!(silent.status, 422);
    silent.says(&["Whoever disputes a match says why."]);
    let fields = [("state", "disputed"), ("reason", "A test <chart>")];
    let disputed = browser.fill(&page, path, &fields);
    let page = browser.get(disputed.location());
    page.says(&[
        "Disputed: this pair is reported no more.",
        "by Test Operator, ",
        "A test &#60;chart&#62;",
    ]);
    assert!(!browser.get("/console/matches").body.contains(path));
    browser.get("/console/matches?state=disputed&bank=EXAMPLE&kind=pdq").says(&[path]);
    assert!(!browser.get("/console/matches?state=any&bank=NOWHERE").body.contains(path));
    browser.get("/console/").says(&["New matches on each of the last 30 days"]);
}

#[test]
fn a_person_looks_up_a_signal_and_a_file() {
    let served = Served::new();
    let mut browser = served.signed_in();
    with_content(&mut browser, "EXAMPLE", "pdq", CHART_PDQ);
    let page = browser.get("/console/look-up");
    let nothing = [("kind", "pdq"), ("value", &"5".repeat(64))];
    browser
        .fill(&page, "/console/look-up", &nothing)
        .says(&["Nothing in the signal banks is near."]);
    let near = browser.fill(&page, "/console/look-up", &[("kind", "pdq"), ("value", CHART_PDQ)]);
    near.says(&["1 content is near", "EXAMPLE › 1", "All 256 bits are the same"]);
    let bad = browser.fill(&page, "/console/look-up", &[("kind", "nothing"), ("value", "x")]);
    bad.says(&["There is no such kind of signal."]);

    let file = browser.upload(&page, "/console/look-up/file", CHART);
    file.says(&["image/png", "1 content is near", "as it is"]);
    let none = browser.upload(&page, "/console/look-up/file", b"");
    none.says(&["No file was chosen."]);
    let broken = browser.upload(&page, "/console/look-up/file", &CHART[..100]);
    broken.says(&["It could not be decoded", "Nothing in the signal banks is near."]);
    let stranger = served.browser().get("/console/sign-in");
    assert_eq!(browser.upload(&stranger, "/console/look-up/file", CHART).status, 403);
    // A look-up by a person is an inquiry, not a match.
    assert!(!browser.get("/console/matches?state=any").body.contains("data-row"));
    // It is counted with all others.
    let figures = browser.get("/metrics");
    figures
        .says(&["tutela_look_ups_total{kind=\"pdq\"} 3", "tutela_matches_total{kind=\"pdq\"} 2"]);
}

#[test]
fn the_console_speaks_the_language_that_was_chosen() {
    let served = Served::new();
    let mut browser = served.signed_in();
    browser.language = "it-IT,it;q=0.9,en;q=0.5";
    browser.get("/console/banks").says(&["<html lang=\"it\">", "Raccolte di impronte"]);
    let switched = browser.get("/console/language/en?back=/console/banks");
    assert_eq!((switched.status, switched.location()), (303, "/console/banks"));
    browser.get("/console/banks").says(&["<html lang=\"en\">"]);
    assert_eq!(browser.get("/console/language/it?back=//example.org/").location(), "/console/");
    browser
        .get("/console/nowhere")
        .says(&["<html lang=\"it\">", "A questo indirizzo non c’è nulla"]);
    assert_eq!(browser.get("/console/language/xx").status, 404);
}

#[test]
fn passwords_are_long_and_of_somebody() {
    let served = Served::new();
    let ws = served.place.text("ws");
    let output = run(&["operator", "passwd", "Nobody", "--dir", &ws]);
    assert!(!output.status.success());
}
