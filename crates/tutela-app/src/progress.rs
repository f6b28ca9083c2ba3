//! How a long job tells whoever started it where it stands.

use crate::views::MediaFoundView;

/// What a job is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Reading hash lists.
    Lists,
    /// Listing files and folders.
    Walking,
    /// Reading, decoding and looking up files.
    Examining,
    /// Grouping what is new.
    Grouping,
    /// Writing results.
    Writing,
}

/// Listens to a job. Called from several threads.
pub trait Progress: Sync {
    /// The job does something else now.
    fn phase(&self, phase: Phase);
    /// So much more is to be done.
    fn expect(&self, files: u64, bytes: u64);
    /// So much is done.
    fn advance(&self, files: u64, bytes: u64);
    /// Something worth a line while the job goes on.
    fn note(&self, line: &str);
    /// A file has findings, and they are kept.
    fn found(&self, found: &MediaFoundView);
}

/// Nobody listens.
pub struct Silent;

impl Progress for Silent {
    fn phase(&self, _: Phase) {}
    fn expect(&self, _: u64, _: u64) {}
    fn advance(&self, _: u64, _: u64) {}
    fn note(&self, _: &str) {}
    fn found(&self, _: &MediaFoundView) {}
}
