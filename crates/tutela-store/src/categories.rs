//! What examiners said of content: only ever added to.

use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;
use tutela_core::{Category, OperatorId, ScanId, Sha256, Timestamp};

use crate::ledger::append_to;
use crate::rows::{Reader, escaped, insert_rows, int, placeholders, time_text};
use crate::store::commit;
use crate::{LedgerDraft, Result, Store, StoreError};

/// Digests looked for in one statement.
const LOOKED_FOR_AT_ONCE: usize = 256;

/// One statement about content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// SHA-256 of the content it is about.
    pub sha256: Sha256,
    /// The category as the examiner's file gives it.
    pub category: Category,
    /// What the examiner wrote beside it; personal data.
    pub comment: Option<String>,
    /// Row in the file it came from, from 1.
    pub source_row: u64,
}

/// Whose statements they are, and where they come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementSource {
    /// The scan they were read in for.
    pub scan: ScanId,
    /// Who made them, by name; personal data.
    pub examiner: String,
    /// Who read them in.
    pub operator: OperatorId,
    /// When.
    pub stated_at: Timestamp,
    /// SHA-256 of the file.
    pub source_sha256: Sha256,
}

/// A statement as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredStatement {
    /// What is said.
    pub statement: Statement,
    /// By whom.
    pub source: StatementSource,
}

impl Store {
    /// Adds statements to those that are there. In their order; nothing is replaced.
    pub async fn add_statements(
        &self,
        source: &StatementSource,
        statements: &[Statement],
        custody: Vec<LedgerDraft>,
    ) -> Result<()> {
        let scan = self.scan_number(source.scan).await?;
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, custody).await?;
        let count = int(statements.len() as u64, "statements")?;
        let claimed = sqlx::query(
            "UPDATE counters SET value = value + $1 WHERE name = 'exhibit_categories' RETURNING value",
        )
        .bind(count)
        .fetch_one(&mut *transaction)
        .await
        .map_err(of)?;
        let last: i64 = Reader { table: "counters", row: &claimed }.int("value")?;
        let rows: Vec<(i64, &Statement)> = (last - count + 1..).zip(statements).collect();
        let insert = (
            "INSERT INTO exhibit_categories (number, sha256, scan, scheme, code, comment, examiner, operator, \
             stated_at, source_sha256, source_row)",
            11,
            "",
        );
        insert_rows(&mut transaction, insert, "category", &rows, |query, (number, said)| {
            Ok(query
                .bind(*number)
                .bind(said.sha256.to_string())
                .bind(scan)
                .bind(escaped(&said.category.scheme))
                .bind(escaped(&said.category.code))
                .bind(said.comment.as_deref().map(escaped))
                .bind(escaped(&source.examiner))
                .bind(source.operator.to_string())
                .bind(time_text(source.stated_at))
                .bind(source.source_sha256.to_string())
                .bind(int(said.source_row, "row")?))
        })
        .await?;
        commit(transaction).await
    }

    /// Every statement about content with one of these digests, in the order they were added.
    pub async fn statements(&self, digests: &[Sha256]) -> Result<Vec<StoredStatement>> {
        let mut found: Vec<(u64, StoredStatement)> = Vec::new();
        for digests in digests.chunks(LOOKED_FOR_AT_ONCE) {
            let sql = format!(
                "SELECT exhibit_categories.*, scans.id AS scan_id FROM exhibit_categories \
                 JOIN scans ON scans.number = exhibit_categories.scan WHERE sha256 IN ({})",
                placeholders(1, digests.len())
            );
            let query = sqlx::query(AssertSqlSafe(sql));
            let query = digests.iter().fold(query, |query, digest| query.bind(digest.to_string()));
            let rows = query.fetch_all(&self.pool).await.map_err(of)?;
            for row in &rows {
                found.push(read(row)?);
            }
        }
        found.sort_by_key(|(number, _)| *number);
        Ok(found.into_iter().map(|(_, statement)| statement).collect())
    }
}

fn of(error: sqlx::Error) -> StoreError {
    StoreError::of(error, "category")
}

fn read(row: &AnyRow) -> Result<(u64, StoredStatement)> {
    let row = Reader { table: "exhibit_categories", row };
    let statement = Statement {
        sha256: row.parsed("sha256")?,
        category: Category { scheme: row.text("scheme")?, code: row.text("code")? },
        comment: row.text_or_null("comment")?,
        source_row: row.int("source_row")?,
    };
    let source = StatementSource {
        scan: row.parsed("scan_id")?,
        examiner: row.text("examiner")?,
        operator: row.parsed("operator")?,
        stated_at: row.parsed("stated_at")?,
        source_sha256: row.parsed("source_sha256")?,
    };
    Ok((row.int("number")?, StoredStatement { statement, source }))
}
