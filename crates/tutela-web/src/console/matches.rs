//! The queue of matches: what waits for a person, newest first.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use tutela_app::service::{KINDS, MatchFilter, MatchState, Service, StoredMatch};
use tutela_core::{BankNumber, OperatorId};

use super::fault::Fault;
use super::frame::{Fields, Frame, Here, Visit, encoded, page};
use super::marks::{self, Mark, time_text};
use crate::Lang;
use crate::router::Web;
use crate::show::figures::counted;
use crate::show::filters;
use crate::words::{MatchWords, fill};

/// Matches on one page.
const PAGE_MATCHES: u32 = 50;
/// Bits of a PDQ signal.
const PDQ_BITS: &str = "256";

/// The queue.
#[derive(Template)]
#[template(path = "console/matches.html", whitespace = "minimize")]
pub(super) struct Queue {
    f: Frame,
    w: &'static MatchWords,
    rows: Vec<MatchRow>,
    /// Name and word of each state that can be asked for; an empty name for any.
    states: Vec<Choice>,
    banks: Vec<Choice>,
    kinds: Vec<Choice>,
    is_later_page: bool,
    first: String,
    next: Option<String>,
}

/// Something that can be chosen.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) word: String,
    pub(super) chosen: bool,
}

impl Choice {
    /// An operator to choose.
    pub(super) fn person(id: OperatorId, name: &str, chosen: bool) -> Self {
        Self { value: id.to_string(), word: name.to_owned(), chosen }
    }
}

/// One match in a line.
#[derive(Debug, Clone)]
pub(super) struct MatchRow {
    pub(super) id: String,
    pub(super) number: u64,
    pub(super) mark: Mark,
    pub(super) bank: Option<String>,
    pub(super) content: u64,
    pub(super) kind: String,
    pub(super) near: String,
    pub(super) first: String,
    pub(super) last: String,
    pub(super) times: u64,
}

/// `GET /console/matches`.
pub(super) async fn show(visit: Visit, State(web): State<Web>) -> Result<Response, Fault> {
    let (service, query) = (&web.service, &visit.query);
    let f = visit.frame(Here::Matches);
    let filter = filter(service, query);
    let before = query.get("before").parse().ok();
    let found = match &filter {
        Some(filter) => service.filtered_matches(filter, before, PAGE_MATCHES).await?,
        None => Vec::new(),
    };
    let full = found.len() == PAGE_MATCHES as usize;
    let last = found.last().filter(|_| full).map(|one| one.number);
    let next = last.map(|number| address(query, Some(number)));
    let mut queue = Queue::new(f, service_banks(service), query);
    let names = |number| name_of(service, number);
    queue.rows =
        found.iter().map(|one| MatchRow::new(one, names(one.seen.bank), queue.w)).collect();
    (queue.next, queue.is_later_page) = (next, before.is_some());
    page(&queue)
}

/// Which matches an address asks for; `None` where there can be none. Without a word, those that wait.
fn filter(service: &Service, query: &Fields) -> Option<MatchFilter> {
    let state = match query.get("state") {
        "any" => None,
        name => Some(
            MatchState::ALL
                .into_iter()
                .find(|one| one.as_str() == name)
                .unwrap_or(MatchState::Open),
        ),
    };
    let bank = match query.get("bank") {
        "" => None,
        name => Some(service.bank(name).ok()?.number),
    };
    Some(MatchFilter { state, bank, kind: query.text("kind") })
}

fn address(query: &Fields, before: Option<u64>) -> String {
    let kept = ["state", "bank", "kind"].map(|name| format!("{name}={}", encoded(query.get(name))));
    let before = before.map(|number| format!("&before={number}")).unwrap_or_default();
    format!("/console/matches?{}{before}", kept.join("&"))
}

fn service_banks(service: &Service) -> Vec<String> {
    service.banks().iter().map(|bank| bank.terms.name.clone()).collect()
}

/// The name of a bank, if it is still there.
pub(super) fn name_of(service: &Service, number: BankNumber) -> Option<String> {
    let banks = service.banks();
    banks.iter().find(|bank| bank.number == number).map(|bank| bank.terms.name.clone())
}

impl Queue {
    fn new(f: Frame, banks: Vec<String>, query: &Fields) -> Self {
        let w = f.lang.match_words();
        let choice = |name: &str, asked: &str, word: &str| Choice {
            value: name.to_owned(),
            word: word.to_owned(),
            chosen: name == asked,
        };
        let asked = query.get("state");
        let asked = if asked.is_empty() { MatchState::Open.as_str() } else { asked };
        let mut states: Vec<Choice> = MatchState::ALL
            .into_iter()
            .map(|state| choice(state.as_str(), asked, &marks::state(state, w).word))
            .collect();
        states.push(choice("any", asked, w.any));
        let any = || vec![w.any.to_owned()];
        let with_any = |names: Vec<String>, field: &str| -> Vec<Choice> {
            let words = any().into_iter().chain(names.iter().cloned());
            let values = std::iter::once(String::new()).chain(names.iter().cloned());
            values.zip(words).map(|(value, word)| choice(&value, query.get(field), &word)).collect()
        };
        let kinds = KINDS.iter().map(|kind| kind.id.to_owned()).collect();
        Self {
            states,
            banks: with_any(banks, "bank"),
            kinds: with_any(kinds, "kind"),
            rows: Vec::new(),
            first: address(query, None),
            is_later_page: false,
            next: None,
            w,
            f,
        }
    }

    pub(super) fn sample(lang: Lang) -> Self {
        let banks = vec!["EXAMPLE_HOUSE".to_owned(), "EXAMPLE_SENDER".to_owned()];
        let query = Fields::of(&[("state", "any"), ("bank", "EXAMPLE_SENDER")]);
        let mut queue = Self::new(Frame::sample(lang, Here::Matches), banks, &query);
        let w = queue.w;
        queue.rows = (1..=6_u64)
            .map(|number| {
                let one = super::samples::found(number);
                let bank = (number != 5).then(|| "EXAMPLE_SENDER".to_owned());
                MatchRow::new(&one, bank, w)
            })
            .collect();
        queue.next = Some("/console/matches?state=any&before=1".to_owned());
        queue
    }
}

impl MatchRow {
    pub(super) fn new(found: &StoredMatch, bank: Option<String>, w: &MatchWords) -> Self {
        let seen = &found.seen;
        Self {
            id: seen.id.to_string(),
            number: found.number,
            mark: marks::state(state_of(found), w),
            bank,
            content: seen.content.0,
            kind: seen.kind.clone(),
            near: near(&seen.kind, seen.distance, w),
            first: time_text(found.first_at),
            last: time_text(seen.at),
            times: seen.times,
        }
    }
}

pub(super) fn state_of(found: &StoredMatch) -> MatchState {
    found.decision.as_ref().map_or(MatchState::Open, |decision| decision.state)
}

/// How near a match is, in words.
pub(super) fn near(kind: &str, distance: Option<u16>, w: &MatchWords) -> String {
    match (distance, kind) {
        (Some(0), _) => fill(w.no_bits_differ, "all", PDQ_BITS),
        (Some(bits), _) => counted(&fill(w.bits_differ, "all", PDQ_BITS), u64::from(bits)),
        (None, "vpdq") => w.frames_near.to_owned(),
        (None, _) => w.same_value.to_owned(),
    }
}
