//! Making, opening and reopening a store.

use sqlx::AnyConnection;
use sqlx::Connection;
use tutela_core::{Class, Coded};
use tutela_ledger::acts;
use tutela_store::{Store, StoreError, sqlite_url};

use crate::places::Place;
use crate::things::{draft, operator_id, with_operator};

pub(crate) async fn a_store_opens_again_as_it_was(place: Place) {
    with_operator(&place.store).await;
    place.store.append(vec![draft(acts::OPERATOR_ADDED)]).await.unwrap();
    place.store.close().await;
    for store in [Store::open(&place.url).await.unwrap(), Store::create(&place.url).await.unwrap()]
    {
        assert_eq!(store.operator(operator_id()).await.unwrap().name, "Jo Example");
        assert_eq!(store.ledger_size().await.unwrap(), 1);
        store.close().await;
    }
}

pub(crate) async fn a_store_of_a_later_version_is_refused(place: Place) {
    let mut direct = AnyConnection::connect(&place.url).await.unwrap();
    sqlx::query("INSERT INTO schema_version (version, applied_at) VALUES (9999, 'later')")
        .execute(&mut direct)
        .await
        .unwrap();
    let error = Store::open(&place.url).await.unwrap_err();
    assert!(matches!(error, StoreError::TooNew { found: 9999, .. }), "{error:?}");
    assert_eq!((error.code(), error.class()), ("store.too_new", Class::Conflict));
}

pub(crate) async fn several_programs_may_create_one_store(place: Place) {
    let again = (0..4).map(|_| {
        tokio::spawn({
            let url = place.url.clone();
            async move { Store::create(&url).await.map(drop) }
        })
    });
    for created in again.collect::<Vec<_>>() {
        created.await.unwrap().unwrap();
    }
    // The same on a store that is not there yet: SQLite only, where that is a matter of a file.
    if place.store.backend() == "SQLite" {
        let dir = tempfile::tempdir().unwrap();
        let url = sqlite_url(&dir.path().join("new.db"));
        let created = (0..4).map(|_| {
            tokio::spawn({
                let url = url.clone();
                async move { Store::create(&url).await.map(drop) }
            })
        });
        for created in created.collect::<Vec<_>>() {
            created.await.unwrap().unwrap();
        }
    }
}

#[tokio::test]
async fn what_is_no_store_is_not_opened() {
    let dir = tempfile::tempdir().unwrap();
    let missing = dir.path().join("missing.db");
    let error = Store::open(&sqlite_url(&missing)).await.unwrap_err();
    assert_eq!((error.code(), error.class()), ("store.none", Class::NotFound));
    assert!(!missing.exists(), "opening makes nothing");

    let empty = dir.path().join("empty.db");
    std::fs::write(&empty, "").unwrap();
    assert!(matches!(Store::open(&sqlite_url(&empty)).await, Err(StoreError::NoStore)));

    for url in ["", "tutela.db", "mysql://example.org/x"] {
        assert!(matches!(Store::open(url).await, Err(StoreError::UnknownBackend)), "{url}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable() {
    let error = Store::open("postgres://nobody@127.0.0.1:1/none").await.unwrap_err();
    assert_eq!((error.code(), error.class()), ("store.unavailable", Class::Unavailable));
}

#[tokio::test]
async fn sqlite_writes_ahead() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create(&sqlite_url(&dir.path().join("x.db"))).await.unwrap();
    drop(store);
    let mut direct = AnyConnection::connect(&sqlite_url(&dir.path().join("x.db"))).await.unwrap();
    let row = sqlx::query("PRAGMA journal_mode").fetch_one(&mut direct).await.unwrap();
    assert_eq!(sqlx::Row::get::<String, _>(&row, 0), "wal");
}
