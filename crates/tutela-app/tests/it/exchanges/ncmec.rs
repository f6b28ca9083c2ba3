//! NCMEC hash sharing, played by a server.

use std::sync::{Arc, Mutex};

use serde_json::json;
use tutela_core::Verdict;

use super::Desk;
use crate::served::{Asked, Reply, Served};

const MD5: &str = "000102030405060708090a0b0c0d0e0f";

/// What the service holds: second of the last change, and the element.
type Entries = Arc<Mutex<Vec<(i64, String)>>>;

fn image(id: &str, inner: &str) -> String {
    format!("<image><member id='42'>Example</member><id>{id}</id>{inner}</image>")
}

fn md5(id: &str) -> String {
    image(id, &format!("<fingerprints><md5>{MD5}</md5></fingerprints>"))
}

fn seconds(asked: &Asked, name: &str) -> i64 {
    let text = asked.parameter(name).unwrap();
    assert!(text.ends_with('Z'), "{text}");
    text.parse::<tutela_core::Timestamp>().unwrap().as_second()
}

/// Pages of two entries; more than `max_span_s` seconds are more entries than anybody takes.
fn answer(entries: &Entries, max_span_s: i64, asked: &Asked) -> Reply {
    let (from, to) = (seconds(asked, "from"), seconds(asked, "to"));
    let start: usize = asked.parameter("start").map_or(1, |start| start.parse().unwrap());
    let all = entries.lock().unwrap();
    let range: Vec<&String> =
        all.iter().filter(|(at, _)| (from..to).contains(at)).map(|(_, entry)| entry).collect();
    let page: String = range.iter().skip(start - 1).take(2).map(|entry| entry.as_str()).collect();
    let max = if to - from > max_span_s { 10_000_000 } else { range.len() };
    let query = |name: &str| asked.parameter(name).unwrap().replace(':', "%3A");
    let next = (start + 2 <= max).then(|| {
        let (from, to) = (query("from"), query("to"));
        format!("<next>/v2/entries?from={from}&amp;to={to}&amp;start={}&amp;size=2&amp;max={max}</next>", start + 2)
    });
    Reply::ok(format!(
        "<?xml version='1.0'?><queryResult xmlns='https://hashsharing.ncmec.org/hashsharing/v2'>\
         <images count='1'>{page}</images><paging>{}</paging></queryResult>",
        next.unwrap_or_default()
    ))
}

async fn desk(server: &Served) -> Desk {
    let config = json!({"environment": "https://hashsharing-test.ncmec.org/npo"});
    Desk::of("ncmec", &server.url("/base"), config, json!({"user": "u", "password": "p"})).await
}

#[tokio::test]
async fn ranges_are_drained_before_they_count() {
    let entries: Entries = Arc::default();
    // Not in the order of time, as the service gives them.
    *entries.lock().unwrap() =
        (1..=5).rev().map(|n| (1_000_000_000 + n, md5(&format!("a{n}")))).collect();
    let held = Arc::clone(&entries);
    let server = Served::by(move |asked| answer(&held, i64::MAX, asked));
    let desk = desk(&server).await;

    let first = desk.fetch_steps(2).await.unwrap();
    assert_eq!((first.fetched, first.up_to_date), (4, false));
    assert_eq!(desk.status().await.checkpoint_ts, Some(0), "a range half read is no progress");
    let asked = server.asked();
    assert_eq!(asked[0].header("authorization"), Some("Basic dTpw"));
    assert!(asked[0].line.starts_with("GET /base/v2/entries?from=1970-01-01T00:00:00Z&to=20"));
    // Another run, as of another process, goes on with the same range.
    let second = desk.fetch().await.unwrap();
    assert_eq!((second.fetched, second.up_to_date), (1, true));
    assert_eq!(server.asked()[0].parameter("start").as_deref(), Some("5"));
    assert_eq!(
        desk.held().await,
        ["42-a1 md5", "42-a2 md5", "42-a3 md5", "42-a4 md5", "42-a5 md5"]
    );
    let checkpoint = desk.status().await.checkpoint_ts.unwrap();
    assert!(checkpoint > 1_000_000_005);

    // What changes later comes; what is deleted or disputed goes.
    let later = checkpoint - 3;
    let disputed = format!(
        "<fingerprints><md5>{MD5}</md5></fingerprints><feedback><negativeFeedback type='Md5'><members>\
         <member id='9'/></members></negativeFeedback></feedback>"
    );
    *entries.lock().unwrap() = vec![
        (later, "<deletedImage><member id='42'/><id>a1</id></deletedImage>".to_owned()),
        (later, image("a2", &disputed)),
        (
            later,
            image(
                "a3",
                "<classification>A1</classification><fingerprints><sha1>zz</sha1></fingerprints>",
            ),
        ),
        (later, md5("a4").replace("<id>", "<classification>B2</classification><id>")),
    ];
    desk.set_cursor(|cursor| cursor["from_s"] = json!(later - 10)).await;
    let brought = desk.fetch().await.unwrap();
    assert_eq!((brought.removed, brought.updated, brought.added), (3, 1, 0));
    assert_eq!(desk.held().await, ["42-a4 md5", "42-a5 md5"]);
    let content = desk.store.content(desk.content("42-a4").await).await.unwrap();
    assert_eq!(content.terms.labels, ["B2"]);
    assert!(content.terms.record_json.unwrap().contains("\"member\":\"42\""));
}

#[tokio::test]
async fn ranges_with_too_much_in_them_shrink_and_grow_again() {
    let entries: Entries = Arc::new(Mutex::new(vec![(1_500_000_000, md5("x"))]));
    let year = 365 * 86_400;
    let server = Served::by(move |asked| answer(&entries, year, asked));
    let desk = desk(&server).await;
    let brought = desk.fetch().await.unwrap();
    assert_eq!((brought.added, brought.fetched), (1, 1), "nothing of what is too much is taken");
    let spans: Vec<i64> =
        server.asked().iter().map(|a| seconds(a, "to") - seconds(a, "from")).collect();
    assert!(spans.len() < 400, "{}", spans.len());
    assert!(spans[0] > 50 * year && spans.iter().any(|span| *span <= year / 4));
}

#[tokio::test]
async fn faults_change_nothing_and_the_next_run_goes_on() {
    let entries: Entries = Arc::default();
    *entries.lock().unwrap() =
        (1..=5).map(|n| (1_000_000_000 + n, md5(&format!("a{n}")))).collect();
    let fault: Arc<Mutex<Option<Reply>>> = Arc::default();
    let next_fault = Arc::clone(&fault);
    let server =
        Served::by(move |asked| match (asked.parameter("start"), &*next_fault.lock().unwrap()) {
            (Some(_), Some(reply)) => reply.clone(),
            _ => answer(&entries, i64::MAX, asked),
        });
    let desk = desk(&server).await;
    let whole = |body: &str| Reply::ok(body);
    for (reply, code) in [
        (Reply::status(500), "app.fetch.status"),
        (Reply::status(401), "app.fetch.status"),
        (whole("<html>busy</html>"), "formats.answer"),
        (whole("<queryResult><images><image>"), "formats.answer"),
        (whole("{\"message\":\"no\"}"), "formats.answer"),
        (whole(""), "formats.answer"),
        (
            Reply::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n<queryResult>".to_vec()),
            "app.fetch.broken",
        ),
        (
            whole("<queryResult><paging><next>http://127.0.0.1/x</next></paging></queryResult>"),
            "formats.answer",
        ),
    ] {
        let shown = format!("{reply:.80?}");
        *fault.lock().unwrap() = Some(reply);
        assert_eq!(desk.fails().await, code, "{shown}");
        assert_eq!(desk.held().await.len(), 2, "{shown}");
    }
    // A page that names itself as the next goes in a circle.
    let line = server.asked().pop().unwrap().line;
    let itself = line.trim_start_matches("GET /base").replace('&', "&amp;");
    *fault.lock().unwrap() =
        Some(whole(&format!("<queryResult><paging><next>{itself}</next></paging></queryResult>")));
    assert_eq!(desk.fails().await, "formats.answer");
    assert!(desk.status().await.failures > 8);
    *fault.lock().unwrap() = None;
    assert_eq!(desk.fetch().await.unwrap().added, 3);
    let status = desk.status().await;
    assert_eq!((status.failures, status.error, status.last_fetch_succeeded), (0, None, Some(true)));
}

#[tokio::test]
async fn only_some_members_may_be_wanted() {
    let entries: Entries = Arc::default();
    let other = md5("b").replace("'42'", "'7'");
    *entries.lock().unwrap() = vec![(1_000, md5("a")), (1_000, other)];
    let server = Served::by(move |asked| answer(&entries, i64::MAX, asked));
    let config =
        json!({"environment": "https://hashsharing-test.ncmec.org/npo", "only_esp_ids": [7]});
    let secrets = json!({"user": "u", "password": "p"});
    let desk = Desk::of("ncmec", &server.url(""), config, secrets).await;
    desk.fetch().await.unwrap();
    assert_eq!(desk.held().await, ["7-b md5"]);
}

#[tokio::test]
async fn verdicts_go_back_as_feedback() {
    let entries: Entries = Arc::new(Mutex::new(vec![(1_000, md5("a")), (1_000, md5("b"))]));
    let server = Served::by(move |asked| match asked.line.as_str() {
        "GET /v2/feedback/MD5/reasons" => Reply::ok(
            "<availableFeedbackReasons><reason guid='g1' name='Other' type='x'/>\
             <reason guid='g2' name='Wrong picture' type='x'/></availableFeedbackReasons>",
        ),
        "PUT /v2/entries/42/b/MD5/feedback" => Reply::status(503),
        line if line.starts_with("PUT") => Reply::ok("<ok/>"),
        _ => answer(&entries, i64::MAX, asked),
    });
    let config = json!({"environment": "https://hashsharing-test.ncmec.org/npo"});
    let secrets = json!({"user": "u", "password": "p"});
    let desk = Desk::of("ncmec", &server.url(""), config, secrets).await;
    desk.fetch().await.unwrap();
    server.asked();
    assert_eq!(desk.tell("42-a", Verdict::Dispute).await, ["sent"]);
    let put = server.asked().into_iter().find(|asked| asked.line.starts_with("PUT")).unwrap();
    assert_eq!(put.line, "PUT /v2/entries/42/a/MD5/feedback");
    assert!(put.body.contains("<negative><reasonIds><guid>g2</guid></reasonIds></negative>"));
    assert_eq!(put.header("authorization"), Some("Basic dTpw"));
    assert_eq!(desk.tell("42-b", Verdict::Confirm).await, ["sent", "queued app.fetch.status"]);
    let put = server.asked().into_iter().find(|asked| asked.line.starts_with("PUT")).unwrap();
    assert!(put.body.contains("<affirmative/>"));
    let ledger = desk.store.entry_lines(0, 100).await.unwrap().join("\n");
    assert_eq!(ledger.matches("verdict.stated").count(), 2);
    assert_eq!(ledger.matches("verdict.sent").count(), 1);
}
