//! What a scan leaves: `summary.json`, the lines of `items.jsonl`, and the data of `report.html`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    CaptureView, CreationModeView, EarlierScanView, EarlierView, FailureView, GroupView,
    NotExaminedView, ProvenanceSummaryView, ProvenanceView, SignalView, StatementView,
};
use crate::sentences::Said;

/// The summary of one scan: the document of `media scan --json` and `summary.json`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScanReport {
    /// `tutela.media_scan.v1`.
    pub schema: &'static str,
    /// Which run this was.
    pub scan: ScanView,
    /// What was handed over, in the order given.
    pub sources: Vec<SourceView>,
    /// Images of disks that were found, each by itself, wherever they stand; in the order of their paths.
    pub images: Vec<ImageView>,
    /// Counts over everything.
    pub totals: TotalsView,
    /// What people have said of the findings.
    pub findings: FindingCounts,
    /// Lists that were looked up, in the order given.
    pub lists: Vec<ListView>,
    /// Known files by category as the lists give it, most first.
    pub known_by_category: Vec<CategoryCountView>,
    /// Files by media type, most first.
    pub types: Vec<BucketView>,
    /// New pictures by the month they say they were taken in, in order; `unknown` last.
    pub new_by_month: Vec<BucketView>,
    /// Failures by code, most first.
    pub failures: Vec<CodeCountView>,
    /// Paths that were not read at all, each with its reason.
    pub skipped: Vec<SkippedView>,
    /// What a stopped scan did not look at; `null` where everything was.
    pub not_examined: Option<NotExaminedView>,
    /// Near-duplicate groups of new pictures, largest first.
    pub clusters: Vec<ClusterView>,
    /// What ties new pictures and films together, highest score first. Groups may overlap.
    pub groups: Vec<GroupView>,
    /// Earlier scans in the store that new files are tied to, latest first.
    pub earlier: Vec<EarlierScanView>,
    /// Capture devices that pictures name, most new pictures first.
    pub devices: Vec<DeviceView>,
    /// The canaries of this run.
    pub self_test: SelfTestView,
    /// Every limit that was in force.
    pub limits: Vec<LimitView>,
    /// How the decoder was fenced in.
    pub protection: ProtectionView,
    /// What files say of their own making, and what people say of it.
    pub provenance: ProvenanceSummaryView,
    /// Where the custody events of this scan stand.
    pub ledger: LedgerView,
    /// What a reader must know about the limits of these results, in plain sentences.
    pub remarks: Vec<Said>,
    /// Thumbnails, where asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub thumbnails: Vec<ThumbnailView>,
}

impl ScanReport {
    /// The name of this shape.
    pub const SCHEMA: &'static str = "tutela.media_scan.v1";
}

/// Which run it was, with what, by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScanView {
    /// Id of the scan.
    pub id: String,
    /// Id of the case, where the scan belongs to one.
    pub case: Option<String>,
    /// What its people call the case.
    pub case_title: Option<String>,
    /// `finished`, or `stopped` where it was ended early.
    pub state: String,
    /// Start, RFC 3339 UTC.
    pub started_at: String,
    /// End, RFC 3339 UTC.
    pub finished_at: String,
    /// Wall time of this run in milliseconds (the last run, where the scan was resumed).
    pub elapsed_ms: u64,
    /// Milliseconds until the first finding of this run was kept; `null` where it kept none.
    pub first_finding_ms: Option<u64>,
    /// Whether this run began with what most likely gives a result.
    pub first_look: bool,
    /// Time this run was given, in milliseconds; `null` where it was given all.
    pub budget_ms: Option<u64>,
    /// How often it was resumed after an interruption.
    pub resumed: u64,
    /// Id of the operator.
    pub operator: String,
    /// Name of the operator.
    pub operator_name: Option<String>,
    /// Program and version.
    pub tool: String,
    /// What was scanned, as given.
    pub roots: Vec<String>,
    /// Radius of near matches, in bits.
    pub distance: u16,
    /// Threads used.
    pub threads: usize,
}

/// Counts over everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct TotalsView {
    /// Files, those inside archives included.
    pub files: u64,
    /// Bytes of them.
    pub size_bytes: u64,
    /// Files that are pictures by content.
    pub pictures: u64,
    /// Archives that were opened.
    pub archives: u64,
    /// Files that stand inside archives.
    pub inside_archives: u64,
    /// Files by outcome.
    pub outcomes: OutcomeCounts,
    /// Files that carry a known-good mark, whatever their outcome.
    pub known_good_marks: u64,
    /// Pictures with too little detail for a near match; they were compared by digest only.
    pub low_detail: u64,
    /// Files that repeat the bytes of another file of the scan.
    pub exact_duplicates: u64,
    /// Pictures among the new files.
    pub new_pictures: u64,
    /// Paths that were not read at all.
    pub skipped: u64,
}

/// Files by outcome; the five add up to all files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct OutcomeCounts {
    /// A digest stands in a list.
    pub known: u64,
    /// A signal is near one in a list.
    pub near: u64,
    /// A digest stands in a known-good list only.
    pub known_good: u64,
    /// Nothing is known.
    pub new: u64,
    /// Could not be read or decoded.
    pub failed: u64,
}

/// One file or folder that was handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceView {
    /// As given.
    pub path: String,
    /// Media type by content, where it is a file; `null` for a folder.
    pub mime: Option<String>,
    /// Files examined in it, those inside archives and the file itself included.
    pub files: u64,
    /// Bytes of the file; of a folder, of the files in it that stand in no archive.
    pub size_bytes: u64,
    /// MD5, where it is a file.
    pub md5: Option<String>,
    /// SHA-1, where it is a file.
    pub sha1: Option<String>,
    /// SHA-256, where it is a file.
    pub sha256: Option<String>,
    /// Why something of it could not be done.
    pub error: Option<FailureView>,
    /// What else is to be known of it, such as that the digest of its acquisition holds.
    pub notes: Vec<FailureView>,
}

/// One image of a disk: handed over by itself, or found in a folder, an archive or another image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImageView {
    /// Where it stands.
    pub path: String,
    /// Media type by content.
    pub mime: String,
    /// Bytes of the file, of its first segment where there are several.
    pub size_bytes: u64,
    /// MD5 of the bytes as read; `null` where they could not be.
    pub md5: Option<String>,
    /// SHA-1 of the same.
    pub sha1: Option<String>,
    /// SHA-256 of the same.
    pub sha256: Option<String>,
    /// Volumes that files or failures came from, `p1-ext4`: number of the partition and file system. One
    /// in which there is no file is not among them.
    pub volumes: Vec<String>,
    /// Files examined in it, those in archives among them.
    pub files: u64,
    /// Why something of it could not be done.
    pub error: Option<FailureView>,
}

/// Findings by what people have said of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct FindingCounts {
    /// Nobody has decided yet: indicators, no more.
    pub open: u64,
    /// A named person confirmed it.
    pub confirmed: u64,
    /// A named person dismissed it.
    pub dismissed: u64,
}

/// One list that was looked up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListView {
    /// Name in this report: file name or bank.
    pub name: String,
    /// `alert` or `known_good`.
    pub role: String,
    /// Format id.
    pub format: String,
    /// Who issued it; `null` where not stated.
    pub source: Option<String>,
    /// Date of issue; `null` where not stated.
    pub dated: Option<String>,
    /// Scheme of its categories; `null` where not stated.
    pub scheme: Option<String>,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Entries in use.
    pub entries: u64,
    /// Entries the sender has withdrawn: not looked up.
    pub withdrawn: u64,
    /// Rows that could not be used.
    pub rejected: u64,
    /// The first of those rows, each with row and field.
    pub row_errors: Vec<String>,
    /// The file ends in the middle of an entry.
    pub truncated: bool,
    /// What else the reader noticed.
    pub notes: Vec<String>,
    /// Files of this scan that match it.
    pub files_matched: u64,
}

/// Known files of one category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CategoryCountView {
    /// Who defines the code.
    pub scheme: String,
    /// The code as received.
    pub code: String,
    /// Files equal to an entry.
    pub known: u64,
    /// Files near an entry.
    pub near: u64,
}

/// One bar of a chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BucketView {
    /// What is counted.
    pub name: String,
    /// How many files.
    pub files: u64,
    /// Their bytes.
    pub size_bytes: u64,
}

/// Files that failed for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CodeCountView {
    /// Stable code.
    pub code: String,
    /// Plain words of the first.
    pub message: String,
    /// How many files.
    pub files: u64,
    /// Their bytes, as far as they were read.
    pub size_bytes: u64,
}

/// A path that was not read at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SkippedView {
    /// Where.
    pub path: String,
    /// Stable code, such as `intake.unreadable_folder`.
    pub code: String,
    /// Plain words.
    pub message: String,
}

/// A near-duplicate group of new pictures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClusterView {
    /// From 1, largest first.
    pub rank: u64,
    /// Files in the group, exact copies included.
    pub files: u64,
    /// Files with different bytes.
    pub distinct: u64,
    /// Bytes of all.
    pub size_bytes: u64,
    /// Signal of the picture the group stands around.
    pub signal: String,
    /// Largest distance of a member to it, in bits.
    pub max_distance: u16,
    /// Lowest quality of a member.
    pub min_quality: u8,
    /// Different picture sizes, `1600×1200`, largest first.
    pub dimensions: Vec<String>,
    /// Devices that members name.
    pub devices: Vec<String>,
    /// Earliest capture time a member states.
    pub first_taken: Option<String>,
    /// Latest capture time a member states.
    pub last_taken: Option<String>,
    /// Members: indexes of items, from 0.
    pub items: Vec<u64>,
}

/// A capture device that pictures name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeviceView {
    /// Maker, model and serial in one line.
    pub name: String,
    /// Whether a serial number ties the pictures to one device rather than to a model.
    pub has_serial: bool,
    /// All pictures that name it.
    pub files: u64,
    /// The new ones among them.
    pub new: u64,
    /// The known and near ones among them.
    pub known_or_near: u64,
    /// Earliest capture time stated.
    pub first_taken: Option<String>,
    /// Latest capture time stated.
    pub last_taken: Option<String>,
}

/// The canaries of one run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SelfTestView {
    /// Whether every check held.
    pub passed: bool,
    /// One by one.
    pub checks: Vec<CheckView>,
}

/// One canary or probe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckView {
    /// What was tried, in plain words.
    pub name: Said,
    /// Whether it came out as it must.
    pub passed: bool,
    /// What came out.
    pub detail: Said,
}

/// A limit in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LimitView {
    /// What is limited.
    pub name: String,
    /// The limit.
    pub value: u64,
    /// Its unit.
    pub unit: String,
    /// Why it stands there.
    pub why: String,
}

/// How the decoder was fenced in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProtectionView {
    /// `full`, `partial` or `process only`.
    pub level: String,
    /// Landlock ABI in force.
    pub landlock_abi: Option<u32>,
    /// System-call filter.
    pub seccomp: bool,
    /// Resource caps.
    pub rlimits: bool,
    /// No new privileges.
    pub no_new_privs: bool,
}

/// Where the custody events stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LedgerView {
    /// Name of the log.
    pub origin: String,
    /// Entries when the scan ended.
    pub size: u64,
    /// Root of the tree at that size, 64 hex digits.
    pub root: String,
    /// The signed checkpoint as text.
    pub checkpoint: String,
}

/// One line of `items.jsonl`: everything about one file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ItemView {
    /// `tutela.media_scan_item.v1`.
    pub schema: &'static str,
    /// Its number in this scan, from 0.
    pub index: u64,
    /// Id of the exhibit.
    pub exhibit: String,
    /// Where it was found; `!/` leads into an archive.
    pub path: String,
    /// Bytes read.
    pub size_bytes: u64,
    /// When the file system or archive says it was last changed.
    pub modified_at: Option<String>,
    /// Media type by content.
    pub mime: String,
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// MD5, where a byte could be read.
    pub md5: Option<String>,
    /// SHA-1.
    pub sha1: Option<String>,
    /// SHA-256.
    pub sha256: Option<String>,
    /// Frames looked at, of films and animated pictures.
    pub frames: Option<u32>,
    /// Running time, of films.
    pub duration_ms: Option<u64>,
    /// Signals as the picture is.
    pub signals: Vec<SignalView>,
    /// `known`, `near`, `known_good`, `new` or `failed`.
    pub outcome: String,
    /// Why something could not be done.
    pub error: Option<FailureView>,
    /// Entries of alert lists it matches, best first.
    pub matches: Vec<ListMatchView>,
    /// Findings that are about no list.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_findings: Vec<MediaFindingView>,
    /// Known-good lists it stands in.
    pub known_good: Vec<String>,
    /// What it says of device and moment; `null` where nothing.
    pub capture: Option<CaptureView>,
    /// How people who looked say it was made, which outranks all that the file says; `null` where
    /// nobody has said anything.
    pub creation_mode: Option<CreationModeView>,
    /// The weakest claim that is true of what it says: `V0` to `V3`, or `X` where that contradicts itself.
    pub provenance_grade: &'static str,
    /// What it says of its own making; empty is no information.
    pub provenance: Vec<ProvenanceView>,
    /// What else is to be known of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<FailureView>,
    /// Rank of its near-duplicate group among the new pictures.
    pub cluster: Option<u64>,
    /// Ranks of all groups it is in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<u64>,
    /// Ties to earlier scans, of the latest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<EarlierView>,
    /// What examiners said of its bytes, in the order it was read in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<StatementView>,
}

impl ItemView {
    /// The name of this shape.
    pub const SCHEMA: &'static str = "tutela.media_scan_item.v1";
}

/// A finding about a file that is about no list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MediaFindingView {
    /// Id of the finding that says so.
    pub finding: String,
    /// How it came to be.
    #[serde(flatten)]
    pub raised: RaisedView,
    /// `thumbnail_differs` or `provenance_conflict`.
    pub claim: String,
    /// Bits that differ, where it rests on a distance.
    pub distance: Option<u16>,
}

/// How a finding came to be, so that the same inputs raise it again, and what people said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RaisedView {
    /// The rule that raised it.
    pub rule: String,
    /// Version of the rule.
    pub rule_version: u32,
    /// Parameters of the rule, by name.
    pub parameters: BTreeMap<String, String>,
    /// SHA-256 of everything the rule looked at: the file, then the list.
    pub inputs: Vec<String>,
    /// `open`, `confirmed` or `dismissed`.
    pub state: &'static str,
    /// Who decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<String>,
}

/// One entry of a list that a file matches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListMatchView {
    /// Id of the finding that says so.
    pub finding: String,
    /// How it came to be.
    #[serde(flatten)]
    pub raised: RaisedView,
    /// The list.
    pub list: String,
    /// Row in it, from 1.
    pub row: u64,
    /// The sender's key.
    pub key: Option<String>,
    /// Scheme of the category.
    pub scheme: Option<String>,
    /// Code of the category as received.
    pub code: Option<String>,
    /// `sha256`, `sha1`, `md5` or `pdq`.
    pub method: String,
    /// Bits that differ; 0 for equal digests.
    pub distance: u16,
    /// Which computation of the picture came near.
    pub variant: Option<String>,
    /// How the picture was turned.
    pub orientation: Option<String>,
    /// Which part of the file: `whole`, `frame` or `thumbnail`.
    pub part: &'static str,
    /// Number of the frame, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frame: Option<u32>,
    /// Where the frame stands, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frame_at_ms: Option<u64>,
    /// Frames of the film that have a partner in the entry, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exhibit_percent: Option<u8>,
    /// Frames of the entry that have a partner in the film, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry_percent: Option<u8>,
}

/// A small grey blurred picture, made only on request and logged with its purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ThumbnailView {
    /// Item it stands for.
    pub item: u64,
    /// PNG, base64.
    pub png_base64: String,
}
