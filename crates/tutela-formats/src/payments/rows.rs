//! Cuts a table into rows and rows into fields, in place.
//!
//! A quote counts where a field starts, as RFC 4180 has it; a quote that is never closed costs its own line
//! and no more.

use memchr::{memchr, memchr2, memrchr};

use super::limits::{MAX_COLUMNS, MAX_ROW_BYTES};

/// Where a field stands, without its quotes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    start: usize,
    end: usize,
    /// It holds quotes that are written twice.
    doubled: bool,
}

/// One row as it was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Row {
    /// Its fields are in place. `ended`: a line end follows.
    Fields { ended: bool },
    /// It cannot be taken apart; why. The next row starts behind its first line.
    Bad(Fault),
}

/// Why a row cannot be taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Unclosed,
    BehindQuote,
    TooLong,
}

impl Fault {
    /// In words. A piece that ends behind the first line of a row does not see where a quote closes,
    /// so both faults of quotes are told alike.
    pub(super) fn why(self) -> &'static str {
        match self {
            Self::Unclosed | Self::BehindQuote => {
                "a quote is not closed, or text stands behind a closed one"
            }
            Self::TooLong => "longer than a row can be",
        }
    }
}

/// The rows of a piece of a table.
pub(super) struct Rows<'a> {
    text: &'a [u8],
    separator: u8,
    /// Where the next row starts.
    pub(super) at: usize,
    /// Where this row starts.
    pub(super) start: usize,
    /// Fields of this row.
    pub(super) cells: Vec<Cell>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(text: &'a [u8], separator: u8) -> Self {
        Self { text, separator, at: 0, start: 0, cells: Vec::new() }
    }

    /// The next row, or none at the end.
    pub(super) fn next(&mut self) -> Option<Row> {
        if self.at >= self.text.len() {
            return None;
        }
        self.start = self.at;
        self.cells.clear();
        loop {
            let start = self.at;
            if self.text.get(start) == Some(&b'"') {
                match self.quoted(start + 1) {
                    Ok(Some(ended)) => return Some(Row::Fields { ended }),
                    Ok(None) => {}
                    Err(why) => return Some(self.bad(why)),
                }
            } else {
                let rest = &self.text[start..];
                match memchr2(self.separator, b'\n', rest) {
                    Some(length) if rest[length] == b'\n' => {
                        let end = start + length;
                        self.at = end + 1;
                        let carriage = length > 0 && rest[length - 1] == b'\r';
                        self.cell(start, end - usize::from(carriage), false);
                        return Some(Row::Fields { ended: true });
                    }
                    Some(length) => {
                        self.at = start + length + 1;
                        self.cell(start, start + length, false);
                    }
                    None => {
                        self.at = self.text.len();
                        self.cell(start, self.at, false);
                        return Some(Row::Fields { ended: false });
                    }
                }
            }
            if self.cells.len() > MAX_COLUMNS || self.at - self.start > MAX_ROW_BYTES {
                return Some(self.bad(Fault::TooLong));
            }
        }
    }

    /// A field from behind its first quote. Some if the row ends with it.
    fn quoted(&mut self, start: usize) -> Result<Option<bool>, Fault> {
        let limit = self.text.len().min(self.start + MAX_ROW_BYTES);
        let mut doubled = false;
        let mut from = start;
        let end = loop {
            let found = self
                .text
                .get(from..limit)
                .and_then(|rest| memchr(b'"', rest))
                .ok_or(Fault::Unclosed)?;
            let at = from + found;
            if self.text.get(at + 1) != Some(&b'"') {
                break at;
            }
            doubled = true;
            from = at + 2;
        };
        self.cell(start, end, doubled);
        match &self.text[end + 1..] {
            [] => {
                self.at = end + 1;
                Ok(Some(false))
            }
            [b'\n', ..] => {
                self.at = end + 2;
                Ok(Some(true))
            }
            [b'\r', b'\n', ..] => {
                self.at = end + 3;
                Ok(Some(true))
            }
            [byte, ..] if *byte == self.separator => {
                self.at = end + 2;
                Ok(None)
            }
            _ => Err(Fault::BehindQuote),
        }
    }

    fn cell(&mut self, start: usize, end: usize, doubled: bool) {
        self.cells.push(Cell { start, end, doubled });
    }

    fn bad(&mut self, why: Fault) -> Row {
        let rest = &self.text[self.start..];
        self.at = memchr(b'\n', rest).map_or(self.text.len(), |end| self.start + end + 1);
        Row::Bad(why)
    }
}

impl Cell {
    /// Its text as it stands; right for a field without doubled quotes.
    pub(super) fn raw(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }

    /// Its text with doubled quotes undone.
    pub(super) fn undone(self, text: &str) -> String {
        let raw = self.raw(text);
        if self.doubled { raw.replace("\"\"", "\"") } else { raw.to_owned() }
    }

    pub(super) fn is_doubled(self) -> bool {
        self.doubled
    }
}

/// How much of a block is whole rows; all of it where nothing follows.
pub(super) fn whole_rows(block: &[u8], separator: u8, is_last: bool) -> usize {
    if is_last {
        return block.len();
    }
    let Some(first_quote) = memchr(b'"', block) else {
        return memrchr(b'\n', block).map_or(0, |end| end + 1);
    };
    // Rows before the first quote need no look.
    let safe = memrchr(b'\n', &block[..first_quote]).map_or(0, |end| end + 1);
    let mut rows = Rows::new(&block[safe..], separator);
    let mut whole = safe;
    while let Some(row) = rows.next() {
        let has_room = block.len() - safe - rows.start >= MAX_ROW_BYTES;
        match row {
            Row::Fields { ended: true } => whole = safe + rows.at,
            // With more bytes a quote could still be closed, or a row end.
            Row::Bad(_) if has_room => whole = safe + rows.at,
            Row::Bad(Fault::BehindQuote) if rows.at < block.len() - safe => {
                whole = safe + rows.at;
            }
            Row::Bad(_) | Row::Fields { ended: false } => break,
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<Vec<String>> {
        let mut rows = Rows::new(text.as_bytes(), b',');
        let mut all = Vec::new();
        while let Some(row) = rows.next() {
            all.push(match row {
                Row::Bad(why) => vec![format!("{why:?}")],
                Row::Fields { .. } => rows.cells.iter().map(|cell| cell.undone(text)).collect(),
            });
        }
        all
    }

    #[test]
    fn rows_and_quotes() {
        assert_eq!(split("a,b\r\nc,\n,\n"), [["a", "b"], ["c", ""], ["", ""]]);
        assert_eq!(split("\"a,\"\"b\"\"\nc\",d\ne,f\"g"), [["a,\"b\"\nc", "d"], ["e", "f\"g"]]);
        assert_eq!(split("\"\",x\r\n\"y\"\r\n"), [vec!["", "x"], vec!["y"]]);
        assert_eq!(split("\"open,b\nc,d\n"), [vec!["Unclosed"], vec!["c", "d"]]);
        assert_eq!(split("\"a\"b,c\nd,e"), [vec!["BehindQuote"], vec!["d", "e"]]);
        assert_eq!(split(""), Vec::<Vec<String>>::new());
    }

    #[test]
    fn cutting_anywhere_gives_the_same_rows() {
        let text = "id,x\n1,\"a\nb\"\n2,\"c\"\"d\"\n3,\"bad\"e\n4,f\n5,\"open\n6,g\n";
        let whole = split(text);
        for cut in 0..text.len() {
            let at = whole_rows(&text.as_bytes()[..cut], b',', false);
            assert!(at <= cut);
            let mut pieces = split(&text[..at]);
            pieces.extend(split(&text[at..]));
            assert_eq!(pieces, whole, "cut at {cut}, at {at}");
        }
    }

    #[test]
    fn an_endless_quote_costs_its_line_only() {
        let mut text = "\"open\n".to_owned();
        text.push_str(&"a,b\n".repeat(MAX_ROW_BYTES / 2));
        let at = whole_rows(text.as_bytes(), b',', false);
        assert!(at > MAX_ROW_BYTES, "{at}");
        assert_eq!(split(&text).len(), 1 + MAX_ROW_BYTES / 2);
    }
}
