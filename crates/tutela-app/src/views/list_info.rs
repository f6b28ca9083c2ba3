//! What `list info` prints with `--json`.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::intake::compiled::FilterFigures;

/// What a list is and holds.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct ListInfoView {
    /// `tutela.list_info.v1`.
    pub schema: &'static str,
    /// The file as given, or the bank.
    pub name: String,
    /// Whether it is looked up where it lies, without being read.
    pub compiled: bool,
    /// The program that compiled it.
    pub compiled_by: Option<String>,
    /// SHA-256 of the compiled file itself.
    pub compiled_sha256: Option<String>,
    /// Name of the source file.
    pub file: Option<String>,
    /// SHA-256 of the source file.
    pub sha256: String,
    /// Files merged into it, with their SHA-256.
    pub merged: BTreeMap<String, String>,
    /// Size of the file; `null` of a bank.
    pub size_bytes: Option<u64>,
    /// Format id of the source.
    pub format: String,
    /// Who issued it; `null` where not stated.
    pub source: Option<String>,
    /// Date of issue; `null` where not stated.
    pub dated: Option<String>,
    /// Scheme of its categories; `null` where not stated.
    pub scheme: Option<String>,
    /// `alert` or `known_good`; `null` where the scan decides.
    pub role: Option<&'static str>,
    /// Entries that can be looked up.
    pub entries: u64,
    /// Rows that take entries back.
    pub withdrawn: u64,
    /// Entries that carry only signals which cannot be looked up.
    pub opaque: u64,
    /// Rows that could not be used.
    pub rejected: u64,
    /// The source ends inside an entry.
    pub truncated: bool,
    /// What else the reader noticed.
    pub notes: Vec<String>,
    /// Signals of each kind; those that cannot be looked up are only counted.
    pub signals: BTreeMap<String, u64>,
    /// Entries of each category.
    pub categories: Vec<CategoryView>,
    /// How the filters of a compiled list fare.
    pub filters: Vec<FilterView>,
    /// The sizes that a compiled list carries for a first look; `null` of a list that is not compiled.
    pub sizes: Option<SizesView>,
}

impl ListInfoView {
    /// The schema it is printed under.
    pub const SCHEMA: &'static str = "tutela.list_info.v1";
}

/// Entries of one category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CategoryView {
    /// Who defines the code.
    pub scheme: String,
    /// The code as received.
    pub code: String,
    /// Entries that can be looked up.
    pub entries: u64,
}

/// The sizes that entries of a compiled list state.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SizesView {
    /// Different sizes.
    pub distinct: u64,
    /// What they take in the file.
    pub table_bytes: u64,
    /// How often a size that is not stated is taken for one that is: never, as they stand there whole.
    pub false_positive_rate: f64,
}

/// The filters of one kind of digest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FilterView {
    /// `md5`, `sha1` or `sha256`.
    pub kind: &'static str,
    /// Digests behind them.
    pub digests: u64,
    /// Bits of filter for each digest.
    pub bits_per_digest: f64,
    /// Filters given up, because too many digests begin alike.
    pub given_up: usize,
    /// How often a digest that is not listed is let through and looked for in vain: by construction.
    pub expected_false_positive_rate: f64,
    /// The same as measured on `tried` digests.
    pub measured_false_positive_rate: f64,
    /// Random digests tried that are not listed.
    pub tried: u64,
}

impl From<FilterFigures> for FilterView {
    fn from(figures: FilterFigures) -> Self {
        Self {
            kind: figures.kind,
            digests: figures.digests,
            bits_per_digest: (figures.bits_per_digest * 100.0).round() / 100.0,
            given_up: figures.given_up,
            expected_false_positive_rate: figures.expected_rate,
            measured_false_positive_rate: figures.measured_rate,
            tried: figures.tried,
        }
    }
}
