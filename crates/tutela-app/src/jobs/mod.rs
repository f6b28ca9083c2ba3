//! Jobs: work that runs for a while, can be interrupted and resumed.

pub mod add_files;
mod backoff;
pub mod deliveries;
pub mod demo;
pub mod exchanges;
pub mod fill;
pub mod hash;
mod in_order;
pub mod look_up;
pub mod payments_backtest;
pub mod payments_evaluate;
pub mod payments_generate;
pub mod payments_import;
pub mod payments_map;
pub mod payments_queue;
pub mod payments_rank;
pub mod payments_screen;
pub mod payments_train;
pub mod scan;
