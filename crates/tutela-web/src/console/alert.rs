//! One alert: why it is here, the transfers that carry it, its network, and what people do with it.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use tutela_app::cases::alerts::{Desk, reasons};
use tutela_app::service::{OperatorNames, StoredAlert};
use tutela_app::views::{
    AlertFullView, AlertNamesView, AlertPartyView, AlertTransferView, NetworkChartView,
};
use tutela_core::{AlertOutcome, AlertProposal, FindingId, OperatorId};

use super::alerts::side;
use super::fault::{Fault, Problem};
use super::frame::{Frame, Here, Posted, Visit, again, page};
use super::marks::{self, Mark, time_text};
use super::matches::Choice;
use super::score_bars::{points, signed, staircase};
use crate::Lang;
use crate::networks::{linked_chart, timeline};
use crate::router::Web;
use crate::show::figures::moment;
use crate::show::filters;
use crate::words::{AlertWords, fill};

/// One alert.
#[derive(Template)]
#[template(path = "console/alert.html", whitespace = "minimize")]
pub(super) struct AlertPage {
    f: Frame,
    w: &'static AlertWords,
    id: String,
    number: u64,
    network: u64,
    side: &'static str,
    account: String,
    mark: Mark,
    score: String,
    parts: Vec<PartRow>,
    sum: String,
    chart: Option<Drawings>,
    tied: Vec<String>,
    via: String,
    transfers: Vec<TransferRow>,
    people: Vec<Choice>,
    assigned: Option<String>,
    standing: Step,
    proposal: Option<String>,
    approved: Option<String>,
    reasons: Vec<Choice>,
    parties: Vec<PartyRow>,
    shown_for: Option<String>,
    history: Vec<EntryRow>,
    screening: u64,
    typed: String,
    problem: Option<Problem>,
}

/// What this person can do towards closing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Propose,
    Wait,
    Approve,
    Closed,
}

/// A part of the score.
struct PartRow {
    name: String,
    adds: String,
    bar: String,
    why: String,
    transfers: u64,
}

struct TransferRow {
    time: String,
    amount: String,
    payer: String,
    payee: String,
    id: String,
}

/// What records say of somebody.
struct PartyRow {
    account: String,
    said: Vec<(&'static str, String)>,
}

struct EntryRow {
    act: String,
    by: String,
    at: String,
    seq: u64,
    words: Option<String>,
}

/// A network, drawn.
pub(super) struct Drawings {
    pub(super) chart: String,
    pub(super) timeline: String,
}

impl Drawings {
    /// The chart that is stored beside an alert; accounts of `others` lead to their alerts.
    pub(super) fn of(alert: &StoredAlert, others: &[StoredAlert], lang: Lang) -> Option<Self> {
        let view: NetworkChartView = serde_json::from_str(alert.chart_json.as_deref()?).ok()?;
        let link = |account: &str, side: &str| {
            let known = |one: &&StoredAlert| one.account == account && one.side.as_str() == side;
            others.iter().find(known).map(|one| format!("/console/alerts/{}", one.id))
        };
        Some(Self { chart: linked_chart(&view, lang, &link), timeline: timeline(&view, lang) })
    }
}

/// `GET /console/alerts/{id}`.
pub(super) async fn show(
    visit: Visit,
    State(web): State<Web>,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let mut f = visit.frame(Here::Alerts);
    let w = f.lang.alert_words();
    f.done = match visit.query.get("done") {
        "assign" => Some(w.was_assigned.to_owned()),
        "note" => Some(w.was_noted.to_owned()),
        "propose" => Some(w.was_proposed.to_owned()),
        "approve" => Some(w.was_approved.to_owned()),
        "return" => Some(w.was_returned.to_owned()),
        _ => None,
    };
    let desk = web.service.desk(visit.person.operator);
    page(&AlertPage::load(f, &desk, known(&id)?, visit.person.operator).await?)
}

/// `POST /console/alerts/{id}`.
pub(super) async fn act(
    State(web): State<Web>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    let Posted { visit, fields } = posted;
    let (id, by) = (known(&id)?, visit.person.operator);
    let desk = web.service.desk(by);
    let act = fields.get("act");
    let text = fields.get("text");
    let done = match act {
        "assign" => match fields.get("to").parse() {
            Ok(to) => desk.assign(id, to).await,
            Err(_) => return Err(Fault::Rejected(StatusCode::BAD_REQUEST)),
        },
        "note" => desk.note(id, fields.get("note")).await,
        "confirm" => desk.propose(id, AlertOutcome::Confirmed, None, Some(text)).await,
        "dismiss" => {
            let reason = fields.text("reason");
            desk.propose(id, AlertOutcome::Dismissed, reason.as_deref(), Some(text)).await
        }
        "approve" => desk.approve(id).await,
        "return" => desk.send_back(id, text).await,
        _ => return Err(Fault::Rejected(StatusCode::BAD_REQUEST)),
    };
    let f = visit.frame(Here::Alerts);
    let problem = match done {
        Ok(_) => {
            let done = if matches!(act, "confirm" | "dismiss") { "propose" } else { act };
            let to = format!("/console/alerts/{id}?done={done}");
            return Ok(Redirect::to(&to).into_response());
        }
        Err(error) => Problem::from_desk(error, f.w)?,
    };
    let mut shown = AlertPage::load(f, &desk, id, by).await?;
    (shown.typed, shown.problem) = (text.to_owned(), Some(problem));
    again(&shown)
}

/// `POST /console/alerts/{id}/names`: what records say of people, for a purpose. Nothing is kept of the answer.
pub(super) async fn names(
    State(web): State<Web>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    let Posted { visit, fields } = posted;
    let (id, by) = (known(&id)?, visit.person.operator);
    let desk = web.service.desk(by);
    let f = visit.frame(Here::Alerts);
    let words = f.w;
    let found = desk.names(id, fields.get("purpose")).await;
    let mut shown = AlertPage::load(f, &desk, id, by).await?;
    match found {
        Ok(names) => {
            shown.show_names(&names, fields.get("purpose"));
            page(&shown)
        }
        Err(error) => {
            shown.problem = Some(Problem::from_desk(error, words)?);
            again(&shown)
        }
    }
}

fn known(id: &str) -> Result<FindingId, Fault> {
    id.parse().map_err(|_| Fault::NotFound)
}

impl AlertPage {
    async fn load(f: Frame, desk: &Desk<'_>, id: FindingId, by: OperatorId) -> Result<Self, Fault> {
        let (stored, full) = desk.both(id).await?;
        let others = desk.network_of(&stored).await?;
        let names = desk.names_of_operators().await?;
        Ok(Self::new(f, &stored, &full, (&others, &names), by))
    }

    fn new(
        f: Frame,
        stored: &StoredAlert,
        full: &AlertFullView,
        (others, names): (&[StoredAlert], &OperatorNames),
        by: OperatorId,
    ) -> Self {
        let (w, lang) = (f.lang.alert_words(), f.lang);
        let standing = &stored.standing;
        let (bars, sum) = staircase(&full.parts, w);
        let step = match &standing.proposal {
            _ if standing.state.is_closed() => Step::Closed,
            None => Step::Propose,
            Some(proposal) if proposal.by == by => Step::Wait,
            Some(_) => Step::Approve,
        };
        let parts = full.parts.iter().zip(bars).map(|(part, bar)| PartRow {
            name: w.part(&part.id).to_owned(),
            adds: signed(part.weight),
            bar,
            why: part.why.clone(),
            transfers: part.transfer_count,
        });
        Self {
            id: stored.id.to_string(),
            number: stored.number,
            network: stored.network,
            side: side(stored.side, w),
            account: stored.account.clone(),
            mark: marks::alert(standing, w),
            score: points(full.alert.score),
            parts: parts.collect(),
            sum,
            chart: Drawings::of(stored, others, lang),
            tied: full.tied.clone(),
            via: full.via.clone(),
            transfers: full.transfers.iter().map(TransferRow::of).collect(),
            people: people(names, standing.assigned_to.unwrap_or(by)),
            assigned: standing.assigned_to.map(|id| names.name(id)),
            standing: step,
            proposal: standing.proposal.as_ref().map(|one| proposed(one, names, lang)),
            approved: standing.approved.map(|(by, at)| {
                let said = fill(w.closed_by, "who", &names.name(by));
                fill(&said, "when", &time_text(at))
            }),
            reasons: reason_choices(lang, w),
            parties: parties(&stored.account, &full.masked, w),
            shown_for: None,
            history: history(full, names, w),
            screening: stored.screening,
            typed: String::new(),
            problem: None,
            w,
            f,
        }
    }

    fn show_names(&mut self, names: &AlertNamesView, purpose: &str) {
        let w = self.w;
        let own = names.accounts.get(&self.account).map_or(&[][..], Vec::as_slice);
        self.parties = parties(&self.account, own, w);
        for (account, said) in names.accounts.iter().filter(|(one, _)| **one != self.account) {
            self.parties.extend(parties(account, said, w));
        }
        self.shown_for = Some(fill(w.names_shown, "purpose", purpose));
    }

    fn is(&self, step: &str) -> bool {
        step == match self.standing {
            Step::Propose => "propose",
            Step::Wait => "wait",
            Step::Approve => "approve",
            Step::Closed => "closed",
        }
    }

    pub(super) fn sample(lang: Lang, number: u64) -> Self {
        let stored = super::alert_samples::alert(number);
        let full = super::alert_samples::full(&stored);
        let names = super::alert_samples::names();
        let others: Vec<StoredAlert> = (1..=3).map(super::alert_samples::alert).collect();
        let f = Frame::sample(lang, Here::Alerts);
        let by = super::alert_samples::person(1);
        let mut page = Self::new(f, &stored, &full, (&others, &names), by);
        if number == 2 {
            page.show_names(&super::alert_samples::shown(&stored), "a <sample> purpose");
            page.problem = Some(Problem::of(page.f.w.no_reason));
        }
        page
    }
}

fn people(names: &OperatorNames, chosen: OperatorId) -> Vec<Choice> {
    names.iter().map(|(id, name)| Choice::person(id, name, id == chosen)).collect()
}

fn reason_choices(lang: Lang, w: &AlertWords) -> Vec<Choice> {
    let none = Choice { value: String::new(), word: w.reason_none.to_owned(), chosen: true };
    let one = |reason: &tutela_app::views::AlertReasonView| Choice {
        value: reason.id.to_owned(),
        word: reason_word(reason.id, lang),
        chosen: false,
    };
    std::iter::once(none).chain(reasons::all().iter().map(one)).collect()
}

fn reason_word(id: &str, lang: Lang) -> String {
    let word = |reason: &tutela_app::views::AlertReasonView| match lang {
        Lang::En => reason.en,
        Lang::It => reason.it,
    };
    reasons::known(id).map_or(id, word).to_owned()
}

fn proposed(proposal: &AlertProposal, names: &OperatorNames, lang: Lang) -> String {
    let w = lang.alert_words();
    let outcome = marks::alert_state(proposal.outcome.state(), w);
    let outcome = match &proposal.reason {
        Some(reason) => format!("{outcome} ({})", reason_word(reason, lang)),
        None => outcome.to_owned(),
    };
    let said = fill(w.proposal, "outcome", &outcome);
    let said = fill(&said, "who", &names.name(proposal.by));
    fill(&said, "when", &time_text(proposal.at))
}

impl TransferRow {
    fn of(transfer: &AlertTransferView) -> Self {
        Self {
            time: moment(&transfer.time),
            amount: format!("{} {}", transfer.amount(), transfer.currency),
            payer: transfer.payer.clone(),
            payee: transfer.payee.clone(),
            id: transfer.id.clone(),
        }
    }
}

fn parties(account: &str, said: &[AlertPartyView], w: &AlertWords) -> Vec<PartyRow> {
    let one = |party: &AlertPartyView| {
        let fields = [
            (w.name, &party.name),
            (w.country, &party.country),
            (w.region, &party.region),
            (w.phone, &party.phone),
            (w.email, &party.email),
        ];
        let said = fields.into_iter().filter_map(|(name, text)| Some((name, text.clone()?)));
        PartyRow { account: account.to_owned(), said: said.collect() }
    };
    said.iter().map(one).collect()
}

fn history(full: &AlertFullView, names: &OperatorNames, w: &AlertWords) -> Vec<EntryRow> {
    let one = |entry: &tutela_app::views::AlertEntryView| EntryRow {
        act: w.act(&entry.act).to_owned(),
        by: entry.by.parse().map_or_else(|_| entry.by.clone(), |id| names.name(id)),
        at: moment(&entry.at),
        seq: entry.seq,
        words: entry.words.clone(),
    };
    full.history.iter().map(one).collect()
}
