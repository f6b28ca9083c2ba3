//! The console: plain pages for operators, served over the service, that work without a script.

mod alert;
mod alert_samples;
mod alerts;
mod assets;
mod bank;
mod bank_form;
mod banks;
mod content;
mod drawings;
mod dress;
mod exchanges;
mod fault;
mod frame;
mod index;
mod look_up;
mod marks;
mod matches;
mod overview;
mod samples;
mod score_bars;
mod session;
mod sign_in;
mod why;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::response::Redirect;
use axum::routing::{any, get, post};
use axum::{Extension, Router, middleware};

pub use samples::samples;

use self::fault::Fault;
use self::session::Sessions;
use crate::router::Web;

/// Bytes of a form: the signal of a long film is the largest thing that is typed.
const FORM_BYTES: usize = 2 << 20;

/// What the console keeps beside the service.
#[derive(Default)]
struct Console {
    sessions: Sessions,
}

/// Every page, with what it answers to.
pub(crate) fn routes() -> Router<Web> {
    // Its own limit is checked before anything is read.
    let file = post(look_up::file).layer(DefaultBodyLimit::disable());
    Router::new()
        .route("/console", get(async || Redirect::permanent("/console/")))
        .route("/console/", get(overview::show))
        .route("/console/assets/{name}", get(assets::asset))
        .route("/console/language/{lang}", get(sign_in::language))
        .route("/console/sign-in", get(sign_in::show).post(sign_in::sign_in))
        .route("/console/sign-out", post(sign_in::sign_out))
        .route("/console/alerts", get(alerts::show))
        .route("/console/alerts/networks/{number}", get(alerts::network))
        .route("/console/alerts/{id}", get(alert::show).post(alert::act))
        .route("/console/alerts/{id}/names", post(alert::names))
        .route("/console/banks", get(banks::show).post(banks::create))
        .route("/console/banks/{bank}", get(bank::show).post(bank::change))
        .route("/console/banks/{bank}/contents", post(bank::add))
        .route("/console/banks/{bank}/switch", post(bank::switch))
        .route("/console/banks/{bank}/contents/{number}", get(content::show).post(content::change))
        .route("/console/banks/{bank}/contents/{number}/release", post(content::release))
        .route("/console/exchanges", get(exchanges::show))
        .route("/console/exchanges/{name}", post(exchanges::act))
        .route("/console/index", get(index::show))
        .route("/console/look-up", get(look_up::show).post(look_up::signal))
        .route("/console/look-up/file", file)
        .route("/console/matches", get(matches::show))
        .route("/console/matches/{id}", get(why::show).post(why::decide))
        .route("/console/{*rest}", any(async || Fault::NotFound))
        .layer(DefaultBodyLimit::max(FORM_BYTES))
        .layer(middleware::from_fn(dress::dress))
        .layer(Extension(Arc::new(Console::default())))
}
