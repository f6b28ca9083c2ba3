//! Takes any bytes for a segment of the index, and for what one holds.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tutela_match::index::replay_segment(bytes));
