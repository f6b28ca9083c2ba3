//! The key that signs a ledger's checkpoints, and its public half in the forms that others read.
//!
//! Source: C2SP signed-note (key ids and verifier keys); RFC 8410 (PKCS#8 and SPKI of Ed25519).

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::pkcs8::{DecodePrivateKey, DecodePublicKey};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256 as Hasher};
use tutela_core::Sha256;

use crate::LedgerError;

/// Signature type of Ed25519 in signed notes.
const ED25519: u8 = 0x01;
/// DER before the 32 bytes of a private key: PKCS#8 version 1, which openssl 3.0 reads too.
const PKCS8_HEAD: [u8; 16] = [0x30, 46, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 34, 4, 32];
/// DER before the 32 bytes of a public key.
const SPKI_HEAD: [u8; 12] = [0x30, 42, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 33, 0];

/// The private key of one ledger. Prints as `[redacted]`; wiped from memory when dropped.
#[derive(Clone)]
pub struct LogKey {
    origin: String,
    key: SigningKey,
}

impl LogKey {
    /// Makes a key from 32 bytes of chance. `origin` names the ledger for ever, best as a URL
    /// without scheme, such as `hotline.example.org/ledger`.
    pub fn from_seed(origin: &str, seed: [u8; 32]) -> Result<Self, LedgerError> {
        Ok(Self { origin: checked_origin(origin)?, key: SigningKey::from_bytes(&seed) })
    }

    /// Reads PKCS#8 PEM.
    pub fn from_pem(origin: &str, pem: &str) -> Result<Self, LedgerError> {
        let key = SigningKey::from_pkcs8_pem(pem)
            .map_err(|_| LedgerError::BadKey { form: "PKCS#8 PEM" })?;
        Ok(Self { origin: checked_origin(origin)?, key })
    }

    /// PKCS#8 PEM, unencrypted: the file needs an owner and no other reader.
    pub fn to_pem(&self) -> String {
        pem("PRIVATE KEY", &PKCS8_HEAD, self.key.as_bytes())
    }

    /// The public half.
    pub fn public(&self) -> LogPublicKey {
        LogPublicKey { origin: self.origin.clone(), key: self.key.verifying_key() }
    }

    /// Key id and signature over a note's text, in base64.
    pub(crate) fn sign(&self, text: &str) -> String {
        let signature = self.key.sign(text.as_bytes());
        STANDARD.encode([&self.public().key_id()[..], &signature.to_bytes()].concat())
    }
}

impl fmt::Debug for LogKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LogKey({}, [redacted])", self.origin)
    }
}

/// The public key of one ledger. Text form: the verifier key of signed notes,
/// `origin+hex id+base64(0x01 ‖ key)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogPublicKey {
    origin: String,
    key: VerifyingKey,
}

impl LogPublicKey {
    /// Reads SPKI PEM.
    pub fn from_pem(origin: &str, pem: &str) -> Result<Self, LedgerError> {
        let key = VerifyingKey::from_public_key_pem(pem)
            .map_err(|_| LedgerError::BadKey { form: "SPKI PEM" })?;
        Ok(Self { origin: checked_origin(origin)?, key })
    }

    /// SPKI PEM, as openssl reads it.
    pub fn to_pem(&self) -> String {
        pem("PUBLIC KEY", &SPKI_HEAD, self.key.as_bytes())
    }

    /// The name of the ledger.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// First 4 bytes of SHA-256(origin ‖ 0x0A ‖ 0x01 ‖ key): tells keys apart, proves nothing.
    pub fn key_id(&self) -> [u8; 4] {
        let hash = Hasher::new().chain_update(&self.origin).chain_update([b'\n', ED25519]);
        let [a, b, c, d, ..] = <[u8; 32]>::from(hash.chain_update(self.key.as_bytes()).finalize());
        [a, b, c, d]
    }

    /// SHA-256 of the 32 bytes of the key: what to read out over the telephone.
    pub fn fingerprint(&self) -> Sha256 {
        Sha256(Hasher::digest(self.key.as_bytes()).into())
    }

    /// Whether `signature` (key id and signature, in base64) is this key's over a text. `None`
    /// where it is another key's.
    pub(crate) fn check(&self, text: &str, signature: &str) -> Option<bool> {
        let bytes = STANDARD.decode(signature).ok()?;
        let signature = bytes.strip_prefix(&self.key_id())?;
        let signature = Signature::from_slice(signature).ok();
        Some(signature.is_some_and(|s| self.key.verify_strict(text.as_bytes(), &s).is_ok()))
    }
}

impl fmt::Display for LogPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = STANDARD.encode([&[ED25519], &self.key.as_bytes()[..]].concat());
        write!(f, "{}+{:08x}+{key}", self.origin, u32::from_be_bytes(self.key_id()))
    }
}

impl FromStr for LogPublicKey {
    type Err = LedgerError;

    fn from_str(text: &str) -> Result<Self, LedgerError> {
        const BAD: LedgerError = LedgerError::BadKey { form: "verifier key" };
        let (origin, rest) = text.split_once('+').ok_or(BAD)?;
        let (_, key) = rest.split_once('+').ok_or(BAD)?;
        let bytes = STANDARD.decode(key).map_err(|_| BAD)?;
        let bytes: [u8; 32] =
            bytes.strip_prefix(&[ED25519]).and_then(|b| b.try_into().ok()).ok_or(BAD)?;
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| BAD)?;
        let key = Self { origin: checked_origin(origin)?, key };
        // Also checks the key id.
        if key.to_string() == text { Ok(key) } else { Err(BAD) }
    }
}

/// A name that can stand in a signed note.
fn checked_origin(origin: &str) -> Result<String, LedgerError> {
    let unfit = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    if origin.is_empty() || origin.contains(unfit) {
        return Err(LedgerError::BadOrigin);
    }
    Ok(origin.to_owned())
}

/// RFC 7468 text of a key; its base64 fits into one line of 64.
fn pem(label: &str, head: &[u8], key: &[u8; 32]) -> String {
    let body = STANDARD.encode([head, key].concat());
    format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
}

#[cfg(test)]
mod tests {
    use super::{LogKey, LogPublicKey};
    use crate::LedgerError;

    fn key() -> LogKey {
        LogKey::from_seed("hotline.example.org/ledger", [7; 32]).unwrap()
    }

    #[test]
    fn every_form_of_a_key_reads_back() {
        let private = LogKey::from_pem("hotline.example.org/ledger", &key().to_pem()).unwrap();
        let public = key().public();
        assert_eq!(private.public(), public);
        assert_eq!(
            LogPublicKey::from_pem("hotline.example.org/ledger", &public.to_pem()),
            Ok(public.clone())
        );
        assert_eq!(public.to_string().parse(), Ok(public));
    }

    #[test]
    fn a_known_verifier_key_is_read_with_its_id() {
        // From the documentation of Go's golang.org/x/mod/sumdb/note.
        let text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        let key: LogPublicKey = text.parse().unwrap();
        assert_eq!((key.origin(), key.key_id()), ("PeterNeumann", [0xc7, 0x4f, 0x20, 0xa3]));
        assert_eq!(key.to_string(), text);
    }

    #[test]
    fn damaged_keys_and_unfit_names_are_refused() {
        let good = key().public().to_string();
        for bad in ["", "a+b", "a+00000000+", &good.replace("ledger", "other"), &format!("{good}=")]
        {
            assert!(bad.parse::<LogPublicKey>().is_err(), "{bad}");
        }
        for name in ["", "two words", "a+b", "line\nfeed", "tab\t"] {
            assert_eq!(
                LogKey::from_seed(name, [1; 32]).err(),
                Some(LedgerError::BadOrigin),
                "{name:?}"
            );
        }
    }

    #[test]
    fn a_private_key_does_not_print() {
        assert_eq!(format!("{:?}", key()), "LogKey(hotline.example.org/ledger, [redacted])");
    }
}
