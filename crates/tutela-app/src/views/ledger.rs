//! What `ledger verify`, `ledger export` and `ledger checkpoint` print with `--json`.

use serde::Serialize;

/// The result of checking a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LedgerVerifyView {
    /// `tutela.ledger_verify.v1`.
    pub schema: &'static str,
    /// Whether nothing is wrong.
    pub holds: bool,
    /// Name of the ledger.
    pub origin: String,
    /// SHA-256 of its public key: compare it with what you were told by another way.
    pub key_sha256: String,
    /// Entries seen.
    pub entries: u64,
    /// Root over them, 64 hex digits.
    pub root: String,
    /// Signed checkpoints that hold.
    pub checkpoints: u64,
    /// Entries after the last of them.
    pub unsigned_entries: u64,
    /// What is wrong, entry by entry.
    pub faults: Vec<String>,
    /// Faults beyond those.
    pub more_faults: u64,
}

impl LedgerVerifyView {
    /// The name of this shape.
    pub const SCHEMA: &'static str = "tutela.ledger_verify.v1";
}

/// What was written for a court's expert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LedgerExportView {
    /// `tutela.ledger_export.v1`.
    pub schema: &'static str,
    /// The folder.
    pub dir: String,
    /// Entries in it, each with its proof.
    pub entries: u64,
    /// Entries whose words were disclosed.
    pub disclosed: u64,
    /// Entries of the ledger as a whole.
    pub ledger_entries: u64,
    /// The signed checkpoint.
    pub checkpoint: String,
}

impl LedgerExportView {
    /// The name of this shape.
    pub const SCHEMA: &'static str = "tutela.ledger_export.v1";
}

/// A signed checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LedgerCheckpointView {
    /// `tutela.ledger_checkpoint.v1`.
    pub schema: &'static str,
    /// Entries it covers.
    pub size: u64,
    /// Root over them, 64 hex digits.
    pub root: String,
    /// The note: hand it to somebody who will remember it.
    pub note: String,
}

impl LedgerCheckpointView {
    /// The name of this shape.
    pub const SCHEMA: &'static str = "tutela.ledger_checkpoint.v1";
}
