//! The Merkle tree of RFC 6962, section 2.1: hashes of leaves and nodes, and both kinds of proof.
//!
//! Leaves and nodes are hashed with different first bytes, so that no node can be passed off as a
//! leaf.

use sha2::{Digest, Sha256 as Hasher};
use tutela_core::Sha256;

use crate::LedgerError;

/// SHA-256(0x00 ‖ entry).
pub fn leaf_hash(entry: &[u8]) -> Sha256 {
    Sha256(Hasher::new().chain_update([0x00]).chain_update(entry).finalize().into())
}

/// SHA-256(0x01 ‖ left ‖ right).
pub(crate) fn node_hash(left: Sha256, right: Sha256) -> Sha256 {
    Sha256(
        Hasher::new()
            .chain_update([0x01])
            .chain_update(left.0)
            .chain_update(right.0)
            .finalize()
            .into(),
    )
}

/// SHA-256 of nothing: the root of a tree without leaves.
pub(crate) fn empty_root() -> Sha256 {
    Sha256(Hasher::digest([]).into())
}

/// Every node of a tree, to make proofs from. 64 bytes a leaf: 64 MB for 10⁶ entries.
#[derive(Debug, Clone)]
pub struct Tree {
    /// Leaves first, then their parents, up to the root. The last node of an odd level moves up
    /// as it is, which gives the same root as the recursive definition of the RFC.
    levels: Vec<Vec<Sha256>>,
}

impl Tree {
    /// Hashes every node over some leaves. O(n).
    pub fn new(leaves: Vec<Sha256>) -> Self {
        let mut levels = vec![leaves];
        while let Some(below) = levels.last().filter(|level| level.len() > 1) {
            let (pairs, odd) = below.as_chunks::<2>();
            let parents = pairs.iter().map(|&[left, right]| node_hash(left, right));
            let level = parents.chain(odd.iter().copied()).collect();
            levels.push(level);
        }
        Self { levels }
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| leaves.len() as u64)
    }

    /// The root.
    pub fn root(&self) -> Sha256 {
        self.levels.last().and_then(|top| top.first()).copied().unwrap_or_else(empty_root)
    }

    /// The path from a leaf up to the root, its sibling first. O(log n).
    pub fn inclusion_proof(&self, index: u64) -> Result<Vec<Sha256>, LedgerError> {
        let size = self.size();
        if index >= size {
            return Err(LedgerError::OutOfRange { what: "index", value: index, size });
        }
        let siblings = self
            .levels
            .iter()
            .enumerate()
            .map(|(height, _)| self.node(height, (index >> height) ^ 1));
        Ok(siblings.flatten().collect())
    }

    /// The nodes that lead from the tree of the first `old_size` leaves to this one. O(log n).
    pub fn consistency_proof(&self, old_size: u64) -> Result<Vec<Sha256>, LedgerError> {
        let size = self.size();
        if old_size == 0 || old_size > size {
            return Err(LedgerError::OutOfRange { what: "size", value: old_size, size });
        }
        if old_size == size {
            return Ok(Vec::new());
        }
        // The node that ends with the last old leaf and is complete in both trees.
        let last_old = old_size - 1;
        let start = last_old.trailing_ones() as usize;
        // A complete old tree is that node, and the verifier knows its root.
        let known = old_size.is_power_of_two();
        let first = if known { None } else { self.node(start, last_old >> start) };
        let siblings =
            (start..self.levels.len()).map(|height| self.node(height, (last_old >> height) ^ 1));
        Ok(first.into_iter().chain(siblings.flatten()).collect())
    }

    fn node(&self, height: usize, index: u64) -> Option<Sha256> {
        self.levels.get(height)?.get(usize::try_from(index).ok()?).copied()
    }
}

/// Checks that a leaf stands at an index of the tree with this size and root. O(log n).
/// Source: RFC 9162, section 2.1.3.2.
pub fn verify_inclusion(
    leaf: Sha256,
    index: u64,
    size: u64,
    proof: &[Sha256],
    root: Sha256,
) -> Result<(), LedgerError> {
    const BAD: LedgerError = LedgerError::BadProof { kind: "inclusion" };
    if index >= size {
        return Err(LedgerError::OutOfRange { what: "index", value: index, size });
    }
    let (mut at, mut last) = (index, size - 1);
    let mut node = leaf;
    for &sibling in proof {
        if last == 0 {
            return Err(BAD);
        }
        if at & 1 == 1 || at == last {
            node = node_hash(sibling, node);
            skip_levels_without_sibling(&mut at, &mut last);
        } else {
            node = node_hash(node, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    if last == 0 && node == root { Ok(()) } else { Err(BAD) }
}

/// Checks that a tree only grew: the new root holds everything the old root held, in place.
/// O(log n). Source: RFC 9162, section 2.1.4.2.
pub fn verify_consistency(
    old_size: u64,
    old_root: Sha256,
    new_size: u64,
    new_root: Sha256,
    proof: &[Sha256],
) -> Result<(), LedgerError> {
    const BAD: LedgerError = LedgerError::BadProof { kind: "consistency" };
    if old_size == 0 || old_size > new_size {
        return Err(LedgerError::OutOfRange { what: "size", value: old_size, size: new_size });
    }
    if old_size == new_size {
        return if proof.is_empty() && old_root == new_root { Ok(()) } else { Err(BAD) };
    }
    let (start, path) = match (old_size.is_power_of_two(), proof) {
        (true, path) => (old_root, path),
        (false, [first, path @ ..]) => (*first, path),
        (false, []) => return Err(BAD),
    };
    let steps = (old_size - 1).trailing_ones();
    let (mut at, mut last) = ((old_size - 1) >> steps, (new_size - 1) >> steps);
    let (mut old, mut new) = (start, start);
    for &sibling in path {
        if last == 0 {
            return Err(BAD);
        }
        if at & 1 == 1 || at == last {
            old = node_hash(sibling, old);
            new = node_hash(sibling, new);
            skip_levels_without_sibling(&mut at, &mut last);
        } else {
            new = node_hash(new, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    if last == 0 && old == old_root && new == new_root { Ok(()) } else { Err(BAD) }
}

/// The last node of an odd level moves up as it is: go to the level where it has a sibling.
fn skip_levels_without_sibling(at: &mut u64, last: &mut u64) {
    while *at & 1 == 0 && *at != 0 {
        *at >>= 1;
        *last >>= 1;
    }
}
