//! Words that belong to an entry but not into the ledger: kept beside it, salted, erasable.

use std::fmt;

use sha2::{Digest, Sha256 as Hasher};
use tutela_core::Sha256;

/// A text that may hold personal data, and the salt that hides it in the ledger. The entry holds
/// only SHA-256(salt ‖ text): once both are erased, nothing of the text can be guessed back.
#[derive(Clone, PartialEq, Eq)]
pub struct Payload {
    /// 32 bytes of chance, new for every payload.
    pub salt: [u8; 32],
    /// The text, byte for byte.
    pub text: String,
}

impl Payload {
    /// SHA-256 of the salt followed by the UTF-8 bytes of the text.
    pub fn commit(&self) -> Sha256 {
        Sha256(Hasher::new().chain_update(self.salt).chain_update(&self.text).finalize().into())
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Payload([redacted])")
    }
}
