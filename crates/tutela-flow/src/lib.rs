//! Makes a graph of transfers and looks for indicators.
//!
//! It looks at how money moves, never at content, and what it gives back is an indicator: a warning
//! sign with its reasons, which a person weighs together with others.
#![forbid(unsafe_code)]

pub mod arriving;
pub mod chance;
pub mod indicators;
pub mod models;
pub mod networks;
pub mod parties;
pub mod profiles;
pub mod quality;
pub mod ranking;
pub mod transfers;
pub mod windows;
pub mod world;
