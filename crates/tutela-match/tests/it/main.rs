//! The public interface, as other crates use it.

mod index;
mod pdq_vectors;
mod pictures;
mod signals;
