//! StopNCII: pages of `FetchHashes`.

use std::io::{self, BufRead, Write};

use serde::{Deserialize, Serialize};
use tutela_core::{ListEntry, ListInfo};

use super::format::{Confidence, Example, Field, ListFormat, ListReading, ReadOptions, Written};
use super::intake::Intake;
use super::json::{Json, Place, Stop};
use super::limits::MAX_NAME_BYTES;
use super::loose::Loose;
use super::outgo::{One, Outgo, is_value, signals};
use super::records::{Shape, each_record, read_documents};
use super::text::decoded;
use super::value::unix_seconds;
use crate::FormatError;

const ID: &str = "stopncii";

pub(super) const FORMAT: ListFormat = ListFormat {
    id: ID,
    title: "StopNCII FetchHashes",
    doc: "Answers of the StopNCII API, one or more pages one after another: `hashRecords` holds records \
          with `signalType` (ImagePDQ, VideoMD5, VideoTMK, Text, URL), `hashValue`, `hashStatus` and \
          `lastModtimestamp` in seconds since 1970. Only `hashStatus` decides whether a record still \
          counts: Withdrawn and Deleted take it back. The key is `signalType:hashValue`. Case numbers \
          and the feedback of platforms are not kept.",
    source: "StopNCII API 1 as its open clients use it, python-threatexchange among them.",
    extensions: &["stopncii.json"],
    sniff,
    read,
    write,
    carries: &[Field::Key, Field::Md5, Field::Pdq, Field::Other, Field::Withdrawn],
    one_signal_a_row: true,
    examples: &[Example {
        name: "hashes.stopncii.json",
        bytes: include_bytes!("../../examples/hashes.stopncii.json"),
        entries: 6,
        withdrawn: 2,
        rejected: 1,
    }],
};

fn sniff(head: &[u8]) -> Confidence {
    let head = String::from_utf8_lossy(head);
    let is_json = head.trim_start().starts_with(['{', '[']);
    match () {
        () if !is_json => Confidence::No,
        () if head.contains("\"hashRecords\"") => Confidence::Certain,
        () if head.contains("\"hashValue\"") && head.contains("\"signalType\"") => {
            Confidence::Likely
        }
        () => Confidence::No,
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Record<'a> {
    #[serde(borrow)]
    signal_type: Loose<'a>,
    #[serde(borrow)]
    hash_value: Loose<'a>,
    #[serde(borrow)]
    hash_status: Loose<'a>,
    #[serde(borrow, rename = "lastModtimestamp")]
    last_modified: Loose<'a>,
}

fn read(
    input: &mut dyn BufRead,
    options: &ReadOptions,
    give: &mut dyn FnMut(ListEntry),
) -> Result<ListReading, FormatError> {
    let failed = |source| FormatError::Read { format: ID, source };
    let mut intake = Intake::new(options, give);
    let mut input = decoded(input).map_err(failed)?;
    let missing = "an object with an array `hashRecords`";
    let mut more = false;
    read_documents(ID, missing, &mut input, &mut intake, |json, intake, row| {
        page(json, intake, row, &mut more)
    })?;
    if more {
        intake.note("the last page says that more records follow, which are not in this file");
    }
    Ok(intake.finish())
}

/// Reads one page: an object with `hashRecords`, or only the records. Notes whether more pages follow.
fn page(
    json: &mut Json<'_>,
    intake: &mut Intake<'_>,
    row: &mut u64,
    more: &mut bool,
) -> Result<bool, Stop> {
    *more = false;
    if json.peek()? == Some(b'[') {
        return each_record::<RecordShape>(json, intake, row);
    }
    if !json.take(b'{')? {
        json.skip()?;
        return Ok(false);
    }
    let mut found = false;
    let mut place = Place::default();
    while let Some(key) = json.key(&mut place)? {
        match key.as_str() {
            "hashRecords" => found |= each_record::<RecordShape>(json, intake, row)?,
            "hasMoreRecords" => {
                *more = json.value_of::<Loose<'_>>()?.is_some_and(|more| more.is_true());
            }
            _ => json.skip()?,
        }
    }
    Ok(found)
}

struct RecordShape;

impl Shape for RecordShape {
    type Of<'b> = Record<'b>;

    fn take(record: Record<'_>, intake: &mut Intake<'_>, row: u64) {
        read_record(&record, intake, row);
    }
}

fn read_record(record: &Record<'_>, intake: &mut Intake<'_>, row: u64) {
    let mut entry = ListEntry { row, ..ListEntry::default() };
    let (kind, value) = (record.signal_type.text(), record.hash_value.text());
    let (kind, value) = (kind.trim(), value.trim());
    match kind {
        "ImagePDQ" => intake.set(&mut entry.pdq, row, "hashValue", value),
        "VideoMD5" => intake.set(&mut entry.md5, row, "hashValue", value),
        "VideoTMK" => intake.set_opaque(&mut entry, "tmk", value),
        "Text" => intake.set_opaque(&mut entry, "text", value),
        "URL" => intake.set_opaque(&mut entry, "url", value),
        _ => {
            intake.reject(row, "signalType", "not a known type");
            return;
        }
    }
    let key = format!("{kind}:{value}");
    // A video signature is longer than a key may be, and the value itself still identifies it.
    if !value.is_empty() && key.len() <= MAX_NAME_BYTES {
        entry.key = Some(key);
    }
    entry.withdrawn = match record.hash_status.text().trim().to_ascii_lowercase().as_str() {
        "withdrawn" | "deleted" => true,
        "received" | "active" | "unknown" => false,
        _ => {
            intake.error(
                row,
                "hashStatus",
                "missing or not a known status; the record is taken as active",
            );
            false
        }
    };
    if let Some(date) = unix_seconds(&record.last_modified.text()) {
        intake.dated(date);
    }
    intake.entry(entry, "hashValue");
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RecordOut<'a> {
    #[serde(rename = "lastModtimestamp", skip_serializing_if = "Option::is_none")]
    last_modified: Option<i64>,
    signal_type: &'a str,
    hash_value: &'a str,
    hash_status: &'a str,
}

fn write(
    out: &mut dyn Write,
    info: &ListInfo,
    entries: &mut dyn Iterator<Item = ListEntry>,
) -> Result<Written, FormatError> {
    let failed = |source| FormatError::Write { format: ID, source };
    let mut outgo = Outgo::default();
    let mut separator = "\n";
    let mut count = 0;
    out.write_all(b"{\"hashRecords\":[").map_err(failed)?;
    for entry in entries {
        let all = signals(&entry);
        let rows: Vec<(&str, &One)> =
            all.iter().filter_map(|one| Some((signal_type(one)?, one))).collect();
        if rows.is_empty() {
            outgo.leave_out_unfit();
            continue;
        }
        let mut keys_kept = true;
        for (kind, one) in &rows {
            let row = RecordOut {
                last_modified: info.dated.map(|date| date.as_second()),
                signal_type: kind,
                hash_value: &one.value,
                hash_status: if entry.withdrawn { "Withdrawn" } else { "Active" },
            };
            keys_kept &=
                entry.key.as_deref().is_none_or(|key| key == format!("{kind}:{}", one.value));
            out.write_all(separator.as_bytes()).map_err(failed)?;
            separator = ",\n";
            serde_json::to_writer(&mut *out, &row).map_err(|why| failed(io::Error::from(why)))?;
        }
        let written = rows.len() as u64;
        count += written;
        outgo.entry(written);
        outgo.lose(Field::Key, !keys_kept);
        let others = rows.iter().filter(|(_, one)| one.field == Field::Other).count();
        outgo.lose(Field::Other, others < entry.other.len());
        outgo.lose_all_but(FORMAT.carries, &entry);
    }
    writeln!(out, "\n],\"count\":{count},\"hasMoreRecords\":false}}").map_err(failed)?;
    Ok(outgo.finish())
}

/// The type a signal is written under; none if the API has no such type.
fn signal_type(one: &One) -> Option<&'static str> {
    let kept = is_value(&one.value);
    match (one.field, one.kind.as_str()) {
        (Field::Pdq, _) => Some("ImagePDQ"),
        (Field::Md5, _) => Some("VideoMD5"),
        (Field::Other, "tmk") if kept => Some("VideoTMK"),
        (Field::Other, "text") if kept => Some("Text"),
        (Field::Other, "url") if kept => Some("URL"),
        _ => None,
    }
}
