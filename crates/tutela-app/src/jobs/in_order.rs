//! Works on several files side by side and hands the results over in the order of the input.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use crate::AppError;
use crate::intake::walk::FoundFile;

/// Results that may wait to be fetched; a thread that is further ahead waits.
const WAITING_RESULTS: usize = 256;

/// Runs `work` over all files, each thread with a worker of its own, and gives the results to `sink`.
///
/// # Errors
/// The first error of `work`, in the order of the files, or of `sink`; nothing later is handed over.
pub(crate) fn in_order<W, T: Send>(
    files: &[FoundFile],
    threads: usize,
    worker: impl Fn() -> W + Sync,
    work: impl Fn(&mut W, &FoundFile) -> Result<T, AppError> + Sync,
    sink: &mut dyn FnMut(T) -> Result<(), AppError>,
) -> Result<(), AppError> {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let (sender, results) = mpsc::sync_channel(WAITING_RESULTS);
        for _ in 0..threads.clamp(1, files.len().max(1)) {
            let (sender, next, worker, work) = (sender.clone(), &next, &worker, &work);
            scope.spawn(move || {
                let mut worker = worker();
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(file) = files.get(place) else { break };
                    // Nobody listens any more once an error has ended the job.
                    if sender.send((place, work(&mut worker, file))).is_err() {
                        break;
                    }
                }
            });
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

    use super::in_order;
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

    #[test]
    fn results_keep_the_order_whoever_is_first() {
        let mut seen = Vec::new();
        let work = |_: &mut (), file: &FoundFile| {
            std::thread::sleep(std::time::Duration::from_micros(file.size_bytes * 7919 % 300));
            Ok(file.size_bytes)
        };
        in_order(&files(500), 4, || (), work, &mut |n| {
            seen.push(n);
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, (0..500).collect::<Vec<_>>());
    }

    #[test]
    fn an_error_ends_the_job_and_leaves_no_thread_waiting() {
        let work = |_: &mut (), file: &FoundFile| match file.size_bytes {
            3 => Err(AppError::NothingToResume),
            n => Ok(n),
        };
        let mut seen = 0;
        let ended = in_order(&files(5_000), 4, || (), work, &mut |_| {
            seen += 1;
            Ok(())
        });
        assert!(matches!(ended, Err(AppError::NothingToResume)));
        assert_eq!(seen, 3);
    }
}
