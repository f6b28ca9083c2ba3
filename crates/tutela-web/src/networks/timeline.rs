//! The timeline: transfers of one account, a row for each counterparty, with the referrals that led to or away from it.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

use tutela_app::views::{NetworkChartView, NetworkTransferView};
use tutela_core::Timestamp;

use super::legend::{Key, legend};
use super::marks::{day, days_since_1970, label, money, title};
use crate::show::figures::{count, counted};
use crate::show::hostile::{escaped, plain};
use crate::words::{NetworkWords, fill};

const WIDTH: f64 = 860.0;
const LEFT: f64 = 186.0;
const RIGHT: f64 = 108.0;
const TOP: f64 = 26.0;
const PITCH: f64 = 20.0;
const MAX_ROWS: usize = 34;
/// Transfers drawn at most; a row of daily payments over years is a line in any case.
const MAX_DOTS: usize = 600;
const LABEL: usize = 24;
const LEAST_RADIUS: f64 = 2.2;
const MOST_RADIUS: f64 = 6.4;
/// Room that the name of a month takes.
const MONTH_LABEL: f64 = 50.0;

struct Row<'a> {
    counterparty: &'a str,
    dots: Vec<Dot<'a>>,
    transfers: u64,
    reference_minor: u64,
}

struct Dot<'a> {
    transfer: &'a NetworkTransferView,
    day: f64,
    /// With the alerted account itself, not with another of the network.
    own: bool,
}

/// Draws it; what cannot be dated is left out.
pub(super) fn draw(view: &NetworkChartView, w: &NetworkWords) -> String {
    let about = fill(w.timeline_title, "account", &plain(&view.account));
    let mut rows = rows(view);
    let more_rows = rows.len().saturating_sub(MAX_ROWS);
    rows.truncate(MAX_ROWS);
    let mut dots = 0;
    let mut more_dots = view.left_out.transfers as usize;
    for row in &mut rows {
        let room = MAX_DOTS.saturating_sub(dots).min(row.dots.len());
        more_dots += row.dots.len() - room;
        row.dots.truncate(room);
        dots += room;
    }
    let days = || rows.iter().flat_map(|row| &row.dots).map(|dot| dot.day);
    let (first, last) = (days().fold(f64::MAX, f64::min), days().fold(f64::MIN, f64::max));
    if dots == 0 {
        return format!(
            "<svg class=\"network\" viewBox=\"0 0 {WIDTH} 30\" role=\"group\" aria-label=\"{}\">{}\
             <text class=\"n-small\" x=\"0\" y=\"18\">{}</text></svg>",
            escaped(&about),
            title(&about),
            escaped(w.empty)
        );
    }
    let scale = Scale::new(first, last);
    let most = rows.iter().flat_map(|row| &row.dots).filter_map(|dot| dot.transfer.reference_minor);
    let most = most.max().unwrap_or(0);
    let bottom = TOP + rows.len() as f64 * PITCH;
    let mut drawn = axis(&scale, bottom);
    let places: HashMap<&str, f64> = rows
        .iter()
        .enumerate()
        .map(|(at, row)| (row.counterparty, TOP + (at as f64 + 0.5) * PITCH))
        .collect();
    for row in &rows {
        draw_row(&mut drawn, view, row, places[row.counterparty], &scale, most, w);
    }
    let moved = referrals(&mut drawn, view, &rows, &places, &scale, w);
    let mut below = bottom + 22.0;
    for (forms, number) in [(w.more_rows, more_rows), (w.more_dots, more_dots)] {
        if number > 0 {
            let text = escaped(&counted(forms, number as u64));
            let _ = write!(
                drawn,
                "<text class=\"n-small\" x=\"{LEFT}\" y=\"{below}\" fill=\"currentColor\">{text}</text>"
            );
            below += 14.0;
        }
    }
    let (keys, own) = legend(&keys(view, &rows, most, moved, w), below, WIDTH);
    drawn.push_str(&keys);
    let described = fill(w.timeline_desc, "from", &date(first));
    let described = fill(&described, "to", &date(last));
    format!(
        "<svg class=\"network\" viewBox=\"0 0 {WIDTH} {:.0}\" role=\"group\" aria-label=\"{}\" fill=\"none\" \
         stroke=\"none\" font-family=\"monospace\" font-size=\"11\">{}<desc>{}</desc>{drawn}</svg>",
        below + own + 6.0,
        escaped(&about),
        title(&about),
        escaped(&described),
    )
}

/// A row for each counterparty of the alerted account, in the order of first transfers. Transfers of the same counterparty
/// with others of the network stand in its row, too.
fn rows(view: &NetworkChartView) -> Vec<Row<'_>> {
    let is_payee = view.side == "payee";
    let ends = |one: &'_ NetworkTransferView| -> (String, String) {
        let (payer, payee) = (view.shown_as(&one.payer), view.shown_as(&one.payee));
        let (own, other) = if is_payee { (payee, payer) } else { (payer, payee) };
        (own.to_owned(), other.to_owned())
    };
    let mut at: BTreeMap<String, usize> = BTreeMap::new();
    let mut rows: Vec<Row<'_>> = Vec::new();
    for transfer in &view.transfers {
        let (own, other) = ends(transfer);
        if own == view.account && !at.contains_key(&other) {
            at.insert(other, rows.len());
            let counterparty = if is_payee { &transfer.payer } else { &transfer.payee };
            let counterparty = view.shown_as(counterparty);
            rows.push(Row { counterparty, dots: Vec::new(), transfers: 0, reference_minor: 0 });
        }
    }
    for transfer in &view.transfers {
        let (own, other) = ends(transfer);
        let (Some(row), Some(day)) = (at.get(&other), days_since_1970(&transfer.at)) else {
            continue;
        };
        let (row, own) = (&mut rows[*row], own == view.account);
        // For a payer, what others paid to its payees says nothing of it.
        if own || is_payee {
            row.dots.push(Dot { transfer, day, own });
        }
        if own {
            row.transfers += 1;
            row.reference_minor += transfer.reference_minor.unwrap_or(0);
        }
    }
    rows
}

/// From days to places.
struct Scale {
    first: f64,
    span: f64,
}

impl Scale {
    fn new(first: f64, last: f64) -> Self {
        // A week at least, and a margin of two parts in a hundred on both ends.
        let span = (last - first).max(7.0);
        Self { first: first - span * 0.02, span: span * 1.04 }
    }

    fn x(&self, day: f64) -> f64 {
        LEFT + (day - self.first) / self.span * (WIDTH - LEFT - RIGHT)
    }
}

/// The day of a number of days since 1970.
fn date(days: f64) -> String {
    let time = Timestamp::from_second((days * 86_400.0) as i64).unwrap_or(Timestamp::UNIX_EPOCH);
    day(&time.to_string())
}

/// Days since 1970 of the first of a month that is counted from year 0 (proleptic Gregorian). Source: H. Hinnant,
/// "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
fn month_start(month: i64) -> f64 {
    let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * ((month + 9) % 12) + 2) / 5;
    let day = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    (era * 146_097 + day - 719_468) as f64
}

/// Months as lines; names where there is room, and years heavier.
fn axis(scale: &Scale, bottom: f64) -> String {
    let month_of = |days: f64| {
        let text = date(days);
        let mut parts = text.split('-').map(|part| part.parse::<i64>().unwrap_or(0));
        parts.next().unwrap_or(0) * 12 + parts.next().unwrap_or(1) - 1
    };
    let (first, last) = (month_of(scale.first), month_of(scale.first + scale.span));
    let months = last - first + 1;
    let every = [1, 3, 12, 60, 120].into_iter().find(|step| months / step <= 40).unwrap_or(600);
    let mut out = String::new();
    let mut free = f64::MIN;
    for month in (first..=last + 1).filter(|month| month % every == 0) {
        let x = scale.x(month_start(month));
        if !(LEFT - 0.5..=WIDTH - RIGHT + 0.5).contains(&x) {
            continue;
        }
        let class = if month % 12 == 0 { "n-year" } else { "n-grid" };
        let _ = write!(
            out,
            "<path class=\"{class}\" d=\"M{x:.1} {}V{bottom:.1}\" stroke=\"#bbb\" stroke-width=\"{}\"/>",
            TOP - 6.0,
            if month % 12 == 0 { 1.2 } else { 0.7 }
        );
        if x >= free && x <= WIDTH - RIGHT - 20.0 {
            let name = match every {
                1 | 3 => format!("{:04}-{:02}", month / 12, month % 12 + 1),
                _ => format!("{:04}", month / 12),
            };
            let _ = write!(
                out,
                "<text class=\"n-small\" x=\"{x:.1}\" y=\"14\" text-anchor=\"middle\" fill=\"currentColor\">{name}</text>"
            );
            free = x + MONTH_LABEL;
        }
    }
    // So short a time that no month begins in it still says when it was.
    if out.is_empty() {
        let _ = write!(
            out,
            "<text class=\"n-small\" x=\"{LEFT}\" y=\"14\" fill=\"currentColor\">{} – {}</text>",
            date(scale.first + scale.span * 0.02),
            date(scale.first + scale.span * 0.98)
        );
    }
    out
}

fn draw_row(
    out: &mut String,
    view: &NetworkChartView,
    row: &Row<'_>,
    y: f64,
    scale: &Scale,
    most: u64,
    w: &NetworkWords,
) {
    let currency = view.ties.iter().map(|tie| tie.currency.as_str()).find(|name| !name.is_empty());
    let sum = match (currency, row.reference_minor) {
        (Some(currency), minor) if minor > 0 => money(minor, currency, w.decimal_mark),
        _ => String::new(),
    };
    let said = format!("{}: {}", plain(row.counterparty), counted(w.transfers, row.transfers));
    let said =
        if sum.is_empty() { said } else { format!("{said}, {}", fill(w.sum, "amount", &sum)) };
    let _ = write!(
        out,
        "<g class=\"n-node\" tabindex=\"0\" role=\"group\" aria-label=\"{}\">{}<path class=\"n-row n-mark\" \
         d=\"M{LEFT} {y:.1}H{}\" stroke=\"#ccc\" stroke-width=\"0.7\"/><text class=\"n-name\" x=\"{}\" y=\"{:.1}\" \
         text-anchor=\"end\" fill=\"currentColor\">{}</text><text class=\"n-small\" x=\"{}\" y=\"{:.1}\" \
         fill=\"currentColor\">{}× {}</text>",
        escaped(&said),
        title(&said),
        WIDTH - RIGHT,
        LEFT - 10.0,
        y + 3.8,
        label(row.counterparty, LABEL),
        WIDTH - RIGHT + 8.0,
        y + 3.5,
        count(row.transfers),
        escaped(&sum),
    );
    for dot in &row.dots {
        draw_dot(out, dot, scale.x(dot.day), y, most, w);
    }
    out.push_str("</g>");
}

fn draw_dot(out: &mut String, dot: &Dot<'_>, x: f64, y: f64, most: u64, w: &NetworkWords) {
    let one = dot.transfer;
    let amount = money(one.amount_minor.unsigned_abs(), &one.currency, w.decimal_mark);
    let said = fill(w.dot, "at", &crate::show::figures::moment(&one.at));
    let said = fill(&fill(&said, "payer", &plain(&one.payer)), "payee", &plain(&one.payee));
    let said = title(&fill(&said, "amount", &amount));
    let (fill, class) = if dot.own { ("currentColor", "") } else { ("#fff", "n-paper") };
    let _ = match one.reference_minor {
        Some(minor) => write!(
            out,
            "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{:.1}\" fill=\"{fill}\" stroke=\"{}\" stroke-width=\"{}\">{said}</circle>",
            radius(minor, most),
            if dot.own { "#fff" } else { "currentColor" },
            if dot.own { "0.6" } else { "1.2" },
        ),
        None => write!(
            out,
            "<rect class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\" width=\"6\" height=\"6\" fill=\"{fill}\" stroke=\"currentColor\" stroke-width=\"1.2\">{said}</rect>",
            x - 3.0,
            y - 3.0,
        ),
    };
}

fn radius(minor: u64, most: u64) -> f64 {
    let share = if most == 0 { 0.0 } else { minor as f64 / most as f64 };
    LEAST_RADIUS + (MOST_RADIUS - LEAST_RADIUS) * share.sqrt()
}

/// Arrows from the last transfer to one payee to the first to another; whether any was drawn.
fn referrals(
    out: &mut String,
    view: &NetworkChartView,
    rows: &[Row<'_>],
    places: &HashMap<&str, f64>,
    scale: &Scale,
    w: &NetworkWords,
) -> bool {
    let is_payee = view.side == "payee";
    let before = out.len();
    for one in &view.referrals {
        let (payer, from, to) =
            (view.shown_as(&one.payer), view.shown_as(&one.from), view.shown_as(&one.to));
        // For a payee: who came to it or went from it, within the payer's row. For a payer: between rows.
        let ends = match is_payee {
            true if from == view.account || to == view.account => (payer, payer),
            false if payer == view.account => (from, to),
            _ => continue,
        };
        let (Some(y1), Some(y2)) = (places.get(ends.0), places.get(ends.1)) else { continue };
        let Some(arrived) = days_since_1970(&one.at) else { continue };
        let dots = rows.iter().flat_map(|row| &row.dots);
        let left = dots
            .filter(|dot| {
                view.shown_as(&dot.transfer.payer) == payer
                    && view.shown_as(&dot.transfer.payee) == from
                    && dot.day < arrived
            })
            .map(|dot| dot.day)
            .fold(f64::MIN, f64::max);
        if left == f64::MIN {
            continue;
        }
        let (x1, x2) = (scale.x(left), scale.x(arrived));
        let passed = if one.days == 0 { w.same_day.to_owned() } else { counted(w.days, one.days) };
        let said = fill(&fill(w.moved, "payer", &plain(payer)), "from", &plain(from));
        let said = title(&fill(&fill(&said, "to", &plain(to)), "days", &passed));
        arrow(out, (x1, *y1), (x2, *y2), &said);
    }
    out.len() > before
}

fn arrow(out: &mut String, (x1, y1): (f64, f64), (x2, y2): (f64, f64), said: &str) {
    let flat = (y1 - y2).abs() < 1.0;
    // Within a row the arrow goes over the dots; between rows it ends at the side of the dot.
    let (c1, c2, tip) = if flat {
        let up = y1 - PITCH * 0.62;
        let tip = format!("M{x2:.1} {:.1}l-3.6 -6.5h7.2z", y2 - 3.0);
        ((x1, up), (x2, up), tip)
    } else {
        let side = if y2 > y1 { -1.0 } else { 1.0 };
        let middle = (y1 + y2) / 2.0;
        let tip = format!("M{x2:.1} {:.1}l-3.6 {:.1}h7.2z", y2 + side * 4.0, side * 7.0);
        ((x1, middle), (x2, middle), tip)
    };
    let end = if flat {
        y2 - 7.0
    } else if y2 > y1 {
        y2 - 9.0
    } else {
        y2 + 9.0
    };
    let start = if flat { y1 - 3.0 } else { y1 };
    let _ = write!(
        out,
        "<g>{said}<path class=\"n-moved\" d=\"M{x1:.1} {start:.1}C{:.1} {:.1} {:.1} {:.1} {x2:.1} {end:.1}\" \
         stroke=\"currentColor\" stroke-width=\"1.4\"/><path class=\"n-moved n-tip\" d=\"{tip}\" fill=\"currentColor\"/></g>",
        c1.0, c1.1, c2.0, c2.1
    );
}

fn keys(
    view: &NetworkChartView,
    rows: &[Row<'_>],
    most: u64,
    moved: bool,
    w: &NetworkWords,
) -> Vec<Key> {
    let dots = || rows.iter().flat_map(|row| &row.dots);
    let currency = view.ties.iter().map(|tie| tie.currency.as_str()).find(|name| !name.is_empty());
    let own = "<circle r=\"4\" fill=\"currentColor\"/>".to_owned();
    let other = "<circle r=\"4\" class=\"n-paper\" fill=\"#fff\" stroke=\"currentColor\" stroke-width=\"1.2\"/>";
    let mut keys = vec![(own, w.key_own.to_owned())];
    if dots().any(|dot| !dot.own) {
        keys.push((other.to_owned(), w.key_others.to_owned()));
    }
    if let Some(currency) = currency.filter(|_| most > 0) {
        let mark = format!(
            "<circle cx=\"-7\" r=\"{LEAST_RADIUS}\" fill=\"currentColor\"/><circle cx=\"5\" r=\"{MOST_RADIUS}\" fill=\"currentColor\"/>"
        );
        keys.push((mark, fill(w.key_largest, "amount", &money(most, currency, w.decimal_mark))));
    }
    if moved {
        let mark = "<path class=\"n-moved\" d=\"M-13 4C-13 -7 9 -7 9 -1\" stroke=\"currentColor\" stroke-width=\"1.4\"/>\
                    <path class=\"n-moved n-tip\" d=\"M9 5l-3.6 -6.5h7.2z\" fill=\"currentColor\"/>";
        keys.push((mark.to_owned(), w.key_moved.to_owned()));
    }
    if dots().any(|dot| dot.transfer.reference_minor.is_none()) {
        let mark = "<rect x=\"-3\" y=\"-3\" width=\"6\" height=\"6\" fill=\"currentColor\"/>";
        keys.push((mark.to_owned(), w.key_unrated.to_owned()));
    }
    keys
}
