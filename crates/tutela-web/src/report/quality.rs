//! Renders what a ranking is worth: one HTML file that needs no network, no script and no other file.

use askama::Template;
use tutela_app::views::{CorridorView, PaymentsEvaluateView};

use super::model_card::{STYLE, card_words, digits, figures, side_name};
use super::page::style_only;
use crate::show::figures::count;
use crate::words::CardWords;
use crate::{Lang, WebError};

/// Corridors that the page lists; all of them are in `corridors.csv`.
const MAX_CORRIDORS: usize = 60;

/// Everything the page shows.
#[derive(Template)]
#[template(path = "payments_quality.html", whitespace = "minimize")]
struct Page<'a> {
    lang: &'static str,
    w: &'static CardWords,
    view: &'a PaymentsEvaluateView,
    style: &'static str,
    policy: String,
    sides: Vec<Side>,
    corridors: Vec<[String; 6]>,
}

struct Side {
    name: &'static str,
    counts: [(&'static str, String); 4],
    figures: Vec<[String; 3]>,
}

/// Renders `quality.html`.
///
/// # Errors
/// Only defects of the template.
pub fn render(view: &PaymentsEvaluateView, lang: Lang) -> Result<String, WebError> {
    let w = card_words(lang);
    let sides = view.sides.iter().map(|side| Side {
        name: side_name(side.side, w),
        counts: [
            (w.accounts, count(side.quality.accounts)),
            (w.marked, count(side.quality.positives)),
            (w.without_score, count(side.without_score)),
            (w.without_label, count(side.without_label)),
        ],
        figures: figures(&side.quality, w),
    });
    let page = Page {
        lang: lang.as_str(),
        w,
        view,
        style: STYLE,
        policy: style_only(STYLE),
        sides: sides.collect(),
        corridors: view.corridors.iter().take(MAX_CORRIDORS).map(|one| row(one, w)).collect(),
    };
    Ok(page.render()?)
}

/// Countries, transfers, accounts with an alert of all, and how many of them are marked.
fn row(one: &CorridorView, w: &CardWords) -> [String; 6] {
    let named =
        |country: &str| if country.is_empty() { "?".to_owned() } else { country.to_owned() };
    let share = |part: u64, of: u64| {
        let percent = 100.0 * part as f64 / of.max(1) as f64;
        format!("{} / {} ({} %)", count(part), count(of), digits(percent, 2, w))
    };
    let right = |right: Option<u64>, alerts: u64| match right {
        Some(right) if alerts > 0 => share(right, alerts),
        _ => "–".to_owned(),
    };
    [
        format!("{} → {}", named(&one.from), named(&one.to)),
        count(one.transfers),
        share(one.payer_alerts, one.payers),
        right(one.payers_right, one.payer_alerts),
        share(one.payee_alerts, one.payees),
        right(one.payees_right, one.payee_alerts),
    ]
}

#[cfg(test)]
mod tests {
    use tutela_app::views::{
        CorridorView, EstimateView, PaymentsEvaluateView, QualityView, SideQualityView,
    };

    use super::render;
    use crate::Lang;

    #[test]
    fn a_page_renders_in_both_languages() {
        let one = EstimateView { value: 0.5, low: 0.4, high: 0.6 };
        let quality = QualityView {
            accounts: 9,
            positives: 3,
            average_precision: one,
            precision_at_100: one,
            recall_at_100: one,
            precision_at_500: one,
            recall_at_500: one,
        };
        let corridor = CorridorView {
            from: "DE".to_owned(),
            to: String::new(),
            transfers: 1_000,
            payers: 200,
            payer_alerts: 3,
            payers_right: Some(1),
            payees: 10,
            payee_alerts: 0,
            payees_right: None,
        };
        let view = PaymentsEvaluateView {
            schema: "tutela.payments_evaluate.v1",
            rounds: 200,
            sides: vec![SideQualityView {
                side: "payer",
                quality,
                without_score: 1,
                without_label: 2,
            }],
            top: 500,
            corridors: vec![corridor],
            pictures: vec!["<svg></svg>".to_owned()],
            rejected: Vec::new(),
        };
        for (lang, word) in [(Lang::En, "3 / 200 (1.50 %)"), (Lang::It, "3 / 200 (1,50 %)")] {
            let html = render(&view, lang).unwrap();
            assert!(html.contains(word) && html.contains("DE → ?"), "{html}");
            assert!(!html.contains("<script") && !html.contains(" style="));
        }
    }
}
