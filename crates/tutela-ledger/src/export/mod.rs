//! Entries as they go to court: with proofs, keys, an explanation, and a script that checks them
//! with nothing but a shell, coreutils and openssl.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tutela_core::Sha256;

use crate::tree::{Tree, leaf_hash};
use crate::{Checkpoint, Entry, LedgerError, LogPublicKey, Payload, TlogProof};

const VERIFY_MD: &str = include_str!("VERIFY.md");
const VERIFY_SH: &str = include_str!("verify.sh");

/// Words that are shown with an export, and the entry that committed to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosure {
    /// Sequence number of the entry.
    pub seq: u64,
    /// Salt and text.
    pub payload: Payload,
}

/// What goes into an export.
#[derive(Debug, Clone)]
pub struct Export<'a> {
    /// Leaf hashes of the ledger, at least as many as the checkpoint covers.
    pub leaves: &'a [Sha256],
    /// The chosen lines, in the order of the ledger: of one exhibit, of a case, or all.
    pub lines: &'a [String],
    /// Words to show, beside chosen lines.
    pub disclosed: &'a [Disclosure],
    /// The latest signed checkpoint.
    pub checkpoint: &'a str,
    /// The key that signed it.
    pub key: &'a LogPublicKey,
}

impl Export<'_> {
    /// Makes the files: path inside the export and content. A proof goes with each chosen line,
    /// unless the lines are the whole ledger: then the script makes the root of them itself,
    /// which also shows that none is missing.
    ///
    /// Everything is checked before: an export that would not verify is an error.
    /// Cost: O(size of the ledger) hashes, 64 bytes of memory an entry.
    pub fn files(&self) -> Result<BTreeMap<String, Vec<u8>>, LedgerError> {
        let checkpoint = Checkpoint::open(self.checkpoint, self.key)?;
        let tree = self.tree(checkpoint)?;
        let entries = self.entries(checkpoint)?;
        let mut files = BTreeMap::new();
        let mut put = |name: String, text: String| files.insert(name, text.into_bytes());

        if entries.len() as u64 != checkpoint.size {
            for entry in &entries {
                let path = tree.inclusion_proof(entry.seq)?;
                let proof =
                    TlogProof { index: entry.seq, path, checkpoint: self.checkpoint.to_owned() };
                put(format!("proofs/{}.tlog-proof", entry.seq), proof.to_text());
            }
        }
        for Disclosure { seq, payload } in self.disclosed {
            let entry = entries
                .binary_search_by_key(seq, |entry| entry.seq)
                .ok()
                .and_then(|i| entries.get(i));
            if entry.and_then(|entry| entry.commit) != Some(payload.commit()) {
                return Err(LedgerError::PayloadDiffers { seq: *seq });
            }
            put(format!("disclosed/{seq}.txt"), payload.text.clone());
            put(format!("disclosed/{seq}.salt"), STANDARD.encode(payload.salt) + "\n");
        }
        put(
            "entries.jsonl".to_owned(),
            self.lines.iter().map(|line| format!("{line}\n")).collect(),
        );
        put("checkpoint".to_owned(), self.checkpoint.to_owned());
        put("log.pub.pem".to_owned(), self.key.to_pem());
        put("log.vkey".to_owned(), format!("{}\n", self.key));
        put("verify.sh".to_owned(), VERIFY_SH.to_owned());
        put("VERIFY.md".to_owned(), self.explanation(checkpoint));
        Ok(files)
    }

    fn tree(&self, checkpoint: Checkpoint) -> Result<Tree, LedgerError> {
        let differs = LedgerError::RootDiffers { size: checkpoint.size };
        let covered =
            usize::try_from(checkpoint.size).ok().and_then(|size| self.leaves.get(..size));
        let tree = Tree::new(covered.ok_or(differs.clone())?.to_vec());
        if tree.root() == checkpoint.root { Ok(tree) } else { Err(differs) }
    }

    /// The chosen entries, each checked against its leaf, ascending without repetition.
    fn entries(&self, checkpoint: Checkpoint) -> Result<Vec<Entry>, LedgerError> {
        let mut entries: Vec<Entry> = Vec::with_capacity(self.lines.len());
        for line in self.lines {
            let entry = Entry::parse(line)?;
            if entries.last().is_some_and(|before| before.seq >= entry.seq) {
                return Err(LedgerError::BadEntry {
                    reason: "the lines are not in the order of the ledger",
                });
            }
            if entry.seq >= checkpoint.size {
                let (value, size) = (entry.seq, checkpoint.size);
                return Err(LedgerError::OutOfRange { what: "index", value, size });
            }
            let leaf = usize::try_from(entry.seq).ok().and_then(|seq| self.leaves.get(seq));
            if leaf != Some(&leaf_hash(line.as_bytes())) {
                return Err(LedgerError::RootDiffers { size: checkpoint.size });
            }
            entries.push(entry);
        }
        Ok(entries)
    }

    fn explanation(&self, checkpoint: Checkpoint) -> String {
        VERIFY_MD
            .replace("{origin}", self.key.origin())
            .replace("{size}", &checkpoint.size.to_string())
            .replace("{root}", &checkpoint.root.to_string())
            .replace("{entries}", &self.lines.len().to_string())
            .replace("{disclosed}", &self.disclosed.len().to_string())
            .replace("{vkey}", &self.key.to_string())
            .replace("{fingerprint}", &self.key.fingerprint().to_string())
    }
}
