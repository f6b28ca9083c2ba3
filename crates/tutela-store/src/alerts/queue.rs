//! Alerts as people go through them: filtered, in order, counted; and the order itself.

use std::fmt;
use std::str::FromStr;

use sqlx::AssertSqlSafe;
use tutela_core::{AlertSide, AlertState, CaseId, OperatorId, Timestamp};

use super::{COLUMNS, StoredAlert, of, read};
use crate::rows::{Reader, int, time_text};
use crate::store::commit;
use crate::{Result, Store, StoreError};

/// Which alerts are meant; what is `None` may be anything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AlertFilter {
    /// Which end of their transfers.
    pub side: Option<AlertSide>,
    /// Any of these; all where there is none.
    pub states: Vec<AlertState>,
    /// Who is to look at them.
    pub assigned_to: Option<OperatorId>,
    /// Number of the alert that leads their network.
    pub network: Option<u64>,
    /// The case they belong to.
    pub case: Option<CaseId>,
}

/// A place in the queue: what is behind it comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlertPlace {
    /// What the queue is ordered by, in millionths, falling.
    pub rank_micro: i64,
    /// Number of the alert, rising where ranks are the same.
    pub number: u64,
}

impl fmt::Display for AlertPlace {
    /// As [`AlertPlace::from_str`] reads it: a cursor, which is nobody else's business.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.rank_micro, self.number)
    }
}

impl FromStr for AlertPlace {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self> {
        let parts = text.split_once('.').and_then(|(rank, number)| {
            let number: u64 = number.parse().ok()?;
            i64::try_from(number).ok()?;
            Some(Self { rank_micro: rank.parse().ok()?, number })
        });
        parts.ok_or(StoreError::Unstorable { field: "cursor", reason: "it is none of ours" })
    }
}

/// Some alerts, those with the highest rank first.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertsPage {
    /// The alerts.
    pub alerts: Vec<StoredAlert>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<AlertPlace>,
}

/// When the queue was last put in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ranking {
    /// When.
    pub at: Timestamp,
    /// After how many decisions.
    pub decisions: u64,
}

impl Store {
    /// At most `limit` alerts that the filter lets through, behind a place.
    pub async fn alerts(
        &self,
        filter: &AlertFilter,
        behind: Option<AlertPlace>,
        limit: u32,
    ) -> Result<AlertsPage> {
        let states: Vec<AlertState> = match filter.states.as_slice() {
            [] => AlertState::ALL.to_vec(),
            states => states.to_vec(),
        };
        // Words of a closed set, not of anybody's.
        let states: Vec<String> =
            states.iter().map(|state| format!("'{}'", state.as_str())).collect();
        let sql = format!(
            "SELECT {COLUMNS} FROM payment_alerts WHERE state IN ({}) AND (side = $1 OR $1 = '') \
             AND (assigned_to = $2 OR $2 = '') AND (network = $3 OR $3 = 0) AND (case_id = $4 OR $4 = '') \
             AND (score + review < $5 OR (score + review = $5 AND number > $6)) \
             ORDER BY score + review DESC, number LIMIT $7",
            states.join(", ")
        );
        let text = |id: Option<String>| id.unwrap_or_default();
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(filter.side.map_or("", AlertSide::as_str))
            .bind(text(filter.assigned_to.map(|id| id.to_string())))
            .bind(filter.network.map_or(Ok(0), |number| int(number, "number of a network"))?)
            .bind(text(filter.case.map(|id| id.to_string())))
            .bind(behind.map_or(i64::MAX, |place| place.rank_micro))
            .bind(behind.map_or(Ok(0), |place| int(place.number, "number of an alert"))?)
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await
            .map_err(of)?;
        let alerts: Vec<StoredAlert> = rows.iter().map(read).collect::<Result<_>>()?;
        let last = alerts.last().filter(|_| alerts.len() >= limit as usize);
        let next =
            last.map(|last| AlertPlace { rank_micro: last.rank_micro(), number: last.number });
        Ok(AlertsPage { alerts, next })
    }

    /// How many alerts are in each state.
    pub async fn alert_counts(&self) -> Result<Vec<(AlertState, u64)>> {
        let rows =
            sqlx::query("SELECT state, COUNT(*) AS count FROM payment_alerts GROUP BY state")
                .fetch_all(&self.pool)
                .await
                .map_err(of)?;
        let mut counts = AlertState::ALL.map(|state| (state, 0));
        for row in &rows {
            let row = Reader { table: "payment_alerts", row };
            let state = row.one_of("state", &AlertState::ALL, AlertState::as_str)?;
            let count = row.int("count")?;
            counts.iter_mut().filter(|(known, _)| *known == state).for_each(|one| one.1 = count);
        }
        Ok(counts.to_vec())
    }

    /// When the queue was last put in order by what people decided; `None` where it never was.
    pub async fn payment_ranking(&self) -> Result<Option<Ranking>> {
        let row = sqlx::query("SELECT at, decisions FROM payment_ranking WHERE id = 1")
            .fetch_optional(&self.pool)
            .await
            .map_err(of)?;
        let Some(row) = row else { return Ok(None) };
        let row = Reader { table: "payment_ranking", row: &row };
        Ok(Some(Ranking { at: row.parsed("at")?, decisions: row.int("decisions")? }))
    }

    /// Puts the queue in order: what decisions about others add to each open alert, by number, in millionths.
    pub async fn rank_alerts(&self, ranking: Ranking, review: &[(u64, i64)]) -> Result<()> {
        let mut transaction = self.begin().await?;
        sqlx::query(
            "INSERT INTO payment_ranking (id, at, decisions) VALUES (1, $1, $2) \
             ON CONFLICT (id) DO UPDATE SET at = excluded.at, decisions = excluded.decisions",
        )
        .bind(time_text(ranking.at))
        .bind(int(ranking.decisions, "decisions")?)
        .execute(&mut *transaction)
        .await
        .map_err(of)?;
        for (number, review_micro) in review {
            sqlx::query("UPDATE payment_alerts SET review = $1 WHERE number = $2")
                .bind(*review_micro)
                .bind(int(*number, "number of an alert")?)
                .execute(&mut *transaction)
                .await
                .map_err(of)?;
        }
        commit(transaction).await
    }
}
