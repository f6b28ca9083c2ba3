//! Engines: what is looked up in what, and whether the looking works.

pub mod matching;
pub mod media;
pub mod networks;
