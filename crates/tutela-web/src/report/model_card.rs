//! Renders the card of a trained model: one HTML file that needs no network, no script and no other file.

use askama::Template;
use tutela_app::views::{BacktestView, PaymentsTrainView, TrainedSideView};

use super::page::style_only;
use crate::show::figures::{count, moment};
use crate::show::filters;
use crate::words::{CARD_EN, CARD_IT, CardWords, fill};
use crate::{Lang, WebError};

pub(super) const STYLE: &str = concat!(
    include_str!("../../templates/colours.css"),
    include_str!("../../templates/payments.css")
);

/// Everything the page shows.
#[derive(Template)]
#[template(path = "model_card.html", whitespace = "minimize")]
struct Card<'a> {
    lang: &'static str,
    w: &'static CardWords,
    view: &'a PaymentsTrainView,
    style: &'static str,
    policy: String,
    period: String,
    person: String,
    sides: Vec<SideCard<'a>>,
    backtest: Option<(String, Vec<[String; 10]>, bool)>,
}

/// One side, its numbers as text.
struct SideCard<'a> {
    name: &'static str,
    side: &'a TrainedSideView,
    counts: [(&'static str, String); 4],
    figures: Vec<[String; 3]>,
    reliability: Vec<[String; 4]>,
    strongest: Vec<[String; 3]>,
    curves: Vec<(String, &'static str, &'a str)>,
}

/// Renders `card.html`.
///
/// # Errors
/// Only defects of the template.
pub fn render(view: &PaymentsTrainView, lang: Lang) -> Result<String, WebError> {
    let w = card_words(lang);
    let person = match &view.legal_basis {
        Some(basis) => fill(w.used, "basis", basis),
        None => w.not_used.to_owned(),
    };
    let [from, to] = &view.period;
    let card = Card {
        lang: lang.as_str(),
        w,
        view,
        style: STYLE,
        policy: style_only(STYLE),
        period: format!("{} – {}", moment(from), moment(to)),
        person,
        sides: view.sides.iter().map(|side| side_card(side, w)).collect(),
        backtest: view.backtest.as_ref().map(|tested| backtest(tested, w)),
    };
    Ok(card.render()?)
}

pub(super) fn card_words(lang: Lang) -> &'static CardWords {
    match lang {
        Lang::En => &CARD_EN,
        Lang::It => &CARD_IT,
    }
}

/// A number with so many digits after the decimal mark of the language.
pub(super) fn digits(value: f64, places: usize, w: &CardWords) -> String {
    format!("{value:.places$}").replace('.', w.decimal_mark)
}

pub(super) fn side_name(side: &str, w: &'static CardWords) -> &'static str {
    match side {
        "payee" => w.payee,
        _ => w.payer,
    }
}

/// The five figures of a ranking with their intervals.
pub(super) fn figures(quality: &tutela_app::views::QualityView, w: &CardWords) -> Vec<[String; 3]> {
    let at = |words: &str, n: &str| fill(words, "n", n);
    [
        (w.average_precision.to_owned(), quality.average_precision),
        (at(w.precision_at, "100"), quality.precision_at_100),
        (at(w.recall_at, "100"), quality.recall_at_100),
        (at(w.precision_at, "500"), quality.precision_at_500),
        (at(w.recall_at, "500"), quality.recall_at_500),
    ]
    .map(|(name, one)| {
        let between = format!("{} – {}", digits(one.low, 3, w), digits(one.high, 3, w));
        [name, digits(one.value, 3, w), between]
    })
    .to_vec()
}

fn side_card<'a>(side: &'a TrainedSideView, w: &'static CardWords) -> SideCard<'a> {
    let reliability = side.reliability.iter().map(|part| {
        [
            format!("{} – {}", digits(part.from, 3, w), digits(part.to, 3, w)),
            count(part.accounts),
            digits(part.expected, 4, w),
            digits(part.found, 4, w),
        ]
    });
    let strongest = side.strongest.iter().map(|one| {
        let holds = match one.holds {
            "published" => w.holds_published,
            "network" => w.holds_network,
            "writing" => w.holds_writing,
            "period" => w.holds_period,
            "habit" => w.holds_habit,
            "person" => w.holds_person,
            _ => w.holds_counterparty,
        };
        [spaced(&one.feature), digits(f64::from(one.spread), 2, w), holds.to_owned()]
    });
    let curves = side.curves.iter().map(|curve| {
        let way = match curve.way {
            "rises" => w.rises,
            "falls" => w.falls,
            _ => "",
        };
        (spaced(&curve.feature), way, curve.svg.as_str())
    });
    SideCard {
        name: side_name(side.side, w),
        side,
        counts: [
            (w.marked, count(side.marked)),
            (w.cleared, count(side.cleared)),
            (w.unlabelled, count(side.unlabelled)),
            (w.absent, count(side.absent)),
        ],
        figures: figures(&side.held_out, w),
        reliability: reliability.collect(),
        strongest: strongest.collect(),
        curves: curves.collect(),
    }
}

fn spaced(feature: &str) -> String {
    feature.replace('_', " ")
}

fn backtest(tested: &BacktestView, w: &'static CardWords) -> (String, Vec<[String; 10]>, bool) {
    let values = [
        ("cut", moment(&tested.cut)),
        ("payers", count(tested.known_payers)),
        ("payees", count(tested.known_payees)),
        ("open", tested.open.to_string()),
    ];
    let note = w.backtest_note.to_owned();
    let said = values.iter().fold(note, |said, (name, value)| fill(&said, name, value));
    let rows = tested.months.iter().map(|month| {
        [
            format!("{} – {}", month.from, month.to),
            side_name(month.side, w).to_owned(),
            count(month.accounts),
            count(month.marked),
            digits(month.precision_at_100, 2, w),
            digits(month.recall_at_100, 2, w),
            digits(month.precision_at_500, 2, w),
            digits(month.recall_at_500, 2, w),
            digits(month.alerts_a_day, 1, w),
            month.right.map_or_else(|| "–".to_owned(), |right| digits(right, 2, w)),
        ]
    });
    (said, rows.collect(), tested.dated)
}

#[cfg(test)]
mod tests {
    use tutela_app::views::{
        CurveView, DigestView, EstimateView, MonthView, PaymentsTrainView, QualityView,
        ReliabilityView, StrongView, TrainedSideView,
    };

    use super::{BacktestView, render};
    use crate::Lang;

    /// A card with hostile text wherever text comes from outside.
    fn sample() -> PaymentsTrainView {
        let hostile = "<script>alert(1)</script>".to_owned();
        let one = EstimateView { value: 0.5, low: 0.4, high: 0.6 };
        let held_out = QualityView {
            accounts: 9,
            positives: 3,
            average_precision: one,
            precision_at_100: one,
            recall_at_100: one,
            precision_at_500: one,
            recall_at_500: one,
        };
        let part =
            ReliabilityView { from: 0.0, to: 0.001, accounts: 9, expected: 0.0005, found: 0.0 };
        let holds =
            ["published", "network", "writing", "period", "habit", "person", "counterparty"];
        let strongest = holds.map(|holds| StrongView {
            feature: "small_share".to_owned(),
            spread: 1.25,
            example: String::new(),
            holds,
            argument: "",
        });
        let curve = CurveView {
            feature: "best_payee".to_owned(),
            way: "rises",
            cuts: vec![1.0],
            adds: vec![0.0, 1.0],
            svg: "<svg></svg>".to_owned(),
        };
        let side = |side, trained| TrainedSideView {
            side,
            marked: 3,
            cleared: 2,
            unlabelled: 4,
            absent: 1,
            trained,
            held_out: held_out.clone(),
            reliability: vec![part],
            strongest: strongest.to_vec(),
            curves: vec![curve.clone()],
            pairs: vec!["payers × night_share".to_owned()],
        };
        let month = MonthView {
            from: "2026-01-01".to_owned(),
            to: "2026-01-30".to_owned(),
            side: "payer",
            accounts: 1_200,
            marked: 7,
            precision_at_100: 0.5,
            recall_at_100: 0.5,
            precision_at_500: 0.5,
            recall_at_500: 0.5,
            alerts_a_day: 1.5,
            right: None,
        };
        PaymentsTrainView {
            schema: "tutela.payments_train.v1",
            files: vec![DigestView { file: hostile.clone(), sha256: "00".repeat(32) }],
            transfers: 12_000,
            period: ["2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z"].map(str::to_owned),
            rejected_rows: 1,
            rejected_labels: Vec::new(),
            partial: true,
            legal_basis: Some(hostile.clone()),
            seed: 1,
            folds: 5,
            started_from: "nothing".to_owned(),
            sides: vec![side("payee", true), side("payer", false)],
            backtest: Some(BacktestView {
                cut: "2025-09-01T00:00:00Z".to_owned(),
                known_payers: 3,
                known_payees: 4,
                dated: false,
                open: 500,
                months: vec![month],
            }),
            pictures: vec!["<svg></svg>".to_owned()],
            notes: vec![hostile],
            written: Vec::new(),
            elapsed_ms: 1,
        }
    }

    #[test]
    fn a_card_renders_in_both_languages_and_text_from_outside_stays_text() {
        for (lang, word, number) in
            [(Lang::En, "Model card", "0.500"), (Lang::It, "Scheda", "0,500")]
        {
            let html = render(&sample(), lang).unwrap();
            assert!(html.contains(word) && html.contains(number), "{html}");
            assert!(!html.contains("<script") && !html.contains(" style="));
        }
        let bare = PaymentsTrainView { backtest: None, legal_basis: None, ..sample() };
        assert!(render(&bare, Lang::En).unwrap().contains("Nationality never is"));
    }
}
