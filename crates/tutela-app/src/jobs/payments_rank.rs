//! Puts the queue in order by what people decided: confirmed payees lead on, dismissed ones damp what is around them.

use std::collections::HashMap;

use tutela_core::{AlertSide, AlertState, Timestamp};
use tutela_flow::models::evidence::{Evidence, Plain, Scored};
use tutela_flow::models::graph::Graph;
use tutela_flow::models::review::Review;
use tutela_store::{AlertFilter, Ranking, Store, StoredAlert};

use super::payments_queue::gather;
use crate::AppError;
use crate::workspace::Workspace;

/// Alerts read at a time.
const PAGE: u32 = 1_000;

/// What a rank was made of, so that the next one need not read the store again.
pub(crate) struct Measured {
    /// Transfers of each file when they were read.
    files: Vec<(u64, u64)>,
    accounts: HashMap<String, u32>,
    graph: Graph,
    plain: Plain,
    evidence: Evidence,
    before: Scored,
}

/// How many alerts two people have closed.
///
/// # Errors
/// The store does not answer.
pub async fn decisions(store: &Store) -> Result<u64, AppError> {
    let counts = store.alert_counts().await?;
    Ok(counts.iter().filter(|(state, _)| state.is_closed()).map(|(_, count)| count).sum())
}

/// Whether people have decided something since the queue was last put in order.
///
/// # Errors
/// The store does not answer.
pub async fn is_due(store: &Store) -> Result<bool, AppError> {
    let decided = decisions(store).await?;
    Ok(decided != store.payment_ranking().await?.map_or(0, |ranking| ranking.decisions))
}

/// Puts the queue of a workspace in order, where people have decided something since it last was.
///
/// # Errors
/// The store does not answer.
pub fn rank_if_due(workspace: &Workspace) -> Result<Option<Ranking>, AppError> {
    let store = workspace.store();
    workspace.block_on(async {
        match is_due(store).await? {
            true => Ok(Some(rank(store, &mut None).await?)),
            false => Ok(None),
        }
    })
}

/// Puts the queue in order. What decisions add to an alert is the difference of its score with and without them.
/// Only decisions about payees count. `kept` holds what was measured, for the next time.
///
/// # Errors
/// The store does not answer.
pub(crate) async fn rank(store: &Store, kept: &mut Option<Measured>) -> Result<Ranking, AppError> {
    let at = Timestamp::now();
    let decided = decisions(store).await?;
    let files = store.transfer_files().await?;
    let files: Vec<(u64, u64)> = files.iter().map(|one| (one.number, one.transfers)).collect();
    let measured = match kept.take().filter(|kept| kept.files == files) {
        Some(measured) => measured,
        None => {
            let rates = latest_rates(store).await?;
            let held = gather(store, rates.as_deref()).await?;
            let measure = move || measure(files, &held.transfers);
            tokio::task::spawn_blocking(measure).await.map_err(|_| BROKEN)??
        }
    };
    let alerts = all(store).await?;
    let work = move || {
        let review = reviewed(&measured, &alerts);
        (measured, review)
    };
    let (measured, review) = tokio::task::spawn_blocking(work).await.map_err(|_| BROKEN)?;
    *kept = Some(measured);
    let ranking = Ranking { at, decisions: decided };
    store.rank_alerts(ranking, &review).await?;
    Ok(ranking)
}

const BROKEN: AppError = AppError::System { what: "a thread for the ranking" };

/// The rates of the latest screening: amounts are compared as they were there.
async fn latest_rates(store: &Store) -> Result<Option<String>, AppError> {
    let page = store.alerts(&AlertFilter::default(), None, PAGE).await?;
    let Some(latest) = page.alerts.iter().map(|alert| alert.screening).max() else {
        return Ok(None);
    };
    let made = store.screening(latest).await?.made;
    let parameters: serde_json::Value =
        serde_json::from_str(&made.parameters_json).unwrap_or_default();
    Ok(parameters.get("rates").and_then(|rates| rates.as_str()).map(str::to_owned))
}

async fn all(store: &Store) -> Result<Vec<StoredAlert>, AppError> {
    let (mut alerts, mut behind) = (Vec::new(), None);
    loop {
        let page = store.alerts(&AlertFilter::default(), behind, PAGE).await?;
        alerts.extend(page.alerts);
        match page.next {
            Some(next) => behind = Some(next),
            None => return Ok(alerts),
        }
    }
}

fn measure(
    files: Vec<(u64, u64)>,
    transfers: &tutela_flow::transfers::Transfers,
) -> Result<Measured, AppError> {
    let evidence = Evidence::shipped().map_err(|_| AppError::System { what: "its own weights" })?;
    let graph = Graph::of(transfers);
    let plain = Plain::measure(&graph, false);
    let before = evidence.score_given(&graph, &plain, &[]);
    let account = |number| (transfers.account_id(number).to_owned(), number);
    let accounts = (0..transfers.accounts()).map(account).collect();
    Ok(Measured { files, accounts, graph, plain, evidence, before })
}

/// What the decisions add to each open alert, in millionths.
fn reviewed(measured: &Measured, alerts: &[StoredAlert]) -> Vec<(u64, i64)> {
    let mut review = Review::default();
    let number = |alert: &StoredAlert| measured.accounts.get(&alert.account).copied();
    for alert in alerts.iter().filter(|alert| alert.side == AlertSide::Payee) {
        if let (true, Some(payee)) = (alert.standing.state.is_closed(), number(alert)) {
            review.answer(payee, alert.standing.state == AlertState::Confirmed);
        }
    }
    let now = match review.counts() {
        (0, _) => measured.before.clone(),
        _ => review.rank(&measured.evidence, &measured.graph, &measured.plain),
    };
    let differences = |accounts: &[u32], now: &[f32], before: &[f32]| -> HashMap<u32, f32> {
        let difference = now.iter().zip(before).map(|(now, before)| now - before);
        accounts.iter().copied().zip(difference).collect()
    };
    let payees =
        differences(&now.payees.accounts, &now.payee_scores, &measured.before.payee_scores);
    let payers =
        differences(&now.payers.accounts, &now.payer_scores, &measured.before.payer_scores);
    let open = alerts.iter().filter(|alert| !alert.standing.state.is_closed());
    let adds = |alert: &StoredAlert| {
        let of_side = match alert.side {
            AlertSide::Payee => &payees,
            AlertSide::Payer => &payers,
        };
        let adds = number(alert).and_then(|number| of_side.get(&number)).copied();
        #[expect(clippy::cast_possible_truncation, reason = "scores are some tens at most")]
        let micro = (f64::from(adds.unwrap_or_default()) * 1e6).round() as i64;
        (alert.number, micro)
    };
    open.map(adds).collect()
}
