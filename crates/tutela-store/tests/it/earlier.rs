//! Looking back: earlier scans with the same content or device, and what examiners said.

use tutela_core::{CaptureData, Category, Exhibit, Sha256};
use tutela_ledger::acts;
use tutela_store::{Batch, Seen, Statement, StatementSource};

use crate::places::Place;
use crate::things::{
    draft, exhibit, full_exhibit, new_scan, operator_id, scan_id, time, with_operator,
};

fn of_device(n: u64, make: &str, serial: &str) -> Exhibit {
    let text = |text: &str| Some(text.to_owned());
    let capture = CaptureData { make: text(make), serial: text(serial), ..CaptureData::default() };
    Exhibit { capture, ..exhibit(n) }
}

fn sha256(exhibit: &Exhibit) -> Sha256 {
    exhibit.digests.unwrap().sha256
}

/// Three scans: two earlier ones and the present one.
async fn three_scans(place: &Place, exhibits: [Vec<Exhibit>; 3]) {
    with_operator(&place.store).await;
    for (n, exhibits) in (1..).zip(exhibits) {
        place.store.start_scan(&new_scan(n), vec![]).await.unwrap();
        let batch = Batch { exhibits, ..Batch::default() };
        place.store.commit_batch(scan_id(n), batch).await.unwrap();
    }
}

pub(crate) async fn earlier_scans_are_found_by_what_they_hold(place: Place) {
    let again = |n: u64, of: u64| Exhibit { digests: exhibit(of).digests, ..exhibit(n) };
    let devices = [("Example", "AB-\0 12"), ("Example", "0000"), ("Other", "AB-12")];
    let [hostile, blank, other] = devices;
    three_scans(
        &place,
        [
            vec![exhibit(1), again(2, 1), of_device(3, hostile.0, hostile.1)],
            vec![again(11, 1), of_device(12, blank.0, blank.1), exhibit(13)],
            vec![again(21, 1), again(22, 13), of_device(23, "example ", "ab-\0 12")],
        ],
    )
    .await;
    let store = &place.store;
    let looked_for: Vec<Sha256> = [1, 13, 99].map(|n| sha256(&exhibit(n))).to_vec();
    let seen = |what, scan, exhibits| Seen { what, scan: scan_id(scan), exhibits };
    assert_eq!(
        store.seen_before(scan_id(3), &looked_for).await.unwrap(),
        [seen(looked_for[0], 1, 2), seen(looked_for[0], 2, 1), seen(looked_for[1], 2, 1)]
    );
    assert_eq!(store.seen_before(scan_id(1), &looked_for).await.unwrap(), []);
    assert_eq!(
        store.places_before(scan_id(3), &looked_for[1..]).await.unwrap(),
        [(looked_for[1], scan_id(2), exhibit(13).path)]
    );
    let before: Vec<_> =
        store.scans_before(scan_id(3)).await.unwrap().into_iter().map(|scan| scan.id).collect();
    assert_eq!(before, [scan_id(1), scan_id(2)]);
    let many: Vec<Sha256> = (0..1_000).map(|n| sha256(&exhibit(n))).collect();
    assert_eq!(store.seen_before(scan_id(3), &many).await.unwrap().len(), 5);

    let looked_for = [["EXAMPLE", "", "ab-\0 12"], ["Example", "", "0000"], [other.0, "", other.1]];
    assert_eq!(
        store.devices_before(scan_id(3), &looked_for).await.unwrap(),
        [Seen { what: 0, scan: scan_id(1), exhibits: 1 }],
        "serial numbers that tell nothing are not kept, other makers are other devices"
    );
}

pub(crate) async fn signals_come_in_pages(place: Place) {
    let full =
        |n| Exhibit { id: exhibit(n).id, source_key: exhibit(n).source_key, ..full_exhibit(n) };
    three_scans(&place, [vec![full(1), exhibit(2), full(3), full(4)], vec![], vec![]]).await;
    let page = place.store.signals_page(scan_id(1), 0, 2).await.unwrap();
    assert_eq!(page.signals, [full(1).signals, full(3).signals]);
    assert_eq!(page.next, Some(3));
    let page = place.store.signals_page(scan_id(1), 3, 2).await.unwrap();
    assert_eq!((page.signals.len(), page.next), (1, None));
}

pub(crate) async fn statements_are_only_added_to(place: Place) {
    three_scans(&place, [vec![exhibit(1)], vec![exhibit(2)], vec![]]).await;
    let store = &place.store;
    let said = |n: u64, code: &str, comment: Option<&str>| Statement {
        sha256: sha256(&exhibit(n)),
        category: Category { scheme: "projectvic:us".to_owned(), code: code.to_owned() },
        comment: comment.map(str::to_owned),
        source_row: n,
    };
    let source = |scan: u64, examiner: &str| StatementSource {
        scan: scan_id(scan),
        examiner: examiner.to_owned(),
        operator: operator_id(),
        stated_at: time(scan as i64),
        source_sha256: Sha256([scan as u8; 32]),
    };
    let first = [said(1, "2", None), said(2, "5", Some("a \0 note"))];
    let custody = vec![draft(acts::MEDIA_CATEGORISED)];
    store.add_statements(&source(1, "Jo Example"), &first, custody).await.unwrap();
    store.add_statements(&source(2, "Max Muster"), &[said(1, "3", None)], vec![]).await.unwrap();
    store.add_statements(&source(2, "Max Muster"), &[], vec![]).await.unwrap();

    let found = store.statements(&[sha256(&exhibit(1)), sha256(&exhibit(9))]).await.unwrap();
    let told: Vec<_> = found.iter().map(|s| (s.statement.clone(), s.source.clone())).collect();
    assert_eq!(
        told,
        [
            (first[0].clone(), source(1, "Jo Example")),
            (said(1, "3", None), source(2, "Max Muster"))
        ]
    );
    let both: Vec<Sha256> = [2, 1].map(|n| sha256(&exhibit(n))).to_vec();
    let codes: Vec<String> = store
        .statements(&both)
        .await
        .unwrap()
        .into_iter()
        .map(|s| s.statement.category.code)
        .collect();
    assert_eq!(codes, ["2", "5", "3"], "in the order they were added");
    assert_eq!(store.ledger_size().await.unwrap(), 1);
}
