//! The SQL files that bring an NSRL RDS up to date. They are read, not run: what they say of files is
//! taken out of their statements, and nothing else is done.
//!
//! Known: `INSERT INTO FILE (columns) VALUES (…)`, `DELETE FROM FILE WHERE column = value AND …`, the same
//! for `METADATA`. Statements about other tables are passed over, `UPDATE` of these two is reported.
//! Source: NIST, "RDSv3"; `RDS_…_delta.sql` beside its `…schema.sql`.

mod sql;

use std::io::BufRead;

use tutela_core::RowError;

use crate::FormatError;
use crate::lists::limits::MAX_ROW_ERRORS;
use sql::{Statement, Statements, Token};

const ID: &str = "nsrl";
/// Tables whose rows are files.
pub const TABLES: [&str; 2] = ["FILE", "METADATA"];
/// Columns of a row that are kept: the tables have seven and about twenty.
const MAX_COLUMNS: usize = 64;

/// What one statement says of a file. Columns are in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Statement, from 1.
    pub row: u64,
    /// Whether rows with these values are taken out; else one is put in.
    pub removed: bool,
    /// Columns with their values as text.
    pub fields: Vec<(String, String)>,
}

/// What reading a delta gave, besides its changes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeltaReading {
    /// Statements, those about other tables among them.
    pub statements: u64,
    /// Rows put in.
    pub inserted: u64,
    /// Statements that take rows out.
    pub removals: u64,
    /// Statements about a file that could not be used.
    pub rejected: u64,
    /// The first of them, with the reason.
    pub errors: Vec<RowError>,
    /// The file ends inside a statement.
    pub truncated: bool,
}

/// Reads a delta. `columns` are those of the table, in its order, for statements that name none.
///
/// # Errors
/// The file cannot be read, or holds no statement at all.
pub fn read_delta(
    input: &mut dyn BufRead,
    columns: &[String],
    give: &mut dyn FnMut(Change),
) -> Result<DeltaReading, FormatError> {
    let failed = |source| FormatError::Read { format: ID, source };
    let mut reading = DeltaReading::default();
    let mut statements = Statements::new(input);
    let mut row = 0;
    while let Some(statement) = statements.next().map_err(failed)? {
        row += 1;
        let taken = match statement {
            Statement::Cut => {
                reading.truncated = true;
                Err("the file ends inside this statement")
            }
            Statement::TooLong => Err("longer than the limit of a statement"),
            Statement::Tokens(tokens) => take(row, tokens, columns, &mut reading, give),
        };
        if let Err(message) = taken {
            reading.rejected += 1;
            if reading.errors.len() < MAX_ROW_ERRORS {
                let message = message.to_owned();
                reading.errors.push(RowError { row, field: None, message });
            }
        }
    }
    reading.statements = row;
    if row == 0 {
        return Err(FormatError::Foreign { format: ID, missing: "an SQL statement" });
    }
    Ok(reading)
}

/// Takes one statement in. An error is the reason why it cannot be used.
fn take(
    row: u64,
    tokens: &[Token],
    columns: &[String],
    reading: &mut DeltaReading,
    give: &mut dyn FnMut(Change),
) -> Result<(), &'static str> {
    let mut rest = Rest(tokens);
    match rest.word().unwrap_or_default().as_str() {
        "insert" | "replace" => {
            let into = rest.0.iter().position(|token| token.is("into")).ok_or("not understood")?;
            rest.0 = &rest.0[into + 1..];
            if !rest.table() {
                return Ok(());
            }
            let own = rest.names()?;
            insert(row, rest, own.as_deref().unwrap_or(columns), reading, give)
        }
        "delete" => {
            rest.expect("from")?;
            if !rest.table() {
                return Ok(());
            }
            let fields = rest.conditions()?;
            reading.removals += 1;
            give(Change { row, removed: true, fields });
            Ok(())
        }
        "update" if rest.table() => Err("an update of a row is not applied"),
        _ => Ok(()),
    }
}

fn insert(
    row: u64,
    mut rest: Rest<'_>,
    columns: &[String],
    reading: &mut DeltaReading,
    give: &mut dyn FnMut(Change),
) -> Result<(), &'static str> {
    rest.expect("values")?;
    loop {
        let values = rest.values()?;
        if values.len() != columns.len() {
            return Err("not as many values as columns");
        }
        let fields = columns.iter().cloned().zip(values);
        let fields = fields.filter_map(|(column, value)| Some((column, value?))).collect();
        reading.inserted += 1;
        give(Change { row, removed: false, fields });
        if !rest.take(&Token::Sign(b',')) {
            break;
        }
    }
    if rest.0.is_empty() { Ok(()) } else { Err("more than values") }
}

/// The tokens that are still to be looked at.
struct Rest<'t>(&'t [Token]);

impl Rest<'_> {
    fn next(&mut self) -> Option<&Token> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    /// A keyword or name, in lower case.
    fn word(&mut self) -> Option<String> {
        match self.next()? {
            Token::Word(word) | Token::Name(word) => Some(word.to_ascii_lowercase()),
            _ => None,
        }
    }

    fn take(&mut self, wanted: &Token) -> bool {
        let found = self.0.first() == Some(wanted);
        if found {
            self.0 = &self.0[1..];
        }
        found
    }

    fn expect(&mut self, keyword: &str) -> Result<(), &'static str> {
        if self.word().as_deref() == Some(keyword) { Ok(()) } else { Err("not understood") }
    }

    /// Whether the table named next is one of files. A schema before its name is passed over.
    fn table(&mut self) -> bool {
        let mut name = self.word();
        while self.take(&Token::Sign(b'.')) {
            name = self.word();
        }
        name.is_some_and(|name| TABLES.iter().any(|table| name.eq_ignore_ascii_case(table)))
    }

    /// Column names in brackets, where they stand next.
    fn names(&mut self) -> Result<Option<Vec<String>>, &'static str> {
        if !self.take(&Token::Sign(b'(')) {
            return Ok(None);
        }
        let mut names = Vec::new();
        loop {
            names.push(self.word().ok_or("not understood")?);
            if self.take(&Token::Sign(b')')) {
                return Ok(Some(names));
            }
            if !self.take(&Token::Sign(b',')) || names.len() >= MAX_COLUMNS {
                return Err("not understood");
            }
        }
    }

    /// Values in brackets; none stands for NULL.
    fn values(&mut self) -> Result<Vec<Option<String>>, &'static str> {
        if !self.take(&Token::Sign(b'(')) {
            return Err("not understood");
        }
        let mut values = Vec::new();
        loop {
            values.push(self.value()?);
            if self.take(&Token::Sign(b')')) {
                return Ok(values);
            }
            if !self.take(&Token::Sign(b',')) || values.len() >= MAX_COLUMNS {
                return Err("not understood");
            }
        }
    }

    fn value(&mut self) -> Result<Option<String>, &'static str> {
        match self.next() {
            Some(Token::Text(text) | Token::Number(text)) => Ok(Some(text.clone())),
            Some(Token::Word(word)) if word.eq_ignore_ascii_case("null") => Ok(None),
            _ => Err("a value is neither text nor number"),
        }
    }

    /// `WHERE column = value AND …`, to the end.
    fn conditions(&mut self) -> Result<Vec<(String, String)>, &'static str> {
        let mut fields = Vec::new();
        self.expect("where").map_err(|_| "a removal without conditions is not applied")?;
        loop {
            let column = self.word().ok_or("not understood")?;
            if !self.take(&Token::Sign(b'=')) || fields.len() >= MAX_COLUMNS {
                return Err("only conditions of the form column = value are applied");
            }
            self.take(&Token::Sign(b'='));
            fields.push((column, self.value()?.ok_or("a value is missing")?));
            match self.0 {
                [] => break,
                _ => self
                    .expect("and")
                    .map_err(|_| "only conditions of the form column = value are applied")?,
            }
        }
        fields.sort();
        Ok(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::{DeltaReading, read_delta};

    /// Reads with the columns `sha1, md5, file_name`; gives changes and errors in words.
    fn read(text: &str) -> (Vec<String>, DeltaReading) {
        let columns = ["sha1", "md5", "file_name"].map(str::to_owned);
        let mut changes = Vec::new();
        let reading = read_delta(&mut text.as_bytes(), &columns, &mut |change| {
            let fields = change.fields.iter().map(|(column, value)| format!("{column}={value}"));
            let sign = if change.removed { '-' } else { '+' };
            let fields: Vec<_> = fields.collect();
            changes.push(format!("{}{sign} {}", change.row, fields.join(" ")));
        });
        (changes, reading.unwrap())
    }

    #[test]
    fn statements_are_read_in_every_form_they_come_in() {
        let (changes, reading) = read(
            "-- a remark; with a semicolon\nBEGIN TRANSACTION;\n/* another; */\n\
             INSERT INTO FILE VALUES('A1','B1','it''s; a name');\n\
             insert or ignore into \"FILE\" (MD5, [sha1]) values ('B2', 'A2'), ('B3', NULL);\n\
             INSERT INTO main.METADATA(md5,file_size) VALUES('B4',-12.5);\n\
             INSERT INTO PKG VALUES(1,'name');\n\
             DELETE FROM FILE WHERE sha1='A1' AND md5 == 'B1';\n\
             UPDATE PKG SET name = 'x';\nCOMMIT;\n",
        );
        assert_eq!(
            changes,
            [
                "2+ sha1=A1 md5=B1 file_name=it's; a name",
                "3+ md5=B2 sha1=A2",
                "3+ md5=B3",
                "4+ md5=B4 file_size=-12.5",
                "6- md5=B1 sha1=A1",
            ]
        );
        assert_eq!((reading.inserted, reading.removals, reading.rejected), (4, 1, 0));
    }

    #[test]
    fn what_is_not_applied_is_said() {
        let (changes, reading) = read(
            "UPDATE FILE SET md5='x' WHERE sha1='y';\nDELETE FROM FILE;\n\
             DELETE FROM FILE WHERE md5 LIKE 'a%';\nDELETE FROM FILE WHERE md5='a' OR md5='b';\n\
             INSERT INTO FILE VALUES('a');\nINSERT INTO FILE SELECT * FROM other;\n\
             INSERT INTO FILE VALUES('a','b',load_extension('x'));\nINSERT INTO FILE VALUES('a','b','c'",
        );
        assert!(changes.is_empty(), "{changes:?}");
        let said: Vec<_> = reading.errors.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "row 1: an update of a row is not applied",
                "row 2: a removal without conditions is not applied",
                "row 3: only conditions of the form column = value are applied",
                "row 4: only conditions of the form column = value are applied",
                "row 5: not as many values as columns",
                "row 6: not understood",
                "row 7: a value is neither text nor number",
                "row 8: the file ends inside this statement",
            ]
        );
        assert!(reading.truncated);
    }

    #[test]
    fn a_statement_without_end_costs_only_itself() {
        let long = format!(
            "INSERT INTO FILE VALUES('{}');\nDELETE FROM FILE WHERE md5='b';",
            "a".repeat(3 << 20)
        );
        let (changes, reading) = read(&long);
        assert_eq!(changes, ["2- md5=b"]);
        assert_eq!(reading.errors[0].to_string(), "row 1: longer than the limit of a statement");
    }

    #[test]
    fn any_bytes_are_read_or_refused() {
        let whole = "INSERT INTO FILE(md5,\"sha1\") VALUES('a''b',NULL),(x'00',1e5);DELETE FROM [FILE] WHERE md5='a';";
        for at in 0..whole.len() {
            for byte in [b'\'', b';', b'(', b')', b'"', b'[', b'-', b'/', 0, 0xFF] {
                let mut bytes = whole.as_bytes().to_vec();
                bytes[at] = byte;
                let _ = read_delta(&mut bytes.as_slice(), &[], &mut |_| {});
                let _ = read_delta(&mut &bytes[..at], &[], &mut |_| {});
            }
        }
    }
}
