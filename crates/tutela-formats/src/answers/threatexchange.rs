//! Meta ThreatExchange: pages of `threat_updates`.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Value, json};
use tutela_core::ContentSignal;

use super::{Record, Records, is_disputed, labels};
use crate::FormatError;

const SENDER: &str = "fb_threatexchange";
/// The tag by which a plain MD5 is told to be of a film.
const VIDEO_TAG: &str = "media_type_video";

/// One page of updates.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// The updates. The key is `TYPE:indicator`.
    pub records: Records,
    /// Names the next page; `None` on the last.
    pub after: Option<String>,
    /// The newest change in it, Unix time.
    pub newest_s: Option<i64>,
}

#[derive(Deserialize)]
struct Answer {
    data: Vec<Value>,
    #[serde(default)]
    paging: Option<Paging>,
}

#[derive(Deserialize)]
struct Paging {
    #[serde(default)]
    cursors: Option<Cursors>,
    #[serde(default)]
    next: Option<String>,
}

#[derive(Deserialize)]
struct Cursors {
    #[serde(default)]
    after: Option<String>,
}

#[derive(Deserialize)]
struct Update {
    indicator: String,
    #[serde(rename = "type")]
    kind: String,
    last_updated: i64,
    #[serde(default)]
    should_delete: bool,
    #[serde(default)]
    descriptors: Option<Listed<Descriptor>>,
}

#[derive(Deserialize)]
struct Descriptor {
    id: Value,
    #[serde(default)]
    owner: Option<Owner>,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    tags: Option<Tags>,
    #[serde(default)]
    reactions: Option<Vec<Reaction>>,
}

#[derive(Deserialize)]
struct Owner {
    id: Value,
}

#[derive(Deserialize)]
struct Reaction {
    key: String,
    /// Ids of applications, with commas.
    value: String,
}

#[derive(Deserialize)]
struct Listed<T> {
    data: Vec<T>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Tags {
    Plain(Vec<String>),
    Objects(Listed<Tag>),
}

#[derive(Deserialize)]
struct Tag {
    text: String,
}

impl Tags {
    fn texts(&self) -> Vec<&str> {
        match self {
            Self::Plain(texts) => texts.iter().map(String::as_str).collect(),
            Self::Objects(list) => list.data.iter().map(|tag| tag.text.as_str()).collect(),
        }
    }
}

/// Reads a page. An update has no signals once it is to be deleted, nobody describes it, or at least as
/// many members say no to it as say yes.
///
/// # Errors
/// Anything but one whole answer.
pub fn page(bytes: &[u8]) -> Result<Page, FormatError> {
    let refused = |reason| FormatError::Answer { sender: SENDER, reason };
    let answer: Answer = serde_json::from_slice(bytes)
        .map_err(|_| refused("it is not an answer to threat_updates"))?;
    let mut page = Page::default();
    if let Some(paging) = answer.paging
        && let Some(next) = paging.next
    {
        let after = paging.cursors.and_then(|cursors| cursors.after).or_else(|| after_of(&next));
        page.after = Some(after.ok_or_else(|| refused("more follows, and it does not say where"))?);
    }
    for value in answer.data {
        let update: Option<Update> = serde_json::from_value(value).ok();
        page.newest_s = page.newest_s.max(update.as_ref().map(|update| update.last_updated));
        page.records.take(update.map(|update| record(&update)));
    }
    Ok(page)
}

/// The cursor in a link; it may be written with `%`, as it is sent again.
fn after_of(link: &str) -> Option<String> {
    let (_, query) = link.split_once('?')?;
    let after = query.split('&').find_map(|pair| pair.strip_prefix("after="))?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.~".contains(&b);
    let after = after.replace("%3D", "=").replace("%3d", "=");
    after.bytes().all(|b| plain(b) || b == b'=').then_some(after).filter(|after| !after.is_empty())
}

fn record(update: &Update) -> Record {
    let descriptors = update.descriptors.as_ref().map_or(&[][..], |list| &list.data);
    let tags = labels(descriptors.iter().flat_map(|one| one.tags.iter().flat_map(Tags::texts)));
    let value = update.indicator.trim();
    let kind = match update.kind.as_str() {
        "HASH_PDQ" => "pdq",
        "HASH_VIDEO_MD5" => "video_md5",
        "HASH_MD5" if tags.iter().any(|tag| tag == VIDEO_TAG) => "video_md5",
        "HASH_MD5" => "md5",
        "HASH_SHA1" => "sha1",
        "HASH_SHA256" => "sha256",
        other => other,
    };
    let opinions = opinions(descriptors);
    let affirmed = opinions.values().filter(|opinion| **opinion == Opinion::Yes).count();
    let disputed = opinions.values().filter(|opinion| **opinion == Opinion::No).count();
    let counts = !update.should_delete
        && !descriptors.is_empty()
        && !value.is_empty()
        && !is_disputed(affirmed, disputed);
    let signal = counts.then(|| ContentSignal { kind: kind.to_owned(), value: value.to_owned() });
    let ids: Vec<String> = descriptors.iter().map(|one| text(&one.id)).collect();
    let record = json!({
        "type": update.kind, "last_updated": update.last_updated, "descriptors": ids, "tags": tags,
        "affirmed": affirmed, "disputed": disputed,
    });
    Record {
        key: format!("{}:{value}", update.kind),
        signals: signal.into_iter().collect(),
        labels: tags,
        record_json: record.to_string(),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opinion {
    Yes,
    No,
    Open,
}

/// What each member says. What it says in a descriptor of its own outranks its reactions to others'.
fn opinions(descriptors: &[Descriptor]) -> HashMap<String, Opinion> {
    let mut opinions = HashMap::new();
    for reaction in descriptors.iter().flat_map(|one| one.reactions.iter().flatten()) {
        let opinion = match reaction.key.as_str() {
            "HELPFUL" => Opinion::Yes,
            "DISAGREE_WITH_TAGS" => Opinion::No,
            _ => continue,
        };
        for owner in reaction.value.split(',').map(str::trim).filter(|owner| !owner.is_empty()) {
            let known = opinions.entry(owner.to_owned()).or_insert(opinion);
            if opinion == Opinion::Yes {
                *known = opinion;
            }
        }
    }
    for (place, descriptor) in descriptors.iter().enumerate() {
        let owner = descriptor.owner.as_ref().map(|owner| text(&owner.id));
        let opinion = match descriptor.status.as_deref() {
            Some("MALICIOUS") => Opinion::Yes,
            Some("NON_MALICIOUS") => Opinion::No,
            _ => Opinion::Open,
        };
        opinions.insert(owner.unwrap_or_else(|| format!("unnamed {place}")), opinion);
    }
    opinions
}

/// Ids come as text or as numbers.
fn text(id: &Value) -> String {
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::page;

    fn update(kind: &str, descriptors: Value) -> Value {
        json!({"id": "1", "indicator": "ab", "type": kind, "last_updated": 9, "should_delete": false,
            "descriptors": {"data": descriptors}})
    }

    fn descriptor(owner: u64, status: &str, reactions: Value) -> Value {
        json!({"id": "5", "owner": {"id": owner.to_string()}, "status": status, "reactions": reactions,
            "tags": {"data": [{"text": "b"}, {"text": "a"}]}})
    }

    fn kinds(update: Value) -> Vec<String> {
        let page = page(json!({"data": [update]}).to_string().as_bytes()).unwrap();
        page.records.sound[0].signals.iter().map(|signal| signal.kind.clone()).collect()
    }

    #[test]
    fn only_what_members_stand_by_has_signals() {
        let none = || json!([]);
        let says = |key: &str, who: &str| json!([{"key": key, "value": who}]);
        let check = |descriptors: Value, stands: bool| {
            let found = kinds(update("HASH_PDQ", descriptors.clone()));
            assert_eq!(!found.is_empty(), stands, "{descriptors}");
        };
        check(json!([descriptor(1, "MALICIOUS", none())]), true);
        check(json!([descriptor(1, "UNKNOWN", none())]), true);
        check(json!([descriptor(1, "NON_MALICIOUS", none())]), false);
        check(
            json!([descriptor(1, "MALICIOUS", none()), descriptor(2, "NON_MALICIOUS", none())]),
            false,
        );
        check(
            json!([
                descriptor(1, "MALICIOUS", says("HELPFUL", "2,3")),
                descriptor(4, "NON_MALICIOUS", none())
            ]),
            true,
        );
        check(json!([descriptor(1, "UNKNOWN", says("DISAGREE_WITH_TAGS", "2"))]), false);
        check(json!([descriptor(1, "MALICIOUS", says("DISAGREE_WITH_TAGS", "1"))]), true);
        check(json!([]), false);
        let mut deleted = update("HASH_PDQ", json!([descriptor(1, "MALICIOUS", none())]));
        deleted["should_delete"] = json!(true);
        assert_eq!(kinds(deleted), [""; 0]);
        let bare = json!({"indicator": "ab", "type": "HASH_PDQ", "last_updated": 9});
        assert_eq!(kinds(bare), [""; 0]);
    }

    #[test]
    fn types_and_tags_tell_the_kind() {
        let video = json!([{"id": 5, "owner": {"id": 1}, "status": "MALICIOUS", "tags": ["media_type_video"]}]);
        assert_eq!(kinds(update("HASH_MD5", video)), ["video_md5"]);
        let plain = json!([descriptor(1, "MALICIOUS", json!([]))]);
        for (kind, expected) in
            [("HASH_MD5", "md5"), ("HASH_VIDEO_MD5", "video_md5"), ("HASH_SHA256", "sha256")]
        {
            assert_eq!(kinds(update(kind, plain.clone())), [expected]);
        }
    }

    #[test]
    fn the_next_page_is_named_without_the_token() {
        let next = |paging: Value| {
            page(json!({"data": [], "paging": paging}).to_string().as_bytes())
                .map(|page| page.after)
        };
        let link = "https://graph.example/x?access_token=secret&after=QVFI%3D&limit=1";
        assert_eq!(next(json!({"next": link})).unwrap().unwrap(), "QVFI=");
        assert_eq!(next(json!({"next": link, "cursors": {"after": "Z"}})).unwrap().unwrap(), "Z");
        assert_eq!(next(json!({"cursors": {"after": "Z"}})).unwrap(), None, "no link, no page");
        assert!(next(json!({"next": "https://graph.example/x"})).is_err());
    }

    #[test]
    fn a_page_is_whole_or_refused() {
        let sound = page(br#"{"data":[{"indicator":"a"},7]}"#).unwrap();
        assert_eq!((sound.records.sound.len(), sound.records.unsound), (0, 2));
        for bad in
            ["", "[]", "{}", r#"{"error":{"code":1}}"#, r#"{"data":{}}"#, r#"{"data":["#, "<html>"]
        {
            assert!(page(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
