//! A look-up by a person: a signal or a file, against all banks, with why.

use std::sync::Arc;

use askama::Template;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use tokio::sync::OwnedSemaphorePermit;
use tutela_app::AppError;
use tutela_app::service::{
    Answer, KINDS, KindType, Made, Matched, Nearness, Question, Service, Wanted,
};
use tutela_core::{ContentNumber, Orientation, PdqVariant, Timestamp};

use super::fault::{Fault, Problem};
use super::frame::{Frame, Here, Posted, Visit, again, from_here, page};
use super::marks;
use super::matches::near;
use super::why::Reasons;
use crate::Lang;
use crate::hma::PIECE_BYTES;
use crate::router::Web;
use crate::show::filters;
use crate::words::{self, BankWords, MatchWords, fill};

/// Answers that are shown with why.
const MAX_ANSWERS: usize = 30;
/// Below this a PDQ signal says little. Source: PDQ reference, "Quality".
const MIN_QUALITY: u8 = 50;

/// The forms and the answer.
#[derive(Template)]
#[template(path = "console/look_up.html", whitespace = "minimize")]
pub(super) struct LookUp {
    f: Frame,
    w: &'static MatchWords,
    b: &'static BankWords,
    kind: String,
    value: String,
    all: bool,
    problem: Option<Problem>,
    file_problem: Option<Problem>,
    made: Option<MadeFacts>,
    found: Option<Found>,
}

/// What was made of a file.
struct MadeFacts {
    mime: String,
    signals: Vec<(&'static str, String)>,
    quality: Option<u8>,
    is_flat: bool,
    failure: Option<(String, bool)>,
}

/// What is near.
#[derive(Default)]
struct Found {
    answers: Vec<AnswerRow>,
    count: u64,
    left_out: u64,
    is_silenced: bool,
}

/// One content that is near.
struct AnswerRow {
    bank: String,
    role: marks::Mark,
    content: u64,
    kind: &'static str,
    near: String,
    why: Option<Reasons>,
}

/// `GET /console/look-up`.
pub(super) async fn show(visit: Visit) -> Result<Response, Fault> {
    page(&LookUp::empty(visit.frame(Here::LookUp)))
}

/// `POST /console/look-up`.
pub(super) async fn signal(State(web): State<Web>, posted: Posted) -> Result<Response, Fault> {
    let Posted { visit, fields } = posted;
    let mut shown = LookUp::empty(visit.frame(Here::LookUp));
    shown.kind = fields.get("kind").to_owned();
    shown.value = fields.get("value").to_owned();
    shown.all = fields.get("all") == "on";
    let words = shown.f.w;
    let Some(kind) = KindType::by_id(&shown.kind) else {
        shown.problem = Some(Problem::of(words.no_kind));
        return again(&shown);
    };
    let Ok(value) = kind.parse(&shown.value) else {
        shown.problem = Some(Problem::of(words.bad_signal));
        return again(&shown);
    };
    let question = Question { all: shown.all, ..Question::about(kind, value, Timestamp::now()) };
    shown.found = Some(Found::of(&web, vec![question], shown.f.lang).await?);
    page(&shown)
}

/// `POST /console/look-up/file`.
pub(super) async fn file(
    visit: Visit,
    State(web): State<Web>,
    request: Request,
) -> Result<Response, Fault> {
    if !from_here(request.headers()) {
        return Err(Fault::Denied);
    }
    let _held = room(&web, request.headers())?;
    let mut shown = LookUp::empty(visit.frame(Here::LookUp));
    let Some((bytes, all)) = upload(&visit, request).await? else {
        shown.file_problem = Some(Problem::of(shown.f.w.no_file));
        return again(&shown);
    };
    shown.all = all;
    let wanted =
        Wanted { pdq: &[PdqVariant::Full, PdqVariant::Reference], vpdq: true, digests: true };
    let made = match web.service.hash(bytes, wanted).await {
        Ok(made) => made,
        Err(error @ AppError::Busy { .. }) => {
            shown.file_problem = Some(Problem::from_error(error, shown.f.w)?);
            return again(&shown);
        }
        Err(error) => return Err(error.into()),
    };
    let questions = questions(&made, all, Timestamp::now());
    shown.found = Some(Found::of(&web, questions, shown.f.lang).await?);
    shown.made = Some(MadeFacts::of(made, shown.f.lang));
    page(&shown)
}

/// A part of the memory for uploads, as large as the request says it is: no more of it can be read.
fn room(web: &Web, headers: &HeaderMap) -> Result<OwnedSemaphorePermit, Fault> {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    let length: usize = length
        .and_then(|length| length.parse().ok())
        .ok_or(Fault::Rejected(StatusCode::LENGTH_REQUIRED))?;
    if length > web.service.settings().serve.max_body_bytes() {
        return Err(Fault::Rejected(StatusCode::PAYLOAD_TOO_LARGE));
    }
    let pieces = u32::try_from(length.div_ceil(PIECE_BYTES)).unwrap_or(u32::MAX);
    let room = Arc::clone(&web.uploads).try_acquire_many_owned(pieces);
    room.map_err(|_| AppError::Busy { what: "uploads that wait to be hashed" }.into())
}

/// The file of a form in parts, and whether everything is to answer; `None` where no file was chosen.
async fn upload(visit: &Visit, request: Request) -> Result<Option<(Vec<u8>, bool)>, Fault> {
    let rejected = |status| Fault::Rejected(status);
    let parts = Multipart::from_request(request, &()).await;
    let mut parts = parts.map_err(|error| rejected(error.status()))?;
    let (mut owned, mut all, mut bytes) = (false, false, Vec::new());
    while let Some(part) = parts.next_field().await.map_err(|error| rejected(error.status()))? {
        let name = part.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "form" => {
                let text = part.text().await.map_err(|error| rejected(error.status()))?;
                owned = visit.owns(&text);
            }
            "all" => all = true,
            // Nothing is taken in before it is known that the form is ours: its token comes first.
            "file" if owned => {
                let read = part.bytes().await.map_err(|error| rejected(error.status()))?;
                bytes = read.to_vec();
            }
            "file" => return Err(Fault::Denied),
            _ => {}
        }
    }
    if !owned {
        return Err(Fault::Denied);
    }
    Ok((!bytes.is_empty()).then_some((bytes, all)))
}

/// A question for each kind of signal that a file has.
fn questions(made: &Made, all: bool, now: Timestamp) -> Vec<Question> {
    let mut questions = Vec::new();
    for kind in KINDS {
        let values: Vec<(Orientation, String)> = match kind.id {
            "pdq" => made
                .pdq
                .iter()
                .flat_map(|made| Orientation::ALL.into_iter().zip(made.values))
                .map(|(turned, value)| (turned, value.to_string()))
                .collect(),
            other => signal_of(made, other)
                .map(|value| (Orientation::Original, value))
                .into_iter()
                .collect(),
        };
        let Some((_, first)) = values.first() else { continue };
        questions.push(Question {
            all,
            values: values.clone(),
            ..Question::about(kind, first.clone(), now)
        });
    }
    questions
}

/// The one value of a kind that a file has.
fn signal_of(made: &Made, kind: &str) -> Option<String> {
    match kind {
        "pdq" => Some(made.pdq.first()?.values.first()?.to_string()),
        "vpdq" => made.vpdq.clone(),
        "md5" | "video_md5" => Some(made.digests?.md5.to_string()),
        "sha1" => Some(made.digests?.sha1.to_string()),
        "sha256" => Some(made.digests?.sha256.to_string()),
        _ => None,
    }
}

/// Id and title of each kind.
pub(super) fn kinds() -> Vec<(&'static str, &'static str)> {
    KINDS.iter().map(|kind| (kind.id, kind.signal.title)).collect()
}

impl LookUp {
    fn empty(f: Frame) -> Self {
        Self {
            w: f.lang.match_words(),
            b: f.lang.bank_words(),
            kind: String::new(),
            value: String::new(),
            all: false,
            problem: None,
            file_problem: None,
            made: None,
            found: None,
            f,
        }
    }

    fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        kinds()
    }

    pub(super) fn sample(lang: Lang) -> Self {
        let shown = Self::empty(Frame::sample(lang, Here::LookUp));
        let (w, b) = (shown.w, shown.b);
        let role = |role| marks::role(role, b);
        let one = super::samples::found(2);
        let values = (one.seen.query.as_str(), one.seen.value.as_str());
        let said = near("pdq", Some(12), w);
        let why = Reasons::new(values, said.clone(), Some((12, 31)), w).turned(Some(w.as_it_is));
        let answer = |bank: &str, role, content, kind, near: &str, why| AnswerRow {
            bank: bank.to_owned(),
            role,
            content,
            kind,
            near: near.to_owned(),
            why,
        };
        let answers = vec![
            answer(
                "EXAMPLE_HOUSE",
                role(tutela_core::BankRole::Alert),
                17,
                "pdq",
                &said,
                Some(why),
            ),
            answer(
                "EXAMPLE_STOCK",
                role(tutela_core::BankRole::Allow),
                3,
                "md5",
                w.same_value,
                None,
            ),
        ];
        let found = Found { count: 40, left_out: 38, is_silenced: true, answers };
        let made = MadeFacts {
            mime: "image/jpeg".to_owned(),
            signals: vec![("md5", format!("{:032x}", 17)), ("pdq", super::samples::signal(2))],
            quality: Some(12),
            is_flat: true,
            failure: Some(("the file ends before the picture does".to_owned(), true)),
        };
        let problem = Some(Problem::of(shown.f.w.bad_signal));
        Self { found: Some(found), made: Some(made), problem, ..shown }
    }
}

impl MadeFacts {
    fn of(made: Made, lang: Lang) -> Self {
        let signals = KINDS.iter().filter_map(|kind| {
            let is_film = kind.content_types == ["video"];
            let fits = kind.id != "video_md5" || (is_film && made.vpdq.is_some());
            fits.then(|| signal_of(&made, kind.id)).flatten().map(|value| (kind.id, value))
        });
        let quality = made.pdq.first().map(|made| made.quality);
        Self {
            signals: signals.collect(),
            quality,
            is_flat: quality.is_some_and(|quality| quality < MIN_QUALITY),
            failure: made.failure.as_ref().map(|failure| {
                let said = words::failure(&failure.code, &failure.message, lang);
                (said.text.into_owned(), said.foreign)
            }),
            mime: made.mime,
        }
    }
}

impl Found {
    async fn of(web: &Web, questions: Vec<Question>, lang: Lang) -> Result<Self, Fault> {
        let mut found = Self::default();
        for question in &questions {
            let answer: Answer = web.service.look_up(question);
            web.figures.looked_up(question.kind.id, answer.reported().len());
            found.is_silenced |= !answer.allowed.is_empty();
            for matched in answer.allowed.iter().chain(&answer.matches) {
                found.count += 1;
                if found.answers.len() < MAX_ANSWERS {
                    let stored = stored(&web.service, matched.content, question.kind.id).await?;
                    found.answers.push(AnswerRow::new(question, matched, stored, lang));
                } else {
                    found.left_out += 1;
                }
            }
        }
        Ok(found)
    }
}

/// The signal of a content, if it is still there.
async fn stored(
    service: &Service,
    content: ContentNumber,
    kind: &str,
) -> Result<Option<String>, Fault> {
    let content = service.contents(&[content]).await?.pop();
    let signals = content.into_iter().flat_map(|content| content.signals);
    Ok(signals.filter(|signal| signal.kind == kind).map(|signal| signal.value).next())
}

impl AnswerRow {
    fn new(question: &Question, matched: &Matched, stored: Option<String>, lang: Lang) -> Self {
        let (w, kind) = (lang.match_words(), question.kind.id);
        let said = match matched.nearness {
            Nearness::Frames(asked, stored) => {
                let said = fill(w.frames_shares, "asked", &format!("{asked}\u{a0}%"));
                fill(&said, "stored", &format!("{stored}\u{a0}%"))
            }
            Nearness::Bits(_) | Nearness::Equal => near(kind, matched.nearness.bits(), w),
        };
        let terms = &matched.bank.terms;
        let radius = terms.distance.or(question.kind.signal.threshold);
        let why = stored.and_then(|stored| {
            let (turned, asked) = question.values.get(matched.value)?;
            let bits = matched.nearness.bits();
            let why = Reasons::new((asked, &stored), said.clone(), bits.zip(radius), w);
            Some(why.turned(bits.map(|_| marks::orientation(*turned, lang.words(), w))))
        });
        Self {
            bank: terms.name.clone(),
            role: marks::role(terms.role, lang.bank_words()),
            content: matched.content.0,
            kind,
            near: said,
            why,
        }
    }
}
