//! Exchanges: what feeds a signal bank from outside, how far each is, and the secrets they need.

mod page;
mod run;

use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;
use tutela_core::{BankNumber, BankTerms, ExchangeNumber, Timestamp};

pub use page::{ExchangePage, ExchangeRecord, PageCounts};
pub use run::{FetchClaim, FetchEnd};

use crate::banks::{empty_bank, insert_bank, remove_contents};
use crate::ledger::append_to;
use crate::rows::{Reader, Transaction, escaped, int, time_text};
use crate::scans::next_number;
use crate::store::commit;
use crate::{LedgerDraft, Result, Store, StoreError};

/// An exchange that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewExchange {
    /// Its name, and that of its bank.
    pub name: String,
    /// Id of the interface that it speaks.
    pub api: String,
    /// What that interface must be told, as JSON.
    pub config_json: String,
    /// Whether it fetches.
    pub enabled: bool,
}

/// An exchange in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// Its number.
    pub number: ExchangeNumber,
    /// What an operator said of it.
    pub terms: NewExchange,
    /// The bank that it feeds.
    pub bank: BankNumber,
    /// When it was made.
    pub created_at: Timestamp,
    /// How far it is.
    pub state: ExchangeState,
}

/// How far an exchange is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExchangeState {
    /// Where the next page begins, in the words of its interface; `None` at the very beginning.
    pub cursor_json: Option<String>,
    /// Everything that changed at the sender before this second of Unix time is here.
    pub checkpoint_s: Option<i64>,
    /// Records taken from the sender so far.
    pub fetched: u64,
    /// Since when a process fetches, where one does.
    pub running_since: Option<Timestamp>,
    /// When the last run ended.
    pub last_ended_at: Option<Timestamp>,
    /// Whether the last run ended well.
    pub last_succeeded: Option<bool>,
    /// Whether everything the sender had was taken at the end of the last run.
    pub up_to_date: bool,
    /// Code and message of what went wrong last; gone after a run that ended well.
    pub error: Option<(String, String)>,
    /// Runs that failed in a row.
    pub failures: u32,
    /// When the next run may begin; `None`: at once.
    pub next_fetch_at: Option<Timestamp>,
}

const COLUMNS: &str = "number, name, api, config_json, enabled, bank, created_at, cursor_json, checkpoint_s, fetched, \
    running_since, last_ended_at, last_succeeded, up_to_date, error_code, error_message, failures, next_fetch_at";

impl Store {
    /// Makes an exchange, with secrets of its own where they are given, and the bank of its name where
    /// there is none.
    /// Errors: [`StoreError::Duplicate`] where the name is taken, or another exchange feeds that bank.
    pub async fn create_exchange(
        &self,
        new: &NewExchange,
        credentials_json: Option<&str>,
        at: Timestamp,
        custody: Vec<LedgerDraft>,
    ) -> Result<Exchange> {
        let of = |error| StoreError::of(error, "exchange");
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, custody).await?;
        let number = next_number(&mut transaction, "exchanges").await?;
        let bank = bank_named(&mut transaction, &new.name, at).await?;
        let fed = sqlx::query("SELECT number FROM exchanges WHERE bank = $1")
            .bind(i64::from(bank.0))
            .fetch_optional(&mut *transaction)
            .await
            .map_err(of)?;
        if fed.is_some() {
            return Err(StoreError::Duplicate { what: "exchange" });
        }
        sqlx::query(
            "INSERT INTO exchanges (number, name, api, config_json, enabled, bank, created_at, fetched, up_to_date) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0)",
        )
        .bind(number)
        .bind(escaped(&new.name))
        .bind(escaped(&new.api))
        .bind(escaped(&new.config_json))
        .bind(i64::from(new.enabled))
        .bind(i64::from(bank.0))
        .bind(time_text(at))
        .execute(&mut *transaction)
        .await
        .map_err(of)?;
        let number = ExchangeNumber(number.unsigned_abs());
        write_credentials(&mut transaction, SecretOwner::Exchange(number), credentials_json)
            .await?;
        commit(transaction).await?;
        Ok(Exchange {
            number,
            terms: new.clone(),
            bank,
            created_at: at,
            state: ExchangeState::default(),
        })
    }

    /// All exchanges, in the order they were made.
    pub async fn exchanges(&self) -> Result<Vec<Exchange>> {
        let sql = format!("SELECT {COLUMNS} FROM exchanges ORDER BY number");
        let rows = sqlx::query(AssertSqlSafe(sql))
            .fetch_all(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "exchange"))?;
        rows.iter().map(read).collect()
    }

    /// The exchange of this name. Errors: [`StoreError::NotFound`].
    pub async fn exchange(&self, name: &str) -> Result<Exchange> {
        let sql = format!("SELECT {COLUMNS} FROM exchanges WHERE name = $1");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(escaped(name))
            .fetch_optional(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "exchange"))?
            .ok_or_else(|| StoreError::not_found("exchange", name))?;
        read(&row)
    }

    /// The exchange that feeds a bank, where one does.
    pub async fn exchange_of(&self, bank: BankNumber) -> Result<Option<Exchange>> {
        let sql = format!("SELECT {COLUMNS} FROM exchanges WHERE bank = $1");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(i64::from(bank.0))
            .fetch_optional(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "exchange"))?;
        row.as_ref().map(read).transpose()
    }

    /// Lets an exchange fetch, or not. Errors: [`StoreError::NotFound`].
    pub async fn enable_exchange(
        &self,
        number: ExchangeNumber,
        enabled: bool,
        custody: Vec<LedgerDraft>,
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, custody).await?;
        let changed = sqlx::query(
            "UPDATE exchanges SET enabled = $1, next_fetch_at = NULL WHERE number = $2",
        )
        .bind(i64::from(enabled))
        .bind(int(number.0, "number of an exchange")?)
        .execute(&mut *transaction)
        .await
        .map_err(|error| StoreError::of(error, "exchange"))?;
        if changed.rows_affected() == 0 {
            return Err(StoreError::not_found("exchange", number));
        }
        commit(transaction).await
    }

    /// Removes an exchange, its own secrets and every content that came through it: nobody would tell of
    /// withdrawals any more. Its bank goes too, unless people put something into it.
    /// Errors: [`StoreError::NotFound`].
    pub async fn remove_exchange(
        &self,
        number: ExchangeNumber,
        custody: Vec<LedgerDraft>,
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, custody).await?;
        let row = sqlx::query("DELETE FROM exchanges WHERE number = $1 RETURNING bank")
            .bind(int(number.0, "number of an exchange")?)
            .fetch_optional(&mut *transaction)
            .await
            .map_err(|error| StoreError::of(error, "exchange"))?
            .ok_or_else(|| StoreError::not_found("exchange", number))?;
        let bank = BankNumber(Reader { table: "exchanges", row: &row }.int("bank")?);
        let owner = SecretOwner::Exchange(number);
        write_credentials(&mut transaction, owner, None).await?;
        let gone = page::keyed_contents(&mut transaction, bank, None).await?;
        remove_contents(&mut transaction, &gone).await?;
        if is_empty(&mut transaction, bank).await? {
            empty_bank(&mut transaction, bank).await?;
        }
        commit(transaction).await
    }

    /// Keeps secrets in place of those there were; `None` removes them.
    pub async fn set_exchange_credentials(
        &self,
        owner: SecretOwner<'_>,
        credentials_json: Option<&str>,
        custody: Vec<LedgerDraft>,
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, custody).await?;
        write_credentials(&mut transaction, owner, credentials_json).await?;
        commit(transaction).await
    }

    /// Secrets, where they were given.
    pub async fn exchange_credentials(&self, owner: SecretOwner<'_>) -> Result<Option<String>> {
        let row = sqlx::query("SELECT credentials_json FROM exchange_credentials WHERE api = $1")
            .bind(owner.key())
            .fetch_optional(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "credentials"))?;
        let read =
            |row: &AnyRow| Reader { table: "exchange_credentials", row }.text("credentials_json");
        row.as_ref().map(read).transpose()
    }
}

/// Whose secrets are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretOwner<'a> {
    /// Those of every exchange that speaks an interface and has none of its own.
    Api(&'a str),
    /// Those of one exchange.
    Exchange(ExchangeNumber),
}

impl SecretOwner<'_> {
    /// Ids of interfaces hold no colon.
    fn key(self) -> String {
        match self {
            Self::Api(api) => escaped(api),
            Self::Exchange(number) => format!("exchange:{number}"),
        }
    }
}

async fn write_credentials(
    transaction: &mut Transaction,
    owner: SecretOwner<'_>,
    credentials_json: Option<&str>,
) -> Result<()> {
    let query = match credentials_json {
        Some(json) => sqlx::query(
            "INSERT INTO exchange_credentials (api, credentials_json) VALUES ($1, $2) \
             ON CONFLICT (api) DO UPDATE SET credentials_json = excluded.credentials_json",
        )
        .bind(owner.key())
        .bind(escaped(json)),
        None => sqlx::query("DELETE FROM exchange_credentials WHERE api = $1").bind(owner.key()),
    };
    let written = query.execute(&mut **transaction).await;
    written.map(drop).map_err(|error| StoreError::of(error, "credentials"))
}

async fn is_empty(transaction: &mut Transaction, bank: BankNumber) -> Result<bool> {
    let row =
        sqlx::query("SELECT number FROM bank_contents WHERE bank = $1 AND removed = 0 LIMIT 1")
            .bind(i64::from(bank.0))
            .fetch_optional(&mut **transaction)
            .await
            .map_err(|error| StoreError::of(error, "content"))?;
    Ok(row.is_none())
}

/// The bank of this name, made where there is none.
async fn bank_named(
    transaction: &mut Transaction,
    name: &str,
    at: Timestamp,
) -> Result<BankNumber> {
    let row = sqlx::query("SELECT number FROM signal_banks WHERE name = $1")
        .bind(escaped(name))
        .fetch_optional(&mut **transaction)
        .await
        .map_err(|error| StoreError::of(error, "signal bank"))?;
    match row {
        Some(row) => Ok(BankNumber(Reader { table: "signal_banks", row: &row }.int("number")?)),
        None => insert_bank(transaction, &BankTerms::named(name), at).await,
    }
}

fn read(row: &AnyRow) -> Result<Exchange> {
    let row = Reader { table: "exchanges", row };
    let flag = |column| row.int(column).map(|flag: i64| flag != 0);
    let error = row.text_or_null("error_code")?.zip(row.text_or_null("error_message")?);
    Ok(Exchange {
        number: ExchangeNumber(row.int("number")?),
        terms: NewExchange {
            name: row.text("name")?,
            api: row.text("api")?,
            config_json: row.text("config_json")?,
            enabled: flag("enabled")?,
        },
        bank: BankNumber(row.int("bank")?),
        created_at: row.parsed("created_at")?,
        state: ExchangeState {
            cursor_json: row.text_or_null("cursor_json")?,
            checkpoint_s: row.int_or_null("checkpoint_s")?,
            fetched: row.int("fetched")?,
            running_since: row.parsed_or_null("running_since")?,
            last_ended_at: row.parsed_or_null("last_ended_at")?,
            last_succeeded: row.int_or_null("last_succeeded")?.map(|flag: i64| flag != 0),
            up_to_date: flag("up_to_date")?,
            error,
            failures: row.int("failures")?,
            next_fetch_at: row.parsed_or_null("next_fetch_at")?,
        },
    })
}
