//! Reads the dated rate file that whoever screens supplies: `date,currency,rate,reference`.

use std::fs;
use std::path::Path;

use tutela_core::Currency;
use tutela_flow::transfers::Rates;

use crate::AppError;

/// Reads rates. From `date` (`YYYY-MM-DD`) on, one unit of `currency` is worth `rate` units of `reference`,
/// which is one and the same in all rows. A rate file is short and decides all amounts: one bad row refuses it.
///
/// # Errors
/// The file cannot be read, or a row is none, which is named.
pub(crate) fn read_rates(path: &Path) -> Result<Rates, AppError> {
    let text = fs::read_to_string(path).map_err(AppError::file("read", path))?;
    rates_from(&text, &path.display().to_string())
}

/// Reads rates from a text; `origin` says in errors where it is from.
///
/// # Errors
/// A row is none, which is named.
pub(crate) fn rates_from(text: &str, origin: &str) -> Result<Rates, AppError> {
    parse(text).map_err(|(row, why)| AppError::Setting {
        origin: origin.to_owned(),
        message: format!("row {row}: {why}"),
    })
}

fn parse(text: &str) -> Result<Rates, (usize, &'static str)> {
    let mut rates: Option<Rates> = None;
    for (row, line) in (1..).zip(text.lines()) {
        let line = line.trim_start_matches('\u{feff}').trim();
        if line.is_empty() || line.starts_with('#') || row == 1 && line.starts_with("date") {
            continue;
        }
        let fields: Vec<&str> = line.split(',').map(str::trim).collect();
        let [date, currency, rate, reference] = fields[..] else {
            return Err((row, "not date,currency,rate,reference"));
        };
        let date: jiff::civil::Date =
            date.parse().map_err(|_| (row, "date: not a day such as 2026-01-31"))?;
        let letters = |text: &str, why| text.parse::<Currency>().map_err(|_| (row, why));
        let currency = letters(currency, "currency: not three capital letters")?;
        let reference = letters(reference, "reference: not three capital letters")?;
        let rate: f64 = rate.parse().map_err(|_| (row, "rate: not a number"))?;
        let rates = rates.get_or_insert_with(|| Rates::only(reference));
        if rates.reference() != reference {
            return Err((row, "reference: another one than in the rows before"));
        }
        let midnight = date.to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| (row, "date"))?;
        if !rates.set(currency, midnight.timestamp().as_second(), rate) {
            return Err((row, "rate: not above zero"));
        }
    }
    rates.ok_or((1, "no rate at all"))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn one_bad_row_is_named() {
        let good =
            "date,currency,rate,reference\n2026-01-01,EUR,1.1,USD\n2026-02-01,PHP,0.017,USD\n";
        assert!(parse(good).is_ok());
        for (text, row) in [
            ("", 1),
            ("2026-01-01,EUR,1.1\n", 1),
            ("2026-01-01,EUR,1.1,USD\n2026-13-01,PHP,1,USD\n", 2),
            ("2026-01-01,EUR,1.1,USD\n2026-01-01,PHP,1,EUR\n", 2),
            ("2026-01-01,eur,1.1,USD\n", 1),
            ("2026-01-01,EUR,-1,USD\n", 1),
        ] {
            assert_eq!(parse(text).map(|_| ()).map_err(|(row, _)| row), Err(row), "{text}");
        }
    }
}
