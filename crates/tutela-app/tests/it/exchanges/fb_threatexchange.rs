//! Meta ThreatExchange, played by a server.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tutela_core::Verdict;

use super::Desk;
use crate::served::{Reply, Served};

fn update(n: u8, status: &str, at: i64) -> Value {
    json!({"id": "1", "indicator": pdq(n), "type": "HASH_PDQ", "last_updated": at, "should_delete": false,
        "descriptors": {"data": [{"id": format!("90{n}"), "owner": {"id": "5"}, "status": status,
            "tags": {"data": [{"text": "example"}]}}]}})
}

fn deleted(n: u8) -> Value {
    json!({"indicator": pdq(n), "type": "HASH_PDQ", "last_updated": 300, "should_delete": true})
}

fn pdq(n: u8) -> String {
    format!("{n:02x}").repeat(32)
}

fn key(n: u8) -> String {
    format!("HASH_PDQ:{} pdq", pdq(n))
}

fn page(rows: &[Value], after: Option<&str>) -> Reply {
    let next = after.map(|after| format!("https://graph.example/x?access_token=t&after={after}"));
    Reply::ok(json!({"data": rows, "paging": {"next": next}}).to_string())
}

type Pages = Arc<Mutex<Vec<(Option<&'static str>, Reply)>>>;

/// A server that answers by the cursor that is asked for.
fn server() -> (Served, Pages) {
    let pages: Pages = Arc::default();
    let held = Arc::clone(&pages);
    let server = Served::by(move |asked| {
        let after = asked.parameter("after");
        let held = held.lock().unwrap();
        let found = held.iter().find(|(named, _)| *named == after.as_deref());
        found.map_or(Reply::status(404), |(_, reply)| reply.clone())
    });
    (server, pages)
}

async fn desk(server: &Served) -> Desk {
    Desk::of(
        "fb_threatexchange",
        &server.url(""),
        json!({"privacy_group": 77}),
        json!({"api_token": "a|b"}),
    )
    .await
}

#[tokio::test]
async fn updates_are_followed_and_deletions_go() {
    let (server, pages) = server();
    let desk = desk(&server).await;
    *pages.lock().unwrap() = vec![
        (None, page(&[update(1, "MALICIOUS", 100), update(2, "UNKNOWN", 110)], Some("A"))),
        (Some("A"), page(&[update(3, "NON_MALICIOUS", 120), update(4, "MALICIOUS", 200)], None)),
    ];
    desk.fetch_steps(1).await.unwrap();
    assert_eq!(desk.fetch().await.unwrap().added, 1);
    assert_eq!(desk.held().await, [key(1), key(2), key(4)]);
    let asked = server.asked();
    assert!(asked[0].line.starts_with("GET /77/threat_updates/?"), "{}", asked[0].line);
    assert_eq!(asked[0].parameter("access_token").as_deref(), Some("a|b"));
    assert!(asked[0].parameter("fields").unwrap().contains("should_delete"));
    assert_eq!(
        (asked[0].parameter("start_time"), asked[1].parameter("after").as_deref()),
        (None, Some("A"))
    );
    assert_eq!(desk.status().await.checkpoint_ts, Some(200));
    let cursor = desk.store.exchange(super::NAME).await.unwrap().state.cursor_json.unwrap();
    assert!(!cursor.contains("a|b"), "the token is nowhere but with the credentials");

    let rows = [deleted(1), update(2, "NON_MALICIOUS", 310), update(3, "MALICIOUS", 320)];
    *pages.lock().unwrap() = vec![(None, page(&rows, None))];
    let brought = desk.fetch().await.unwrap();
    assert_eq!((brought.removed, brought.added), (2, 1));
    assert_eq!(desk.held().await, [key(3), key(4)]);
    assert_eq!(server.asked()[0].parameter("start_time").as_deref(), Some("200"));
    assert_eq!(desk.status().await.checkpoint_ts, Some(320));
}

#[tokio::test]
async fn after_85_days_everything_is_read_again() {
    let (server, pages) = server();
    let desk = desk(&server).await;
    let rows = [update(1, "MALICIOUS", 100), update(2, "MALICIOUS", 110)];
    *pages.lock().unwrap() = vec![(None, page(&rows, None))];
    desk.fetch().await.unwrap();
    server.asked();
    *pages.lock().unwrap() = vec![(None, page(&[update(2, "MALICIOUS", 110)], None))];
    assert_eq!(desk.fetch().await.unwrap().removed, 0, "what is not told again stays");
    assert!(server.asked()[0].parameter("start_time").is_some());
    desk.set_cursor(|cursor| {
        let days_ago = cursor["checked_s"].as_i64().unwrap() - 86 * 86_400;
        cursor["checked_s"] = json!(days_ago);
    })
    .await;
    assert_eq!(desk.fetch().await.unwrap().removed, 1);
    assert_eq!(server.asked()[0].parameter("start_time"), None);
    assert_eq!(desk.held().await, [key(2)]);
}

#[tokio::test]
async fn faults_change_nothing() {
    let (server, pages) = server();
    let desk = desk(&server).await;
    *pages.lock().unwrap() = vec![(None, page(&[update(1, "MALICIOUS", 100)], None))];
    desk.fetch().await.unwrap();
    for (reply, code) in [
        (Reply::ok(r#"{"error":{"message":"no","code":190}}"#), "formats.answer"),
        (Reply::ok(r#"{"data":"x"}"#), "formats.answer"),
        (Reply::ok("[]"), "formats.answer"),
        (Reply::ok(r#"{"data":[],"paging":{"next":"https://x.example/"}}"#), "formats.answer"),
        (Reply::status(400), "app.fetch.status"),
        (Reply::status(503), "app.fetch.status"),
    ] {
        let shown = format!("{reply:.80?}");
        *pages.lock().unwrap() = vec![(None, reply)];
        assert_eq!(desk.fails().await, code, "{shown}");
        assert_eq!(desk.held().await, [key(1)], "{shown}");
    }
    let error = desk.status().await.error.unwrap().message;
    assert!(!error.contains("a|b") && !error.contains("127.0.0.1"), "{error}");
    *pages.lock().unwrap() = vec![(None, page(&[], Some("A"))), (Some("A"), page(&[], Some("A")))];
    assert_eq!(desk.fails().await, "formats.answer", "a circle");
}

#[tokio::test]
async fn verdicts_go_back_as_reactions() {
    let (server, pages) = server();
    let desk = desk(&server).await;
    *pages.lock().unwrap() = vec![(None, page(&[update(1, "MALICIOUS", 100)], None))];
    desk.fetch().await.unwrap();
    server.asked();
    assert_eq!(desk.tell(&format!("HASH_PDQ:{}", pdq(1)), Verdict::Dispute).await, ["sent"]);
    let post = server.asked().into_iter().find(|asked| asked.line.starts_with("POST")).unwrap();
    assert_eq!(post.line, "POST /901");
    assert_eq!(post.body, "access_token=a%7Cb&reactions=DISAGREE_WITH_TAGS");
}
