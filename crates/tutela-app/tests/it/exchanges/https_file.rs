//! Hash lists behind an address, played by a server.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::Desk;
use crate::served::{Reply, Served};

const ONE: &str = "0000000000000000000000000000000000000000000000000000000000000001";
const TWO: &str = "0000000000000000000000000000000000000000000000000000000000000002";
const THREE: &str = "0000000000000000000000000000000000000000000000000000000000000003";

/// A server that gives what it holds, with its version.
fn server(path: &'static str) -> (Served, Arc<Mutex<(u32, Reply)>>) {
    let file = Arc::new(Mutex::new((1, Reply::status(404))));
    let held = Arc::clone(&file);
    let server = Served::by(move |asked| {
        let (version, reply) = held.lock().unwrap().clone();
        let etag = format!("\"{version}\"");
        if asked.line != format!("GET {path}") {
            return Reply::status(404);
        }
        match asked.header("if-none-match") {
            Some(known) if known == etag => Reply::status(304),
            _ => reply.with("ETag", etag),
        }
    });
    (server, file)
}

async fn desk(config: Value, secrets: Value) -> Desk {
    let desk = Desk::with("[exchanges]\nhosts = [\"127.0.0.1\"]\n").await;
    desk.create("https_file", config, secrets).await.unwrap();
    desk
}

#[tokio::test]
async fn a_list_is_fetched_when_it_changes_and_taken_as_a_whole() {
    let (server, file) = server("/list.txt");
    let desk =
        desk(json!({"url": server.url("/list.txt")}), json!({"user": "u", "password": "p"})).await;
    *file.lock().unwrap() = (1, Reply::ok(format!("{ONE}\n{TWO}\nnot a hash\n{TWO}\n")));
    let brought = desk.fetch().await.unwrap();
    assert_eq!((brought.added, brought.up_to_date), (2, true));
    assert_eq!(desk.held().await, [format!("pdq:{ONE} pdq"), format!("pdq:{TWO} pdq")]);
    assert_eq!(server.asked()[0].header("authorization"), Some("Basic dTpw"));

    assert_eq!(desk.fetch().await.unwrap().fetched, 0, "it has not changed");
    *file.lock().unwrap() = (2, Reply::ok(format!("{TWO}\n{THREE}\n")));
    let brought = desk.fetch().await.unwrap();
    assert_eq!((brought.added, brought.unchanged, brought.removed), (1, 1, 1));
    assert_eq!(desk.held().await, [format!("pdq:{TWO} pdq"), format!("pdq:{THREE} pdq")]);

    for (reply, code) in [
        (Reply::ok(""), "app.bad_list"),
        (Reply::ok("\n\n"), "app.bad_list"),
        (Reply::ok("<html>Sign in, please</html>"), "app.bad_list"),
        (
            Reply::ok(format!(
                "{{\"hashRecords\":[{{\"signalType\":\"ImagePDQ\",\"hashValue\":\"{ONE}\""
            )),
            "app.bad_list",
        ),
        (Reply::status(500), "app.fetch.status"),
    ] {
        let shown = format!("{reply:.80?}");
        let version = file.lock().unwrap().0 + 1;
        *file.lock().unwrap() = (version, reply);
        assert_eq!(desk.fails().await, code, "{shown}");
        assert_eq!(desk.held().await.len(), 2, "{shown}");
    }
}

#[tokio::test]
async fn formats_are_named_or_recognised() {
    let check = async |path: &'static str, body: String, config: Value, expected: &[String]| {
        let (server, file) = server(path);
        *file.lock().unwrap() = (1, Reply::ok(body));
        let mut config = config;
        config["url"] = json!(server.url(path));
        let desk = desk(config, json!({})).await;
        desk.fetch().await.unwrap();
        assert_eq!(desk.held().await, expected, "{path}");
    };
    let md5 = "000102030405060708090a0b0c0d0e0f";
    check(
        "/a.pytx",
        format!("pdq {ONE}\nvideo_md5 {md5}\n"),
        json!({}),
        &[format!("md5:{md5} md5"), format!("pdq:{ONE} pdq")],
    )
    .await;
    check(
        "/simple.pdq.te",
        format!("{ONE},12,2026-01-01,a b\n"),
        json!({}),
        &["12 pdq".to_owned()],
    )
    .await;
    check(
        "/x",
        format!("{md5}\n"),
        json!({"format": "plain", "signal_type": "video_md5"}),
        &[format!("video_md5:{md5} video_md5")],
    )
    .await;
    check(
        "/list.csv",
        format!("id,md5,pdq\nk1,{md5},{ONE}\n"),
        json!({}),
        &["k1 md5+pdq".to_owned()],
    )
    .await;
}

#[tokio::test]
async fn only_listed_hosts_are_asked() {
    let (server, _) = server("/list.txt");
    let desk = Desk::with("").await;
    desk.create("https_file", json!({"url": server.url("/list.txt")}), json!({})).await.unwrap();
    assert_eq!(desk.fails().await, "app.fetch.host_not_listed");
    assert!(server.asked().is_empty());
}
