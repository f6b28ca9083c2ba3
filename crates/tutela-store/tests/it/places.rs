//! Where the story is told: a folder of its own for SQLite, a database of its own on PostgreSQL.

use std::panic::resume_unwind;

use sqlx::{AnyConnection, AssertSqlSafe, Connection};
use tutela_store::{Store, sqlite_url};

/// Names the server for the PostgreSQL half of the story; the database in it is only for connecting.
const POSTGRES: &str = "TUTELA_TEST_POSTGRES";

/// A new store, and its URL for those who open it again.
pub(crate) struct Place {
    pub(crate) store: Store,
    pub(crate) url: String,
}

pub(crate) async fn on_sqlite<F: Future<Output = ()>>(chapter: impl FnOnce(Place) -> F) {
    let dir = tempfile::tempdir().unwrap();
    // The odd name checks the escaping of the URL.
    let url = sqlite_url(&dir.path().join("a store?#%.db"));
    let store = Store::create(&url).await.unwrap();
    assert_eq!(store.backend(), "SQLite");
    chapter(Place { store, url }).await;
}

pub(crate) async fn on_postgres<F>(chapter: impl FnOnce(Place) -> F + Send + 'static)
where
    F: Future<Output = ()> + Send + 'static,
{
    let Ok(server) = std::env::var(POSTGRES) else {
        println!("skipped: {POSTGRES} is not set, so there is no PostgreSQL to tell the story to");
        return;
    };
    sqlx::any::install_default_drivers();
    let name = format!("tutela_test_{}", uuid::Uuid::from_u128(unique()).simple());
    let mut admin = AnyConnection::connect(&server).await.unwrap();
    sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .execute(&mut admin)
        .await
        .unwrap();
    let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);

    // In a task, so that the database goes away whatever happens in the chapter.
    let told = tokio::spawn(async move {
        let store = Store::create(&url).await.unwrap();
        assert_eq!(store.backend(), "PostgreSQL");
        chapter(Place { store, url }).await;
    })
    .await;
    sqlx::query(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)")))
        .execute(&mut admin)
        .await
        .unwrap();
    if let Err(error) = told {
        resume_unwind(error.into_panic());
    }
}

/// A number that no other test on this server has.
fn unique() -> u128 {
    let hash = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), std::process::id());
    let nanos = tutela_core::Timestamp::now().as_nanosecond().unsigned_abs();
    (u128::from(hash) << 64) | (nanos & u128::from(u64::MAX))
}
