//! All signal banks, and making one.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use tutela_app::service::{Bank, BankCounts, Service};
use tutela_app::views::ExchangeView;
use tutela_core::{BankNumber, BankRole, BankTerms, Ratio, Timestamp};

use super::bank_form::BankForm;
use super::fault::{Fault, Problem};
use super::frame::{Frame, Here, Posted, Visit, again, page};
use super::marks::{self, Mark};
use crate::Lang;
use crate::router::Web;
use crate::show::figures::counted;
use crate::show::filters;
use crate::words::{BankWords, fill};

/// The table of all banks.
#[derive(Template)]
#[template(path = "console/banks.html", whitespace = "minimize")]
pub(super) struct Banks {
    f: Frame,
    w: &'static BankWords,
    rows: Vec<BankRow>,
    form: BankForm,
    problem: Option<Problem>,
}

/// One bank in words.
#[derive(Debug, Clone)]
pub(super) struct BankRow {
    pub(super) name: String,
    pub(super) role: Mark,
    pub(super) role_means: &'static str,
    pub(super) ratio: String,
    pub(super) is_off: bool,
    pub(super) contents: u64,
    pub(super) held_back: u64,
    pub(super) distance: String,
    /// The exchange that feeds it.
    pub(super) exchange: Option<String>,
    pub(super) note: Option<String>,
    pub(super) created: String,
}

/// `GET /console/banks`.
pub(super) async fn show(visit: Visit, State(web): State<Web>) -> Result<Response, Fault> {
    let form = BankForm::of(&BankTerms::named(""));
    page(&Banks::load(visit.frame(Here::Banks), &web.service, form, None).await?)
}

/// `POST /console/banks`.
pub(super) async fn create(State(web): State<Web>, posted: Posted) -> Result<Response, Fault> {
    let Posted { visit, fields } = posted;
    let form = BankForm::sent(&fields);
    let f = visit.frame(Here::Banks);
    let problem = match form.terms(BankTerms::named(""), f.w) {
        Ok(terms) => match web.service.create_bank(visit.person.operator, &terms).await {
            Ok(bank) => {
                let to = format!("/console/banks/{}?done=created", bank.terms.name);
                return Ok(Redirect::to(&to).into_response());
            }
            Err(error) => Problem::from_error(error, f.w)?,
        },
        Err(problem) => problem,
    };
    again(&Banks::load(f, &web.service, form, Some(problem)).await?)
}

impl Banks {
    async fn load(
        f: Frame,
        service: &Service,
        form: BankForm,
        problem: Option<Problem>,
    ) -> Result<Self, Fault> {
        let (counts, exchanges) = (service.bank_counts(), service.exchanges().await?);
        let row = |bank: &Arc<Bank>| BankRow::new(bank, &counts, &f).fed_by(bank, &exchanges);
        let rows = service.banks().iter().map(row).collect();
        Ok(Self { w: f.lang.bank_words(), rows, form, problem, f })
    }

    pub(super) fn sample(lang: Lang) -> Self {
        let f = Frame::sample(lang, Here::Banks);
        let rows = sample_banks(&f);
        let problem = Some(Problem::of(f.w.bad_bank_name));
        let form = BankForm::of(&BankTerms::named("example"));
        Self { w: lang.bank_words(), rows, form, problem, f }
    }
}

impl BankRow {
    pub(super) fn new(bank: &Bank, counts: &[BankCounts], f: &Frame) -> Self {
        let (w, terms) = (f.lang.bank_words(), &bank.terms);
        let count = counts.iter().find(|one| one.bank == bank.number);
        let is_off = terms.enabled_ratio == Ratio::OFF;
        let percent = marks::percent(terms.enabled_ratio, f.w.decimal_mark);
        Self {
            name: terms.name.clone(),
            role: marks::role(terms.role, w),
            role_means: match terms.role {
                BankRole::Alert => w.role_alert_means,
                BankRole::Allow => w.role_allow_means,
            },
            ratio: if is_off { w.off.to_owned() } else { fill(w.of_look_ups, "percent", &percent) },
            is_off,
            contents: count.map_or(0, |one| one.contents),
            held_back: count.map_or(0, |one| one.held_back),
            distance: marks::distance(terms.distance, w),
            exchange: None,
            note: terms.note.clone(),
            created: marks::time_text(bank.created_at),
        }
    }

    /// The same with the exchange that feeds it.
    pub(super) fn fed_by(self, bank: &Bank, exchanges: &[ExchangeView]) -> Self {
        let feeds = exchanges.iter().find(|exchange| exchange.bank == bank.number.0);
        Self { exchange: feeds.map(|exchange| exchange.name.clone()), ..self }
    }

    pub(super) fn held_back_text(&self, w: &BankWords) -> String {
        counted(w.held_back, self.held_back)
    }
}

/// Banks that never were.
pub(super) fn sample_banks(f: &Frame) -> Vec<BankRow> {
    let bank = |number, name: &str, role, ratio, distance, note: Option<&str>| Bank {
        number: BankNumber(number),
        terms: BankTerms {
            role,
            enabled_ratio: Ratio::new(ratio).unwrap_or(Ratio::ON),
            distance,
            note: note.map(str::to_owned),
            ..BankTerms::named(name)
        },
        created_at: Timestamp::from_second(1_772_366_400).unwrap_or(Timestamp::UNIX_EPOCH),
    };
    let banks = [
        bank(
            1,
            "EXAMPLE_HOUSE",
            BankRole::Alert,
            1.0,
            None,
            Some("What our own reviewers confirmed <example>"),
        ),
        bank(2, "EXAMPLE_SENDER", BankRole::Alert, 0.25, Some(12), None),
        bank(
            3,
            "EXAMPLE_STOCK",
            BankRole::Allow,
            1.0,
            Some(0),
            Some("Pictures that are sold in frames"),
        ),
        bank(4, "EXAMPLE_OLD", BankRole::Alert, 0.0, None, None),
    ];
    let counts = |bank, contents, held_back| BankCounts {
        bank: BankNumber(bank),
        contents,
        active: contents - held_back,
        held_back,
    };
    let counts = [counts(1, 88_417, 2), counts(2, 1_204_331, 0), counts(3, 61, 0)];
    let mut rows: Vec<BankRow> = banks.iter().map(|bank| BankRow::new(bank, &counts, f)).collect();
    if let Some(second) = rows.get_mut(1) {
        second.exchange = Some("EXAMPLE_SENDER".to_owned());
    }
    rows
}
