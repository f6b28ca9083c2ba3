//! Why something matched: both signals side by side, distance, bank, history; and what a person makes of it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use tutela_app::service::{Content, MatchFilter, MatchState, Service, StoredMatch};
use tutela_core::{FindingId, Timestamp};

use super::content::{frames, indented, sample_content};
use super::drawings::{self, Pair};
use super::fault::{Fault, Problem};
use super::frame::{Frame, Here, Posted, Visit, again, page};
use super::marks::{self, Mark, time_text};
use super::matches::{MatchRow, name_of, state_of};
use crate::Lang;
use crate::router::Web;
use crate::show::figures::counted;
use crate::show::filters;
use crate::words::{BankWords, MatchWords, fill};

/// One match.
#[derive(Template)]
#[template(path = "console/why.html", whitespace = "minimize")]
pub(super) struct Why {
    f: Frame,
    w: &'static MatchWords,
    b: &'static BankWords,
    row: MatchRow,
    why: Reasons,
    rule: String,
    parameters: String,
    content: Option<ContentFacts>,
    decision: Option<Decision>,
    reason: String,
    problem: Option<Problem>,
    /// The next match that waits.
    next: Option<String>,
}

/// What makes the one value near the other.
#[derive(Debug, Clone)]
pub(super) struct Reasons {
    pub(super) near: String,
    pub(super) pair: Option<Pair>,
    pub(super) gauge: Option<String>,
    pub(super) near_up_to: Option<String>,
    pub(super) orientation: Option<&'static str>,
    pub(super) asked: Value,
    pub(super) stored: Value,
}

/// A value as text.
#[derive(Debug, Clone)]
pub(super) struct Value {
    pub(super) text: String,
    /// Frames, where it is of a film.
    pub(super) frames: u64,
}

/// What is known of the content that was near.
struct ContentFacts {
    mark: Mark,
    note: Option<String>,
    labels: Vec<String>,
    key: Option<String>,
    record: Option<String>,
    /// It has another signal by now.
    has_changed: bool,
}

/// A person's word.
struct Decision {
    mark: Mark,
    by_at: String,
    reason: Option<String>,
}

/// `GET /console/matches/{id}`.
pub(super) async fn show(
    visit: Visit,
    State(web): State<Web>,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let mut f = visit.frame(Here::Matches);
    let w = f.lang.match_words();
    f.done = match visit.query.get("done") {
        "confirmed" => Some(w.was_confirmed.to_owned()),
        "disputed" => Some(w.was_disputed.to_owned()),
        _ => None,
    };
    page(&Why::load(f, &web.service, finding(&id)?).await?)
}

/// `POST /console/matches/{id}`.
pub(super) async fn decide(
    State(web): State<Web>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    let Posted { visit, fields } = posted;
    let id = finding(&id)?;
    let state = match fields.get("state") {
        "confirmed" => MatchState::Confirmed,
        "disputed" => MatchState::Disputed,
        _ => return Err(Fault::Rejected(axum::http::StatusCode::BAD_REQUEST)),
    };
    let f = visit.frame(Here::Matches);
    let reason = fields.text("reason");
    let by = visit.person.operator;
    let problem = match web.service.decide_match(by, id, state, reason).await {
        Ok(_) => {
            let to = format!("/console/matches/{id}?done={}", state.as_str());
            return Ok(Redirect::to(&to).into_response());
        }
        Err(error) => Problem::from_error(error, f.w)?,
    };
    let mut shown = Why::load(f, &web.service, id).await?;
    (shown.reason, shown.problem) = (fields.get("reason").to_owned(), Some(problem));
    again(&shown)
}

fn finding(id: &str) -> Result<FindingId, Fault> {
    id.parse().map_err(|_| Fault::NotFound)
}

impl Why {
    async fn load(f: Frame, service: &Service, id: FindingId) -> Result<Self, Fault> {
        let found = service.match_finding(id).await?;
        let content = service.contents(&[found.seen.content]).await?.pop();
        let open = MatchFilter { state: Some(MatchState::Open), ..MatchFilter::default() };
        let next = service.filtered_matches(&open, Some(found.number), 1).await?;
        let next = next.first().map(|one| one.seen.id.to_string());
        let who = match &found.decision {
            Some(decision) => service.operator_name(decision.operator).await?,
            None => None,
        };
        let bank = name_of(service, found.seen.bank);
        Ok(Self::new(f, &found, bank, content.as_ref(), who, next))
    }

    fn new(
        f: Frame,
        found: &StoredMatch,
        bank: Option<String>,
        content: Option<&Content>,
        who: Option<String>,
        next: Option<String>,
    ) -> Self {
        let (w, b, seen) = (f.lang.match_words(), f.lang.bank_words(), &found.seen);
        let row = MatchRow::new(found, bank, w);
        let parameters: serde_json::Value =
            serde_json::from_str(&seen.parameters_json).unwrap_or_default();
        let radius = parameters.get("distance").and_then(serde_json::Value::as_u64);
        let radius = radius.and_then(|bits| u16::try_from(bits).ok());
        let orientation = match seen.orientation {
            Some(turned) => marks::orientation(turned, f.lang.words(), w),
            None => w.orientation_unknown,
        };
        let why = Reasons::new(
            (&seen.query, &seen.value),
            row.near.clone(),
            seen.distance.zip(radius),
            w,
        )
        .turned(seen.distance.map(|_| orientation));
        let rule = fill(w.rule_version, "rule", &seen.rule);
        Self {
            why,
            rule: fill(&rule, "version", &seen.rule_version.to_string()),
            parameters: seen.parameters_json.clone(),
            content: content.map(|content| ContentFacts::new(content, found, b)),
            decision: found.decision.as_ref().map(|decision| {
                let said =
                    fill(w.by_at, "who", &who.unwrap_or_else(|| decision.operator.to_string()));
                Decision {
                    mark: marks::state(decision.state, w),
                    by_at: fill(&said, "when", &time_text(decision.at)),
                    reason: decision.reason.clone(),
                }
            }),
            reason: String::new(),
            problem: None,
            next,
            row,
            w,
            b,
            f,
        }
    }

    fn is_open(&self) -> bool {
        self.decision.is_none()
    }

    pub(super) fn sample(lang: Lang, number: u64) -> Self {
        let found = super::samples::found(number);
        let content = sample_content(number);
        let content = (state_of(&found) != MatchState::Disputed).then_some(&content);
        let bank = content.map(|_| "EXAMPLE_SENDER".to_owned());
        let who = Some("A. Example".to_owned());
        let f = Frame::sample(lang, Here::Matches);
        let problem = Some(Problem::of(f.w.no_reason));
        Self { problem, ..Self::new(f, &found, bank, content, who, Some("01960000".to_owned())) }
    }
}

impl Reasons {
    /// Why these two values, asked about and stored, are near; with distance and radius, where the kind has them.
    pub(super) fn new(
        (asked, stored): (&str, &str),
        near: String,
        distance: Option<(u16, u16)>,
        w: &MatchWords,
    ) -> Self {
        let value = |text: &str| Value { text: text.to_owned(), frames: frames(text).len() as u64 };
        Self {
            near,
            pair: drawings::pair(asked, stored, w),
            gauge: distance.map(|(bits, radius)| drawings::gauge(bits, radius, w)),
            near_up_to: distance.map(|(_, radius)| counted(w.near_up_to, u64::from(radius))),
            orientation: None,
            asked: value(asked),
            stored: value(stored),
        }
    }

    /// The same with how the picture was turned.
    pub(super) fn turned(self, orientation: Option<&'static str>) -> Self {
        Self { orientation, ..self }
    }
}

impl ContentFacts {
    fn new(content: &Content, found: &StoredMatch, b: &BankWords) -> Self {
        let same = |signal: &&tutela_core::ContentSignal| signal.kind == found.seen.kind;
        let now = content.signals.iter().find(same).map(|signal| &signal.value);
        Self {
            mark: marks::standing(content, Timestamp::now(), b),
            note: content.terms.note.clone(),
            labels: content.terms.labels.clone(),
            key: content.terms.exchange_key.clone(),
            record: content.terms.record_json.as_deref().map(indented),
            has_changed: now != Some(&found.seen.value),
        }
    }
}
