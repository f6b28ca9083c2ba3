//! The index between two runs: kept in files of the workspace, and tended while it is used.

use std::fs::File;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rustix::fs::{FlockOperation, flock};
use sha2::{Digest, Sha256 as Hasher};
use tracing::{info, warn};
use tutela_core::{Coded, Sha256};
use tutela_store::{BankChange, Store};

use super::Service;
use crate::AppError;
use crate::engines::matching::{LOCK, Matcher};
use crate::intake::compiled::private_folder;
use crate::workspace::Workspace;

/// Folder of the workspace that the files are in.
const FOLDER: &str = "index";
/// How often it is looked whether there is work.
const TEND: Duration = Duration::from_millis(50);
/// How often the files are written again, where enough has changed.
const KEEP: Duration = Duration::from_secs(60);
/// Changes that are worth it: reading them from the store again takes less than a second.
const WORTH_KEEPING: u64 = 10_000;

/// Where the files are.
pub(super) struct Keeping {
    folder: PathBuf,
    /// Held for as long as this process lives; `None` where another one keeps the files.
    lock: Option<File>,
    /// The last change that the files hold.
    kept: AtomicU64,
}

impl Keeping {
    /// Opens the folder of a workspace, and what an earlier run has left in it.
    pub(super) fn open(workspace: &Workspace) -> Result<(Self, Matcher), AppError> {
        let folder = workspace.dir().join(FOLDER);
        private_folder(&folder).map_err(AppError::file("write", &folder))?;
        let lock = locked(&folder.join(LOCK)).map_err(AppError::file("write", &folder))?;
        let store = workspace.store();
        let is_own = |words: &str| workspace.block_on(is_own(store, words));
        let matcher = match Matcher::restored(&folder, is_own) {
            Ok(Some(matcher)) => {
                let banks = workspace.block_on(store.banks())?;
                let banks = banks.into_iter().map(|bank| BankChange::Bank(bank.number, Some(bank)));
                let disputed = workspace.block_on(store.disputed_pairs(None))?;
                matcher.apply(banks.collect(), &disputed, matcher.upto());
                matcher
            }
            Ok(None) => Matcher::default(),
            Err(error) => {
                warn!(kind = %error.kind(), "The index is read anew: its files are damaged.");
                Matcher::default()
            }
        };
        let kept = AtomicU64::new(matcher.upto());
        Ok((Self { folder, lock, kept }, matcher))
    }

    /// Keeps nothing and reads nothing.
    pub(super) fn nothing(workspace: &Workspace) -> Self {
        Self { folder: workspace.dir().join(FOLDER), lock: None, kept: AtomicU64::new(0) }
    }
}

impl Service {
    /// Writes the index to files, where this process is the one that does.
    ///
    /// # Errors
    /// The store does not answer, the folder cannot be written.
    pub async fn keep(&self) -> Result<(), AppError> {
        let keeping = &self.inner.keeping;
        if keeping.lock.is_none() || keeping.kept.load(Ordering::Relaxed) == self.built_to().0 {
            return Ok(());
        }
        let words = words(self.store()).await?;
        let saving = {
            let _alone = self.inner.refreshing.lock().await;
            self.inner.matcher.cut()
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

    pub(super) async fn tend_always(&self) {
        let mut tended = None;
        loop {
            let upto = self.built_to().0;
            if tended != Some(upto) {
                let service = self.clone();
                let work = move || while service.inner.matcher.tend() {};
                if tokio::task::spawn_blocking(work).await.is_err() {
                    warn!("Tending the index ended in a defect; look-ups go on.");
                }
                tended = Some(upto);
            }
            tokio::time::sleep(TEND).await;
        }
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
