//! Webhooks: signed, again after a failure, given up after many.

use std::sync::{Arc, Mutex};

use tutela_app::jobs::deliveries::{ATTEMPTS, SIGNATURE_HEADER, list, requeue, run_due};
use tutela_core::{DeliveryNumber, FindingId, SendState, Timestamp};
use tutela_store::NewDelivery;

use crate::exchanges::Desk;
use crate::served::{Reply, Served};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

async fn desk(url: &str, more: &str) -> Desk {
    let settings =
        format!("{more}\n[webhooks.desk]\nurl = \"{url}\"\nsecret_file = \"desk.secret\"\n");
    let desk = Desk::with(&settings).await;
    std::fs::write(desk.dir.path().join("desk.secret"), format!("{SECRET}\n")).unwrap();
    desk
}

async fn queue(desk: &Desk, webhook: &str) {
    let told = NewDelivery {
        webhook: webhook.to_owned(),
        finding: FindingId(uuid::Uuid::from_u128(7)),
        body: "{\"a\":1}".to_owned(),
    };
    desk.store.add_deliveries(&[told], Timestamp::now()).await.unwrap();
}

/// Makes an attempt; gives the state and what went wrong.
async fn attempt(desk: &Desk) -> String {
    assert_eq!(run_due(&desk.store, &desk.settings, desk.dir.path()).await.unwrap(), 1);
    for state in SendState::ALL {
        if let Some(view) = list(&desk.store, state, None, 1).await.unwrap().pop() {
            return format!("{} {}", view.state, view.error.unwrap_or_default());
        }
    }
    String::new()
}

#[tokio::test]
async fn a_delivery_is_signed_so_that_a_shell_can_check_it() {
    let server = Served::by(|_| Reply::status(204));
    let desk = desk(&server.url("/hook?x=y"), "").await;
    queue(&desk, "desk").await;
    assert_eq!(attempt(&desk).await, "sent ");
    let asked = server.asked().pop().unwrap();
    assert_eq!((asked.line.as_str(), asked.body.as_str()), ("POST /hook?x=y", "{\"a\":1}"));
    assert_eq!(asked.header("tutela-delivery"), Some("1"));
    let signature = asked.header(&SIGNATURE_HEADER.to_lowercase()).unwrap();
    let (time, digest) = signature.split_once(",v1=").unwrap();
    let signed = format!("{}.{}", time.trim_start_matches("t="), asked.body);
    std::fs::write(desk.dir.path().join("signed"), signed).unwrap();
    let openssl = std::process::Command::new("openssl")
        .args(["dgst", "-sha256", "-hmac", SECRET, "signed"])
        .current_dir(desk.dir.path())
        .output();
    match openssl {
        Ok(said) => assert!(String::from_utf8(said.stdout).unwrap().trim().ends_with(digest)),
        Err(_) => println!("skipped: no openssl here to check with"),
    }
}

#[tokio::test]
async fn what_is_not_taken_comes_again_and_is_given_up_at_last() {
    let status = Arc::new(Mutex::new(500));
    let answer = Arc::clone(&status);
    let server = Served::by(move |_| Reply::status(*answer.lock().unwrap()));
    let desk = desk(&server.url("/"), "").await;
    queue(&desk, "desk").await;
    assert_eq!(attempt(&desk).await, "queued app.fetch.status");
    assert_eq!(
        run_due(&desk.store, &desk.settings, desk.dir.path()).await.unwrap(),
        0,
        "not yet due"
    );
    // As if its time had come, again and again.
    let due = async |attempts: u32| {
        for _ in 0..attempts {
            let (state, now) = (SendState::Queued, Timestamp::now());
            desk.store.delivery_tried(DeliveryNumber(1), state, None, now).await.unwrap();
        }
    };
    due(ATTEMPTS - 2).await;
    assert_eq!(attempt(&desk).await, "dead app.fetch.status");
    assert_eq!(run_due(&desk.store, &desk.settings, desk.dir.path()).await.unwrap(), 0);
    *status.lock().unwrap() = 200;
    requeue(&desk.store, desk.by, DeliveryNumber(1)).await.unwrap();
    assert_eq!(attempt(&desk).await, "sent ");
    assert!(requeue(&desk.store, desk.by, DeliveryNumber(1)).await.is_err(), "it was not given up");
}

#[tokio::test]
async fn nothing_goes_where_it_should_not() {
    let server = Served::by(|_| Reply::status(302).with("Location", "http://example.org/"));
    let check = async |url: String, more: &str, webhook: &str, expected: &str| {
        let desk = desk(&url, more).await;
        queue(&desk, webhook).await;
        assert_eq!(attempt(&desk).await, format!("queued {expected}"), "{url} {webhook}");
    };
    let localhost = format!("http://localhost:{}/", server.port);
    check(server.url("/"), "", "nobody", "app.no_such").await;
    check(server.url("/"), "", "desk", "app.fetch.status").await;
    check(localhost.clone(), "", "desk", "app.fetch.address_not_listed").await;
    check(
        localhost,
        "[fetch]\nnetworks = [\"127.0.0.0/8\", \"::1/128\"]",
        "desk",
        "app.fetch.status",
    )
    .await;

    let weak = desk(&server.url("/"), "").await;
    std::fs::write(weak.dir.path().join("desk.secret"), "short").unwrap();
    queue(&weak, "desk").await;
    assert_eq!(attempt(&weak).await, "queued app.setting");
    std::fs::remove_file(weak.dir.path().join("desk.secret")).unwrap();
    queue(&weak, "desk").await;
    assert_eq!(attempt(&weak).await, "queued app.no_such_path");
}
