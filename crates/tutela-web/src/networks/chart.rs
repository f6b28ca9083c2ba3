//! The link chart.

mod keys;
mod margin;

use std::collections::HashMap;
use std::fmt::Write;

use tutela_app::views::{NetworkAccountView, NetworkChartView, NetworkTieView};

use super::layout::{order, tops};
use super::legend::legend;
use super::marks::{day, label, money, score, title};
use super::{AccountLink, MAX_PAYEES, MAX_PAYERS};
use crate::show::figures::counted;
use crate::show::hostile::{escaped, plain};
use crate::words::{NetworkWords, fill};

const WIDTH: f64 = 860.0;
/// Middle of the marks of payers.
const PAYER_X: f64 = 216.0;
const PAYER_RADIUS: f64 = 5.5;
const BOX_X: f64 = 478.0;
const BOX_WIDTH: f64 = 226.0;
const TOP: f64 = 32.0;
const PAYER_PITCH: f64 = 19.0;
const LINE: f64 = 14.0;
const BOX_GAP: f64 = 12.0;
/// The first lane for ties among payees, and the way to the next.
const LANE_X: f64 = BOX_X + BOX_WIDTH + 16.0;
const LANE_PITCH: f64 = 13.0;
/// Lanes that find room.
const MAX_LANES: usize = 10;
/// Characters of a label beside a payer, and in a box.
const PAYER_LABEL: usize = 24;
const PAYEE_LABEL: usize = 25;
/// Characters of the small face that fit into a box.
const SMALL_ROOM: usize = 34;
/// Folded accounts that a box lists.
const MAX_IDENTITIES: usize = 3;
/// Ways of tying payees, the one that is drawn first before others.
const TIES: [&str; 4] = ["referred", "paid", "same_phone", "shared_payers"];

struct Chart<'a> {
    view: &'a NetworkChartView,
    w: &'a NetworkWords,
    link: AccountLink<'a>,
    payers: Vec<Payer<'a>>,
    payees: Vec<Payee<'a>>,
    /// Place of each drawn account in its list.
    at: HashMap<(&'a str, bool), usize>,
}

struct Payer<'a> {
    about: &'a NetworkAccountView,
    y: f64,
    lines: Vec<&'a NetworkTieView>,
}

struct Payee<'a> {
    about: &'a NetworkAccountView,
    top: f64,
    height: f64,
    /// Payers whose lines end here, from the top.
    lines: Vec<usize>,
}

/// Draws it.
pub(super) fn draw(view: &NetworkChartView, w: &NetworkWords, link: AccountLink<'_>) -> String {
    let chart = Chart::new(view, w, link);
    let about = fill(w.chart_title, "account", &plain(&view.account));
    let height = chart.body_height();
    let mut drawn = String::new();
    if chart.payees.is_empty() {
        let text = escaped(w.empty);
        let _ = write!(drawn, "<text class=\"n-small\" x=\"0\" y=\"{TOP}\">{text}</text>");
    }
    let (ties, undrawn, kinds) = chart.margin();
    chart.heads(&mut drawn);
    chart.payees.iter().for_each(|payee| chart.payee(&mut drawn, payee));
    chart.payers.iter().for_each(|payer| chart.payer(&mut drawn, payer));
    drawn.push_str(&ties);
    let (below, notes) = chart.notes(height, undrawn);
    drawn.push_str(&below);
    let (keys, own) = legend(&chart.keys(&kinds), height + notes + 4.0, WIDTH);
    drawn.push_str(&keys);
    let described = fill(w.chart_desc, "payers", &counted(w.payers, chart.payers.len() as u64));
    let described = fill(&described, "payees", &counted(w.payees, chart.payees.len() as u64));
    format!(
        "<svg class=\"network\" viewBox=\"0 0 {WIDTH} {:.0}\" role=\"group\" aria-label=\"{}\" fill=\"none\" \
         stroke=\"none\" font-family=\"monospace\" font-size=\"11\">{}<desc>{}</desc>{drawn}</svg>",
        height + notes + own + 8.0,
        escaped(&about),
        title(&about),
        escaped(&described),
    )
}

impl<'a> Chart<'a> {
    fn new(view: &'a NetworkChartView, w: &'a NetworkWords, link: AccountLink<'a>) -> Self {
        let of = |side: &'static str, most: usize| {
            view.accounts.iter().filter(move |one| one.side == side).take(most).collect::<Vec<_>>()
        };
        let (payers, payees) = (of("payer", MAX_PAYERS), of("payee", MAX_PAYEES));
        let mut at = HashMap::new();
        for (list, is_payee) in [(&payers, false), (&payees, true)] {
            for (place, one) in list.iter().enumerate() {
                at.insert((one.account.as_str(), is_payee), place);
            }
        }
        let place = |account: &'a str, is_payee| at.get(&(account, is_payee)).copied();
        let line =
            |tie: &'a NetworkTieView| Some((place(&tie.from, false)?, place(&tie.to, true)?, tie));
        let paid = view.ties.iter().filter(|tie| tie.kind == "paid");
        let lines: Vec<(usize, usize, &NetworkTieView)> = paid.filter_map(line).collect();
        let among = view.ties.iter().filter(|tie| tie.kind != "paid");
        let near: Vec<(usize, usize)> = among
            .filter_map(|tie| Some((place(&tie.from, true)?, place(&tie.to, true)?)))
            .filter(|(one, other)| one != other)
            .collect();
        let pairs: Vec<(usize, usize)> = lines.iter().map(|line| (line.0, line.1)).collect();
        let order = order(payers.len(), payees.len(), &pairs, &near);
        let payee_place = inverse(&order.payees);

        let mut placed_payers: Vec<Payer<'_>> = order
            .payers
            .iter()
            .enumerate()
            .map(|(row, at)| Payer {
                about: payers[*at],
                y: TOP + 10.0 + row as f64 * PAYER_PITCH,
                lines: Vec::new(),
            })
            .collect();
        let payer_place = inverse(&order.payers);
        let mut ends: Vec<Vec<usize>> = vec![Vec::new(); payees.len()];
        for (payer, payee, tie) in lines {
            placed_payers[payer_place[payer]].lines.push(tie);
            ends[payee_place[payee]].push(payer_place[payer]);
        }
        ends.iter_mut().for_each(|rows| rows.sort_unstable());
        for payer in &mut placed_payers {
            payer.lines.sort_by_key(|tie| {
                place(&tie.to, true).map_or(usize::MAX, |payee| payee_place[payee])
            });
        }
        let payees: Vec<&NetworkAccountView> = order.payees.iter().map(|at| payees[*at]).collect();
        let heights: Vec<f64> =
            payees.iter().zip(&ends).map(|(one, rows)| box_height(one, rows.len())).collect();
        let all = heights.iter().sum::<f64>() + BOX_GAP * heights.len().saturating_sub(1) as f64;
        let room = all.max(placed_payers.len() as f64 * PAYER_PITCH);
        // A short column of payers stands in the middle of a long one of payees.
        let shift = (room - placed_payers.len() as f64 * PAYER_PITCH) / 2.0;
        placed_payers.iter_mut().for_each(|payer| payer.y += shift);
        let middle = |rows: &Vec<usize>| {
            let sum: f64 = rows.iter().map(|row| placed_payers[*row].y - TOP).sum();
            if rows.is_empty() { room / 2.0 } else { sum / rows.len() as f64 }
        };
        let middles: Vec<f64> = ends.iter().map(middle).collect();
        let tops = tops(&heights, &middles, BOX_GAP, room);
        let placed_payees = payees
            .into_iter()
            .zip(ends)
            .zip(heights.into_iter().zip(tops))
            .map(|((about, lines), (height, top))| Payee { about, top: TOP + top, height, lines })
            .collect::<Vec<_>>();
        let mut at = HashMap::new();
        for (row, payer) in placed_payers.iter().enumerate() {
            at.insert((payer.about.account.as_str(), false), row);
        }
        for (row, payee) in placed_payees.iter().enumerate() {
            at.insert((payee.about.account.as_str(), true), row);
        }
        Self { view, w, link, payers: placed_payers, payees: placed_payees, at }
    }

    fn payee_at(&self, account: &str) -> Option<&Payee<'a>> {
        Some(&self.payees[*self.at.get(&(account, true))?])
    }

    fn body_height(&self) -> f64 {
        let payers = self.payers.iter().map(|payer| payer.y + PAYER_PITCH / 2.0);
        let payees = self.payees.iter().map(|payee| payee.top + payee.height);
        payers.chain(payees).fold(TOP + 14.0, f64::max) + 8.0
    }

    fn heads(&self, out: &mut String) {
        let columns = [
            (
                PAYER_X + PAYER_RADIUS,
                "end",
                self.w.payer_column,
                "payer",
                self.view.left_out.payers,
            ),
            (BOX_X, "start", self.w.payee_column, "payee", self.view.left_out.payees),
        ];
        for (x, anchor, word, side, more) in columns {
            let of = self.view.accounts.iter().filter(|one| one.side == side).count() as u64;
            let all = if of == 0 { String::new() } else { format!(" · {}", of + more) };
            let _ = write!(
                out,
                "<text class=\"n-head\" x=\"{x}\" y=\"14\" text-anchor=\"{anchor}\" fill=\"currentColor\">{}{all}</text>",
                escaped(word)
            );
        }
    }

    /// A payer with its lines: they belong to it, so that they stand out when it is reached by keyboard.
    fn payer(&self, out: &mut String, payer: &Payer<'a>) {
        let y = payer.y;
        self.open(out, payer.about);
        for tie in &payer.lines {
            self.line(out, payer, tie);
        }
        let alerted = self.is_alerted(payer.about);
        if alerted {
            let _ = write!(
                out,
                "<circle cx=\"{PAYER_X}\" cy=\"{y:.1}\" r=\"{}\" stroke=\"currentColor\" stroke-width=\"1.2\"/>",
                PAYER_RADIUS + 3.0
            );
        }
        let _ = write!(
            out,
            "<circle class=\"n-mark {}\" cx=\"{PAYER_X}\" cy=\"{y:.1}\" r=\"{PAYER_RADIUS}\" fill=\"{}\" \
             stroke=\"currentColor\" stroke-width=\"1.4\"/>",
            if payer.about.known { "" } else { "n-paper" },
            if payer.about.known { "currentColor" } else { "#fff" },
        );
        let name = label(&payer.about.account, PAYER_LABEL);
        let rank = payer.about.rank.map(|rank| format!(" #{rank}")).unwrap_or_default();
        let _ = write!(
            out,
            "<text class=\"n-name\" x=\"{}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"currentColor\">{name}\
             <tspan class=\"n-rank\">{rank}</tspan></text>",
            PAYER_X - PAYER_RADIUS - 6.0,
            y + 3.8,
        );
        self.close(out, payer.about);
    }

    fn line(&self, out: &mut String, payer: &Payer<'a>, tie: &NetworkTieView) {
        let Some(payee) = self.payee_at(&tie.to) else { return };
        let row = self.at.get(&(payer.about.account.as_str(), false)).copied().unwrap_or_default();
        let place = payee.lines.iter().position(|one| *one == row).unwrap_or_default();
        let step = payee.height / (payee.lines.len() + 1) as f64;
        let (y, to) = (payer.y, payee.top + step * (place + 1) as f64);
        let (x, end) = (PAYER_X + PAYER_RADIUS + 1.0, BOX_X - 7.0);
        let bend = (end - x) * 0.45;
        let width = line_width(tie.transfers);
        let own = self.is_alerted(payer.about) || self.is_alerted(payee.about);
        let class = if own { "n-edge n-own" } else { "n-edge" };
        let said = fill(self.w.edge, "payer", &plain(&tie.from));
        let said = fill(&said, "payee", &plain(&tie.to));
        let said = fill(&said, "transfers", &counted(self.w.transfers, tie.transfers));
        let _ = write!(
            out,
            "<g><title>{}</title><path class=\"{class}\" d=\"M{x:.1} {y:.1}C{:.1} {y:.1} {:.1} {to:.1} {end:.1} {to:.1}\" \
             stroke=\"currentColor\" stroke-width=\"{width:.1}\"/><path class=\"{class} n-tip\" \
             d=\"M{BOX_X} {to:.1}l-8 -{tip:.1}v{:.1}z\" fill=\"currentColor\"/></g>",
            escaped(&self.with_sum(&said, tie)),
            x + bend,
            end - bend,
            2.0 * (2.2 + width / 2.0),
            tip = 2.2 + width / 2.0,
        );
    }

    fn with_sum(&self, said: &str, tie: &NetworkTieView) -> String {
        let mut said = said.to_owned();
        if let Some(minor) = tie.amount_minor {
            let amount = money(minor, &tie.currency, self.w.decimal_mark);
            said = format!("{said}, {}", fill(self.w.sum, "amount", &amount));
        }
        if let (Some(first), Some(last)) = (&tie.first_at, &tie.last_at) {
            let between = fill(self.w.from_to, "from", &day(first));
            said = format!("{said}, {}", fill(&between, "to", &day(last)));
        }
        said
    }

    fn payee(&self, out: &mut String, payee: &Payee<'a>) {
        let (about, top, height) = (payee.about, payee.top, payee.height);
        self.open(out, about);
        if self.is_alerted(about) {
            let _ = write!(
                out,
                "<rect x=\"{}\" y=\"{:.1}\" width=\"{}\" height=\"{:.1}\" rx=\"5\" stroke=\"currentColor\" stroke-width=\"1.2\"/>",
                BOX_X - 3.0,
                top - 3.0,
                BOX_WIDTH + 6.0,
                height + 6.0
            );
        }
        let _ = write!(
            out,
            "<rect class=\"n-mark n-paper\" x=\"{BOX_X}\" y=\"{top:.1}\" width=\"{BOX_WIDTH}\" height=\"{height:.1}\" rx=\"3\" \
             fill=\"#fff\" stroke=\"currentColor\" stroke-width=\"1.4\"/>"
        );
        if about.known {
            let _ = write!(
                out,
                "<rect x=\"{BOX_X}\" y=\"{top:.1}\" width=\"6\" height=\"{height:.1}\" fill=\"currentColor\"/>"
            );
        }
        let x = BOX_X + 12.0;
        let rows = text_rows(about) as f64;
        let mut y = top + (height - rows * LINE) / 2.0 + 10.5;
        let _ = write!(
            out,
            "<text class=\"n-name\" x=\"{x}\" y=\"{y:.1}\" fill=\"currentColor\">{}</text>",
            label(&about.account, PAYEE_LABEL)
        );
        if let Some(rank) = about.rank {
            let _ = write!(
                out,
                "<text class=\"n-rank\" x=\"{}\" y=\"{y:.1}\" text-anchor=\"end\" fill=\"currentColor\">#{rank}</text>",
                BOX_X + BOX_WIDTH - 8.0
            );
        }
        let mut small = |text: &str| {
            y += LINE;
            let _ = write!(
                out,
                "<text class=\"n-small\" x=\"{x}\" y=\"{y:.1}\" fill=\"currentColor\">{text}</text>"
            );
        };
        let payers = counted(self.w.payers, about.counterparties);
        let transfers = counted(self.w.transfers, about.transfers);
        small(&escaped(&format!("{payers} · {transfers}")));
        for identity in about.identities.iter().take(MAX_IDENTITIES) {
            let reason = reason(&identity.reason, self.w);
            let said = fill(self.w.also, "reason", reason);
            let words = said.chars().count() - "{account}".len();
            let account = label(&identity.account, SMALL_ROOM.saturating_sub(words).max(6));
            small(&fill(&escaped(&said), "account", &account));
        }
        if about.identities.len() > MAX_IDENTITIES {
            let more = (about.identities.len() - MAX_IDENTITIES) as u64;
            small(&escaped(&counted(self.w.also_more, more)));
        }
        self.close(out, about);
    }

    fn is_alerted(&self, one: &NetworkAccountView) -> bool {
        one.account == self.view.account && one.side == self.view.side
    }

    fn open(&self, out: &mut String, one: &NetworkAccountView) {
        let alerted = if self.is_alerted(one) { " n-alerted" } else { "" };
        let title = title(&self.about(one));
        let _ = match (self.link)(&one.account, &one.side) {
            Some(to) => {
                write!(out, "<a class=\"n-node{alerted}\" href=\"{}\">{title}", escaped(&to))
            }
            None => {
                write!(
                    out,
                    "<g class=\"n-node{alerted}\" tabindex=\"0\" role=\"group\" aria-label=\"{}\">{title}",
                    escaped(&self.about(one))
                )
            }
        };
    }

    fn close(&self, out: &mut String, one: &NetworkAccountView) {
        let is_link = (self.link)(&one.account, &one.side).is_some();
        out.push_str(if is_link { "</a>" } else { "</g>" });
    }

    /// An account in words: all that its mark shows and its label has no room for.
    fn about(&self, one: &NetworkAccountView) -> String {
        let w = self.w;
        let (side, others) =
            if one.side == "payee" { (w.payee, w.payers) } else { (w.payer, w.payees) };
        let mut said = vec![format!("{side} {}", plain(&one.account))];
        if self.is_alerted(one) {
            said.push(w.alerted.to_owned());
        }
        if let Some(rank) = one.rank {
            said.push(fill(w.rank, "n", &rank.to_string()));
        }
        if let Some(found) = one.score {
            said.push(fill(w.score, "score", &score(found, w.decimal_mark)));
        }
        if one.known {
            said.push(w.known.to_owned());
        }
        said.push(counted(others, one.counterparties));
        said.push(counted(w.transfers, one.transfers));
        for identity in &one.identities {
            let also = fill(w.also, "account", &plain(&identity.account));
            said.push(fill(&also, "reason", reason(&identity.reason, w)));
        }
        said.join(", ")
    }
}

fn inverse(order: &[usize]) -> Vec<usize> {
    let mut places = vec![0; order.len()];
    order.iter().enumerate().for_each(|(place, one)| places[*one] = place);
    places
}

/// Rows of text in the box of a payee.
fn text_rows(about: &NetworkAccountView) -> usize {
    let listed = about.identities.len().min(MAX_IDENTITIES);
    2 + listed + usize::from(about.identities.len() > MAX_IDENTITIES)
}

/// Room for the text, and for the lines that end here.
fn box_height(about: &NetworkAccountView, lines: usize) -> f64 {
    let text = text_rows(about) as f64 * LINE + 6.0;
    text.max((lines as f64 * 6.0).min(120.0))
}

/// Width of a line for so many transfers: 1 for one, 5 from some thirty on.
fn line_width(transfers: u64) -> f64 {
    (1.0 + 0.8 * (transfers.max(1) as f64).log2()).min(5.0)
}

fn dashes(kind: &str, transfers: u64) -> String {
    match kind {
        "referred" => format!(" stroke-width=\"{:.1}\"", line_width(transfers).min(3.0) + 0.4),
        "paid" => " stroke-width=\"2.2\" stroke-dasharray=\"9 3\"".to_owned(),
        "same_phone" => " stroke-width=\"1.6\" stroke-dasharray=\"1.6 3.2\"".to_owned(),
        _ => " stroke-width=\"1\" stroke-dasharray=\"5 4\"".to_owned(),
    }
}

pub(super) fn reason<'a>(reason: &'a str, w: &'a NetworkWords) -> &'a str {
    match reason {
        "phone" => w.phone,
        "email" => w.email,
        "name_and_region" => w.name_and_region,
        "decided" => w.decided,
        other => other,
    }
}
