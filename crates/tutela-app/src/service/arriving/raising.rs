//! Alerts for ends of transfers that arrive above the alert line.

use std::collections::HashMap;
use std::sync::atomic::Ordering;

use serde_json::{Value, json};
use sha2::{Digest, Sha256 as Hasher};
use tutela_core::{AlertSide, FindingId, OperatorId, Sha256, Timestamp, Transfer};
use tutela_flow::arriving::{End, Part};
use tutela_flow::transfers::Side;
use tutela_ledger::{Draft, Payload, acts};
use tutela_store::{NewAlert, NewScreening, StoreError};

use super::{ALERTS, SAID, Service, locked, rounded};
use crate::{AppError, ids, workspace};

/// The rule: id and version.
const RULE: (&str, u32) = ("payments.evidence.arriving", 1);

impl Service {
    /// Raises an alert for each account and side that is above the line for the first time since the start. What was alerted
    /// before gets the new score and reasons, unless two people have decided.
    pub(super) async fn raise(
        &self,
        by: OperatorId,
        ends: Vec<(End, Transfer)>,
        history: u64,
    ) -> Result<(), AppError> {
        let flows = &self.inner.flows;
        let mut new = Vec::new();
        for (end, transfer) in ends {
            let (side, account) = match end.side {
                Side::Payer => (AlertSide::Payer, &transfer.payer),
                Side::Payee => (AlertSide::Payee, &transfer.payee),
            };
            let account = account.as_str().to_owned();
            if locked(&flows.raised).insert((end.side, account.clone())) {
                new.push(NewAlert {
                    id: FindingId(ids::new()),
                    side,
                    account,
                    score_micro: (f64::from(end.score.unwrap_or(0.0)) * 1e6).round() as i64,
                    leader: new.len(),
                    parts_json: reasons(&end, &transfer).to_string(),
                    chart_json: None,
                });
            }
        }
        if new.is_empty() {
            return Ok(());
        }
        let screening = NewScreening {
            at: Timestamp::now(),
            operator: by,
            case: None,
            rule: RULE.0.to_owned(),
            rule_version: RULE.1,
            parameters_json: json!({"top": ALERTS}).to_string(),
            inputs_json: json!({"transfers": history}).to_string(),
            transfers: history,
        };
        let made = Hasher::new()
            .chain_update(&screening.parameters_json)
            .chain_update([0])
            .chain_update(&screening.inputs_json);
        let made = Sha256(made.finalize().into());
        let mut payloads: HashMap<FindingId, Payload> = HashMap::new();
        for one in &new {
            let words = json!({"side": one.side.as_str(), "account": one.account});
            let salt = workspace::random()?;
            payloads.insert(one.id, Payload { salt, text: words.to_string() });
        }
        let custody = |added: &[&NewAlert]| -> Result<Vec<Draft>, StoreError> {
            let screened =
                Draft { outputs: vec![made.into()], ..self.draft(by, acts::PAYMENTS_SCREENED) };
            let one = |alert: &&NewAlert| Draft {
                inputs: vec![made.into()],
                outputs: vec![alert.id.into()],
                payload: payloads.get(&alert.id).cloned(),
                ..self.draft(by, acts::ALERT_RAISED)
            };
            Ok(std::iter::once(screened).chain(added.iter().map(one)).collect())
        };
        let raised = self.inner.store.record_screening(&screening, &new, custody).await;
        match raised {
            Ok(raised) => {
                flows.alerts.fetch_add(raised.new, Ordering::Relaxed);
                Ok(())
            }
            Err(error) => {
                // The next transfer of these accounts tries again.
                let sides = [(AlertSide::Payer, Side::Payer), (AlertSide::Payee, Side::Payee)];
                for one in new {
                    let side = sides.iter().find(|(of, _)| *of == one.side).map(|(_, side)| *side);
                    side.map(|side| locked(&flows.raised).remove(&(side, one.account)));
                }
                Err(error.into())
            }
        }
    }
}

/// Why, in the form in which alerts keep their reasons: each part rests on the account's transfers up to this one.
fn reasons(end: &End, transfer: &Transfer) -> Value {
    let part = |part: &Part| {
        let why: Vec<String> = part.measures.iter().take(SAID).map(|one| one.says()).collect();
        json!({
            "id": part.id,
            "value": part.measures.first().map_or(0.0, |one| rounded(one.value.into())),
            "weight": rounded(part.adds),
            "why": why.join(" "),
            "transfers": [transfer.id.0],
            "transfer_count": end.transfers,
        })
    };
    json!({"parts": end.parts.iter().map(part).collect::<Vec<_>>(), "tied": [], "via": ""})
}
