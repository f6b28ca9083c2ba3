//! NCMEC hash sharing: entries of members of a hotline's database.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tutela_core::{Timestamp, Verdict};
use tutela_formats::answers::ncmec;
use tutela_store::ExchangePage;

use super::schema::{Field, FieldKind};
use super::{ExchangeApi, Line, Step, Told, circle, digest, read_cursor, taken, write_cursor};
use crate::AppError;
use crate::outbound::http::Request;

/// The databases, by their addresses: industry, organisations, exploitative content, and a test of each.
const ENVIRONMENTS: &[&str] = &[
    "https://report.cybertip.org/hashsharing",
    "https://hashsharing.ncmec.org/npo",
    "https://hashsharing.ncmec.org/exploitative",
    "https://exttest.cybertip.org/hashsharing",
    "https://hashsharing-test.ncmec.org/npo",
    "https://hashsharing-test.ncmec.org/exploitative",
];

pub(super) const API: ExchangeApi = ExchangeApi {
    id: "ncmec",
    title: "NCMEC hash sharing",
    doc: "Entries of pictures and films with MD5, SHA-1 and PDQ, by range of time. Entries do not come in order, so \
          only a range that was read to its end moves the checkpoint. A deleted entry goes; a fingerprint that at \
          least as many members dispute as affirm does not match. Times are sent in UTC.",
    source: "NCMEC Hash Sharing Web Service documentation, version 2.",
    config: &[
        Field {
            name: "environment",
            kind: FieldKind::Choice(ENVIRONMENTS),
            required: true,
            help: "Which database to connect to.",
        },
        Field {
            name: "only_esp_ids",
            kind: FieldKind::Numbers,
            required: false,
            help: "Only take entries of members with these ids.",
        },
    ],
    credentials: &[
        Field::text("user", "User name that NCMEC gave out."),
        Field::text("password", "Password that belongs to it."),
    ],
    address,
    next: |line, cursor| Box::pin(next(line, cursor)),
    tell: Some(|line, told| Box::pin(tell(line, told))),
};

/// Entries of one range that are drained; a range with more is cut first. As the open client does.
const MAX_ENTRIES: u64 = 400_000;
/// A range of fewer entries is small; after so many small ones in a row the next is twice as long.
const FEW_ENTRIES: u64 = 2_000;
const SMALL_RANGES: u32 = 4;
/// The present is left alone for so long: its entries may still come.
const SETTLING_S: i64 = 5;
/// The service keeps the place in a range for twelve hours; we count on eleven.
const RANGE_LIVES_S: i64 = 11 * 3_600;

#[derive(Serialize, Deserialize)]
struct Cursor {
    /// Everything that changed before is here.
    from_s: i64,
    /// How long the next range is.
    span_s: i64,
    /// Small ranges in a row.
    small: u32,
    /// The range being drained.
    range: Option<Range>,
    /// The first reading of everything goes on.
    first: bool,
}

#[derive(Serialize, Deserialize)]
struct Range {
    to_s: i64,
    /// Where its next page is.
    next: String,
    /// When it was begun.
    since_s: i64,
    /// Entries so far.
    seen: u64,
}

fn address(config: &Map<String, Value>) -> Option<String> {
    config.get("environment")?.as_str().map(str::to_owned)
}

async fn next(line: &Line<'_>, cursor: Option<&str>) -> Result<Step, AppError> {
    let now_s = line.now.as_second();
    let end_s = now_s - SETTLING_S;
    let stored: Option<Cursor> = read_cursor(cursor);
    let begins_pass = stored.is_none();
    let beginning = Cursor { from_s: 0, span_s: end_s, small: 0, range: None, first: true };
    let mut cursor = stored.unwrap_or(beginning);
    if cursor.from_s >= end_s {
        return Ok(Step { up_to_date: true, ..Step::default() });
    }
    let range = cursor.range.take().filter(|range| now_s - range.since_s < RANGE_LIVES_S);
    let to_s = match &range {
        Some(range) => range.to_s,
        None => end_s.min(cursor.from_s.saturating_add(cursor.span_s.max(1))),
    };
    let below = match &range {
        Some(range) => range.next.clone(),
        None => format!("/v2/entries?from={}&to={}", utc(cursor.from_s)?, utc(to_s)?),
    };
    let (user, password) = (line.secret("user")?, line.secret("password")?);
    let answer = line.ask(&below, |url| Request::get(url).basic_auth(user, password)).await?;
    let page = ncmec::page(&answer.bytes).map_err(AppError::Answer)?;
    if page.next.as_deref() == Some(below.as_str()) {
        return Err(circle(API.id));
    }
    let count = page.records.count();
    let expected = count.saturating_add(page.to_follow);
    let mut stored = ExchangePage { begins_pass, ..ExchangePage::default() };
    let mut up_to_date = false;
    if range.is_none() && expected > MAX_ENTRIES && to_s - cursor.from_s > 1 {
        // Too much for one range: nothing of it is taken, and a shorter one is asked for.
        let span_s = to_s - cursor.from_s;
        let share = u64::try_from(span_s).unwrap_or(1).saturating_mul(MAX_ENTRIES) / expected;
        cursor.span_s = (span_s / 4).min(i64::try_from(share).unwrap_or(1)).max(1);
        cursor.small = 0;
    } else {
        let seen = range.as_ref().map_or(0, |range| range.seen) + count;
        match page.next {
            Some(next) => {
                let since_s = range.map_or(now_s, |range| range.since_s);
                cursor.range = Some(Range { to_s, next, since_s, seen });
            }
            None => {
                cursor.ends_range(to_s, seen);
                up_to_date = to_s >= end_s;
                stored.ends_pass = up_to_date && cursor.first;
                cursor.first &= !up_to_date;
            }
        }
        stored.records = taken(only_members(line, page.records.sound));
        stored.fetched = count;
    }
    stored.cursor_json = write_cursor(&cursor);
    stored.checkpoint_s = Some(cursor.from_s);
    Ok(Step {
        pages: vec![stored],
        up_to_date,
        pause: false,
        received: Some(digest(&answer.bytes)),
    })
}

impl Cursor {
    /// A range was read to its end: only this is progress. The next grows slowly and shrinks quickly.
    fn ends_range(&mut self, to_s: i64, seen: u64) {
        self.from_s = to_s;
        match seen {
            seen if seen > MAX_ENTRIES / 4 => {
                (self.span_s, self.small) = ((self.span_s / 4).max(1), 0)
            }
            seen if seen >= FEW_ENTRIES => self.small = 0,
            _ if self.small + 1 >= SMALL_RANGES => {
                (self.span_s, self.small) = (self.span_s.saturating_mul(2), 0);
            }
            _ => self.small += 1,
        }
    }
}

/// Takes the signals of members who are not asked for; without any, an entry is not kept.
fn only_members(
    line: &Line<'_>,
    mut records: Vec<tutela_formats::answers::Record>,
) -> Vec<tutela_formats::answers::Record> {
    let wanted: Vec<String> = match line.config.get("only_esp_ids").and_then(Value::as_array) {
        Some(ids) if !ids.is_empty() => ids.iter().map(ToString::to_string).collect(),
        _ => return records,
    };
    for record in &mut records {
        let member = record.key.split_once('-').map_or("", |(member, _)| member);
        if wanted.iter().all(|id| id != member) {
            record.signals.clear();
        }
    }
    records
}

/// A second as the service reads it: UTC, and so said.
fn utc(second: i64) -> Result<String, AppError> {
    let out_of_range = |_| AppError::System { what: "a date" };
    Ok(Timestamp::from_second(second).map_err(out_of_range)?.to_string())
}

async fn tell(line: &Line<'_>, told: &Told) -> Result<(), AppError> {
    let unknown = AppError::NoFeedback { api: API.id };
    let (key, kind) = (&told.verdict.exchange_key, &told.verdict.signal.kind);
    let (user, password) = (line.secret("user")?, line.secret("password")?);
    let Some(path) = ncmec::feedback_path(key, kind) else { return Err(unknown) };
    let body = match told.verdict.verdict {
        Verdict::Confirm => ncmec::feedback(ncmec::Feedback::Affirmative),
        Verdict::Dispute => {
            let Some(list) = ncmec::reasons_path(kind) else { return Err(unknown) };
            let answer =
                line.ask(&list, |url| Request::get(url).basic_auth(user, password)).await?;
            let reasons = ncmec::reasons(&answer.bytes).map_err(AppError::Answer)?;
            // The operator's reason where it names one of theirs, else the first of them.
            let said = told.verdict.reason.as_deref().unwrap_or_default();
            let named =
                reasons.iter().find(|(guid, name)| guid == said || name.eq_ignore_ascii_case(said));
            let Some((guid, _)) = named.or(reasons.first()) else { return Err(unknown) };
            ncmec::feedback(ncmec::Feedback::Negative { reason: guid })
        }
    };
    let put =
        |url| Request::put(url, "application/xml", body.into_bytes()).basic_auth(user, password);
    line.ask(&path, put).await.map(drop)
}
