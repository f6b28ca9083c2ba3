//! The store itself: opening and closing, and how its transactions queue.

use std::path::Path;
use std::sync::Once;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool, ConnectOptions as _, Connection as _};
use tutela_core::Timestamp;

use crate::rows::Transaction;
use crate::{Result, StoreError, migrations};

/// How long a writer waits for the one before it. A batch takes milliseconds; the end of a large
/// import, which takes all its entries into one statement, may take seconds.
const WRITER_WAIT_MS: u32 = 60_000;
/// How long a caller waits for a connection of the pool.
const CONNECTION_WAIT: Duration = Duration::from_secs(60);
/// Enough for a scan, an import and a handful of readers.
const CONNECTIONS: u32 = 8;
/// An import that has not written for so long has died with its program.
const DEAD_IMPORT: Duration = Duration::from_secs(15 * 60);

/// Which database is behind a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Backend {
    Sqlite,
    Postgres,
}

/// A handle to the store; clones share one pool of connections.
///
/// Every transaction that writes begins by writing: to the head of the ledger, where it appends,
/// else to a row that others write to first as well. So writers queue behind each other in one order
/// on both databases, and none has to be repeated.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) pool: AnyPool,
    pub(crate) backend: Backend,
}

/// The URL of a SQLite file, with everything escaped that a URL would take for its own.
pub fn sqlite_url(path: &Path) -> String {
    let mut url = String::from("sqlite:");
    for &byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
    url
}

impl Store {
    /// Makes a store: the SQLite file if need be, and the tables. An existing store is opened.
    /// `url` is `sqlite:PATH` (see [`sqlite_url`]) or `postgres://…`.
    pub async fn create(url: &str) -> Result<Self> {
        let store = Self::connect(url, "rwc").await?;
        store.bring_up_to_date().await
    }

    /// Opens an existing store, brings its tables up to date and clears away the remains of
    /// imports that died. Errors: [`StoreError::NoStore`] where nothing has been created.
    pub async fn open(url: &str) -> Result<Self> {
        let store = Self::connect(url, "rw").await?;
        if migrations::version(&store.pool).await?.is_none() {
            store.close().await;
            return Err(StoreError::NoStore);
        }
        store.bring_up_to_date().await
    }

    async fn bring_up_to_date(self) -> Result<Self> {
        migrations::apply(&self.pool).await?;
        let before = Timestamp::now().checked_sub(DEAD_IMPORT).unwrap_or(Timestamp::UNIX_EPOCH);
        self.clear_dead_imports(before).await?;
        self.clear_dead_transfers(before).await?;
        Ok(self)
    }

    async fn connect(url: &str, sqlite_mode: &str) -> Result<Self> {
        static DRIVERS: Once = Once::new();
        DRIVERS.call_once(sqlx::any::install_default_drivers);

        let (backend, url) = match url.split_once(':') {
            Some(("sqlite", _)) => {
                let and = if url.contains('?') { '&' } else { '?' };
                (Backend::Sqlite, format!("{url}{and}mode={sqlite_mode}"))
            }
            Some(("postgres" | "postgresql", _)) => (Backend::Postgres, url.to_owned()),
            _ => return Err(StoreError::UnknownBackend),
        };
        let options: AnyConnectOptions = url.parse().map_err(|_| StoreError::UnknownBackend)?;
        // Statements would name what people looked for in the log.
        let options = options.disable_statement_logging();
        // A pool would try a server that is not there for as long as a caller waits for a connection.
        let probe =
            options.connect().await.map_err(|error| match (backend, sqlite_code(&error)) {
                (Backend::Sqlite, Some(SQLITE_CANNOT_OPEN)) => StoreError::NoStore,
                _ => StoreError::of(error, "connection"),
            })?;
        probe.close().await.map_err(|error| StoreError::of(error, "connection"))?;
        let pool = AnyPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(CONNECTION_WAIT)
            .after_connect(move |connection, _| Box::pin(prepare(connection, backend)))
            .connect_with(options)
            .await
            .map_err(|error| StoreError::of(error, "connection"))?;
        Ok(Self { pool, backend })
    }

    /// `SQLite` or `PostgreSQL`.
    pub fn backend(&self) -> &'static str {
        match self.backend {
            Backend::Sqlite => "SQLite",
            Backend::Postgres => "PostgreSQL",
        }
    }

    /// Closes every connection; calls under way end first.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    pub(crate) async fn begin(&self) -> Result<Transaction> {
        self.pool.begin().await.map_err(|error| StoreError::of(error, "transaction"))
    }

    /// Overwrites what was deleted on the disk as far as the database lets us.
    pub(crate) async fn scrub(&self, table: &'static str) -> Result<()> {
        let sql = match self.backend {
            // Deleted rows are zeroed at once (`secure_delete`); this empties the log beside the file.
            Backend::Sqlite => "PRAGMA wal_checkpoint(TRUNCATE)".to_owned(),
            Backend::Postgres => format!("VACUUM {table}"),
        };
        let scrubbed = sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&self.pool).await;
        scrubbed.map(drop).map_err(|error| StoreError::of(error, "payload"))
    }
}

/// Ends a transaction well.
pub(crate) async fn commit(transaction: Transaction) -> Result<()> {
    transaction.commit().await.map_err(|error| StoreError::of(error, "transaction"))
}

/// Settles on each new connection what must hold for every transaction.
async fn prepare(connection: &mut AnyConnection, backend: Backend) -> sqlx::Result<()> {
    let settings = match backend {
        // FULL: what was acknowledged survives the machine. WAL: readers do not wait for a writer.
        Backend::Sqlite => format!(
            "PRAGMA busy_timeout = {WRITER_WAIT_MS}; PRAGMA journal_mode = WAL; \
             PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; \
             PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 16384"
        ),
        Backend::Postgres => format!("SET lock_timeout = {WRITER_WAIT_MS}; SET timezone = 'UTC'"),
    };
    sqlx::raw_sql(sqlx::AssertSqlSafe(settings)).execute(connection).await.map(drop)
}

/// The file is not there, or may not be opened.
pub(crate) const SQLITE_CANNOT_OPEN: u32 = 14;

/// The primary result code of SQLite, without what the extended code adds.
pub(crate) fn sqlite_code(error: &sqlx::Error) -> Option<u32> {
    let code = error.as_database_error()?.code()?;
    // PostgreSQL's codes have five characters, and may be all digits.
    code.parse::<u32>().ok().filter(|_| code.len() < 5).map(|code| code & 0xFF)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::sqlite_url;

    #[test]
    fn a_path_is_escaped_in_a_url() {
        assert_eq!(sqlite_url(Path::new("/a b/ü?#%.db")), "sqlite:/a%20b/%C3%BC%3F%23%25.db");
        assert_eq!(sqlite_url(Path::new("data/x.db")), "sqlite:data/x.db");
    }
}
