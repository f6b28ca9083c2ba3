//! A small set that is built in, to try things with: signals of no picture.

use serde_json::json;
use sha2::{Digest, Sha256 as Hasher};
use tutela_core::ContentSignal;
use tutela_formats::answers::Record;
use tutela_store::ExchangePage;

use super::{Boxed, ExchangeApi, Line, Step, taken};

pub(super) const API: ExchangeApi = ExchangeApi {
    id: "sample",
    title: "Built-in sample",
    doc: "Twenty signals that are computed from a seed and belong to no picture or film. They are the same each time.",
    source: "This program.",
    config: &[],
    credentials: &[],
    address: |_| None,
    next,
    tell: None,
};

const RECORDS: u32 = 10;

fn next<'a>(_line: &'a Line<'a>, cursor: Option<&'a str>) -> Boxed<'a, Step> {
    let whole = || ExchangePage {
        begins_pass: true,
        records: taken(records()),
        ends_pass: true,
        cursor_json: Some(json!({"done": true}).to_string()),
        checkpoint_s: None,
        fetched: u64::from(RECORDS),
    };
    let pages = if cursor.is_none() { vec![whole()] } else { Vec::new() };
    Box::pin(async { Ok(Step { pages, up_to_date: true, ..Step::default() }) })
}

fn records() -> Vec<Record> {
    let hex = |text: String| tutela_core::Sha256(Hasher::digest(text).into()).to_string();
    let record = |n: u32| {
        let pdq = hex(format!("tutela sample pdq {n}"));
        let md5 = hex(format!("tutela sample md5 {n}"))[..32].to_owned();
        let signal = |kind: &str, value| ContentSignal { kind: kind.to_owned(), value };
        Record {
            key: format!("sample-{n}"),
            signals: vec![signal("pdq", pdq), signal("video_md5", md5)],
            labels: vec!["sample".to_owned()],
            record_json: json!({"sample": n}).to_string(),
        }
    };
    (1..=RECORDS).map(record).collect()
}
