//! Renders the report of screened payments: a first page with the queue, and a page for each of the first alerts. Nothing
//! is loaded and no script runs; each page carries its style and allows only that, by its digest.

mod alert;
mod first;
mod samples;

use std::collections::HashMap;

use askama::Template;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use tutela_app::views::{
    AlertView, IndicatorsView, NetworkChartView, PaymentsScreenView, RejectedRowView,
};

pub use samples::sample_screening;

use crate::words::{INDICATORS_IT, PARTS_EN, PaymentWords};
use crate::{Lang, WebError};

const STYLE: &str = concat!(
    include_str!("../../templates/colours.css"),
    include_str!("../../templates/payments/payments.css"),
    include_str!("../../templates/network.css")
);

/// Renders `report.html` and `alerts/<side>-<place>.html` for each alert that has a chart: paths below the folder, and texts.
/// `charts` go with alerts by their place in `view.alerts`.
///
/// # Errors
/// Only defects of the templates.
pub fn render_screening(
    view: &PaymentsScreenView,
    rejected: &[RejectedRowView],
    charts: &[(usize, NetworkChartView)],
    lang: Lang,
) -> Result<Vec<(String, String)>, WebError> {
    let frame = Frame::new(view, charts, lang);
    let mut pages = vec![("report.html".to_owned(), first::First::new(&frame, rejected).render()?)];
    for (place, chart) in charts {
        if let Some(alert) = view.alerts.get(*place) {
            let page = alert::AlertPage::new(&frame, alert, chart).render()?;
            pages.push((format!("alerts/{}", page_name(alert)), page));
        }
    }
    Ok(pages)
}

/// What all pages need.
struct Frame<'a> {
    view: &'a PaymentsScreenView,
    lang: Lang,
    w: &'static PaymentWords,
    indicators: IndicatorsView,
    style: String,
    policy: String,
    /// Pages by account, payees' and payers'.
    pages: [HashMap<&'a str, String>; 2],
}

impl<'a> Frame<'a> {
    fn new(view: &'a PaymentsScreenView, charts: &[(usize, NetworkChartView)], lang: Lang) -> Self {
        let w = lang.payment_words();
        let numbers = w.page_of.replace("{page}", "\" counter(page) \"");
        let numbers = numbers.replace("{pages}", "\" counter(pages) \"");
        let style = format!("{STYLE}@page {{ @bottom-right {{ content: \"{numbers}\"; }} }}\n");
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
            BASE64_STANDARD.encode(Sha256::digest(&style))
        );
        let mut pages = [HashMap::new(), HashMap::new()];
        for alert in charts.iter().filter_map(|(place, _)| view.alerts.get(*place)) {
            let side = usize::from(alert.side == "payer");
            pages[side].insert(alert.account.as_str(), page_name(alert));
        }
        let indicators = IndicatorsView::registered();
        Self { view, lang, w, indicators, style, policy, pages }
    }

    fn page(&self, side: &str, account: &str) -> Option<&str> {
        self.pages[usize::from(side == "payer")].get(account).map(String::as_str)
    }

    /// Whether sentences of the engine are in another language than the page.
    fn is_foreign(&self) -> bool {
        self.lang != Lang::En
    }

    /// The name of an indicator, or of another part of a score.
    fn name<'t>(&'t self, id: &'t str) -> &'t str {
        let named = |list: &'static [(&str, &str)]| {
            list.iter().find(|(one, _)| *one == id).map(|(_, name)| *name)
        };
        let registered = || self.indicators.indicators.iter().find(|one| one.id == id);
        let other = match self.lang {
            Lang::En => None,
            Lang::It => named(INDICATORS_IT),
        };
        other.or_else(|| Some(registered()?.title)).or_else(|| named(PARTS_EN)).unwrap_or(id)
    }

    /// Two decimals, with a sign where asked for.
    fn number(&self, value: f64, signed: bool) -> String {
        let text = if signed { format!("{value:+.2}") } else { format!("{value:.2}") };
        // A true minus is as wide as a plus, and is not taken for a dash.
        text.replace('-', "\u{2212}").replace('.', self.w.decimal_mark)
    }
}

/// Only letters and a number: an account's own id may hold anything.
fn page_name(alert: &AlertView) -> String {
    format!("{}-{}.html", alert.side, alert.rank)
}

#[cfg(test)]
mod tests {
    use super::{render_screening, sample_screening};
    use crate::Lang;

    #[test]
    fn pages_hold_what_they_promise_and_load_nothing() {
        let (view, rejected, charts) = sample_screening();
        for lang in Lang::ALL {
            let pages = render_screening(&view, &rejected, &charts, lang).unwrap();
            let names: Vec<&str> = pages.iter().map(|(name, _)| name.as_str()).collect();
            assert_eq!(names, ["report.html", "alerts/payee-1.html", "alerts/payer-1.html"]);
            for (name, html) in &pages {
                for bad in ["<script", " style=", " onclick=", "http:", "https:", " src=", "{{"] {
                    assert!(!html.contains(bad), "{name}: {bad}");
                }
                assert!(
                    html.contains("Content-Security-Policy") && html.contains("style-src 'sha256-")
                );
                assert!(
                    !html.contains("<b>x</b>") && html.contains("&#60;b&#62;x&#60;/b&#62;"),
                    "{name}"
                );
            }
            for (place, page) in pages.iter().map(|(_, html)| html).enumerate() {
                for target in
                    page.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap())
                {
                    let file = target.split('#').next().unwrap().trim_start_matches("../");
                    let there = file.is_empty() || names.iter().any(|name| name.ends_with(file));
                    assert!(there, "page {place}: {target}");
                }
            }
            assert!(
                pages[0].1.contains("alerts/payee-1.html")
                    && pages[1].1.contains("<svg class=\"network\"")
            );
            assert!(
                pages[1].1.contains("href=\"payer-1.html\""),
                "accounts of the chart are links"
            );
        }
    }

    #[test]
    fn parts_stand_with_their_signs_and_sum() {
        let (view, rejected, charts) = sample_screening();
        let pages = render_screening(&view, &rejected, &charts, Lang::It).unwrap();
        let alert = &pages[1].1;
        for text in [
            "+4,00",
            "\u{2212}1,50",
            "<td class=\"num\">2,50</td>",
            "Molti paganti non imparentati",
        ] {
            assert!(alert.contains(text), "{text}");
        }
        assert!(
            alert.contains("class=\"against\""),
            "a part that speaks against is not drawn as one that speaks for"
        );
        assert!(alert.contains(">1, 2<"), "a transfer names the lines that rest on it");
    }
}
