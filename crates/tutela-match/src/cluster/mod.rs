//! Ties new content together: near-duplicates, moments of capture, names that count on, and what
//! several ties have in common.

mod films;
mod names;
mod near;
mod overlap;
mod sessions;

pub use films::films;
pub use names::{MAX_NUMBER_GAP, MAX_SECONDS_GAP, MIN_RUN, Name, NameKind, Run, runs};
pub use near::groups;
pub use overlap::{Overlap, overlaps};
pub use sessions::{Gaps, Shot, sessions};
