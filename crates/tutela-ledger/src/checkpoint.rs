//! Checkpoints: size and root of the ledger at one moment, signed.
//!
//! Source: C2SP tlog-checkpoint and signed-note.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tutela_core::Sha256;

use crate::{Frontier, LedgerError, LogKey, LogPublicKey};

/// Longest note that is looked at; 16 witnesses with post-quantum keys would still fit.
const MAX_NOTE_BYTES: usize = 128 * 1024;

/// Size and root of a ledger. Whoever has one can tell whether anything before it was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// Number of entries.
    pub size: u64,
    /// Root over them.
    pub root: Sha256,
}

impl Checkpoint {
    /// What a frontier would be signed as.
    pub fn of(frontier: &Frontier) -> Self {
        Self { size: frontier.size(), root: frontier.root() }
    }

    /// Signs it: a note of three lines, a blank line and the signature line.
    pub fn sign(self, key: &LogKey) -> String {
        let public = key.public();
        let origin = public.origin();
        let text = format!("{origin}\n{}\n{}\n", self.size, STANDARD.encode(self.root.0));
        let signature = key.sign(&text);
        format!("{text}\n— {origin} {signature}\n")
    }

    /// Reads a note and checks its signature: an unsigned checkpoint says nothing. Signatures of
    /// other keys, such as witnesses', are passed over.
    pub fn open(note: &str, key: &LogPublicKey) -> Result<Self, LedgerError> {
        if note.len() > MAX_NOTE_BYTES {
            return Err(bad("the note is too long"));
        }
        let (text, signatures) = split_note(note)?;
        let checkpoint = Self::parse(text, key.origin())?;
        let unsigned = LedgerError::BadSignature { size: checkpoint.size };
        let mut signed = false;
        for line in signatures.lines() {
            let (name, signature) =
                line.strip_prefix("— ")
                    .and_then(|rest| rest.split_once(' '))
                    .ok_or(bad("a signature line is not of the form `— name signature`"))?;
            match key.check(text, signature).filter(|_| name == key.origin()) {
                Some(true) => signed = true,
                Some(false) => return Err(unsigned),
                None => {}
            }
        }
        if signed { Ok(checkpoint) } else { Err(unsigned) }
    }

    fn parse(text: &str, origin: &str) -> Result<Self, LedgerError> {
        let lines: Vec<&str> = text.lines().collect();
        let &[name, size, root] = lines.as_slice() else {
            return Err(bad("the text does not have three lines"));
        };
        if name != origin {
            return Err(bad("it is of another ledger"));
        }
        let size = decimal(size).ok_or(bad("the size is not a number"))?;
        let root = hash_from_base64(root).ok_or(bad("the root is not a hash in base64"))?;
        Ok(Self { size, root })
    }
}

/// The signed text with its last line feed, and the signature lines.
fn split_note(note: &str) -> Result<(&str, &str), LedgerError> {
    if note.contains(|c: char| c.is_ascii_control() && c != '\n') {
        return Err(bad("it holds a control character"));
    }
    let end = note.rfind("\n\n").ok_or(bad("it has no blank line"))?;
    let (text, signatures) = (&note[..=end], &note[end + 2..]);
    if !signatures.ends_with('\n') {
        return Err(bad("it does not end with a line feed"));
    }
    Ok((text, signatures))
}

fn bad(reason: &'static str) -> LedgerError {
    LedgerError::BadCheckpoint { reason }
}

/// A decimal number without sign or leading zeros.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    text.parse::<u64>().ok().filter(|n| n.to_string() == text)
}

/// 32 bytes in padded base64.
pub(crate) fn hash_from_base64(text: &str) -> Option<Sha256> {
    STANDARD.decode(text).ok()?.try_into().ok().map(Sha256)
}

#[cfg(test)]
mod tests {
    use super::Checkpoint;
    use crate::tree::leaf_hash;
    use crate::{Frontier, LedgerError, LogKey};

    fn key(seed: u8) -> LogKey {
        LogKey::from_seed("hotline.example.org/ledger", [seed; 32]).unwrap()
    }

    fn checkpoint() -> Checkpoint {
        let mut frontier = Frontier::default();
        frontier.append(leaf_hash(b"one"));
        Checkpoint::of(&frontier)
    }

    #[test]
    fn a_signed_checkpoint_opens_with_its_key_only() {
        let note = checkpoint().sign(&key(1));
        assert_eq!(Checkpoint::open(&note, &key(1).public()), Ok(checkpoint()));
        assert_eq!(
            Checkpoint::open(&note, &key(2).public()),
            Err(LedgerError::BadSignature { size: 1 })
        );
    }

    #[test]
    fn a_cosignature_is_passed_over() {
        let note = checkpoint().sign(&key(1)) + "— witness.example.net mJirIklj4Q==\n";
        assert_eq!(Checkpoint::open(&note, &key(1).public()), Ok(checkpoint()));
    }

    #[test]
    fn a_false_signature_of_the_known_key_condemns_the_note() {
        let good = checkpoint().sign(&key(1));
        let other = Checkpoint { size: 2, ..checkpoint() }.sign(&key(1));
        let borrowed = other.lines().last().unwrap();
        let note = format!("{good}{borrowed}\n");
        assert_eq!(
            Checkpoint::open(&note, &key(1).public()),
            Err(LedgerError::BadSignature { size: 1 })
        );
    }

    #[test]
    fn every_changed_byte_of_a_note_is_noticed() {
        let note = checkpoint().sign(&key(1));
        for at in 0..note.len() {
            let mut bytes = note.clone().into_bytes();
            bytes[at] ^= 1;
            let Ok(changed) = String::from_utf8(bytes) else { continue };
            assert!(Checkpoint::open(&changed, &key(1).public()).is_err(), "byte {at}: {changed}");
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        let note = checkpoint().sign(&key(1));
        let wrong = [
            String::new(),
            note.trim_end().to_owned(),
            note.replace("\n1\n", "\n01\n"),
            note.replace("\n1\n", "\n1\nextension\n"),
            note.replace('\n', "\r\n"),
            note.replace("— ", "- "),
            note.replace("example.org", "example.net"),
        ];
        for note in wrong {
            assert!(Checkpoint::open(&note, &key(1).public()).is_err(), "{note:?}");
        }
    }
}
