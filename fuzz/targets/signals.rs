//! Reads any bytes as every kind of signal.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tutela_match::signals::replay(bytes));
