//! The ledger's lines, the words beside them, and its checkpoints.

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};
use tutela_core::{CaseId, ExhibitId, OperatorId, ScanId, Sha256, Timestamp};
use tutela_ledger::tree::leaf_hash;
use tutela_ledger::{Frontier, Reference, Tool, acts};

use crate::rows::{Reader, Transaction, escaped, insert_rows, int, time_text};
use crate::store::commit;
use crate::{LedgerDraft, Payload, Result, Store, StoreError};

/// The program as entries name it.
const TOOL: &str = concat!("tutela ", env!("CARGO_PKG_VERSION"));

/// What entries may be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A scan.
    Scan(ScanId),
    /// A case.
    Case(CaseId),
    /// An exhibit.
    Exhibit(ExhibitId),
}

impl Subject {
    /// The column that names it, and its id.
    fn column(self) -> (&'static str, String) {
        match self {
            Self::Scan(id) => ("scan", id.to_string()),
            Self::Case(id) => ("case_id", id.to_string()),
            Self::Exhibit(id) => ("exhibit", id.to_string()),
        }
    }
}

impl Store {
    /// Appends acts in their order, in one transaction; gives the sequence number of the first.
    pub async fn append(&self, drafts: Vec<LedgerDraft>) -> Result<u64> {
        let mut transaction = self.begin().await?;
        let first = append_to(&mut transaction, drafts).await?;
        commit(transaction).await?;
        match first {
            Some(first) => Ok(first),
            None => self.ledger_size().await,
        }
    }

    /// At most `limit` lines from a sequence number on.
    pub async fn entry_lines(&self, from: u64, limit: u32) -> Result<Vec<String>> {
        let rows =
            sqlx::query("SELECT line FROM ledger_entries WHERE seq >= $1 ORDER BY seq LIMIT $2")
                .bind(int(from, "sequence number")?)
                .bind(i64::from(limit))
                .fetch_all(&self.pool)
                .await
                .map_err(of)?;
        rows.iter().map(line).collect()
    }

    /// Every line about a scan, a case or an exhibit, in the order of the ledger.
    pub async fn entry_lines_about(&self, subject: Subject) -> Result<Vec<String>> {
        let (column, id) = subject.column();
        let sql = format!("SELECT line FROM ledger_entries WHERE {column} = $1 ORDER BY seq");
        let rows =
            sqlx::query(AssertSqlSafe(sql)).bind(id).fetch_all(&self.pool).await.map_err(of)?;
        rows.iter().map(line).collect()
    }

    /// Hash of every leaf, in order: 32 bytes an entry.
    pub async fn leaf_hashes(&self) -> Result<Vec<Sha256>> {
        let rows = sqlx::query("SELECT leaf FROM ledger_entries ORDER BY seq")
            .fetch_all(&self.pool)
            .await
            .map_err(of)?;
        rows.iter().map(|row| Reader { table: "ledger_entries", row }.parsed("leaf")).collect()
    }

    /// Entries so far.
    pub async fn ledger_size(&self) -> Result<u64> {
        Ok(self.ledger_frontier().await?.size())
    }

    /// The right edge of the ledger as it is now: what a checkpoint signs. O(log n).
    pub async fn ledger_frontier(&self) -> Result<Frontier> {
        let row = sqlx::query("SELECT frontier FROM ledger_head WHERE id = 1")
            .fetch_one(&self.pool)
            .await
            .map_err(of)?;
        frontier(&row)
    }

    /// The words beside an entry; `None` where it has none or they were erased.
    pub async fn payload(&self, seq: u64) -> Result<Option<Payload>> {
        let row = sqlx::query("SELECT salt, words FROM ledger_payloads WHERE seq = $1")
            .bind(int(seq, "sequence number")?)
            .fetch_optional(&self.pool)
            .await
            .map_err(of)?;
        let Some(row) = row else { return Ok(None) };
        let row = Reader { table: "ledger_payloads", row: &row };
        // A salt is 32 bytes, like a digest, and is stored like one.
        let salt: Sha256 = row.parsed("salt")?;
        Ok(Some(Payload { salt: salt.0, text: row.text("words")? }))
    }

    /// Erases salt and text beside an entry and appends `payload.erased`; the entry itself stays.
    /// Errors: [`StoreError::NotFound`] where there is nothing to erase.
    pub async fn erase_payload(&self, seq: u64, operator: OperatorId, at: Timestamp) -> Result<()> {
        let erased =
            self.erase(vec![seq], LedgerDraft::new(at, operator, acts::PAYLOAD_ERASED)).await?;
        if erased == 0 {
            return Err(StoreError::not_found("payload of entry", seq));
        }
        Ok(())
    }

    /// Erases the words beside every entry about a scan, a case or an exhibit; says how many there
    /// were. One `payload.erased` names each entry.
    pub async fn erase_payloads_about(
        &self,
        subject: Subject,
        operator: OperatorId,
        at: Timestamp,
    ) -> Result<u64> {
        let (column, id) = subject.column();
        let sql = format!(
            "SELECT ledger_payloads.seq FROM ledger_payloads \
             JOIN ledger_entries ON ledger_entries.seq = ledger_payloads.seq \
             WHERE ledger_entries.{column} = $1 ORDER BY ledger_payloads.seq"
        );
        let rows =
            sqlx::query(AssertSqlSafe(sql)).bind(id).fetch_all(&self.pool).await.map_err(of)?;
        let read = |row| Reader { table: "ledger_payloads", row }.int("seq");
        let seqs: Vec<u64> = rows.iter().map(read).collect::<Result<_>>()?;
        let mut draft = LedgerDraft::new(at, operator, acts::PAYLOAD_ERASED);
        match subject {
            Subject::Scan(id) => draft.scan = Some(id),
            Subject::Case(id) => draft.case = Some(id),
            Subject::Exhibit(id) => draft.exhibit = Some(id),
        }
        self.erase(seqs, draft).await
    }

    /// Erases the payloads of some entries, with one act for every hundred; says how many were there.
    async fn erase(&self, seqs: Vec<u64>, draft: LedgerDraft) -> Result<u64> {
        /// Keeps the lines of the ledger short.
        const ENTRIES_AN_ACT: usize = 100;
        let mut transaction = self.begin().await?;
        let drafts = seqs.chunks(ENTRIES_AN_ACT).map(|seqs| LedgerDraft {
            inputs: seqs.iter().copied().map(Reference::Entry).collect(),
            ..draft.clone()
        });
        append_to(&mut transaction, drafts.collect()).await?;
        let mut erased = 0;
        for &seq in &seqs {
            erased += sqlx::query("DELETE FROM ledger_payloads WHERE seq = $1")
                .bind(int(seq, "sequence number")?)
                .execute(&mut *transaction)
                .await
                .map_err(of)?
                .rows_affected();
        }
        if erased == 0 {
            return Ok(0);
        }
        commit(transaction).await?;
        self.scrub("ledger_payloads").await?;
        Ok(erased)
    }

    /// Keeps a signed checkpoint. Keeping the same one again changes nothing.
    /// Errors: [`StoreError::Duplicate`] where another note of this size is there.
    pub async fn add_checkpoint(&self, size: u64, note: &str, at: Timestamp) -> Result<()> {
        let row = sqlx::query(
            "INSERT INTO ledger_checkpoints (size, note, signed_at) VALUES ($1, $2, $3) \
             ON CONFLICT (size) DO UPDATE SET size = ledger_checkpoints.size RETURNING note",
        )
        .bind(int(size, "size of a checkpoint")?)
        .bind(note)
        .bind(time_text(at))
        .fetch_one(&self.pool)
        .await
        .map_err(|error| StoreError::of(error, "checkpoint"))?;
        if row.try_get::<&str, _>("note").map_err(of)? != note {
            return Err(StoreError::Duplicate { what: "checkpoint" });
        }
        Ok(())
    }

    /// All checkpoints, by size.
    pub async fn checkpoints(&self) -> Result<Vec<String>> {
        let rows = sqlx::query("SELECT note FROM ledger_checkpoints ORDER BY size")
            .fetch_all(&self.pool)
            .await
            .map_err(of)?;
        rows.iter().map(|row| Reader { table: "ledger_checkpoints", row }.text("note")).collect()
    }

    /// The checkpoint with the greatest size.
    pub async fn latest_checkpoint(&self) -> Result<Option<String>> {
        let row = sqlx::query("SELECT note FROM ledger_checkpoints ORDER BY size DESC LIMIT 1")
            .fetch_optional(&self.pool)
            .await
            .map_err(of)?;
        row.map(|row| Reader { table: "ledger_checkpoints", row: &row }.text("note")).transpose()
    }
}

/// Appends acts inside of a transaction, which must not have written before: the head of the
/// ledger is locked first, so that writers queue there and the sequence has no gaps. Gives the
/// number of the first; `None`, and no lock, where there are no acts.
pub(crate) async fn append_to(
    transaction: &mut Transaction,
    drafts: Vec<LedgerDraft>,
) -> Result<Option<u64>> {
    if drafts.is_empty() {
        return Ok(None);
    }
    let mut frontier = lock_head(transaction).await?;
    let first = frontier.size();
    let tool: Tool = TOOL.parse()?;
    let (mut rows, mut payloads) = (Vec::with_capacity(drafts.len()), Vec::new());
    for (seq, draft) in (first..).zip(drafts) {
        let (entry, payload) = draft.into_entry(seq, &tool);
        let line = entry.to_line();
        let leaf = leaf_hash(line.as_bytes());
        frontier.append(leaf);
        payloads.extend(payload.map(|payload| (seq, payload)));
        rows.push((entry, leaf, line));
    }
    let entries = ("INSERT INTO ledger_entries (seq, leaf, line, scan, case_id, exhibit)", 6, "");
    insert_rows(transaction, entries, "ledger entry", &rows, |query, (entry, leaf, line)| {
        Ok(query
            .bind(int(entry.seq, "sequence number")?)
            .bind(leaf.to_string())
            .bind(line.clone())
            .bind(entry.scan.map(|id| id.to_string()))
            .bind(entry.case.map(|id| id.to_string()))
            .bind(entry.exhibit.map(|id| id.to_string())))
    })
    .await?;
    let beside = ("INSERT INTO ledger_payloads (seq, salt, words)", 3, "");
    insert_rows(transaction, beside, "payload", &payloads, |query, (seq, payload)| {
        Ok(query
            .bind(int(*seq, "sequence number")?)
            .bind(Sha256(payload.salt).to_string())
            .bind(escaped(&payload.text)))
    })
    .await?;
    sqlx::query("UPDATE ledger_head SET frontier = $1 WHERE id = 1")
        .bind(frontier.to_text())
        .execute(&mut **transaction)
        .await
        .map_err(of)?;
    Ok(Some(first))
}

/// Takes the place at the head of the ledger's queue: for a transaction that learns only while it
/// writes what it has to append.
pub(crate) async fn lock_head(transaction: &mut Transaction) -> Result<Frontier> {
    let row =
        sqlx::query("UPDATE ledger_head SET frontier = frontier WHERE id = 1 RETURNING frontier")
            .fetch_one(&mut **transaction)
            .await
            .map_err(of)?;
    frontier(&row)
}

fn of(error: sqlx::Error) -> StoreError {
    StoreError::of(error, "ledger entry")
}

fn frontier(row: &AnyRow) -> Result<Frontier> {
    let text = Reader { table: "ledger_head", row }.text("frontier")?;
    Ok(Frontier::parse(&text)?)
}

fn line(row: &AnyRow) -> Result<String> {
    Reader { table: "ledger_entries", row }.text("line")
}
