//! Appends, proves, verifies: the chain of custody as an RFC 6962 tree of canonical lines.
//!
//! Floor 1: no files, no clock, no chance of its own. A line of the ledger holds digests and ids,
//! never personal data; what a person wrote or did in words stands beside it, salted and erasable.
#![forbid(unsafe_code)]

mod act;
mod checkpoint;
mod entry;
mod error;
mod export;
mod frontier;
mod key;
mod payload;
mod reference;
mod tlog_proof;
pub mod tree;
mod verify;

pub use act::{ACTS, Act, ActId, acts};
pub use checkpoint::Checkpoint;
pub use entry::{Draft, Entry, Tool};
pub use error::LedgerError;
pub use export::{Disclosure, Export};

pub use frontier::Frontier;
pub use key::{LogKey, LogPublicKey};
pub use payload::Payload;
pub use reference::Reference;
pub use tlog_proof::TlogProof;
pub use verify::{Fault, Verification, Verifier, verify};
