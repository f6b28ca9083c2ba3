//! Findings as a person goes through them: filtered, counted, by day.

use sqlx::AssertSqlSafe;
use tutela_core::{BankNumber, Timestamp};

use super::{COLUMNS, MatchState, StoredMatch, read};
use crate::rows::{Reader, escaped, int, time_text};
use crate::{Result, Store, StoreError};

/// Which findings are meant; what is `None` may be anything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MatchFilter {
    /// What a person made of them.
    pub state: Option<MatchState>,
    /// The bank that was near.
    pub bank: Option<BankNumber>,
    /// Id of the signal type.
    pub kind: Option<String>,
}

/// No bank has this number.
const ANY_BANK: i64 = -1;

impl Store {
    /// Findings with a number below `before`, the newest first, that the filter lets through.
    pub async fn filtered_matches(
        &self,
        filter: &MatchFilter,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<StoredMatch>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM match_findings WHERE number < $1 AND (state = $2 OR $2 = '') \
             AND (bank = $3 OR $3 = {ANY_BANK}) AND (kind = $4 OR $4 = '') ORDER BY number DESC LIMIT $5"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(before.map_or(Ok(i64::MAX), |before| int(before, "number"))?)
            .bind(filter.state.map_or("", MatchState::as_str))
            .bind(filter.bank.map_or(ANY_BANK, |bank| i64::from(bank.0)))
            .bind(filter.kind.as_deref().map_or(String::new(), escaped))
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "match"))?;
        rows.iter().map(read).collect()
    }

    /// How many findings are in each state.
    pub async fn match_counts(&self) -> Result<Vec<(MatchState, u64)>> {
        let rows =
            sqlx::query("SELECT state, COUNT(*) AS count FROM match_findings GROUP BY state")
                .fetch_all(&self.pool)
                .await
                .map_err(|error| StoreError::of(error, "match"))?;
        let mut counts = MatchState::ALL.map(|state| (state, 0));
        for row in &rows {
            let row = Reader { table: "match_findings", row };
            let state = row.one_of("state", &MatchState::ALL, MatchState::as_str)?;
            let count = row.int("count")?;
            counts.iter_mut().filter(|(known, _)| *known == state).for_each(|one| one.1 = count);
        }
        Ok(counts.to_vec())
    }

    /// How many findings were new on each day in UTC since then, as `2026-03-04`; days without any are
    /// left out.
    pub async fn matches_by_day(&self, since: Timestamp) -> Result<Vec<(String, u64)>> {
        let rows = sqlx::query(
            "SELECT substr(first_at, 1, 10) AS day, COUNT(*) AS count FROM match_findings \
             WHERE first_at >= $1 GROUP BY substr(first_at, 1, 10) ORDER BY day",
        )
        .bind(time_text(since))
        .fetch_all(&self.pool)
        .await
        .map_err(|error| StoreError::of(error, "match"))?;
        let one = |row| {
            let row = Reader { table: "match_findings", row };
            Ok((row.text("day")?, row.int("count")?))
        };
        rows.iter().map(one).collect()
    }
}
