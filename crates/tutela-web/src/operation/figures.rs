//! Figures of the service, in the text format that Prometheus reads.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderName, Method, StatusCode, header};
use tutela_app::service::KINDS;
use tutela_core::Timestamp;

use super::health::{Readiness, readiness};
use crate::router::Web;

/// Upper bounds of the buckets of durations, in microseconds.
const BUCKETS_US: [u64; 12] =
    [50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 50_000, 250_000, 1_000_000, 10_000_000];
/// Methods that are told apart.
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "DELETE", "PATCH"];
/// Statuses that are told apart; the last stands for all others.
const STATUSES: [u16; 20] = [
    200, 201, 202, 204, 302, 303, 304, 400, 401, 403, 404, 405, 408, 409, 413, 415, 422, 429, 503,
    500,
];
/// The content type of the page.
const TEXT: (HeaderName, &str) = (header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");

/// What is counted.
#[derive(Default)]
pub(crate) struct Figures {
    routes: RwLock<HashMap<String, Arc<Route>>>,
    look_ups: [LookUps; 16],
    /// Uploads that could not be decoded.
    unhashed: AtomicU64,
    /// Requests that are being answered.
    pub(super) under_way: AtomicUsize,
    /// Connections for which there was no room.
    pub(super) turned_away: AtomicU64,
}

#[derive(Default)]
struct LookUps {
    asked: AtomicU64,
    matches: AtomicU64,
}

/// One path.
#[derive(Default)]
struct Route {
    methods: [Answers; METHODS.len()],
}

#[derive(Default)]
struct Answers {
    statuses: [AtomicU64; STATUSES.len()],
    buckets: [AtomicU64; BUCKETS_US.len()],
    sum_us: AtomicU64,
}

impl Figures {
    /// A request was answered.
    pub(super) fn answered(
        &self,
        method: &Method,
        route: &str,
        status: StatusCode,
        took: Duration,
    ) {
        let Some(method) = METHODS.iter().position(|known| *known == method.as_str()) else {
            return;
        };
        let code = status.as_u16();
        let status = STATUSES.iter().position(|known| *known == code).unwrap_or(STATUSES.len() - 1);
        let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let bucket = BUCKETS_US.iter().position(|bound| took_us <= *bound);
        let route = self.route(route);
        let Some(answers) = route.methods.get(method) else { return };
        if let Some(count) = answers.statuses.get(status) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        if let Some(count) = bucket.and_then(|bucket| answers.buckets.get(bucket)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        answers.sum_us.fetch_add(took_us, Ordering::Relaxed);
    }

    /// A look-up was answered with so many matches.
    pub(crate) fn looked_up(&self, kind: &str, matches: usize) {
        let place = KINDS.iter().position(|known| known.id == kind);
        if let Some(look_ups) = place.and_then(|place| self.look_ups.get(place)) {
            look_ups.asked.fetch_add(1, Ordering::Relaxed);
            look_ups.matches.fetch_add(matches as u64, Ordering::Relaxed);
        }
    }

    /// An upload could not be hashed.
    pub(crate) fn unhashed(&self) {
        self.unhashed.fetch_add(1, Ordering::Relaxed);
    }

    fn route(&self, path: &str) -> Arc<Route> {
        let routes = self.routes.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(route) = routes.get(path) {
            return Arc::clone(route);
        }
        drop(routes);
        let mut routes = self.routes.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(routes.entry(path.to_owned()).or_default())
    }

    fn write_requests(&self, page: &mut Page) {
        let routes = self.routes.read().unwrap_or_else(PoisonError::into_inner);
        let mut routes: Vec<_> = routes.iter().collect();
        routes.sort_by_key(|(path, _)| path.as_str());
        let each = || {
            routes.iter().flat_map(|(path, route)| {
                METHODS
                    .iter()
                    .zip(&route.methods)
                    .map(move |(method, answers)| (path, method, answers))
            })
        };
        page.head("tutela_requests_total", "counter", "Requests that were answered.");
        for (path, method, answers) in each() {
            for (status, count) in STATUSES.iter().zip(&answers.statuses) {
                let labels = format!("route=\"{path}\",method=\"{method}\",status=\"{status}\"");
                page.value_if("tutela_requests_total", &labels, count);
            }
        }
        page.head("tutela_request_duration_seconds", "histogram", "How long answers took.");
        for (path, method, answers) in each() {
            let total: u64 =
                answers.statuses.iter().map(|count| count.load(Ordering::Relaxed)).sum();
            if total == 0 {
                continue;
            }
            let labels = format!("route=\"{path}\",method=\"{method}\"");
            let mut below = 0;
            for (bound, count) in BUCKETS_US.iter().zip(&answers.buckets) {
                below += count.load(Ordering::Relaxed);
                let bound = Duration::from_micros(*bound).as_secs_f64();
                page.line(
                    "tutela_request_duration_seconds_bucket",
                    &format!("{labels},le=\"{bound}\""),
                    below,
                );
            }
            let name = "tutela_request_duration_seconds";
            page.line(&format!("{name}_bucket"), &format!("{labels},le=\"+Inf\""), total);
            let sum = Duration::from_micros(answers.sum_us.load(Ordering::Relaxed)).as_secs_f64();
            page.line(&format!("{name}_sum"), &labels, sum);
            page.line(&format!("{name}_count"), &labels, total);
        }
    }
}

/// `GET /metrics`.
pub(super) async fn page(State(web): State<Web>) -> ([(HeaderName, &'static str); 1], String) {
    let figures = &web.figures;
    let mut page = Page(String::new());
    figures.write_requests(&mut page);
    page.head("tutela_requests_under_way", "gauge", "Requests that are being answered.");
    page.line("tutela_requests_under_way", "", figures.under_way.load(Ordering::Relaxed));
    page.head(
        "tutela_connections_turned_away_total",
        "counter",
        "Connections for which there was no room.",
    );
    page.line(
        "tutela_connections_turned_away_total",
        "",
        figures.turned_away.load(Ordering::Relaxed),
    );
    page.head("tutela_look_ups_total", "counter", "Signals that were looked up.");
    for (kind, look_ups) in KINDS.iter().zip(&figures.look_ups) {
        let labels = format!("kind=\"{}\"", kind.id);
        page.line("tutela_look_ups_total", &labels, look_ups.asked.load(Ordering::Relaxed));
    }
    page.head("tutela_matches_total", "counter", "Matches that were reported.");
    for (kind, look_ups) in KINDS.iter().zip(&figures.look_ups) {
        let labels = format!("kind=\"{}\"", kind.id);
        page.line("tutela_matches_total", &labels, look_ups.matches.load(Ordering::Relaxed));
    }
    let flows = web.service.flow_counts();
    for (name, words, value) in [
        ("tutela_transfers_total", "Transfers that were stored and scored.", flows.taken),
        ("tutela_transfers_rejected_total", "Transfers that were refused.", flows.rejected),
        ("tutela_alerts_raised_total", "Alerts that arriving transfers raised.", flows.alerts),
    ] {
        page.head(name, "counter", words);
        page.line(name, "", value);
    }
    page.head("tutela_transfers_held", "gauge", "Transfers of the history in memory.");
    page.line("tutela_transfers_held", "", flows.history);
    page.head("tutela_signals", "gauge", "Signals that can be looked up.");
    for status in web.service.kinds() {
        page.line("tutela_signals", &format!("kind=\"{}\"", status.kind), status.signals);
    }
    page.head("tutela_index_builds_total", "counter", "Pieces of an index that were built anew.");
    page.line("tutela_index_builds_total", "", web.service.index_builds());
    page.head("tutela_banks", "gauge", "Banks.");
    page.line("tutela_banks", "", web.service.banks().len());
    page.head("tutela_hashing_failures_total", "counter", "Uploads that could not be decoded.");
    page.line("tutela_hashing_failures_total", "", figures.unhashed.load(Ordering::Relaxed));
    let (hashing, recording) = web.service.waiting();
    page.head(
        "tutela_waiting",
        "gauge",
        "What waits: uploads to be hashed, matches to be recorded.",
    );
    page.line("tutela_waiting", "queue=\"hashing\"", hashing);
    page.line("tutela_waiting", "queue=\"recording\"", recording);
    page.head("tutela_uploads_free_bytes", "gauge", "Memory for uploads that is not taken.");
    let free = web.uploads.available_permits() * crate::hma::PIECE_BYTES;
    page.line("tutela_uploads_free_bytes", "", free);
    page.head("tutela_store_age_seconds", "gauge", "Since the store was last heard from.");
    let ready = readiness(&web);
    if ready != Readiness::Loading {
        page.line("tutela_store_age_seconds", "", web.service.age().as_secs_f64());
    }
    write_exchanges(&web, &mut page).await;
    page.head("tutela_ready", "gauge", "1 where look-ups can be answered with what is known.");
    page.line("tutela_ready", "", u8::from(ready == Readiness::Ready));
    ([TEXT], page.0)
}

/// How far exchanges lag. Where the store does not answer, nothing is said of them.
async fn write_exchanges(web: &Web, page: &mut Page) {
    let Ok(exchanges) = web.service.exchanges().await else { return };
    let now_s = Timestamp::now().as_second();
    page.head("tutela_exchange_lag_seconds", "gauge", "Since a fetch of the exchange last ended.");
    for exchange in &exchanges {
        let Some(ended_s) = exchange.status.last_fetch_complete_ts else { continue };
        let labels = format!("exchange=\"{}\"", exchange.name);
        page.line("tutela_exchange_lag_seconds", &labels, now_s - ended_s);
    }
    page.head("tutela_exchange_failures", "gauge", "Fetches of the exchange that failed in a row.");
    for exchange in &exchanges {
        let labels = format!("exchange=\"{}\"", exchange.name);
        page.line("tutela_exchange_failures", &labels, exchange.status.failures);
    }
}

/// The page as it grows.
struct Page(String);

impl Page {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to a text cannot fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn line(&mut self, name: &str, labels: &str, value: impl std::fmt::Display) {
        let _ = match labels {
            "" => writeln!(self.0, "{name} {value}"),
            labels => writeln!(self.0, "{name}{{{labels}}} {value}"),
        };
    }

    fn value_if(&mut self, name: &str, labels: &str, count: &AtomicU64) {
        match count.load(Ordering::Relaxed) {
            0 => {}
            count => self.line(name, labels, count),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::http::{Method, StatusCode};

    use super::{Figures, Page};

    #[test]
    fn answers_are_counted_by_route_status_and_duration() {
        let figures = Figures::default();
        for (status, took_us) in [(200, 40), (200, 90), (404, 20_000_000), (599, 1)] {
            let status = StatusCode::from_u16(status).unwrap();
            figures.answered(&Method::GET, "/m/lookup", status, Duration::from_micros(took_us));
        }
        let mut page = Page(String::new());
        figures.write_requests(&mut page);
        for expected in [
            "tutela_requests_total{route=\"/m/lookup\",method=\"GET\",status=\"200\"} 2",
            "tutela_requests_total{route=\"/m/lookup\",method=\"GET\",status=\"404\"} 1",
            "tutela_requests_total{route=\"/m/lookup\",method=\"GET\",status=\"500\"} 1",
            "tutela_request_duration_seconds_bucket{route=\"/m/lookup\",method=\"GET\",le=\"0.00005\"} 2",
            "tutela_request_duration_seconds_bucket{route=\"/m/lookup\",method=\"GET\",le=\"0.0001\"} 3",
            "tutela_request_duration_seconds_bucket{route=\"/m/lookup\",method=\"GET\",le=\"+Inf\"} 4",
            "tutela_request_duration_seconds_count{route=\"/m/lookup\",method=\"GET\"} 4",
        ] {
            assert!(page.0.lines().any(|line| line == expected), "{expected}\n{}", page.0);
        }
    }
}
