//! The queue of alerts: what waits for people, grouped by network, the highest score first.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use tutela_app::service::{AlertFilter, AlertPlace, OperatorNames, StoredAlert};
use tutela_app::views::{parts_of, strongest_of};
use tutela_core::{AlertSide, AlertState};

use super::fault::Fault;
use super::frame::{Fields, Frame, Here, Visit, encoded, page};
use super::marks::{self, Mark};
use super::matches::Choice;
use super::score_bars::{self, points};
use crate::Lang;
use crate::router::Web;
use crate::show::figures::moment;
use crate::show::filters;
use crate::words::{AlertWords, fill};

/// Alerts on one page.
const PAGE_ALERTS: u32 = 50;
/// Alerts of one network that are shown: as many as a person can look through.
const NETWORK_ALERTS: u32 = 200;

/// The queue.
#[derive(Template)]
#[template(path = "console/alerts.html", whitespace = "minimize")]
pub(super) struct Queue {
    f: Frame,
    w: &'static AlertWords,
    groups: Vec<Group>,
    sides: Vec<Choice>,
    states: Vec<Choice>,
    whose: Vec<Choice>,
    ranked: Option<String>,
    ranking_due: bool,
    is_later_page: bool,
    first: String,
    next: Option<String>,
}

/// Alerts of one network.
pub(super) struct Group {
    network: u64,
    rows: Vec<AlertRow>,
}

/// One alert in a line.
pub(super) struct AlertRow {
    pub(super) id: String,
    pub(super) number: u64,
    pub(super) score: String,
    pub(super) strip: String,
    pub(super) side: &'static str,
    pub(super) account: String,
    pub(super) mark: Mark,
    pub(super) assigned: Option<String>,
    pub(super) strongest: String,
}

/// All alerts of one network.
#[derive(Template)]
#[template(path = "console/network.html", whitespace = "minimize")]
pub(super) struct Network {
    f: Frame,
    w: &'static AlertWords,
    network: u64,
    rows: Vec<AlertRow>,
    chart: Option<super::alert::Drawings>,
}

/// `GET /console/alerts`.
pub(super) async fn show(visit: Visit, State(web): State<Web>) -> Result<Response, Fault> {
    let query = &visit.query;
    let desk = web.service.desk(visit.person.operator);
    let filter = AlertFilter {
        side: AlertSide::ALL.into_iter().find(|side| side.as_str() == query.get("side")),
        states: states(query.get("state")),
        assigned_to: (query.get("whose") == "me").then_some(visit.person.operator),
        network: None,
        case: None,
    };
    let behind: Option<AlertPlace> = query.get("behind").parse().ok();
    let found = desk.page(&filter, behind, PAGE_ALERTS).await?;
    let names = desk.names_of_operators().await?;
    let mut queue = Queue::new(visit.frame(Here::Alerts), query);
    queue.groups = groups(&found.alerts, &names, queue.w);
    queue.next = found.next.map(|next| address(query, Some(next)));
    queue.is_later_page = behind.is_some();
    queue.ranked = desk.ranked_at().await?.map(|at| moment(&at.to_string()));
    queue.ranking_due = desk.is_ranking_due().await?;
    page(&queue)
}

/// `GET /console/alerts/networks/{number}`.
pub(super) async fn network(
    visit: Visit,
    State(web): State<Web>,
    Path(number): Path<u64>,
) -> Result<Response, Fault> {
    let desk = web.service.desk(visit.person.operator);
    let filter = AlertFilter { network: Some(number), ..AlertFilter::default() };
    let found = desk.page(&filter, None, NETWORK_ALERTS).await?;
    if found.alerts.is_empty() {
        return Err(Fault::NotFound);
    }
    let names = desk.names_of_operators().await?;
    page(&Network::new(visit.frame(Here::Alerts), number, &found.alerts, &names))
}

/// The states that an address asks for. Without a word, those that are not closed.
fn states(name: &str) -> Vec<AlertState> {
    match AlertState::ALL.into_iter().find(|state| state.as_str() == name) {
        Some(state) => vec![state],
        None if name == "any" => Vec::new(),
        None => AlertState::ALL.into_iter().filter(|state| !state.is_closed()).collect(),
    }
}

fn address(query: &Fields, behind: Option<AlertPlace>) -> String {
    let kept =
        ["side", "state", "whose"].map(|name| format!("{name}={}", encoded(query.get(name))));
    let behind = behind.map(|place| format!("&behind={place}")).unwrap_or_default();
    format!("/console/alerts?{}{behind}", kept.join("&"))
}

/// Networks in the order of their highest alert.
fn groups(alerts: &[StoredAlert], names: &OperatorNames, w: &AlertWords) -> Vec<Group> {
    let most = most(alerts);
    let mut groups: Vec<Group> = Vec::new();
    for alert in alerts {
        let row = AlertRow::new(alert, most, names, w);
        match groups.iter_mut().find(|group| group.network == alert.network) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group { network: alert.network, rows: vec![row] }),
        }
    }
    groups
}

/// The largest sum of parts that speak for looking: the width of the strips.
fn most(alerts: &[StoredAlert]) -> f64 {
    let raised = |alert: &StoredAlert| -> f64 {
        parts_of(alert).parts.iter().map(|part| part.weight.max(0.0)).sum()
    };
    alerts.iter().map(raised).fold(1.0, f64::max)
}

impl AlertRow {
    fn new(alert: &StoredAlert, most: f64, names: &OperatorNames, w: &AlertWords) -> Self {
        let parts = parts_of(alert).parts;
        let strongest = strongest_of(&parts).into_iter().take(2);
        let strongest: Vec<&str> = strongest.map(|part| w.part(&part.id)).collect();
        #[expect(clippy::cast_precision_loss, reason = "scores are some tens of millions at most")]
        let score = alert.rank_micro() as f64 / 1e6;
        Self {
            id: alert.id.to_string(),
            number: alert.number,
            score: points(score),
            strip: score_bars::strip(&parts, most, w),
            side: side(alert.side, w),
            account: alert.account.clone(),
            mark: marks::alert(&alert.standing, w),
            assigned: alert.standing.assigned_to.map(|id| fill(w.to_whom, "who", &names.name(id))),
            strongest: strongest.join(" · "),
        }
    }
}

pub(super) fn side(side: AlertSide, w: &AlertWords) -> &'static str {
    match side {
        AlertSide::Payee => w.payee,
        AlertSide::Payer => w.payer,
    }
}

impl Queue {
    fn new(f: Frame, query: &Fields) -> Self {
        let w = f.lang.alert_words();
        let choice = |field: &str, value: &str, word: &str| Choice {
            value: value.to_owned(),
            word: word.to_owned(),
            chosen: query.get(field) == value,
        };
        let mut states = vec![choice("state", "", w.open)];
        states.extend(
            AlertState::ALL
                .into_iter()
                .map(|state| choice("state", state.as_str(), marks::alert_state(state, w))),
        );
        states.push(choice("state", "any", w.any));
        Self {
            groups: Vec::new(),
            sides: vec![
                choice("side", "", w.any),
                choice("side", "payee", w.payee),
                choice("side", "payer", w.payer),
            ],
            states,
            whose: vec![choice("whose", "", w.anybody), choice("whose", "me", w.mine)],
            ranked: None,
            ranking_due: false,
            is_later_page: false,
            first: address(query, None),
            next: None,
            w,
            f,
        }
    }

    pub(super) fn sample(lang: Lang) -> Self {
        let query = Fields::of(&[("state", "any"), ("side", "payee")]);
        let mut queue = Self::new(Frame::sample(lang, Here::Alerts), &query);
        let alerts: Vec<StoredAlert> = (1..=6).map(super::alert_samples::alert).collect();
        queue.groups = groups(&alerts, &super::alert_samples::names(), queue.w);
        queue.ranked = Some("2026-03-04 09:12:33 UTC".to_owned());
        queue.ranking_due = true;
        queue.next = Some("/console/alerts?state=any&behind=1.1".to_owned());
        queue
    }

    pub(super) fn empty_sample(lang: Lang) -> Self {
        Self::new(Frame::sample(lang, Here::Alerts), &Fields::of(&[]))
    }
}

impl Network {
    fn new(f: Frame, network: u64, alerts: &[StoredAlert], names: &OperatorNames) -> Self {
        let w = f.lang.alert_words();
        let (most, lang) = (most(alerts), f.lang);
        let leader = alerts.iter().find(|alert| alert.number == network);
        let charted = leader.into_iter().chain(alerts).find(|alert| alert.chart_json.is_some());
        Self {
            network,
            rows: alerts.iter().map(|alert| AlertRow::new(alert, most, names, w)).collect(),
            chart: charted.and_then(|alert| super::alert::Drawings::of(alert, alerts, lang)),
            w,
            f,
        }
    }

    pub(super) fn sample(lang: Lang) -> Self {
        let alerts: Vec<StoredAlert> = (1..=3).map(super::alert_samples::alert).collect();
        let names = super::alert_samples::names();
        Self::new(Frame::sample(lang, Here::Alerts), 1, &alerts, &names)
    }
}
