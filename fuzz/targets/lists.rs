//! Reads any bytes as every kind of hash list.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tutela_formats::lists::replay(bytes));
