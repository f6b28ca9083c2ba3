//! Transfers: all of a file, or nothing; each id once; words about people apart.

use tutela_core::{
    AccountId, Currency, Money, PartyRecord, Sha256, Transfer, TransferId, TransferRecord,
};
use tutela_ledger::acts;
use tutela_store::{NewTransferFile, Store, StoreError, Subject};

use crate::places::Place;
use crate::things::{draft, operator_id, time, with_operator};

pub(crate) fn file(n: u8) -> NewTransferFile {
    NewTransferFile {
        name: format!("month {n}.csv"),
        sha256: Sha256([n; 32]),
        format: "csv".to_owned(),
        imported_at: time(i64::from(n)),
        operator: operator_id(),
        case: None,
    }
}

pub(crate) fn record(n: u64) -> TransferRecord {
    let transfer = Transfer {
        id: TransferId(format!("t-{n}")),
        time: time(n as i64),
        amount: Money { minor: 1_500 + n as i64, currency: Currency::USD },
        payer: AccountId(format!("payer-{}", n % 7)),
        payee: AccountId(format!("payee-{}", n % 3)),
    };
    let mut record = TransferRecord::bare(n + 1, transfer);
    record.payer = PartyRecord {
        name: Some(format!("Jo Example {}\0", n % 7)),
        country: Some("IT".to_owned()),
        birth_year: Some(1_970),
        ..PartyRecord::default()
    };
    record.payee.phone = Some(format!("+63 000 {}", n % 3));
    record.channel = Some("app".to_owned());
    record.purpose = n.is_multiple_of(2).then(|| "gift".to_owned());
    record.instructed = n.is_multiple_of(5).then_some(Money { minor: 9, currency: Currency::EUR });
    record.extra = vec![("branch".to_owned(), (n % 2).to_string())];
    record
}

async fn read(store: &Store) -> Vec<TransferRecord> {
    let mut all = Vec::new();
    for file in store.transfer_files().await.unwrap() {
        store.each_transfer(file.number, |record| all.push(record.clone())).await.unwrap();
    }
    all
}

pub(crate) async fn import(store: &Store, n: u8, records: &[TransferRecord]) -> Vec<u64> {
    let mut import = store.begin_transfers(&file(n)).await.unwrap();
    let mut left_out = Vec::new();
    for part in records.chunks(700) {
        left_out.extend(store.add_transfers(&mut import, part).await.unwrap());
    }
    store.finish_transfers(import, 2, vec![draft(acts::TRANSFERS_IMPORTED)]).await.unwrap();
    left_out
}

pub(crate) async fn everything_about_a_transfer_reads_back(Place { store, .. }: Place) {
    with_operator(&store).await;
    let mut records: Vec<TransferRecord> = (0..1_500).map(record).collect();
    records[3].transfer.id = TransferId("ü".repeat(2_000));
    let bare = TransferRecord::bare(1_501, record(1_500).transfer);
    records.push(bare);
    assert_eq!(import(&store, 1, &records).await, [0_u64; 0]);
    assert!(read(&store).await == records, "as they were read");
    let stored = store.transfer_files().await.unwrap();
    assert_eq!(
        (stored[0].begun.clone(), stored[0].transfers, stored[0].rejected),
        (file(1), 1_501, 2)
    );
    let ids = vec!["ü".repeat(2_000), "t-9".to_owned(), "none".to_owned()];
    let mut found = store.transfers_by_id(&ids).await.unwrap();
    found.sort_by_key(|record| record.row);
    assert!(found == [records[3].clone(), records[9].clone()]);
}

pub(crate) async fn a_file_of_transfers_shows_whole_and_once(Place { store, url }: Place) {
    with_operator(&store).await;
    let records: Vec<TransferRecord> = (0..20).map(record).collect();
    // An import that dies leaves nothing that anybody sees, and does not stand in the way of the next.
    let mut dead = store.begin_transfers(&file(1)).await.unwrap();
    store.add_transfers(&mut dead, &records[..9]).await.unwrap();
    assert_eq!(store.transfer_files().await.unwrap(), []);
    assert!(store.transfers_by_id(&["t-1".to_owned()]).await.unwrap().is_empty());
    let mut other = store.begin_transfers(&file(2)).await.unwrap();
    let error = store.add_transfers(&mut other, &records[8..]).await.unwrap_err();
    assert!(matches!(error, StoreError::WrongState { .. }), "{error:?}");
    store.abandon_transfers(other).await.unwrap();
    assert_eq!(import(&store, 1, &records).await, [0_u64; 0]);
    let error = store.add_transfers(&mut dead, &records[9..]).await.unwrap_err();
    assert!(matches!(error, StoreError::NotFound { .. }), "{error:?}");

    // The same file, and the same transfers in another file.
    let error = store.begin_transfers(&file(1)).await.unwrap_err();
    assert!(matches!(error, StoreError::Duplicate { .. }), "{error:?}");
    let more = [record(3), record(20), record(20)];
    assert_eq!(import(&store, 2, &more).await, [4, 21], "rows of what is there already");
    let ids: Vec<String> = read(&store).await.into_iter().map(|one| one.transfer.id.0).collect();
    assert_eq!(ids, (0..21).map(|n| format!("t-{n}")).collect::<Vec<_>>());
    assert_eq!(store.ledger_size().await.unwrap(), 2);
    Store::open(&url).await.unwrap().close().await;
    assert_eq!(read(&store).await.len(), 21);
}

pub(crate) async fn what_comes_one_by_one_joins_one_stream(Place { store, .. }: Place) {
    with_operator(&store).await;
    for n in 0..3 {
        let mut stream = store.open_stream(&file(9)).await.unwrap();
        assert_eq!(store.add_transfers(&mut stream, &[record(n)]).await.unwrap(), [0_u64; 0]);
        assert_eq!(store.add_transfers(&mut stream, &[record(n)]).await.unwrap(), [n + 1]);
    }
    let files = store.transfer_files().await.unwrap();
    assert_eq!((files.len(), files[0].transfers), (1, 3));
    assert!(read(&store).await == (0..3).map(record).collect::<Vec<_>>());
}

pub(crate) async fn words_about_people_are_erased_and_transfers_stay(Place { store, .. }: Place) {
    with_operator(&store).await;
    let records: Vec<TransferRecord> = (0..20).map(record).collect();
    import(&store, 1, &records).await;
    let said = store.party_words("payer-2", 10).await.unwrap();
    assert!(said == [record(2).payer]);
    let erased =
        store.erase_party_words("payer-2", draft(acts::TRANSFERS_WORDS_ERASED)).await.unwrap();
    assert!(erased > 1, "the person, and what they stated: {erased}");
    assert!(store.party_words("payer-2", 10).await.unwrap().is_empty());
    let again = store.erase_party_words("payer-2", draft(acts::TRANSFERS_WORDS_ERASED)).await;
    assert!(matches!(again, Err(StoreError::NotFound { .. })));
    for (now, before) in read(&store).await.iter().zip(&records) {
        assert_eq!(now.transfer, before.transfer);
        match before.transfer.payer.as_str() {
            "payer-2" => assert!(now.payer == PartyRecord::default() && now.purpose.is_none()),
            _ => assert!(now == before),
        }
        assert!(now.payee == before.payee, "others stay as they are");
    }
    let lines = store.entry_lines(0, 100).await.unwrap();
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().all(|line| !line.contains("payer-2")));
    assert!(
        store.entry_lines_about(Subject::Scan(crate::things::scan_id(1))).await.unwrap().is_empty()
    );
}
