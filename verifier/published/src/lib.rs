//! Nothing: `cargo fetch` of this manifest brings the files that the tests of the verifier read.
#![forbid(unsafe_code)]
