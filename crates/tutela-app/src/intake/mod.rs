//! Intake: what is there to look at, and what the lists say.

pub mod lists;
pub mod walk;
