//! One hexadecimal digest or signal a line.

use std::io::{BufRead, Write};

use tutela_core::{ListEntry, ListInfo};

use super::format::{Confidence, Example, Field, ListFormat, ListReading, ReadOptions, Written};
use super::intake::Intake;
use super::outgo::{Outgo, carried_label, signals};
use super::text::{Lines, decoded};
use super::value::looks_like_digest;
use crate::FormatError;

const ID: &str = "plain";

pub(super) const FORMAT: ListFormat = ListFormat {
    id: ID,
    title: "Plain lines",
    doc: "One value a line: hexadecimal digits, then optionally a comma and anything, which becomes \
          the label. `#` starts a comment line; blank lines are passed over. The number of digits \
          decides: 32 is MD5, 40 is SHA-1. 64 is PDQ, unless the reader is told that it is SHA-256; \
          a line may also name its kind: `pdq=`, `md5=`, `sha1=`, `sha256=`. `hash=` names none. \
          Upper and lower case read the same.",
    source: "The PDQ reference tools print and read this form; so does what most tools call a text list.",
    extensions: &["txt", "hashes", "pdq"],
    sniff,
    read,
    write,
    carries: &[Field::Md5, Field::Sha1, Field::Sha256, Field::Pdq, Field::Label],
    one_signal_a_row: true,
    examples: &[Example {
        name: "plain.txt",
        bytes: include_bytes!("../../examples/plain.txt"),
        entries: 6,
        withdrawn: 0,
        rejected: 1,
    }],
};

/// A line taken apart: the kind it names, its digits, what follows the comma.
fn parts(line: &str) -> (Option<&str>, &str, &str) {
    let (value, label) = line.split_once(',').unwrap_or((line, ""));
    match value.split_once('=') {
        Some((kind, digits)) => (Some(kind.trim()), digits.trim(), label),
        None => (None, value.trim(), label),
    }
}

fn is_comment(line: &str) -> bool {
    line.is_empty() || line.starts_with('#')
}

fn sniff(head: &[u8]) -> Confidence {
    let head = String::from_utf8_lossy(head);
    let Some(line) = head.lines().map(str::trim).find(|line| !is_comment(line)) else {
        return Confidence::No;
    };
    let (kind, digits, _) = parts(line);
    let known = matches!(kind, None | Some("hash" | "pdq" | "md5" | "sha1" | "sha256"));
    if known && looks_like_digest(digits.as_bytes()) { Confidence::Likely } else { Confidence::No }
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
    let mut usual_digits = 0;
    while let Some(line) = lines.next().map_err(failed)? {
        let row = line.number;
        if line.too_long {
            intake.reject(row, "", "longer than the limit of a line");
            continue;
        }
        let text = String::from_utf8_lossy(line.bytes);
        let text = text.trim();
        if is_comment(text) {
            continue;
        }
        let (kind, digits, label) = parts(text);
        let count = digits.len();
        let mut entry = ListEntry { row, ..ListEntry::default() };
        match kind {
            None | Some("hash") => intake.set_digits(&mut entry, "hash", digits),
            Some("pdq") => intake.set(&mut entry.pdq, row, "pdq", digits),
            Some("md5") => intake.set(&mut entry.md5, row, "md5", digits),
            Some("sha1") => intake.set(&mut entry.sha1, row, "sha1", digits),
            Some("sha256") => intake.set(&mut entry.sha256, row, "sha256", digits),
            Some(_) => intake.error(row, "hash", "of a kind that is not known"),
        }
        // A PDQ that was cut at 32 or 40 digits is no MD5 or SHA-1.
        let shortened = usual_digits != 0 && count < usual_digits;
        if !line.ended && (!entry.has_signal() || shortened) {
            intake.cut(row, "the file ends inside this line");
            continue;
        }
        usual_digits = count;
        entry.label = intake.label(label);
        intake.entry(entry, "hash");
    }
    Ok(intake.finish())
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
        let mut carried = signals(&entry);
        carried.retain(|one| FORMAT.carries.contains(&one.field));
        if carried.is_empty() {
            outgo.leave_out_unfit();
            continue;
        }
        let label = carried_label(&entry);
        for one in &mut carried {
            // Bare, it would be read as a PDQ.
            if one.field == Field::Sha256 {
                one.value.insert_str(0, "sha256=");
            }
            match label {
                Some(label) => writeln!(out, "{},{label}", one.value),
                None => writeln!(out, "{}", one.value),
            }
            .map_err(failed)?;
        }
        outgo.entry(carried.len() as u64);
        outgo.lose(Field::Label, label != entry.label.as_deref());
        outgo.lose_all_but(FORMAT.carries, &entry);
    }
    Ok(outgo.finish())
}
