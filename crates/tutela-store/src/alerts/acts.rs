//! What people do with an alert, and what the ledger says they did.

use sqlx::AssertSqlSafe;
use tutela_core::{AlertAct, FindingId, OperatorId, Sha256, Timestamp};

use super::{COLUMNS, StoredAlert, insert_acts, of, read};
use crate::ledger::append_to;
use crate::rows::{Reader, escaped, int, time_text};
use crate::store::commit;
use crate::{LedgerDraft, Payload, Result, Store, StoreError};

/// A person's act on an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertChange {
    /// What they do.
    pub act: AlertAct,
    /// Who.
    pub by: OperatorId,
    /// When.
    pub at: Timestamp,
}

/// An entry of the ledger about an alert, with its words as far as they are not erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertEntry {
    /// Its sequence number.
    pub seq: u64,
    /// The line of the ledger.
    pub line: String,
    /// The words beside it.
    pub words: Option<Payload>,
}

impl Store {
    /// A person acts on an alert. Where it stands then decides whether they may: see
    /// [`tutela_core::AlertStanding::after`].
    /// Errors: [`StoreError::NotFound`], [`StoreError::Alert`]; nothing is stored then.
    pub async fn act_on_alert(
        &self,
        id: FindingId,
        change: &AlertChange,
        custody: LedgerDraft,
    ) -> Result<StoredAlert> {
        let mut transaction = self.begin().await?;
        // Also the lock: nobody else acts between reading and writing.
        let seq = append_to(&mut transaction, vec![custody]).await?.unwrap_or_default();
        let sql = format!("SELECT {COLUMNS} FROM payment_alerts WHERE id = $1");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(id.to_string())
            .fetch_optional(&mut *transaction)
            .await
            .map_err(of)?
            .ok_or_else(|| StoreError::not_found("alert", id))?;
        let mut alert = read(&row)?;
        alert.standing =
            alert.standing.after(&change.act, change.by, change.at).map_err(StoreError::Alert)?;
        let standing = &alert.standing;
        let number = int(alert.number, "number of an alert")?;
        let proposal = standing.proposal.as_ref();
        let approved = standing.approved;
        sqlx::query(
            "UPDATE payment_alerts SET state = $1, assigned_to = $2, outcome = $3, reason = $4, proposed_by = $5, \
             proposed_at = $6, approved_by = $7, approved_at = $8 WHERE number = $9",
        )
        .bind(standing.state.as_str())
        .bind(standing.assigned_to.map(|id| id.to_string()))
        .bind(proposal.map(|one| one.outcome.as_str()))
        .bind(proposal.and_then(|one| one.reason.as_deref()).map(escaped))
        .bind(proposal.map(|one| one.by.to_string()))
        .bind(proposal.map(|one| time_text(one.at)))
        .bind(approved.map(|(by, _)| by.to_string()))
        .bind(approved.map(|(_, at)| time_text(at)))
        .bind(number)
        .execute(&mut *transaction)
        .await
        .map_err(of)?;
        insert_acts(&mut transaction, &[(number, int(seq, "sequence number")?)]).await?;
        commit(transaction).await?;
        Ok(alert)
    }

    /// Every entry of the ledger about an alert, in its order.
    pub async fn alert_entries(&self, alert: u64) -> Result<Vec<AlertEntry>> {
        let rows = sqlx::query(
            "SELECT e.seq AS seq, e.line AS line, p.salt AS salt, p.words AS words FROM payment_alert_acts a \
             JOIN ledger_entries e ON e.seq = a.seq LEFT JOIN ledger_payloads p ON p.seq = a.seq \
             WHERE a.alert = $1 ORDER BY a.seq",
        )
        .bind(int(alert, "number of an alert")?)
        .fetch_all(&self.pool)
        .await
        .map_err(of)?;
        let one = |row| {
            let row = Reader { table: "ledger_entries", row };
            let words = match row.parsed_or_null::<Sha256>("salt")? {
                Some(salt) => Some(Payload { salt: salt.0, text: row.text("words")? }),
                None => None,
            };
            Ok(AlertEntry { seq: row.int("seq")?, line: row.text("line")?, words })
        };
        rows.iter().map(one).collect()
    }
}
