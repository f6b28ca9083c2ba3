//! How long to wait after a failure: twice as long each time, up to a limit, and a little by chance.

use std::time::Duration;

use tutela_core::Timestamp;

/// The wait after so many failures before this one. `jitter` from 0 to 1 draws it between half and whole.
pub(crate) fn backoff(failures: u32, first: Duration, longest: Duration, jitter: f64) -> Duration {
    let doubled = first.saturating_mul(2_u32.saturating_pow(failures));
    doubled.min(longest).mul_f64(0.5 + 0.5 * jitter.clamp(0.0, 1.0))
}

/// A time so much later.
pub(crate) fn later(at: Timestamp, wait: Duration) -> Timestamp {
    at.checked_add(wait).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::backoff;

    #[test]
    fn waits_double_up_to_a_limit() {
        let (first, longest) = (Duration::from_secs(10), Duration::from_secs(3_600));
        let check = |failures: u32, jitter: f64, expected: u64| {
            let wait = backoff(failures, first, longest, jitter);
            assert_eq!(wait.as_secs(), expected, "{failures} {jitter}");
        };
        check(0, 1.0, 10);
        check(0, 0.0, 5);
        check(3, 1.0, 80);
        check(8, 1.0, 2_560);
        check(9, 1.0, 3_600);
        check(u32::MAX, 0.5, 2_700);
    }
}
