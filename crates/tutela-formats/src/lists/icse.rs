//! The ICSE baseline: one table, semicolons, columns with fixed names.

use std::io::{BufRead, Write};

use tutela_core::{Category, ListEntry, ListInfo};

use super::format::{Confidence, Example, Field, ListFormat, ListReading, ReadOptions, Written};
use super::intake::Intake;
use super::limits::{MAX_NAME_BYTES, MAX_OPAQUE_BYTES};
use super::outgo::{Outgo, carried_label, is_plain};
use super::rows::{Fields, Row, Rows};
use super::text::decoded;
use crate::FormatError;

const ID: &str = "icse";
/// Scheme of the codes in the column Baseline.
const SCHEME: &str = "icse";
const PHOTODNA: &str = "photodna";
const SEPARATOR: u8 = b';';

pub(super) const FORMAT: ListFormat = ListFormat {
    id: ID,
    title: "ICSE baseline",
    doc: "A table with semicolons and the columns MD5, SHA1, PhotoDNA, Image ID, Is distributed, Victim \
          identified, Offender identified, Series name, Number of submissions, File Available, Media \
          Type, Baseline, in any order. Image ID is the key, Series name the label, PhotoDNA is kept as \
          received. The category is the value of Baseline as it stands, under the scheme `icse`: it is \
          not translated. The other columns are not kept.",
    source: "The columns are known from an open reader (IPED), as INTERPOL publishes none.",
    extensions: &["icse.csv"],
    sniff,
    read,
    write,
    carries: &[Field::Key, Field::Md5, Field::Sha1, Field::Other, Field::Category, Field::Label],
    one_signal_a_row: false,
    examples: &[Example {
        name: "baseline.icse.csv",
        bytes: include_bytes!("../../examples/baseline.icse.csv"),
        entries: 3,
        withdrawn: 0,
        rejected: 0,
    }],
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Md5,
    Sha1,
    PhotoDna,
    ImageId,
    SeriesName,
    Baseline,
    /// Known, and not kept.
    Passed,
}

const COLUMNS: [(&str, Column); 12] = [
    ("MD5", Column::Md5),
    ("SHA1", Column::Sha1),
    ("PhotoDNA", Column::PhotoDna),
    ("Image ID", Column::ImageId),
    ("Is distributed", Column::Passed),
    ("Victim identified", Column::Passed),
    ("Offender identified", Column::Passed),
    ("Series name", Column::SeriesName),
    ("Number of submissions", Column::Passed),
    ("File Available", Column::Passed),
    ("Media Type", Column::Passed),
    ("Baseline", Column::Baseline),
];

/// A column of the file at hand.
struct Heading {
    name: String,
    column: Option<Column>,
}

impl Heading {
    fn of(name: &str) -> Self {
        let name: String = name.trim().trim_matches('"').chars().take(64).collect();
        let known = COLUMNS.iter().find(|(known, _)| name.eq_ignore_ascii_case(known));
        Self { column: known.map(|(_, column)| *column), name }
    }
}

/// Whether a first row is that of a baseline: nobody else has these columns beside each other.
fn is_baseline(headings: &[Heading]) -> bool {
    let has = |wanted| headings.iter().any(|heading| heading.column == Some(wanted));
    has(Column::Baseline) && has(Column::ImageId) && (has(Column::Md5) || has(Column::Sha1))
}

fn sniff(head: &[u8]) -> Confidence {
    let lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let mut lines = lines.filter(|line| !line.is_empty() && !line.starts_with(b"sep="));
    let names = lines.next().unwrap_or_default().split(|byte| *byte == SEPARATOR);
    let headings: Vec<_> =
        names.map(|name| Heading::of(&String::from_utf8_lossy(name))).take(64).collect();
    if is_baseline(&headings) { Confidence::Certain } else { Confidence::No }
}

fn read(
    input: &mut dyn BufRead,
    options: &ReadOptions,
    give: &mut dyn FnMut(ListEntry),
) -> Result<ListReading, FormatError> {
    let failed = |source| FormatError::Read { format: ID, source };
    let mut intake = Intake::new(options, give);
    let mut input = decoded(input).map_err(failed)?;
    let mut rows = Rows::new(&mut input, SEPARATOR);
    let mut headings = Vec::new();
    while headings.is_empty() {
        match rows.next().map_err(failed)? {
            Some(Row::Fields(row)) if row.is_blank() || row.get(0).starts_with("sep=") => {}
            Some(Row::Fields(row)) => {
                headings = (0..row.len()).map(|index| Heading::of(&row.get(index))).collect();
            }
            None | Some(Row::Bad { .. }) => break,
        }
    }
    if !is_baseline(&headings) {
        let missing = "a first row that names MD5 or SHA1, Image ID and Baseline";
        return Err(FormatError::Foreign { format: ID, missing });
    }
    intake.file_scheme(SCHEME.to_owned());
    note_columns(&mut headings, &mut intake);
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

/// Says which columns are not kept. Of two with one name the first counts.
fn note_columns(headings: &mut [Heading], intake: &mut Intake<'_>) {
    let mut seen = Vec::new();
    for Heading { name, column } in headings {
        match *column {
            None if name.is_empty() => {}
            None => intake.note(format!("column `{name}` is not known and is passed over")),
            Some(Column::Passed) => intake.note(format!("column `{name}` is not kept")),
            Some(known) if seen.contains(&known) => {
                intake.note(format!("column `{name}` repeats another and is passed over"));
                *column = None;
            }
            Some(known) => seen.push(known),
        }
    }
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
    for (index, Heading { name, column }) in headings.iter().enumerate() {
        let value = row.get(index);
        match column {
            Some(Column::Md5) => intake.set(&mut entry.md5, number, name, &value),
            Some(Column::Sha1) => intake.set(&mut entry.sha1, number, name, &value),
            Some(Column::PhotoDna) => intake.set_opaque(&mut entry, PHOTODNA, &value),
            Some(Column::ImageId) => intake.set_key(&mut entry, name, &value),
            Some(Column::SeriesName) => entry.label = intake.label(&value),
            Some(Column::Baseline) => intake.set_category(&mut entry, name, &value),
            Some(Column::Passed) | None => {}
        }
    }
    if !row.ended && !entry.has_signal() {
        intake.cut(number, "the file ends inside this row");
        return;
    }
    intake.entry(entry, "MD5");
}

fn write(
    out: &mut dyn Write,
    _: &ListInfo,
    entries: &mut dyn Iterator<Item = ListEntry>,
) -> Result<Written, FormatError> {
    let failed = |why: ::csv::Error| FormatError::Write { format: ID, source: why.into() };
    let mut outgo = Outgo::default();
    let mut table = ::csv::WriterBuilder::new().delimiter(SEPARATOR).from_writer(out);
    table.write_record(COLUMNS.map(|(name, _)| name)).map_err(failed)?;
    for entry in entries {
        if outgo.without_tombstone(&entry) {
            continue;
        }
        let is_ours = |category: &&Category| {
            category.scheme == SCHEME && is_plain(&category.code, MAX_NAME_BYTES)
        };
        let category = entry.category.as_ref().filter(is_ours);
        let key = entry.key.as_deref().filter(|key| is_plain(key, MAX_NAME_BYTES));
        let label = carried_label(&entry);
        let mut photodna = entry
            .other
            .iter()
            .filter(|signal| signal.kind == PHOTODNA && is_plain(&signal.value, MAX_OPAQUE_BYTES));
        let photodna = photodna.next();
        if entry.md5.is_none() && entry.sha1.is_none() && photodna.is_none() {
            outgo.leave_out_unfit();
            continue;
        }
        let field = |column: Column| match column {
            Column::Md5 => entry.md5.map(|md5| md5.to_string()).unwrap_or_default(),
            Column::Sha1 => entry.sha1.map(|sha1| sha1.to_string()).unwrap_or_default(),
            Column::PhotoDna => photodna.map(|signal| signal.value.clone()).unwrap_or_default(),
            Column::ImageId => key.unwrap_or_default().to_owned(),
            Column::SeriesName => label.unwrap_or_default().to_owned(),
            Column::Baseline => category.map(|c| c.code.clone()).unwrap_or_default(),
            Column::Passed => String::new(),
        };
        table.write_record(COLUMNS.map(|(_, column)| field(column))).map_err(failed)?;
        outgo.entry(1);
        outgo.lose(Field::Key, key != entry.key.as_deref());
        outgo.lose(Field::Other, entry.other.len() > usize::from(photodna.is_some()));
        outgo.lose(Field::Category, category != entry.category.as_ref());
        outgo.lose(Field::Label, label != entry.label.as_deref());
        outgo.lose_all_but(FORMAT.carries, &entry);
    }
    table.flush().map_err(|source| FormatError::Write { format: ID, source })?;
    Ok(outgo.finish())
}
