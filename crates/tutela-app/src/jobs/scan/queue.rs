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
    threads: usize,
}

struct State<F, M> {
    files: VecDeque<F>,
    members: VecDeque<(M, u64)>,
    waiting_bytes: u64,
    /// Pieces of work that are taken and not yet done: they may still bring more.
    busy: usize,
    stopped: bool,
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
    /// All files, for so many threads.
    pub(super) fn new(files: Vec<F>, threads: usize) -> Self {
        let state = State {
            files: files.into(),
            members: VecDeque::new(),
            waiting_bytes: 0,
            busy: 0,
            stopped: false,
        };
        Self { state: Mutex::new(state), changed: Condvar::new(), threads: threads.max(1) }
    }

    /// The next piece, or `None` once all is done. Each piece taken must be given back by [`Queue::done`].
    pub(super) fn take(&self) -> Option<Work<F, M>> {
        let mut state = self.lock();
        loop {
            if let Some(work) = state.next() {
                return Some(work);
            }
            if state.busy == 0 || state.stopped {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// One more piece for a thread that holds some files already, where there is one and the thread has
    /// not its share of the files that are left: no thread is to be without work while another has much.
    pub(super) fn take_more(&self, held: usize) -> Option<Work<F, M>> {
        let mut state = self.lock();
        let share = state.files.len() / (2 * self.threads);
        if state.members.is_empty() && held > share { None } else { state.next() }
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
        let full = state.stopped
            || state.members.len() >= MAX_WAITING
            || state.waiting_bytes.saturating_add(size_bytes) > MAX_WAITING_BYTES;
        if full {
            return Err(member);
        }
        state.waiting_bytes += size_bytes;
        state.members.push_back((member, size_bytes));
        self.changed.notify_one();
        Ok(())
    }

    /// Drops what waits, so that all threads come to an end, whatever they hold.
    pub(super) fn stop(&self) {
        let mut state = self.lock();
        state.stopped = true;
        state.files.clear();
        state.members.clear();
        state.waiting_bytes = 0;
        self.changed.notify_all();
    }

    /// A thread that panicked holding the lock leaves the counts usable: each change is one step.
    fn lock(&self) -> MutexGuard<'_, State<F, M>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<F, M> State<F, M> {
    fn next(&mut self) -> Option<Work<F, M>> {
        let work = match self.members.pop_front() {
            Some((member, size_bytes)) => {
                self.waiting_bytes -= size_bytes;
                Work::Member(member)
            }
            None => Work::File(self.files.pop_front()?),
        };
        self.busy += 1;
        Some(work)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::{MAX_WAITING_BYTES, Queue, Work};

    #[test]
    fn all_work_is_done_once_whoever_brings_it() {
        let queue: Queue<u64, u64> = Queue::new((0..100).collect(), 4);
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
    fn nobody_takes_more_than_a_share_and_a_stop_ends_all() {
        let queue: Queue<u64, u64> = Queue::new((0..10).collect(), 2);
        let mut held = 0;
        while queue.take_more(held).is_some() {
            held += 1;
        }
        assert_eq!(held, 3, "two more threads could each take as many");
        assert_eq!(queue.offer(1, 1), Ok(()));
        assert_eq!(queue.take_more(held), Some(Work::Member(1)), "it holds memory");
        queue.stop();
        assert_eq!((queue.take_more(0), queue.take()), (None, None));
        assert_eq!(queue.offer(2, 1), Err(2));
    }

    #[test]
    fn too_much_is_given_back() {
        let queue: Queue<u64, &str> = Queue::new(Vec::new(), 1);
        assert_eq!(queue.offer("small", 1), Ok(()));
        assert_eq!(queue.offer("large", MAX_WAITING_BYTES), Err("large"));
        assert_eq!(queue.take(), Some(Work::Member("small")));
        assert_eq!(queue.offer("large", MAX_WAITING_BYTES), Ok(()));
    }
}
