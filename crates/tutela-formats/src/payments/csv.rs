//! Tables of transfers: the canonical columns, or those of a map.

use std::borrow::Cow;
use std::io::{BufRead, Read};

use tutela_core::TransferRecord;

use super::field::{Draft, Field};
use super::format::{Confidence, Example, Fault, PaymentFormat, PaymentReading, ReadOptions};
use super::intake::Intake;
use super::limits::{BLOCK_BYTES, MAX_COLUMNS};
use super::map::Encoding;
use super::rows::{Row, Rows, whole_rows};
use super::windows_1252;
use crate::FormatError;
use crate::lists::decoded;

const ID: &str = "csv";

pub(super) const FORMAT: PaymentFormat = PaymentFormat {
    id: ID,
    title: "Table of transfers",
    doc: "\
A header names the columns; each further row is one transfer. `transfer_id`, `time`, `amount`, `currency`,
`payer_account` and `payee_account` are required, in any order; the other columns of docs/payments-formats.md are read
where they are, and any others are kept by their names. The separator is a comma, a semicolon, a tab or a bar, as
the header has it; quotes are those of RFC 4180. UTF-8 with or without a mark and UTF-16 are recognised; a row
that is not UTF-8 is read as Windows-1252 and counted. `time` is RFC 3339 with an offset. `amount` is decimal with
a point. For all other forms give a map.",
    source: "The canonical columns of this project; quoting by RFC 4180",
    extensions: &["csv", "tsv", "txt"],
    sniff,
    read,
    examples: &[
        Example {
            name: "transfers.csv",
            bytes: include_bytes!("../../examples/transfers.csv"),
            transfers: 6,
            rejected: 0,
        },
        Example {
            name: "transfers-bad.csv",
            bytes: include_bytes!("../../examples/transfers-bad.csv"),
            transfers: 4,
            rejected: 9,
        },
    ],
};

/// Where the values of a column go.
#[derive(Debug)]
enum Column {
    Field(Field),
    Extra(String),
    /// It has no name, or repeats another.
    Passed,
}

/// A table whose header has been read. Pieces of whole rows can then be read side by side.
#[derive(Debug)]
pub struct Table<'o> {
    options: &'o ReadOptions,
    separator: u8,
    columns: Vec<Column>,
    /// What reading the header gave; [`PaymentReading::append`] adds what the pieces give, in their order.
    pub header: PaymentReading,
    /// Bytes up to the end of the header.
    pub header_bytes: usize,
}

impl<'o> Table<'o> {
    /// Reads the header of a table from its first block, as UTF-8 without a byte order mark: see
    /// [`super::utf8`].
    ///
    /// # Errors
    ///
    /// If no row of the block is a header that, with the map, gives all required fields.
    pub fn open(block: &[u8], options: &'o ReadOptions) -> Result<Self, FormatError> {
        let mut header = PaymentReading::default();
        let mut at = 0;
        let mut separator = options.map.separator;
        let line = loop {
            let rest = &block[at..];
            if rest.is_empty() {
                return Err(FormatError::NoTransfers {
                    format: ID,
                    missing: "a header".to_owned(),
                });
            }
            let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
            let line = rest[..end].trim_ascii();
            header.rows += 1;
            at += end;
            match line {
                // Spreadsheets announce the separator in a line of its own.
                [b's', b'e', b'p', b'=', byte] => separator = separator.or(Some(*byte)),
                [] | [b'#', ..] => {}
                _ => break line,
            }
        };
        let separator = separator.unwrap_or_else(|| separator_of(line));
        let mut table = Self { options, separator, columns: Vec::new(), header, header_bytes: at };
        table.columns_of(line);
        let missing: Vec<&str> = table.missing().map(Field::as_str).collect();
        if missing.is_empty() {
            Ok(table)
        } else {
            Err(FormatError::NoTransfers { format: ID, missing: missing.join(", ") })
        }
    }

    /// Required fields that neither a column nor a constant gives.
    fn missing(&self) -> impl Iterator<Item = Field> + '_ {
        let has = |field: Field| {
            self.options.map.constants.contains_key(&field)
                || self
                    .columns
                    .iter()
                    .any(|column| matches!(column, Column::Field(f) if *f == field))
        };
        Field::REQUIRED.iter().copied().filter(move |field| !has(*field))
    }

    fn columns_of(&mut self, line: &[u8]) {
        let (line, _) = text_of(line, Encoding::Found);
        for name in names(&line, self.separator) {
            let shown: String = name.chars().take(64).collect();
            let column = match self.options.map.field_of(&name) {
                Some(field)
                    if self
                        .columns
                        .iter()
                        .any(|c| matches!(c, Column::Field(f) if *f == field)) =>
                {
                    self.header
                        .note(format!("column `{shown}` repeats another and is passed over"));
                    Column::Passed
                }
                Some(field) => Column::Field(field),
                None if name.is_empty() => Column::Passed,
                None => Column::Extra(shown),
            };
            self.columns.push(column);
        }
    }

    /// How many bytes of a block are whole rows, header or not; all of them if nothing follows. Give the rest
    /// again in front of what comes. None at all: the block must grow.
    pub fn whole_rows(&self, block: &[u8], is_last: bool) -> usize {
        whole_rows(block, self.separator, is_last)
    }

    /// Reads a piece of whole rows behind the header. Rows count from 1 in each piece. Repeated
    /// identifiers are not looked for: give each to one [`super::Seen`] in the order of the file.
    pub fn read_piece(
        &self,
        piece: &[u8],
        give: &mut dyn FnMut(&TransferRecord),
    ) -> PaymentReading {
        let mut intake = Intake::of_piece(self.options, give);
        let rows = self.rows(piece, 0, &mut intake);
        intake.finish(rows)
    }

    /// Reads whole rows whose first stands behind `before` others, and returns how many there were.
    fn rows(&self, piece: &[u8], before: u64, intake: &mut Intake<'_>) -> u64 {
        let (text, odd_lines) = text_of(piece, self.options.map.encoding);
        let mut odd_lines = odd_lines.into_iter().peekable();
        let mut rows = Rows::new(text.as_bytes(), self.separator);
        let mut number = before;
        while let Some(row) = rows.next() {
            number += 1;
            let mut odd = false;
            while odd_lines.next_if(|start| *start < rows.at).is_some() {
                odd = true;
            }
            if odd && self.encoding_refuses(number, intake) {
                continue;
            }
            let ended = match row {
                Row::Bad(why) => {
                    intake.refuse(number, why.why());
                    continue;
                }
                Row::Fields { ended } => ended,
            };
            // A blank line is no row; neither is one of separators only, as spreadsheets leave behind.
            if text.as_bytes()[rows.start..rows.at]
                .iter()
                .all(|b| b.is_ascii_whitespace() || *b == self.separator)
            {
                continue;
            }
            let count = rows.cells.len();
            if !ended && count < self.columns.len() {
                intake.cut(number, "the file ends inside this row");
                continue;
            }
            // Only what has quotes in quotes needs memory of its own.
            let undone: Vec<String> = match rows.cells.iter().any(|cell| cell.is_doubled()) {
                true => rows.cells.iter().map(|cell| cell.undone(&text)).collect(),
                false => Vec::new(),
            };
            let value = |index: usize| {
                undone.get(index).map_or_else(|| rows.cells[index].raw(&text), String::as_str)
            };
            if (self.columns.len()..count).any(|index| !value(index).trim().is_empty()) {
                intake.refuse(number, "more fields than the header has columns");
                continue;
            }
            let mut draft = Draft::new(number);
            let mut extra: Vec<(&str, &str)> = Vec::new();
            for (index, column) in self.columns.iter().enumerate().take(count) {
                match column {
                    Column::Field(field) => draft.set(*field, value(index)),
                    Column::Extra(name) if !value(index).is_empty() => {
                        extra.push((name, value(index)))
                    }
                    Column::Extra(_) | Column::Passed => {}
                }
            }
            draft.extra = &extra;
            intake.take(&draft);
        }
        number - before
    }

    /// Counts a row that is not UTF-8. True if the map wants nothing else.
    fn encoding_refuses(&self, row: u64, intake: &mut Intake<'_>) -> bool {
        if self.options.map.encoding == Encoding::Utf8 {
            intake.reading.rejected += 1;
            intake.reading.fault(Fault::Encoding, row, "", "not UTF-8, as the map has it");
            return true;
        }
        intake.reading.fault(Fault::Encoding, row, "", "not UTF-8; read as Windows-1252, and kept");
        false
    }
}

/// The separator that a header uses most.
pub(super) fn separator_of(header: &[u8]) -> u8 {
    let count = |separator: u8| header.iter().filter(|b| **b == separator).count();
    [b',', b';', b'\t', b'|'].into_iter().rev().max_by_key(|s| count(*s)).unwrap_or(b',')
}

/// The names of a header line.
pub(super) fn names(line: &str, separator: u8) -> Vec<String> {
    let mut rows = Rows::new(line.as_bytes(), separator);
    match rows.next() {
        Some(Row::Fields { .. }) => {
            rows.cells.iter().map(|cell| cell.undone(line).trim().to_owned()).collect()
        }
        Some(Row::Bad(_)) | None => line
            .split(char::from(separator))
            .take(MAX_COLUMNS)
            .map(|name| name.trim().to_owned())
            .collect(),
    }
}

/// The text of some lines, and where those lines start in it that were not UTF-8. Those are read as
/// Windows-1252, in which every byte is a character.
fn text_of(piece: &[u8], encoding: Encoding) -> (Cow<'_, str>, Vec<usize>) {
    if encoding == Encoding::Windows1252 {
        return (Cow::Owned(windows_1252::decoded(piece)), Vec::new());
    }
    if let Ok(text) = str::from_utf8(piece) {
        return (Cow::Borrowed(text), Vec::new());
    }
    let mut text = String::with_capacity(piece.len() + piece.len() / 8);
    let mut odd = Vec::new();
    for line in piece.split_inclusive(|b| *b == b'\n') {
        match str::from_utf8(line) {
            Ok(line) => text.push_str(line),
            Err(_) => {
                odd.push(text.len());
                text.push_str(&windows_1252::decoded(line));
            }
        }
    }
    (Cow::Owned(text), odd)
}

fn sniff(head: &[u8]) -> Confidence {
    let mut lines = head.split(|b| *b == b'\n').map(<[u8]>::trim_ascii);
    let is_header =
        |line: &&[u8]| !line.is_empty() && !line.starts_with(b"#") && !line.starts_with(b"sep=");
    let Some(line) = lines.find(is_header) else { return Confidence::No };
    let line = String::from_utf8_lossy(line);
    let separator = separator_of(line.as_bytes());
    let names = names(&line, separator);
    let required = |name: &String| {
        Field::REQUIRED.iter().any(|field| field.as_str().eq_ignore_ascii_case(name))
    };
    match names.iter().filter(|name| required(name)).count() {
        6 => Confidence::Certain,
        3..=5 => Confidence::Likely,
        // A foreign table, for which a map is needed.
        _ if names.len() >= 4 && !line.starts_with(['{', '<', '[']) => Confidence::Possible,
        _ => Confidence::No,
    }
}

fn read(
    input: &mut dyn BufRead,
    options: &ReadOptions,
    give: &mut dyn FnMut(&TransferRecord),
) -> Result<PaymentReading, FormatError> {
    let failed = |source| FormatError::ReadTransfers { format: ID, source };
    let mut input = decoded(input).map_err(failed)?;
    let mut intake = Intake::new(options, give);
    let mut block = Vec::new();
    let mut is_last = grow(&mut *input, &mut block).map_err(failed)?;
    let table = Table::open(&block, options)?;
    let mut rows = table.header.rows;
    intake.reading.notes.clone_from(&table.header.notes);
    block.drain(..table.header_bytes);
    loop {
        let whole = table.whole_rows(&block, is_last);
        rows += table.rows(&block[..whole], rows, &mut intake);
        if is_last {
            return Ok(intake.finish(rows));
        }
        block.drain(..whole);
        is_last = grow(&mut *input, &mut block).map_err(failed)?;
    }
}

/// Adds the next bytes to a block. True if there are no more behind them.
fn grow(input: &mut dyn BufRead, block: &mut Vec<u8>) -> std::io::Result<bool> {
    let read = input.take(BLOCK_BYTES as u64).read_to_end(block)?;
    Ok(read < BLOCK_BYTES)
}

#[cfg(test)]
mod tests {
    use super::super::map::Map;
    use super::*;

    const HEADER: &str = "transfer_id,time,amount,currency,payer_account,payee_account\n";

    fn try_read(bytes: &[u8], options: &ReadOptions) -> (Vec<TransferRecord>, PaymentReading) {
        let mut records = Vec::new();
        let mut input = bytes;
        let reading =
            read(&mut input, options, &mut |record| records.push(record.clone())).unwrap();
        assert_eq!(reading.transfers, records.len() as u64);
        (records, reading)
    }

    fn faults(rows: &str) -> Vec<String> {
        let (_, reading) = try_read(format!("{HEADER}{rows}").as_bytes(), &ReadOptions::default());
        reading.errors.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn each_fault_is_named_by_row_and_field() {
        let good = "t0,2026-03-01T10:00:00Z,15.00,EUR,a,b\n";
        for (row, expected) in [
            (
                "t1,2026-02-30T10:00:00Z,15,EUR,a,b",
                "row 3, field time: no calendar or clock has this time",
            ),
            (
                "t1,yesterday,15,EUR,a,b",
                "row 3, field time: not a time of RFC 3339, such as 2026-03-01T14:05:00Z",
            ),
            ("t1,2026-03-01T10:00:00Z,0,EUR,a,b", "row 3, field amount: an amount of nothing"),
            ("t1,2026-03-01T10:00:00Z,-5,EUR,a,b", "row 3, field amount: an amount below nothing"),
            (
                "t1,2026-03-01T10:00:00Z,5,Euro,a,b",
                "row 3, field currency: not a currency of ISO 4217, in capital letters",
            ),
            (
                "t1,2026-03-01T10:00:00Z,5,EUR,a,a",
                "row 3, field payee_account: the account pays itself",
            ),
            (
                "t1,2026-03-01T10:00:00Z,5,EUR,,b",
                "row 3, field payer_account: is required and blank",
            ),
            (
                "t0,2026-03-01T10:00:00Z,5,EUR,a,b",
                "row 3, field transfer_id: stood in an earlier row",
            ),
            (
                "t1,2026-03-01T10:00:00Z,5,EUR,a,b,x",
                "row 3: more fields than the header has columns",
            ),
            (
                "\"t1,2026-03-01T10:00:00Z,5,EUR,a,b",
                "row 3: a quote is not closed, or text stands behind a closed one",
            ),
        ] {
            assert_eq!(
                faults(&format!("{good}{row}\n{}", good.replace("t0", "t9"))),
                [expected],
                "{row}"
            );
        }
    }

    #[test]
    fn good_rows_stand_beside_bad_ones() {
        let rows = "t1,x,0,E,a,a\nt2,2026-03-01T10:00:00Z,15.00,EUR,a,b\n\n,,,,,\nt3,2026-03-01T09:00:00Z,1,JPY,b,a\nt4,2026";
        let (records, reading) =
            try_read(format!("{HEADER}{rows}").as_bytes(), &ReadOptions::default());
        assert_eq!(records.iter().map(|r| r.row).collect::<Vec<_>>(), [3, 6]);
        assert_eq!(records[1].transfer.amount.minor, 1);
        assert_eq!((reading.rejected, reading.out_of_order, reading.truncated), (2, 1, true));
        assert_eq!(reading.faults[&Fault::SelfTransfer], 1);
        assert_eq!(reading.faults[&Fault::Currency], 1);
        assert_eq!(reading.faults[&Fault::Time], 1);
    }

    #[test]
    fn optional_values_and_extra_columns_are_kept() {
        let text = "PAYEE_ACCOUNT;transfer_id;time;amount;currency;payer_account;payer_name;payer_country;payer_birth_year;branch\n\
                    b;t1;2026-03-01T10:00:00Z;15.00;EUR;a;\"Iva; \"\"Test\"\"\";Norway;1970;x\n";
        let (records, reading) = try_read(text.as_bytes(), &ReadOptions::default());
        assert_eq!(records[0].payer.name.as_deref(), Some("Iva; \"Test\""));
        assert_eq!((records[0].payer.birth_year, &records[0].payer.country), (Some(1970), &None));
        assert_eq!(records[0].extra, [("branch".to_owned(), "x".to_owned())]);
        assert_eq!(
            reading.errors[0].to_string(),
            "row 2, field payer_country: not two capital letters, as ISO 3166 has them"
        );
        assert_eq!((reading.rejected, reading.faults[&Fault::Value]), (0, 1));
    }

    #[test]
    fn encodings_are_found_or_named() {
        let text = format!(
            "{}\nt1,2026-03-01T10:00:00Z,15,EUR,a,b,Zo\u{eb}\nt2,2026-03-01T10:00:00Z,15,EUR,a,b,x\n",
            HEADER.trim_end().to_owned() + ",payee_name"
        );
        let utf16: Vec<u8> =
            format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        let name = |bytes: &[u8]| {
            let (records, reading) = try_read(bytes, &ReadOptions::default());
            (records[0].payee.name.clone().unwrap(), reading.faults.get(&Fault::Encoding).copied())
        };
        assert_eq!(name(text.as_bytes()), ("Zo\u{eb}".to_owned(), None));
        assert_eq!(name(format!("\u{feff}{text}").as_bytes()), ("Zo\u{eb}".to_owned(), None));
        assert_eq!(name(&utf16), ("Zo\u{eb}".to_owned(), None));
        assert_eq!(name(&latin), ("Zo\u{eb}".to_owned(), Some(1)));
        let strict = ReadOptions { map: Map::from_toml("encoding = 'utf-8'").unwrap() };
        let (records, reading) = try_read(&latin, &strict);
        assert_eq!((records.len(), reading.rejected), (1, 1));
        assert_eq!(reading.errors[0].to_string(), "row 2: not UTF-8, as the map has it");
    }

    #[test]
    fn maps_read_foreign_tables() {
        let text = "Buchung;Datum;Betrag;Von;An\nx1;01.03.2026;1.234,50;a;b\nx2;31.02.2026;1;a;b\nx3;02.03.2026;12.50;a;b\n";
        let map = "decimal = ','\ntime_format = '%d.%m.%Y'\ntime_zone = '+01:00'\n[constants]\ncurrency = 'EUR'\n\
                   [columns]\ntransfer_id = 'Buchung'\ntime = 'Datum'\namount = 'Betrag'\npayer_account = 'Von'\npayee_account = 'An'\n";
        let options = ReadOptions { map: Map::from_toml(map).unwrap() };
        let (records, reading) = try_read(text.as_bytes(), &options);
        assert_eq!(records.len(), 1);
        assert_eq!(records[0].transfer.amount.minor, 123_450);
        assert_eq!(records[0].transfer.time.to_string(), "2026-02-28T23:00:00Z");
        assert_eq!(
            reading.faults.keys().copied().collect::<Vec<_>>(),
            [Fault::ImpossibleDate, Fault::MixedDecimals]
        );
        let why = read(&mut text.as_bytes(), &ReadOptions::default(), &mut |_| ()).unwrap_err();
        assert!(
            why.to_string()
                .contains("transfer_id, time, amount, currency, payer_account, payee_account"),
            "{why}"
        );
    }

    #[test]
    fn pieces_side_by_side_give_what_one_reading_gives() {
        let mut text = HEADER.to_owned();
        for n in 0..500 {
            let quote = if n % 7 == 0 { "\"a\nb\"" } else { "a" };
            let amount = if n % 11 == 0 { "0" } else { "5" };
            text.push_str(&format!(
                "t{n},2026-03-01T10:00:{:02}Z,{amount},EUR,{quote},b\n",
                n % 60
            ));
        }
        let options = ReadOptions::default();
        let (records, whole) = try_read(text.as_bytes(), &options);
        let table = Table::open(text.as_bytes(), &options).unwrap();
        let mut reading = table.header.clone();
        let mut rest = &text.as_bytes()[table.header_bytes..];
        let mut ids = Vec::new();
        while !rest.is_empty() {
            let block = &rest[..rest.len().min(997)];
            let at = table.whole_rows(block, block.len() == rest.len());
            reading.append(
                table.read_piece(&rest[..at], &mut |record| ids.push(record.transfer.id.clone())),
            );
            rest = &rest[at..];
        }
        assert_eq!(ids, records.iter().map(|r| r.transfer.id.clone()).collect::<Vec<_>>());
        assert_eq!(reading, whole);
    }
}
