//! The index between two runs: kept in files of the workspace, and tended while it is used.

use std::fs::File;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, flock};
use sha2::{Digest, Sha256 as Hasher};
use tokio::sync::Mutex;
use tracing::{info, warn};
use tutela_core::{Coded, Sha256};
use tutela_store::{BankChange, Store};

use super::Service;
use crate::AppError;
use crate::engines::matching::{LOCK, Matcher, discard};
use crate::intake::compiled::private_folder;
use crate::workspace::Workspace;

/// Folder of the workspace that the files are in.
const FOLDER: &str = "index";
/// How often it is looked whether there is work.
const TEND: Duration = Duration::from_millis(50);
/// How often the files are written again, where enough has changed.
const KEEP: Duration = Duration::from_secs(60);
/// How long nothing must have changed before the work for quiet moments is done.
const QUIET: Duration = Duration::from_secs(5);
/// And how many times as long as that work took must have passed since the last time.
const LEISURE: u32 = 50;
/// How long it is waited before damaged files are gone through again, where the store did not answer.
const RETRY: Duration = Duration::from_secs(5);
/// Changes that are worth it: reading them from the store again takes less than a second.
const WORTH_KEEPING: u64 = 10_000;

/// Where the files are.
pub(super) struct Keeping {
    folder: PathBuf,
    /// Held for as long as this process lives; `None` where another one keeps the files.
    lock: Option<File>,
    /// The last change that the files hold.
    kept: AtomicU64,
    /// The index came from files, of which only the heads were looked at.
    restored: bool,
    /// A file turned out to be damaged, and what is in the place of it is not read yet.
    damaged: AtomicBool,
    /// Held while files are written or taken away.
    writing: Mutex<()>,
}

impl Keeping {
    /// Opens the folder of a workspace, and what an earlier run has left in it.
    pub(super) fn open(workspace: &Workspace) -> Result<(Self, Matcher), AppError> {
        let folder = workspace.dir().join(FOLDER);
        private_folder(&folder).map_err(AppError::file("write", &folder))?;
        let lock = locked(&folder.join(LOCK)).map_err(AppError::file("write", &folder))?;
        let store = workspace.store();
        let is_own = |words: &str| workspace.block_on(is_own(store, words));
        let restored = match Matcher::restored(&folder, is_own) {
            Ok(Some(matcher)) => {
                let banks = workspace.block_on(store.banks())?;
                let banks = banks.into_iter().map(|bank| BankChange::Bank(bank.number, Some(bank)));
                let disputed = workspace.block_on(store.disputed_pairs(None))?;
                matcher.apply(banks.collect(), &disputed, matcher.upto());
                Some(matcher)
            }
            Ok(None) => None,
            Err(error) => {
                warn!(kind = %error.kind(), "The index is read anew: its files are damaged.");
                None
            }
        };
        if restored.is_none() && lock.is_some() {
            discard(&folder).map_err(AppError::file("write", &folder))?;
        }
        let (is_restored, matcher) = (restored.is_some(), restored.unwrap_or_default());
        let kept = matcher.upto();
        Ok((Self::with(folder, lock, kept, is_restored), matcher))
    }

    /// Keeps nothing and reads nothing.
    pub(super) fn nothing(workspace: &Workspace) -> Self {
        Self::with(workspace.dir().join(FOLDER), None, 0, false)
    }

    fn with(folder: PathBuf, lock: Option<File>, kept: u64, restored: bool) -> Self {
        let (damaged, writing) = (AtomicBool::new(false), Mutex::new(()));
        Self { folder, lock, kept: AtomicU64::new(kept), restored, damaged, writing }
    }

    pub(super) fn is_damaged(&self) -> bool {
        self.damaged.load(Ordering::Acquire)
    }
}

impl Service {
    /// Writes the index to files, where this process is the one that does.
    ///
    /// # Errors
    /// The store does not answer, the folder cannot be written.
    pub async fn keep(&self) -> Result<(), AppError> {
        let keeping = &self.inner.keeping;
        let _alone = keeping.writing.lock().await;
        let is_kept = keeping.kept.load(Ordering::Relaxed) == self.built_to().0;
        if keeping.lock.is_none() || keeping.is_damaged() || is_kept {
            return Ok(());
        }
        let words = words(self.store()).await?;
        let saving = {
            let _alone = self.inner.refreshing.lock().await;
            self.matcher().cut()
        };
        let (folder, upto) = (keeping.folder.clone(), saving.upto());
        let written = tokio::task::spawn_blocking(move || saving.write(&folder, &words)).await;
        let written = written.unwrap_or_else(|_| Err(io::Error::other("the writer panicked")));
        written.map_err(AppError::file("write", &keeping.folder))?;
        keeping.kept.store(upto, Ordering::Relaxed);
        Ok(())
    }

    pub(super) async fn keep_always(&self) {
        loop {
            tokio::time::sleep(KEEP).await;
            let since = self.built_to().0 - self.inner.keeping.kept.load(Ordering::Relaxed);
            if since >= WORTH_KEEPING
                && let Err(error) = self.keep().await
            {
                warn!(code = error.code(), "The index could not be written to its files.");
            }
        }
    }

    /// Tends the index, once it is known that its files are as they were written: what is merged out of
    /// damaged ones would seem sound.
    pub(super) async fn check_and_tend(&self) {
        self.check_kept().await;
        self.tend_always().await;
    }

    async fn tend_always(&self) {
        let mut tended = None;
        let mut leisure = Leisure::new(Instant::now());
        loop {
            let upto = self.built_to().0;
            if tended != Some(upto) {
                beside(self.matcher(), |matcher| while matcher.tend() {}).await;
                tended = Some(upto);
                leisure.worked(Instant::now());
            } else if leisure.is_due(Instant::now()) {
                let began = Instant::now();
                beside(self.matcher(), Matcher::settle).await;
                leisure.settled(began, Instant::now());
            }
            tokio::time::sleep(TEND).await;
        }
    }

    /// Reads the files that the index was restored from, which a start does not wait for. Where a byte is not
    /// as it was written, matches may be missed: the service is not ready until all is read anew.
    async fn check_kept(&self) {
        let keeping = &self.inner.keeping;
        if !keeping.restored {
            return;
        }
        let matcher = self.matcher();
        if tokio::task::spawn_blocking(move || matcher.holds()).await.unwrap_or(false) {
            return;
        }
        warn!("A file of the index is damaged: all is read anew from the store.");
        while let Err(error) = self.read_anew().await {
            warn!(code = error.code(), "The index could not be read anew.");
            tokio::time::sleep(RETRY).await;
        }
    }

    async fn read_anew(&self) -> Result<(), AppError> {
        let keeping = &self.inner.keeping;
        keeping.damaged.store(true, Ordering::Release);
        let matcher = Arc::new(Matcher::default());
        // Most of it beside the changes that still come in, and then what came meanwhile.
        self.take_in(&matcher).await?;
        beside(Arc::clone(&matcher), |matcher| while matcher.tend() {}).await;
        let _no_write = keeping.writing.lock().await;
        let _no_change = self.inner.refreshing.lock().await;
        self.take_in(&matcher).await?;
        if keeping.lock.is_some() {
            discard(&keeping.folder).map_err(AppError::file("write", &keeping.folder))?;
        }
        keeping.kept.store(0, Ordering::Relaxed);
        *self.inner.matcher.write().unwrap_or_else(PoisonError::into_inner) = matcher;
        keeping.damaged.store(false, Ordering::Release);
        Ok(())
    }
}

/// Works on an index on another thread.
async fn beside(matcher: Arc<Matcher>, work: impl FnOnce(&Matcher) + Send + 'static) {
    if tokio::task::spawn_blocking(move || work(&matcher)).await.is_err() {
        warn!("Tending the index ended in a defect; look-ups go on.");
    }
}

/// When the work for quiet moments is due.
struct Leisure {
    /// Something was done since the last time.
    due: bool,
    from: Instant,
    not_before: Instant,
}

impl Leisure {
    fn new(now: Instant) -> Self {
        Self { due: true, from: now, not_before: now }
    }

    fn worked(&mut self, now: Instant) {
        (self.due, self.from) = (true, now);
    }

    fn is_due(&self, now: Instant) -> bool {
        self.due && now.duration_since(self.from) >= QUIET && now >= self.not_before
    }

    fn settled(&mut self, began: Instant, ended: Instant) {
        self.due = false;
        self.not_before = ended + LEISURE * ended.duration_since(began);
    }
}

/// Locks the folder for this process; `None` where another one has it.
fn locked(path: &Path) -> io::Result<Option<File>> {
    let file = File::options().create(true).append(true).mode(0o600).open(path)?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Some(file)),
        Err(rustix::io::Errno::WOULDBLOCK) => {
            info!("Another process keeps the files of the index; this one only reads them.");
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Where the ledger of the store stands: another store, or an earlier state of it, has another line there.
async fn words(store: &Store) -> Result<String, AppError> {
    let last = store.ledger_size().await?.saturating_sub(1);
    Ok(format!("{last} {}", line_digest(store, last).await?.unwrap_or(Sha256([0; 32]))))
}

async fn is_own(store: &Store, words: &str) -> bool {
    let Some((seq, digest)) = words.split_once(' ') else { return false };
    let Ok(seq) = seq.parse() else { return false };
    matches!(line_digest(store, seq).await, Ok(Some(found)) if found.to_string() == digest)
}

async fn line_digest(store: &Store, seq: u64) -> Result<Option<Sha256>, AppError> {
    let lines = store.entry_lines(seq, 1).await?;
    Ok(lines.first().map(|line| Sha256(Hasher::digest(line).into())))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{LEISURE, Leisure, QUIET};

    #[test]
    fn quiet_work_waits_for_quiet_and_takes_a_small_part_of_the_time() {
        let start = Instant::now();
        let took = Duration::from_secs(2);
        let mut leisure = Leisure::new(start);
        assert!(!leisure.is_due(start));
        assert!(leisure.is_due(start + QUIET), "what a start finds may be in several parts");
        leisure.settled(start, start + took);
        assert!(!leisure.is_due(start + 1_000 * QUIET), "nothing was done since");
        let next = start + took + LEISURE * took;
        leisure.worked(next - 2 * QUIET);
        assert!(!leisure.is_due(next - QUIET), "too soon after the last time");
        assert!(leisure.is_due(next));
        leisure.worked(next);
        assert!(!leisure.is_due(next + QUIET / 2), "not quiet");
        assert!(leisure.is_due(next + QUIET));
    }
}
