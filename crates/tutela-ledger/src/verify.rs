//! Checks a whole ledger offline: every line, every checkpoint, every number in its place.

use std::fmt;

use tutela_core::Sha256;

use crate::tree::leaf_hash;
use crate::{Checkpoint, Entry, Frontier, LedgerError, LogPublicKey};

/// Faults kept in full; of a ledger that is damaged throughout, the rest is only counted.
const MAX_FAULTS: usize = 100;

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A line is not a canonical entry.
    Line {
        /// The sequence number that its place calls for.
        seq: u64,
        /// What is wrong with it.
        error: LedgerError,
    },
    /// A line carries another sequence number than its place calls for: something is missing,
    /// doubled or moved.
    Sequence {
        /// The number that the place calls for.
        expected: u64,
        /// The number that the line carries.
        found: u64,
    },
    /// A line does not have the hash that was stored when it was appended.
    Changed {
        /// The sequence number.
        seq: u64,
    },
    /// A checkpoint cannot be read or is not signed by the key.
    Checkpoint {
        /// Its place among the checkpoints given, from 0.
        number: usize,
        /// What is wrong with it.
        error: LedgerError,
    },
    /// The lines do not have the root that a signed checkpoint states.
    Root {
        /// First entry that may have been changed: the size of the last checkpoint that held.
        from: u64,
        /// Size that the checkpoint states: entries before this are meant.
        size: u64,
    },
    /// A signed checkpoint covers more entries than there are: the end was cut off.
    Truncated {
        /// Entries that are there.
        entries: u64,
        /// Entries that were signed.
        size: u64,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line { seq, error } => write!(f, "entry {seq}: {error}"),
            Self::Sequence { expected, found } => {
                write!(f, "entry {expected}: the line there carries the number {found}")
            }
            Self::Changed { seq } => {
                write!(f, "entry {seq}: the line was changed after it was appended")
            }
            Self::Checkpoint { number, error } => write!(f, "checkpoint {number}: {error}"),
            Self::Root { from, size } => {
                write!(
                    f,
                    "entries {from} to {}: not what the checkpoint at size {size} signed",
                    size - 1
                )
            }
            Self::Truncated { entries, size } => {
                write!(f, "entry {entries}: missing, and all after it; {size} entries were signed")
            }
        }
    }
}

/// The result of checking a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// Lines seen.
    pub entries: u64,
    /// Root over them.
    pub root: Sha256,
    /// Checkpoints whose signature and root hold.
    pub checkpoints: u64,
    /// Entries under the greatest checkpoint that holds.
    pub signed: u64,
    /// What is wrong, at most 100.
    pub faults: Vec<Fault>,
    /// How many more faults there were.
    pub more_faults: u64,
}

impl Verification {
    /// Whether nothing is wrong.
    pub fn holds(&self) -> bool {
        self.faults.is_empty()
    }

    /// Entries after the greatest checkpoint that holds: in order, but not signed yet.
    pub fn unsigned_tail(&self) -> u64 {
        self.entries - self.signed
    }
}

/// Checks a ledger line by line, in constant memory.
#[derive(Debug)]
pub struct Verifier {
    frontier: Frontier,
    /// Signed checkpoints that are still ahead, the nearest last.
    ahead: Vec<Checkpoint>,
    held: u64,
    signed: u64,
    faults: Vec<Fault>,
    more_faults: u64,
}

impl Verifier {
    /// Begins with all checkpoints, in any order.
    pub fn new(notes: &[String], key: &LogPublicKey) -> Self {
        let mut verifier = Self {
            frontier: Frontier::default(),
            ahead: Vec::with_capacity(notes.len()),
            held: 0,
            signed: 0,
            faults: Vec::new(),
            more_faults: 0,
        };
        for (number, note) in notes.iter().enumerate() {
            match Checkpoint::open(note, key) {
                Ok(checkpoint) => verifier.ahead.push(checkpoint),
                Err(error) => verifier.fault(Fault::Checkpoint { number, error }),
            }
        }
        verifier.ahead.sort_by_key(|checkpoint| std::cmp::Reverse(checkpoint.size));
        verifier.meet_checkpoints();
        verifier
    }

    /// Takes the next line. `stored_leaf`, the hash kept beside it, tells which line was changed
    /// where the root alone would only tell between which checkpoints.
    pub fn push(&mut self, line: &str, stored_leaf: Option<Sha256>) {
        let expected = self.frontier.size();
        let leaf = leaf_hash(line.as_bytes());
        match Entry::parse(line) {
            Err(error) => self.fault(Fault::Line { seq: expected, error }),
            Ok(entry) if entry.seq != expected => {
                self.fault(Fault::Sequence { expected, found: entry.seq });
            }
            Ok(_) => {}
        }
        if stored_leaf.is_some_and(|stored| stored != leaf) {
            self.fault(Fault::Changed { seq: expected });
        }
        self.frontier.append(leaf);
        self.meet_checkpoints();
    }

    /// Ends: no more lines.
    pub fn finish(mut self) -> Verification {
        let entries = self.frontier.size();
        if let Some(furthest) = self.ahead.first() {
            let size = furthest.size;
            self.fault(Fault::Truncated { entries, size });
        }
        Verification {
            entries,
            root: self.frontier.root(),
            checkpoints: self.held,
            signed: self.signed,
            faults: self.faults,
            more_faults: self.more_faults,
        }
    }

    fn meet_checkpoints(&mut self) {
        let size = self.frontier.size();
        while let Some(checkpoint) = self.ahead.pop_if(|next| next.size == size) {
            if checkpoint.root == self.frontier.root() {
                self.held += 1;
                self.signed = size;
            } else {
                self.fault(Fault::Root { from: self.signed, size });
            }
        }
    }

    fn fault(&mut self, fault: Fault) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(fault);
        } else {
            self.more_faults += 1;
        }
    }
}

/// Checks all lines of a ledger against all of its checkpoints. Every checkpoint is a root over
/// the same lines, so that each is consistent with each where all hold. O(n).
pub fn verify(
    lines: impl IntoIterator<Item = impl AsRef<str>>,
    notes: &[String],
    key: &LogPublicKey,
) -> Verification {
    let mut verifier = Verifier::new(notes, key);
    for line in lines {
        verifier.push(line.as_ref(), None);
    }
    verifier.finish()
}
