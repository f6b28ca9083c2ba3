//! Findings, and what people said of them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;
use tutela_core::{
    Category, Claim, ExhibitId, Finding, FindingId, FindingState, ListMatch, Method, OperatorId,
    Part, ScanId, Sha256, Timestamp,
};

use crate::ledger::append_to;
use crate::rows::{Reader, Transaction, each, escaped, insert_rows, int, time_text};
use crate::store::commit;
use crate::{LedgerDraft, Result, Store, StoreError};

const COLUMNS: &str = "id, exhibit, rule, rule_version, parameters_json, inputs_json, claim, \
    list, list_sha256, list_row, list_key, category_scheme, category_code, part_json, method, pdq_variant, \
    pdq_orientation, distance, vpdq_exhibit_percent, vpdq_entry_percent, state, decided_by, decided_at";

/// A finding as it is stored: what the machine claimed, and what a person said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFinding {
    /// Its identity.
    pub id: FindingId,
    /// The exhibit it speaks of.
    pub exhibit: ExhibitId,
    /// Which rule made it.
    pub rule: String,
    /// Version of the rule.
    pub rule_version: u32,
    /// Parameters of the rule, by name.
    pub parameters: BTreeMap<String, String>,
    /// SHA-256 of everything the rule looked at.
    pub inputs: Vec<Sha256>,
    /// What it claims.
    pub claim: Claim,
    /// Whether a person has looked at it.
    pub state: FindingState,
    /// Who decided, and when.
    pub decided: Option<(OperatorId, Timestamp)>,
}

impl StoredFinding {
    /// The finding as the engines know it. `names` are all rules and parameters of this version.
    ///
    /// Errors: [`StoreError::UnknownRule`] where a name is not among them.
    pub fn to_finding(&self, names: &[&'static str]) -> Result<Finding> {
        let known =
            |name: &str| names.iter().copied().find(|&n| n == name).ok_or(StoreError::UnknownRule);
        let parameters =
            self.parameters.iter().map(|(name, value)| Ok((known(name)?, value.clone())));
        Ok(Finding {
            id: self.id,
            exhibit: self.exhibit,
            rule: known(&self.rule)?,
            rule_version: self.rule_version,
            parameters: parameters.collect::<Result<_>>()?,
            inputs: self.inputs.clone(),
            claim: self.claim.clone(),
        })
    }
}

impl Store {
    /// All findings of a scan, in the order they were committed.
    pub async fn findings(&self, scan: ScanId) -> Result<Vec<StoredFinding>> {
        let number = self.scan_number(scan).await?;
        let sql = format!("SELECT {COLUMNS} FROM findings WHERE scan = $1 ORDER BY position");
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(number)
            .fetch_all(&self.pool)
            .await
            .map_err(|error| StoreError::of(error, "finding"))?;
        rows.iter().map(read).collect()
    }

    /// One finding.
    pub async fn finding(&self, id: FindingId) -> Result<StoredFinding> {
        let row =
            sqlx::query(AssertSqlSafe(format!("SELECT {COLUMNS} FROM findings WHERE id = $1")))
                .bind(id.to_string())
                .fetch_optional(&self.pool)
                .await
                .map_err(|error| StoreError::of(error, "finding"))?
                .ok_or_else(|| StoreError::not_found("finding", id))?;
        read(&row)
    }

    /// Stores that a person confirmed an open finding.
    /// Errors: [`StoreError::WrongState`] where somebody has decided already.
    pub async fn confirm_finding(
        &self,
        id: FindingId,
        operator: OperatorId,
        at: Timestamp,
        custody: Vec<LedgerDraft>,
    ) -> Result<()> {
        self.decide(id, FindingState::Confirmed, operator, at, custody).await
    }

    /// Stores that a person dismissed an open finding.
    /// Errors: [`StoreError::WrongState`] where somebody has decided already.
    pub async fn dismiss_finding(
        &self,
        id: FindingId,
        operator: OperatorId,
        at: Timestamp,
        custody: Vec<LedgerDraft>,
    ) -> Result<()> {
        self.decide(id, FindingState::Dismissed, operator, at, custody).await
    }

    async fn decide(
        &self,
        id: FindingId,
        state: FindingState,
        operator: OperatorId,
        at: Timestamp,
        custody: Vec<LedgerDraft>,
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        append_to(&mut transaction, custody).await?;
        let decided = sqlx::query(
            "UPDATE findings SET state = $1, decided_by = $2, decided_at = $3 WHERE id = $4 AND state = $5",
        )
        .bind(state.as_str())
        .bind(operator.to_string())
        .bind(time_text(at))
        .bind(id.to_string())
        .bind(FindingState::Open.as_str())
        .execute(&mut *transaction)
        .await
        .map_err(|error| StoreError::of(error, "finding"))?;
        if decided.rows_affected() == 0 {
            drop(transaction);
            let state = self.finding(id).await?.state.as_str().to_owned();
            return Err(StoreError::WrongState { what: "finding", id: id.to_string(), state });
        }
        commit(transaction).await
    }
}

pub(crate) async fn insert_findings(
    transaction: &mut Transaction,
    scan: i64,
    first: i64,
    findings: &[Finding],
) -> Result<()> {
    let insert = (
        "INSERT INTO findings (scan, position, id, exhibit, rule, rule_version, parameters_json, inputs_json, \
         claim, list, list_sha256, list_row, list_key, category_scheme, category_code, part_json, method, \
         pdq_variant, pdq_orientation, distance, vpdq_exhibit_percent, vpdq_entry_percent, state)",
        23,
        "",
    );
    let rows: Vec<(i64, &Finding)> = (first..).zip(findings).collect();
    insert_rows(transaction, insert, "finding", &rows, |query, (position, finding)| {
        let listed = finding.claim.listed();
        let category = listed.and_then(|matched| matched.category.as_ref());
        let method = listed.map(|matched| matched.method);
        let pdq = match method {
            Some(Method::Pdq { variant, orientation, .. }) => Some((variant, orientation)),
            Some(Method::Sha256 | Method::Sha1 | Method::Md5 | Method::Vpdq { .. }) | None => None,
        };
        let vpdq = match method {
            Some(Method::Vpdq { exhibit_percent, entry_percent }) => {
                Some((exhibit_percent, entry_percent))
            }
            Some(Method::Sha256 | Method::Sha1 | Method::Md5 | Method::Pdq { .. }) | None => None,
        };
        let row = listed.map(|matched| int(matched.row, "row of a list")).transpose()?;
        let inputs: Value = finding.inputs.iter().map(ToString::to_string).collect();
        let parameters: Map<String, Value> = finding
            .parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone().into()))
            .collect();
        Ok(query
            .bind(scan)
            .bind(*position)
            .bind(finding.id.to_string())
            .bind(finding.exhibit.to_string())
            .bind(finding.rule)
            .bind(i64::from(finding.rule_version))
            .bind(Value::from(parameters).to_string())
            .bind(inputs.to_string())
            .bind(finding.claim.as_str())
            .bind(listed.map(|matched| escaped(&matched.list)))
            .bind(listed.map(|matched| matched.list_sha256.to_string()))
            .bind(row)
            .bind(listed.and_then(|matched| matched.key.as_deref()).map(escaped))
            .bind(category.map(|category| escaped(&category.scheme)))
            .bind(category.map(|category| escaped(&category.code)))
            .bind(listed.and_then(|matched| part_json(matched.part)))
            .bind(method.map(Method::as_str))
            .bind(pdq.map(|(variant, _)| variant.as_str()))
            .bind(pdq.map(|(_, orientation)| orientation.as_str()))
            .bind(distance(&finding.claim).map(i64::from))
            .bind(vpdq.map(|(exhibit, _)| i64::from(exhibit)))
            .bind(vpdq.map(|(_, entry)| i64::from(entry)))
            .bind(FindingState::Open.as_str()))
    })
    .await
}

fn read(row: &AnyRow) -> Result<StoredFinding> {
    const STATES: [FindingState; 3] =
        [FindingState::Open, FindingState::Confirmed, FindingState::Dismissed];
    let row = Reader { table: "findings", row };
    let decided = match row.parsed_or_null("decided_by")? {
        Some(operator) => Some((operator, row.parsed("decided_at")?)),
        None => None,
    };
    Ok(StoredFinding {
        id: row.parsed("id")?,
        exhibit: row.parsed("exhibit")?,
        rule: row.text("rule")?,
        rule_version: row.int("rule_version")?,
        parameters: row.json("parameters_json", parameters_from)?,
        inputs: row
            .json("inputs_json", |value| each(value, |input| input.as_str()?.parse().ok()))?,
        claim: claim(&row)?,
        state: row.one_of("state", &STATES, FindingState::as_str)?,
        decided,
    })
}

fn claim(row: &Reader<'_>) -> Result<Claim> {
    Ok(match row.text("claim")?.as_str() {
        "listed" => Claim::Listed(ListMatch {
            list: row.text("list")?,
            list_sha256: row.parsed("list_sha256")?,
            row: row.int("list_row")?,
            key: row.text_or_null("list_key")?,
            category: category(row)?,
            method: method(row)?,
            part: row.json_or_null("part_json", part_from)?.unwrap_or(Part::Whole),
        }),
        "thumbnail_differs" => Claim::ThumbnailDiffers { distance: row.int("distance")? },
        "provenance_conflict" => Claim::ProvenanceConflict,
        _ => return Err(row.damaged("claim")),
    })
}

/// The distance a claim rests on, where it rests on one.
fn distance(claim: &Claim) -> Option<u16> {
    match claim {
        Claim::Listed(matched) => match matched.method {
            Method::Pdq { distance, .. } => Some(distance),
            Method::Sha256 | Method::Sha1 | Method::Md5 | Method::Vpdq { .. } => None,
        },
        Claim::ThumbnailDiffers { distance } => Some(*distance),
        Claim::ProvenanceConflict => None,
    }
}

/// Nothing for the whole, which most claims are about.
fn part_json(part: Part) -> Option<String> {
    let value = match part {
        Part::Whole => return None,
        Part::Frame { number, at_ms } => json!({"frame": number, "at_ms": at_ms}),
        Part::Thumbnail => json!("thumbnail"),
    };
    Some(value.to_string())
}

fn part_from(value: &Value) -> Option<Part> {
    if value.as_str() == Some("thumbnail") {
        return Some(Part::Thumbnail);
    }
    let number = u32::try_from(value.get("frame")?.as_u64()?).ok()?;
    Some(Part::Frame { number, at_ms: value.get("at_ms")?.as_u64()? })
}

fn parameters_from(value: &Value) -> Option<BTreeMap<String, String>> {
    let one = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
    value.as_object()?.iter().map(one).collect()
}

/// The category of a finding or an entry of a list.
pub(crate) fn category(row: &Reader<'_>) -> Result<Option<Category>> {
    match row.text_or_null("category_scheme")? {
        Some(scheme) => Ok(Some(Category { scheme, code: row.text("category_code")? })),
        None => Ok(None),
    }
}

fn method(row: &Reader<'_>) -> Result<Method> {
    Ok(match row.text("method")?.as_str() {
        "sha256" => Method::Sha256,
        "sha1" => Method::Sha1,
        "md5" => Method::Md5,
        "pdq" => Method::Pdq {
            variant: row.parsed("pdq_variant")?,
            orientation: row.parsed("pdq_orientation")?,
            distance: row.int("distance")?,
        },
        "vpdq" => Method::Vpdq {
            exhibit_percent: row.int("vpdq_exhibit_percent")?,
            entry_percent: row.int("vpdq_entry_percent")?,
        },
        _ => return Err(row.damaged("method")),
    })
}
