//! Integration tests of the list formats.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod bad_rows;
mod bounds;
mod exchanges;
mod fuzz_seeds;
mod given;
mod messages;
mod payments;
mod registry;
mod round_trip;
mod traps;
mod truncation;
