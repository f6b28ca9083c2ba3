//! Brings the tables up to date: numbered SQL files, each applied once, in a transaction.

use sqlx::{AnyPool, Row};
use tutela_core::Timestamp;

use crate::rows::time_text;
use crate::{Result, StoreError};

/// The files in order; the first is version 1. Never changed once released, only added to.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_start.sql"),
    include_str!("../migrations/0002_claims.sql"),
    include_str!("../migrations/0003_unknown.sql"),
    include_str!("../migrations/0004_creation_modes.sql"),
    include_str!("../migrations/0005_signal_banks.sql"),
    include_str!("../migrations/0006_exchange_passes.sql"),
    include_str!("../migrations/0007_console.sql"),
    include_str!("../migrations/0008_once.sql"),
    include_str!("../migrations/0009_payments.sql"),
];

/// Two programs may bring the same store up to date at once: the one that comes second looks again.
const ATTEMPTS: u32 = 5;

/// Version of the tables; `None` where there are none.
pub(crate) async fn version(pool: &AnyPool) -> Result<Option<i64>> {
    let row = sqlx::query("SELECT MAX(version) FROM schema_version").fetch_one(pool).await;
    match row.map_err(|error| StoreError::of(error, "schema version")) {
        Ok(row) => Ok(row.try_get(0).map_err(StoreError::Statement)?),
        // The table is missing: both databases say so with an error of their own.
        Err(StoreError::Statement(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// Applies what is missing. Errors: [`StoreError::TooNew`] where the store is ahead.
pub(crate) async fn apply(pool: &AnyPool) -> Result<()> {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    for attempt in 1..=ATTEMPTS {
        let found = version(pool).await?.unwrap_or(0);
        if found > known {
            return Err(StoreError::TooNew { found, known });
        }
        match apply_after(pool, found).await {
            Err(StoreError::Duplicate { .. } | StoreError::Statement(_)) if attempt < ATTEMPTS => {}
            other => return other,
        }
    }
    Ok(())
}

async fn apply_after(pool: &AnyPool, found: i64) -> Result<()> {
    let of = |error| StoreError::of(error, "schema version");
    let create = "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY, applied_at TEXT NOT NULL)";
    sqlx::query(create).execute(pool).await.map_err(of)?;
    for (version, sql) in (1_i64..).zip(MIGRATIONS).skip_while(|(version, _)| *version <= found) {
        let mut transaction = pool.begin().await.map_err(of)?;
        // First, so that a second program waits here and then fails on the number.
        sqlx::query("INSERT INTO schema_version (version, applied_at) VALUES ($1, $2)")
            .bind(version)
            .bind(time_text(Timestamp::now()))
            .execute(&mut *transaction)
            .await
            .map_err(of)?;
        sqlx::raw_sql(*sql).execute(&mut *transaction).await.map_err(of)?;
        transaction.commit().await.map_err(of)?;
    }
    Ok(())
}
