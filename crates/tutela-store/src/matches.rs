//! Findings of the matching service: what was asked for, and the content it was near.

mod queue;

use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;
use tutela_core::{BankNumber, ContentNumber, FindingId, OperatorId, Orientation, Timestamp};

pub use self::queue::MatchFilter;
use crate::banks::next_numbers;
use crate::deliveries::{NewDelivery, insert_deliveries};
use crate::ledger::{append_to, lock_head};
use crate::rows::{Reader, Transaction, escaped, indexed, int, placeholders, time_text};
use crate::store::commit;
use crate::{LedgerDraft, Result, Store, StoreError};

/// A match as the service saw it, one or more times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenMatch {
    /// Its identity, if it is new.
    pub id: FindingId,
    /// Id of the signal type.
    pub kind: String,
    /// The signal that was asked for.
    pub query: String,
    /// Which orientation of the picture asked about was near, where that is known.
    pub orientation: Option<Orientation>,
    /// The bank.
    pub bank: BankNumber,
    /// The content.
    pub content: ContentNumber,
    /// Its signal.
    pub value: String,
    /// Bits that differ, for signals with a distance.
    pub distance: Option<u16>,
    /// Id of the rule that claims it.
    pub rule: String,
    /// Version of the rule.
    pub rule_version: u32,
    /// Parameters of the rule, as JSON.
    pub parameters_json: String,
    /// When it was last seen.
    pub at: Timestamp,
    /// How often since it was last told of.
    pub times: u64,
    /// It is put before a person.
    pub alert: bool,
    /// Webhooks that hear of it, if it is new, each with what is sent.
    pub webhooks: Vec<(String, String)>,
}

/// What a person made of a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MatchState {
    /// Nobody has decided yet.
    Open,
    /// It is what the bank says.
    Confirmed,
    /// It is not: the pair is reported no more.
    Disputed,
}

impl MatchState {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Open, Self::Confirmed, Self::Disputed];

    /// Its name in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Confirmed => "confirmed",
            Self::Disputed => "disputed",
        }
    }
}

/// A person's word on a match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchDecision {
    /// What they decided.
    pub state: MatchState,
    /// Who.
    pub operator: OperatorId,
    /// When.
    pub at: Timestamp,
    /// Why; may hold personal data.
    pub reason: Option<String>,
}

/// A finding of the matching service in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMatch {
    /// Its place among all, rising.
    pub number: u64,
    /// What was seen; `at` is the last time, `times` all of them, `webhooks` is empty.
    pub seen: SeenMatch,
    /// When it was first seen.
    pub first_at: Timestamp,
    /// What a person made of it, where one has decided.
    pub decision: Option<MatchDecision>,
}

/// A pair that is reported no more: signal type, what was asked for in its indexed form, content.
pub type DisputedPair = (String, String, ContentNumber);

const COLUMNS: &str = "number, id, kind, query, orientation, bank, content, value, distance, rule, rule_version, \
    parameters_json, first_at, last_at, times, alert, state, decided_by, decided_at, reason";

impl Store {
    /// Records matches in one transaction: a pair seen before counts up, a new one becomes a finding and is
    /// queued for its webhooks. `custody` makes the ledger lines of the new ones. Says how many were new.
    pub async fn record_matches(
        &self,
        seen: &[SeenMatch],
        custody: impl FnOnce(&[&SeenMatch]) -> Vec<LedgerDraft>,
    ) -> Result<u64> {
        let of = |error| StoreError::of(error, "match");
        let mut transaction = self.begin().await?;
        lock_head(&mut transaction).await?;
        let mut new = Vec::new();
        for one in seen {
            let again = sqlx::query(
                "UPDATE match_findings SET times = times + $1, last_at = $2 \
                 WHERE kind = $3 AND query_index = $4 AND content = $5",
            )
            .bind(int(one.times, "count")?)
            .bind(time_text(one.at))
            .bind(escaped(&one.kind))
            .bind(indexed(&one.query))
            .bind(int(one.content.0, "number of a content")?)
            .execute(&mut *transaction)
            .await
            .map_err(of)?;
            if again.rows_affected() == 0 {
                insert(&mut transaction, one).await?;
                new.push(one);
            }
        }
        append_to(&mut transaction, custody(&new)).await?;
        commit(transaction).await?;
        Ok(new.len() as u64)
    }

    /// Findings with a number below `before`, the newest first; in one state, or in any.
    pub async fn matches(
        &self,
        state: Option<MatchState>,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<StoredMatch>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM match_findings WHERE number < $1 AND (state = $2 OR $2 = '') \
             ORDER BY number DESC LIMIT $3"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(before.map_or(Ok(i64::MAX), |before| int(before, "number"))?)
            .bind(state.map_or("", MatchState::as_str))
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "match"))?;
        rows.iter().map(read).collect()
    }

    /// One finding. Errors: [`StoreError::NotFound`].
    pub async fn match_finding(&self, id: FindingId) -> Result<StoredMatch> {
        let sql = format!("SELECT {COLUMNS} FROM match_findings WHERE id = $1");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "match"))?
            .ok_or_else(|| StoreError::not_found("match", id))?;
        read(&row)
    }

    /// A person decides, or decides anew. The content counts as changed, so that every reader hears of it.
    pub async fn decide_match(
        &self,
        id: FindingId,
        decision: &MatchDecision,
        custody: Vec<LedgerDraft>,
    ) -> Result<()> {
        let of = |error| StoreError::of(error, "match");
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, custody).await?;
        let row = sqlx::query(
            "UPDATE match_findings SET state = $1, decided_by = $2, decided_at = $3, reason = $4 \
             WHERE id = $5 RETURNING content",
        )
        .bind(decision.state.as_str())
        .bind(decision.operator.to_string())
        .bind(time_text(decision.at))
        .bind(decision.reason.as_deref().map(escaped))
        .bind(id.to_string())
        .fetch_optional(&mut *transaction)
        .await
        .map_err(of)?
        .ok_or_else(|| StoreError::not_found("match", id))?;
        let content: i64 = Reader { table: "match_findings", row: &row }.int("content")?;
        let change = next_numbers(&mut transaction, "bank_changes", 1).await?;
        sqlx::query("UPDATE bank_contents SET change = $1 WHERE number = $2")
            .bind(change)
            .bind(content)
            .execute(&mut *transaction)
            .await
            .map_err(of)?;
        commit(transaction).await
    }

    /// The pairs that are reported no more, of all contents or of these.
    pub async fn disputed_pairs(
        &self,
        of_contents: Option<&[ContentNumber]>,
    ) -> Result<Vec<DisputedPair>> {
        let select =
            "SELECT kind, query_index, content FROM match_findings WHERE state = 'disputed'";
        let Some(contents) = of_contents else {
            return self.pairs(select.to_owned(), &[]).await;
        };
        let mut pairs = Vec::new();
        for chunk in contents.chunks(500) {
            let sql = format!("{select} AND content IN ({})", placeholders(1, chunk.len()));
            pairs.extend(self.pairs(sql, chunk).await?);
        }
        Ok(pairs)
    }

    async fn pairs(&self, sql: String, contents: &[ContentNumber]) -> Result<Vec<DisputedPair>> {
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for content in contents {
            query = query.bind(int(content.0, "number of a content")?);
        }
        let rows =
            query.fetch_all(&self.pool).await.map_err(|error| StoreError::of(error, "match"))?;
        let one = |row: &AnyRow| {
            let row = Reader { table: "match_findings", row };
            Ok((row.text("kind")?, row.text("query_index")?, ContentNumber(row.int("content")?)))
        };
        rows.iter().map(one).collect()
    }
}

/// The form of a query that a [`DisputedPair`] names it by.
pub fn query_index(query: &str) -> String {
    indexed(query)
}

async fn insert(transaction: &mut Transaction, seen: &SeenMatch) -> Result<()> {
    let of = |error| StoreError::of(error, "match");
    let number = next_numbers(transaction, "match_findings", 1).await?;
    sqlx::query(
        "INSERT INTO match_findings (number, id, kind, query, query_index, orientation, bank, content, value, \
         distance, rule, rule_version, parameters_json, first_at, last_at, times, alert, state) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $15, $16, 'open')",
    )
    .bind(number)
    .bind(seen.id.to_string())
    .bind(escaped(&seen.kind))
    .bind(escaped(&seen.query))
    .bind(indexed(&seen.query))
    .bind(seen.orientation.map(Orientation::as_str))
    .bind(i64::from(seen.bank.0))
    .bind(int(seen.content.0, "number of a content")?)
    .bind(escaped(&seen.value))
    .bind(seen.distance.map(i64::from))
    .bind(escaped(&seen.rule))
    .bind(i64::from(seen.rule_version))
    .bind(escaped(&seen.parameters_json))
    .bind(time_text(seen.at))
    .bind(int(seen.times, "count")?)
    .bind(i64::from(seen.alert))
    .execute(&mut **transaction)
    .await
    .map_err(of)?;
    let told = |(webhook, body): &(String, String)| NewDelivery {
        webhook: webhook.clone(),
        finding: seen.id,
        body: body.clone(),
    };
    let told: Vec<NewDelivery> = seen.webhooks.iter().map(told).collect();
    insert_deliveries(transaction, &told, seen.at).await
}

fn read(row: &AnyRow) -> Result<StoredMatch> {
    let row = Reader { table: "match_findings", row };
    let state = row.one_of("state", &MatchState::ALL, MatchState::as_str)?;
    let decision = match state {
        MatchState::Open => None,
        MatchState::Confirmed | MatchState::Disputed => Some(MatchDecision {
            state,
            operator: row.parsed("decided_by")?,
            at: row.parsed("decided_at")?,
            reason: row.text_or_null("reason")?,
        }),
    };
    Ok(StoredMatch {
        number: row.int("number")?,
        seen: SeenMatch {
            id: row.parsed("id")?,
            kind: row.text("kind")?,
            query: row.text("query")?,
            orientation: row.parsed_or_null("orientation")?,
            bank: BankNumber(row.int("bank")?),
            content: ContentNumber(row.int("content")?),
            value: row.text("value")?,
            distance: row.int_or_null("distance")?,
            rule: row.text("rule")?,
            rule_version: row.int("rule_version")?,
            parameters_json: row.text("parameters_json")?,
            at: row.parsed("last_at")?,
            times: row.int("times")?,
            alert: row.int::<i64>("alert")? != 0,
            webhooks: Vec::new(),
        },
        first_at: row.parsed("first_at")?,
        decision,
    })
}
