//! StopNCII, played by a server.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tutela_core::{Coded, Verdict};

use super::Desk;
use crate::served::{Asked, Reply, Served};

fn hash(n: u8, status: &str) -> Value {
    json!({"lastModtimestamp": 100 + i64::from(n), "signalType": "ImagePDQ", "hashValue": pdq(n),
        "hashStatus": status, "caseNumbers": {"17": status}, "CSPFeedbacks": []})
}

fn pdq(n: u8) -> String {
    format!("{n:02x}").repeat(32)
}

fn key(n: u8) -> String {
    format!("ImagePDQ:{} pdq", pdq(n))
}

fn page(records: &[Value], next: Option<&str>, start: i64) -> Reply {
    let body = json!({"count": records.len(), "nextPageToken": next.unwrap_or(""), "nextSetTimestamp": start,
        "hasMoreRecords": next.is_some(), "hashRecords": records});
    Reply::ok(body.to_string())
}

type Answers = Arc<Mutex<Box<dyn FnMut(&Asked) -> Reply + Send>>>;

/// A server whose answers a test may change while it runs.
fn server() -> (Served, Answers) {
    let answers: Answers = Arc::new(Mutex::new(Box::new(|_: &Asked| Reply::status(500))));
    let held = Arc::clone(&answers);
    (Served::by(move |asked| (held.lock().unwrap())(asked)), answers)
}

fn set(answers: &Answers, answer: impl FnMut(&Asked) -> Reply + Send + 'static) {
    *answers.lock().unwrap() = Box::new(answer);
}

async fn desk(server: &Served) -> Desk {
    let secrets =
        json!({"fetch_function_key": "f", "subscription_key": "s", "feedback_function_key": "b"});
    Desk::of("stop_ncii", &server.url("/v1/"), json!({}), secrets).await
}

#[tokio::test]
async fn sets_are_read_page_by_page_and_withdrawals_go_at_once() {
    let (server, answers) = server();
    let desk = desk(&server).await;
    set(&answers, |asked| match asked.parameter("nextPageToken").as_deref() {
        None => page(&[hash(1, "Active"), hash(2, "Received")], Some("t/1"), 0),
        Some("t/1") => {
            page(&[hash(3, "Active"), hash(4, "Withdrawn"), hash(1, "Active")], None, 500)
        }
        other => panic!("{other:?}"),
    });
    let first = desk.fetch_steps(1).await.unwrap();
    assert_eq!((first.added, first.up_to_date), (2, false));
    let second = desk.fetch().await.unwrap();
    assert_eq!((second.added, second.unchanged, second.up_to_date), (1, 1, true));
    assert_eq!(desk.held().await, [key(1), key(2), key(3)]);
    let asked = server.asked();
    assert_eq!(asked[0].line, "GET /v1/FetchHashes?startTimestamp=10&pageSize=800");
    assert_eq!(
        (asked[0].header("x-functions-key"), asked[0].header("ocp-apim-subscription-key")),
        (Some("f"), Some("s"))
    );
    assert_eq!(desk.status().await.checkpoint_ts, Some(500));

    set(&answers, |_| page(&[hash(1, "Withdrawn"), hash(3, "Deleted")], None, 600));
    assert_eq!(desk.fetch().await.unwrap().removed, 2);
    assert_eq!(desk.held().await, [key(2)]);
    assert_eq!(server.asked()[0].parameter("startTimestamp").as_deref(), Some("500"));
}

#[tokio::test]
async fn a_token_that_has_expired_begins_the_set_anew() {
    let (server, answers) = server();
    let desk = desk(&server).await;
    set(&answers, |asked| match asked.parameter("nextPageToken") {
        None => page(&[hash(1, "Active")], Some("old"), 0),
        Some(_) => Reply::status(410),
    });
    desk.fetch_steps(1).await.unwrap();
    set(&answers, |asked| match asked.parameter("nextPageToken").as_deref() {
        None => page(&[hash(1, "Active")], Some("new"), 0),
        Some("new") => page(&[hash(2, "Active")], None, 500),
        Some(_) => Reply::status(410),
    });
    let paused = desk.fetch().await.unwrap();
    assert_eq!(
        (paused.fetched, paused.up_to_date),
        (0, false),
        "not at once, or it might never end"
    );
    let brought = desk.fetch().await.unwrap();
    assert_eq!((brought.added, brought.unchanged), (1, 1));
    assert_eq!(desk.held().await, [key(1), key(2)]);
}

#[tokio::test]
async fn after_thirty_days_everything_is_read_again() {
    let (server, answers) = server();
    let desk = desk(&server).await;
    set(&answers, |_| page(&[hash(1, "Active"), hash(2, "Active")], None, 500));
    desk.fetch().await.unwrap();
    // Meanwhile a hash went, and nobody tells of it any more.
    set(&answers, |asked| match asked.parameter("nextPageToken") {
        None => page(&[hash(2, "Active")], Some("more"), 0),
        Some(_) => page(&[hash(3, "Active")], None, 900),
    });
    desk.set_cursor(|cursor| cursor["checked_s"] = json!(1_000)).await;
    let first = desk.fetch_steps(1).await.unwrap();
    assert_eq!((first.removed, first.unchanged), (0, 1), "until everything was seen nothing goes");
    assert_eq!(server.asked().last().unwrap().parameter("startTimestamp").as_deref(), Some("10"));
    assert_eq!(desk.fetch().await.unwrap().removed, 1);
    assert_eq!(desk.held().await, [key(2), key(3)]);
}

#[tokio::test]
async fn faults_change_nothing() {
    let (server, answers) = server();
    let desk = desk(&server).await;
    set(&answers, |_| page(&[hash(1, "Active")], None, 500));
    desk.fetch().await.unwrap();
    let rubbish: Vec<(Reply, &str)> = vec![
        (Reply::status(500), "app.fetch.status"),
        (Reply::status(403), "app.fetch.status"),
        (Reply::ok("<html>"), "formats.answer"),
        (Reply::ok(""), "formats.answer"),
        (Reply::ok("{}"), "formats.answer"),
        (
            Reply::ok(r#"{"nextSetTimestamp":"x","hasMoreRecords":false,"hashRecords":[]}"#),
            "formats.answer",
        ),
        (
            Reply::ok(r#"{"nextSetTimestamp":1,"hasMoreRecords":false,"hashRecords":[{"#),
            "formats.answer",
        ),
        (page(&[], Some(""), 500), "formats.answer"),
        (
            Reply::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{".to_vec()),
            "app.fetch.broken",
        ),
    ];
    for (reply, code) in rubbish {
        let shown = format!("{reply:.80?}");
        set(&answers, move |_| reply.clone());
        assert_eq!(desk.fails().await, code, "{shown}");
        assert_eq!(desk.held().await, [key(1)], "{shown}");
        assert_eq!(desk.status().await.checkpoint_ts, Some(500), "{shown}");
    }
    // Records that make no sense are left out, and the others are taken.
    set(&answers, |_| {
        page(&[json!(7), json!({"signalType": "ImagePDQ"}), hash(2, "Active")], None, 600)
    });
    let brought = desk.fetch().await.unwrap();
    assert_eq!((brought.fetched, brought.added), (3, 1));
    let not_pdq = json!({"signalType": "ImagePDQ", "hashValue": "xyz", "hashStatus": "Active"});
    set(&answers, move |_| page(std::slice::from_ref(&not_pdq), None, 700));
    assert_eq!(desk.fetch().await.unwrap().added, 0);
}

#[tokio::test]
async fn a_sender_that_is_busy_is_asked_when_it_says() {
    let (server, answers) = server();
    let desk = desk(&server).await;
    set(&answers, |_| Reply::status(429).with("Retry-After", "1000"));
    let before = tutela_core::Timestamp::now().as_second();
    assert_eq!(desk.fails().await, "app.fetch.status");
    let wait = desk.status().await.next_fetch_ts.unwrap() - before;
    assert!((1_000..1_100).contains(&wait), "{wait}");
}

#[tokio::test]
async fn pages_without_end_end_with_the_run() {
    let (server, answers) = server();
    let desk = desk(&server).await;
    let mut number = 0;
    set(&answers, move |_| {
        number += 1;
        page(&[hash(1, "Active")], Some(&format!("token-{number}")), 0)
    });
    let brought = desk.fetch_steps(20).await.unwrap();
    assert_eq!((brought.fetched, brought.up_to_date), (20, false));
    assert_eq!(desk.held().await, [key(1)]);
    set(&answers, |_| page(&[], Some("same"), 0));
    assert_eq!(desk.fails().await, "formats.answer", "a page that names itself goes in a circle");
}

#[tokio::test]
async fn verdicts_go_back_as_feedback() {
    let (server, answers) = server();
    let desk = desk(&server).await;
    set(&answers, |asked| match asked.line.starts_with("POST") {
        true => Reply::ok("{}"),
        false => page(&[hash(1, "Active")], None, 500),
    });
    desk.fetch().await.unwrap();
    server.asked();
    let key = format!("ImagePDQ:{}", pdq(1));
    assert_eq!(desk.tell(&key, Verdict::Dispute).await, ["sent"]);
    let post = server.asked().into_iter().find(|asked| asked.line.starts_with("POST")).unwrap();
    assert_eq!(
        (post.line.as_str(), post.header("x-functions-key")),
        ("POST /v1/SubmitFeedback", Some("b"))
    );
    let said: Value = serde_json::from_str(&post.body).unwrap();
    assert_eq!(
        said["hashFeedbacks"][0],
        json!({"hashValue": pdq(1), "feedbackValue": "NotBlocked", "tags": []})
    );
}

#[tokio::test]
async fn a_fetch_that_dies_loses_nothing_and_blocks_nobody_for_ever() {
    let (server, answers) = server();
    let desk = desk(&server).await;
    set(&answers, |asked| match asked.parameter("nextPageToken") {
        None => page(&[hash(1, "Active")], Some("two"), 0),
        Some(_) => Reply::Silent(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n{".to_vec()),
    });
    // As a process that is killed while it waits for the second page.
    let waited = tokio::time::timeout(std::time::Duration::from_secs(1), desk.fetch()).await;
    assert!(waited.is_err());
    assert_eq!(desk.held().await, [key(1)]);
    assert!(desk.status().await.running_fetch_start_ts.is_some());
    assert_eq!(desk.fetch().await.unwrap_err().code(), "app.exchange_running");

    // Ten minutes later the next takes over, where it stood.
    let exchange = desk.store.exchange(super::NAME).await.unwrap();
    let now = tutela_core::Timestamp::now();
    let claim = desk.store.claim_exchange(exchange.number, now, now).await.unwrap().unwrap();
    let end =
        tutela_store::FetchEnd { at: now, error: None, up_to_date: false, next_fetch_at: now };
    desk.store.end_fetch(claim, &end).await.unwrap();
    set(&answers, |asked| match asked.parameter("nextPageToken").as_deref() {
        Some("two") => page(&[hash(2, "Active")], None, 500),
        _ => Reply::status(404),
    });
    assert_eq!(desk.fetch().await.unwrap().added, 1);
    assert_eq!(desk.held().await, [key(1), key(2)]);
}
