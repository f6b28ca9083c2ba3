//! The ledger as a whole: lines, trees, whole ledgers, and exports checked by the shell.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod entries;
mod exports;
mod ledgers;
mod trees;

use tutela_core::{ExhibitId, OperatorId, Sha256, Timestamp};
use tutela_ledger::{Checkpoint, Draft, Frontier, LogKey, Payload, Reference, Tool, acts, tree};

/// An operator made up from a number.
fn operator(n: u128) -> OperatorId {
    OperatorId(format!("00000000-0000-7000-8000-{n:012x}").parse::<OperatorId>().unwrap().0)
}

/// An exhibit made up from a number.
fn exhibit(n: u128) -> ExhibitId {
    ExhibitId(operator(n).0)
}

fn key(seed: u8) -> LogKey {
    LogKey::from_seed("hotline.example.org/ledger", [seed; 32]).unwrap()
}

/// A ledger of `n` entries; every third has words beside it.
fn ledger(n: u64) -> (Vec<String>, Vec<Sha256>, Vec<(u64, Payload)>) {
    let tool: Tool = "tutela 0.1.0".parse().unwrap();
    let (mut lines, mut leaves, mut payloads) = (Vec::new(), Vec::new(), Vec::new());
    for seq in 0..n {
        let time = Timestamp::from_microsecond(1_750_000_000_000_000 + seq as i64).unwrap();
        let mut draft = Draft::new(time, operator(1), acts::MEDIA_VIEWED);
        draft.exhibit = Some(exhibit(u128::from(seq) + 100));
        draft.outputs = vec![Reference::from(Sha256([seq as u8; 32]))];
        draft.payload = (seq % 3 == 0).then(|| Payload {
            salt: [seq as u8; 32],
            text: format!("Because of {seq} %s \\n\n\"quoted\"."),
        });
        let (entry, payload) = draft.into_entry(seq, &tool);
        payloads.extend(payload.map(|payload| (seq, payload)));
        lines.push(entry.to_line());
        leaves.push(tree::leaf_hash(entry.to_line().as_bytes()));
    }
    (lines, leaves, payloads)
}

/// A signed checkpoint over the first `n` leaves.
fn checkpoint(leaves: &[Sha256], n: usize, key: &LogKey) -> String {
    let mut frontier = Frontier::default();
    leaves[..n].iter().for_each(|&leaf| frontier.append(leaf));
    Checkpoint::of(&frontier).sign(key)
}
