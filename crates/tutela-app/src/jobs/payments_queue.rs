//! Screens what is in the store and puts the accounts on top before people, as alerts.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde_json::json;
use sha2::{Digest, Sha256 as Hasher};
use tutela_core::{AlertSide, CaseId, FindingId, Sha256, Timestamp};
use tutela_flow::models::evidence::Evidence;
use tutela_flow::parties::Decisions;
use tutela_flow::profiles::Links;
use tutela_flow::ranking::Ranking;
use tutela_flow::transfers::{AccountNumber, Rates, Side, Transfers, TransfersBuilder};
use tutela_ledger::{Draft, Payload, acts};
use tutela_store::{NewAlert, NewScreening, Store, StoreError};

use super::payments_screen::alert;
use crate::engines::networks::AlertNetworks;
use crate::intake::rates::rates_from;
use crate::views::{AlertView, NetworkChartView, ScreeningRaisedView, StoredReasonsView};
use crate::workspace::{self, Workspace};
use crate::{AppError, ids};

/// The rule that raises alerts: id and version. What decides besides stands in parameters and inputs.
pub const SCREEN_RULE: (&str, u32) = ("payments.evidence", 1);

/// How the store is to be screened.
#[derive(Debug, Clone, Default)]
pub struct QueueRequest {
    /// Most alerts a side.
    pub top: usize,
    /// What currencies are worth.
    pub rates: Option<PathBuf>,
    /// The case that new alerts belong to.
    pub case: Option<CaseId>,
}

/// Screens everything in the store. Accounts that are new to the queue become alerts; open ones get the new
/// score and reasons; those about which two people have decided stay as they are.
///
/// # Errors
/// The rates cannot be read, there is no memory for all transfers, the store does not answer.
pub fn screen(
    workspace: &Workspace,
    request: &QueueRequest,
) -> Result<ScreeningRaisedView, AppError> {
    let begun = Instant::now();
    let read = |path: &PathBuf| fs::read_to_string(path).map_err(AppError::file("read", path));
    let rates = request.rates.as_ref().map(read).transpose()?;
    let held = workspace.block_on(gather(workspace.store(), rates.as_deref()))?;
    let alerts = alerts(&held.transfers, request.top)?;
    let new: Vec<NewAlert> = stored(&alerts)?;
    let screening = NewScreening {
        at: workspace.now(),
        operator: workspace.operator(),
        case: request.case,
        rule: SCREEN_RULE.0.to_owned(),
        rule_version: SCREEN_RULE.1,
        parameters_json: json!({"top": request.top, "rates": rates}).to_string(),
        inputs_json: held.inputs_json()?,
        transfers: held.transfers.len() as u64,
    };
    let digests = held.files.clone();
    let made = Hasher::new()
        .chain_update(&screening.parameters_json)
        .chain_update([0])
        .chain_update(&screening.inputs_json);
    let made = Sha256(made.finalize().into());
    let mut salts = Vec::with_capacity(new.len());
    for one in &new {
        let words = json!({"side": one.side.as_str(), "account": one.account});
        salts.push(Payload { salt: workspace::random()?, text: words.to_string() });
    }
    let payloads: HashMap<FindingId, Payload> = new.iter().map(|one| one.id).zip(salts).collect();
    let custody = |added: &[&NewAlert]| -> Result<Vec<Draft>, StoreError> {
        let screened = Draft {
            case: request.case,
            inputs: digests.into_iter().map(Into::into).collect(),
            outputs: vec![made.into()],
            ..workspace.draft(acts::PAYMENTS_SCREENED)
        };
        let one = |alert: &&NewAlert| Draft {
            case: request.case,
            inputs: vec![made.into()],
            outputs: vec![alert.id.into()],
            payload: payloads.get(&alert.id).cloned(),
            ..workspace.draft(acts::ALERT_RAISED)
        };
        Ok(std::iter::once(screened).chain(added.iter().map(one)).collect())
    };
    let recorded = workspace.store().record_screening(&screening, &new, custody);
    let raised = workspace.block_on(recorded)?;
    Ok(ScreeningRaisedView {
        screening: raised.screening,
        transfers: screening.transfers,
        new: raised.new,
        again: raised.again,
        closed: raised.closed,
        without_rate: held.transfers.without_rate(),
        elapsed_ms: begun.elapsed().as_millis().try_into().unwrap_or(u64::MAX),
    })
}

/// Everything that is in the store, in columns.
pub(crate) struct Held {
    /// The transfers.
    pub(crate) transfers: Transfers,
    /// Digests of the files they are from.
    files: Vec<Sha256>,
    rates: Option<Sha256>,
}

impl Held {
    fn inputs_json(&self) -> Result<String, AppError> {
        let weights = Evidence::shipped().and_then(|weights| serde_json::to_vec(&weights));
        let weights = weights.map_err(|_| AppError::System { what: "its own weights" })?;
        let weights = Sha256(Hasher::digest(weights).into());
        let files: Vec<String> = self.files.iter().map(ToString::to_string).collect();
        let rates = self.rates.map(|rates| rates.to_string());
        Ok(json!({"files": files, "rates": rates, "weights": weights.to_string()}).to_string())
    }
}

/// Reads all transfers of the store, files in the order of their imports. Without rates amounts are compared
/// in the currency of the first.
///
/// # Errors
/// The rates are none, the store does not answer or holds more than can be numbered.
pub(crate) async fn gather(store: &Store, rates: Option<&str>) -> Result<Held, AppError> {
    gather_until(store, rates, None).await
}

/// The same, of transfers before a moment.
///
/// # Errors
/// As [`gather`].
pub(crate) async fn gather_until(
    store: &Store,
    rates: Option<&str>,
    until: Option<Timestamp>,
) -> Result<Held, AppError> {
    let digest = rates.map(|rates| Sha256(Hasher::digest(rates).into()));
    let mut rates = rates.map(|text| rates_from(text, "the rates")).transpose()?;
    let files = store.transfer_files().await?;
    let mut builder: Option<TransfersBuilder> = None;
    let mut refused = 0_u64;
    for file in &files {
        let taken = store.each_transfer(file.number, |record| {
            let currency = record.transfer.amount.currency;
            if until.is_some_and(|until| record.transfer.time >= until) {
                return;
            }
            let builder = builder.get_or_insert_with(|| {
                TransfersBuilder::new(rates.take().unwrap_or_else(|| Rates::only(currency)))
            });
            refused += u64::from(builder.push(record).is_err());
        });
        taken.await?;
    }
    if refused > 0 {
        // The import refused what cannot be screened: the store was changed by other means.
        return Err(AppError::System { what: "to screen what it has stored" });
    }
    let none = || TransfersBuilder::new(Rates::only(tutela_core::Currency::USD));
    Ok(Held {
        transfers: builder.unwrap_or_else(none).finish(),
        files: files.iter().map(|file| file.begun.sha256).collect(),
        rates: digest,
    })
}

/// An alert with the chart of its network.
type Charted = (AlertView, NetworkChartView);

fn alerts(transfers: &Transfers, top: usize) -> Result<Vec<Charted>, AppError> {
    let links = Links::new(transfers);
    let ranking = Ranking::new(transfers, &links, &[])
        .map_err(|_| AppError::System { what: "its own weights" })?;
    let tops = [Side::Payee, Side::Payer].map(|side| ranking.top(side, top));
    let scores = |side, account| ranking.score(side, account);
    let [payees, payers] = &tops;
    let nobody = Decisions::new();
    let networks = AlertNetworks::new(transfers, &links, &scores, &[], &nobody, payees, payers);
    let mut alerts = Vec::new();
    for (side, top) in [Side::Payee, Side::Payer].into_iter().zip(&tops) {
        let ranked: Vec<(usize, AccountNumber)> = top.iter().copied().enumerate().collect();
        let one = |(place, account)| {
            let mut alert = alert(transfers, &links, &ranking, side, account, place);
            alert.network.number = networks.number(side, account);
            (alert, networks.chart(side, account))
        };
        alerts.extend(ranked.into_par_iter().map(one).collect::<Vec<_>>());
    }
    Ok(alerts)
}

/// Alerts as the store keeps them.
fn stored(alerts: &[Charted]) -> Result<Vec<NewAlert>, AppError> {
    let numbers: Vec<u64> = alerts.iter().map(|(alert, _)| alert.network.number).collect();
    let text = |document: Result<String, serde_json::Error>| {
        document.map_err(|_| AppError::System { what: "to write down reasons" })
    };
    let one = |((alert, chart), leader): (&Charted, usize)| {
        let is_payee = alert.side == Side::Payee.as_str();
        Ok(NewAlert {
            id: FindingId(ids::new()),
            side: if is_payee { AlertSide::Payee } else { AlertSide::Payer },
            account: alert.account.clone(),
            #[expect(clippy::cast_possible_truncation, reason = "scores are some tens at most")]
            score_micro: (alert.score * 1e6).round() as i64,
            leader,
            parts_json: text(serde_json::to_string(&StoredReasonsView::of(alert)))?,
            chart_json: Some(text(serde_json::to_string(chart))?),
        })
    };
    alerts.iter().zip(leaders(&numbers)).map(one).collect()
}

/// For each alert the place of the first one of its network: payees come before payers, the highest score first.
fn leaders(numbers: &[u64]) -> Vec<usize> {
    let mut first = HashMap::new();
    let one = |(place, number): (usize, &u64)| *first.entry(*number).or_insert(place);
    numbers.iter().enumerate().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::leaders;

    #[test]
    fn a_network_is_led_by_its_first_alert() {
        assert_eq!(leaders(&[1, 2, 2, 1, 3, 2]), [0, 1, 1, 0, 4, 1]);
    }
}
