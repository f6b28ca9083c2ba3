//! Small tables of accounts: `side,account,score` and `side,account,label`, with or without `decided_at`.

use std::collections::HashMap;

use tutela_core::{RowError, Timestamp};

/// Which side of a transfer an account stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TableSide {
    /// It pays.
    Payer,
    /// It is paid.
    Payee,
}

/// What one table says: a value for each account of a side, and the rows that could not be used.
#[derive(Debug, Clone, PartialEq)]
pub struct SideTable<T> {
    /// One value an account. Where rows repeat one, the first is kept and the others are errors.
    pub values: HashMap<(TableSide, String), T>,
    /// Rows that were passed over.
    pub errors: Vec<RowError>,
}

/// Reads `side,account,score`; columns in any order, extra ones ignored. A score is a finite number.
pub fn scores(bytes: &[u8]) -> SideTable<f64> {
    read(bytes, "score", "is not a finite number", |text| {
        text.parse().ok().filter(|score: &f64| score.is_finite())
    })
}

/// Reads `side,account,label`; a label is `1`, `0`, `true` or `false`.
pub fn labels(bytes: &[u8]) -> SideTable<bool> {
    read(bytes, "label", "is none of 1, 0, true, false", |text| match text {
        "1" | "true" => Some(true),
        "0" | "false" => Some(false),
        _ => None,
    })
}

/// What an institution decided of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decided {
    /// Whether it is what is looked for.
    pub label: bool,
    /// When that was known, where the table says so.
    pub at: Option<Timestamp>,
}

/// Reads `side,account,label` and, where there is one, `decided_at`: RFC 3339, or a date, which stands for its first
/// second in UTC. A row with a time that cannot be read is an error; one without a time is not.
pub fn outcomes(bytes: &[u8]) -> SideTable<Decided> {
    const WHEN: &str = "decided_at";
    let decided = |label: &str, when: Option<&str>| {
        let label = match label {
            "1" | "true" => true,
            "0" | "false" => false,
            _ => return Err(("label", "is none of 1, 0, true, false")),
        };
        let at = match when.filter(|when| !when.is_empty()) {
            None => None,
            Some(text) => Some(time(text).ok_or((WHEN, "is neither an RFC 3339 time nor a date"))?),
        };
        Ok(Decided { label, at })
    };
    read_with(bytes, "label", Some(WHEN), &decided)
}

fn time(text: &str) -> Option<Timestamp> {
    let day = || {
        let date: jiff::civil::Date = text.parse().ok()?;
        date.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|day| day.timestamp())
    };
    // A date alone parses as no timestamp; with an hour and without an offset it could be anywhere.
    text.parse().ok().or_else(|| if text.len() == "2025-01-31".len() { day() } else { None })
}

fn read<T>(
    bytes: &[u8],
    value: &'static str,
    refusal: &'static str,
    parse: impl Fn(&str) -> Option<T>,
) -> SideTable<T> {
    read_with(bytes, value, None, &|text, _| parse(text).ok_or((value, refusal)))
}

/// What a row says from its value and its optional further cell, or which cell is wrong and how.
type Parse<'p, T> = &'p dyn Fn(&str, Option<&str>) -> Result<T, (&'static str, &'static str)>;

fn read_with<T>(
    bytes: &[u8],
    value: &'static str,
    further: Option<&str>,
    parse: Parse<'_, T>,
) -> SideTable<T> {
    let mut table = SideTable { values: HashMap::new(), errors: Vec::new() };
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let error = |row: u64, field: Option<&str>, message: &str| RowError {
        row,
        field: field.map(str::to_owned),
        message: message.to_owned(),
    };
    let header = match reader.byte_headers() {
        Ok(header) => header.clone(),
        Err(_) => {
            table.errors.push(error(0, None, "the header cannot be read"));
            return table;
        }
    };
    let column = |name: &str| header.iter().position(|cell| cell.trim_ascii() == name.as_bytes());
    let mut columns = [0; 3];
    for (place, name) in columns.iter_mut().zip(["side", "account", value]) {
        let Some(found) = column(name) else {
            table.errors.push(error(0, Some(name), "the column is missing"));
            return table;
        };
        *place = found;
    }
    let further = further.and_then(column);
    let mut record = csv::ByteRecord::new();
    let mut row = 0;
    loop {
        row += 1;
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(_) => {
                table.errors.push(error(row, None, "the row cannot be read"));
                continue;
            }
        }
        let cell = |place: usize| {
            record.get(place).and_then(|cell| std::str::from_utf8(cell).ok()).map(str::trim)
        };
        let side = match cell(columns[0]) {
            Some("payer") => TableSide::Payer,
            Some("payee") => TableSide::Payee,
            _ => {
                table.errors.push(error(row, Some("side"), "is neither payer nor payee"));
                continue;
            }
        };
        let Some(account) = cell(columns[1]).filter(|account| !account.is_empty()) else {
            table.errors.push(error(row, Some("account"), "is empty or not UTF-8"));
            continue;
        };
        let said = cell(columns[2]).unwrap_or_default();
        let read = match parse(said, further.and_then(cell)) {
            Ok(read) => read,
            Err((field, message)) => {
                table.errors.push(error(row, Some(field), message));
                continue;
            }
        };
        let key = (side, account.to_owned());
        if table.values.contains_key(&key) {
            table.errors.push(error(row, Some("account"), "stands in an earlier row of this side"));
            continue;
        }
        table.values.insert(key, read);
    }
    table
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{TableSide, labels, outcomes, scores};

    #[test]
    fn good_rows_are_kept_and_bad_ones_named() {
        let table = scores(
            b"account,extra,score,side\na,x,1.5,payer\nb,x,nan,payer\nc,x,2,somebody\n\
              ,x,2,payee\na,x,9,payer\na,x,-3e1,payee\nd\n\xff,x,1,payer\n",
        );
        let said: Vec<String> = table.errors.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "row 2, field score: is not a finite number",
                "row 3, field side: is neither payer nor payee",
                "row 4, field account: is empty or not UTF-8",
                "row 5, field account: stands in an earlier row of this side",
                "row 7, field side: is neither payer nor payee",
                "row 8, field account: is empty or not UTF-8",
            ]
        );
        assert_eq!(table.values.len(), 2);
        assert_eq!(table.values[&(TableSide::Payer, "a".to_owned())], 1.5);
        assert_eq!(table.values[&(TableSide::Payee, "a".to_owned())], -30.0);
    }

    #[test]
    fn labels_are_yes_or_no_and_columns_are_needed() {
        let table = labels(b"side,account,label\npayee,a,1\npayee,b,0\npayee,c,maybe\n");
        assert_eq!((table.values.len(), table.errors.len()), (2, 1));
        let none = labels(b"side,account\npayee,a\n");
        assert_eq!(none.errors[0].to_string(), "field label: the column is missing");
        assert!(labels(b"").values.is_empty());
    }

    #[test]
    fn outcomes_may_say_when_they_were_decided() {
        let table = outcomes(
            b"side,account,label,decided_at\npayee,a,1,2025-03-01\npayee,b,0,\npayer,c,1,2025-03-01T10:00:00+01:00\n\
              payer,d,1,yesterday\npayer,e,1,2025-03-01T10:00:00\npayer,f,1,2025-02-30\npayer,g,2,2025-03-01\n",
        );
        let said: Vec<String> = table.errors.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "row 4, field decided_at: is neither an RFC 3339 time nor a date",
                "row 5, field decided_at: is neither an RFC 3339 time nor a date",
                "row 6, field decided_at: is neither an RFC 3339 time nor a date",
                "row 7, field label: is none of 1, 0, true, false",
            ]
        );
        let of = |side, account: &str| table.values[&(side, account.to_owned())];
        let second = |side, account| of(side, account).at.map(|at| at.as_second());
        assert_eq!(second(TableSide::Payee, "a"), Some(1_740_787_200));
        assert_eq!(second(TableSide::Payer, "c"), Some(1_740_787_200 + 9 * 3_600));
        assert_eq!((second(TableSide::Payee, "b"), of(TableSide::Payee, "b").label), (None, false));
        assert_eq!(outcomes(b"side,account,label\npayee,a,1\n").values.len(), 1);
    }

    proptest! {
        #[test]
        fn hostile_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut with_header = b"side,account,score\n".to_vec();
            with_header.extend(&bytes);
            let table = scores(&with_header);
            prop_assert!(table.values.len() + table.errors.len() <= bytes.len() + 1);
            let _ = labels(&bytes);
            let _ = outcomes(&bytes);
        }
    }
}
