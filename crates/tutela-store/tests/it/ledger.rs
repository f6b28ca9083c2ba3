//! The ledger in the store: gapless, verifiable, and valid after erasure.

use sqlx::{AnyConnection, Connection};
use tutela_core::CaseId;
use tutela_ledger::tree::Tree;
use tutela_ledger::{
    Checkpoint, Disclosure, Entry, Export, Fault, LogKey, Payload, Reference, Verification,
    Verifier, acts, verify,
};
use tutela_store::{Batch, LedgerDraft, Store, StoreError, Subject};

use crate::places::Place;
use crate::things::{
    draft, exhibit, exhibit_id, id, operator_id, payload, scan_id, time, with_scan,
};

fn key() -> LogKey {
    LogKey::from_seed("hotline.example.org/ledger", [5; 32]).unwrap()
}

async fn sign(store: &Store) {
    let checkpoint = Checkpoint::of(&store.ledger_frontier().await.unwrap());
    store.add_checkpoint(checkpoint.size, &checkpoint.sign(&key()), time(1)).await.unwrap();
}

async fn all_lines(store: &Store) -> Vec<String> {
    store.entry_lines(0, u32::MAX).await.unwrap()
}

async fn verified(store: &Store) -> Verification {
    verify(all_lines(store).await, &store.checkpoints().await.unwrap(), &key().public())
}

pub(crate) async fn writers_that_meet_leave_no_gap(Place { store, url }: Place) {
    const WRITERS: u64 = 8;
    const ROUNDS: u64 = 12;
    let scan = with_scan(&store).await;
    // As another program would: with connections of its own.
    let second = Store::open(&url).await.unwrap();
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let store = if writer % 2 == 0 { store.clone() } else { second.clone() };
            tokio::spawn(async move {
                let mut firsts = Vec::new();
                for round in 0..ROUNDS {
                    let n = writer * ROUNDS + round;
                    if writer == 0 {
                        let custody = vec![draft(acts::EXHIBIT_SEALED); 2];
                        let batch =
                            Batch { exhibits: vec![exhibit(n)], custody, ..Batch::default() };
                        store.commit_batch(scan, batch).await.unwrap();
                    } else {
                        let drafts = vec![
                            LedgerDraft {
                                payload: payload(n as u8),
                                ..draft(acts::MEDIA_VIEWED)
                            };
                            2
                        ];
                        firsts.push(store.append(drafts).await.unwrap());
                    }
                }
                firsts
            })
        })
        .collect();
    let mut firsts = Vec::new();
    for writer in writers {
        firsts.extend(writer.await.unwrap());
    }
    let lines = all_lines(&store).await;
    assert_eq!(lines.len() as u64, WRITERS * ROUNDS * 2);
    for (seq, line) in lines.iter().enumerate() {
        assert_eq!(Entry::parse(line).unwrap().seq, seq as u64);
    }
    // Both acts of a call stand side by side, at the number that the call gave.
    for first in firsts {
        let act = |seq: u64| Entry::parse(&lines[seq as usize]).unwrap().act;
        assert_eq!(
            (act(first), act(first + 1)),
            (acts::MEDIA_VIEWED.into(), acts::MEDIA_VIEWED.into())
        );
    }
    assert_eq!(
        store.ledger_frontier().await.unwrap().root(),
        Tree::new(store.leaf_hashes().await.unwrap()).root()
    );
}

pub(crate) async fn the_ledger_in_the_store_verifies(Place { store, url }: Place) {
    assert_eq!(store.append(vec![]).await.unwrap(), 0);
    sign(&store).await;
    for n in 0..5 {
        let drafts =
            (0..3).map(|_| LedgerDraft { payload: payload(n), ..draft(acts::MEDIA_VIEWED) });
        assert_eq!(store.append(drafts.collect()).await.unwrap(), u64::from(n) * 3);
        sign(&store).await;
    }
    store.append(vec![draft(acts::CASE_EXPORTED)]).await.unwrap();
    let result = verified(&store).await;
    assert!(result.holds(), "{:?}", result.faults);
    assert_eq!(
        (result.entries, result.signed, result.checkpoints, result.unsigned_tail()),
        (16, 15, 6, 1)
    );
    assert_eq!(store.entry_lines(14, 1).await.unwrap(), all_lines(&store).await[14..15]);
    assert_eq!(
        store.append(vec![]).await.unwrap(),
        16,
        "nothing to append: where the next would go"
    );

    // Somebody changes a line behind the store's back.
    let mut direct = AnyConnection::connect(&url).await.unwrap();
    sqlx::query("UPDATE ledger_entries SET line = REPLACE(line, 'media.viewed', 'scan.started') WHERE seq = 7")
        .execute(&mut direct)
        .await
        .unwrap();
    let (lines, leaves) = (all_lines(&store).await, store.leaf_hashes().await.unwrap());
    let mut verifier = Verifier::new(&store.checkpoints().await.unwrap(), &key().public());
    lines.iter().zip(leaves).for_each(|(line, leaf)| verifier.push(line, Some(leaf)));
    let faults = verifier.finish().faults;
    assert_eq!(faults[..2], [Fault::Changed { seq: 7 }, Fault::Root { from: 6, size: 9 }]);
}

pub(crate) async fn erasure_leaves_the_ledger_valid(Place { store, .. }: Place) {
    let about = |n: u64| LedgerDraft {
        exhibit: Some(exhibit_id(n)),
        payload: payload(n as u8),
        ..draft(acts::MEDIA_VIEWED)
    };
    store.append(vec![about(1), about(2), about(2), draft(acts::CASE_CREATED)]).await.unwrap();
    sign(&store).await;
    let before = all_lines(&store).await;
    assert_eq!(store.payload(0).await.unwrap(), payload(1));
    assert_eq!(store.payload(3).await.unwrap(), None);

    store.erase_payload(0, operator_id(), time(8)).await.unwrap();
    assert_eq!(store.payload(0).await.unwrap(), None);
    let error = store.erase_payload(0, operator_id(), time(9)).await.unwrap_err();
    assert!(matches!(error, StoreError::NotFound { .. }), "{error:?}");
    let erased = store
        .erase_payloads_about(Subject::Exhibit(exhibit_id(2)), operator_id(), time(9))
        .await
        .unwrap();
    assert_eq!(erased, 2);
    let again = store
        .erase_payloads_about(Subject::Exhibit(exhibit_id(2)), operator_id(), time(9))
        .await
        .unwrap();
    assert_eq!(again, 0);

    let lines = all_lines(&store).await;
    assert_eq!(lines[..4], before, "the entries stay as they were");
    let acts_of: Vec<Entry> = lines[4..].iter().map(|line| Entry::parse(line).unwrap()).collect();
    assert_eq!(acts_of.len(), 2, "what failed or did nothing is not in the ledger");
    assert!(acts_of.iter().all(|entry| entry.act == acts::PAYLOAD_ERASED.into()));
    assert_eq!(acts_of[0].inputs, [Reference::Entry(0)]);
    assert_eq!(acts_of[1].inputs, [Reference::Entry(1), Reference::Entry(2)]);
    assert_eq!(acts_of[1].exhibit, Some(exhibit_id(2)));
    sign(&store).await;
    let result = verified(&store).await;
    assert!(result.holds(), "{:?}", result.faults);
    assert_eq!((result.entries, result.signed), (6, 6));
}

pub(crate) async fn lines_are_found_by_what_they_are_about(Place { store, .. }: Place) {
    let case = CaseId(id(6, 1));
    let on = |scan: u64, n: u64| LedgerDraft {
        scan: Some(scan_id(scan)),
        exhibit: Some(exhibit_id(n)),
        payload: payload(n as u8),
        ..draft(acts::EXHIBIT_SEALED)
    };
    let of_case = LedgerDraft { case: Some(case), ..draft(acts::CASE_CREATED) };
    store.append(vec![on(1, 1), on(2, 2), of_case, on(2, 1)]).await.unwrap();
    sign(&store).await;
    let lines = all_lines(&store).await;
    let pick = |seqs: &[usize]| seqs.iter().map(|&seq| lines[seq].clone()).collect::<Vec<_>>();
    assert_eq!(
        store.entry_lines_about(Subject::Exhibit(exhibit_id(1))).await.unwrap(),
        pick(&[0, 3])
    );
    assert_eq!(store.entry_lines_about(Subject::Scan(scan_id(2))).await.unwrap(), pick(&[1, 3]));
    assert_eq!(store.entry_lines_about(Subject::Case(case)).await.unwrap(), pick(&[2]));
    assert_eq!(store.entry_lines_about(Subject::Exhibit(exhibit_id(9))).await.unwrap(), pick(&[]));

    // What is found can go to court.
    let chosen = pick(&[0, 3]);
    let disclosed = [Disclosure { seq: 0, payload: store.payload(0).await.unwrap().unwrap() }];
    let (leaves, note) =
        (store.leaf_hashes().await.unwrap(), store.latest_checkpoint().await.unwrap().unwrap());
    let export = Export {
        leaves: &leaves,
        lines: &chosen,
        disclosed: &disclosed,
        checkpoint: &note,
        key: &key().public(),
    };
    let files = export.files().unwrap();
    assert!(files.contains_key("proofs/3.tlog-proof") && files.contains_key("disclosed/0.txt"));
}

pub(crate) async fn checkpoints_are_kept_once(Place { store, .. }: Place) {
    assert_eq!(store.latest_checkpoint().await.unwrap(), None);
    for (size, note) in [(10, "ten\n"), (2, "two\n"), (10, "ten\n")] {
        store.add_checkpoint(size, note, time(0)).await.unwrap();
    }
    assert_eq!(store.checkpoints().await.unwrap(), ["two\n", "ten\n"]);
    assert_eq!(store.latest_checkpoint().await.unwrap().as_deref(), Some("ten\n"));
    let error = store.add_checkpoint(10, "forked\n", time(0)).await.unwrap_err();
    assert!(matches!(error, StoreError::Duplicate { what: "checkpoint" }), "{error:?}");
    assert_eq!(store.latest_checkpoint().await.unwrap().as_deref(), Some("ten\n"));
}

/// Erased words are gone from the files of SQLite, not only from its answers.
#[tokio::test]
async fn erased_words_are_gone_from_the_disk() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create(&tutela_store::sqlite_url(&dir.path().join("x.db"))).await.unwrap();
    let words = "an invented name that nobody has";
    let secret = Payload { salt: [1; 32], text: words.to_owned() };
    store
        .append(vec![LedgerDraft { payload: Some(secret), ..draft(acts::MEDIA_VIEWED) }])
        .await
        .unwrap();
    let on_disk = || {
        std::fs::read_dir(dir.path()).unwrap().any(|file| {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            bytes.windows(words.len()).any(|window| window == words.as_bytes())
        })
    };
    assert!(on_disk());
    store.erase_payload(0, operator_id(), time(1)).await.unwrap();
    assert!(!on_disk());
}
