//! StopNCII: hashes that people submitted of intimate pictures of themselves.

use serde::{Deserialize, Serialize};
use tutela_core::Verdict;
use tutela_formats::answers::stopncii;
use tutela_store::ExchangePage;

use super::schema::Field;
use super::{ExchangeApi, Line, Step, Told, circle, digest, read_cursor, taken, write_cursor};
use crate::AppError;
use crate::outbound::http::{FetchError, Request};

pub(super) const API: ExchangeApi = ExchangeApi {
    id: "stop_ncii",
    title: "StopNCII.org",
    doc: "Hashes of intimate images that the people in them submitted. A hash that is withdrawn or deleted, or \
          whose every case is, goes at once. What other platforms made of a hash is kept beside it and changes \
          nothing. After 30 days without a fetch everything is read again.",
    source: "StopNCII API 1 as its open clients use it.",
    config: &[],
    credentials: &[
        Field::text("fetch_function_key", "Key for fetching hashes (x-functions-key)."),
        Field::text("subscription_key", "Subscription key (Ocp-Apim-Subscription-Key)."),
        Field::text("feedback_function_key", "Key for feedback; without it verdicts wait.")
            .optional(),
    ],
    address: |_| Some("https://api.stopncii.org/v1".to_owned()),
    next: |line, cursor| Box::pin(next(line, cursor)),
    tell: Some(|line, told| Box::pin(tell(line, told))),
};

const PAGE: u32 = 800;
/// The earliest start that the service takes.
const BEGINNING_S: i64 = 10;
/// Seconds after which what was deleted meanwhile may no longer be told.
const STALE_S: i64 = 30 * 86_400;

#[derive(Serialize, Deserialize)]
struct Cursor {
    /// From which second on to ask.
    start_s: i64,
    /// Names the page that is next, within this set.
    token: Option<String>,
    /// When the last set was read to its end.
    checked_s: i64,
    /// The first reading of everything goes on.
    first: bool,
}

async fn next(line: &Line<'_>, cursor: Option<&str>) -> Result<Step, AppError> {
    let now_s = line.now.as_second();
    let stored = read_cursor(cursor).filter(|c: &Cursor| now_s - c.checked_s <= STALE_S);
    let begins_pass = stored.is_none();
    let beginning = Cursor { start_s: BEGINNING_S, token: None, checked_s: now_s, first: true };
    let mut cursor = stored.unwrap_or(beginning);
    let mut below = format!("/FetchHashes?startTimestamp={}&pageSize={PAGE}", cursor.start_s);
    if let Some(token) = &cursor.token {
        below.extend(["&nextPageToken=", &encoded(token)]);
    }
    let (function, subscription) =
        (line.secret("fetch_function_key")?, line.secret("subscription_key")?);
    let signed = |url| {
        let request = Request::get(url).secret("x-functions-key", function);
        request.secret("Ocp-Apim-Subscription-Key", subscription)
    };
    let answer = match line.ask(&below, signed).await {
        // Tokens do not live long: the next run begins the set anew, and what is known already stays.
        Err(AppError::Fetch(FetchError::Status { status: 400 | 404 | 410, .. }))
            if cursor.token.is_some() =>
        {
            cursor.token = None;
            let page = ExchangePage {
                cursor_json: write_cursor(&cursor),
                checkpoint_s: Some(cursor.start_s),
                ..ExchangePage::default()
            };
            return Ok(Step { pages: vec![page], pause: true, ..Step::default() });
        }
        other => other?,
    };
    let page = stopncii::page(&answer.bytes).map_err(AppError::Answer)?;
    if page.next_token.is_some() && page.next_token == cursor.token {
        return Err(circle(API.id));
    }
    let fetched = page.records.count();
    let up_to_date = page.next_token.is_none();
    let ends_pass = up_to_date && cursor.first;
    cursor.token = page.next_token;
    if up_to_date {
        cursor.start_s = cursor.start_s.max(page.next_start_s);
        cursor.checked_s = now_s;
        cursor.first = false;
    }
    let page = ExchangePage {
        begins_pass,
        records: taken(page.records.sound),
        ends_pass,
        cursor_json: write_cursor(&cursor),
        checkpoint_s: Some(cursor.start_s),
        fetched,
    };
    Ok(Step { pages: vec![page], up_to_date, pause: false, received: Some(digest(&answer.bytes)) })
}

async fn tell(line: &Line<'_>, told: &Told) -> Result<(), AppError> {
    let blocked = told.verdict.verdict == Verdict::Confirm;
    // The service knows a hash by its value as it gave it out.
    let value = told.verdict.exchange_key.split_once(':').map_or("", |(_, value)| value);
    let body = stopncii::feedback(value, blocked).into_bytes();
    let (function, subscription) =
        (line.secret("feedback_function_key")?, line.secret("subscription_key")?);
    let signed = |url| {
        let request = Request::post(url, "application/json", body);
        let request = request.secret("x-functions-key", function);
        request.secret("Ocp-Apim-Subscription-Key", subscription)
    };
    line.ask("/SubmitFeedback", signed).await.map(drop)
}

/// A text as a value in a query.
pub(super) fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
