//! The output of hashdeep and its relatives.

use std::io::{BufRead, Write};

use tutela_core::{ListEntry, ListInfo};

use super::format::{Confidence, Example, Field, ListFormat, ListReading, ReadOptions, Written};
use super::intake::Intake;
use super::outgo::{Outgo, carried_label};
use super::text::{Lines, decoded};
use crate::FormatError;

const ID: &str = "hashdeep";
const MAGIC: &str = "%%%% HASHDEEP-1.0";

pub(super) const FORMAT: ListFormat = ListFormat {
    id: ID,
    title: "hashdeep",
    doc: "`%%%% HASHDEEP-1.0`, then `%%%% ` and the columns, such as `size,md5,sha256,filename`, then one \
          row a file without quotes. The file name stands last and may hold commas; it becomes the \
          label. Size is in bytes. `tiger` and `whirlpool` are kept as they are. `#` starts a comment.",
    source: "hashdeep 4.4 manual page and its output.",
    extensions: &["hashdeep"],
    sniff,
    read,
    write,
    carries: &[Field::Md5, Field::Sha1, Field::Sha256, Field::SizeBytes, Field::Label],
    one_signal_a_row: false,
    examples: &[Example {
        name: "folder.hashdeep",
        bytes: include_bytes!("../../examples/folder.hashdeep"),
        entries: 4,
        withdrawn: 0,
        rejected: 2,
    }],
};

fn sniff(head: &[u8]) -> Confidence {
    if head.starts_with(MAGIC.as_bytes()) { Confidence::Certain } else { Confidence::No }
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
    let mut columns: Option<Vec<String>> = None;
    let mut announced = false;
    while let Some(line) = lines.next().map_err(failed)? {
        let row = line.number;
        if line.too_long {
            intake.reject(row, "", "longer than the limit of a line");
            continue;
        }
        let text = String::from_utf8_lossy(line.bytes);
        if text.starts_with(MAGIC) {
            announced = true;
        } else if !announced {
            break;
        } else if let Some(names) = text.strip_prefix("%%%% ") {
            columns = Some(columns_of(names, &mut intake));
        } else if !text.starts_with('#') && !text.trim().is_empty() {
            match &columns {
                Some(columns) => read_row(row, line.ended, &text, columns, &mut intake),
                None => intake.reject(row, "", "no line has named the columns"),
            }
        }
    }
    if !announced {
        return Err(FormatError::Foreign { format: ID, missing: "the line `%%%% HASHDEEP-1.0`" });
    }
    Ok(intake.finish())
}

fn columns_of(names: &str, intake: &mut Intake<'_>) -> Vec<String> {
    let columns: Vec<String> =
        names.split(',').map(|name| name.trim().chars().take(64).collect()).collect();
    for name in &columns {
        if !matches!(
            name.as_str(),
            "size" | "md5" | "sha1" | "sha256" | "tiger" | "whirlpool" | "filename"
        ) {
            intake.note(format!("column `{name}` is not known and is passed over"));
        }
    }
    columns
}

fn read_row(row: u64, ended: bool, text: &str, columns: &[String], intake: &mut Intake<'_>) {
    let mut values = text.splitn(columns.len(), ',');
    let mut entry = ListEntry { row, ..ListEntry::default() };
    for name in columns {
        let Some(value) = values.next() else {
            match ended {
                true => intake.reject(row, name, "the row ends before this column"),
                false => intake.cut(row, "the file ends inside this row"),
            }
            return;
        };
        match name.as_str() {
            "size" => intake.set_size(&mut entry, name, value),
            "md5" => intake.set(&mut entry.md5, row, name, value),
            "sha1" => intake.set(&mut entry.sha1, row, name, value),
            "sha256" => intake.set(&mut entry.sha256, row, name, value),
            "tiger" | "whirlpool" => intake.set_opaque(&mut entry, name, value),
            "filename" => entry.label = intake.label(value),
            _ => {}
        }
    }
    intake.entry(entry, "");
}

fn write(
    out: &mut dyn Write,
    _: &ListInfo,
    entries: &mut dyn Iterator<Item = ListEntry>,
) -> Result<Written, FormatError> {
    let failed = |source| FormatError::Write { format: ID, source };
    let mut outgo = Outgo::default();
    writeln!(out, "{MAGIC}\n%%%% size,md5,sha1,sha256,filename").map_err(failed)?;
    for entry in entries {
        if outgo.without_tombstone(&entry) {
            continue;
        }
        if entry.md5.is_none() && entry.sha1.is_none() && entry.sha256.is_none() {
            outgo.leave_out_unfit();
            continue;
        }
        let text = |value: Option<String>| value.unwrap_or_default();
        let label = carried_label(&entry);
        writeln!(
            out,
            "{},{},{},{},{}",
            text(entry.size_bytes.map(|v| v.to_string())),
            text(entry.md5.map(|v| v.to_string())),
            text(entry.sha1.map(|v| v.to_string())),
            text(entry.sha256.map(|v| v.to_string())),
            label.unwrap_or_default(),
        )
        .map_err(failed)?;
        outgo.entry(1);
        outgo.lose(Field::Label, label != entry.label.as_deref());
        outgo.lose_all_but(FORMAT.carries, &entry);
    }
    Ok(outgo.finish())
}
