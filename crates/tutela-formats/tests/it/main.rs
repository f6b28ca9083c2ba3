//! Integration tests of the list formats.

mod bad_rows;
mod bounds;
mod fuzz_seeds;
mod given;
mod messages;
mod registry;
mod round_trip;
mod traps;
mod truncation;
