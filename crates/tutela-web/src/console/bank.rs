//! One signal bank: what it is, what is in it, adding to it, switching many on or off.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use tutela_app::service::{Content, ContentsPage, KindType, NewContent, Question, Service};
use tutela_core::{ContentNumber, ContentSignal, ContentTerms, Enabled, Timestamp};

use super::bank_form::{BankForm, labels};
use super::banks::{BankRow, sample_banks};
use super::content::{SignalRow, back, sample_content};
use super::fault::{Fault, Problem};
use super::frame::{Fields, Frame, Here, Posted, Visit, again, encoded, page};
use super::marks::{self, Mark, time_text};
use crate::Lang;
use crate::router::Web;
use crate::show::figures::counted;
use crate::show::filters;
use crate::words::{BankWords, fill};

/// Contents on one page.
const PAGE_CONTENTS: u32 = 50;
/// Signals are found in a bank by what is equal, which may be so many.
const MAX_FOUND: usize = 50;

/// One bank.
#[derive(Template)]
#[template(path = "console/bank.html", whitespace = "minimize")]
pub(super) struct BankPage {
    f: Frame,
    w: &'static BankWords,
    bank: BankRow,
    form: BankForm,
    problem: Option<Problem>,
    add: AddForm,
    add_problem: Option<Problem>,
    listing: Listing,
}

/// What is typed to add a signal.
#[derive(Debug, Clone, Default)]
pub(super) struct AddForm {
    kind: String,
    value: String,
    note: String,
    labels: String,
}

/// Which contents are listed.
#[derive(Debug, Clone, Default)]
pub(super) struct Listing {
    rows: Vec<ContentRow>,
    /// What was looked for.
    find: String,
    held_back_only: bool,
    is_later_page: bool,
    /// Where the next page is.
    next: Option<String>,
}

/// One content in words.
#[derive(Debug, Clone)]
pub(super) struct ContentRow {
    number: u64,
    signals: Vec<SignalRow>,
    mark: Mark,
    expires: Option<String>,
    note: Option<String>,
    labels: Vec<String>,
    added: String,
}

/// `GET /console/banks/{bank}`.
pub(super) async fn show(
    visit: Visit,
    State(web): State<Web>,
    Path(bank): Path<String>,
) -> Result<Response, Fault> {
    let mut f = visit.frame(Here::Banks);
    let w = f.lang.bank_words();
    let count = || visit.query.get("count").parse().unwrap_or(0);
    f.done = match visit.query.get("done") {
        "created" => Some(w.created.to_owned()),
        "saved" => Some(w.saved.to_owned()),
        "on" => Some(counted(w.switched_on, count())),
        "off" => Some(counted(w.switched_off, count())),
        _ => None,
    };
    page(&BankPage::load(f, &web.service, &bank, &visit.query).await?)
}

/// `POST /console/banks/{bank}`.
pub(super) async fn change(
    State(web): State<Web>,
    Path(bank): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    let Posted { visit, fields } = posted;
    let (f, form, by) = (visit.frame(Here::Banks), BankForm::sent(&fields), visit.person.operator);
    let before = web.service.bank(&bank)?.terms.clone();
    let problem = match form.terms(before, f.w) {
        Ok(terms) => match web.service.change_bank(by, &bank, &terms).await {
            Ok(changed) => return Ok(to_bank(&changed.terms.name, "saved")),
            Err(error) => Problem::from_error(error, f.w)?,
        },
        Err(problem) => problem,
    };
    let mut shown = BankPage::load(f, &web.service, &bank, &Fields::default()).await?;
    (shown.form, shown.problem) = (form, Some(problem));
    again(&shown)
}

/// `POST /console/banks/{bank}/contents`.
pub(super) async fn add(
    State(web): State<Web>,
    Path(bank): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    let Posted { visit, fields } = posted;
    let form = AddForm {
        kind: fields.get("kind").to_owned(),
        value: fields.get("value").to_owned(),
        note: fields.get("note").to_owned(),
        labels: fields.get("labels").to_owned(),
    };
    let new = NewContent {
        signals: vec![ContentSignal { kind: form.kind.clone(), value: form.value.clone() }],
        terms: ContentTerms {
            note: Some(form.note.clone()).filter(|note| !note.is_empty()),
            labels: labels(&form.labels),
            ..ContentTerms::default()
        },
    };
    let f = visit.frame(Here::Banks);
    let problem = match web.service.add_content(visit.person.operator, &bank, new).await {
        Ok(added) => return Ok(back(&bank, added.number, "added")),
        Err(error) => Problem::from_error(error, f.w)?,
    };
    let mut shown = BankPage::load(f, &web.service, &bank, &Fields::default()).await?;
    (shown.add, shown.add_problem) = (form, Some(problem));
    again(&shown)
}

/// `POST /console/banks/{bank}/switch`.
pub(super) async fn switch(
    State(web): State<Web>,
    Path(bank): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    let Posted { visit, fields } = posted;
    let numbers = fields.all("number").map(|number| number.parse().map(ContentNumber));
    let numbers: Vec<ContentNumber> = numbers
        .collect::<Result<_, _>>()
        .map_err(|_| Fault::Rejected(axum::http::StatusCode::BAD_REQUEST))?;
    if numbers.is_empty() {
        let f = visit.frame(Here::Banks);
        let mut shown = BankPage::load(f, &web.service, &bank, &Fields::default()).await?;
        shown.problem = Some(Problem::of(shown.f.w.nothing_chosen));
        return again(&shown);
    }
    let (to, said) = match fields.get("to") {
        "on" => (Enabled::On, "on"),
        _ => (Enabled::Off, "off"),
    };
    let by = visit.person.operator;
    let count = web.service.enable_contents(by, &bank, &numbers, to).await?;
    Ok(to_bank(&bank, &format!("{said}&count={count}")))
}

fn to_bank(bank: &str, done: &str) -> Response {
    Redirect::to(&format!("/console/banks/{bank}?done={done}")).into_response()
}

impl BankPage {
    async fn load(f: Frame, service: &Service, name: &str, query: &Fields) -> Result<Self, Fault> {
        let bank = service.bank(name)?;
        let listing = Listing::load(service, name, query, &f).await?;
        Ok(Self {
            w: f.lang.bank_words(),
            bank: BankRow::new(&bank, &service.bank_counts(), &f)
                .fed_by(&bank, &service.exchanges().await?),
            form: BankForm::of(&bank.terms),
            problem: None,
            add: AddForm::default(),
            add_problem: None,
            listing,
            f,
        })
    }

    fn first_page(&self) -> String {
        let only = if self.listing.held_back_only { "?shown=held_back" } else { "" };
        format!("/console/banks/{}{only}", self.bank.name)
    }

    fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        super::look_up::kinds()
    }

    pub(super) fn sample(lang: Lang) -> Self {
        let f = Frame { done: Some("Done.".to_owned()), ..Frame::sample(lang, Here::Banks) };
        let now = Timestamp::from_second(1_772_500_000).unwrap_or(Timestamp::UNIX_EPOCH);
        let w = lang.bank_words();
        let row = |number| {
            let mut content = sample_content(number);
            match number {
                2 => content.terms.enabled = Enabled::Off,
                3 => content.terms.expires_at = Some(now),
                _ => {}
            }
            if number < 4 {
                content.quarantined_at = None;
            }
            ContentRow::new(&content, now, w)
        };
        let form = tutela_core::BankTerms::named("EXAMPLE_HOUSE");
        let mut banks = sample_banks(&f);
        Self {
            w,
            bank: banks.swap_remove(0),
            form: BankForm::of(&form),
            problem: None,
            add: AddForm { kind: "md5".to_owned(), value: "xyz".to_owned(), ..AddForm::default() },
            add_problem: Some(Problem::of(f.w.bad_signal)),
            listing: Listing {
                rows: (1..=4).map(row).collect(),
                next: Some("/console/banks/EXAMPLE_HOUSE?after=4".to_owned()),
                ..Listing::default()
            },
            f,
        }
    }
}

impl Listing {
    async fn load(service: &Service, bank: &str, query: &Fields, f: &Frame) -> Result<Self, Fault> {
        let (now, w) = (Timestamp::now(), f.lang.bank_words());
        let find = query.get("find").to_owned();
        let after = query.get("after").parse().ok().map(ContentNumber);
        let held_back_only = query.get("shown") == "held_back";
        let page = if !find.is_empty() {
            ContentsPage { contents: found(service, bank, &find, now).await?, next: None }
        } else if held_back_only {
            service.held_back_of(bank, after, PAGE_CONTENTS).await?
        } else {
            service.contents_of(bank, after, PAGE_CONTENTS).await?
        };
        let only = if held_back_only { "&shown=held_back" } else { "" };
        let next =
            page.next.map(|next| format!("/console/banks/{}?after={next}{only}", encoded(bank)));
        Ok(Self {
            rows: page.contents.iter().map(|content| ContentRow::new(content, now, w)).collect(),
            find,
            held_back_only,
            is_later_page: after.is_some(),
            next,
        })
    }
}

/// Contents of a bank with this number, or with exactly this signal of whatever kind.
async fn found(
    service: &Service,
    bank: &str,
    find: &str,
    now: Timestamp,
) -> Result<Vec<Content>, Fault> {
    let mut numbers: Vec<ContentNumber> =
        find.parse().ok().map(ContentNumber).into_iter().collect();
    for kind in tutela_app::service::KINDS {
        let kind: &'static KindType = kind;
        let Ok(value) = kind.parse(find) else { continue };
        let question = Question {
            banks: Some(vec![bank.to_owned()]),
            distance: Some(0),
            all: true,
            ..Question::about(kind, value, now)
        };
        let answer = service.look_up(&question);
        let near = answer.matches.iter().chain(&answer.allowed).take(MAX_FOUND);
        numbers.extend(near.map(|matched| matched.content));
    }
    numbers.sort_unstable();
    numbers.dedup();
    let own = service.bank(bank)?.number;
    let mut contents = service.contents(&numbers).await?;
    contents.retain(|content| content.bank == own);
    Ok(contents)
}

impl ContentRow {
    fn new(content: &Content, now: Timestamp, w: &BankWords) -> Self {
        let expires = content.terms.expires_at.filter(|at| *at > now);
        Self {
            number: content.number.0,
            signals: content.signals.iter().map(|signal| SignalRow::new(signal, w)).collect(),
            mark: marks::standing(content, now, w),
            expires: expires.map(|at| fill(w.expires, "time", &time_text(at))),
            note: content.terms.note.clone(),
            labels: content.terms.labels.clone(),
            added: time_text(content.created_at),
        }
    }
}
