//! Reads any bytes for what they say of their own making.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tutela_match::provenance::replay(bytes));
