//! Hash lists and signal banks. A list shows only once its last entry is in.

use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;
use tutela_core::{ListEntry, ListId, ListRole, OpaqueSignal, OperatorId, Sha256, Timestamp};

use crate::findings::category;
use crate::ledger::append_to;
use crate::rows::{Reader, Transaction, each, escaped, insert_rows, int, time_text};
use crate::scans::next_number;
use crate::store::commit;
use crate::{LedgerDraft, Result, Store, StoreError};

/// A list whose import begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewList {
    /// Its identity.
    pub id: ListId,
    /// The bank it belongs to.
    pub bank: String,
    /// What people call it.
    pub title: String,
    /// Who issued it.
    pub source: Option<String>,
    /// Date of issue.
    pub dated: Option<Timestamp>,
    /// The scheme of its category codes.
    pub scheme: Option<String>,
    /// Id of the format it was read from.
    pub format: String,
    /// What it is looked up for.
    pub role: ListRole,
    /// SHA-256 of the file as it was read.
    pub file_sha256: Sha256,
    /// When its import began.
    pub imported_at: Timestamp,
    /// Who imported it.
    pub operator: OperatorId,
}

/// What became of the rows of a list's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ListCounts {
    /// Entries stored.
    pub entries: u64,
    /// Of these, withdrawn by the sender.
    pub withdrawn: u64,
    /// Rows that could not be used.
    pub rejected: u64,
}

/// A list in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredList {
    /// What it was imported with.
    pub begun: NewList,
    /// What became of its rows.
    pub counts: ListCounts,
}

/// Some entries of a list, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntriesPage {
    /// The entries.
    pub entries: Vec<ListEntry>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<u64>,
}

const COLUMNS: &str = "id, bank, title, source, dated, scheme, format, role, file_sha256, imported_at, operator, \
    entries, withdrawn, rejected";
/// State of a list whose entries are still coming in.
const IMPORTING: &str = "importing";
/// State of a list that can be looked up.
const READY: &str = "ready";

impl Store {
    /// Begins an import. Nobody sees the list before [`Store::finish_list`].
    pub async fn begin_list(&self, list: &NewList) -> Result<()> {
        let mut transaction = self.begin().await?;
        let number = next_number(&mut transaction, "hash_lists").await?;
        sqlx::query(
            "INSERT INTO hash_lists (number, id, bank, title, source, dated, scheme, format, role, \
             file_sha256, imported_at, operator, state, touched_at, entries, withdrawn, rejected) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, 0, 0)",
        )
        .bind(number)
        .bind(list.id.to_string())
        .bind(escaped(&list.bank))
        .bind(escaped(&list.title))
        .bind(list.source.as_deref().map(escaped))
        .bind(list.dated.map(time_text))
        .bind(list.scheme.as_deref().map(escaped))
        .bind(escaped(&list.format))
        .bind(list.role.as_str())
        .bind(list.file_sha256.to_string())
        .bind(time_text(list.imported_at))
        .bind(list.operator.to_string())
        .bind(IMPORTING)
        .bind(time_text(Timestamp::now()))
        .execute(&mut *transaction)
        .await
        .map_err(|error| StoreError::of(error, "list"))?;
        commit(transaction).await
    }

    /// Adds entries to a list whose import is under way; each call is one transaction.
    pub async fn add_entries(&self, list: ListId, entries: &[ListEntry]) -> Result<()> {
        let mut transaction = self.begin().await?;
        let added = int(entries.len() as u64, "entries")?;
        let withdrawn = entries.iter().filter(|entry| entry.withdrawn).count() as u64;
        let row = sqlx::query(
            "UPDATE hash_lists SET entries = entries + $1, withdrawn = withdrawn + $2, touched_at = $3 \
             WHERE id = $4 AND state = $5 RETURNING number, entries",
        )
        .bind(added)
        .bind(int(withdrawn, "entries")?)
        .bind(time_text(Timestamp::now()))
        .bind(list.to_string())
        .bind(IMPORTING)
        .fetch_optional(&mut *transaction)
        .await
        .map_err(|error| StoreError::of(error, "list"))?;
        let row = row.ok_or_else(|| StoreError::not_found("import of list", list))?;
        let row = Reader { table: "hash_lists", row: &row };
        let first = row.int::<i64>("entries")? - added;
        insert_entries(&mut transaction, row.int("number")?, first, entries).await?;
        commit(transaction).await
    }

    /// Ends an import and makes the list visible. The store has counted withdrawals itself.
    /// Errors: [`StoreError::WrongCount`] where `counts.entries` is not what was added.
    pub async fn finish_list(
        &self,
        list: ListId,
        counts: ListCounts,
        custody: Vec<LedgerDraft>,
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, custody).await?;
        let row = sqlx::query(
            "UPDATE hash_lists SET state = $1, rejected = $2 WHERE id = $3 AND state = $4 \
             RETURNING entries",
        )
        .bind(READY)
        .bind(int(counts.rejected, "rejected rows")?)
        .bind(list.to_string())
        .bind(IMPORTING)
        .fetch_optional(&mut *transaction)
        .await
        .map_err(|error| StoreError::of(error, "list"))?;
        let row = row.ok_or_else(|| StoreError::not_found("import of list", list))?;
        let found: u64 = Reader { table: "hash_lists", row: &row }.int("entries")?;
        if counts.entries != found {
            return Err(StoreError::WrongCount { told: counts.entries, found });
        }
        commit(transaction).await
    }

    /// Takes back an import that cannot be ended.
    pub async fn abandon_list(&self, list: ListId) -> Result<()> {
        self.delete_list(list, IMPORTING, Vec::new()).await
    }

    /// All lists, in the order in which their imports began.
    pub async fn lists(&self) -> Result<Vec<StoredList>> {
        let sql = format!("SELECT {COLUMNS} FROM hash_lists WHERE state = $1 ORDER BY number");
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(READY)
            .fetch_all(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "list"))?;
        rows.iter().map(read).collect()
    }

    /// One list.
    pub async fn list(&self, id: ListId) -> Result<StoredList> {
        let sql = format!("SELECT {COLUMNS} FROM hash_lists WHERE id = $1 AND state = $2");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(id.to_string())
            .bind(READY)
            .fetch_optional(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "list"))?
            .ok_or_else(|| StoreError::not_found("list", id))?;
        read(&row)
    }

    /// At most `limit` entries from a position on; 0 is the first. The page says where the next begins.
    pub async fn entries(&self, list: ListId, position: u64, limit: u32) -> Result<EntriesPage> {
        let of = |error| StoreError::of(error, "list");
        let row =
            sqlx::query("SELECT number, entries FROM hash_lists WHERE id = $1 AND state = $2")
                .bind(list.to_string())
                .bind(READY)
                .fetch_optional(&self.pool)
                .await
                .map_err(of)?
                .ok_or_else(|| StoreError::not_found("list", list))?;
        let head = Reader { table: "hash_lists", row: &row };
        let (number, total): (i64, u64) = (head.int("number")?, head.int("entries")?);
        let rows = sqlx::query(
            "SELECT source_row, entry_key, md5, sha1, sha256, pdq, other_json, category_scheme, \
             category_code, size_bytes, withdrawn, label FROM hash_list_entries \
             WHERE list = $1 AND position >= $2 ORDER BY position LIMIT $3",
        )
        .bind(number)
        .bind(int(position, "position")?)
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await
        .map_err(of)?;
        let entries: Vec<ListEntry> = rows.iter().map(read_entry).collect::<Result<_>>()?;
        let end = position.saturating_add(entries.len() as u64);
        Ok(EntriesPage { entries, next: (end < total).then_some(end) })
    }

    /// Removes a list and its entries.
    pub async fn remove_list(&self, list: ListId, custody: Vec<LedgerDraft>) -> Result<()> {
        self.delete_list(list, READY, custody).await
    }

    /// Clears away imports that were last written to before `before`; says how many.
    pub async fn clear_dead_imports(&self, before: Timestamp) -> Result<u64> {
        let rows = sqlx::query("SELECT id FROM hash_lists WHERE state = $1 AND touched_at < $2")
            .bind(IMPORTING)
            .bind(time_text(before))
            .fetch_all(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "list"))?;
        let mut cleared = 0;
        for row in &rows {
            let id = Reader { table: "hash_lists", row }.parsed("id")?;
            match self.delete_list(id, IMPORTING, Vec::new()).await {
                Ok(()) => cleared += 1,
                // Another program cleared it, or it was finished after all.
                Err(StoreError::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(cleared)
    }

    async fn delete_list(
        &self,
        list: ListId,
        state: &'static str,
        custody: Vec<LedgerDraft>,
    ) -> Result<()> {
        let of = |error| StoreError::of(error, "list");
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, custody).await?;
        // Locks the row, so that nothing is added or finished meanwhile.
        let row = sqlx::query(
            "UPDATE hash_lists SET state = state WHERE id = $1 AND state = $2 RETURNING number",
        )
        .bind(list.to_string())
        .bind(state)
        .fetch_optional(&mut *transaction)
        .await
        .map_err(of)?
        .ok_or_else(|| StoreError::not_found("list", list))?;
        let number: i64 = Reader { table: "hash_lists", row: &row }.int("number")?;
        for sql in [
            "DELETE FROM hash_list_entries WHERE list = $1",
            "DELETE FROM hash_lists WHERE number = $1",
        ] {
            sqlx::query(sql).bind(number).execute(&mut *transaction).await.map_err(of)?;
        }
        commit(transaction).await
    }
}

async fn insert_entries(
    transaction: &mut Transaction,
    list: i64,
    first: i64,
    entries: &[ListEntry],
) -> Result<()> {
    let insert = (
        "INSERT INTO hash_list_entries (list, position, source_row, entry_key, md5, sha1, sha256, pdq, \
         other_json, category_scheme, category_code, size_bytes, withdrawn, label)",
        14,
        "",
    );
    let rows: Vec<(i64, &ListEntry)> = (first..).zip(entries).collect();
    insert_rows(transaction, insert, "entry of a list", &rows, |query, (position, entry)| {
        let category = entry.category.as_ref();
        Ok(query
            .bind(list)
            .bind(*position)
            .bind(int(entry.row, "row of a list")?)
            .bind(entry.key.as_deref().map(escaped))
            .bind(entry.md5.map(|digest| digest.to_string()))
            .bind(entry.sha1.map(|digest| digest.to_string()))
            .bind(entry.sha256.map(|digest| digest.to_string()))
            .bind(entry.pdq.map(|signal| signal.to_string()))
            .bind(other_json(&entry.other))
            .bind(category.map(|category| escaped(&category.scheme)))
            .bind(category.map(|category| escaped(&category.code)))
            .bind(entry.size_bytes.map(|size| int(size, "size in a list")).transpose()?)
            .bind(i64::from(entry.withdrawn))
            .bind(entry.label.as_deref().map(escaped)))
    })
    .await
}

fn other_json(other: &[OpaqueSignal]) -> Option<String> {
    let one = |signal: &OpaqueSignal| json!({"kind": signal.kind, "value": signal.value});
    (!other.is_empty()).then(|| other.iter().map(one).collect::<Value>().to_string())
}

fn other_from(value: &Value) -> Option<OpaqueSignal> {
    let text = |key| value.get(key)?.as_str().map(str::to_owned);
    Some(OpaqueSignal { kind: text("kind")?, value: text("value")? })
}

fn read(row: &AnyRow) -> Result<StoredList> {
    let row = Reader { table: "hash_lists", row };
    Ok(StoredList {
        begun: NewList {
            id: row.parsed("id")?,
            bank: row.text("bank")?,
            title: row.text("title")?,
            source: row.text_or_null("source")?,
            dated: row.parsed_or_null("dated")?,
            scheme: row.text_or_null("scheme")?,
            format: row.text("format")?,
            role: row.one_of("role", &[ListRole::Alert, ListRole::KnownGood], ListRole::as_str)?,
            file_sha256: row.parsed("file_sha256")?,
            imported_at: row.parsed("imported_at")?,
            operator: row.parsed("operator")?,
        },
        counts: ListCounts {
            entries: row.int("entries")?,
            withdrawn: row.int("withdrawn")?,
            rejected: row.int("rejected")?,
        },
    })
}

fn read_entry(row: &AnyRow) -> Result<ListEntry> {
    let row = Reader { table: "hash_list_entries", row };
    Ok(ListEntry {
        row: row.int("source_row")?,
        key: row.text_or_null("entry_key")?,
        md5: row.parsed_or_null("md5")?,
        sha1: row.parsed_or_null("sha1")?,
        sha256: row.parsed_or_null("sha256")?,
        pdq: row.parsed_or_null("pdq")?,
        other: row.json_or_null("other_json", |value| each(value, other_from))?.unwrap_or_default(),
        category: category(&row)?,
        size_bytes: row.int_or_null("size_bytes")?,
        withdrawn: row.int::<i64>("withdrawn")? != 0,
        label: row.text_or_null("label")?,
    })
}
