//! Signal banks, their contents, and the changes of both in the order they were made.

mod changes;
mod contents;
mod held_back;
mod named;

use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;
use tutela_core::{BankActions, BankNumber, BankRole, BankTerms, Ratio, Timestamp};

pub use changes::{BankChange, Changes};
pub use contents::{Content, ContentsPage, NewContent};
pub(crate) use contents::{insert_contents, labels_json, remove_contents, replace_signals};

use crate::ledger::append_to;
use crate::rows::{Reader, Transaction, each, escaped, int, time_text};
use crate::scans::next_number;
use crate::store::commit;
use crate::{LedgerDraft, Result, Store, StoreError};

/// A signal bank in the store.
#[derive(Debug, Clone, PartialEq)]
pub struct Bank {
    /// Its number.
    pub number: BankNumber,
    /// What an operator said of it.
    pub terms: BankTerms,
    /// When it was made.
    pub created_at: Timestamp,
}

const COLUMNS: &str = "number, name, role, enabled_ratio, distance, note, actions_json, created_at";

impl Store {
    /// Makes a bank. Errors: [`StoreError::Duplicate`] where the name is taken.
    pub async fn create_bank(
        &self,
        terms: &BankTerms,
        at: Timestamp,
        custody: Vec<LedgerDraft>,
    ) -> Result<Bank> {
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, custody).await?;
        let number = insert_bank(&mut transaction, terms, at).await?;
        commit(transaction).await?;
        Ok(Bank { number, terms: terms.clone(), created_at: at })
    }

    /// Changes what is said of a bank, its name included.
    /// Errors: [`StoreError::NotFound`], [`StoreError::Duplicate`] where the new name is taken.
    pub async fn change_bank(
        &self,
        number: BankNumber,
        terms: &BankTerms,
        custody: Vec<LedgerDraft>,
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, custody).await?;
        let change = next_numbers(&mut transaction, "bank_changes", 1).await?;
        let changed = sqlx::query(
            "UPDATE signal_banks SET name = $1, role = $2, enabled_ratio = $3, distance = $4, note = $5, \
             actions_json = $6, change = $7 WHERE number = $8 AND name IS NOT NULL",
        )
        .bind(&terms.name)
        .bind(terms.role.as_str())
        .bind(terms.enabled_ratio.get().to_string())
        .bind(terms.distance.map(i64::from))
        .bind(terms.note.as_deref().map(escaped))
        .bind(actions_json(&terms.actions))
        .bind(change)
        .bind(i64::from(number.0))
        .execute(&mut *transaction)
        .await
        .map_err(|error| StoreError::of(error, "signal bank"))?;
        if changed.rows_affected() == 0 {
            return Err(StoreError::not_found("signal bank", number));
        }
        commit(transaction).await
    }

    /// Removes a bank with everything in it, and whatever exchange fed it.
    /// Errors: [`StoreError::NotFound`].
    pub async fn remove_bank(&self, number: BankNumber, custody: Vec<LedgerDraft>) -> Result<()> {
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, custody).await?;
        empty_bank(&mut transaction, number).await?;
        commit(transaction).await
    }

    /// The bank of this name. Errors: [`StoreError::NotFound`].
    pub async fn bank(&self, name: &str) -> Result<Bank> {
        let sql = format!("SELECT {COLUMNS} FROM signal_banks WHERE name = $1");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(escaped(name))
            .fetch_optional(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "signal bank"))?
            .ok_or_else(|| StoreError::not_found("signal bank", name))?;
        read(&Reader { table: "signal_banks", row: &row })
    }

    /// All banks, in the order they were made.
    pub async fn banks(&self) -> Result<Vec<Bank>> {
        let sql =
            format!("SELECT {COLUMNS} FROM signal_banks WHERE name IS NOT NULL ORDER BY number");
        let rows = sqlx::query(AssertSqlSafe(sql))
            .fetch_all(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "signal bank"))?;
        rows.iter().map(|row| read(&Reader { table: "signal_banks", row })).collect()
    }

    /// The ratios that signal types were given; a type without one takes part always.
    pub async fn signal_type_ratios(&self) -> Result<Vec<(String, Ratio)>> {
        let rows = sqlx::query("SELECT kind, enabled_ratio FROM signal_type_ratios ORDER BY kind")
            .fetch_all(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "signal type"))?;
        let one = |row: &AnyRow| {
            let row = Reader { table: "signal_type_ratios", row };
            Ok((row.text("kind")?, ratio(&row)?))
        };
        rows.iter().map(one).collect()
    }

    /// Gives a signal type its ratio.
    pub async fn set_signal_type_ratio(
        &self,
        kind: &str,
        ratio: Ratio,
        custody: Vec<LedgerDraft>,
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, custody).await?;
        // Readers ask for ratios when something has changed: this counts as something.
        next_numbers(&mut transaction, "bank_changes", 1).await?;
        sqlx::query(
            "INSERT INTO signal_type_ratios (kind, enabled_ratio) VALUES ($1, $2) \
             ON CONFLICT (kind) DO UPDATE SET enabled_ratio = excluded.enabled_ratio",
        )
        .bind(escaped(kind))
        .bind(ratio.get().to_string())
        .execute(&mut *transaction)
        .await
        .map_err(|error| StoreError::of(error, "signal type"))?;
        commit(transaction).await
    }
}

/// Makes a bank inside of a transaction.
pub(crate) async fn insert_bank(
    transaction: &mut Transaction,
    terms: &BankTerms,
    at: Timestamp,
) -> Result<BankNumber> {
    let number = next_number(transaction, "signal_banks").await?;
    let change = next_numbers(transaction, "bank_changes", 1).await?;
    sqlx::query(
        "INSERT INTO signal_banks (number, name, role, enabled_ratio, distance, note, actions_json, created_at, \
         change) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(number)
    .bind(&terms.name)
    .bind(terms.role.as_str())
    .bind(terms.enabled_ratio.get().to_string())
    .bind(terms.distance.map(i64::from))
    .bind(terms.note.as_deref().map(escaped))
    .bind(actions_json(&terms.actions))
    .bind(time_text(at))
    .bind(change)
    .execute(&mut **transaction)
    .await
    .map_err(|error| StoreError::of(error, "signal bank"))?;
    u32::try_from(number).map(BankNumber).map_err(|_| StoreError::Unstorable {
        field: "number of a signal bank",
        reason: "there are too many",
    })
}

/// Removes a bank with everything in it inside of a transaction; only its number stays.
pub(crate) async fn empty_bank(transaction: &mut Transaction, number: BankNumber) -> Result<()> {
    let of = |error| StoreError::of(error, "signal bank");
    let change = next_numbers(transaction, "bank_changes", 1).await?;
    let bank = i64::from(number.0);
    let gone = sqlx::query(
        "UPDATE signal_banks SET name = NULL, note = NULL, change = $1 WHERE number = $2 AND name IS NOT NULL",
    )
    .bind(change)
    .bind(bank)
    .execute(&mut **transaction)
    .await
    .map_err(of)?;
    if gone.rows_affected() == 0 {
        return Err(StoreError::not_found("signal bank", number));
    }
    for sql in [
        "DELETE FROM content_signals WHERE content IN (SELECT number FROM bank_contents WHERE bank = $1)",
        "DELETE FROM bank_contents WHERE bank = $1",
        "DELETE FROM exchange_credentials WHERE api IN (SELECT 'exchange:' || number FROM exchanges WHERE bank = $1)",
        "DELETE FROM exchanges WHERE bank = $1",
    ] {
        sqlx::query(sql).bind(bank).execute(&mut **transaction).await.map_err(of)?;
    }
    Ok(())
}

/// Takes `count` numbers of a counter; gives the first.
pub(crate) async fn next_numbers(
    transaction: &mut Transaction,
    counter: &'static str,
    count: u64,
) -> Result<i64> {
    let count = int(count, "count")?;
    let row = sqlx::query("UPDATE counters SET value = value + $1 WHERE name = $2 RETURNING value")
        .bind(count)
        .bind(counter)
        .fetch_one(&mut **transaction)
        .await
        .map_err(|error| StoreError::of(error, counter))?;
    let last: i64 = Reader { table: "counters", row: &row }.int("value")?;
    Ok(last - count + 1)
}

pub(crate) fn read(row: &Reader<'_>) -> Result<Bank> {
    Ok(Bank {
        number: BankNumber(row.int("number")?),
        terms: BankTerms {
            name: row.text("name")?,
            role: row.one_of("role", &BankRole::ALL, BankRole::as_str)?,
            enabled_ratio: ratio(row)?,
            distance: row.int_or_null("distance")?,
            note: row.text_or_null("note")?,
            actions: row.json("actions_json", actions)?,
        },
        created_at: row.parsed("created_at")?,
    })
}

fn ratio(row: &Reader<'_>) -> Result<Ratio> {
    Ratio::new(row.parsed("enabled_ratio")?).ok_or_else(|| row.damaged("enabled_ratio"))
}

fn actions_json(actions: &BankActions) -> String {
    json!({"alert": actions.alert, "webhooks": actions.webhooks}).to_string()
}

fn actions(value: &Value) -> Option<BankActions> {
    Some(BankActions {
        alert: value.get("alert")?.as_bool()?,
        webhooks: each(value.get("webhooks")?, |name| name.as_str().map(str::to_owned))?,
    })
}
