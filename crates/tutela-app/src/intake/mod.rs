//! Intake: what is there to look at, and what the lists say.

pub mod compiled;
pub mod exchanges;
pub mod lists;
pub(crate) mod mapped;
pub mod named;
pub(crate) mod nsrl;
pub(crate) mod rates;
pub(crate) mod segments;
pub(crate) mod tally;
pub mod transfers;
pub mod walk;
