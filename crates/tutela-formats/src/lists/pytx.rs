//! python-threatexchange: the files of its local exchange, and its cached datasets.

use std::io::{BufRead, Write};

use tutela_core::{ListEntry, ListInfo};

use super::format::{Confidence, Example, Field, ListFormat, ListReading, ReadOptions, Written};
use super::intake::Intake;
use super::limits::MAX_OPAQUE_BYTES;
use super::outgo::{One, Outgo, is_plain, signals};
use super::rows::{Fields, OwnLine, Row, Rows};
use super::text::{Line, Lines, decoded};
use super::value::{date, looks_like_digest};
use crate::FormatError;

const ID: &str = "pytx";

/// Signal types that open a line of the local exchange.
const TYPES: [&str; 14] = [
    "pdq",
    "pdq_ocr",
    "md5",
    "photo_md5",
    "video_md5",
    "sha1",
    "sha256",
    "raw_text",
    "text_tlsh",
    "trend_query",
    "url",
    "url_md5",
    "vpdq",
    "tmk",
];

pub(super) const FORMAT: ListFormat = ListFormat {
    id: ID,
    title: "python-threatexchange files",
    doc: "Either `signal_type value`, one a line, as its local exchange reads; or its cached dataset \
          `simple.TYPE.te`: CSV rows `indicator,first_descriptor_id,added_on,labels`, with or without a \
          header, where HMA has `indicator_id` second. The dataset names its type only in the file's \
          name; unstated, the number of digits decides as in plain lines. The local form is written.",
    source: "facebook/threatexchange, python-threatexchange: local file exchange and signal-type state.",
    extensions: &["te", "pytx"],
    sniff,
    read,
    write,
    carries: &[Field::Md5, Field::Pdq, Field::Other],
    one_signal_a_row: true,
    examples: &[
        Example {
            name: "simple.pdq.te",
            bytes: include_bytes!("../../examples/simple.pdq.te"),
            entries: 3,
            withdrawn: 0,
            rejected: 1,
        },
        Example {
            name: "local.pytx",
            bytes: include_bytes!("../../examples/local.pytx"),
            entries: 4,
            withdrawn: 0,
            rejected: 2,
        },
    ],
};

/// The signal type that a dataset's file name states: `pdq` of `simple.pdq.te`.
pub fn signal_type_of(file_name: &str) -> Option<&str> {
    let name = file_name.rsplit(['/', '\\']).next()?;
    let (_, kind) = name.strip_suffix(".te")?.rsplit_once('.')?;
    (!kind.is_empty()).then_some(kind)
}

/// A line of the local exchange: a type, a blank, a value.
fn typed(line: &str) -> Option<(&str, &str)> {
    let (kind, value) = line.split_once(' ')?;
    TYPES.contains(&kind.to_ascii_lowercase().as_str()).then_some((kind, value))
}

fn is_header(line: &str) -> bool {
    line.starts_with("indicator,")
}

fn sniff(head: &[u8]) -> Confidence {
    let head = String::from_utf8_lossy(head);
    let Some(line) = head.lines().map(str::trim).find(|line| !line.is_empty()) else {
        return Confidence::No;
    };
    if is_header(line) || typed(line).is_some() {
        return Confidence::Certain;
    }
    let fields: Vec<&str> = line.split(',').collect();
    let dataset = matches!(fields.len(), 4 | 5)
        && looks_like_digest(fields[0].as_bytes())
        && fields[1].parse::<u64>().is_ok()
        && fields[fields.len() - 2].starts_with(|c: char| c.is_ascii_digit());
    if dataset { Confidence::Likely } else { Confidence::No }
}

fn read(
    input: &mut dyn BufRead,
    options: &ReadOptions,
    give: &mut dyn FnMut(ListEntry),
) -> Result<ListReading, FormatError> {
    let failed = |source| FormatError::Read { format: ID, source };
    let mut intake = Intake::new(options, give);
    let mut input = decoded(input).map_err(failed)?;
    let mut lines = Lines::new(&mut input);
    while let Some(line) = lines.next().map_err(failed)? {
        let text = String::from_utf8_lossy(line.bytes);
        if text.trim().is_empty() {
            continue;
        }
        if typed(text.trim_start()).is_none() {
            let first = OwnLine::from(line);
            read_dataset(Rows::resume(lines, Some(first), b','), &mut intake).map_err(failed)?;
            return Ok(intake.finish());
        }
        read_typed(&line, &mut intake);
        break;
    }
    while let Some(line) = lines.next().map_err(failed)? {
        read_typed(&line, &mut intake);
    }
    Ok(intake.finish())
}

fn read_typed(line: &Line<'_>, intake: &mut Intake<'_>) {
    let row = line.number;
    if line.too_long {
        intake.reject(row, "", "longer than the limit of a line");
        return;
    }
    let text = String::from_utf8_lossy(line.bytes);
    let text = text.trim();
    if text.is_empty() {
        return;
    }
    let mut entry = ListEntry { row, ..ListEntry::default() };
    match typed(text) {
        Some((kind, value)) => place(&mut entry, kind, value, intake),
        None if line.ended => intake.error(row, "", "not a known signal type and a value"),
        None => {}
    }
    if !line.ended && !entry.has_signal() {
        intake.cut(row, "the file ends inside this line");
        return;
    }
    intake.entry(entry, "");
}

/// Puts a value where its type says.
fn place(entry: &mut ListEntry, kind: &str, value: &str, intake: &mut Intake<'_>) {
    let row = entry.row;
    let lower = kind.to_ascii_lowercase();
    match lower.strip_prefix("hash_").unwrap_or(&lower) {
        "pdq" => intake.set(&mut entry.pdq, row, kind, value),
        "md5" | "video_md5" | "photo_md5" => intake.set(&mut entry.md5, row, kind, value),
        "sha1" => intake.set(&mut entry.sha1, row, kind, value),
        "sha256" => intake.set(&mut entry.sha256, row, kind, value),
        other => intake.set_opaque(entry, other, value),
    }
}

fn read_dataset(mut rows: Rows<'_>, intake: &mut Intake<'_>) -> std::io::Result<()> {
    // The first sound row, or the header, tells which of the two widths the file has.
    let mut width = None;
    while let Some(row) = rows.next()? {
        match row {
            Row::Bad { number, message, cut: true } => intake.cut(number, message),
            Row::Bad { number, message, cut: false } => intake.reject(number, "", message),
            Row::Fields(row) if row.is_blank() => {}
            Row::Fields(row) if !row.ended && width.is_some_and(|width| row.len() < width) => {
                intake.cut(row.number, "the file ends inside this row");
            }
            Row::Fields(row) if width.is_some_and(|width| row.len() != width) => {
                intake.reject(row.number, "", "not as many fields as the rows before");
            }
            Row::Fields(row) if !matches!(row.len(), 4 | 5) => {
                intake.reject(row.number, "", "neither four nor five fields");
            }
            Row::Fields(row) => {
                let is_header = width.is_none() && row.get(0) == "indicator";
                width = Some(row.len());
                if !is_header {
                    read_indicator(&row, intake);
                }
            }
        }
    }
    Ok(())
}

fn read_indicator(row: &Fields<'_>, intake: &mut Intake<'_>) {
    let mut entry = ListEntry { row: row.number, ..ListEntry::default() };
    let labels_at = row.len() - 1;
    let value = row.get(0);
    match &intake.options().signal_type {
        Some(kind) => place(&mut entry, kind, &value, intake),
        None => intake.set_digits(&mut entry, "indicator", &value),
    }
    intake.set_key(
        &mut entry,
        if row.len() == 5 { "indicator_id" } else { "first_descriptor_id" },
        &row.get(1),
    );
    if let Some(date) = date(&row.get(labels_at - 1)) {
        intake.dated(date);
    }
    entry.label = intake.label(&row.get(labels_at));
    intake.entry(entry, "indicator");
}

fn write(
    out: &mut dyn Write,
    _: &ListInfo,
    entries: &mut dyn Iterator<Item = ListEntry>,
) -> Result<Written, FormatError> {
    let failed = |source| FormatError::Write { format: ID, source };
    let mut outgo = Outgo::default();
    for entry in entries {
        if outgo.without_tombstone(&entry) {
            continue;
        }
        let all = signals(&entry);
        let rows: Vec<(&str, &One)> =
            all.iter().filter_map(|one| Some((type_of(one)?, one))).collect();
        if rows.is_empty() {
            outgo.leave_out_unfit();
            continue;
        }
        for (kind, one) in &rows {
            writeln!(out, "{kind} {}", one.value).map_err(failed)?;
        }
        outgo.entry(rows.len() as u64);
        let others = rows.iter().filter(|(_, one)| one.field == Field::Other).count();
        outgo.lose(Field::Other, others < entry.other.len());
        outgo.lose_all_but(FORMAT.carries, &entry);
    }
    Ok(outgo.finish())
}

/// The type a signal is written under; none if the exchange has no such type.
fn type_of(one: &One) -> Option<&str> {
    match one.field {
        Field::Pdq => Some("pdq"),
        Field::Md5 => Some("video_md5"),
        Field::Other => {
            let hashes = ["pdq", "md5", "video_md5", "photo_md5", "sha1", "sha256"];
            let named = TYPES.contains(&one.kind.as_str()) && !hashes.contains(&one.kind.as_str());
            (named && is_plain(&one.value, MAX_OPAQUE_BYTES)).then_some(one.kind.as_str())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::signal_type_of;

    #[test]
    fn the_file_name_states_the_type() {
        assert_eq!(signal_type_of("simple.pdq.te"), Some("pdq"));
        assert_eq!(signal_type_of("/a.b/simple.video_md5.te"), Some("video_md5"));
        assert_eq!(signal_type_of("C:\\lists\\simple.url.te"), Some("url"));
        assert_eq!(signal_type_of("list.te"), None);
        assert_eq!(signal_type_of("list.csv"), None);
    }
}
