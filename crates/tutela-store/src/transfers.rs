//! Files of transfers: all of one, or nothing. What they say of people stands apart, and can be erased.

mod import;
mod words;

use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;
use tutela_core::{
    AccountId, CaseId, Money, OperatorId, PartyRecord, Sha256, Timestamp, Transfer, TransferId,
    TransferRecord,
};

pub use self::import::TransferImport;
use self::words::Words;
use crate::ledger::append_to;
use crate::rows::{Reader, indexed, placeholders};
use crate::store::commit;
use crate::{LedgerDraft, Result, Store, StoreError};

/// Rows read at a time.
const PAGE: i64 = 20_000;
/// Ids asked for at a time.
const IDS: usize = 500;

/// A file of transfers whose import begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTransferFile {
    /// What it was called; personal data at worst, kept out of the ledger.
    pub name: String,
    /// SHA-256 of the file as it was read.
    pub sha256: Sha256,
    /// Id of its format.
    pub format: String,
    /// When its import began.
    pub imported_at: Timestamp,
    /// Who imported it.
    pub operator: OperatorId,
    /// The case it belongs to.
    pub case: Option<CaseId>,
}

/// A file of transfers in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferFile {
    /// Its number, rising.
    pub number: u64,
    /// What it was imported with.
    pub begun: NewTransferFile,
    /// Transfers stored.
    pub transfers: u64,
    /// Rows that could not be used.
    pub rejected: u64,
}

const COLUMNS: &str =
    "number, name, sha256, format, imported_at, operator, case_id, transfers, rejected";
const TRANSFER: &str =
    "id, full_id, source_row, time, amount_minor, currency, payer, payee, context";

/// State of a file whose transfers are still coming in.
const IMPORTING: &str = "importing";
/// State of a file that is complete.
const READY: &str = "ready";
/// State of what comes one by one, and is complete at any time.
const STREAM: &str = "stream";

impl Store {
    /// All files, in the order in which their imports began.
    pub async fn transfer_files(&self) -> Result<Vec<TransferFile>> {
        let sql = format!("SELECT {COLUMNS} FROM transfer_files WHERE state <> $1 ORDER BY number");
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(IMPORTING)
            .fetch_all(&self.pool)
            .await
            .map_err(of)?;
        rows.iter().map(read_file).collect()
    }

    /// Gives every transfer of a file, in the order of the file, as it was read; what was erased is not
    /// there. Memory for what the file says of its accounts, and a page of transfers.
    pub async fn each_transfer(
        &self,
        file: u64,
        mut give: impl FnMut(&TransferRecord),
    ) -> Result<()> {
        let number = crate::rows::int(file, "number of a file")?;
        let parties = self.parties(number).await?;
        let sql = format!(
            "SELECT {TRANSFER} FROM transfers WHERE file = $1 AND position >= $2 AND position < $3 \
             ORDER BY position"
        );
        let mut from = 0;
        loop {
            let rows = sqlx::query(AssertSqlSafe(sql.clone()))
                .bind(number)
                .bind(from)
                .bind(from + PAGE)
                .fetch_all(&self.pool)
                .await
                .map_err(of)?;
            if rows.is_empty() {
                return Ok(());
            }
            for row in &rows {
                let row = Reader { table: "transfers", row };
                let party = |column| {
                    let place: usize = row.int(column)?;
                    parties.get(place).ok_or_else(|| row.damaged(column))
                };
                let context = row.int_or_null::<usize>("context")?;
                let context =
                    context.map(|place| parties.get(place).ok_or_else(|| row.damaged("context")));
                let context = context.transpose()?.map(|(_, words)| words);
                give(&record(&row, party("payer")?, party("payee")?, context)?);
            }
            from += PAGE;
        }
    }

    /// Transfers by their ids, in no particular order; ids that are not there are left out.
    pub async fn transfers_by_id(&self, ids: &[String]) -> Result<Vec<TransferRecord>> {
        let mut found = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(IDS) {
            let columns = TRANSFER.replace("id, full_id", "t.id, t.full_id");
            let sql = format!(
                "SELECT {columns}, a.account AS payer_account, a.words_json AS payer_words, \
                 b.account AS payee_account, b.words_json AS payee_words, c.words_json AS context_words \
                 FROM transfers t JOIN transfer_files f ON f.number = t.file \
                 JOIN transfer_parties a ON a.file = t.file AND a.place = t.payer \
                 JOIN transfer_parties b ON b.file = t.file AND b.place = t.payee \
                 LEFT JOIN transfer_parties c ON c.file = t.file AND c.place = t.context \
                 WHERE f.state <> '{IMPORTING}' AND t.id IN ({})",
                placeholders(1, chunk.len())
            );
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for id in chunk {
                query = query.bind(indexed(id));
            }
            for row in &query.fetch_all(&self.pool).await.map_err(of)? {
                let row = Reader { table: "transfers", row };
                let words = |column| row.json_or_null(column, Words::read);
                let payer = (row.text("payer_account")?, words("payer_words")?.unwrap_or_default());
                let payee = (row.text("payee_account")?, words("payee_words")?.unwrap_or_default());
                found.push(record(&row, &payer, &payee, words("context_words")?.as_ref())?);
            }
        }
        Ok(found)
    }

    /// What records say of the person behind an account, each wording once, the first first; at most `limit`.
    pub async fn party_words(&self, account: &str, limit: u32) -> Result<Vec<PartyRecord>> {
        let rows = sqlx::query(
            "SELECT words_json FROM transfer_parties JOIN transfer_files ON number = file \
             WHERE account_index = $1 AND words_json IS NOT NULL AND state <> $2 \
             ORDER BY file, place LIMIT $3",
        )
        .bind(indexed(account))
        .bind(IMPORTING)
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await
        .map_err(of)?;
        let mut said: Vec<PartyRecord> = Vec::new();
        for row in &rows {
            let row = Reader { table: "transfer_parties", row };
            let words: Words = row.json("words_json", Words::read)?;
            let party = words.party();
            if party != PartyRecord::default() && !said.contains(&party) {
                said.push(party);
            }
        }
        Ok(said)
    }

    /// Erases what records say of the person behind an account, and what they stated of their transfers.
    /// Transfers, alerts and the ledger stay. Says how many wordings there were.
    /// Errors: [`StoreError::NotFound`] where there is nothing to erase.
    pub async fn erase_party_words(&self, account: &str, custody: LedgerDraft) -> Result<u64> {
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, vec![custody]).await?;
        let erased = sqlx::query(
            "UPDATE transfer_parties SET words_json = NULL \
             WHERE account_index = $1 AND words_json IS NOT NULL",
        )
        .bind(indexed(account))
        .execute(&mut *transaction)
        .await
        .map_err(of)?
        .rows_affected();
        if erased == 0 {
            return Err(StoreError::NotFound {
                what: "words about",
                id: "this account".to_owned(),
            });
        }
        commit(transaction).await?;
        self.scrub("transfer_parties").await?;
        Ok(erased)
    }

    /// Account and words of each place of a file.
    async fn parties(&self, file: i64) -> Result<Vec<(String, Words)>> {
        let mut all = Vec::new();
        loop {
            let from = i64::try_from(all.len()).unwrap_or(i64::MAX);
            let rows = sqlx::query(
                "SELECT account, words_json FROM transfer_parties \
                 WHERE file = $1 AND place >= $2 AND place < $3 ORDER BY place",
            )
            .bind(file)
            .bind(from)
            .bind(from.saturating_add(PAGE))
            .fetch_all(&self.pool)
            .await
            .map_err(of)?;
            if rows.is_empty() {
                return Ok(all);
            }
            for row in &rows {
                let row = Reader { table: "transfer_parties", row };
                let words = row.json_or_null("words_json", Words::read)?.unwrap_or_default();
                all.push((row.text("account")?, words));
            }
        }
    }
}

fn of(error: sqlx::Error) -> StoreError {
    StoreError::of(error, "transfer")
}

fn read_file(row: &AnyRow) -> Result<TransferFile> {
    let row = Reader { table: "transfer_files", row };
    Ok(TransferFile {
        number: row.int("number")?,
        begun: NewTransferFile {
            name: row.text("name")?,
            sha256: row.parsed("sha256")?,
            format: row.text("format")?,
            imported_at: row.parsed("imported_at")?,
            operator: row.parsed("operator")?,
            case: row.parsed_or_null("case_id")?,
        },
        transfers: row.int("transfers")?,
        rejected: row.int("rejected")?,
    })
}

fn record(
    row: &Reader<'_>,
    payer: &(String, Words),
    payee: &(String, Words),
    context: Option<&Words>,
) -> Result<TransferRecord> {
    let id = match row.text_or_null("full_id")? {
        Some(id) => id,
        None => row.text("id")?,
    };
    let transfer = Transfer {
        id: TransferId(id),
        time: row.parsed("time")?,
        amount: Money { minor: row.int("amount_minor")?, currency: row.parsed("currency")? },
        payer: AccountId(payer.0.clone()),
        payee: AccountId(payee.0.clone()),
    };
    let mut record = TransferRecord {
        payer: payer.1.party(),
        payee: payee.1.party(),
        ..TransferRecord::bare(row.int("source_row")?, transfer)
    };
    if let Some(words) = context {
        words.state_context(&mut record);
    }
    Ok(record)
}
