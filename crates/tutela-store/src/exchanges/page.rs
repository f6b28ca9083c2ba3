//! One page of a sender's records: content and cursor are written together, so that they never part.

use std::collections::{HashMap, HashSet};

use sqlx::AssertSqlSafe;
use tutela_core::{BankNumber, ContentNumber, ContentSignal, Timestamp};

use super::FetchClaim;
use crate::banks::{
    NewContent, insert_contents, labels_json, next_numbers, remove_contents, replace_signals,
};
use crate::ledger::{append_to, lock_head};
use crate::rows::{Reader, Transaction, each, escaped, int, placeholders, time_text};
use crate::store::commit;
use crate::{LedgerDraft, Result, Store, StoreError};

/// A record of the sender, as it stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExchangeRecord {
    /// The sender's own key.
    pub key: String,
    /// What it holds; `None`: it matches no more and goes.
    pub content: Option<NewContent>,
}

/// One page of records, and where the next begins.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExchangePage {
    /// It is the first of a pass: of a reading of everything from the beginning.
    pub begins_pass: bool,
    /// In the order of the sender; of two with one key the later stands.
    pub records: Vec<ExchangeRecord>,
    /// It is the last of a pass: what the pass did not see goes.
    pub ends_pass: bool,
    /// Where the next page begins.
    pub cursor_json: Option<String>,
    /// Everything that changed at the sender before this second is here.
    pub checkpoint_s: Option<i64>,
    /// Records that the sender counted in this page, unusable ones among them.
    pub fetched: u64,
}

/// What became of the records of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PageCounts {
    /// Contents that are new.
    pub added: u64,
    /// Contents that hold something else than before.
    pub updated: u64,
    /// Contents that were just so.
    pub unchanged: u64,
    /// Contents that went.
    pub removed: u64,
}

/// A stored content as far as the sender decides about it.
struct Known {
    number: ContentNumber,
    signals: Vec<ContentSignal>,
    labels: Vec<String>,
    expires_at: Option<Timestamp>,
    uri: Option<String>,
    record_json: Option<String>,
}

/// Numbers or keys in one statement.
const CHUNK: usize = 500;

impl Store {
    /// Writes a page: adds, changes and removes contents and moves the cursor, all or nothing.
    ///
    /// A content whose key is known keeps its number, and what people said of it: whether it takes part,
    /// its note, its quarantine. One that is as before is not touched, so that nobody rereads it.
    ///
    /// Errors: [`StoreError::WrongState`] where another process has taken the exchange over.
    pub async fn apply_page(
        &self,
        claim: FetchClaim,
        page: &ExchangePage,
        custody: Vec<LedgerDraft>,
    ) -> Result<PageCounts> {
        let mut transaction = self.begin().await?;
        lock_head(&mut transaction).await?;
        append_to(&mut transaction, custody).await?;
        let (bank, pass) = advance(&mut transaction, claim, page).await?;

        let latest: HashMap<&str, &ExchangeRecord> =
            page.records.iter().map(|record| (record.key.as_str(), record)).collect();
        let mut keys: Vec<&str> = Vec::with_capacity(latest.len());
        let mut seen = HashSet::new();
        keys.extend(page.records.iter().map(|r| r.key.as_str()).filter(|key| seen.insert(*key)));

        let known = known(&mut transaction, bank, &keys).await?;
        let mut counts = PageCounts::default();
        let mut new: Vec<NewContent> = Vec::new();
        let mut gone = Vec::new();
        let mut stays = Vec::new();
        for key in keys {
            let content = latest.get(key).and_then(|record| record.content.as_ref());
            match (known.get(key), content) {
                (None, None) => {}
                (None, Some(content)) => {
                    let mut content = content.clone();
                    content.terms.exchange_key = Some(key.to_owned());
                    new.push(content);
                }
                (Some(known), None) => gone.push(known.number),
                (Some(known), Some(content)) => {
                    let (signals, terms) = (known.has_signals(content), known.has_terms(content));
                    if !terms {
                        update_terms(&mut transaction, known.number, content).await?;
                    }
                    if !signals {
                        replace_signals(&mut transaction, known.number, &content.signals).await?;
                    }
                    stays.push(known.number);
                    counts.unchanged += u64::from(signals && terms);
                    counts.updated += u64::from(!(signals && terms));
                }
            }
        }
        let added = insert_contents(&mut transaction, bank, &new, claim.since).await?;
        counts.added = added.len() as u64;
        stays.extend(added);
        mark_seen(&mut transaction, pass, &stays).await?;
        if page.ends_pass {
            gone.extend(keyed_contents(&mut transaction, bank, Some(pass)).await?);
        }
        counts.removed = remove_contents(&mut transaction, &gone).await?;
        commit(transaction).await?;
        Ok(counts)
    }
}

impl Known {
    fn has_signals(&self, content: &NewContent) -> bool {
        let mut signals: Vec<&ContentSignal> = content.signals.iter().collect();
        signals.sort_by(|a, b| a.kind.cmp(&b.kind));
        self.signals.iter().eq(signals)
    }

    fn has_terms(&self, content: &NewContent) -> bool {
        let terms = &content.terms;
        self.labels == terms.labels
            && self.expires_at == terms.expires_at
            && self.uri == terms.uri
            && self.record_json == terms.record_json
    }
}

/// Moves the cursor; gives the bank and the number of the pass.
async fn advance(
    transaction: &mut Transaction,
    claim: FetchClaim,
    page: &ExchangePage,
) -> Result<(BankNumber, i64)> {
    let row = sqlx::query(
        "UPDATE exchanges SET cursor_json = $1, checkpoint_s = $2, fetched = fetched + $3, pass = pass + $4 \
         WHERE number = $5 AND running_since = $6 RETURNING bank, pass",
    )
    .bind(page.cursor_json.as_deref().map(escaped))
    .bind(page.checkpoint_s)
    .bind(int(page.fetched, "count of records")?)
    .bind(i64::from(page.begins_pass))
    .bind(int(claim.exchange.0, "number of an exchange")?)
    .bind(time_text(claim.since))
    .fetch_optional(&mut **transaction)
    .await
    .map_err(|error| StoreError::of(error, "exchange"))?;
    let Some(row) = row else {
        return Err(StoreError::WrongState {
            what: "exchange",
            id: claim.exchange.to_string(),
            state: "gone, or fetched by another process".to_owned(),
        });
    };
    let row = Reader { table: "exchanges", row: &row };
    Ok((BankNumber(row.int("bank")?), row.int("pass")?))
}

/// The stored contents that have one of these keys, by key.
async fn known(
    transaction: &mut Transaction,
    bank: BankNumber,
    keys: &[&str],
) -> Result<HashMap<String, Known>> {
    let of = |error| StoreError::of(error, "content");
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    let mut known = HashMap::new();
    for chunk in keys.chunks(CHUNK) {
        let marks = placeholders(2, chunk.len());
        let sql = format!(
            "SELECT number, exchange_key, labels_json, expires_at, uri, record_json FROM bank_contents \
             WHERE bank = $1 AND exchange_key IN ({marks})"
        );
        let mut query = sqlx::query(AssertSqlSafe(sql)).bind(i64::from(bank.0));
        for key in chunk {
            query = query.bind(escaped(key));
        }
        for row in &query.fetch_all(&mut **transaction).await.map_err(of)? {
            let row = Reader { table: "bank_contents", row };
            let content = Known {
                number: ContentNumber(row.int("number")?),
                signals: Vec::new(),
                labels: row
                    .json_or_null("labels_json", |value| each(value, text))?
                    .unwrap_or_default(),
                expires_at: row.parsed_or_null("expires_at")?,
                uri: row.text_or_null("uri")?,
                record_json: row.text_or_null("record_json")?,
            };
            known.insert(row.text("exchange_key")?, content);
        }
        let sql = format!(
            "SELECT exchange_key, kind, value FROM content_signals \
             JOIN bank_contents ON bank_contents.number = content_signals.content \
             WHERE bank = $1 AND exchange_key IN ({marks}) ORDER BY kind"
        );
        let mut query = sqlx::query(AssertSqlSafe(sql)).bind(i64::from(bank.0));
        for key in chunk {
            query = query.bind(escaped(key));
        }
        for row in &query.fetch_all(&mut **transaction).await.map_err(of)? {
            let row = Reader { table: "content_signals", row };
            if let Some(known) = known.get_mut(&row.text("exchange_key")?) {
                let signal = ContentSignal { kind: row.text("kind")?, value: row.text("value")? };
                known.signals.push(signal);
            }
        }
    }
    Ok(known)
}

/// Gives a content what the sender now says of it; what people said of it stays.
async fn update_terms(
    transaction: &mut Transaction,
    number: ContentNumber,
    content: &NewContent,
) -> Result<()> {
    let change = next_numbers(transaction, "bank_changes", 1).await?;
    let terms = &content.terms;
    sqlx::query(
        "UPDATE bank_contents SET labels_json = $1, expires_at = $2, uri = $3, record_json = $4, change = $5 \
         WHERE number = $6",
    )
    .bind(labels_json(&terms.labels))
    .bind(terms.expires_at.map(time_text))
    .bind(terms.uri.as_deref().map(escaped))
    .bind(terms.record_json.as_deref().map(escaped))
    .bind(change)
    .bind(int(number.0, "number of a content")?)
    .execute(&mut **transaction)
    .await
    .map(drop)
    .map_err(|error| StoreError::of(error, "content"))
}

async fn mark_seen(
    transaction: &mut Transaction,
    pass: i64,
    numbers: &[ContentNumber],
) -> Result<()> {
    for chunk in numbers.chunks(CHUNK) {
        let marks = placeholders(2, chunk.len());
        let sql = format!("UPDATE bank_contents SET seen_in_pass = $1 WHERE number IN ({marks})");
        let mut query = sqlx::query(AssertSqlSafe(sql)).bind(pass);
        for number in chunk {
            query = query.bind(int(number.0, "number of a content")?);
        }
        query
            .execute(&mut **transaction)
            .await
            .map_err(|error| StoreError::of(error, "content"))?;
    }
    Ok(())
}

/// Contents that came through an exchange; only those that a pass did not see, where one is given.
pub(super) async fn keyed_contents(
    transaction: &mut Transaction,
    bank: BankNumber,
    unseen_in: Option<i64>,
) -> Result<Vec<ContentNumber>> {
    let rows = sqlx::query(
        "SELECT number FROM bank_contents WHERE bank = $1 AND exchange_key IS NOT NULL AND removed = 0 \
         AND COALESCE(seen_in_pass, 0) < $2",
    )
    .bind(i64::from(bank.0))
    .bind(unseen_in.unwrap_or(i64::MAX))
    .fetch_all(&mut **transaction)
    .await
    .map_err(|error| StoreError::of(error, "content"))?;
    let number = |row| Reader { table: "bank_contents", row }.int("number").map(ContentNumber);
    rows.iter().map(number).collect()
}
