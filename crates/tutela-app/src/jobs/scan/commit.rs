//! Takes records as they come, commits them many at a time, and says what was found once it is kept.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use tutela_core::{CaseId, Finding, ScanId};
use tutela_store::Batch;

use super::custody;
use super::examine::Shared;
use super::record::Record;
use super::stop::{StopReason, StopWatch};
use crate::AppError;
use crate::progress::Progress;
use crate::views::MediaFoundView;
use crate::workspace::Workspace;

/// Records committed in one transaction at most: a crash costs no more than these.
const BATCH_RECORDS: usize = 1024;
/// Time after which a smaller batch is committed all the same.
const BATCH_INTERVAL: Duration = Duration::from_secs(1);
/// How often somebody who wants the scan to stop is listened to.
const LISTENING: Duration = Duration::from_millis(100);

/// How the examining ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Committed {
    /// Why it ended early, where it did.
    pub(super) stopped: Option<StopReason>,
    /// When the first finding was kept.
    pub(super) first_finding: Option<Instant>,
}

/// The thread that commits.
pub(super) struct Committer<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) scan: ScanId,
    pub(super) case: Option<CaseId>,
    pub(super) stop: &'a StopWatch,
    pub(super) shared: &'a Shared<'a>,
    pub(super) progress: &'a dyn Progress,
}

impl Committer<'_> {
    /// Commits until every sender is gone. Stops the scan when it is due.
    pub(super) fn run(&self, records: &Receiver<Record>) -> Result<Committed, AppError> {
        let mut committed = Committed::default();
        let (mut batch, mut found) = (Batch::default(), Vec::new());
        let mut since = Instant::now();
        loop {
            let received = records.recv_timeout(LISTENING);
            let ended = matches!(received, Err(RecvTimeoutError::Disconnected));
            if let Ok(record) = received {
                found.extend(self.announcement(&record));
                custody::enter(self.workspace, (self.scan, self.case), record, &mut batch)?;
            }
            if committed.stopped.is_none() && !ended {
                committed.stopped = self.stop.due();
                if committed.stopped.is_some() {
                    self.shared.stop();
                }
            }
            let due = batch.exhibits.len() >= BATCH_RECORDS || since.elapsed() >= BATCH_INTERVAL;
            if (due || ended) && !batch.exhibits.is_empty() {
                let store = self.workspace.store();
                let batch = std::mem::take(&mut batch);
                self.workspace.block_on(store.commit_batch(self.scan, batch))?;
                since = Instant::now();
                if !found.is_empty() {
                    committed.first_finding.get_or_insert(since);
                }
                found.drain(..).for_each(|found| self.progress.found(&found));
            }
            if ended {
                return Ok(committed);
            }
        }
    }

    /// What is said of a record with findings: the first, which is the best, and how many more.
    fn announcement(&self, Record { exhibit, findings }: &Record) -> Option<MediaFoundView> {
        let first: &Finding = findings.first()?;
        Some(MediaFoundView::new(exhibit, first, findings.len() as u64 - 1))
    }
}
