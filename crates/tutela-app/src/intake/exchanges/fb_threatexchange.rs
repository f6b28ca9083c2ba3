//! Meta ThreatExchange: what a privacy group shares.

use serde::{Deserialize, Serialize};
use tutela_core::Verdict;
use tutela_formats::answers::threatexchange;
use tutela_store::ExchangePage;

use super::schema::{Field, FieldKind};
use super::stop_ncii::encoded;
use super::{ExchangeApi, Line, Step, Told, circle, digest, read_cursor, taken, write_cursor};
use crate::AppError;
use crate::outbound::http::Request;

pub(super) const API: ExchangeApi = ExchangeApi {
    id: "fb_threatexchange",
    title: "Meta ThreatExchange",
    doc: "Updates of a privacy group: PDQ, MD5, SHA-1 and SHA-256 of pictures and films. An update that is to be \
          deleted, has no descriptors, or that at least as many members dispute as affirm, goes. Deletions are told \
          for 90 days: after 85 without a fetch everything is read again, and what is not there any more goes.",
    source: "ThreatExchange documentation, \"threat_updates\" and \"reactions\", Graph API 21.0.",
    config: &[Field {
        name: "privacy_group",
        kind: FieldKind::Number,
        required: true,
        help: "Id of the ThreatPrivacyGroup.",
    }],
    credentials: &[Field::text("api_token", "Access token of the application.")],
    address: |_| Some("https://graph.facebook.com/v21.0".to_owned()),
    next: |line, cursor| Box::pin(next(line, cursor)),
    tell: Some(|line, told| Box::pin(tell(line, told))),
};

const PAGE: u32 = 500;
const TYPES: &str = "HASH_PDQ,HASH_MD5,HASH_VIDEO_MD5,HASH_SHA1,HASH_SHA256";
const FIELDS: &str =
    "indicator,type,last_updated,should_delete,descriptors{id,reactions,owner{id},tags,status}";
/// Seconds after which a deletion may have passed unseen: five days less than they are told.
const STALE_S: i64 = 85 * 86_400;
/// Descriptors of one update that are reacted to.
const MAX_REACTIONS: usize = 20;

#[derive(Serialize, Deserialize)]
struct Cursor {
    /// From which change on to ask; `None`: from the first.
    since_s: Option<i64>,
    /// The newest change seen since then.
    newest_s: Option<i64>,
    /// Names the page that is next.
    after: Option<String>,
    /// When the pages were last read to their end.
    checked_s: i64,
    /// A reading of everything goes on.
    first: bool,
}

async fn next(line: &Line<'_>, cursor: Option<&str>) -> Result<Step, AppError> {
    let now_s = line.now.as_second();
    let stored = read_cursor(cursor).filter(|c: &Cursor| now_s - c.checked_s <= STALE_S);
    let begins_pass = stored.is_none();
    let beginning =
        Cursor { since_s: None, newest_s: None, after: None, checked_s: now_s, first: true };
    let mut cursor = stored.unwrap_or(beginning);
    let group = line.config.get("privacy_group").and_then(|group| group.as_u64());
    let mut below = format!(
        "/{}/threat_updates/?access_token={}&limit={PAGE}&types={TYPES}&fields={}",
        group.unwrap_or_default(),
        encoded(line.secret("api_token")?),
        encoded(FIELDS)
    );
    if let Some(since_s) = cursor.since_s {
        below.push_str(&format!("&start_time={since_s}"));
    }
    if let Some(after) = &cursor.after {
        below.extend(["&after=", &encoded(after)]);
    }
    let answer = line.ask(&below, Request::get).await?;
    let page = threatexchange::page(&answer.bytes).map_err(AppError::Answer)?;
    if page.after.is_some() && page.after == cursor.after {
        return Err(circle(API.id));
    }
    let fetched = page.records.count();
    let up_to_date = page.after.is_none();
    let ends_pass = up_to_date && cursor.first;
    cursor.newest_s = cursor.newest_s.max(page.newest_s);
    cursor.after = page.after;
    if up_to_date {
        cursor.since_s = cursor.since_s.max(cursor.newest_s);
        cursor.checked_s = now_s;
        cursor.first = false;
    }
    let page = ExchangePage {
        begins_pass,
        records: taken(page.records.sound),
        ends_pass,
        cursor_json: write_cursor(&cursor),
        checkpoint_s: cursor.since_s,
        fetched,
    };
    Ok(Step { pages: vec![page], up_to_date, pause: false, received: Some(digest(&answer.bytes)) })
}

/// Reacts to every descriptor of the update.
async fn tell(line: &Line<'_>, told: &Told) -> Result<(), AppError> {
    let reaction = match told.verdict.verdict {
        Verdict::Confirm => "HELPFUL",
        Verdict::Dispute => "DISAGREE_WITH_TAGS",
    };
    let descriptors = told.record.get("descriptors").and_then(|list| list.as_array());
    let ids: Vec<&str> = descriptors.into_iter().flatten().filter_map(|id| id.as_str()).collect();
    let ids = ids.iter().filter(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()));
    let mut said = false;
    for id in ids.take(MAX_REACTIONS) {
        let token = encoded(line.secret("api_token")?);
        let body = format!("access_token={token}&reactions={reaction}").into_bytes();
        let form = "application/x-www-form-urlencoded";
        line.ask(&format!("/{id}"), |url| Request::post(url, form, body)).await?;
        said = true;
    }
    if said { Ok(()) } else { Err(AppError::NoFeedback { api: API.id }) }
}
