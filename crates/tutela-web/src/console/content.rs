//! One content of a bank: its signals, whether it takes part, what the sender said.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use tutela_app::service::Content;
use tutela_core::{BankNumber, ContentNumber, ContentSignal, ContentTerms, Timestamp};

use super::bank_form::ContentForm;
use super::drawings;
use super::fault::{Fault, Problem};
use super::frame::{Frame, Here, Posted, Visit, again, page};
use super::marks::{self, Mark, time_text};
use crate::Lang;
use crate::router::Web;
use crate::show::figures::counted;
use crate::show::filters;
use crate::words::{BankWords, fill};

/// Characters of a value that a table shows.
const SHORT_CHARS: usize = 24;

/// One content.
#[derive(Template)]
#[template(path = "console/content.html", whitespace = "minimize")]
pub(super) struct ContentPage {
    f: Frame,
    w: &'static BankWords,
    bank: String,
    number: u64,
    mark: Mark,
    added: String,
    signals: Vec<SignalRow>,
    form: ContentForm,
    held_since: Option<String>,
    key: Option<String>,
    record: Option<String>,
    metadata: Option<String>,
    has_locator: bool,
    problem: Option<Problem>,
}

/// One signal of a content.
#[derive(Debug, Clone)]
pub(super) struct SignalRow {
    pub(super) kind: String,
    pub(super) value: String,
    pub(super) short: String,
    pub(super) svg: Option<String>,
}

impl SignalRow {
    pub(super) fn new(signal: &ContentSignal, w: &BankWords) -> Self {
        let frames = frames(&signal.value);
        let short = match frames.first() {
            Some(first) if frames.len() > 1 => {
                let more = counted(w.more_values, frames.len() as u64 - 1);
                format!("{} {more}", cut(first))
            }
            Some(first) => cut(first),
            None => cut(&signal.value),
        };
        let described = w.grid_desc;
        let svg = drawings::single(&signal.value, &signal.kind, described);
        Self { kind: signal.kind.clone(), value: signal.value.clone(), short, svg }
    }
}

/// The frames of the signal of a film; none for other signals.
pub(super) fn frames(value: &str) -> Vec<String> {
    serde_json::from_str::<Vec<String>>(value).unwrap_or_default()
}

fn cut(value: &str) -> String {
    crate::show::hostile::middle_cut(value, SHORT_CHARS)
}

/// `GET /console/banks/{bank}/contents/{number}`.
pub(super) async fn show(
    visit: Visit,
    State(web): State<Web>,
    Path((bank, number)): Path<(String, u64)>,
) -> Result<Response, Fault> {
    let content = web.service.content(&bank, ContentNumber(number)).await?;
    let mut f = visit.frame(Here::Banks);
    let w = f.lang.bank_words();
    f.done = match visit.query.get("done") {
        "saved" => Some(w.saved.to_owned()),
        "released" => Some(w.released.to_owned()),
        "added" => Some(fill(w.added, "n", &number.to_string())),
        _ => None,
    };
    let form = ContentForm::of(&content.terms);
    page(&ContentPage::new(f, bank, &content, form, None))
}

/// `POST /console/banks/{bank}/contents/{number}`.
pub(super) async fn change(
    State(web): State<Web>,
    Path((bank, number)): Path<(String, u64)>,
    posted: Posted,
) -> Result<Response, Fault> {
    let Posted { visit, fields } = posted;
    let (f, form, by) =
        (visit.frame(Here::Banks), ContentForm::sent(&fields), visit.person.operator);
    let number = ContentNumber(number);
    let problem = match form.change(f.w) {
        Ok(change) => {
            let done = web.service.change_content(by, &bank, number, |terms| change.apply(terms));
            match done.await {
                Ok(_) => return Ok(back(&bank, number, "saved")),
                Err(error) => Problem::from_error(error, f.w)?,
            }
        }
        Err(problem) => problem,
    };
    let content = web.service.content(&bank, number).await?;
    again(&ContentPage::new(f, bank, &content, form, Some(problem)))
}

/// `POST /console/banks/{bank}/contents/{number}/release`.
pub(super) async fn release(
    State(web): State<Web>,
    Path((bank, number)): Path<(String, u64)>,
    posted: Posted,
) -> Result<Response, Fault> {
    let number = ContentNumber(number);
    let by = posted.visit.person.operator;
    web.service.quarantine_content(by, &bank, number, None).await?;
    Ok(back(&bank, number, "released"))
}

pub(super) fn back(bank: &str, number: ContentNumber, done: &str) -> Response {
    Redirect::to(&format!("/console/banks/{bank}/contents/{number}?done={done}")).into_response()
}

impl ContentPage {
    fn new(
        f: Frame,
        bank: String,
        content: &Content,
        form: ContentForm,
        problem: Option<Problem>,
    ) -> Self {
        let (w, terms) = (f.lang.bank_words(), &content.terms);
        Self {
            bank,
            number: content.number.0,
            mark: marks::standing(content, Timestamp::now(), w),
            added: time_text(content.created_at),
            signals: content.signals.iter().map(|signal| SignalRow::new(signal, w)).collect(),
            form,
            held_since: content.quarantined_at.map(time_text),
            key: terms.exchange_key.clone(),
            record: terms.record_json.as_deref().map(indented),
            metadata: terms.metadata_json.as_deref().map(indented),
            has_locator: terms.uri.is_some(),
            problem,
            w,
            f,
        }
    }

    pub(super) fn sample(lang: Lang) -> Self {
        let content = sample_content(11);
        let form = ContentForm::of(&content.terms);
        Self::new(
            Frame::sample(lang, Here::Banks),
            "EXAMPLE_SENDER".to_owned(),
            &content,
            form,
            None,
        )
    }
}

/// JSON as people read it; other text as it stands.
pub(super) fn indented(json: &str) -> String {
    let value = serde_json::from_str::<serde_json::Value>(json);
    let text = value.and_then(|value| serde_json::to_string_pretty(&value));
    text.unwrap_or_else(|_| json.to_owned())
}

/// A content that never was.
pub(super) fn sample_content(number: u64) -> Content {
    let at = |second| Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH);
    let signal = |kind: &str, value: String| ContentSignal { kind: kind.to_owned(), value };
    Content {
        number: ContentNumber(number),
        bank: BankNumber(2),
        terms: ContentTerms {
            expires_at: Some(at(1_803_902_400)),
            uri: Some("https://example.org/example".to_owned()),
            note: Some("An example".to_owned()),
            labels: vec!["example".to_owned(), "generated".to_owned()],
            exchange_key: Some("example-key-17".to_owned()),
            record_json: Some("{\"reportedBy\":\"Example\",\"tags\":[\"a\",\"b\"]}".to_owned()),
            ..ContentTerms::default()
        },
        signals: vec![
            signal("md5", format!("{number:032x}")),
            signal("pdq", super::samples::signal(number)),
            signal("vpdq", "[\"0f0f,100,0.000\",\"0f0f,100,1.000\"]".to_owned()),
        ],
        quarantined_at: Some(at(1_772_400_000)),
        created_at: at(1_772_366_400),
        signals_change: 1,
    }
}
