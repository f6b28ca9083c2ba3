//! Works on several files side by side and hands the results over in the order of the input.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, SyncSender};

use crate::AppError;
use crate::intake::walk::FoundFile;

/// Results that may wait to be fetched; a thread that is further ahead waits.
const WAITING_RESULTS: usize = 256;

/// What one thread gets of a job: its files, and where their results go.
pub(crate) struct Feed<'a, T> {
    files: &'a [FoundFile],
    next: &'a AtomicUsize,
    threads: usize,
    results: SyncSender<(usize, Result<T, AppError>)>,
    /// Nobody listens any more once an error has ended the job.
    heard: bool,
}

impl<'a, T> Feed<'a, T> {
    /// The next file and its place, for a thread that holds some already: no more than its share of
    /// what is left, so that no thread is without work while another has much of it.
    pub(crate) fn next(&self, held: usize) -> Option<(usize, &'a FoundFile)> {
        let left = self.files.len().saturating_sub(self.next.load(Ordering::Relaxed));
        if !self.heard || held > left / (2 * self.threads) {
            return None;
        }
        let place = self.next.fetch_add(1, Ordering::Relaxed);
        self.files.get(place).map(|file| (place, file))
    }

    /// Hands the result for a file over.
    pub(crate) fn give(&mut self, place: usize, result: Result<T, AppError>) {
        self.heard &= self.results.send((place, result)).is_ok();
    }
}

/// Runs `work` on several threads until the files are worked off, and gives the results to `sink`.
///
/// # Errors
/// The first error among the results, in the order of the files, or of `sink`; nothing later is handed over.
pub(crate) fn in_order<T: Send>(
    files: &[FoundFile],
    threads: usize,
    work: impl Fn(&mut Feed<'_, T>) + Sync,
    sink: &mut dyn FnMut(T) -> Result<(), AppError>,
) -> Result<(), AppError> {
    let next = AtomicUsize::new(0);
    let threads = threads.clamp(1, files.len().max(1));
    std::thread::scope(|scope| {
        let (sender, results) = mpsc::sync_channel(WAITING_RESULTS);
        for _ in 0..threads {
            let (results, next, work) = (sender.clone(), &next, &work);
            let mut feed = Feed { files, next, threads, results, heard: true };
            scope.spawn(move || work(&mut feed));
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut due = 0;
        for (place, result) in results {
            waiting.insert(place, result);
            while let Some(result) = waiting.remove(&due) {
                due += 1;
                sink(result?)?;
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{Feed, in_order};
    use crate::AppError;
    use crate::intake::walk::FoundFile;

    fn files(count: u64) -> Vec<FoundFile> {
        let file = |size_bytes| FoundFile {
            path: PathBuf::new(),
            real: PathBuf::new(),
            size_bytes,
            modified_at: None,
        };
        (0..count).map(file).collect()
    }

    fn each<T>(feed: &mut Feed<'_, T>, work: impl Fn(&FoundFile) -> Result<T, AppError>) {
        while let Some((place, file)) = feed.next(0) {
            feed.give(place, work(file));
        }
    }

    #[test]
    fn results_keep_the_order_whoever_is_first() {
        let mut seen = Vec::new();
        let work = |file: &FoundFile| {
            std::thread::sleep(std::time::Duration::from_micros(file.size_bytes * 7919 % 300));
            Ok(file.size_bytes)
        };
        in_order(&files(500), 4, |feed| each(feed, work), &mut |n| {
            seen.push(n);
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, (0..500).collect::<Vec<_>>());
    }

    #[test]
    fn an_error_ends_the_job_and_leaves_no_thread_waiting() {
        let work = |file: &FoundFile| match file.size_bytes {
            3 => Err(AppError::NothingToResume),
            n => Ok(n),
        };
        let mut seen = 0;
        let ended = in_order(&files(5_000), 4, |feed| each(feed, work), &mut |_| {
            seen += 1;
            Ok(())
        });
        assert!(matches!(ended, Err(AppError::NothingToResume)));
        assert_eq!(seen, 3);
    }
}
