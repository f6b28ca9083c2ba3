//! Appends, proves, verifies.
#![forbid(unsafe_code)]
