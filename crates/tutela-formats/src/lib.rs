//! Turns bytes into records, and records into official bytes.
#![forbid(unsafe_code)]
