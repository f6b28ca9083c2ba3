//! StopNCII: answers to `FetchHashes`, and what is said back.

use serde::Deserialize;
use serde_json::{Value, json};
use tutela_core::ContentSignal;

use super::{Record, Records, labels};
use crate::FormatError;

const SENDER: &str = "stop_ncii";

/// One page of hashes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// The records. The key is `signalType:hashValue`.
    pub records: Records,
    /// Names the next page; `None` on the last.
    pub next_token: Option<String>,
    /// From which second on to ask once the last page was read.
    pub next_start_s: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    #[serde(default)]
    next_page_token: Option<String>,
    next_set_timestamp: i64,
    has_more_records: bool,
    hash_records: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Hash {
    signal_type: String,
    hash_value: String,
    hash_status: String,
    #[serde(default, rename = "lastModtimestamp")]
    last_modified: Option<i64>,
    #[serde(default)]
    case_numbers: Option<serde_json::Map<String, Value>>,
    #[serde(default, rename = "CSPFeedbacks")]
    feedbacks: Option<Vec<Feedback>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Feedback {
    #[serde(default)]
    source: Option<String>,
    feedback_value: String,
}

/// Reads a page. A record has no signals once it is withdrawn or deleted, or once every case of it is.
/// The numbers of cases are not kept: they lead to people.
///
/// # Errors
/// Anything but one whole answer.
pub fn page(bytes: &[u8]) -> Result<Page, FormatError> {
    let refused = |reason| FormatError::Answer { sender: SENDER, reason };
    let answer: Answer =
        serde_json::from_slice(bytes).map_err(|_| refused("it is not an answer to FetchHashes"))?;
    let mut page = Page { next_start_s: answer.next_set_timestamp, ..Page::default() };
    if answer.has_more_records {
        let token = answer.next_page_token.filter(|token| !token.is_empty());
        page.next_token =
            Some(token.ok_or_else(|| refused("more follows, and it does not say where"))?);
    }
    for value in answer.hash_records {
        page.records.take(serde_json::from_value(value).ok().and_then(record));
    }
    Ok(page)
}

fn record(hash: Hash) -> Option<Record> {
    let kind = match hash.signal_type.as_str() {
        "ImagePDQ" => "pdq",
        "VideoMD5" => "video_md5",
        "VideoTMK" => "tmk",
        "Text" => "text",
        "URL" => "url",
        _ => return None,
    };
    let value = hash.hash_value.trim();
    if value.is_empty() {
        return None;
    }
    let mut cases =
        hash.case_numbers.iter().flatten().map(|(_, status)| status.as_str()).peekable();
    let no_case_stands = cases.peek().is_some() && cases.all(|status| status.is_some_and(is_gone));
    let counts = !is_gone(&hash.hash_status) && !no_case_stands;
    let signals = counts.then(|| ContentSignal { kind: kind.to_owned(), value: value.to_owned() });
    let feedbacks = hash.feedbacks.unwrap_or_default();
    let said: Vec<Value> = feedbacks
        .iter()
        .map(|feedback| json!({"source": feedback.source, "value": feedback.feedback_value}))
        .collect();
    let record = json!({
        "type": hash.signal_type, "status": hash.hash_status, "modified_s": hash.last_modified, "feedback": said,
    });
    let reviewed = feedbacks.iter().map(|feedback| match feedback.feedback_value.as_str() {
        "Blocked" => "blocked by a platform",
        "NotBlocked" => "not blocked by a platform",
        _ => "",
    });
    Some(Record {
        key: format!("{}:{value}", hash.signal_type),
        signals: signals.into_iter().collect(),
        labels: labels(reviewed),
        record_json: record.to_string(),
    })
}

fn is_gone(status: &str) -> bool {
    ["withdrawn", "deleted"].contains(&status.trim().to_ascii_lowercase().as_str())
}

/// The body of `SubmitFeedback` for one hash.
pub fn feedback(hash_value: &str, blocked: bool) -> String {
    let value = if blocked { "Blocked" } else { "NotBlocked" };
    let one = json!({"hashValue": hash_value, "feedbackValue": value, "tags": []});
    json!({"count": 1, "hashFeedbacks": [one]}).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::page;

    fn answer(records: &[Value]) -> Vec<u8> {
        json!({"count": records.len(), "nextPageToken": "", "nextSetTimestamp": 7, "hasMoreRecords": false,
            "hashRecords": records})
        .to_string()
        .into_bytes()
    }

    fn hash(status: &str, cases: Value) -> Value {
        json!({"lastModtimestamp": 5, "signalType": "ImagePDQ", "hashValue": "ab", "hashStatus": status,
            "caseNumbers": cases, "CSPFeedbacks": [{"source": "x", "feedbackValue": "NotBlocked", "tags": ["t"]}]})
    }

    #[test]
    fn only_what_stands_has_signals() {
        for (status, cases, stands) in [
            ("Active", json!({}), true),
            ("Received", json!({"1": "Active"}), true),
            ("Unknown", Value::Null, true),
            ("Withdrawn", json!({"1": "Active"}), false),
            ("Deleted", json!({}), false),
            (" withdrawn", json!({}), false),
            ("Active", json!({"1": "Withdrawn", "2": "Deleted"}), false),
            ("Active", json!({"1": "Withdrawn", "2": "Active"}), true),
        ] {
            let page = page(&answer(&[hash(status, cases.clone())])).unwrap();
            let record = &page.records.sound[0];
            assert_eq!(record.key, "ImagePDQ:ab");
            assert_eq!(!record.signals.is_empty(), stands, "{status} {cases}");
            assert!(!record.record_json.contains("caseNumbers"));
            assert_eq!(record.labels, ["not blocked by a platform"]);
        }
    }

    #[test]
    fn a_page_is_whole_or_refused() {
        let sound =
            page(&answer(&[hash("Active", json!({})), json!({"signalType": "Odd"}), json!(7)]));
        let sound = sound.unwrap();
        assert_eq!((sound.records.sound.len(), sound.records.unsound), (1, 2));
        assert_eq!((sound.next_token, sound.next_start_s), (None, 7));
        for bad in [
            "",
            "[]",
            "{}",
            "<html>",
            r#"{"nextSetTimestamp":"soon","hasMoreRecords":false,"hashRecords":[]}"#,
            r#"{"nextSetTimestamp":1,"hasMoreRecords":false,"hashRecords":{}}"#,
            r#"{"nextSetTimestamp":1,"hasMoreRecords":true,"nextPageToken":"","hashRecords":[]}"#,
            r#"{"nextSetTimestamp":1,"hasMoreRecords":false,"hashRecords":["#,
        ] {
            assert!(page(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
