//! Delimited rows: CSV as it is met, in bounded memory, where one bad row costs only itself.
//!
//! The `csv` crate takes a record of any length into memory, and an unclosed quote swallows all
//! that follows; both matter for files that come from outside.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::io::{self, BufRead};

use super::limits::MAX_LINE_BYTES;
use super::text::{Line, Lines};

/// Lines that one quoted record may span. A comment of some paragraphs fits; an unclosed quote does
/// not eat the list, and retrying from the next line stays cheap.
const MAX_RECORD_LINES: usize = 64;

/// What stands at some place of a delimited file.
pub(super) enum Row<'r> {
    /// Fields, split and unquoted.
    Fields(Fields<'r>),
    /// What is wrong, in plain words; the next row is sound again.
    Bad { number: u64, message: &'static str, cut: bool },
}

/// The fields of one row.
pub(super) struct Fields<'r> {
    /// Line the row starts in, from 1.
    pub(super) number: u64,
    /// Whether a line end follows; the last row of a cut file has none.
    pub(super) ended: bool,
    text: &'r [u8],
    ends: &'r [usize],
}

impl Fields<'_> {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A field; empty when the row is too short. What is not UTF-8 becomes U+FFFD.
    pub(super) fn get(&self, index: usize) -> Cow<'_, str> {
        let Some(&end) = self.ends.get(index) else { return Cow::Borrowed("") };
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        String::from_utf8_lossy(&self.text[start..end])
    }

    /// Whether the row is a blank line.
    pub(super) fn is_blank(&self) -> bool {
        self.len() == 1 && self.text.iter().all(u8::is_ascii_whitespace)
    }
}

/// A line that is kept while others are read.
pub(super) struct OwnLine {
    number: u64,
    bytes: Vec<u8>,
    too_long: bool,
    ended: bool,
}

impl From<Line<'_>> for OwnLine {
    fn from(line: Line<'_>) -> Self {
        Self {
            number: line.number,
            bytes: line.bytes.to_vec(),
            too_long: line.too_long,
            ended: line.ended,
        }
    }
}

/// Takes a delimited file row by row.
pub(super) struct Rows<'a> {
    lines: Lines<'a>,
    /// Lines that were taken for a quoted record that never closed: they are read again.
    pending: VecDeque<OwnLine>,
    text: Vec<u8>,
    ends: Vec<usize>,
    /// Byte between fields.
    pub(super) separator: u8,
}

impl<'a> Rows<'a> {
    pub(super) fn new(input: &'a mut dyn BufRead, separator: u8) -> Self {
        Self::resume(Lines::new(input), None, separator)
    }

    /// Goes on behind a first line that was looked at; that line is read again.
    pub(super) fn resume(lines: Lines<'a>, first: Option<OwnLine>, separator: u8) -> Self {
        let pending = first.into_iter().collect();
        Self { lines, pending, text: Vec::new(), ends: Vec::new(), separator }
    }

    /// The next row, or none at the end. Blank lines are rows too.
    pub(super) fn next(&mut self) -> io::Result<Option<Row<'_>>> {
        let Some(first) = self.line()? else { return Ok(None) };
        let number = first.number;
        if first.too_long {
            let message = "longer than the limit of a line";
            return Ok(Some(Row::Bad { number, message, cut: !first.ended }));
        }
        let mut ended = first.ended;
        self.text.clear();
        self.ends.clear();
        let (text, ends) = (&mut self.text, &mut self.ends);
        let mut open = split(&first.bytes, self.separator, false, text, ends);
        let mut more = Vec::new();
        while open {
            let room = more.len() + 1 < MAX_RECORD_LINES && self.text.len() < MAX_LINE_BYTES;
            let next = if room { self.line()? } else { None };
            let next = match next {
                Some(next) if !next.too_long => next,
                other => {
                    let cut = room && other.is_none();
                    let again = more.into_iter().chain(other);
                    self.pending = again.chain(self.pending.drain(..)).collect();
                    let message = "a quote is opened and not closed";
                    return Ok(Some(Row::Bad { number, message, cut }));
                }
            };
            self.text.push(b'\n');
            let (text, ends) = (&mut self.text, &mut self.ends);
            open = split(&next.bytes, self.separator, true, text, ends);
            ended = next.ended;
            more.push(next);
        }
        let fields = Fields { number, ended, text: &self.text, ends: &self.ends };
        Ok(Some(Row::Fields(fields)))
    }

    fn line(&mut self) -> io::Result<Option<OwnLine>> {
        if let Some(line) = self.pending.pop_front() {
            return Ok(Some(line));
        }
        Ok(self.lines.next()?.map(OwnLine::from))
    }
}

/// Splits a line into unquoted fields laid end to end, or goes on inside a quoted field that the line
/// before left open. True if a quote is open at the end.
fn split(
    line: &[u8],
    separator: u8,
    open: bool,
    text: &mut Vec<u8>,
    ends: &mut Vec<usize>,
) -> bool {
    let mut rest = line;
    let mut quoted = open;
    loop {
        if !quoted && let Some(behind) = rest.strip_prefix(b"\"") {
            quoted = true;
            rest = behind;
        }
        while quoted {
            let Some(quote) = rest.iter().position(|b| *b == b'"') else {
                text.extend_from_slice(rest);
                return true;
            };
            text.extend_from_slice(&rest[..quote]);
            rest = &rest[quote + 1..];
            match rest.strip_prefix(b"\"") {
                Some(behind) => {
                    text.push(b'"');
                    rest = behind;
                }
                None => quoted = false,
            }
        }
        let end = rest.iter().position(|b| *b == separator);
        text.extend_from_slice(&rest[..end.unwrap_or(rest.len())]);
        ends.push(text.len());
        match end {
            Some(end) => rest = &rest[end + 1..],
            None => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(file: &str) -> Vec<String> {
        let mut input = file.as_bytes();
        let mut rows = Rows::new(&mut input, b',');
        let mut seen = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            seen.push(match row {
                Row::Fields(fields) => {
                    let all: Vec<_> =
                        (0..fields.len()).map(|n| fields.get(n).into_owned()).collect();
                    format!("{}: {}", fields.number, all.join("|"))
                }
                Row::Bad { number, message, cut } => format!("{number}! {message} cut={cut}"),
            });
        }
        seen
    }

    #[test]
    fn rows_split_as_spreadsheets_write_them() {
        let check = |file: &str, expected: &[&str]| assert_eq!(rows(file), expected, "{file:?}");
        check("", &[]);
        check("a,b\r\nc,d\n", &["1: a|b", "2: c|d"]);
        check("a,,\n\nb", &["1: a||", "2: ", "3: b"]);
        check("\"a,b\",\"say \"\"x\"\"\"\n", &["1: a,b|say \"x\""]);
        check("\"two\nlines\",x\ny\n", &["1: two\nlines|x", "3: y"]);
        check("a 5\" disc,b\n", &["1: a 5\" disc|b"]);
    }

    #[test]
    fn an_unclosed_quote_costs_only_its_own_row() {
        let unclosed = "a,\"b\nc\nd\n";
        assert_eq!(
            rows(unclosed),
            ["1! a quote is opened and not closed cut=true", "2: c", "3: d"]
        );
        let far = format!("\"a\n{}", "b\n".repeat(1000));
        let seen = rows(&far);
        assert_eq!(seen[0], "1! a quote is opened and not closed cut=false");
        assert_eq!(seen.len(), 1001);
        let long = rows(&format!("\"a\n{}\nb\n", "x".repeat(MAX_LINE_BYTES + 1)));
        assert_eq!(
            long,
            [
                "1! a quote is opened and not closed cut=false",
                "2! longer than the limit of a line cut=false",
                "3: b",
            ]
        );
    }
}
