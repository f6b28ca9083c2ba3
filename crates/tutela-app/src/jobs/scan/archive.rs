//! Archives during a scan: a record that waits for its members, and a budget that inner ones share.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, PoisonError};

use tutela_match::content::ArchiveFormat;

use super::record::Record;
use crate::evidence::decoder::UnpackLimits;

/// What may still come out of one outermost archive, inner ones included. An archive on a disk is
/// such an outermost one, and yet all of them together are held to what the disk's image may give.
pub(super) struct Budget {
    entries: AtomicU64,
    bytes: AtomicU64,
    limits: UnpackLimits,
    disk: Option<Arc<Budget>>,
}

impl Budget {
    pub(super) fn new(limits: UnpackLimits, disk: Option<Arc<Self>>) -> Self {
        Self { entries: AtomicU64::new(0), bytes: AtomicU64::new(0), limits, disk }
    }

    /// Counts entries and bytes. `false` once there are more than is unpacked, whoever unpacks them.
    pub(super) fn spend(&self, entries: u64, bytes: u64) -> bool {
        let on_disk = self.disk.as_ref().is_none_or(|disk| disk.spend(entries, bytes));
        let entries = self.entries.fetch_add(entries, Ordering::Relaxed) + entries;
        let bytes = self.bytes.fetch_add(bytes, Ordering::Relaxed) + bytes;
        on_disk && entries <= self.limits.max_entries && bytes <= self.limits.max_bytes
    }

    /// What an archive may give from now on.
    pub(super) fn left(&self) -> UnpackLimits {
        let entries = self.limits.max_entries.saturating_sub(self.entries.load(Ordering::Relaxed));
        let bytes = self.limits.max_bytes.saturating_sub(self.bytes.load(Ordering::Relaxed));
        let disk = self.disk.as_ref().map(|disk| disk.left());
        UnpackLimits {
            max_entries: disk.map_or(entries, |disk| entries.min(disk.max_entries)),
            max_bytes: disk.map_or(bytes, |disk| bytes.min(disk.max_bytes)),
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
    /// Shared with the archive this one stands in, unless that is a disk.
    pub(super) budget: Arc<Budget>,
    /// Whether this is the image of a disk.
    is_image: bool,
    /// The archive around this one, whose record waits for this one's.
    outer: Option<Arc<Container>>,
}

impl Container {
    pub(super) fn new(
        (format, size_bytes): (ArchiveFormat, u64),
        outer: Option<Arc<Self>>,
        sink: SyncSender<Record>,
        aborted: Arc<AtomicBool>,
    ) -> Arc<Self> {
        let own = |disk| Arc::new(Budget::new(UnpackLimits::of(format, size_bytes), disk));
        let budget = match &outer {
            Some(outer) if !outer.is_image => Arc::clone(&outer.budget),
            Some(disk) => own(Some(Arc::clone(&disk.budget))),
            None => own(None),
        };
        let (record, pending) = (Mutex::new(None), AtomicU64::new(0));
        let is_image = format.is_image();
        Arc::new(Self { record, pending, sink, aborted, budget, is_image, outer })
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
