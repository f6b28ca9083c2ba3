//! The first page: what waits, what is looked up, how fresh it is.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use tutela_app::service::{BankCounts, KINDS, MatchState, Service};
use tutela_core::Timestamp;

use super::drawings;
use super::exchanges::{self, ExchangeRow};
use super::fault::Fault;
use super::frame::{Frame, Here, Visit, page};
use super::marks::time_text;
use crate::Lang;
use crate::router::Web;
use crate::show::figures::{counted, duration};
use crate::show::filters;
use crate::words::{BankWords, fill};

/// Days that the drawing shows.
const DAYS: i64 = 30;
const DAY_S: i64 = 86_400;

/// The overview.
#[derive(Template)]
#[template(path = "console/overview.html", whitespace = "minimize")]
pub(super) struct Overview {
    f: Frame,
    b: &'static BankWords,
    /// Open, confirmed, disputed.
    counts: [u64; 3],
    /// Day and matches; empty where there are none in all these days.
    days: Vec<(String, u64)>,
    days_svg: String,
    kinds: Vec<KindRow>,
    banks: u64,
    contents: u64,
    active: u64,
    held_back: u64,
    freshness: Freshness,
    exchanges: Vec<ExchangeRow>,
}

/// How many signals of one kind there are.
#[derive(Debug, Clone)]
pub(super) struct KindRow {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) signals: u64,
    pub(super) bar: String,
}

/// How fresh what is looked up is.
#[derive(Debug, Clone)]
pub(super) struct Freshness {
    pub(super) ready: bool,
    /// The last change that is in.
    pub(super) upto: u64,
    /// When the newest content was added.
    pub(super) newest: Option<String>,
    /// How long ago the store told what it had.
    pub(super) heard: String,
}

/// `GET /console/`.
pub(super) async fn show(visit: Visit, State(web): State<Web>) -> Result<Response, Fault> {
    let service = &web.service;
    let now = Timestamp::now();
    let first = now.as_second() - now.as_second().rem_euclid(DAY_S) - (DAYS - 1) * DAY_S;
    let since = Timestamp::from_second(first).unwrap_or(Timestamp::UNIX_EPOCH);
    let found: HashMap<String, u64> = service.matches_by_day(since).await?.into_iter().collect();
    let mut counts = [0; 3];
    let known = service.match_counts().await?;
    for (count, state) in counts.iter_mut().zip(MatchState::ALL) {
        *count = known.iter().find(|(one, _)| *one == state).map_or(0, |(_, count)| *count);
    }
    let (held, signals) = (service.bank_counts(), service.kinds());
    let sum = |of: fn(&BankCounts) -> u64| held.iter().map(of).sum();
    let overview = Overview {
        counts,
        banks: held.len() as u64,
        contents: sum(|one| one.contents),
        active: sum(|one| one.active),
        held_back: sum(|one| one.held_back),
        freshness: freshness(service, visit.lang),
        exchanges: exchanges::rows(service, visit.lang).await?,
        ..Overview::empty(visit.frame(Here::Overview), day_names(first), &found, |kind| {
            signals.iter().find(|one| one.kind == kind).map_or(0, |one| one.signals)
        })
    };
    page(&overview)
}

impl Overview {
    fn empty(
        f: Frame,
        days: Vec<String>,
        found: &HashMap<String, u64>,
        signals: impl Fn(&str) -> u64,
    ) -> Self {
        let count = |day: String| {
            let matches = found.get(&day).copied().unwrap_or(0);
            (day, matches)
        };
        let days: Vec<(String, u64)> = days.into_iter().map(count).collect();
        let any = days.iter().any(|(_, matches)| *matches > 0);
        Self {
            b: f.lang.bank_words(),
            counts: [0; 3],
            days_svg: if any { drawings::days(&days, f.w) } else { String::new() },
            days,
            kinds: kinds(&f, signals),
            banks: 0,
            contents: 0,
            active: 0,
            held_back: 0,
            freshness: Freshness { ready: true, upto: 0, newest: None, heard: String::new() },
            exchanges: Vec::new(),
            f,
        }
    }

    fn any_waits(&self) -> bool {
        self.counts[0] > 0
    }

    fn days_none(&self) -> String {
        fill(self.f.w.days_none, "days", &DAYS.to_string())
    }

    pub(super) fn sample(lang: Lang) -> Self {
        let days = day_names(1_772_366_400);
        let found = days.iter().cloned().zip([3, 0, 12, 41, 7, 0, 0, 5]).collect();
        let signals = |kind: &str| match kind {
            "pdq" => 1_204_331,
            "md5" => 88_410,
            _ => 7,
        };
        Self {
            counts: [1_284, 96, 12],
            banks: 4,
            contents: 1_292_748,
            active: 1_292_001,
            held_back: 2,
            freshness: Freshness {
                ready: true,
                upto: 1_300_112,
                newest: Some("2026-03-04 09:12:33 UTC".to_owned()),
                heard: ago(250, lang),
            },
            exchanges: exchanges::sample_rows(lang),
            ..Self::empty(Frame::sample(lang, Here::Overview), days, &found, signals)
        }
    }
}

pub(super) fn kinds(f: &Frame, signals: impl Fn(&str) -> u64) -> Vec<KindRow> {
    let most = KINDS.iter().map(|kind| signals(kind.id)).max().unwrap_or(0);
    let row = |kind: &'static tutela_app::service::KindType| {
        let signals = signals(kind.id);
        let said = counted(&fill(f.w.signals_bar, "kind", kind.id), signals);
        KindRow {
            id: kind.id,
            title: kind.signal.title,
            signals,
            bar: drawings::bar(signals, most, &said),
        }
    };
    KINDS.iter().map(row).collect()
}

pub(super) fn freshness(service: &Service, lang: Lang) -> Freshness {
    let (upto, newest_s) = service.built_to();
    let second = newest_s.and_then(|second| i64::try_from(second).ok());
    let newest = second.and_then(|second| Timestamp::from_second(second).ok()).map(time_text);
    let age_ms = u64::try_from(service.age().as_millis()).unwrap_or(u64::MAX);
    Freshness { ready: service.is_ready(), upto, newest, heard: ago(age_ms, lang) }
}

pub(super) fn ago(age_ms: u64, lang: Lang) -> String {
    let w = lang.console_words();
    fill(w.ago, "time", &duration(age_ms, w.decimal_mark))
}

fn day_names(first_s: i64) -> Vec<String> {
    let name = |day: i64| {
        let at = Timestamp::from_second(first_s + day * DAY_S).unwrap_or(Timestamp::UNIX_EPOCH);
        at.to_string().chars().take("2026-03-04".len()).collect()
    };
    (0..DAYS).map(name).collect()
}
