//! A hash list behind an address, in any format that is read.

use serde::{Deserialize, Serialize};
use serde_json::json;
use tutela_core::{ContentSignal, ListEntry};
use tutela_formats::answers::Record;
use tutela_formats::lists::{self, ReadOptions};
use tutela_store::ExchangePage;

use super::schema::Field;
use super::{ExchangeApi, Line, Step, digest, read_cursor, taken, write_cursor};
use crate::AppError;
use crate::outbound::http::{Fetched, Request};

pub(super) const API: ExchangeApi = ExchangeApi {
    id: "https_file",
    title: "Hash list behind an address",
    doc: "A file in any hash-list format that is read, or in the line formats of python-threatexchange. It is fetched \
          again when its ETag or date has changed, and taken as a whole: what is not in it any more goes. A file \
          that is empty or cut short changes nothing.",
    source: "RFC 9110, conditional requests; docs/lists.md for the formats.",
    config: &[
        Field::text("url", "Address of the list; its host must be listed in exchanges.hosts."),
        Field::text("format", "Id of its format; otherwise it is recognised.").optional(),
        Field::text("signal_type", "Type of signals that the file does not name itself.")
            .optional(),
    ],
    credentials: &[
        Field::text("user", "User name, where the host asks for one.").optional(),
        Field::text("password", "Password that belongs to it.").optional(),
    ],
    address: |_| None,
    next: |line, cursor| Box::pin(next(line, cursor)),
    tell: None,
};

/// Records in one page.
const PAGE: usize = 5_000;

#[derive(Default, Serialize, Deserialize)]
struct Cursor {
    etag: Option<String>,
    last_modified: Option<String>,
}

async fn next(line: &Line<'_>, cursor: Option<&str>) -> Result<Step, AppError> {
    let known: Cursor = read_cursor(cursor).unwrap_or_default();
    let mut request = Request::get(line.config("url").unwrap_or_default());
    if let Some(user) = line.optional_secret("user") {
        request = request.basic_auth(user, line.optional_secret("password").unwrap_or_default());
    }
    // Whatever of the two is known; a host that knows both goes by the ETag.
    for (name, value) in [("If-None-Match", known.etag), ("If-Modified-Since", known.last_modified)]
    {
        if let Some(value) = value {
            request = request.header(name, value);
        }
    }
    let answer = line.fetcher()?.send(&request).await?;
    if answer.status == 304 {
        return Ok(Step { up_to_date: true, ..Step::default() });
    }
    let answer = answer.successful()?;
    let header = |name| answer.header(name).map(str::to_owned);
    let cursor = Cursor { etag: header("etag"), last_modified: header("last-modified") };
    let received = digest(&answer.bytes);
    let (format, kind) = (line.config("format").map(str::to_owned), line.config("signal_type"));
    let kind = kind.map(str::to_owned);
    let name = line.config("url").unwrap_or_default().to_owned();
    let read =
        tokio::task::spawn_blocking(move || records(&answer, format.as_deref(), kind, &name));
    let records = read.await.map_err(|_| AppError::System { what: "a thread for a list" })??;
    let count = records.len().div_ceil(PAGE);
    let mut rest = records.into_iter();
    let pages = (1..=count).map(|number| {
        let records: Vec<Record> = rest.by_ref().take(PAGE).collect();
        let last = number == count;
        ExchangePage {
            begins_pass: number == 1,
            fetched: records.len() as u64,
            records: taken(records),
            ends_pass: last,
            // Until the last page is in, the file counts as not fetched.
            cursor_json: last.then(|| write_cursor(&cursor)).flatten(),
            checkpoint_s: last.then(|| line.now.as_second()),
        }
    });
    Ok(Step { pages: pages.collect(), up_to_date: true, pause: false, received: Some(received) })
}

/// The records of a list.
fn records(
    answer: &Fetched,
    format: Option<&str>,
    kind: Option<String>,
    url: &str,
) -> Result<Vec<Record>, AppError> {
    let bytes = &answer.bytes;
    let head = &bytes[..bytes.len().min(lists::limits::HEAD_BYTES)];
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let format = match format {
        Some(id) => {
            lists::format(id).ok_or_else(|| AppError::NoSuchFormat { id: id.to_owned() })?
        }
        None => lists::recognise(head, path)
            .ok_or(AppError::BadList { reason: "its format is not known" })?,
    };
    let signal_type = kind.clone().or_else(|| lists::signal_type_of(path).map(str::to_owned));
    let options = ReadOptions { signal_type, ..ReadOptions::default() };
    let mut records = Vec::new();
    let reading = (format.read)(&mut &bytes[..], &options, &mut |entry| {
        records.extend(record(entry, kind.as_deref()));
    })
    .map_err(AppError::Answer)?;
    match () {
        () if reading.truncated => Err(AppError::BadList { reason: "it ends too early" }),
        () if records.is_empty() => Err(AppError::BadList { reason: "there is nothing in it" }),
        () => Ok(records),
    }
}

/// What an entry is to a bank. Without a key of the sender its first signal is its key.
fn record(entry: ListEntry, kind: Option<&str>) -> Option<Record> {
    // An MD5 in a list of films is looked up as one.
    let md5 = if kind == Some("video_md5") { "video_md5" } else { "md5" };
    let all = [
        (md5, entry.md5.map(|md5| md5.to_string())),
        ("sha1", entry.sha1.map(|sha1| sha1.to_string())),
        ("sha256", entry.sha256.map(|sha256| sha256.to_string())),
        ("pdq", entry.pdq.map(|pdq| pdq.to_string())),
    ];
    let signals: Vec<ContentSignal> = all
        .into_iter()
        .filter_map(|(kind, value)| Some(ContentSignal { kind: kind.to_owned(), value: value? }))
        .collect();
    let own = || signals.first().map(|first| format!("{}:{}", first.kind, first.value));
    let key = entry.key.clone().or_else(own)?;
    let category = entry.category.map(|category| format!("{}:{}", category.scheme, category.code));
    let said = json!({"key": entry.key, "category": category, "label": entry.label});
    Some(Record {
        key,
        signals: if entry.withdrawn { Vec::new() } else { signals },
        labels: category.into_iter().collect(),
        record_json: said.to_string(),
    })
}
