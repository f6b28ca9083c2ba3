//! The first page: what was screened, and the alerts network by network.

use std::collections::BTreeMap;

use askama::Template;
use tutela_app::views::{AlertView, IndicatorView, PaymentsScreenView, RejectedRowView};

use super::Frame;
use crate::networks::day;
use crate::show::figures::{count, counted};
use crate::show::filters;
use crate::words::{PaymentWords, fill};

/// Rejected rows named; all that were kept are in `rejected.jsonl`.
const MAX_REJECTED: usize = 50;
/// Alerts of one network in the queue; a larger network is no longer a thing to look at in one go.
const MAX_ROWS: usize = 100;

/// Alerts of one network that are shown without being asked for.
const FIRST_ROWS: usize = 12;

#[derive(Template)]
#[template(path = "payments/report.html", whitespace = "minimize")]
pub(super) struct First<'a> {
    frame: &'a Frame<'a>,
    w: &'static PaymentWords,
    lang: &'static str,
    policy: &'a str,
    style: &'a str,
    foreign: bool,
    view: &'a PaymentsScreenView,
    period: Option<String>,
    seeds: String,
    found: String,
    networks: Vec<Network<'a>>,
    indicators: &'a [IndicatorView],
    rejected: &'a [RejectedRowView],
}

struct Network<'a> {
    number: u64,
    all: usize,
    rows: Vec<Row<'a>>,
    /// What is shown only when it is asked for; on paper it stands with the others.
    more: Vec<Row<'a>>,
}

struct Row<'a> {
    alert: &'a AlertView,
    page: Option<String>,
    score: String,
    name: &'a str,
    why: &'a str,
}

impl<'a> First<'a> {
    pub(super) fn new(frame: &'a Frame<'a>, rejected: &'a [RejectedRowView]) -> Self {
        let (view, w) = (frame.view, frame.w);
        let period = view.first_at.as_ref().zip(view.last_at.as_ref());
        let seeds = match view.seeds {
            None => w.no_seeds.to_owned(),
            Some([given, found]) => {
                fill(&fill(w.seeds, "n", &count(given)), "found", &count(found))
            }
        };
        let of = |side: &str| view.alerts.iter().filter(|one| one.side == side).count() as u64;
        let paged = frame.pages.iter().map(|of| of.len()).max().unwrap_or(0) as u64;
        let found = fill(w.found, "payees", &counted(w.payee_alerts, of("payee")));
        let found = fill(&found, "payers", &counted(w.payer_alerts, of("payer")));
        let found = fill(&found, "networks", &counted(w.networks, view.networks));
        Self {
            frame,
            w,
            lang: frame.lang.as_str(),
            policy: &frame.policy,
            style: &frame.style,
            foreign: frame.is_foreign(),
            view,
            period: period
                .map(|(first, last)| fill(&fill(w.period, "from", &day(first)), "to", &day(last))),
            seeds,
            found: fill(&found, "pages", &count(paged)),
            networks: networks(frame),
            indicators: &frame.indicators.indicators,
            rejected: rejected.get(..MAX_REJECTED).unwrap_or(rejected),
        }
    }

    fn name(&self, id: &'a str) -> &'a str {
        self.frame.name(id)
    }
}

/// Networks in the order of their numbers, which is that of their best alerts; within one by place, payees and payers together.
fn networks<'a>(frame: &'a Frame<'a>) -> Vec<Network<'a>> {
    let mut by_number: BTreeMap<u64, Vec<&AlertView>> = BTreeMap::new();
    for alert in &frame.view.alerts {
        by_number.entry(alert.network.number).or_default().push(alert);
    }
    let network = |(number, mut alerts): (u64, Vec<&'a AlertView>)| {
        alerts.sort_by_key(|alert| (alert.rank, alert.side == "payer"));
        let all = alerts.len();
        let rows = alerts.into_iter().take(MAX_ROWS).map(|alert| {
            let first = alert.strongest();
            Row {
                alert,
                page: frame.page(alert.side, &alert.account).map(|page| format!("alerts/{page}")),
                score: frame.number(alert.score, false),
                name: first.map_or("", |one| frame.name(one.id)),
                why: first.map_or("", |one| one.why.as_str()),
            }
        });
        let mut rows: Vec<Row<'_>> = rows.collect();
        let more = rows.split_off(rows.len().min(FIRST_ROWS));
        Network { number, all, rows, more }
    };
    by_number.into_iter().map(network).collect()
}
