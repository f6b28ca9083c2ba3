//! Reads any bytes as every kind of picture.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tutela_match::content::replay(bytes));
