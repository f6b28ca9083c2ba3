//! How pages show numbers, times, signals and text from outside.

pub(crate) mod figures;
pub(crate) mod filters;
pub(crate) mod grid;
pub(crate) mod hostile;
