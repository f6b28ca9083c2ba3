//! Draws a network of payers and payees: who paid whom, and when. SVG made here, without style, script or ids, so that it
//! stands in the report, in the console and on paper; everything in it is also in words.
//!
//! `templates/network.css` dresses them in the console and in reports. Both drawings take their colour from the text around them. Meaning is in shape, width and dashes; colour only helps.

mod chart;
mod layout;
mod legend;
mod marks;
mod samples;
mod timeline;

pub(crate) use marks::{day, money};
pub use samples::sample_network;

use tutela_app::views::NetworkChartView;

use crate::Lang;

/// Payers drawn at most: more rows than this do not fit on a page of paper.
const MAX_PAYERS: usize = 36;
/// Payees drawn at most.
const MAX_PAYEES: usize = 14;

/// Where an account leads, for drawings whose accounts are links: an address for an account and its side, where there is one.
pub type AccountLink<'a> = &'a dyn Fn(&str, &str) -> Option<String>;

/// The link chart: payers left, payees right, and how payees are tied among themselves at the margin.
pub fn link_chart(view: &NetworkChartView, lang: Lang) -> String {
    linked_chart(view, lang, &|_, _| None)
}

/// The link chart with accounts as links.
pub fn linked_chart(view: &NetworkChartView, lang: Lang, link: AccountLink<'_>) -> String {
    chart::draw(view, lang.network_words(), link)
}

/// Transfers over time: one row for each counterparty of the alerted account.
pub fn timeline(view: &NetworkChartView, lang: Lang) -> String {
    timeline::draw(view, lang.network_words())
}

/// Why an account is folded into another, in words.
pub(crate) fn reason_word(reason: &str, lang: Lang) -> &str {
    chart::reason(reason, lang.network_words())
}
