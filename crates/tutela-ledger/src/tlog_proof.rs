//! That one entry stands in the ledger, as one file that needs nothing else than the public key.
//!
//! Source: C2SP tlog-proof.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tutela_core::Sha256;

use crate::checkpoint::{decimal, hash_from_base64};
use crate::tree::{leaf_hash, verify_inclusion};
use crate::{Checkpoint, LedgerError, LogPublicKey};

const HEADER: &str = "c2sp.org/tlog-proof@v1";
/// A tree of 2⁶⁴ leaves has paths of 64 hashes.
const MAX_HASHES: usize = 64;

/// A proof of inclusion with the checkpoint that it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlogProof {
    /// Index of the entry, from 0.
    pub index: u64,
    /// The path, the leaf's sibling first.
    pub path: Vec<Sha256>,
    /// The signed checkpoint, verbatim.
    pub checkpoint: String,
}

impl TlogProof {
    /// The text of a `.tlog-proof` file.
    pub fn to_text(&self) -> String {
        let mut text = format!("{HEADER}\nindex {}\n", self.index);
        for hash in &self.path {
            text.push_str(&STANDARD.encode(hash.0));
            text.push('\n');
        }
        text.push('\n');
        text.push_str(&self.checkpoint);
        text
    }

    /// Reads a `.tlog-proof` file. An `extra` line is passed over, as it proves nothing.
    pub fn parse(text: &str) -> Result<Self, LedgerError> {
        let (head, checkpoint) = text.split_once("\n\n").ok_or(bad("it has no blank line"))?;
        let mut lines = head.split('\n');
        if lines.next() != Some(HEADER) {
            return Err(bad("it does not begin with `c2sp.org/tlog-proof@v1`"));
        }
        let mut line = lines.next();
        if line.is_some_and(|l| l.starts_with("extra ")) {
            line = lines.next();
        }
        let index = line.and_then(|l| l.strip_prefix("index ")).and_then(decimal);
        let index = index.ok_or(bad("the index is missing or not a number"))?;
        let path: Option<Vec<Sha256>> = lines.map(hash_from_base64).take(MAX_HASHES + 1).collect();
        let path = path.ok_or(bad("a line of the path is not a hash in base64"))?;
        if path.len() > MAX_HASHES {
            return Err(bad("the path is too long"));
        }
        Ok(Self { index, path, checkpoint: checkpoint.to_owned() })
    }

    /// Checks signature and path for the line of an entry; gives the checkpoint it stands under.
    pub fn verify(&self, line: &str, key: &LogPublicKey) -> Result<Checkpoint, LedgerError> {
        let checkpoint = Checkpoint::open(&self.checkpoint, key)?;
        let leaf = leaf_hash(line.as_bytes());
        verify_inclusion(leaf, self.index, checkpoint.size, &self.path, checkpoint.root)?;
        Ok(checkpoint)
    }
}

fn bad(reason: &'static str) -> LedgerError {
    LedgerError::BadProofText { reason }
}

#[cfg(test)]
mod tests {
    use super::TlogProof;
    use crate::tree::{Tree, leaf_hash};
    use crate::{Checkpoint, LogKey};

    fn proof() -> (TlogProof, LogKey) {
        let key = LogKey::from_seed("hotline.example.org/ledger", [3; 32]).unwrap();
        let tree = Tree::new(["a", "b", "c"].map(|l| leaf_hash(l.as_bytes())).to_vec());
        let checkpoint = Checkpoint { size: 3, root: tree.root() }.sign(&key);
        (TlogProof { index: 1, path: tree.inclusion_proof(1).unwrap(), checkpoint }, key)
    }

    #[test]
    fn a_proof_reads_back_and_holds_for_its_line_only() {
        let (proof, key) = proof();
        let read = TlogProof::parse(&proof.to_text()).unwrap();
        assert_eq!(read, proof);
        assert_eq!(read.verify("b", &key.public()).unwrap().size, 3);
        assert!(read.verify("a", &key.public()).is_err());
    }

    #[test]
    fn an_extra_line_is_passed_over() {
        let (proof, _) = proof();
        let text = proof.to_text().replace("\nindex", "\nextra AAAA\nindex");
        assert_eq!(TlogProof::parse(&text), Ok(proof));
    }

    #[test]
    fn damaged_proofs_are_refused() {
        let (proof, key) = proof();
        let text = proof.to_text();
        let unreadable = [
            text.replace("@v1", "@v2"),
            text.replace("index 1", "index 01"),
            text.replace("index 1", "index"),
            text.replace("\n\n", "\n!\n\n"),
            text.replace("\n\n", "\n"),
        ];
        for (i, text) in unreadable.iter().enumerate() {
            assert!(
                TlogProof::parse(text).and_then(|p| p.verify("b", &key.public())).is_err(),
                "case {i}"
            );
        }
        for index in [0, 2, 3] {
            let moved = TlogProof { index, ..proof.clone() };
            assert!(moved.verify("b", &key.public()).is_err(), "index {index}");
        }
    }
}
