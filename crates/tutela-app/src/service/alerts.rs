//! Alerts on payments: the desk of whoever asks, and the queue put in order beside the requests.

use std::time::Duration;

use tracing::{info, warn};
use tutela_core::{Coded, OperatorId};

use super::Service;
use crate::cases::alerts::Desk;
use crate::jobs::payments_rank;

/// How often the store is asked for new decisions.
const LOOK: Duration = Duration::from_millis(500);
/// What was measured is kept for so long after a ranking: people decide one alert after the other.
const KEEP: Duration = Duration::from_secs(15 * 60);
/// After a failure, so long.
const WAIT: Duration = Duration::from_secs(60);

impl Service {
    /// The desk with an operator at it.
    pub fn desk(&self, by: OperatorId) -> Desk<'_> {
        Desk::of(&self.inner.store, by)
    }

    /// Puts the queue in order whenever somebody, in whichever process, has decided something.
    pub(super) async fn rank_always(&self) {
        let (mut kept, mut idle) = (None, Duration::ZERO);
        loop {
            tokio::time::sleep(LOOK).await;
            idle += LOOK;
            if idle > KEEP {
                (kept, idle) = (None, Duration::ZERO);
            }
            let ranked = match payments_rank::is_due(&self.inner.store).await {
                Ok(false) => continue,
                Ok(true) => payments_rank::rank(&self.inner.store, &mut kept).await,
                Err(error) => Err(error),
            };
            idle = Duration::ZERO;
            match ranked {
                Ok(ranking) => {
                    info!(decisions = ranking.decisions, "The queue of alerts is in order.")
                }
                Err(error) => {
                    warn!(code = error.code(), "The queue of alerts could not be put in order.");
                    tokio::time::sleep(WAIT).await;
                }
            }
        }
    }
}
