//! Proposes a map for a table of transfers with other columns. Reads its first block and writes nothing.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use tutela_formats::payments;

use crate::AppError;
use crate::views::PaymentsMapView;

/// How much of the table is looked at: more than 200 rows of any table that is known.
const LOOKED_AT_BYTES: u64 = 256 << 10;

/// Proposes a map from the names of the columns and what the first rows hold.
///
/// # Errors
///
/// If the file cannot be read, or is no table.
pub fn propose(path: &Path) -> Result<PaymentsMapView, AppError> {
    let file = File::open(path).map_err(AppError::file("read", path))?;
    let mut input = BufReader::new(file);
    let mut block = Vec::new();
    payments::utf8(&mut input)
        .and_then(|text| text.take(LOOKED_AT_BYTES).read_to_end(&mut block))
        .map_err(AppError::file("read", path))?;
    let refused = |message: &str| AppError::Setting {
        origin: path.display().to_string(),
        message: message.to_owned(),
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    match payments::recognise(&block, &name) {
        Some(format) if format.id == "csv" => {}
        Some(_) => {
            return Err(refused("not a table: files of this format need no map, or one by hand"));
        }
        None => return Err(refused("not a table with a header of at least four columns")),
    }
    payments::propose(&block)
        .map(PaymentsMapView::from)
        .ok_or_else(|| refused("a table without a header"))
}

#[cfg(test)]
mod tests {
    use super::propose;

    #[test]
    fn only_tables_get_a_proposal() {
        let dir = tempfile::tempdir().unwrap();
        let check = |name: &str, text: &str| {
            let path = dir.path().join(name);
            std::fs::write(&path, text).unwrap();
            propose(&path)
        };
        let view = check(
            "a.csv",
            "ref;date;amount;ccy;sender id;receiver id\n1;2026-03-01;5,50;EUR;a;b\n",
        )
        .unwrap();
        assert!(view.missing.is_empty(), "{view:?}");
        assert!(view.toml.contains("payee_account = \"receiver id\""), "{}", view.toml);
        for (name, text) in [("a.txt", "nothing"), ("a.xml", "<FIToFICstmrCdtTrf>"), ("empty", "")]
        {
            assert!(check(name, text).is_err(), "{name}");
        }
        assert!(propose(&dir.path().join("absent")).is_err());
    }
}
