//! Two small tables: `side,account,score` and `side,account,label`.

use std::collections::HashMap;

use tutela_core::RowError;

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

fn read<T>(
    bytes: &[u8],
    value: &'static str,
    refusal: &str,
    parse: impl Fn(&str) -> Option<T>,
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
        let Some(read) = cell(columns[2]).and_then(&parse) else {
            table.errors.push(error(row, Some(value), refusal));
            continue;
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

    use super::{TableSide, labels, scores};

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

    proptest! {
        #[test]
        fn hostile_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut with_header = b"side,account,score\n".to_vec();
            with_header.extend(&bytes);
            let table = scores(&with_header);
            prop_assert!(table.values.len() + table.errors.len() <= bytes.len() + 1);
            let _ = labels(&bytes);
        }
    }
}
