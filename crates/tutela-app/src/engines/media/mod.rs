//! Looks content up in hash lists: equal digests, near PDQ signals, and the canaries that prove both.

mod canary;
mod list_set;
mod look_up;
mod parts;
mod signal_index;

pub use canary::{Check, SelfTest};
pub use list_set::{ListSet, ListSetBuilder, LoadedList};
pub use look_up::{LookUp, MAX_MATCHES, MIN_QUALITY};
pub use parts::{PartSignals, Parts};
pub use signal_index::SearchBy;
