//! Reads any bytes as an answer of every service that shares signals.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tutela_formats::answers::replay(bytes));
