//! Hash lists: all of one, or nothing.

use tutela_core::{ListEntry, ListRole};
use tutela_ledger::acts;
use tutela_store::{ListCounts, NewList, Store, StoreError, StoredList};

use crate::places::Place;
use crate::things::{draft, entry, full_entry, list_id, new_list, time, with_operator};

fn counts(entries: u64) -> ListCounts {
    ListCounts { entries, ..ListCounts::default() }
}

async fn import(store: &Store, n: u64, entries: &[ListEntry]) {
    store.begin_list(&new_list(n)).await.unwrap();
    store.add_entries(list_id(n), entries).await.unwrap();
    store.finish_list(list_id(n), counts(entries.len() as u64), vec![]).await.unwrap();
}

pub(crate) async fn a_list_shows_only_once_it_is_complete(Place { store, .. }: Place) {
    with_operator(&store).await;
    let unseen = async |store: &Store| {
        assert_eq!(store.lists().await.unwrap(), []);
        for error in [
            store.list(list_id(1)).await.unwrap_err(),
            store.entries(list_id(1), 0, 10).await.unwrap_err(),
            store.remove_list(list_id(1), vec![]).await.unwrap_err(),
        ] {
            assert!(matches!(error, StoreError::NotFound { what: "list", .. }), "{error:?}");
        }
    };
    store.begin_list(&new_list(1)).await.unwrap();
    unseen(&store).await;
    store.add_entries(list_id(1), &[entry(0), entry(1)]).await.unwrap();
    store.add_entries(list_id(1), &[full_entry(2)]).await.unwrap();
    unseen(&store).await;
    let error = store
        .finish_list(list_id(1), counts(2), vec![draft(acts::LIST_IMPORTED)])
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::WrongCount { told: 2, found: 3 }), "{error:?}");
    unseen(&store).await;

    let told = ListCounts { entries: 3, withdrawn: 0, rejected: 7 };
    store.finish_list(list_id(1), told, vec![draft(acts::LIST_IMPORTED)]).await.unwrap();
    let list = StoredList {
        begun: new_list(1),
        counts: ListCounts { entries: 3, withdrawn: 1, rejected: 7 },
    };
    assert_eq!(store.list(list_id(1)).await.unwrap(), list);
    assert_eq!(store.lists().await.unwrap(), [list]);
    assert_eq!(store.ledger_size().await.unwrap(), 1);

    // It is complete now, and stays so.
    let error = store.add_entries(list_id(1), &[entry(3)]).await.unwrap_err();
    assert!(matches!(error, StoreError::NotFound { .. }), "{error:?}");
    let error = store.begin_list(&new_list(1)).await.unwrap_err();
    assert!(matches!(error, StoreError::Duplicate { what: "list" }), "{error:?}");
}

pub(crate) async fn everything_about_an_entry_reads_back(Place { store, .. }: Place) {
    with_operator(&store).await;
    let good = NewList {
        source: None,
        dated: None,
        scheme: Some("projectvic:us".to_owned()),
        role: ListRole::KnownGood,
        ..new_list(2)
    };
    let entries: Vec<ListEntry> =
        (0..1300).map(|n| if n % 7 == 0 { full_entry(n) } else { entry(n) }).collect();
    store.begin_list(&good).await.unwrap();
    for part in entries.chunks(1000) {
        store.add_entries(list_id(2), part).await.unwrap();
    }
    store.finish_list(list_id(2), counts(1300), vec![]).await.unwrap();
    assert_eq!(store.list(list_id(2)).await.unwrap().begun, good);

    let (mut read, mut at) = (Vec::new(), Some(0));
    while let Some(position) = at {
        let page = store.entries(list_id(2), position, 400).await.unwrap();
        read.extend(page.entries);
        at = page.next;
    }
    assert_eq!(read, entries);
    let beyond = store.entries(list_id(2), 5000, 10).await.unwrap();
    assert_eq!((beyond.entries, beyond.next), (vec![], None));
}

pub(crate) async fn remains_of_dead_imports_are_cleared(Place { store, url }: Place) {
    with_operator(&store).await;
    import(&store, 1, &[entry(0)]).await;
    store.begin_list(&new_list(2)).await.unwrap();
    store.add_entries(list_id(2), &[entry(0), entry(1)]).await.unwrap();

    // A second program that opens the store leaves an import alone that may still be alive.
    let second = Store::open(&url).await.unwrap();
    assert_eq!(second.lists().await.unwrap().len(), 1);
    store.add_entries(list_id(2), &[entry(2)]).await.unwrap();

    let later = "2999-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(second.clear_dead_imports(time(0)).await.unwrap(), 0);
    assert_eq!(second.clear_dead_imports(later).await.unwrap(), 1);
    assert_eq!(second.clear_dead_imports(later).await.unwrap(), 0);
    assert_eq!(store.lists().await.unwrap().len(), 1, "a complete list is not touched");
    for error in [
        store.add_entries(list_id(2), &[entry(3)]).await.unwrap_err(),
        store.finish_list(list_id(2), counts(3), vec![]).await.unwrap_err(),
    ] {
        assert!(matches!(error, StoreError::NotFound { .. }), "{error:?}");
    }
    // Nothing is left in the way of a new try.
    import(&store, 2, &[entry(0)]).await;
    assert_eq!(store.entries(list_id(2), 0, 10).await.unwrap().entries, [entry(0)]);
}

pub(crate) async fn a_list_is_removed_with_its_entries(Place { store, .. }: Place) {
    with_operator(&store).await;
    import(&store, 1, &[entry(0), entry(1)]).await;
    import(&store, 2, &[entry(5)]).await;
    store.remove_list(list_id(1), vec![draft(acts::LIST_REMOVED)]).await.unwrap();
    let left: Vec<_> = store.lists().await.unwrap().into_iter().map(|list| list.begun.id).collect();
    assert_eq!(left, [list_id(2)]);
    assert_eq!(store.entries(list_id(2), 0, 10).await.unwrap().entries, [entry(5)]);
    assert!(matches!(
        store.remove_list(list_id(1), vec![]).await,
        Err(StoreError::NotFound { .. })
    ));

    store.begin_list(&new_list(3)).await.unwrap();
    store.add_entries(list_id(3), &[entry(0)]).await.unwrap();
    store.abandon_list(list_id(3)).await.unwrap();
    assert!(matches!(store.abandon_list(list_id(3)).await, Err(StoreError::NotFound { .. })));
    assert_eq!(store.ledger_size().await.unwrap(), 1);
}
