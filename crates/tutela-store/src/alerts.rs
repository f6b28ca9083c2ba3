//! Alerts: accounts that a screening asks people to look at, and what people make of them.

mod acts;
mod queue;

use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;
use tutela_core::{
    AlertOutcome, AlertProposal, AlertSide, AlertStanding, AlertState, CaseId, FindingId,
    OperatorId, Timestamp,
};

pub use self::acts::{AlertChange, AlertEntry};
pub use self::queue::{AlertFilter, AlertPlace, AlertsPage, Ranking};
use crate::banks::next_numbers;
use crate::ledger::{append_to, lock_head};
use crate::rows::{Reader, Transaction, escaped, indexed, insert_rows, int, time_text};
use crate::store::commit;
use crate::{LedgerDraft, Result, Store, StoreError};

/// A screening of what is in the store, with everything that is needed to make it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewScreening {
    /// When.
    pub at: Timestamp,
    /// Who asked for it.
    pub operator: OperatorId,
    /// The case it belongs to.
    pub case: Option<CaseId>,
    /// Id of the rule, with the weights it used.
    pub rule: String,
    /// Version of the rule.
    pub rule_version: u32,
    /// Everything that decides its results besides its inputs, as JSON.
    pub parameters_json: String,
    /// SHA-256 of each input, as JSON.
    pub inputs_json: String,
    /// Transfers screened.
    pub transfers: u64,
}

/// A screening in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screening {
    /// Its number, rising.
    pub number: u64,
    /// What it was made from.
    pub made: NewScreening,
}

/// What a screening says of one account.
#[derive(Debug, Clone, PartialEq)]
pub struct NewAlert {
    /// Its identity, if it is new.
    pub id: FindingId,
    /// Which end of its transfers.
    pub side: AlertSide,
    /// The account.
    pub account: String,
    /// The sum of its parts, in millionths.
    pub score_micro: i64,
    /// Place in the list of the alert that leads its network; its own where it stands alone.
    pub leader: usize,
    /// What the score is made of, as JSON.
    pub parts_json: String,
    /// Chart of its network, as JSON.
    pub chart_json: Option<String>,
}

/// How many alerts a screening raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Raised {
    /// Number of the screening.
    pub screening: u64,
    /// Accounts that were not alerted before.
    pub new: u64,
    /// Open alerts whose score and reasons are now those of this screening.
    pub again: u64,
    /// Accounts about which people have decided: left as they are.
    pub closed: u64,
}

/// An alert in the store.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredAlert {
    /// Its number, rising.
    pub number: u64,
    /// Its identity.
    pub id: FindingId,
    /// The screening that its score is from.
    pub screening: u64,
    /// When it was first raised.
    pub raised_at: Timestamp,
    /// Which end of its transfers.
    pub side: AlertSide,
    /// The account.
    pub account: String,
    /// The case it belongs to.
    pub case: Option<CaseId>,
    /// The sum of its parts, in millionths.
    pub score_micro: i64,
    /// What decisions about accounts around it add, in millionths.
    pub review_micro: i64,
    /// Number of the alert that leads its network.
    pub network: u64,
    /// What the score is made of, as JSON.
    pub parts_json: String,
    /// Chart of its network, as JSON.
    pub chart_json: Option<String>,
    /// Where it stands.
    pub standing: AlertStanding,
}

impl StoredAlert {
    /// What the queue is ordered by, in millionths.
    pub fn rank_micro(&self) -> i64 {
        self.score_micro.saturating_add(self.review_micro)
    }
}

const COLUMNS: &str = "number, id, screening, raised_at, side, account, case_id, score, review, network, \
    parts_json, chart_json, state, assigned_to, outcome, reason, proposed_by, proposed_at, approved_by, approved_at";

impl Store {
    /// Records a screening and its alerts in one transaction: an account that was alerted before and is open
    /// gets the new score and reasons; one about which people decided stays as it is; all others are new.
    /// `custody` makes the entry of the screening, then one for each new alert.
    pub async fn record_screening(
        &self,
        screening: &NewScreening,
        alerts: &[NewAlert],
        custody: impl FnOnce(&[&NewAlert]) -> Result<Vec<LedgerDraft>>,
    ) -> Result<Raised> {
        let mut transaction = self.begin().await?;
        lock_head(&mut transaction).await?;
        let number = insert_screening(&mut transaction, screening).await?;
        let mut raised = Raised { screening: number.unsigned_abs(), ..Raised::default() };
        let (mut numbers, mut new, mut again) = (Vec::new(), Vec::new(), Vec::new());
        for alert in alerts {
            match known(&mut transaction, alert).await? {
                Some((known, state)) => {
                    raised.closed += u64::from(state.is_closed());
                    if !state.is_closed() {
                        again.push((known, alert));
                    }
                    numbers.push(known);
                }
                None => {
                    let number = next_numbers(&mut transaction, "payment_alerts", 1).await?;
                    new.push((number, alert));
                    numbers.push(number);
                }
            }
        }
        (raised.new, raised.again) = (new.len() as u64, again.len() as u64);
        let network = |alert: &NewAlert| numbers.get(alert.leader).copied();
        insert_alerts(&mut transaction, number, screening, &new, network).await?;
        for (known, alert) in &again {
            update_alert(&mut transaction, number, *known, alert, network(alert)).await?;
        }
        let added: Vec<&NewAlert> = new.iter().map(|(_, alert)| *alert).collect();
        let first = append_to(&mut transaction, custody(&added)?).await?;
        if let Some(first) = first {
            let first = int(first, "sequence number")?;
            let seqs = new.iter().zip(first + 1..).map(|((number, _), seq)| (*number, seq));
            let acts: Vec<(i64, i64)> =
                again.iter().map(|(number, _)| (*number, first)).chain(seqs).collect();
            insert_acts(&mut transaction, &acts).await?;
        }
        commit(transaction).await?;
        Ok(raised)
    }

    /// One alert. Errors: [`StoreError::NotFound`].
    pub async fn alert(&self, id: FindingId) -> Result<StoredAlert> {
        let sql = format!("SELECT {COLUMNS} FROM payment_alerts WHERE id = $1");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await
            .map_err(of)?
            .ok_or_else(|| StoreError::not_found("alert", id))?;
        read(&row)
    }

    /// Id of the alert with this number. Errors: [`StoreError::NotFound`].
    pub async fn alert_numbered(&self, number: u64) -> Result<FindingId> {
        let row = sqlx::query("SELECT id FROM payment_alerts WHERE number = $1")
            .bind(int(number, "number of an alert")?)
            .fetch_optional(&self.pool)
            .await
            .map_err(of)?
            .ok_or_else(|| StoreError::not_found("alert", number))?;
        Reader { table: "payment_alerts", row: &row }.parsed("id")
    }

    /// One screening. Errors: [`StoreError::NotFound`].
    pub async fn screening(&self, number: u64) -> Result<Screening> {
        let row = sqlx::query(
            "SELECT number, at, operator, case_id, rule, rule_version, parameters_json, inputs_json, transfers \
             FROM payment_screenings WHERE number = $1",
        )
        .bind(int(number, "number of a screening")?)
        .fetch_optional(&self.pool)
        .await
        .map_err(of)?
        .ok_or_else(|| StoreError::not_found("screening", number))?;
        let row = Reader { table: "payment_screenings", row: &row };
        Ok(Screening {
            number: row.int("number")?,
            made: NewScreening {
                at: row.parsed("at")?,
                operator: row.parsed("operator")?,
                case: row.parsed_or_null("case_id")?,
                rule: row.text("rule")?,
                rule_version: row.int("rule_version")?,
                parameters_json: row.text("parameters_json")?,
                inputs_json: row.text("inputs_json")?,
                transfers: row.int("transfers")?,
            },
        })
    }
}

fn of(error: sqlx::Error) -> StoreError {
    StoreError::of(error, "alert")
}

async fn insert_screening(transaction: &mut Transaction, made: &NewScreening) -> Result<i64> {
    let number = next_numbers(transaction, "payment_screenings", 1).await?;
    sqlx::query(
        "INSERT INTO payment_screenings (number, at, operator, case_id, rule, rule_version, parameters_json, \
         inputs_json, transfers) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(number)
    .bind(time_text(made.at))
    .bind(made.operator.to_string())
    .bind(made.case.map(|id| id.to_string()))
    .bind(escaped(&made.rule))
    .bind(i64::from(made.rule_version))
    .bind(escaped(&made.parameters_json))
    .bind(escaped(&made.inputs_json))
    .bind(int(made.transfers, "transfers")?)
    .execute(&mut **transaction)
    .await
    .map_err(|error| StoreError::of(error, "screening"))?;
    Ok(number)
}

async fn known(
    transaction: &mut Transaction,
    alert: &NewAlert,
) -> Result<Option<(i64, AlertState)>> {
    let row = sqlx::query(
        "SELECT number, state FROM payment_alerts WHERE side = $1 AND account_index = $2",
    )
    .bind(alert.side.as_str())
    .bind(indexed(&alert.account))
    .fetch_optional(&mut **transaction)
    .await
    .map_err(of)?;
    let Some(row) = row else { return Ok(None) };
    let row = Reader { table: "payment_alerts", row: &row };
    Ok(Some((row.int("number")?, row.one_of("state", &AlertState::ALL, AlertState::as_str)?)))
}

async fn insert_alerts(
    transaction: &mut Transaction,
    screening: i64,
    made: &NewScreening,
    new: &[(i64, &NewAlert)],
    network: impl Fn(&NewAlert) -> Option<i64>,
) -> Result<()> {
    let insert = (
        "INSERT INTO payment_alerts (number, id, screening, raised_at, side, account, account_index, case_id, \
         score, review, network, parts_json, chart_json, state)",
        14,
        "",
    );
    insert_rows(transaction, insert, "alert", new, |query, (number, alert)| {
        Ok(query
            .bind(*number)
            .bind(alert.id.to_string())
            .bind(screening)
            .bind(time_text(made.at))
            .bind(alert.side.as_str())
            .bind(escaped(&alert.account))
            .bind(indexed(&alert.account))
            .bind(made.case.map(|id| id.to_string()))
            .bind(alert.score_micro)
            .bind(0_i64)
            .bind(network(alert).unwrap_or(*number))
            .bind(escaped(&alert.parts_json))
            .bind(alert.chart_json.as_deref().map(escaped))
            .bind(AlertState::New.as_str()))
    })
    .await
}

async fn update_alert(
    transaction: &mut Transaction,
    screening: i64,
    number: i64,
    alert: &NewAlert,
    network: Option<i64>,
) -> Result<()> {
    sqlx::query(
        "UPDATE payment_alerts SET screening = $1, score = $2, network = $3, parts_json = $4, chart_json = $5 \
         WHERE number = $6",
    )
    .bind(screening)
    .bind(alert.score_micro)
    .bind(network.unwrap_or(number))
    .bind(escaped(&alert.parts_json))
    .bind(alert.chart_json.as_deref().map(escaped))
    .bind(number)
    .execute(&mut **transaction)
    .await
    .map(drop)
    .map_err(of)
}

/// Notes which entries of the ledger are about which alert.
async fn insert_acts(transaction: &mut Transaction, acts: &[(i64, i64)]) -> Result<()> {
    let insert = ("INSERT INTO payment_alert_acts (alert, seq)", 2, "");
    insert_rows(transaction, insert, "act on an alert", acts, |query, (alert, seq)| {
        Ok(query.bind(*alert).bind(*seq))
    })
    .await
}

fn read(row: &AnyRow) -> Result<StoredAlert> {
    let row = Reader { table: "payment_alerts", row };
    Ok(StoredAlert {
        number: row.int("number")?,
        id: row.parsed("id")?,
        screening: row.int("screening")?,
        raised_at: row.parsed("raised_at")?,
        side: row.one_of("side", &AlertSide::ALL, AlertSide::as_str)?,
        account: row.text("account")?,
        case: row.parsed_or_null("case_id")?,
        score_micro: row.int("score")?,
        review_micro: row.int("review")?,
        network: row.int("network")?,
        parts_json: row.text("parts_json")?,
        chart_json: row.text_or_null("chart_json")?,
        standing: standing(&row)?,
    })
}

fn standing(row: &Reader<'_>) -> Result<AlertStanding> {
    let proposal = match row.parsed_or_null::<OperatorId>("proposed_by")? {
        Some(by) => Some(AlertProposal {
            outcome: row.one_of("outcome", &AlertOutcome::ALL, AlertOutcome::as_str)?,
            reason: row.text_or_null("reason")?,
            by,
            at: row.parsed("proposed_at")?,
        }),
        None => None,
    };
    let approved = match row.parsed_or_null::<OperatorId>("approved_by")? {
        Some(by) => Some((by, row.parsed("approved_at")?)),
        None => None,
    };
    Ok(AlertStanding {
        state: row.one_of("state", &AlertState::ALL, AlertState::as_str)?,
        assigned_to: row.parsed_or_null("assigned_to")?,
        proposal,
        approved,
    })
}
