//! Jobs: work that runs for a while, can be interrupted and resumed.

pub mod demo;
pub mod hash;
mod in_order;
pub mod look_up;
pub mod scan;
