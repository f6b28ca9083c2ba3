//! What is held in memory for look-ups, by kind of signal.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use tutela_app::service::{KINDS, KindStatus, KindType, Parts};
use tutela_core::Ratio;

use super::fault::Fault;
use super::frame::{Frame, Here, Visit, page};
use super::marks::percent;
use super::overview::{Freshness, KindRow, ago, freshness, kinds};
use crate::Lang;
use crate::router::Web;
use crate::show::figures::counted;
use crate::show::filters;
use crate::words::fill;

/// The state of the index.
#[derive(Template)]
#[template(path = "console/index.html", whitespace = "minimize")]
pub(super) struct Index {
    f: Frame,
    rows: Vec<Row>,
    freshness: Freshness,
}

struct Row {
    kind: KindRow,
    made_from: String,
    radius: String,
    ratio: String,
    parts: Parts,
}

/// `GET /console/index`.
pub(super) async fn show(visit: Visit, State(web): State<Web>) -> Result<Response, Fault> {
    let service = &web.service;
    let held = service.kinds();
    let ratios: Vec<Ratio> = KINDS.iter().map(|kind| service.ratio(kind)).collect();
    page(&Index::new(visit.frame(Here::Index), &held, &ratios, freshness(service, visit.lang)))
}

impl Index {
    fn new(f: Frame, held: &[KindStatus], ratios: &[Ratio], freshness: Freshness) -> Self {
        let made_from = |types: &[&str]| {
            let words = types.iter().map(|one| match *one {
                "video" => f.w.made_from_video,
                _ => f.w.made_from_photo,
            });
            words.collect::<Vec<_>>().join(", ")
        };
        let of = |kind: &str| held.iter().find(|one| one.kind == kind);
        let rows = kinds(&f, |kind| of(kind).map_or(0, |one| one.signals))
            .into_iter()
            .zip(KINDS)
            .zip(ratios)
            .map(|((kind, known), ratio)| Row {
                parts: of(kind.id).map_or(Parts::default(), |one| one.parts),
                kind,
                made_from: made_from(known.content_types),
                radius: match known.signal.threshold {
                    Some(bits) => counted(f.w.bits, u64::from(bits)),
                    None => f.w.equal_only.to_owned(),
                },
                ratio: fill(f.w.of_look_ups, "percent", &percent(*ratio, f.w.decimal_mark)),
            })
            .collect();
        Self { f, rows, freshness }
    }

    pub(super) fn sample(lang: Lang) -> Self {
        let newest = Some("2026-03-04 09:12:33 UTC".to_owned());
        let freshness = Freshness { ready: false, upto: 1_300_112, newest, heard: ago(250, lang) };
        let ratios = vec![Ratio::ON; KINDS.len()];
        let parts = Parts { segments: 2, tail: 17, bytes: 96_000_000 };
        let status =
            |kind: &'static KindType| KindStatus { kind: kind.id, signals: 1_204_331, parts };
        let held: Vec<KindStatus> = KINDS.iter().map(status).collect();
        Self::new(Frame::sample(lang, Here::Index), &held, &ratios, freshness)
    }
}
