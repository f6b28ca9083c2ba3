//! Evidence: content is sealed by its digests and decoded behind fences.

pub mod custody;
pub mod decoder;
pub mod sealing;
pub mod verifier;
