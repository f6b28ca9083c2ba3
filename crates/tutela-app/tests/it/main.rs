//! What the services do, as seen from outside.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod exchanges;
mod fetching;
mod served;
mod webhooks;
