//! Tables with a header: comma, semicolon or tab.

use std::io::{BufRead, Write};

use tutela_core::{Category, ListEntry, ListInfo};

use super::format::{Confidence, Example, Field, ListFormat, ListReading, ReadOptions, Written};
use super::intake::Intake;
use super::limits::MAX_NAME_BYTES;
use super::outgo::{Outgo, carried_label, carried_others, is_plain};
use super::rows::{Fields, Row, Rows};
use super::text::decoded;
use crate::FormatError;

const ID: &str = "csv";

pub(super) const FORMAT: ListFormat = ListFormat {
    id: ID,
    title: "CSV with a header",
    doc: "A table whose first row names its columns, in any order, upper or lower case, separated by \
          comma, semicolon or tab. Signals: `pdq`, `md5`, `sha1`, `sha256`, `photodna`, `hash` (the \
          number of digits decides), `other` (`kind=value` separated by blanks). Also `id`, \
          `category`, `scheme`, `size` in bytes, `withdrawn`, `source`, and `label` with several other \
          names. An unknown column is noted by name and passed over.",
    source: "RFC 4180 for the rows. The column names are those lists are met with.",
    extensions: &["csv", "tsv"],
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
        Field::Category,
        Field::SizeBytes,
        Field::Withdrawn,
        Field::Label,
    ],
    one_signal_a_row: false,
    examples: &[Example {
        name: "table.csv",
        bytes: include_bytes!("../../examples/table.csv"),
        entries: 5,
        withdrawn: 1,
        rejected: 1,
    }],
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Pdq,
    Md5,
    Sha1,
    Sha256,
    Hash,
    Opaque(&'static str),
    Other,
    Key,
    Label,
    Category,
    /// A code whose scheme the column itself tells.
    CategoryOf(&'static str),
    Scheme,
    Size,
    Source,
    Withdrawn,
    /// Known, and of no use to a list entry.
    Passed,
}

impl Column {
    fn of(header: &str) -> Option<Self> {
        let name: String = header
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        Some(match name.as_str() {
            "pdq" | "pdqhash" => Self::Pdq,
            "md5" | "md5hash" | "hashmd5" => Self::Md5,
            "sha1" | "sha1hash" | "hashsha1" => Self::Sha1,
            "sha256" | "sha256hash" | "hashsha256" => Self::Sha256,
            "hash" | "digest" | "hashvalue" => Self::Hash,
            "photodna" | "pdna" => Self::Opaque("photodna"),
            "sha512" => Self::Opaque("sha512"),
            "tmk" => Self::Opaque("tmk"),
            "other" | "signals" => Self::Other,
            "id" | "key" | "imageid" | "mediaid" => Self::Key,
            "label" | "name" | "filename" | "comment" | "comments" | "description" | "tags"
            | "series" | "seriesname" => Self::Label,
            "category" | "classification" => Self::Category,
            "baseline" => Self::CategoryOf("icse"),
            "scheme" | "categoryscheme" => Self::Scheme,
            "size" | "sizebytes" | "filesize" | "mediasize" => Self::Size,
            "source" => Self::Source,
            "withdrawn" | "deleted" => Self::Withdrawn,
            "isdistributed"
            | "victimidentified"
            | "offenderidentified"
            | "numberofsubmissions"
            | "fileavailable"
            | "mediatype" => Self::Passed,
            _ => return None,
        })
    }

    fn is_signal(self) -> bool {
        matches!(
            self,
            Self::Pdq
                | Self::Md5
                | Self::Sha1
                | Self::Sha256
                | Self::Hash
                | Self::Opaque(_)
                | Self::Other
        )
    }
}

/// The separator that a header uses most.
fn separator_of(header: &[u8]) -> u8 {
    let count = |separator: u8| header.iter().filter(|b| **b == separator).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|s| count(*s)).unwrap_or(b',')
}

fn sniff(head: &[u8]) -> Confidence {
    let line = head.split(|b| *b == b'\n').map(<[u8]>::trim_ascii).find(|line| !line.is_empty());
    let Some(line) = line else { return Confidence::No };
    if line.starts_with(b"sep=") {
        return Confidence::Likely;
    }
    let separator = separator_of(line);
    let named = line
        .split(|b| *b == separator)
        .any(|name| Column::of(&String::from_utf8_lossy(name)).is_some_and(Column::is_signal));
    if named { Confidence::Likely } else { Confidence::No }
}

/// One column as the header gives it.
struct Heading {
    name: String,
    column: Option<Column>,
}

fn read(
    input: &mut dyn BufRead,
    options: &ReadOptions,
    give: &mut dyn FnMut(ListEntry),
) -> Result<ListReading, FormatError> {
    let failed = |source| FormatError::Read { format: ID, source };
    let mut intake = Intake::new(options, give);
    let mut input = decoded(input).map_err(failed)?;
    // No separator yet: the header is taken whole and shows which it is.
    let mut rows = Rows::new(&mut input, b'\n');
    let mut headings = Vec::new();
    while headings.is_empty() {
        match rows.next().map_err(failed)? {
            None => break,
            Some(Row::Bad { number, message, .. }) => intake.reject(number, "", message),
            Some(Row::Fields(line)) => {
                let line = line.get(0).into_owned();
                // Spreadsheets announce the separator in a line of its own.
                if !line.trim().is_empty() && !line.starts_with('#') && !line.starts_with("sep=") {
                    let separator = separator_of(line.as_bytes());
                    headings = headings_of(&line, separator, &mut intake);
                    rows.separator = separator;
                }
            }
        }
    }
    if !headings.iter().any(|h| h.column.is_some_and(Column::is_signal)) {
        return Err(FormatError::Foreign { format: ID, missing: "a header that names a signal" });
    }
    while let Some(row) = rows.next().map_err(failed)? {
        match row {
            Row::Bad { number, message, cut: true } => intake.cut(number, message),
            Row::Bad { number, message, cut: false } => intake.reject(number, "", message),
            Row::Fields(row) if row.is_blank() => {}
            Row::Fields(row) => read_row(&row, &headings, &mut intake),
        }
    }
    Ok(intake.finish())
}

fn headings_of(line: &str, separator: u8, intake: &mut Intake<'_>) -> Vec<Heading> {
    let mut seen = Vec::new();
    let mut headings = Vec::new();
    for name in line.split(char::from(separator)) {
        let name: String = name.trim().trim_matches('"').chars().take(64).collect();
        let mut column = Column::of(&name);
        match column {
            None if name.is_empty() => {}
            None => intake.note(format!("column `{name}` is not known and is passed over")),
            Some(Column::Passed) => intake.note(format!("column `{name}` is not kept")),
            Some(Column::Label) => {}
            Some(known) if seen.contains(&known) => {
                intake.note(format!("column `{name}` repeats another and is passed over"));
                column = None;
            }
            Some(known) => seen.push(known),
        }
        headings.push(Heading { name, column });
    }
    headings
}

fn read_row(row: &Fields<'_>, headings: &[Heading], intake: &mut Intake<'_>) {
    let number = row.number;
    if !row.ended && row.len() < headings.len() {
        intake.cut(number, "the file ends inside this row");
        return;
    }
    if (headings.len()..row.len()).any(|index| !row.get(index).trim().is_empty()) {
        intake.reject(number, "", "more fields than the header has columns");
        return;
    }
    let mut entry = ListEntry { row: number, ..ListEntry::default() };
    let mut scheme = None;
    let mut labels: Vec<String> = Vec::new();
    let mut blame = "";
    for (index, heading) in headings.iter().enumerate().take(row.len()) {
        let Some(column) = heading.column else { continue };
        let value = row.get(index);
        let name = heading.name.as_str();
        if blame.is_empty() && column.is_signal() {
            blame = name;
        }
        match column {
            Column::Pdq => intake.set(&mut entry.pdq, number, name, &value),
            Column::Md5 => intake.set(&mut entry.md5, number, name, &value),
            Column::Sha1 => intake.set(&mut entry.sha1, number, name, &value),
            Column::Sha256 => intake.set(&mut entry.sha256, number, name, &value),
            Column::Hash => intake.set_digits(&mut entry, name, &value),
            Column::Opaque(kind) => intake.set_opaque(&mut entry, kind, &value),
            Column::Other => {
                for signal in value.split_whitespace() {
                    match signal.split_once('=') {
                        Some((kind, value)) => intake.set_opaque(&mut entry, kind, value),
                        None => intake.error(number, name, "not of the form kind=value"),
                    }
                }
            }
            Column::Key => intake.set_key(&mut entry, name, &value),
            Column::Label => labels.extend(intake.label(&value)),
            Column::Category => intake.set_category(&mut entry, name, &value),
            Column::CategoryOf(of) => {
                intake.set_category(&mut entry, name, &value);
                scheme = entry.category.is_some().then(|| of.to_owned());
            }
            Column::Scheme => scheme = intake.name(number, name, &value),
            Column::Size => intake.set_size(&mut entry, name, &value),
            Column::Source if !value.trim().is_empty() => intake.file_source(&value),
            Column::Withdrawn => entry.withdrawn = withdrawn(number, name, &value, intake),
            Column::Source | Column::Passed => {}
        }
    }
    if !row.ended && !entry.has_signal() && !entry.withdrawn {
        intake.cut(number, "the file ends inside this row");
        return;
    }
    if let (Some(category), Some(scheme)) = (&mut entry.category, scheme) {
        category.scheme = scheme;
    }
    entry.label = intake.label(&labels.join("; "));
    intake.entry(entry, blame);
}

/// Whether a row is taken back. What cannot be read is reported, and the row stands.
fn withdrawn(row: u64, name: &str, value: &str, intake: &mut Intake<'_>) -> bool {
    match value.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => true,
        "" | "false" | "no" | "0" => false,
        _ => {
            intake.error(row, name, "neither true nor false");
            false
        }
    }
}

const HEADER: [&str; 12] = [
    "id",
    "md5",
    "sha1",
    "sha256",
    "pdq",
    "other",
    "category",
    "scheme",
    "size",
    "withdrawn",
    "source",
    "label",
];

fn write(
    out: &mut dyn Write,
    info: &ListInfo,
    entries: &mut dyn Iterator<Item = ListEntry>,
) -> Result<Written, FormatError> {
    let failed = |why: ::csv::Error| FormatError::Write { format: ID, source: why.into() };
    let mut outgo = Outgo::default();
    let mut table = ::csv::Writer::from_writer(out);
    table.write_record(HEADER).map_err(failed)?;
    for entry in entries {
        let hex = |value: Option<String>| value.unwrap_or_default();
        let other = other_words(&entry);
        let key = entry.key.as_deref().filter(|key| is_plain(key, MAX_NAME_BYTES));
        let named = |c: &&Category| {
            is_plain(&c.scheme, MAX_NAME_BYTES) && is_plain(&c.code, MAX_NAME_BYTES)
        };
        let category = entry.category.as_ref().filter(named);
        let label = carried_label(&entry);
        let without_signal = entry.md5.is_none()
            && entry.sha1.is_none()
            && entry.sha256.is_none()
            && entry.pdq.is_none()
            && other.is_empty();
        if without_signal && !(entry.withdrawn && key.is_some()) {
            outgo.leave_out_unfit();
            continue;
        }
        table
            .write_record([
                key.unwrap_or_default(),
                &hex(entry.md5.map(|v| v.to_string())),
                &hex(entry.sha1.map(|v| v.to_string())),
                &hex(entry.sha256.map(|v| v.to_string())),
                &hex(entry.pdq.map(|v| v.to_string())),
                &other.join(" "),
                category.map_or("", |c| &c.code),
                category.map_or("", |c| &c.scheme),
                &entry.size_bytes.map(|v| v.to_string()).unwrap_or_default(),
                if entry.withdrawn { "true" } else { "" },
                info.source.as_deref().unwrap_or_default(),
                label.unwrap_or_default(),
            ])
            .map_err(failed)?;
        outgo.entry(1);
        outgo.lose(Field::Key, key != entry.key.as_deref());
        outgo.lose(Field::Other, other.len() != entry.other.len());
        outgo.lose(Field::Category, category != entry.category.as_ref());
        outgo.lose(Field::Label, label != entry.label.as_deref());
    }
    table.flush().map_err(|source| FormatError::Write { format: ID, source })?;
    Ok(outgo.finish())
}

/// The signals kept as received that survive between blanks.
fn other_words(entry: &ListEntry) -> Vec<String> {
    let is_word =
        |text: &str| !text.contains(char::is_whitespace) && !text.contains(char::is_control);
    let carried = carried_others(entry, |o| {
        is_plain(&o.kind, MAX_NAME_BYTES)
            && is_word(&o.kind)
            && !o.kind.contains('=')
            && is_word(&o.value)
    });
    carried.into_iter().map(|o| format!("{}={}", o.kind, o.value)).collect()
}
