//! The tree against the reference vectors, against the RFC's own definition, and against tampering.

use proptest::prelude::*;
use tutela_core::Sha256;
use tutela_ledger::Frontier;
use tutela_ledger::tree::{Tree, leaf_hash, verify_consistency, verify_inclusion};

/// Leaves of the reference tests of Certificate Transparency, in hex.
const LEAVES: [&str; 8] = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
];

/// Roots over the first 0 to 8 of them.
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

fn reference_leaves() -> Vec<Sha256> {
    LEAVES.iter().map(|leaf| leaf_hash(&unhex(leaf))).collect()
}

fn leaves(n: usize) -> Vec<Sha256> {
    (0..n).map(|i| leaf_hash(&i.to_be_bytes())).collect()
}

fn hashes(text: &[&str]) -> Vec<Sha256> {
    text.iter().map(|hash| hash.parse().unwrap()).collect()
}

/// The recursive definitions of RFC 6962, sections 2.1, 2.1.1 and 2.1.2, word for word and slow.
mod rfc {
    use sha2::{Digest, Sha256 as Hasher};
    use tutela_core::Sha256;

    fn split(n: usize) -> usize {
        n.next_power_of_two() / 2
    }

    pub(super) fn mth(d: &[Sha256]) -> Sha256 {
        match d {
            [] => Sha256(Hasher::digest([]).into()),
            [leaf] => *leaf,
            _ => {
                let (left, right) = d.split_at(split(d.len()));
                let hash = Hasher::new().chain_update([1]).chain_update(mth(left).0);
                Sha256(hash.chain_update(mth(right).0).finalize().into())
            }
        }
    }

    pub(super) fn path(m: usize, d: &[Sha256]) -> Vec<Sha256> {
        if d.len() == 1 {
            return Vec::new();
        }
        let (left, right) = d.split_at(split(d.len()));
        let (mut path, last) = if m < left.len() {
            (path(m, left), mth(right))
        } else {
            (path(m - left.len(), right), mth(left))
        };
        path.push(last);
        path
    }

    pub(super) fn proof(m: usize, d: &[Sha256]) -> Vec<Sha256> {
        subproof(m, d, true)
    }

    fn subproof(m: usize, d: &[Sha256], known: bool) -> Vec<Sha256> {
        if m == d.len() {
            return if known { Vec::new() } else { vec![mth(d)] };
        }
        let (left, right) = d.split_at(split(d.len()));
        let (mut proof, last) = if m <= left.len() {
            (subproof(m, left, known), mth(right))
        } else {
            (subproof(m - left.len(), right, false), mth(left))
        };
        proof.push(last);
        proof
    }
}

#[test]
fn the_reference_roots_come_out() {
    let mut frontier = Frontier::default();
    for (n, root) in ROOTS.into_iter().enumerate() {
        assert_eq!(Tree::new(reference_leaves()[..n].to_vec()).root().to_string(), root, "{n}");
        assert_eq!((frontier.size(), frontier.root().to_string()), (n as u64, root.to_owned()));
        if let Some(&leaf) = reference_leaves().get(n) {
            frontier.append(leaf);
        }
    }
}

#[test]
fn the_reference_proofs_come_out() {
    let tree = |n: usize| Tree::new(reference_leaves()[..n].to_vec());
    // Sources: the reference tests of Certificate Transparency, 0-based.
    let path_0_of_8 = hashes(&[
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]);
    assert_eq!(tree(8).inclusion_proof(0), Ok(path_0_of_8));
    let path_5_of_8 = hashes(&[
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]);
    assert_eq!(tree(8).inclusion_proof(5), Ok(path_5_of_8));
    let from_6_to_8 = hashes(&[
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]);
    assert_eq!(tree(8).consistency_proof(6), Ok(from_6_to_8));
    let from_2_to_5 = hashes(&[
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ]);
    assert_eq!(tree(5).consistency_proof(2), Ok(from_2_to_5));
}

#[test]
fn every_proof_up_to_64_leaves_is_that_of_the_rfc_and_holds() {
    let all = leaves(64);
    for n in 1..=64 {
        let d = &all[..n];
        let (tree, root) = (Tree::new(d.to_vec()), rfc::mth(d));
        assert_eq!(tree.root(), root);
        for m in 0..n {
            let path = tree.inclusion_proof(m as u64).unwrap();
            assert_eq!(path, rfc::path(m, d), "path {m} of {n}");
            verify_inclusion(d[m], m as u64, n as u64, &path, root).unwrap();

            let old = m + 1;
            let proof = tree.consistency_proof(old as u64).unwrap();
            assert_eq!(proof, rfc::proof(old, d), "from {old} to {n}");
            verify_consistency(old as u64, rfc::mth(&d[..old]), n as u64, root, &proof).unwrap();
        }
    }
}

#[test]
fn what_lies_outside_of_the_tree_is_refused() {
    let tree = Tree::new(leaves(5));
    assert!(tree.inclusion_proof(5).is_err());
    assert!(tree.inclusion_proof(u64::MAX).is_err());
    assert!(tree.consistency_proof(0).is_err());
    assert!(tree.consistency_proof(6).is_err());
    assert!(Tree::new(Vec::new()).inclusion_proof(0).is_err());
    assert!(verify_inclusion(leaves(1)[0], 0, 0, &[], tree.root()).is_err());
    assert!(verify_consistency(0, tree.root(), 5, tree.root(), &[]).is_err());
    assert!(verify_consistency(6, tree.root(), 5, tree.root(), &[]).is_err());
}

fn flipped(hash: Sha256, bit: usize) -> Sha256 {
    let mut bytes = hash.0;
    bytes[bit / 8] ^= 1 << (bit % 8);
    Sha256(bytes)
}

proptest! {
    #[test]
    fn any_flipped_bit_breaks_an_inclusion_proof(n in 2_usize..200, m in 0_usize..200, pick in 0_usize..100, bit in 0_usize..256) {
        let m = m % n;
        let d = leaves(n);
        let tree = Tree::new(d.clone());
        let path = tree.inclusion_proof(m as u64).unwrap();
        let check = |leaf, m: usize, n: usize, path: &[Sha256], root| {
            verify_inclusion(leaf, m as u64, n as u64, path, root).is_ok()
        };
        prop_assert!(check(d[m], m, n, &path, tree.root()));
        prop_assert!(!check(flipped(d[m], bit), m, n, &path, tree.root()));
        prop_assert!(!check(d[m], m, n, &path, flipped(tree.root(), bit)));
        prop_assert!(!check(d[m], (m + 1 + pick % (n - 1)) % n, n, &path, tree.root()));
        prop_assert!(!check(d[m], m, n, &path[1..], tree.root()));
        prop_assert!(!check(d[m], m, n, &[&path[..], &path[..1]].concat(), tree.root()));
        let mut changed = path.clone();
        let at = pick % path.len();
        changed[at] = flipped(path[at], bit);
        prop_assert!(!check(d[m], m, n, &changed, tree.root()));
    }

    #[test]
    fn any_flipped_bit_breaks_a_consistency_proof(n in 2_usize..200, m in 1_usize..200, pick in 0_usize..100, bit in 0_usize..256) {
        let m = 1 + m % (n - 1);
        let d = leaves(n);
        let (old, new) = (Tree::new(d[..m].to_vec()).root(), Tree::new(d.clone()).root());
        let proof = Tree::new(d).consistency_proof(m as u64).unwrap();
        let check = |old, new, proof: &[Sha256]| verify_consistency(m as u64, old, n as u64, new, proof).is_ok();
        prop_assert!(check(old, new, &proof));
        prop_assert!(!check(flipped(old, bit), new, &proof));
        prop_assert!(!check(old, flipped(new, bit), &proof));
        prop_assert!(!check(old, new, &proof[1..]));
        prop_assert!(!check(old, new, &[&proof[..], &proof[..1]].concat()));
        let mut changed = proof.clone();
        let at = pick % proof.len();
        changed[at] = flipped(proof[at], bit);
        prop_assert!(!check(old, new, &changed));
    }

    #[test]
    fn a_frontier_has_the_root_of_its_leaves(n in 0_usize..300) {
        let mut frontier = Frontier::default();
        leaves(n).iter().for_each(|&leaf| frontier.append(leaf));
        prop_assert_eq!(frontier.root(), Tree::new(leaves(n)).root());
    }
}
