//! What is said of the new: groups and what ties them, earlier scans, what examiners said.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::sentences::Said;

/// New pictures and films that something ties together. A file may be in several groups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GroupView {
    /// From 1, highest score first.
    pub rank: u64,
    /// The sum of the contributions: an order for looking, not a likelihood of anything.
    pub score: u64,
    /// What the score is made of, in the order of the rules.
    pub contributions: Vec<ContributionView>,
    /// What ties it: what made it a group first, then what else holds for every member.
    pub ties: Vec<TieView>,
    /// Files in it.
    pub files: u64,
    /// Files with different bytes.
    pub distinct: u64,
    /// Bytes of all.
    pub size_bytes: u64,
    /// Earliest capture time a member states.
    pub first_taken: Option<String>,
    /// Latest capture time a member states.
    pub last_taken: Option<String>,
    /// Members: indexes of items, from 0.
    pub items: Vec<u64>,
}

/// One thing that members have in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TieView {
    /// `near`, `device`, `model`, `session`, `names`, `other_case` or `folder`.
    pub kind: &'static str,
    /// Whether it made the group; else it also holds for files outside of it.
    pub made_it: bool,
    /// What it rests on, by name.
    pub data: BTreeMap<&'static str, String>,
    /// One sentence.
    pub why: Said,
}

/// One part of a score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContributionView {
    /// Which rule: `distinct`, `device_serial`, `further_ties`, `recent`,
    /// `other_case_content` or `other_case_device`.
    pub rule: &'static str,
    /// What it adds.
    pub points: u64,
    /// One sentence.
    pub why: Said,
}

/// An earlier scan in the store that new files of this one are tied to. Says whom to ask, not what
/// is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EarlierScanView {
    /// Id of that scan.
    pub scan: String,
    /// Id of its case.
    pub case: Option<String>,
    /// Whether this scan belongs to the same case, or neither to any.
    pub same_case: bool,
    /// When it began.
    pub started_at: String,
    /// Id of the operator who began it: whom to ask.
    pub operator: String,
    /// New files of this scan whose bytes are there.
    pub same_bytes: u64,
    /// New files with a signal near one that is there, and other bytes.
    pub near: u64,
    /// New files of a device that files there name, with its serial number.
    pub same_device: u64,
}

/// One tie of a file to an earlier scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EarlierView {
    /// Id of that scan.
    pub scan: String,
    /// Id of its case.
    pub case: Option<String>,
    /// When it began.
    pub started_at: String,
    /// `same_bytes`, `near` or `same_device`.
    pub tie: &'static str,
    /// Bits that differ, where near.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance: Option<u16>,
}

/// What an examiner said of the content of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatementView {
    /// Who defines the code.
    pub scheme: String,
    /// The code as the examiner's file gives it.
    pub code: String,
    /// What was written beside it; only statements of this scan or its case show it.
    pub comment: Option<String>,
    /// Who said it.
    pub examiner: String,
    /// When it was read in.
    pub stated_at: String,
    /// Id of the operator who read it in.
    pub operator: String,
    /// Id of the scan it was said for.
    pub scan: String,
    /// SHA-256 of the file it came from.
    pub source_sha256: String,
    /// Row in that file, from 1.
    pub source_row: u64,
    /// The code that the same examiner gave before, where this one takes its place.
    pub replaces: Option<String>,
    /// Whether the same examiner has said something else since.
    pub replaced: bool,
}

/// `media categorise --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CategoriseView {
    /// `tutela.media_categorise.v1`.
    pub schema: &'static str,
    /// Id of the scan.
    pub scan: String,
    /// SHA-256 of the file.
    pub source_sha256: String,
    /// Format id it was read as.
    pub format: String,
    /// Whose statements they are.
    pub examiner: String,
    /// Rows that could be used.
    pub rows: u64,
    /// Statements about content that had none of this examiner.
    pub added: u64,
    /// Statements that take the place of an earlier one of the same examiner.
    pub changed: u64,
    /// Statements that the same examiner had made before.
    pub unchanged: u64,
    /// Rows without a category.
    pub without_category: u64,
    /// Numbers of rows that match no exhibit of the scan, the first of them.
    pub unmatched_rows: Vec<u64>,
    /// How many there are.
    pub unmatched: u64,
    /// What changed: old and new.
    pub changes: Vec<ChangeView>,
    /// Content about which examiners disagree, after this file.
    pub conflicts: Vec<ConflictView>,
    /// Rows that could not be used, each with row and field.
    pub row_errors: Vec<String>,
}

impl CategoriseView {
    /// The name of this shape.
    pub const SCHEMA: &'static str = "tutela.media_categorise.v1";
}

/// An examiner's category that takes the place of an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangeView {
    /// SHA-256 of the content.
    pub sha256: String,
    /// Scheme of both.
    pub scheme: String,
    /// The code before.
    pub old: String,
    /// The code now.
    pub new: String,
}

/// Examiners who say different things of the same content, in the same scheme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConflictView {
    /// SHA-256 of the content.
    pub sha256: String,
    /// The scheme.
    pub scheme: String,
    /// What each says now.
    pub says: Vec<SaysView>,
}

/// What one examiner says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SaysView {
    /// Who.
    pub examiner: String,
    /// The code.
    pub code: String,
    /// When it was read in.
    pub stated_at: String,
}

/// `media export --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MediaExportView {
    /// `tutela.media_export_result.v1`.
    pub schema: &'static str,
    /// Id of the scan.
    pub scan: String,
    /// Format id.
    pub format: String,
    /// The file.
    pub file: String,
    /// Its SHA-256, as the ledger has it.
    pub sha256: String,
    /// Pieces of content written.
    pub media: u64,
    /// Files that hold them.
    pub files: u64,
    /// Files left out because not a byte of them could be read.
    pub unread_left_out: u64,
    /// Categories left out because the format cannot say their scheme.
    pub categories_left_out: u64,
    /// Content whose category was left out because examiners disagree.
    pub conflicts_left_out: u64,
}

impl MediaExportView {
    /// The name of this shape.
    pub const SCHEMA: &'static str = "tutela.media_export_result.v1";
}

/// `media earlier --json`: where the ties to other scans lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EarlierTiesView {
    /// `tutela.media_earlier.v1`.
    pub schema: &'static str,
    /// Id of the scan asked about.
    pub scan: String,
    /// Ties, by file of this scan.
    pub ties: Vec<EarlierTieView>,
}

impl EarlierTiesView {
    /// The name of this shape.
    pub const SCHEMA: &'static str = "tutela.media_earlier.v1";
}

/// One file and an exhibit of an earlier scan with the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EarlierTieView {
    /// Path of the file in this scan.
    pub path: String,
    /// Id of the earlier scan.
    pub scan: String,
    /// Id of its case.
    pub case: Option<String>,
    /// Paths there.
    pub paths: Vec<String>,
}
