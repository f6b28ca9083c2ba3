//! Replays a threshold on the history in the store before it goes live: alerts a day, and what would be lost.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use tutela_core::{AlertSide, AlertState, Timestamp};
use tutela_flow::profiles::Links;
use tutela_flow::ranking::Ranking;
use tutela_flow::transfers::{Side, Transfers};
use tutela_store::{AlertFilter, StoredAlert};

use super::payments_queue::gather_until;
use crate::AppError;
use crate::views::{BacktestDecisionsView, BacktestStepView, PaymentsBacktestView};
use crate::workspace::Workspace;

const DAY_S: i64 = 86_400;
/// Steps at most: each one screens everything before its end.
const MOST_STEPS: i64 = 400;
/// Alerts read at a time.
const PAGE: u32 = 1_000;

/// What to replay.
#[derive(Debug, Clone)]
pub struct BacktestRequest {
    /// The score from which an account would be alerted.
    pub threshold: f32,
    /// Days between screenings.
    pub every_days: u32,
    /// What currencies are worth.
    pub rates: Option<PathBuf>,
}

/// Screens what was there at the end of each step, and notes when each account first reaches the threshold.
/// `tell` hears how many steps of how many are done.
///
/// # Errors
/// There is nothing in the store or too many steps, the rates cannot be read, the store does not answer.
pub fn backtest(
    workspace: &Workspace,
    request: &BacktestRequest,
    tell: &mut dyn FnMut(u64, u64),
) -> Result<PaymentsBacktestView, AppError> {
    let read = |path: &PathBuf| std::fs::read_to_string(path).map_err(AppError::file("read", path));
    let rates = request.rates.as_ref().map(read).transpose()?;
    let gather =
        |until| workspace.block_on(gather_until(workspace.store(), rates.as_deref(), until));
    let whole = gather(None)?.transfers;
    let last = u32::try_from(whole.len()).unwrap_or(u32::MAX).checked_sub(1);
    let Some(last) = last else {
        return Err(AppError::NoSuch { kind: "transfer", name: "in the store".to_owned() });
    };
    let (from, to) = (i64::from(whole.time_s(0)), i64::from(whole.time_s(last)));
    let step = i64::from(request.every_days.max(1)) * DAY_S;
    let steps = (to - from) / step + 1;
    if steps > MOST_STEPS {
        return Err(AppError::BadField { field: "every", reason: "more than 400 steps" });
    }
    let mut raised: HashMap<(AlertSide, String), i64> = HashMap::new();
    let mut told = Vec::new();
    for number in 1..=steps {
        let end = from + step * number;
        let until = Timestamp::from_second(end).unwrap_or(Timestamp::MAX);
        let transfers = if end > to { None } else { Some(gather(Some(until))?.transfers) };
        let transfers = transfers.as_ref().unwrap_or(&whole);
        let before = raised.len();
        let payees = reach(transfers, request.threshold, end, &mut raised)?;
        told.push(BacktestStepView {
            until: until.to_string(),
            transfers: transfers.len() as u64,
            payees,
            payers: (raised.len() - before) as u64 - payees,
        });
        tell(number.unsigned_abs(), steps.unsigned_abs());
    }
    let days = ((to - from) as f64 / DAY_S as f64).max(1.0);
    let decided = workspace.block_on(decided(workspace))?;
    let of = |state| decisions(&decided, state, &raised);
    Ok(PaymentsBacktestView {
        schema: "tutela.payments_backtest.v1",
        threshold: request.threshold,
        every_days: request.every_days,
        days,
        alerts: raised.len() as u64,
        alerts_a_day: raised.len() as f64 / days,
        steps: told,
        confirmed: of(AlertState::Confirmed),
        dismissed: of(AlertState::Dismissed),
    })
}

/// Notes accounts that reach the threshold for the first time; says how many payees.
fn reach(
    transfers: &Transfers,
    threshold: f32,
    at: i64,
    raised: &mut HashMap<(AlertSide, String), i64>,
) -> Result<u64, AppError> {
    let links = Links::new(transfers);
    let ranking = Ranking::new(transfers, &links, &[])
        .map_err(|_| AppError::System { what: "its own weights" })?;
    let mut payees = 0;
    for (side, of) in [(Side::Payee, AlertSide::Payee), (Side::Payer, AlertSide::Payer)] {
        for account in 0..transfers.accounts() {
            if ranking.score(side, account).is_none_or(|score| score < threshold) {
                continue;
            }
            raised.entry((of, transfers.account_id(account).to_owned())).or_insert_with(|| {
                payees += u64::from(side == Side::Payee);
                at
            });
        }
    }
    Ok(payees)
}

async fn decided(workspace: &Workspace) -> Result<Vec<StoredAlert>, AppError> {
    let states = vec![AlertState::Confirmed, AlertState::Dismissed];
    let filter = AlertFilter { states, ..AlertFilter::default() };
    let (mut alerts, mut behind) = (Vec::new(), None);
    loop {
        let page = workspace.store().alerts(&filter, behind, PAGE).await?;
        alerts.extend(page.alerts);
        match page.next {
            Some(next) => behind = Some(next),
            None => return Ok(alerts),
        }
    }
}

fn decisions(
    decided: &[StoredAlert],
    state: AlertState,
    raised: &HashMap<(AlertSide, String), i64>,
) -> BacktestDecisionsView {
    let mut sides: BTreeMap<&'static str, [u64; 2]> = BTreeMap::new();
    for alert in decided.iter().filter(|alert| alert.standing.state == state) {
        let is_raised = raised.contains_key(&(alert.side, alert.account.clone()));
        sides.entry(alert.side.as_str()).or_default()[usize::from(is_raised)] += 1;
    }
    BacktestDecisionsView {
        raised: sides.values().map(|one| one[1]).sum(),
        not_raised: sides.values().map(|one| one[0]).sum(),
    }
}
