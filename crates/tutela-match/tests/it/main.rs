//! The public interface, as other crates use it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod cluster;
mod compiled;
mod content;
mod index;
mod pdq_vectors;
mod pictures;
mod provenance;
mod segment;
mod signals;
