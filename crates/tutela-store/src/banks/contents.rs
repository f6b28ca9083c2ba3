//! The contents of signal banks.

use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use tutela_core::{BankNumber, ContentNumber, ContentSignal, ContentTerms, Enabled, Timestamp};

use super::next_numbers;
use crate::ledger::append_to;
use crate::rows::{Reader, Transaction, each, escaped, insert_rows, int, placeholders, time_text};
use crate::store::commit;
use crate::{LedgerDraft, Result, Store, StoreError};

/// A content that is to be put into a bank.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewContent {
    /// What is known of it.
    pub terms: ContentTerms,
    /// Its signals, at most one of each kind.
    pub signals: Vec<ContentSignal>,
}

/// A content in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Its number.
    pub number: ContentNumber,
    /// The bank it is in.
    pub bank: BankNumber,
    /// What is known of it.
    pub terms: ContentTerms,
    /// Its signals, by kind.
    pub signals: Vec<ContentSignal>,
    /// Since when it is held back because too much matched it.
    pub quarantined_at: Option<Timestamp>,
    /// When it was put in.
    pub created_at: Timestamp,
    /// The change that last touched its signals: whoever is past it has them already.
    pub signals_change: u64,
}

/// Some contents of a bank, by number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentsPage {
    /// The contents.
    pub contents: Vec<Content>,
    /// The number behind which the next page begins; `None` at the end.
    pub next: Option<ContentNumber>,
}

pub(super) const COLUMNS: &str = "number, bank, disable_until, expires_at, quarantined_at, uri, note, labels_json, \
    metadata_json, exchange_key, record_json, created_at, removed, signals_change, change";
/// Numbers in one statement; far below what either database takes.
pub(super) const NUMBERS: usize = 500;

impl Store {
    /// Puts contents into a bank, all or none; gives their numbers.
    /// Errors: [`StoreError::NotFound`] for the bank, [`StoreError::Duplicate`] where a sender's key or
    /// a kind of signal comes twice.
    pub async fn add_contents(
        &self,
        bank: BankNumber,
        contents: &[NewContent],
        at: Timestamp,
        custody: Vec<LedgerDraft>,
    ) -> Result<Vec<ContentNumber>> {
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, custody).await?;
        let numbers = insert_contents(&mut transaction, bank, contents, at).await?;
        commit(transaction).await?;
        Ok(numbers)
    }

    /// One content. Errors: [`StoreError::NotFound`].
    pub async fn content(&self, number: ContentNumber) -> Result<Content> {
        let sql = format!("SELECT {COLUMNS} FROM bank_contents WHERE number = $1 AND removed = 0");
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(int(number.0, "number of a content")?)
            .fetch_all(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "content"))?;
        let mut found = self.with_signals(&rows).await?;
        found.pop().ok_or_else(|| StoreError::not_found("content", number))
    }

    /// At most `limit` contents of a bank behind a number.
    pub async fn contents_of(
        &self,
        bank: BankNumber,
        behind: Option<ContentNumber>,
        limit: u32,
    ) -> Result<ContentsPage> {
        self.contents_where("", bank, behind, limit).await
    }

    /// The same of those for which a further condition holds.
    pub(super) async fn contents_where(
        &self,
        and: &'static str,
        bank: BankNumber,
        behind: Option<ContentNumber>,
        limit: u32,
    ) -> Result<ContentsPage> {
        let sql = format!(
            "SELECT {COLUMNS} FROM bank_contents WHERE bank = $1 AND number > $2 AND removed = 0 {and} \
             ORDER BY number LIMIT $3"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(i64::from(bank.0))
            .bind(int(behind.map_or(0, |number| number.0), "number of a content")?)
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "content"))?;
        let contents = self.with_signals(&rows).await?;
        let full = contents.len() >= limit as usize;
        let next = contents.last().filter(|_| full).map(|content| content.number);
        Ok(ContentsPage { contents, next })
    }

    /// How many contents a bank holds.
    pub async fn content_count(&self, bank: BankNumber) -> Result<u64> {
        let row = sqlx::query(
            "SELECT COUNT(*) AS count FROM bank_contents WHERE bank = $1 AND removed = 0",
        )
        .bind(i64::from(bank.0))
        .fetch_one(&self.pool)
        .await
        .map_err(|error| StoreError::of(error, "content"))?;
        Reader { table: "bank_contents", row: &row }.int("count")
    }

    /// Changes what is known of a content; its sender's key stays. Errors: [`StoreError::NotFound`].
    pub async fn change_content(
        &self,
        number: ContentNumber,
        terms: &ContentTerms,
        custody: Vec<LedgerDraft>,
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, custody).await?;
        let change = next_numbers(&mut transaction, "bank_changes", 1).await?;
        let changed = sqlx::query(
            "UPDATE bank_contents SET disable_until = $1, expires_at = $2, uri = $3, note = $4, labels_json = $5, \
             metadata_json = $6, record_json = $7, change = $8 WHERE number = $9 AND removed = 0",
        )
        .bind(terms.enabled.disable_until())
        .bind(terms.expires_at.map(time_text))
        .bind(terms.uri.as_deref().map(escaped))
        .bind(terms.note.as_deref().map(escaped))
        .bind(labels_json(&terms.labels))
        .bind(terms.metadata_json.as_deref().map(escaped))
        .bind(terms.record_json.as_deref().map(escaped))
        .bind(change)
        .bind(int(number.0, "number of a content")?)
        .execute(&mut *transaction)
        .await
        .map_err(|error| StoreError::of(error, "content"))?;
        if changed.rows_affected() == 0 {
            return Err(StoreError::not_found("content", number));
        }
        commit(transaction).await
    }

    /// Switches many contents on or off; says how many there were.
    pub async fn enable_contents(
        &self,
        numbers: &[ContentNumber],
        enabled: Enabled,
        custody: Vec<LedgerDraft>,
    ) -> Result<u64> {
        self.change_many(numbers, "disable_until", Value::from(enabled.disable_until()), custody)
            .await
    }

    /// Holds contents back because too much matched them, or lets them go again.
    pub async fn quarantine_contents(
        &self,
        numbers: &[ContentNumber],
        since: Option<Timestamp>,
        custody: Vec<LedgerDraft>,
    ) -> Result<u64> {
        let value = since.map_or(Value::Null, |since| Value::from(time_text(since)));
        self.change_many(numbers, "quarantined_at", value, custody).await
    }

    /// Removes contents; says how many there were.
    pub async fn remove_contents(
        &self,
        numbers: &[ContentNumber],
        custody: Vec<LedgerDraft>,
    ) -> Result<u64> {
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, custody).await?;
        let removed = remove_contents(&mut transaction, numbers).await?;
        commit(transaction).await?;
        Ok(removed)
    }

    async fn change_many(
        &self,
        numbers: &[ContentNumber],
        column: &'static str,
        value: Value,
        custody: Vec<LedgerDraft>,
    ) -> Result<u64> {
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, custody).await?;
        let mut changed = 0;
        for number in numbers {
            let change = next_numbers(&mut transaction, "bank_changes", 1).await?;
            let sql = format!(
                "UPDATE bank_contents SET {column} = $1, change = $2 WHERE number = $3 AND removed = 0"
            );
            let query = sqlx::query(AssertSqlSafe(sql));
            let query = match &value {
                Value::Number(number) => query.bind(number.as_i64()),
                value => query.bind(value.as_str().map(str::to_owned)),
            };
            let done = query
                .bind(change)
                .bind(int(number.0, "number of a content")?)
                .execute(&mut *transaction)
                .await
                .map_err(|error| StoreError::of(error, "content"))?;
            changed += done.rows_affected();
        }
        commit(transaction).await?;
        Ok(changed)
    }

    /// Rows of contents with their signals, in the order of the rows.
    pub(super) async fn with_signals(&self, rows: &[sqlx::any::AnyRow]) -> Result<Vec<Content>> {
        let mut contents: Vec<Content> = rows
            .iter()
            .map(|row| read(&Reader { table: "bank_contents", row }))
            .collect::<Result<_>>()?;
        for chunk in contents.chunks_mut(NUMBERS) {
            let sql = format!(
                "SELECT content, kind, value FROM content_signals WHERE content IN ({}) ORDER BY content, kind",
                placeholders(1, chunk.len())
            );
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for content in chunk.iter() {
                query = query.bind(int(content.number.0, "number of a content")?);
            }
            let found = query
                .fetch_all(&self.pool)
                .await
                .map_err(|error| StoreError::of(error, "signal"))?;
            let mut of = std::collections::HashMap::<u64, Vec<ContentSignal>>::new();
            for row in &found {
                let row = Reader { table: "content_signals", row };
                let signal = ContentSignal { kind: row.text("kind")?, value: row.text("value")? };
                of.entry(row.int("content")?).or_default().push(signal);
            }
            for content in chunk {
                content.signals = of.remove(&content.number.0).unwrap_or_default();
            }
        }
        Ok(contents)
    }
}

/// Puts contents into a bank inside of a transaction.
pub(crate) async fn insert_contents(
    transaction: &mut Transaction,
    bank: BankNumber,
    contents: &[NewContent],
    at: Timestamp,
) -> Result<Vec<ContentNumber>> {
    let count = contents.len() as u64;
    let known =
        sqlx::query("SELECT number FROM signal_banks WHERE number = $1 AND name IS NOT NULL")
            .bind(i64::from(bank.0))
            .fetch_optional(&mut **transaction)
            .await
            .map_err(|error| StoreError::of(error, "signal bank"))?;
    if known.is_none() {
        return Err(StoreError::not_found("signal bank", bank));
    }
    let first = next_numbers(transaction, "bank_contents", count).await?;
    let change = next_numbers(transaction, "bank_changes", count).await?;
    let rows: Vec<(i64, i64, &NewContent)> = contents
        .iter()
        .zip(first..)
        .zip(change..)
        .map(|((content, number), change)| (number, change, content))
        .collect();
    let insert = (
        "INSERT INTO bank_contents (number, bank, disable_until, expires_at, uri, note, labels_json, metadata_json, \
         exchange_key, record_json, created_at, removed, signals_change, change)",
        14,
        "",
    );
    let created_at = time_text(at);
    insert_rows(transaction, insert, "content", &rows, |query, (number, change, content)| {
        let terms = &content.terms;
        Ok(query
            .bind(*number)
            .bind(i64::from(bank.0))
            .bind(terms.enabled.disable_until())
            .bind(terms.expires_at.map(time_text))
            .bind(terms.uri.as_deref().map(escaped))
            .bind(terms.note.as_deref().map(escaped))
            .bind(labels_json(&terms.labels))
            .bind(terms.metadata_json.as_deref().map(escaped))
            .bind(terms.exchange_key.as_deref().map(escaped))
            .bind(terms.record_json.as_deref().map(escaped))
            .bind(created_at.clone())
            .bind(0_i64)
            .bind(*change)
            .bind(*change))
    })
    .await?;
    let signals: Vec<(i64, &ContentSignal)> = rows
        .iter()
        .flat_map(|(number, _, content)| content.signals.iter().map(|signal| (*number, signal)))
        .collect();
    let insert = ("INSERT INTO content_signals (content, kind, value)", 3, "");
    insert_rows(transaction, insert, "signal of a content", &signals, |query, (number, signal)| {
        Ok(query.bind(*number).bind(escaped(&signal.kind)).bind(escaped(&signal.value)))
    })
    .await?;
    Ok((first..).take(contents.len()).map(|number| ContentNumber(number.unsigned_abs())).collect())
}

/// Gives a content other signals inside of a transaction, and says that they changed.
pub(crate) async fn replace_signals(
    transaction: &mut Transaction,
    number: ContentNumber,
    signals: &[ContentSignal],
) -> Result<()> {
    let of = |error| StoreError::of(error, "signal of a content");
    let change = next_numbers(transaction, "bank_changes", 1).await?;
    let number = int(number.0, "number of a content")?;
    sqlx::query("UPDATE bank_contents SET change = $1, signals_change = $1 WHERE number = $2")
        .bind(change)
        .bind(number)
        .execute(&mut **transaction)
        .await
        .map_err(of)?;
    sqlx::query("DELETE FROM content_signals WHERE content = $1")
        .bind(number)
        .execute(&mut **transaction)
        .await
        .map_err(of)?;
    let insert = ("INSERT INTO content_signals (content, kind, value)", 3, "");
    insert_rows(transaction, insert, "signal of a content", signals, |query, signal| {
        Ok(query.bind(number).bind(escaped(&signal.kind)).bind(escaped(&signal.value)))
    })
    .await
}

/// Removes contents inside of a transaction; only their numbers stay.
pub(crate) async fn remove_contents(
    transaction: &mut Transaction,
    numbers: &[ContentNumber],
) -> Result<u64> {
    let of = |error| StoreError::of(error, "content");
    let mut removed = 0;
    for number in numbers {
        let change = next_numbers(transaction, "bank_changes", 1).await?;
        let number = int(number.0, "number of a content")?;
        let done = sqlx::query(
            "UPDATE bank_contents SET removed = 1, change = $1, uri = NULL, note = NULL, labels_json = NULL, \
             metadata_json = NULL, exchange_key = NULL, record_json = NULL WHERE number = $2 AND removed = 0",
        )
        .bind(change)
        .bind(number)
        .execute(&mut **transaction)
        .await
        .map_err(of)?;
        removed += done.rows_affected();
        sqlx::query("DELETE FROM content_signals WHERE content = $1")
            .bind(number)
            .execute(&mut **transaction)
            .await
            .map_err(of)?;
    }
    Ok(removed)
}

fn read(row: &Reader<'_>) -> Result<Content> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    Ok(Content {
        number: ContentNumber(row.int("number")?),
        bank: BankNumber(row.int("bank")?),
        terms: ContentTerms {
            enabled: Enabled::from_disable_until(row.int("disable_until")?),
            expires_at: row.parsed_or_null("expires_at")?,
            uri: row.text_or_null("uri")?,
            note: row.text_or_null("note")?,
            labels: row.json_or_null("labels_json", |value| each(value, text))?.unwrap_or_default(),
            metadata_json: row.text_or_null("metadata_json")?,
            exchange_key: row.text_or_null("exchange_key")?,
            record_json: row.text_or_null("record_json")?,
        },
        signals: Vec::new(),
        quarantined_at: row.parsed_or_null("quarantined_at")?,
        created_at: row.parsed("created_at")?,
        signals_change: row.int("signals_change")?,
    })
}

/// Labels as they are stored.
pub(crate) fn labels_json(labels: &[String]) -> Option<String> {
    (!labels.is_empty()).then(|| json!(labels).to_string())
}
