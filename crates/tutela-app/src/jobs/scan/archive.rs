//! Archives during a scan: a record that waits for its members, and a budget that inner ones share.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, PoisonError};

use super::record::Record;
use crate::evidence::decoder::UnpackLimits;

/// What may still come out of one outermost archive, inner ones included.
pub(super) struct Budget {
    entries: AtomicU64,
    bytes: AtomicU64,
    limits: UnpackLimits,
}

impl Budget {
    pub(super) fn new(limits: UnpackLimits) -> Self {
        Self { entries: AtomicU64::new(0), bytes: AtomicU64::new(0), limits }
    }

    /// Counts entries and bytes. `false` once there are more than is unpacked, whoever unpacks them.
    pub(super) fn spend(&self, entries: u64, bytes: u64) -> bool {
        let entries = self.entries.fetch_add(entries, Ordering::Relaxed) + entries;
        let bytes = self.bytes.fetch_add(bytes, Ordering::Relaxed) + bytes;
        entries <= self.limits.max_entries && bytes <= self.limits.max_bytes
    }

    /// What an archive may give from now on.
    pub(super) fn left(&self) -> UnpackLimits {
        UnpackLimits {
            max_entries: self
                .limits
                .max_entries
                .saturating_sub(self.entries.load(Ordering::Relaxed)),
            max_bytes: self.limits.max_bytes.saturating_sub(self.bytes.load(Ordering::Relaxed)),
            ..self.limits
        }
    }
}

/// An archive whose members are being examined. Its own record is sent when the last of them is
/// done: a record in the store says that everything inside it is there too, so that a resumed scan
/// may pass it over.
pub(super) struct Container {
    record: Mutex<Option<Record>>,
    /// Members whose own record has not been sent yet.
    pending: AtomicU64,
    sink: SyncSender<Record>,
    aborted: Arc<AtomicBool>,
    /// Shared with the archive this one stands in.
    pub(super) budget: Arc<Budget>,
    /// The archive around this one, whose record waits for this one's.
    outer: Option<Arc<Container>>,
}

impl Container {
    pub(super) fn new(
        outer: Option<Arc<Self>>,
        sink: SyncSender<Record>,
        aborted: Arc<AtomicBool>,
    ) -> Arc<Self> {
        let budget = match &outer {
            Some(outer) => Arc::clone(&outer.budget),
            None => Arc::new(Budget::new(UnpackLimits::default())),
        };
        let (record, pending) = (Mutex::new(None), AtomicU64::new(0));
        Arc::new(Self { record, pending, sink, aborted, budget, outer })
    }

    /// A member has been handed on, and its record is still to come.
    pub(super) fn expect_one(&self) {
        self.pending.fetch_add(1, Ordering::SeqCst);
    }

    /// The record of a member has been sent.
    pub(super) fn arrived(&self) {
        self.pending.fetch_sub(1, Ordering::SeqCst);
    }

    /// Gives the archive's own record, once it is unpacked.
    pub(super) fn finish(&self, record: Record) {
        *self.record.lock().unwrap_or_else(PoisonError::into_inner) = Some(record);
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        let record = self.record.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        // A member that was dropped or failed on the way leaves the archive to the next run.
        let whole =
            self.pending.load(Ordering::SeqCst) == 0 && !self.aborted.load(Ordering::SeqCst);
        if let Some(record) = record
            && whole
            && self.sink.send(record).is_ok()
            && let Some(outer) = &self.outer
        {
            outer.arrived();
        }
    }
}
