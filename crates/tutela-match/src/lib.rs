//! Makes signals from content and matches them.
#![deny(unsafe_code)]

pub mod cluster;
pub mod content;
pub mod digests;
pub mod index;
pub mod provenance;
pub mod signals;
mod simd;
