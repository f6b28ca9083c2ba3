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

    /// Counts an entry and its bytes.
    pub(super) fn spend(&self, entries: u64, bytes: u64) {
        self.entries.fetch_add(entries, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
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
    sink: SyncSender<Record>,
    aborted: Arc<AtomicBool>,
    /// Shared with the archive this one stands in.
    pub(super) budget: Arc<Budget>,
    /// Keeps the record of the outer archive back, too.
    _outer: Option<Arc<Container>>,
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
        Arc::new(Self { record: Mutex::new(None), sink, aborted, budget, _outer: outer })
    }

    /// Gives the archive's own record, once it is unpacked.
    pub(super) fn finish(&self, record: Record) {
        *self.record.lock().unwrap_or_else(PoisonError::into_inner) = Some(record);
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        let record = self.record.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(record) = record
            && !self.aborted.load(Ordering::SeqCst)
        {
            // A closed channel means that the scan has ended with an error, which says more.
            let _ = self.sink.send(record);
        }
    }
}
