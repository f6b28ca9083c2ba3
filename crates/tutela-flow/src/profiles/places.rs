//! What is known of countries: clocks and lists, from dated data files.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use crate::transfers::Country;

const LISTED: &str = include_str!("../../data/listed_countries-2025-11.csv");
const OFFSETS: &str = include_str!("../../data/utc_offsets-2026-01.csv");

fn rows(file: &str) -> impl Iterator<Item = &str> {
    file.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}

/// Whether published alerts list a country among those where such payments are received.
pub fn is_listed(country: Country) -> bool {
    static SET: OnceLock<HashSet<Country>> = OnceLock::new();
    SET.get_or_init(|| rows(LISTED).filter_map(Country::parse).collect()).contains(&country)
}

/// Seconds that a country's clocks are ahead of UTC; `None` where nobody wrote it down.
pub fn offset_s(country: Country) -> Option<i64> {
    static MAP: OnceLock<HashMap<Country, i64>> = OnceLock::new();
    let map = MAP.get_or_init(|| {
        let pair = |row: &str| {
            let (country, minutes) = row.split_once(',')?;
            Some((Country::parse(country)?, minutes.parse::<i64>().ok()? * 60))
        };
        rows(OFFSETS).filter_map(pair).collect()
    });
    map.get(&country).copied()
}

/// Whether it is between ten in the evening and five in the morning on the clock of a country.
pub fn is_night(time_s: u32, country: Country) -> Option<bool> {
    let hour = (i64::from(time_s) + offset_s(country)?).div_euclid(3_600).rem_euclid(24);
    Some(!(5..22).contains(&hour))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_files_are_dated_say_their_source_and_are_read_whole() {
        for file in [LISTED, OFFSETS] {
            assert!(file.contains("# Source: ") && file.contains("# Dated: "));
        }
        assert!(rows(LISTED).all(|row| Country::parse(row).is_some_and(is_listed)));
        for row in rows(OFFSETS) {
            let country = row.split_once(',').and_then(|(country, _)| Country::parse(country));
            let offset = country.and_then(offset_s).unwrap();
            assert!((-12 * 3_600..=14 * 3_600).contains(&offset), "{row}");
        }
    }

    #[test]
    fn night_is_that_of_the_payer() {
        let of =
            |hour: u32, country: &str| is_night(hour * 3_600, Country::parse(country).unwrap());
        assert_eq!([of(3, "GB"), of(3, "AU"), of(13, "AU")], [Some(true), Some(false), Some(true)]);
        assert_eq!(of(23, "US"), Some(false));
        assert_eq!(of(3, "XX"), None);
    }
}
