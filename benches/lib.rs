//! Benchmarks: criterion benches of the engines; `peers/` holds the comparisons with other tools.
#![forbid(unsafe_code)]

use rustix::time::{ClockId, clock_gettime};

/// Nanoseconds of processor time that this process has used. Other programs on the machine
/// disturb it far less than the clock on the wall.
pub fn cpu_ns() -> u64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}
