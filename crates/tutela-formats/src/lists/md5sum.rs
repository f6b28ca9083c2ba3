//! The output of md5sum, sha1sum and sha256sum, in both of their styles.

use std::io::{BufRead, Write};

use tutela_core::{ListEntry, ListInfo};

use super::format::{Confidence, Example, Field, ListFormat, ListReading, ReadOptions, Written};
use super::intake::Intake;
use super::limits::MAX_LABEL_BYTES;
use super::outgo::{Outgo, signals};
use super::text::{Lines, decoded};
use super::value::looks_like_digest;
use crate::FormatError;

const ID: &str = "md5sum";

pub(super) const FORMAT: ListFormat = ListFormat {
    id: ID,
    title: "md5sum, sha1sum, sha256sum",
    doc: "`digest  name`, `digest *name`, or the tagged `MD5 (name) = digest`, one a line. A backslash \
          before the line says that the name is escaped: `\\\\`, `\\n` and `\\r` in it are a backslash \
          and line ends. The number of digits tells the kind; 64 is always SHA-256 here. The name \
          becomes the label; `-` is no name. `#` and `;` start comment lines.",
    source: "GNU coreutils manual, \"md5sum invocation\"; the tagged style is that of the BSD md5 tool.",
    extensions: &["md5", "md5sum", "sha1", "sha1sum", "sha256", "sha256sum"],
    sniff,
    read,
    write,
    carries: &[Field::Md5, Field::Sha1, Field::Sha256, Field::Label],
    one_signal_a_row: true,
    examples: &[Example {
        name: "sums.md5",
        bytes: include_bytes!("../../examples/sums.md5"),
        entries: 6,
        withdrawn: 0,
        rejected: 2,
    }],
};

/// A line taken apart.
struct Sum<'a> {
    /// The kind, where the line is tagged.
    tag: Option<&'a str>,
    digest: &'a str,
    name: &'a str,
    escaped: bool,
}

fn is_comment(line: &str) -> bool {
    line.is_empty() || line.starts_with(['#', ';'])
}

fn sum(line: &str) -> Option<Sum<'_>> {
    let (escaped, line) = match line.strip_prefix('\\') {
        Some(line) => (true, line),
        None => (false, line),
    };
    if let Some((digest, rest)) = line.split_once(' ')
        && looks_like_digest(digest.as_bytes())
    {
        // Some tools write one blank only.
        let name = rest.strip_prefix([' ', '*']).unwrap_or(rest);
        return Some(Sum { tag: None, digest, name, escaped });
    }
    if let Some((tag, rest)) = line.split_once(" (")
        && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && let Some((name, digest)) = rest.rsplit_once(") = ")
    {
        return Some(Sum { tag: Some(tag), digest, name, escaped });
    }
    looks_like_digest(line.as_bytes()).then_some(Sum { tag: None, digest: line, name: "", escaped })
}

fn sniff(head: &[u8]) -> Confidence {
    let head = String::from_utf8_lossy(head);
    let line = head.lines().map(str::trim).find(|line| !is_comment(line));
    match line.and_then(sum) {
        Some(Sum { tag: Some("MD5" | "SHA1" | "SHA256" | "SHA512"), .. }) => Confidence::Certain,
        Some(Sum { tag: None, name, .. }) if !name.is_empty() => Confidence::Certain,
        _ => Confidence::No,
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
    let mut lines = Lines::new(&mut input);
    while let Some(line) = lines.next().map_err(failed)? {
        let row = line.number;
        if line.too_long {
            intake.reject(row, "", "longer than the limit of a line");
            continue;
        }
        let text = String::from_utf8_lossy(line.bytes);
        if is_comment(text.trim()) {
            continue;
        }
        let sum = sum(text.trim_start());
        let complete =
            sum.as_ref().is_some_and(|s| s.tag.is_none() || looks_like_digest(s.digest.as_bytes()));
        match sum {
            _ if !line.ended && !complete => intake.cut(row, "the file ends inside this line"),
            Some(sum) => read_sum(row, &sum, &mut intake),
            None => intake.reject(row, "", "neither `digest  name` nor `KIND (name) = digest`"),
        }
    }
    Ok(intake.finish())
}

fn read_sum(row: u64, sum: &Sum<'_>, intake: &mut Intake<'_>) {
    let mut entry = ListEntry { row, ..ListEntry::default() };
    match (sum.tag, sum.digest.len()) {
        (Some("MD5"), _) | (None, 32) => intake.set(&mut entry.md5, row, "md5", sum.digest),
        (Some("SHA1"), _) | (None, 40) => intake.set(&mut entry.sha1, row, "sha1", sum.digest),
        (Some("SHA256"), _) | (None, _) => intake.set(&mut entry.sha256, row, "sha256", sum.digest),
        (Some("SHA512"), _) => intake.set_opaque(&mut entry, "sha512", sum.digest),
        (Some(_), _) => intake.error(row, "", "of a kind that is not known"),
    }
    if sum.name != "-" {
        entry.label =
            if sum.escaped { intake.label(&unescaped(sum.name)) } else { intake.label(sum.name) };
    }
    intake.entry(entry, "");
}

fn unescaped(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut chars = name.chars();
    while let Some(c) = chars.next() {
        match (c, chars.as_str().chars().next()) {
            ('\\', Some(next @ ('\\' | 'n' | 'r'))) => {
                plain.push(match next {
                    'n' => '\n',
                    'r' => '\r',
                    _ => '\\',
                });
                chars.next();
            }
            _ => plain.push(c),
        }
    }
    plain
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
        let label = entry.label.as_deref().filter(|label| is_name(label));
        let name = label.unwrap_or("-");
        let escaped = name.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r");
        let mark = if escaped == name { "" } else { "\\" };
        for one in &carried {
            writeln!(out, "{mark}{}  {escaped}", one.value).map_err(failed)?;
        }
        outgo.entry(carried.len() as u64);
        outgo.lose(Field::Label, label != entry.label.as_deref());
        outgo.lose_all_but(FORMAT.carries, &entry);
    }
    Ok(outgo.finish())
}

/// Whether a label comes back from a line: not `-`, no margins, not too long.
fn is_name(label: &str) -> bool {
    !label.is_empty() && label != "-" && label.len() <= MAX_LABEL_BYTES && label.trim() == label
}
