//! Tests of the whole: the house's floors, and the command as its users meet it.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on says so by panicking"
)]

mod codes;
#[cfg(unix)]
mod console;
mod contracts;
#[cfg(unix)]
mod decoder;
mod films;
#[cfg(unix)]
mod hma;
mod house;
mod lists;
mod nsrl;
mod payments;
mod payments_desk;
mod provenance;
mod scans;
#[cfg(unix)]
mod served;
#[cfg(target_os = "linux")]
mod sources;
mod support;
#[cfg(unix)]
mod triage;
mod unknown;
mod v1;
