//! PDQ against published computations, on generated pictures.
//!
//! `data/pdq-synthetic-vectors.csv` holds what the C++ reference tool gives, `data/pdq-full.csv`
//! what the Python binding gives for those pictures that are larger than 512 pixels; the script
//! `benches/peers/pdq/full_vectors.py` makes it.

use csv::StringRecord;
use tutela_core::{Orientation, Pdq, PdqVariant};
use tutela_match::content::Pixels;
use tutela_match::digests::digests;
use tutela_match::index::distance;
use tutela_match::signals::pdq;

use crate::pictures::picture;

/// Columns of both files; only the first has classes.
mod column {
    pub(super) const FAMILY: usize = 1;
    pub(super) const PARAM: usize = 2;
    pub(super) const WIDTH: usize = 3;
    pub(super) const HEIGHT: usize = 4;
    pub(super) const SHA256: usize = 6;
    pub(super) const QUALITY: usize = 7;
    pub(super) const PLAIN: usize = 8;
    pub(super) const DIHEDRAL: usize = 9;
    pub(super) const CLASS: usize = 20;
}

/// How far two computations of an ill-conditioned picture may be apart.
const NEAR_BITS: u16 = 6;

#[test]
fn reference_agrees_with_the_published_tool() {
    let mut strict = 0;
    for row in rows(include_str!("../data/pdq-synthetic-vectors.csv")) {
        let name = &row[0];
        let signals = pdq(&pixels(&row), PdqVariant::Reference);
        assert_eq!(signals.quality.to_string(), row[column::QUALITY], "{name}");
        let allowed = match &row[column::CLASS] {
            "strict" | "zero" => 0,
            "near" => NEAR_BITS,
            "fragile" => continue,
            class => panic!("{name}: no class {class}"),
        };
        strict += u32::from(allowed == 0);
        check(name, signals.original(), &row[column::PLAIN], allowed);
        for (column, orientation) in (column::DIHEDRAL..).zip(Orientation::ALL) {
            let is_grid = &row[column::WIDTH] == "64" && &row[column::HEIGHT] == "64";
            // Here the tool's two modes differ, and the plain one counts.
            if !(is_grid && orientation == Orientation::Original) {
                check(name, signals.get(orientation), &row[column], allowed);
            }
        }
    }
    assert_eq!(strict, 35);
}

/// Bit for bit, even where bits are nothing but rounding: our arithmetic is the binding's.
#[test]
fn full_agrees_with_the_python_binding() {
    let rows = rows(include_str!("../data/pdq-full.csv"));
    assert_eq!(rows.len(), 14);
    for row in rows {
        let name = &row[0];
        let signals = pdq(&pixels(&row), PdqVariant::Full);
        assert_eq!(signals.quality.to_string(), row[column::QUALITY], "{name}");
        check(name, signals.original(), &row[column::PLAIN], 0);
        for (column, orientation) in (column::DIHEDRAL..).zip(Orientation::ALL) {
            check(name, signals.get(orientation), &row[column], 0);
        }
    }
}

/// The picture of a row, after a look at its digest.
fn pixels(row: &StringRecord) -> Pixels {
    let number = |column: usize| row[column].parse().unwrap();
    let pixels = picture(
        &row[column::FAMILY],
        number(column::PARAM),
        number(column::WIDTH),
        number(column::HEIGHT),
    );
    assert_eq!(digests(pixels.samples()).sha256.to_string(), row[column::SHA256], "{}", &row[0]);
    pixels
}

fn check(name: &str, ours: Pdq, published: &str, allowed: u16) {
    let bits = distance(&ours, &published.parse().unwrap());
    assert!(bits <= allowed, "{name}: {ours} is {bits} bits from {published}");
}

fn rows(text: &str) -> Vec<StringRecord> {
    csv::Reader::from_reader(text.as_bytes()).records().map(Result::unwrap).collect()
}
