//! Meta ThreatExchange: pages of `threat_updates`.

use std::borrow::Cow;
use std::io::{self, BufRead, Write};

use serde::{Deserialize, Serialize};
use tutela_core::{ListEntry, ListInfo};

use super::format::{Confidence, Example, Field, ListFormat, ListReading, ReadOptions, Written};
use super::intake::Intake;
use super::json::{Json, Place, Stop};
use super::limits::{MAX_NAME_BYTES, MAX_REMARKS};
use super::loose::{Loose, LooseList};
use super::outgo::{One, Outgo, carried_label, is_plain, is_value, signals};
use super::records::{Shape, each_record, read_documents};
use super::text::decoded;
use super::value::unix_seconds;
use crate::FormatError;

const ID: &str = "threatexchange";

pub(super) const FORMAT: ListFormat = ListFormat {
    id: ID,
    title: "ThreatExchange threat_updates",
    doc: "Answers of the Graph API, one or more pages one after another: `data` holds rows with `type`, \
          `indicator`, `last_updated` in seconds since 1970, `should_delete` and `descriptors`. HASH_PDQ, \
          HASH_MD5, HASH_VIDEO_MD5, HASH_SHA1 and HASH_SHA256 are read; other types are kept as they \
          are. The key is `TYPE:indicator`. A row that should be deleted, has no descriptors, or whose \
          every descriptor says NON_MALICIOUS, is withdrawn. Tags make the label.",
    source: "ThreatExchange documentation, \"threat_updates\", Graph API 21.0; the open client \
             python-threatexchange.",
    extensions: &["te.json", "threatexchange.json"],
    sniff,
    read,
    write,
    carries: &[
        Field::Key,
        Field::Md5,
        Field::Sha1,
        Field::Sha256,
        Field::Pdq,
        Field::Other,
        Field::Withdrawn,
        Field::Label,
    ],
    one_signal_a_row: true,
    examples: &[Example {
        name: "updates.te.json",
        bytes: include_bytes!("../../examples/updates.te.json"),
        entries: 7,
        withdrawn: 3,
        rejected: 1,
    }],
};

fn sniff(head: &[u8]) -> Confidence {
    let head = String::from_utf8_lossy(head);
    let is_json = head.trim_start().starts_with(['{', '[']);
    match () {
        () if !is_json || !head.contains("\"indicator\"") => Confidence::No,
        () if head.contains("\"should_delete\"") || head.contains("\"descriptors\"") => {
            Confidence::Certain
        }
        () if head.contains("\"type\"") => Confidence::Likely,
        () => Confidence::No,
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Row<'a> {
    #[serde(borrow)]
    id: Loose<'a>,
    #[serde(borrow)]
    indicator: Loose<'a>,
    #[serde(borrow, rename = "type")]
    kind: Loose<'a>,
    #[serde(borrow)]
    last_updated: Loose<'a>,
    #[serde(borrow)]
    should_delete: Loose<'a>,
    #[serde(borrow)]
    descriptors: LooseList<Descriptor<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Descriptor<'a> {
    #[serde(borrow)]
    status: Loose<'a>,
    #[serde(borrow)]
    tags: LooseList<Tag<'a>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Tag<'a> {
    Object {
        #[serde(borrow)]
        text: Loose<'a>,
    },
    Bare(#[serde(borrow)] Loose<'a>),
}

impl Tag<'_> {
    fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Object { text } | Self::Bare(text) => text.text(),
        }
    }
}

fn read(
    input: &mut dyn BufRead,
    options: &ReadOptions,
    give: &mut dyn FnMut(ListEntry),
) -> Result<ListReading, FormatError> {
    let failed = |source| FormatError::Read { format: ID, source };
    let mut intake = Intake::new(options, give);
    let mut input = decoded(input).map_err(failed)?;
    let missing = "an object with an array `data`";
    read_documents(ID, missing, &mut input, &mut intake, document)?;
    Ok(intake.finish())
}

/// Reads one page: an object with `data`, or only its rows.
fn document(json: &mut Json<'_>, intake: &mut Intake<'_>, row: &mut u64) -> Result<bool, Stop> {
    if json.peek()? == Some(b'[') {
        return each_record::<RowShape>(json, intake, row);
    }
    if !json.take(b'{')? {
        json.skip()?;
        return Ok(false);
    }
    let mut found = false;
    let mut place = Place::default();
    while let Some(key) = json.key(&mut place)? {
        match key.as_str() {
            "data" => found |= each_record::<RowShape>(json, intake, row)?,
            _ => json.skip()?,
        }
    }
    Ok(found)
}

struct RowShape;

impl Shape for RowShape {
    type Of<'b> = Row<'b>;

    fn take(update: Row<'_>, intake: &mut Intake<'_>, row: u64) {
        read_row(&update, intake, row);
    }
}

fn read_row(update: &Row<'_>, intake: &mut Intake<'_>, row: u64) {
    let mut entry = ListEntry { row, ..ListEntry::default() };
    let (kind, value, id) = (update.kind.text(), update.indicator.text(), update.id.text());
    let (kind, value) = (kind.trim(), value.trim());
    if kind.is_empty() || value.is_empty() {
        let field = if kind.is_empty() { "type" } else { "indicator" };
        intake.reject(row, field, "missing or blank");
        return;
    }
    match kind {
        "HASH_PDQ" => intake.set(&mut entry.pdq, row, "indicator", value),
        "HASH_MD5" | "HASH_VIDEO_MD5" => intake.set(&mut entry.md5, row, "indicator", value),
        "HASH_SHA1" => intake.set(&mut entry.sha1, row, "indicator", value),
        "HASH_SHA256" => intake.set(&mut entry.sha256, row, "indicator", value),
        _ => intake.set_opaque(&mut entry, &kind.to_ascii_lowercase(), value),
    }
    // Type and indicator together are the key; only a text too long for one falls back on the id.
    let key = format!("{kind}:{value}");
    let key = if key.len() <= MAX_NAME_BYTES { key.as_str() } else { &id };
    intake.set_key(&mut entry, "id", key);
    entry.withdrawn = is_withdrawn(update, intake);
    entry.label = label(update, intake);
    if let Some(date) = unix_seconds(&update.last_updated.text()) {
        intake.dated(date);
    }
    intake.entry(entry, "indicator");
}

/// Whether a row must not match: it is deleted, nobody describes it, or all who do say it is harmless.
fn is_withdrawn(update: &Row<'_>, intake: &mut Intake<'_>) -> bool {
    let descriptors = &update.descriptors.0;
    if update.should_delete.is_true() {
        return true;
    }
    if descriptors.is_empty() {
        intake.note("rows without descriptors are withdrawn, as the API defines");
        return true;
    }
    let harmless = descriptors.iter().all(|d| d.status.text() == "NON_MALICIOUS");
    if harmless {
        intake.note("rows that everyone describes as NON_MALICIOUS are withdrawn");
    }
    harmless
}

/// The tags of all descriptors, each once.
fn label(update: &Row<'_>, intake: &mut Intake<'_>) -> Option<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in update.descriptors.0.iter().flat_map(|d| &d.tags.0).map(Tag::text) {
        let tag = tag.trim();
        if !tag.is_empty() && tags.len() < MAX_REMARKS && !tags.iter().any(|known| known == tag) {
            tags.push(tag.to_owned());
        }
    }
    intake.label(&tags.join(", "))
}

#[derive(Serialize)]
struct RowOut<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    indicator: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_updated: Option<i64>,
    should_delete: bool,
    descriptors: DescriptorsOut<'a>,
}

#[derive(Serialize)]
struct DescriptorsOut<'a> {
    data: [DescriptorOut<'a>; 1],
}

#[derive(Serialize)]
struct DescriptorOut<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<[&'a str; 1]>,
}

fn write(
    out: &mut dyn Write,
    info: &ListInfo,
    entries: &mut dyn Iterator<Item = ListEntry>,
) -> Result<Written, FormatError> {
    let failed = |source| FormatError::Write { format: ID, source };
    let mut outgo = Outgo::default();
    let mut separator = "\n";
    out.write_all(b"{\"data\":[").map_err(failed)?;
    for entry in entries {
        let all = signals(&entry);
        let rows: Vec<(String, &One)> =
            all.iter().filter_map(|one| Some((kind_of(one, &entry)?, one))).collect();
        if rows.is_empty() {
            outgo.leave_out_unfit();
            continue;
        }
        let label = carried_label(&entry);
        let mut keys_kept = true;
        for (kind, one) in &rows {
            let descriptor = DescriptorOut { tags: label.map(|label| [label]) };
            let row = RowOut {
                kind,
                indicator: &one.value,
                last_updated: info.dated.map(|date| date.as_second()),
                should_delete: entry.withdrawn,
                descriptors: DescriptorsOut { data: [descriptor] },
            };
            keys_kept &=
                entry.key.as_deref().is_none_or(|key| key == format!("{kind}:{}", one.value));
            out.write_all(separator.as_bytes()).map_err(failed)?;
            separator = ",\n";
            serde_json::to_writer(&mut *out, &row).map_err(|why| failed(io::Error::from(why)))?;
        }
        outgo.entry(rows.len() as u64);
        outgo.lose(Field::Key, !keys_kept);
        outgo.lose(Field::Other, rows.len() < all.len());
        outgo.lose(Field::Label, label != entry.label.as_deref());
        outgo.lose_all_but(FORMAT.carries, &entry);
    }
    out.write_all(b"\n]}\n").map_err(failed)?;
    Ok(outgo.finish())
}

/// The type a signal is written under; none if reading it would not give the same back.
fn kind_of(one: &One, entry: &ListEntry) -> Option<String> {
    let video = entry.key.as_deref().is_some_and(|key| key.starts_with("HASH_VIDEO_MD5:"));
    Some(match one.field {
        Field::Pdq => "HASH_PDQ".to_owned(),
        Field::Md5 if video => "HASH_VIDEO_MD5".to_owned(),
        Field::Md5 => "HASH_MD5".to_owned(),
        Field::Sha1 => "HASH_SHA1".to_owned(),
        Field::Sha256 => "HASH_SHA256".to_owned(),
        _ => {
            let kind = one.kind.to_ascii_uppercase();
            let taken = ["HASH_PDQ", "HASH_MD5", "HASH_VIDEO_MD5", "HASH_SHA1", "HASH_SHA256"];
            let same = kind.to_ascii_lowercase() == one.kind && is_plain(&kind, MAX_NAME_BYTES);
            (same && is_value(&one.value) && !taken.contains(&kind.as_str())).then_some(kind)?
        }
    })
}
