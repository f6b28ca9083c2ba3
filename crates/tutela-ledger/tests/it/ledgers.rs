//! Whole ledgers: what holds, and what each kind of tampering is called.

use tutela_core::Sha256;
use tutela_ledger::{Checkpoint, Fault, Verification, Verifier, verify};

use crate::{checkpoint, key, ledger};

fn check(lines: &[String], notes: &[String]) -> Verification {
    verify(lines, notes, &key(1).public())
}

fn notes(leaves: &[Sha256], sizes: &[usize]) -> Vec<String> {
    sizes.iter().map(|&n| checkpoint(leaves, n, &key(1))).collect()
}

#[test]
fn an_untouched_ledger_holds() {
    let (lines, leaves, _) = ledger(20);
    // Checkpoints may come in any order, more than once, and at size 0.
    let result = check(&lines, &notes(&leaves, &[17, 0, 5, 5, 12]));
    assert!(result.holds(), "{:?}", result.faults);
    assert_eq!(
        (result.entries, result.checkpoints, result.signed, result.unsigned_tail()),
        (20, 5, 17, 3)
    );
    assert_eq!(
        checkpoint(&leaves, 20, &key(1)),
        Checkpoint { size: 20, root: result.root }.sign(&key(1))
    );
}

#[test]
fn an_empty_ledger_holds() {
    let result = check(&[], &[]);
    assert!(result.holds());
    assert_eq!((result.entries, result.unsigned_tail()), (0, 0));
}

#[test]
fn each_kind_of_tampering_is_named_with_its_place() {
    let (lines, leaves, _) = ledger(20);
    let at = [5, 12, 17];
    let good = notes(&leaves, &at);

    let mut changed = lines.clone();
    changed[8] = changed[8].replace("media.viewed", "scan.started");
    assert_eq!(
        check(&changed, &good).faults,
        [Fault::Root { from: 5, size: 12 }, Fault::Root { from: 5, size: 17 }]
    );

    let mut unreadable = lines.clone();
    unreadable[18].push(' ');
    let faults = check(&unreadable, &good).faults;
    assert!(matches!(faults.as_slice(), [Fault::Line { seq: 18, .. }]), "{faults:?}");

    let cut = check(&lines[..15], &good);
    assert_eq!(cut.faults, [Fault::Truncated { entries: 15, size: 17 }]);
    assert_eq!(cut.signed, 12);

    let mut removed = lines.clone();
    removed.remove(18);
    assert_eq!(check(&removed, &good).faults, [Fault::Sequence { expected: 18, found: 19 }]);

    let mut swapped = lines.clone();
    swapped.swap(0, 1);
    let faults = check(&swapped, &good).faults;
    assert!(faults.contains(&Fault::Sequence { expected: 0, found: 1 }), "{faults:?}");
    assert!(faults.contains(&Fault::Root { from: 0, size: 5 }), "{faults:?}");

    let mut forged = good.clone();
    forged[1] = checkpoint(&leaves, 12, &key(2));
    let faults = check(&lines, &forged).faults;
    assert!(matches!(faults.as_slice(), [Fault::Checkpoint { number: 1, .. }]), "{faults:?}");
    assert!(faults[0].to_string().starts_with("checkpoint 1: "), "{}", faults[0]);
}

#[test]
fn a_stored_leaf_tells_which_line_was_changed() {
    let (mut lines, leaves, _) = ledger(10);
    lines[4] = lines[4].replace("media.viewed", "scan.started");
    let mut verifier = Verifier::new(&[], &key(1).public());
    for (line, &leaf) in lines.iter().zip(&leaves) {
        verifier.push(line, Some(leaf));
    }
    let faults = verifier.finish().faults;
    assert_eq!(faults, [Fault::Changed { seq: 4 }]);
    assert_eq!(faults[0].to_string(), "entry 4: the line was changed after it was appended");
}

#[test]
fn faults_of_a_ruined_ledger_are_counted() {
    let lines = vec!["ruined".to_owned(); 150];
    let result = check(&lines, &[]);
    assert_eq!((result.faults.len(), result.more_faults), (100, 50));
}
