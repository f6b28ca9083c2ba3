//! Queries answered: looked up in memory, noted as findings, with what is known of each content.

use std::collections::HashMap;

use tutela_app::AppError;
use tutela_app::service::{Answer, Matched, Question};
use tutela_app::views::{
    AnsweredView, ContentFactsView, ExchangeRecordView, LookUpMatchView, LookUpsView,
};
use tutela_core::{ContentNumber, Timestamp};

use super::asked::{About, Asked, failure};
use super::queries::{IncludeParam, OptionsParam};
use crate::WebError;
use crate::coin;
use crate::router::Web;

/// Queries that are looked up where they are read; more would keep other requests waiting.
const FEW: usize = 8;
/// The largest radius that is searched.
const MAX_DISTANCE: u16 = 31;
/// Characters of a seed.
const MAX_SEED_CHARS: usize = 255;

/// Answers queries.
///
/// # Errors
/// The banks are still being read, an option cannot be. What is wrong with a query stands in its answer.
pub(super) async fn answer(
    web: &Web,
    asked: Vec<Asked>,
    options: OptionsParam,
) -> Result<LookUpsView, WebError> {
    if !web.service.is_ready() {
        return Err(AppError::Loading.into());
    }
    check(web, &options)?;
    let include = options.include.clone();
    let drawn =
        if options.bypass_ratio { coin::BYPASS } else { coin::draw(options.seed.as_deref()) };
    let terms = Terms { banks: options.banks, distance: options.distance, coin: drawn };
    let mut answers = if asked.len() <= FEW {
        looked_up(web, asked, &terms)
    } else {
        let web = web.clone();
        let answers = tokio::task::spawn_blocking(move || looked_up(&web, asked, &terms)).await;
        answers.map_err(|_| AppError::System { what: "a thread for look-ups" })?
    };
    if !include.is_empty() {
        tell(web, &mut answers, &include).await?;
    }
    Ok(LookUpsView { answers })
}

/// How all queries of a request are looked up.
struct Terms {
    banks: Option<Vec<String>>,
    distance: Option<u16>,
    coin: f64,
}

fn check(web: &Web, options: &OptionsParam) -> Result<(), AppError> {
    if options.distance.is_some_and(|distance| distance > MAX_DISTANCE) {
        return Err(AppError::BadField { field: "distance", reason: "it must be 0 to 31" });
    }
    if options.seed.as_ref().is_some_and(|seed| seed.chars().count() > MAX_SEED_CHARS) {
        let reason = "it is longer than 255 characters";
        return Err(AppError::BadField { field: "seed", reason });
    }
    // A bank that is not there would answer nothing, for ever and in silence.
    let names = options.banks.iter().flatten();
    names.map(|name| web.service.bank(name)).try_for_each(|bank| bank.map(drop))
}

fn looked_up(web: &Web, asked: Vec<Asked>, terms: &Terms) -> Vec<AnsweredView> {
    let now = Timestamp::now();
    (0..).zip(asked).map(|(query, asked)| one(web, query, asked, terms, now)).collect()
}

fn one(web: &Web, query: u64, asked: Asked, terms: &Terms, now: Timestamp) -> AnsweredView {
    let mut view = AnsweredView {
        query,
        kinds: Vec::new(),
        matches: Vec::new(),
        suppressed_by: Vec::new(),
        error: asked.error,
    };
    for About { kind, values } in asked.about {
        if web.service.ratio(kind).get() < terms.coin {
            continue;
        }
        let question = Question {
            values,
            banks: terms.banks.clone(),
            coin: terms.coin,
            distance: terms.distance,
            ..Question::about(kind, String::new(), now)
        };
        let answer = web.service.look_up(&question);
        let reported = answer.reported();
        web.figures.looked_up(kind.id, reported.len());
        if let Err(error) = web.service.saw(&question, reported) {
            view.error = Some(failure(&error));
            continue;
        }
        view.kinds.push(kind.id);
        add(&mut view, &question, &answer);
    }
    view
}

fn add(view: &mut AnsweredView, question: &Question, answer: &Answer) {
    let told = |matched: &Matched| {
        let orientation = question.values.get(matched.value).map(|(orientation, _)| *orientation);
        LookUpMatchView::new(
            question.kind.id,
            matched,
            orientation.unwrap_or(tutela_core::Orientation::Original),
        )
    };
    view.matches.extend(answer.reported().iter().map(told));
    view.suppressed_by.extend(answer.allowed.iter().map(told));
}

/// Adds what is known of each content.
async fn tell(
    web: &Web,
    answers: &mut [AnsweredView],
    include: &[IncludeParam],
) -> Result<(), AppError> {
    let matches = || answers.iter().flat_map(|one| one.matches.iter().chain(&one.suppressed_by));
    let mut numbers: Vec<ContentNumber> = matches().map(|one| ContentNumber(one.content)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    if numbers.is_empty() {
        return Ok(());
    }
    let contents = web.service.contents(&numbers).await?;
    let contents: HashMap<u64, _> =
        contents.iter().map(|content| (content.number.0, content)).collect();
    let senders = web.service.exchange_names().await?;
    for answer in answers {
        for one in answer.matches.iter_mut().chain(&mut answer.suppressed_by) {
            // A content that went meanwhile has nothing more to tell.
            let Some(content) = contents.get(&one.content) else { continue };
            if include.contains(&IncludeParam::Content) {
                one.facts = Some(ContentFactsView::new(content, one.kind));
            }
            if include.contains(&IncludeParam::Exchange) {
                let sender = senders.get(&content.bank).map(String::as_str);
                one.exchange = Some(ExchangeRecordView::new(content, sender));
            }
        }
    }
    Ok(())
}
