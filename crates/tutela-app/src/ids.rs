//! New identifiers: ordered by time, so that rows of one run lie together.

use uuid::Uuid;

/// A new identifier.
pub(crate) fn new() -> Uuid {
    Uuid::now_v7()
}
