//! Reads any bytes as every kind of file of transfers.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tutela_formats::payments::replay(bytes));
