//! Shares the work of a scan among threads: files in order, and what archives give, as it comes.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Bytes of unpacked content that may wait at once; beyond it, who unpacks also works.
const MAX_WAITING_BYTES: u64 = 256 * 1024 * 1024;
/// Pieces of unpacked content that may wait at once: each holds a file descriptor.
const MAX_WAITING: usize = 256;

/// A queue that starts with all files and takes in more while they are worked on.
pub(super) struct Queue<F, M> {
    state: Mutex<State<F, M>>,
    changed: Condvar,
}

struct State<F, M> {
    files: std::vec::IntoIter<F>,
    members: VecDeque<(M, u64)>,
    waiting_bytes: u64,
    /// Pieces of work that are taken and not yet done: they may still bring more.
    busy: usize,
}

/// A piece of work. What has been unpacked goes first: it holds memory.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Work<F, M> {
    /// A file of the walk.
    File(F),
    /// Content that stood in an archive.
    Member(M),
}

impl<F, M> Queue<F, M> {
    pub(super) fn new(files: Vec<F>) -> Self {
        let state =
            State { files: files.into_iter(), members: VecDeque::new(), waiting_bytes: 0, busy: 0 };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }

    /// The next piece, or `None` once all is done. Each piece taken must be given back by [`Queue::done`].
    pub(super) fn take(&self) -> Option<Work<F, M>> {
        let mut state = self.lock();
        loop {
            if let Some((member, size_bytes)) = state.members.pop_front() {
                state.waiting_bytes -= size_bytes;
                state.busy += 1;
                return Some(Work::Member(member));
            }
            if let Some(file) = state.files.next() {
                state.busy += 1;
                return Some(Work::File(file));
            }
            if state.busy == 0 {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Says that a piece is worked off and brings no more.
    pub(super) fn done(&self) {
        let mut state = self.lock();
        state.busy -= 1;
        if state.busy == 0 {
            self.changed.notify_all();
        }
    }

    /// Offers unpacked content to the other threads. Given back where too much waits already: who
    /// offers then works it off itself, so that memory stays bounded and nobody waits for anybody.
    pub(super) fn offer(&self, member: M, size_bytes: u64) -> Result<(), M> {
        let mut state = self.lock();
        let full = state.members.len() >= MAX_WAITING
            || state.waiting_bytes.saturating_add(size_bytes) > MAX_WAITING_BYTES;
        if full {
            return Err(member);
        }
        state.waiting_bytes += size_bytes;
        state.members.push_back((member, size_bytes));
        self.changed.notify_one();
        Ok(())
    }

    /// Drops what waits, so that all threads come to an end.
    pub(super) fn stop(&self) {
        let mut state = self.lock();
        state.files = Vec::new().into_iter();
        state.members.clear();
        state.waiting_bytes = 0;
        self.changed.notify_all();
    }

    /// A thread that panicked holding the lock leaves the counts usable: each change is one step.
    fn lock(&self) -> MutexGuard<'_, State<F, M>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::{MAX_WAITING_BYTES, Queue, Work};

    #[test]
    fn all_work_is_done_once_whoever_brings_it() {
        let queue: Queue<u64, u64> = Queue::new((0..100).collect());
        let sum = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    while let Some(work) = queue.take() {
                        match work {
                            Work::File(n) => {
                                for member in 0..n {
                                    if let Err(member) = queue.offer(member, 1) {
                                        sum.fetch_add(member, Ordering::Relaxed);
                                    }
                                }
                            }
                            Work::Member(n) => {
                                sum.fetch_add(n, Ordering::Relaxed);
                            }
                        }
                        queue.done();
                    }
                });
            }
        });
        let expected: u64 = (0..100u64).map(|n| (0..n).sum::<u64>()).sum();
        assert_eq!(sum.into_inner(), expected);
    }

    #[test]
    fn too_much_is_given_back() {
        let queue: Queue<u64, &str> = Queue::new(Vec::new());
        assert_eq!(queue.offer("small", 1), Ok(()));
        assert_eq!(queue.offer("large", MAX_WAITING_BYTES), Err("large"));
        assert_eq!(queue.take(), Some(Work::Member("small")));
        assert_eq!(queue.offer("large", MAX_WAITING_BYTES), Ok(()));
    }
}
