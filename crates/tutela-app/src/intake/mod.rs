//! Intake: what is there to look at, and what the lists say.

pub mod compiled;
pub mod lists;
mod mapped;
pub(crate) mod segments;
pub mod walk;
