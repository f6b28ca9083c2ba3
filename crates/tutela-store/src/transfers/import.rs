//! Transfers on their way into the store: batches of a file that shows once it is complete.

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256 as Hasher};
use sqlx::AssertSqlSafe;
use tutela_core::{Timestamp, TransferRecord};

use super::words::Words;
use super::{IDS, IMPORTING, NewTransferFile, READY, STREAM, of};
use crate::ledger::append_to;
use crate::rows::{
    Reader, Transaction, escaped, indexed, insert_rows, int, placeholders, time_text,
};
use crate::scans::next_number;
use crate::store::commit;
use crate::{LedgerDraft, Result, Store, StoreError};

/// An import that is under way. If it is dropped, what it has stored is cleared away with the next import of
/// the same file, or once it has not been written to for a quarter of an hour.
#[derive(Debug)]
pub struct TransferImport {
    number: i64,
    state: &'static str,
    position: i64,
    place: i64,
    /// What is stored already, by a digest of account and words.
    known: HashMap<[u8; 16], i64>,
}

impl TransferImport {
    /// Number of its file.
    pub fn number(&self) -> u64 {
        self.number.unsigned_abs()
    }
}

/// A row of `transfer_parties`.
struct NewParty<'r> {
    place: i64,
    account: &'r str,
    words: Option<String>,
}

/// A row of `transfers`.
struct NewRow<'r> {
    position: i64,
    record: &'r TransferRecord,
    payer: i64,
    payee: i64,
    context: Option<i64>,
}

impl Store {
    /// Begins an import; nobody sees its transfers before [`Store::finish_transfers`]. What an import of the
    /// same file left behind that did not end is cleared away; should it still be alive, it fails.
    /// Errors: [`StoreError::Duplicate`] where the file is in the store.
    pub async fn begin_transfers(&self, file: &NewTransferFile) -> Result<TransferImport> {
        let mut transaction = self.begin().await?;
        let number = next_number(&mut transaction, "transfer_files").await?;
        let left =
            sqlx::query("SELECT number FROM transfer_files WHERE sha256 = $1 AND state = $2")
                .bind(file.sha256.to_string())
                .bind(IMPORTING)
                .fetch_optional(&mut *transaction)
                .await
                .map_err(of)?;
        if let Some(row) = left {
            let left = Reader { table: "transfer_files", row: &row }.int("number")?;
            delete(&mut transaction, left).await?;
        }
        insert_file(&mut transaction, number, file, IMPORTING).await?;
        commit(transaction).await?;
        Ok(TransferImport {
            number,
            state: IMPORTING,
            position: 0,
            place: 0,
            known: HashMap::new(),
        })
    }

    /// Opens the place for transfers that come one by one, such as those of an interface; it is made where
    /// it is not there. Its digest is that of its name, for there is no file.
    pub async fn open_stream(&self, file: &NewTransferFile) -> Result<TransferImport> {
        let mut transaction = self.begin().await?;
        let number = next_number(&mut transaction, "transfer_files").await?;
        let found = sqlx::query(
            "SELECT number, transfers, parties FROM transfer_files WHERE sha256 = $1 AND state = $2",
        )
        .bind(file.sha256.to_string())
        .bind(STREAM)
        .fetch_optional(&mut *transaction)
        .await
        .map_err(of)?;
        let (mut number, mut position, mut place) = (number, 0, 0);
        match found {
            Some(row) => {
                let row = Reader { table: "transfer_files", row: &row };
                number = row.int("number")?;
                (position, place) = (row.int("transfers")?, row.int("parties")?);
            }
            None => insert_file(&mut transaction, number, file, STREAM).await?,
        }
        commit(transaction).await?;
        Ok(TransferImport { number, state: STREAM, position, place, known: HashMap::new() })
    }

    /// Adds transfers, in one transaction. Gives the rows of those that were left out, because their id is in
    /// the store already.
    /// Errors: [`StoreError::NotFound`] where another import has taken the place of this one.
    pub async fn add_transfers(
        &self,
        import: &mut TransferImport,
        records: &[TransferRecord],
    ) -> Result<Vec<u64>> {
        let mut transaction = self.begin().await?;
        let touched = sqlx::query(
            "UPDATE transfer_files SET touched_at = $1 WHERE number = $2 AND state = $3 \
             RETURNING transfers, parties",
        )
        .bind(time_text(Timestamp::now()))
        .bind(import.number)
        .bind(import.state)
        .fetch_optional(&mut *transaction)
        .await
        .map_err(of)?;
        let touched =
            touched.ok_or_else(|| StoreError::not_found("import of transfers", import.number))?;
        let touched = Reader { table: "transfer_files", row: &touched };
        // Another process may have added to the same stream.
        let (position, place) = (touched.int("transfers")?, touched.int("parties")?);
        if (position, place) != (import.position, import.place) {
            import.known.clear();
            (import.position, import.place) = (position, place);
        }
        let there = ids_there(&mut transaction, import.number, records).await?;
        let mut here = HashSet::new();
        let (mut left_out, mut parties, mut rows) = (Vec::new(), Vec::new(), Vec::new());
        let (mut position, mut place) = (import.position, import.place);
        let mut new: HashMap<[u8; 16], i64> = HashMap::new();
        for record in records {
            let id = &record.transfer.id.0;
            if there.contains(&indexed(id)) || !here.insert(id) {
                left_out.push(record.row);
                continue;
            }
            let mut at = |account, words: Option<String>| {
                let digest = digest(account, words.as_deref());
                let known = import.known.get(&digest).or_else(|| new.get(&digest)).copied();
                known.unwrap_or_else(|| {
                    parties.push(NewParty { place, account, words });
                    new.insert(digest, place);
                    place += 1;
                    place - 1
                })
            };
            let (payer, payee) = (record.transfer.payer.as_str(), record.transfer.payee.as_str());
            let context = Words::of_context(record).map(|words| at(payer, Some(words)));
            let payer = at(payer, Words::of_party(&record.payer));
            let payee = at(payee, Words::of_party(&record.payee));
            rows.push(NewRow { position, record, payer, payee, context });
            position += 1;
        }
        insert_parties(&mut transaction, import.number, &parties).await?;
        insert_transfers(&mut transaction, import.number, &rows).await?;
        sqlx::query("UPDATE transfer_files SET transfers = $1, parties = $2 WHERE number = $3")
            .bind(position)
            .bind(place)
            .bind(import.number)
            .execute(&mut *transaction)
            .await
            .map_err(of)?;
        commit(transaction).await?;
        import.known.extend(new);
        (import.position, import.place) = (position, place);
        Ok(left_out)
    }

    /// Ends an import and makes its transfers visible. Says how many there are.
    pub async fn finish_transfers(
        &self,
        import: TransferImport,
        rejected: u64,
        custody: Vec<LedgerDraft>,
    ) -> Result<u64> {
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, custody).await?;
        let row = sqlx::query(
            "UPDATE transfer_files SET state = $1, rejected = $2 WHERE number = $3 AND state = $4 \
             RETURNING transfers",
        )
        .bind(READY)
        .bind(int(rejected, "rejected rows")?)
        .bind(import.number)
        .bind(IMPORTING)
        .fetch_optional(&mut *transaction)
        .await
        .map_err(of)?
        .ok_or_else(|| StoreError::not_found("import of transfers", import.number))?;
        let transfers = Reader { table: "transfer_files", row: &row }.int("transfers")?;
        commit(transaction).await?;
        Ok(transfers)
    }

    /// Takes back an import that cannot be ended.
    pub async fn abandon_transfers(&self, import: TransferImport) -> Result<()> {
        let mut transaction = self.begin().await?;
        delete(&mut transaction, import.number).await?;
        commit(transaction).await
    }

    /// Clears away imports of transfers that were last written to before `before`.
    pub(crate) async fn clear_dead_transfers(&self, before: Timestamp) -> Result<()> {
        let rows =
            sqlx::query("SELECT number FROM transfer_files WHERE state = $1 AND touched_at < $2")
                .bind(IMPORTING)
                .bind(time_text(before))
                .fetch_all(&self.pool)
                .await
                .map_err(of)?;
        for row in &rows {
            let mut transaction = self.begin().await?;
            delete(&mut transaction, Reader { table: "transfer_files", row }.int("number")?)
                .await?;
            commit(transaction).await?;
        }
        Ok(())
    }
}

/// The first 16 bytes of a SHA-256: two wordings that share them have never been seen.
fn digest(account: &str, words: Option<&str>) -> [u8; 16] {
    let hasher = Hasher::new().chain_update((account.len() as u64).to_le_bytes());
    let digest = hasher.chain_update(account).chain_update(words.unwrap_or_default()).finalize();
    let mut short = [0; 16];
    short.copy_from_slice(&digest[..16]);
    short
}

async fn insert_file(
    transaction: &mut Transaction,
    number: i64,
    file: &NewTransferFile,
    state: &'static str,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO transfer_files (number, name, sha256, format, imported_at, operator, case_id, state, \
         touched_at, transfers, parties, rejected) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 0)",
    )
    .bind(number)
    .bind(escaped(&file.name))
    .bind(file.sha256.to_string())
    .bind(escaped(&file.format))
    .bind(time_text(file.imported_at))
    .bind(file.operator.to_string())
    .bind(file.case.map(|id| id.to_string()))
    .bind(state)
    .bind(time_text(Timestamp::now()))
    .execute(&mut **transaction)
    .await
    .map(drop)
    .map_err(|error| StoreError::of(error, "file of transfers"))
}

/// The ids, as they are indexed, that complete files, streams or this file hold already.
/// Errors: [`StoreError::WrongState`] where another file holds one that is still being imported.
async fn ids_there(
    transaction: &mut Transaction,
    own: i64,
    records: &[TransferRecord],
) -> Result<HashSet<String>> {
    let mut there = HashSet::new();
    for chunk in records.chunks(IDS) {
        let sql = format!(
            "SELECT id, file, state FROM transfers JOIN transfer_files ON number = file WHERE id IN ({})",
            placeholders(1, chunk.len())
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for record in chunk {
            query = query.bind(indexed(&record.transfer.id.0));
        }
        for row in &query.fetch_all(&mut **transaction).await.map_err(of)? {
            // As it stands in the column: compared with what `indexed` makes.
            let id: String = sqlx::Row::try_get(row, "id").map_err(of)?;
            let row = Reader { table: "transfers", row };
            if row.text("state")? == IMPORTING && row.int::<i64>("file")? != own {
                return Err(StoreError::WrongState {
                    what: "another file with the same transfers, number",
                    id: row.int::<u64>("file")?.to_string(),
                    state: "being imported".to_owned(),
                });
            }
            there.insert(id);
        }
    }
    Ok(there)
}

async fn insert_parties(
    transaction: &mut Transaction,
    file: i64,
    parties: &[NewParty<'_>],
) -> Result<()> {
    let insert =
        ("INSERT INTO transfer_parties (file, place, account, account_index, words_json)", 5, "");
    insert_rows(transaction, insert, "party of transfers", parties, |query, party| {
        Ok(query
            .bind(file)
            .bind(party.place)
            .bind(escaped(party.account))
            .bind(indexed(party.account))
            .bind(party.words.as_deref()))
    })
    .await
}

async fn insert_transfers(
    transaction: &mut Transaction,
    file: i64,
    rows: &[NewRow<'_>],
) -> Result<()> {
    let insert = (
        "INSERT INTO transfers (file, position, id, full_id, source_row, time, amount_minor, currency, payer, \
         payee, context)",
        11,
        "",
    );
    insert_rows(transaction, insert, "transfer", rows, |query, row| {
        let transfer = &row.record.transfer;
        let id = indexed(&transfer.id.0);
        let full = (id != escaped(&transfer.id.0)).then(|| escaped(&transfer.id.0));
        Ok(query
            .bind(file)
            .bind(row.position)
            .bind(id)
            .bind(full)
            .bind(int(row.record.row, "row of a file")?)
            .bind(time_text(transfer.time))
            .bind(transfer.amount.minor)
            .bind(transfer.amount.currency.to_string())
            .bind(row.payer)
            .bind(row.payee)
            .bind(row.context))
    })
    .await
}

async fn delete(transaction: &mut Transaction, file: i64) -> Result<()> {
    for sql in [
        "DELETE FROM transfers WHERE file = $1",
        "DELETE FROM transfer_parties WHERE file = $1",
        "DELETE FROM transfer_files WHERE number = $1",
    ] {
        sqlx::query(sql).bind(file).execute(&mut **transaction).await.map_err(of)?;
    }
    Ok(())
}
