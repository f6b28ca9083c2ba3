//! Tells webhooks of matches: signed, again after a failure, given up after many.

use std::path::{Path, PathBuf};
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tracing::warn;
use tutela_core::{Coded, DeliveryNumber, OperatorId, SendState, Timestamp};
use tutela_ledger::acts;
use tutela_store::{Delivery, Store};

use super::backoff::{backoff, later};
use super::exchanges::jitter;
use crate::AppError;
use crate::cases::exchanges::draft;
use crate::outbound::http::{FetchError, Request};
use crate::settings::{Settings, WebhookSettings};
use crate::views::DeliveryView;

/// The header with time and signature.
pub const SIGNATURE_HEADER: &str = "Tutela-Signature";
/// The header with the number of the delivery, the same at each attempt.
const DELIVERY_HEADER: &str = "Tutela-Delivery";
/// Attempts before a delivery is given up: with these waits, about a day and a half.
pub const ATTEMPTS: u32 = 14;
const FIRST_WAIT: Duration = Duration::from_secs(30);
const LONGEST_WAIT: Duration = Duration::from_secs(12 * 3_600);
/// Deliveries in one round, and how long they are nobody else's meanwhile: each may take a quarter of a minute.
const ROUND: u32 = 20;
const LEASE: Duration = Duration::from_secs(10 * 60);
/// How often it is looked what is due.
const TICK: Duration = Duration::from_secs(1);
/// A shorter secret can be guessed.
const MIN_SECRET_BYTES: usize = 16;

/// Delivers whatever is due, for as long as it is polled. `dir` is where secrets are kept: the workspace.
pub async fn run_always(store: &Store, settings: &Settings, dir: &Path) {
    loop {
        match run_due(store, settings, dir).await {
            Ok(0) => tokio::time::sleep(TICK).await,
            Ok(_) => {}
            Err(error) => {
                warn!(code = error.code(), "Deliveries could not be looked through.");
                tokio::time::sleep(TICK).await;
            }
        }
    }
}

/// Makes an attempt at each delivery that is due, up to some; says how many there were.
///
/// # Errors
/// The store does not answer. What goes wrong with one delivery is kept with it.
pub async fn run_due(store: &Store, settings: &Settings, dir: &Path) -> Result<usize, AppError> {
    let now = Timestamp::now();
    let due = store.claim_deliveries(now, later(now, LEASE), ROUND).await?;
    for delivery in &due {
        let ended = attempt(settings, dir, delivery, Timestamp::now()).await;
        let (state, wait) = match &ended {
            Ok(()) => (SendState::Sent, Duration::ZERO),
            Err(_) if delivery.attempts + 1 >= ATTEMPTS => (SendState::Dead, Duration::ZERO),
            Err(_) => {
                let wait = backoff(delivery.attempts, FIRST_WAIT, LONGEST_WAIT, jitter());
                (SendState::Queued, wait)
            }
        };
        let code = ended.as_ref().err().map(Coded::code);
        store.delivery_tried(delivery.number, state, code, later(Timestamp::now(), wait)).await?;
    }
    Ok(due.len())
}

/// Deliveries in a state with numbers below `before`, the latest first.
///
/// # Errors
/// The store does not answer.
pub async fn list(
    store: &Store,
    state: SendState,
    before: Option<DeliveryNumber>,
    limit: u32,
) -> Result<Vec<DeliveryView>, AppError> {
    Ok(store.deliveries(state, before, limit).await?.iter().map(DeliveryView::of).collect())
}

/// Queues again what was given up.
///
/// # Errors
/// There is no such delivery, or it was not given up.
pub async fn requeue(
    store: &Store,
    by: OperatorId,
    number: DeliveryNumber,
) -> Result<(), AppError> {
    let again = draft(by, acts::WEBHOOK_REQUEUED, &serde_json::json!({"delivery": number.0}))?;
    Ok(store.requeue_delivery(number, Timestamp::now(), vec![again]).await?)
}

async fn attempt(
    settings: &Settings,
    dir: &Path,
    delivery: &Delivery,
    at: Timestamp,
) -> Result<(), AppError> {
    let name = &delivery.told.webhook;
    let missing = || AppError::NoSuch { kind: "webhook", name: name.clone() };
    let webhook = settings.webhooks.get(name).ok_or_else(missing)?;
    let secret = secret(dir, webhook)?;
    let body = delivery.told.body.as_bytes();
    let request = Request::post(&webhook.url, "application/json", body.to_vec())
        .header(SIGNATURE_HEADER, signature(&secret, at.as_second(), body)?)
        .header(DELIVERY_HEADER, delivery.number.to_string());
    let answer = settings.webhook_fetcher(&webhook.url)?.send(&request).await?;
    // An answer that sends on was not taken: what is signed for one place is not sent to another.
    answer.successful().map(drop).map_err(FetchError::into)
}

/// `t=SECONDS,v1=HEX`: HMAC-SHA256 of the second, a dot and the body.
fn signature(secret: &[u8], second: i64, body: &[u8]) -> Result<String, AppError> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret)
        .map_err(|_| AppError::System { what: "a signature" })?;
    mac.update(format!("{second}.").as_bytes());
    mac.update(body);
    let digest = tutela_core::Sha256(mac.finalize().into_bytes().into());
    Ok(format!("t={second},v1={digest}"))
}

/// The secret of a webhook: its file without the line end.
fn secret(dir: &Path, webhook: &WebhookSettings) -> Result<Vec<u8>, AppError> {
    let path: PathBuf = dir.join(&webhook.secret_file);
    let bytes = std::fs::read(&path).map_err(AppError::file("read", &path))?;
    let secret = bytes.trim_ascii_end().to_vec();
    if secret.len() < MIN_SECRET_BYTES {
        return Err(AppError::Setting {
            origin: "webhooks".to_owned(),
            message: format!("a secret has at least {MIN_SECRET_BYTES} bytes"),
        });
    }
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::signature;

    #[test]
    fn a_body_is_signed_with_its_time() {
        // printf '%s' '1700000000.{"a":1}' | openssl dgst -sha256 -hmac 0123456789abcdef
        assert_eq!(
            signature(b"0123456789abcdef", 1_700_000_000, br#"{"a":1}"#).unwrap(),
            "t=1700000000,v1=9eb18f493f8ec135d9eb2dad817c369bb4e9cbfa818657897a7437c1cd8c3a23"
        );
    }
}
