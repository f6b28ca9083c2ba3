//! The page of one alert: why it is here, its network, its time, and the transfers behind it.

use std::collections::BTreeMap;

use askama::Template;
use tutela_app::views::{AlertView, NetworkChartView, NetworkReferralView, NetworkTransferView};

use super::Frame;
use crate::networks::{linked_chart, money, reason_word, timeline};
use crate::show::filters;
use crate::show::hostile::escaped;
use crate::words::{PaymentWords, fill};

/// Transfers in their table, and moves in theirs.
const MAX_ROWS: usize = 100;
/// Other alerts of the network that are named.
const MAX_OTHERS: usize = 60;
/// Half of the width of a bar, in percent: its middle is zero.
const HALF: f64 = 50.0;

#[derive(Template)]
#[template(path = "payments/alert.html", whitespace = "minimize")]
pub(super) struct AlertPage<'a> {
    w: &'static PaymentWords,
    lang: &'static str,
    policy: &'a str,
    style: &'a str,
    foreign: bool,
    alert: &'a AlertView,
    heading: String,
    score: String,
    sum: String,
    parts: Vec<Part<'a>>,
    chart: String,
    timeline: String,
    folded: Vec<(&'a str, &'a str, &'a str)>,
    others: Vec<Other<'a>>,
    others_left: usize,
    moves: &'a [NetworkReferralView],
    moves_left: usize,
    carrying: Vec<Carrying<'a>>,
    carrying_left: u64,
}

struct Part<'a> {
    name: &'a str,
    adds: String,
    bar: String,
    why: &'a str,
    transfers: u64,
}

struct Other<'a> {
    alert: &'a AlertView,
    page: Option<&'a str>,
}

struct Carrying<'a> {
    transfer: &'a NetworkTransferView,
    amount: String,
    lines: String,
}

impl<'a> AlertPage<'a> {
    pub(super) fn new(
        frame: &'a Frame<'a>,
        alert: &'a AlertView,
        chart: &'a NetworkChartView,
    ) -> Self {
        let w = frame.w;
        let heading = if alert.side == "payee" { w.alert_payee } else { w.alert_payer };
        let most = alert.indicators.iter().map(|one| one.weight.abs()).fold(0.0, f64::max);
        let parts = alert.indicators.iter().map(|one| Part {
            name: frame.name(one.id),
            adds: frame.number(one.weight, true),
            bar: bar(one.weight, most, &frame.number(one.weight, true)),
            why: &one.why,
            transfers: one.transfer_count,
        });
        let link = |account: &str, side: &str| {
            let own = account == alert.account && side == alert.side;
            frame.page(side, account).filter(|_| !own).map(str::to_owned)
        };
        let same = |other: &&AlertView| {
            other.network.number == alert.network.number
                && (other.side, &other.account) != (alert.side, &alert.account)
        };
        let others: Vec<&AlertView> = frame.view.alerts.iter().filter(same).collect();
        let (carrying, carrying_left) = carrying(frame, alert, chart);
        let folded = chart.accounts.iter().flat_map(|one| {
            let of = one.identities.iter();
            of.map(|other| {
                let reason = reason_word(&other.reason, frame.lang);
                (one.account.as_str(), other.account.as_str(), reason)
            })
        });
        Self {
            w,
            lang: frame.lang.as_str(),
            policy: &frame.policy,
            style: &frame.style,
            foreign: frame.is_foreign(),
            alert,
            heading: fill(heading, "account", &alert.account),
            score: fill(w.score, "score", &frame.number(alert.score, false)),
            sum: frame.number(alert.score, false),
            parts: parts.collect(),
            chart: linked_chart(chart, frame.lang, &link),
            timeline: timeline(chart, frame.lang),
            folded: folded.collect(),
            others_left: others.len().saturating_sub(MAX_OTHERS),
            others: (others.into_iter().take(MAX_OTHERS))
                .map(|alert| Other { alert, page: frame.page(alert.side, &alert.account) })
                .collect(),
            moves: chart.referrals.get(..MAX_ROWS).unwrap_or(&chart.referrals),
            moves_left: chart.referrals.len().saturating_sub(MAX_ROWS),
            carrying,
            carrying_left,
        }
    }
}

/// The transfers that lines of the score rest on, as far as the chart knows them; and how many others there are.
fn carrying<'a>(
    frame: &Frame<'_>,
    alert: &AlertView,
    chart: &'a NetworkChartView,
) -> (Vec<Carrying<'a>>, u64) {
    let mut lines: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (line, one) in (1..).zip(&alert.indicators) {
        for transfer in &one.transfers {
            lines.entry(transfer).or_default().push(i32::to_string(&line));
        }
    }
    let most = alert.indicators.iter().map(|one| one.transfer_count).max().unwrap_or(0);
    let all = most.max(lines.len() as u64);
    let of = chart.transfers.iter().filter_map(|transfer| {
        let lines = lines.get(transfer.transfer.as_str())?.join(", ");
        let minor = transfer.amount_minor.unsigned_abs();
        let amount = money(minor, &transfer.currency, frame.w.decimal_mark);
        Some(Carrying { transfer, amount, lines })
    });
    let rows: Vec<Carrying<'_>> = of.take(MAX_ROWS).collect();
    let left = all.saturating_sub(rows.len() as u64);
    (rows, left)
}

/// What a part adds, as a bar from the middle: filled to the right, hollow to the left.
fn bar(adds: f64, most: f64, said: &str) -> String {
    let width = if most > 0.0 { (adds.abs() / most * (HALF - 1.0)).max(0.4) } else { 0.0 };
    let (x, class) = if adds < 0.0 { (HALF - width, "against") } else { (HALF, "for") };
    let drawn = if adds == 0.0 {
        String::new()
    } else {
        format!(
            "<rect class=\"{class}\" x=\"{x:.2}%\" y=\"1\" width=\"{width:.2}%\" height=\"9\"/>"
        )
    };
    format!(
        "<svg width=\"100%\" height=\"12\" role=\"img\"><title>{}</title>{drawn}\
         <line class=\"zero\" x1=\"{HALF}%\" x2=\"{HALF}%\" y1=\"0\" y2=\"12\"/></svg>",
        escaped(said)
    )
}
