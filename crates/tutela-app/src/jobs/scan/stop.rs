//! When a scan ends before it has seen everything: its time is used up, or somebody said so.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Why a scan was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// The time it was given is used up.
    Budget,
    /// A person or the system asked for it.
    Interrupted,
}

impl StopReason {
    /// Its name in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Budget => "budget",
            Self::Interrupted => "interrupted",
        }
    }
}

/// Tells a scan when to stop.
pub(super) struct StopWatch {
    deadline: Option<Instant>,
    interrupt: Arc<AtomicBool>,
}

impl StopWatch {
    /// `budget` counts from `started`, so lists that take long to read are part of it.
    pub(super) fn new(
        started: Instant,
        budget: Option<Duration>,
        interrupt: Arc<AtomicBool>,
    ) -> Self {
        // A budget beyond the reach of the clock is none.
        Self { deadline: budget.and_then(|budget| started.checked_add(budget)), interrupt }
    }

    /// Why to stop now, if there is a reason.
    pub(super) fn due(&self) -> Option<StopReason> {
        if self.interrupt.load(Ordering::SeqCst) {
            return Some(StopReason::Interrupted);
        }
        self.deadline.is_some_and(|at| Instant::now() >= at).then_some(StopReason::Budget)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::{Duration, Instant};

    use super::{StopReason, StopWatch};

    #[test]
    fn a_budget_ends_and_a_person_is_heard_first() {
        let interrupt = Arc::new(AtomicBool::new(false));
        let watch = |budget| StopWatch::new(Instant::now(), budget, Arc::clone(&interrupt));
        assert_eq!(watch(None).due(), None);
        assert_eq!(watch(Some(Duration::MAX)).due(), None);
        assert_eq!(watch(Some(Duration::ZERO)).due(), Some(StopReason::Budget));
        interrupt.store(true, Ordering::SeqCst);
        assert_eq!(watch(Some(Duration::ZERO)).due(), Some(StopReason::Interrupted));
    }
}
