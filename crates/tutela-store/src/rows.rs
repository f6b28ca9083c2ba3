//! Rows: what becomes of a value in a column, and fast inserts of many rows.

use std::str::FromStr;

use serde_json::Value;
use sha2::{Digest, Sha256 as Hasher};
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::{Any, AssertSqlSafe, Row};
use tutela_core::{Sha256, Timestamp};

use crate::{Result, StoreError};

/// A transaction on either database.
pub(crate) type Transaction = sqlx::Transaction<'static, Any>;
/// A statement with its bound values.
pub(crate) type Query = sqlx::query::Query<'static, Any, AnyArguments>;

/// What the driver calls itself.
const SQLITE: &str = "SQLite";
/// Rows per statement. Few sizes, so that the prepared statements are found again; the largest
/// stays far below the 32 766 values of a statement of SQLite.
const CHUNKS: [usize; 5] = [512, 64, 16, 4, 1];

/// Inserts rows, many at a time. `head` ends before the values, `tail` comes after them; `bind`
/// binds exactly `columns` values.
pub(crate) async fn insert_rows<T>(
    transaction: &mut Transaction,
    (head, columns, tail): (&'static str, usize, &'static str),
    what: &'static str,
    rows: &[T],
    bind: impl Fn(Query, &T) -> Result<Query>,
) -> Result<()> {
    // SQLite finds a numbered placeholder by searching a list of all: some thousand are too slow.
    let placeholder = if transaction.backend_name() == SQLITE { "?" } else { "$" };
    let mut rest = rows;
    for size in CHUNKS {
        let (chunks, remainder) = rest.split_at(rest.len() - rest.len() % size);
        if chunks.is_empty() {
            continue;
        }
        let sql = values_sql(placeholder, head, columns, tail, size);
        for chunk in chunks.chunks_exact(size) {
            let query = sqlx::query(AssertSqlSafe(sql.clone()));
            let query = chunk.iter().try_fold(query, &bind)?;
            query.execute(&mut **transaction).await.map_err(|error| StoreError::of(error, what))?;
        }
        rest = remainder;
    }
    Ok(())
}

/// `head VALUES ($1, $2), ($3, $4) tail`, or the same with `?` throughout.
fn values_sql(placeholder: &str, head: &str, columns: usize, tail: &str, rows: usize) -> String {
    let mut sql = format!("{head} VALUES ");
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 1..=columns {
            sql.push_str(if column == 1 { "" } else { ", " });
            sql.push_str(placeholder);
            if placeholder == "$" {
                sql.push_str(&(row * columns + column).to_string());
            }
        }
        sql.push(')');
    }
    format!("{sql} {tail}")
}

/// A time as it is stored: always the same length, so that texts sort like times.
pub(crate) fn time_text(time: Timestamp) -> String {
    format!("{time:.9}")
}

/// A count or size as it is stored.
pub(crate) fn int(value: u64, field: &'static str) -> Result<i64> {
    i64::try_from(value).map_err(|_| StoreError::Unstorable { field, reason: "it exceeds 63 bits" })
}

/// Bytes of a text that an index takes as they are: PostgreSQL's limit for a whole row is 2 704.
const MAX_INDEXED_BYTES: usize = 512;

/// A text by which a row is unique. A long one keeps its beginning, so that neighbours stay
/// neighbours in the index, and ends in its SHA-256.
pub(crate) fn indexed(text: &str) -> String {
    if text.len() <= MAX_INDEXED_BYTES {
        return escaped(text);
    }
    let beginning = &text[..text.floor_char_boundary(MAX_INDEXED_BYTES)];
    format!("{}…{}", escaped(beginning), Sha256(Hasher::digest(text).into()))
}

/// Maker, model and serial number as one text that an index takes. Letter case, blanks around and
/// control characters do not count; the three are kept apart by line ends.
pub(crate) fn device_index(device: [&str; 3]) -> String {
    let plain = |c: char| if c.is_control() || c == ESCAPE { ' ' } else { c };
    let part = |part: &str| part.chars().map(plain).collect::<String>().trim().to_lowercase();
    indexed(&device.map(part).join("\n"))
}

/// `$2, $3, $4` for three values from the second on.
pub(crate) fn placeholders(first: usize, count: usize) -> String {
    let all: Vec<String> = (first..first + count).map(|number| format!("${number}")).collect();
    all.join(", ")
}

/// Stands before `0` for U+0000, and before itself for itself. No text means this character.
const ESCAPE: char = '\u{FDD0}';

/// A text as it is stored. PostgreSQL takes every character but U+0000, which names inside of
/// containers may hold; so it is written as two others.
pub(crate) fn escaped(text: &str) -> String {
    if !text.contains(['\0', ESCAPE]) {
        return text.to_owned();
    }
    text.replace(ESCAPE, "\u{FDD0}\u{FDD0}").replace('\0', "\u{FDD0}0")
}

/// The inverse of [`escaped`].
fn unescaped(text: String) -> String {
    if !text.contains(ESCAPE) {
        return text;
    }
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, c == ESCAPE) {
            (_, true) => {
                plain.extend(chars.next().map(|next| if next == '0' { '\0' } else { next }))
            }
            (c, false) => plain.push(c),
        }
    }
    plain
}

/// Reads one row. A column that does not hold what it must is [`StoreError::Damaged`].
pub(crate) struct Reader<'r> {
    pub(crate) table: &'static str,
    pub(crate) row: &'r AnyRow,
}

impl Reader<'_> {
    pub(crate) fn damaged(&self, column: &'static str) -> StoreError {
        StoreError::Damaged { table: self.table, column }
    }

    pub(crate) fn text_or_null(&self, column: &'static str) -> Result<Option<String>> {
        let text: Option<String> = self.row.try_get(column).map_err(|_| self.damaged(column))?;
        Ok(text.map(unescaped))
    }

    pub(crate) fn text(&self, column: &'static str) -> Result<String> {
        self.text_or_null(column)?.ok_or_else(|| self.damaged(column))
    }

    /// A number that fits the type asked for.
    pub(crate) fn int_or_null<T: TryFrom<i64>>(&self, column: &'static str) -> Result<Option<T>> {
        let int: Option<i64> = self.row.try_get(column).map_err(|_| self.damaged(column))?;
        int.map(|int| T::try_from(int).map_err(|_| self.damaged(column))).transpose()
    }

    pub(crate) fn int<T: TryFrom<i64>>(&self, column: &'static str) -> Result<T> {
        self.int_or_null(column)?.ok_or_else(|| self.damaged(column))
    }

    /// An id, digest, time or other value with a text form.
    pub(crate) fn parsed_or_null<T: FromStr>(&self, column: &'static str) -> Result<Option<T>> {
        let text: Option<&str> = self.row.try_get(column).map_err(|_| self.damaged(column))?;
        text.map(|text| text.parse().map_err(|_| self.damaged(column))).transpose()
    }

    pub(crate) fn parsed<T: FromStr>(&self, column: &'static str) -> Result<T> {
        self.parsed_or_null(column)?.ok_or_else(|| self.damaged(column))
    }

    /// One of a closed set of names.
    pub(crate) fn one_of<T: Copy>(
        &self,
        column: &'static str,
        all: &[T],
        name: impl Fn(T) -> &'static str,
    ) -> Result<T> {
        let text: &str = self.row.try_get(column).map_err(|_| self.damaged(column))?;
        all.iter().copied().find(|&one| name(one) == text).ok_or_else(|| self.damaged(column))
    }

    /// JSON, put into shape by `read`.
    pub(crate) fn json_or_null<T>(
        &self,
        column: &'static str,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Result<Option<T>> {
        let text: Option<&str> = self.row.try_get(column).map_err(|_| self.damaged(column))?;
        let Some(text) = text else { return Ok(None) };
        let value: Option<Value> = serde_json::from_str(text).ok();
        value.as_ref().and_then(read).map(Some).ok_or_else(|| self.damaged(column))
    }

    pub(crate) fn json<T>(
        &self,
        column: &'static str,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Result<T> {
        self.json_or_null(column, read)?.ok_or_else(|| self.damaged(column))
    }
}

/// Every element of a JSON array, put into shape; `None` where one cannot be.
pub(crate) fn each<T>(value: &Value, read: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    value.as_array()?.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::{escaped, indexed, time_text, unescaped, values_sql};

    #[test]
    fn placeholders_are_numbered_through() {
        let head = "INSERT INTO t (a, b)";
        assert_eq!(
            values_sql("$", head, 2, "x", 2),
            "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4) x"
        );
        assert_eq!(
            values_sql("?", head, 2, "x", 2),
            "INSERT INTO t (a, b) VALUES (?, ?), (?, ?) x"
        );
    }

    #[test]
    fn any_text_reads_back_and_holds_no_zero() {
        for text in
            ["", "plain", "a\0b", "\u{FDD0}", "\u{FDD0}0", "\0\u{FDD0}\0", "0\u{FDD0}\u{FDD0}0\0"]
        {
            let stored = escaped(text);
            assert!(!stored.contains('\0'), "{text:?}");
            assert_eq!(unescaped(stored), text);
        }
    }

    #[test]
    fn long_texts_that_differ_late_differ_in_the_index() {
        let long = "ü/".repeat(3000);
        let keys = [
            "short",
            &"x".repeat(512),
            &"x".repeat(513),
            &long,
            &format!("{long}a"),
            &format!("{long}b"),
        ];
        let indexed: std::collections::HashSet<String> =
            keys.iter().map(|key| indexed(key)).collect();
        assert_eq!(indexed.len(), keys.len());
        assert!(indexed.iter().all(|key| key.len() < 600));
    }

    #[test]
    fn times_sort_as_texts() {
        let times = [
            "2025-12-31T23:59:59.999999999Z",
            "2026-01-01T00:00:00Z",
            "2026-01-01T00:00:00.000000001Z",
        ];
        let texts: Vec<String> =
            times.iter().map(|time| time_text(time.parse().unwrap())).collect();
        assert!(texts.is_sorted(), "{texts:?}");
    }
}
