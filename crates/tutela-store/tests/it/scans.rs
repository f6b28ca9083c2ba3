//! Scans, their batches, and what people say of the findings.

use std::collections::HashSet;

use tutela_core::{CaseId, Claim, Finding, FindingState, Method, ScanId, Sha256};
use tutela_ledger::acts;
use tutela_store::{Batch, NewScan, ScanState, SkippedPath, StoreError};

use crate::places::Place;
use crate::things::{
    draft, exhibit, exhibit_id, finding, finding_id, full_exhibit, id, near, new_scan, operator_id,
    scan_id, time, with_operator, with_scan,
};

fn batch(numbers: std::ops::Range<u64>) -> Batch {
    Batch { exhibits: numbers.map(exhibit).collect(), ..Batch::default() }
}

pub(crate) async fn a_scan_runs_stops_goes_on_and_ends(Place { store, .. }: Place) {
    with_operator(&store).await;
    let case = CaseId(id(6, 1));
    store.create_case(case, "Example", time(0), vec![]).await.unwrap();
    let begun = NewScan { case: Some(case), ..new_scan(1) };
    store.start_scan(&begun, vec![draft(acts::SCAN_STARTED)]).await.unwrap();
    store.start_scan(&new_scan(2), vec![]).await.unwrap();
    let other = NewScan { parameters_sha256: Sha256([8; 32]), ..new_scan(3) };
    store.start_scan(&other, vec![]).await.unwrap();
    let error = store.start_scan(&begun, vec![]).await.unwrap_err();
    assert!(matches!(error, StoreError::Duplicate { what: "scan" }), "{error:?}");

    let found = store.unfinished_scan(Sha256([7; 32])).await.unwrap().unwrap();
    assert_eq!(found.begun, new_scan(2), "the latest of those with the same parameters");
    store.finish_scan(scan_id(2), time(9), ScanState::Abandoned, "{}", vec![]).await.unwrap();
    let found = store.unfinished_scan(Sha256([7; 32])).await.unwrap().unwrap();
    assert_eq!(
        (found.begun, found.state, found.resumptions, found.exhibits),
        (begun, ScanState::Running, 0, 0)
    );
    assert_eq!(store.unfinished_scan(Sha256([1; 32])).await.unwrap(), None);

    let scan = scan_id(1);
    let skipped = |path: &str| SkippedPath {
        path: path.into(),
        code: "walk.denied".into(),
        message: "No.".into(),
    };
    let first = Batch { skipped: vec![skipped("/z"), skipped("/a")], ..batch(0..3) };
    store.commit_batch(scan, first).await.unwrap();
    store.note_resumed(scan, time(5), vec![draft(acts::SCAN_RESUMED)]).await.unwrap();
    // A resumed scan meets the same closed doors again.
    let second = Batch { skipped: vec![skipped("/a")], ..batch(3..5) };
    store.commit_batch(scan, second).await.unwrap();
    assert_eq!(store.skipped_paths(scan).await.unwrap(), [skipped("/a"), skipped("/z")]);
    let keys = (0..5).map(|n| exhibit(n).source_key).collect();
    assert_eq!(store.done_keys(scan).await.unwrap(), keys);

    store.finish_scan(scan, time(10), ScanState::Finished, r#"{"files":5}"#, vec![]).await.unwrap();
    let ended = store.scan(scan).await.unwrap();
    assert_eq!(
        (ended.state, ended.finished_at, ended.exhibits),
        (ScanState::Finished, Some(time(10)), 5)
    );
    assert_eq!((ended.resumptions, ended.resumed_at), (1, Some(time(5))));
    assert_eq!(ended.summary_json.as_deref(), Some(r#"{"files":5}"#));

    let late = store.commit_batch(scan, batch(5..6)).await.unwrap_err();
    assert!(matches!(late, StoreError::WrongState { what: "scan", .. }), "{late:?}");
    let late = store.note_resumed(scan, time(11), vec![]).await.unwrap_err();
    assert!(matches!(late, StoreError::WrongState { .. }), "{late:?}");
    let unknown = store.commit_batch(ScanId(id(2, 99)), Batch::default()).await.unwrap_err();
    assert!(matches!(unknown, StoreError::NotFound { what: "scan", .. }), "{unknown:?}");
    let order: Vec<ScanId> = store.scans().await.unwrap().into_iter().map(|s| s.begun.id).collect();
    assert_eq!(order, [scan_id(1), scan_id(2), scan_id(3)]);
}

pub(crate) async fn everything_about_an_exhibit_reads_back(Place { store, .. }: Place) {
    let scan = with_scan(&store).await;
    let mut unreadable = exhibit(2);
    unreadable.digests = None;
    let exhibits = vec![full_exhibit(1), unreadable, exhibit(3)];
    store
        .commit_batch(scan, Batch { exhibits: exhibits.clone(), ..Batch::default() })
        .await
        .unwrap();
    assert_eq!(store.exhibits(scan).await.unwrap(), exhibits);
    assert_eq!(store.exhibits_page(scan, 1, 1).await.unwrap(), exhibits[1..2]);
    assert_eq!(store.exhibits_page(scan, 3, 9).await.unwrap(), []);
    assert_eq!(store.exhibit(exhibit_id(1)).await.unwrap(), (scan, full_exhibit(1)));
    let error = store.exhibit(exhibit_id(99)).await.unwrap_err();
    assert!(matches!(error, StoreError::NotFound { what: "exhibit", .. }), "{error:?}");
}

pub(crate) async fn everything_about_a_finding_reads_back(Place { store, .. }: Place) {
    let scan = with_scan(&store).await;
    let mut bare = finding(4, 1, Method::Md5);
    let Claim::Listed(matched) = &mut bare.claim else { unreachable!() };
    (matched.key, matched.category) = (None, None);
    let findings = vec![
        finding(1, 1, near(31)),
        finding(2, 1, Method::Sha256),
        finding(3, 1, Method::Sha1),
        bare,
        finding(5, 1, Method::Vpdq { exhibit_percent: 80, entry_percent: 100 }),
        Finding { claim: Claim::ThumbnailDiffers { distance: 118 }, ..finding(6, 1, Method::Md5) },
        Finding { claim: Claim::ProvenanceConflict, ..finding(7, 1, Method::Md5) },
    ];
    let batch =
        Batch { exhibits: vec![exhibit(1)], findings: findings.clone(), ..Batch::default() };
    store.commit_batch(scan, batch).await.unwrap();
    let stored = store.findings(scan).await.unwrap();
    let names = ["media.near", "distance"];
    let restored: Vec<_> = stored.iter().map(|stored| stored.to_finding(&names).unwrap()).collect();
    assert_eq!(restored, findings);
    assert!(
        stored.iter().all(|stored| stored.state == FindingState::Open && stored.decided.is_none())
    );
    assert_eq!(store.finding(finding_id(3)).await.unwrap(), stored[2]);
    assert!(matches!(stored[0].to_finding(&["media.near"]), Err(StoreError::UnknownRule)));
}

pub(crate) async fn a_batch_is_stored_whole_or_not_at_all(Place { store, .. }: Place) {
    let scan = with_scan(&store).await;
    let good = Batch { custody: vec![draft(acts::EXHIBIT_SEALED)], ..batch(0..10) };
    store.commit_batch(scan, good).await.unwrap();

    // The last exhibit has the source key of the first, under another id.
    let mut doubled = exhibit(20);
    doubled.source_key = exhibit(0).source_key;
    let bad = |exhibits: Vec<_>, findings: Vec<_>| Batch {
        skipped: vec![SkippedPath { path: "/a".into(), code: "c".into(), message: "m".into() }],
        custody: vec![draft(acts::EXHIBIT_SEALED); 3],
        exhibits,
        findings,
    };
    let error = store
        .commit_batch(scan, bad(vec![exhibit(18), exhibit(19), doubled], vec![]))
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::Duplicate { what: "exhibit" }), "{error:?}");
    let error =
        store.commit_batch(scan, bad(vec![exhibit(20), exhibit(20)], vec![])).await.unwrap_err();
    assert!(matches!(error, StoreError::Duplicate { what: "exhibit" }), "{error:?}");
    // A finding about an exhibit that nobody stored.
    let stray = finding(1, 77, Method::Md5);
    let error = store.commit_batch(scan, bad(vec![exhibit(20)], vec![stray])).await.unwrap_err();
    assert!(matches!(error, StoreError::DanglingReference(_)), "{error:?}");
    // A size that no file has.
    let mut giant = exhibit(20);
    giant.size_bytes = u64::MAX;
    let error = store.commit_batch(scan, bad(vec![giant], vec![])).await.unwrap_err();
    assert!(matches!(error, StoreError::Unstorable { .. }), "{error:?}");

    assert_eq!(store.exhibits(scan).await.unwrap().len(), 10);
    assert_eq!(store.scan(scan).await.unwrap().exhibits, 10);
    assert_eq!(store.findings(scan).await.unwrap(), []);
    assert_eq!(store.skipped_paths(scan).await.unwrap(), []);
    assert_eq!(store.ledger_size().await.unwrap(), 1);

    // The scan goes on, without a gap.
    store.commit_batch(scan, batch(10..12)).await.unwrap();
    assert_eq!(store.exhibits_page(scan, 10, 5).await.unwrap(), [exhibit(10), exhibit(11)]);
    // The same file may be found by another scan.
    store.start_scan(&new_scan(2), vec![]).await.unwrap();
    let mut again = exhibit(30);
    again.source_key = exhibit(0).source_key;
    store
        .commit_batch(scan_id(2), Batch { exhibits: vec![again], ..Batch::default() })
        .await
        .unwrap();
}

pub(crate) async fn a_person_decides_once_about_a_finding(Place { store, .. }: Place) {
    let scan = with_scan(&store).await;
    let findings = (1..=2).map(|n| finding(n, 1, near(3))).collect();
    store
        .commit_batch(scan, Batch { exhibits: vec![exhibit(1)], findings, ..Batch::default() })
        .await
        .unwrap();
    let (person, confirmed) = (operator_id(), vec![draft(acts::FINDING_CONFIRMED)]);
    store.confirm_finding(finding_id(1), person, time(5), confirmed.clone()).await.unwrap();
    store
        .dismiss_finding(finding_id(2), person, time(6), vec![draft(acts::FINDING_DISMISSED)])
        .await
        .unwrap();
    let stored = store.findings(scan).await.unwrap();
    assert_eq!(
        (stored[0].state, stored[0].decided),
        (FindingState::Confirmed, Some((person, time(5))))
    );
    assert_eq!(
        (stored[1].state, stored[1].decided),
        (FindingState::Dismissed, Some((person, time(6))))
    );

    let error =
        store.confirm_finding(finding_id(2), person, time(7), confirmed.clone()).await.unwrap_err();
    assert!(matches!(error, StoreError::WrongState { what: "finding", .. }), "{error:?}");
    let error = store.confirm_finding(finding_id(9), person, time(7), confirmed).await.unwrap_err();
    assert!(matches!(error, StoreError::NotFound { what: "finding", .. }), "{error:?}");
    assert_eq!(store.ledger_size().await.unwrap(), 2);
}

pub(crate) async fn hostile_names_are_kept_as_they_are(Place { store, .. }: Place) {
    let scan = with_scan(&store).await;
    let names = [
        "a\0b",
        "\0",
        "'; DROP TABLE exhibits; --",
        "$1 ? %s \\",
        "\u{FDD0}0\u{10FFFF}",
        &"ü/".repeat(4000),
    ];
    let exhibits: Vec<_> = (0_u64..)
        .zip(names)
        .map(|(n, name)| {
            let mut exhibit = exhibit(n);
            (exhibit.path, exhibit.source_key) = (name.to_owned(), format!("{name}!{n}"));
            exhibit
        })
        .collect();
    let skipped: Vec<_> = names
        .iter()
        .map(|&n| SkippedPath { path: n.into(), code: n.into(), message: n.into() })
        .collect();
    let skipped: Vec<_> = skipped.into_iter().filter(|s| s.code.len() < 100).collect();
    let batch = Batch { exhibits: exhibits.clone(), skipped: skipped.clone(), ..Batch::default() };
    store.commit_batch(scan, batch).await.unwrap();
    assert_eq!(store.exhibits(scan).await.unwrap(), exhibits);
    let keys: HashSet<_> = exhibits.iter().map(|exhibit| exhibit.source_key.clone()).collect();
    assert_eq!(store.done_keys(scan).await.unwrap(), keys);
    let found: HashSet<_> =
        store.skipped_paths(scan).await.unwrap().into_iter().map(|s| s.path).collect();
    assert_eq!(found, skipped.into_iter().map(|s| s.path).collect());
}

pub(crate) async fn large_batches_keep_their_order(Place { store, .. }: Place) {
    let scan = with_scan(&store).await;
    // Crosses every size of statement that rows are inserted with.
    let mut next = 0;
    for size in [1, 3, 4, 5, 63, 600, 1100] {
        store.commit_batch(scan, batch(next..next + size)).await.unwrap();
        next += size;
    }
    let stored = store.exhibits(scan).await.unwrap();
    assert_eq!(stored.len() as u64, next);
    assert!(stored.iter().zip(0..).all(|(stored, n)| *stored == exhibit(n)));
}
