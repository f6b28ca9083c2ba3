//! Reads the SQLite database of an NSRL RDS, version 3: somebody else's database, never written to.

use std::path::Path;
use std::pin::pin;
use std::str::FromStr;

use futures_core::Stream;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _};

use crate::{Result, StoreError};

/// Memory that SQLite may take in this process: one value of a hostile database may have a gigabyte.
const HEAP_LIMIT_BYTES: u32 = 1 << 30;
/// What every file has, in the order of their columns.
const DIGESTS: [&str; 3] = ["sha256", "sha1", "md5"];

/// An RDS, open for reading.
pub struct Nsrl {
    connection: SqliteConnection,
    table: &'static str,
    columns: Vec<String>,
}

/// What an RDS says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NsrlVersion {
    /// Such as `2026.03.1`.
    pub version: Option<String>,
    /// When it was released, as it is written.
    pub release_date: Option<String>,
}

/// A file that the RDS knows: digests as they are written, and the values of the columns asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NsrlFile {
    /// SHA-256, SHA-1, MD5.
    pub digests: [Option<String>; 3],
    /// One for each column asked for.
    pub values: Vec<Option<String>>,
}

impl Nsrl {
    /// Opens a database read-only. Nothing beside it is made, and no lock is taken.
    ///
    /// # Errors
    /// [`StoreError::Foreign`] where it is no RDS.
    pub async fn open(path: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::from_str("sqlite:")
            .map_err(foreign)?
            .filename(path)
            .read_only(true)
            .immutable(true)
            .pragma("trusted_schema", "OFF")
            .pragma("cell_size_check", "ON")
            .pragma("mmap_size", "0")
            .pragma("hard_heap_limit", HEAP_LIMIT_BYTES.to_string())
            .disable_statement_logging();
        let mut connection = options.connect().await.map_err(foreign)?;
        // A full set has its files in METADATA, and FILE is a view that joins them again for each query.
        for table in ["FILE", "METADATA"] {
            let columns = columns_of(&mut connection, table).await?;
            if columns.iter().any(|column| column == "sha1" || column == "md5") {
                return Ok(Self { connection, table, columns });
            }
        }
        Err(StoreError::Foreign { what: "an NSRL RDS, version 3", source: None })
    }

    /// Columns of the table of files, in lower case and in its order.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// What it says of itself.
    ///
    /// # Errors
    /// The database is damaged.
    pub async fn version(&mut self) -> Result<NsrlVersion> {
        if columns_of(&mut self.connection, "VERSION").await?.is_empty() {
            return Ok(NsrlVersion::default());
        }
        let sql = "SELECT substr(CAST(version AS TEXT), 1, 64), substr(CAST(release_date AS TEXT), 1, 64) \
                   FROM VERSION ORDER BY 1 DESC LIMIT 1";
        let row = sqlx::query(sql).fetch_optional(&mut self.connection).await;
        // Sets without these columns have no version to speak of.
        let Ok(Some(row)) = row else { return Ok(NsrlVersion::default()) };
        Ok(NsrlVersion {
            version: row.try_get(0).map_err(foreign)?,
            release_date: row.try_get(1).map_err(foreign)?,
        })
    }

    /// Hands over every row of the table of files, those with equal digests one behind the other.
    /// `wanted` are columns of it, besides the digests.
    ///
    /// # Errors
    /// A column is not there, or the database is damaged.
    pub async fn each_file(
        &mut self,
        wanted: &[String],
        give: &mut dyn FnMut(NsrlFile),
    ) -> Result<()> {
        let known = |column: &str| self.columns.iter().any(|known| known == column);
        if let Some(missing) = wanted.iter().find(|column| !known(column)) {
            return Err(StoreError::NotFound { what: "column", id: missing.clone() });
        }
        let digests =
            DIGESTS.map(|name| if known(name) { quoted(name) } else { "NULL".to_owned() });
        let texts = digests.iter().cloned().chain(wanted.iter().map(|column| quoted(column)));
        let texts: Vec<String> = texts.map(|column| format!("CAST({column} AS TEXT)")).collect();
        // The key of the table begins with the digests: this order costs nothing, and needs no sorting.
        let sql = format!(
            "SELECT {} FROM {} ORDER BY {}",
            texts.join(", "),
            quoted(self.table),
            digests.join(", ")
        );
        let mut rows = pin!(sqlx::query(AssertSqlSafe(sql)).fetch(&mut self.connection));
        while let Some(row) = std::future::poll_fn(|context| rows.as_mut().poll_next(context)).await
        {
            give(read(&row.map_err(foreign)?, wanted.len())?);
        }
        Ok(())
    }

    /// Closes the database.
    ///
    /// # Errors
    /// The database is damaged.
    pub async fn close(self) -> Result<()> {
        self.connection.close().await.map_err(foreign)
    }
}

fn read(row: &SqliteRow, wanted: usize) -> Result<NsrlFile> {
    let text = |index: usize| row.try_get::<Option<String>, _>(index).map_err(foreign);
    let values = (DIGESTS.len()..DIGESTS.len() + wanted).map(text);
    Ok(NsrlFile { digests: [text(0)?, text(1)?, text(2)?], values: values.collect::<Result<_>>()? })
}

/// Columns of a table, not of a view; none where there is no such table.
async fn columns_of(connection: &mut SqliteConnection, table: &'static str) -> Result<Vec<String>> {
    let sql = "SELECT lower(c.name) FROM sqlite_master AS m, pragma_table_info(m.name) AS c \
               WHERE m.type = 'table' AND upper(m.name) = $1 ORDER BY c.cid LIMIT 64";
    let rows = sqlx::query(sql).bind(table).fetch_all(connection).await.map_err(foreign)?;
    rows.iter().map(|row| row.try_get(0).map_err(foreign)).collect()
}

/// A name that SQLite takes as a name, whatever it holds.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn foreign(source: sqlx::Error) -> StoreError {
    StoreError::Foreign { what: "an NSRL RDS, version 3", source: Some(source) }
}
