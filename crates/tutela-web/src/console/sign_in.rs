//! Signing in and out, and the switch of the language.

use askama::Template;
use axum::Extension;
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use tracing::info;
use tutela_core::Timestamp;

use super::fault::Fault;
use super::frame::{
    Fields, Frame, LANGUAGE, Posted, Shared, from_here, language as language_of, ours,
};
use super::session::{FORM, SESSION, cookie, form_token, same, secret, set_cookie};
use crate::Lang;
use crate::router::Web;
use crate::show::filters;

/// A chosen language is kept for a year.
const LANGUAGE_S: u32 = 365 * 24 * 60 * 60;

/// The form to sign in.
#[derive(Template)]
#[template(path = "console/sign_in.html", whitespace = "minimize")]
pub(super) struct SignIn {
    f: Frame,
    next: String,
    name: String,
    problem: Option<&'static str>,
}

impl SignIn {
    pub(super) fn sample(lang: Lang) -> Self {
        let f = Frame { form: "form-token".to_owned(), ..Frame::outside(lang, "/console/sign-in") };
        let problem = Some(f.w.sign_in_wrong);
        Self { next: "/console/".to_owned(), name: "A. Example".to_owned(), problem, f }
    }
}

/// `GET /console/sign-in`.
pub(super) async fn show(
    headers: HeaderMap,
    query: axum::extract::RawQuery,
) -> Result<Response, Fault> {
    let fields = Fields::of_query(query.0.as_deref());
    let f = Frame::outside(language_of(&headers), "/console/sign-in");
    let problem = (fields.get("done") == "out").then_some(f.w.signed_out);
    form(
        &headers,
        SignIn { next: ours(fields.get("next")).to_owned(), name: String::new(), problem, f },
        StatusCode::OK,
    )
}

/// `POST /console/sign-in`.
pub(super) async fn sign_in(
    State(web): State<Web>,
    Extension(console): Shared,
    request: Request,
) -> Result<Response, Fault> {
    let headers = request.headers().clone();
    if !from_here(&headers) {
        return Err(Fault::Denied);
    }
    let fields = Fields::read(request).await?;
    let f = Frame::outside(language_of(&headers), "/console/sign-in");
    let (w, now) = (f.w, Timestamp::now());
    let (name, next) = (fields.get("name").to_owned(), ours(fields.get("next")).to_owned());
    let refuse = |status, problem| {
        let (name, next) = (name.clone(), next.clone());
        form(&headers, SignIn { next, name, problem: Some(problem), f }, status)
    };
    let ours = cookie(&headers, FORM).is_some_and(|one| same(&form_token(one), fields.get("form")));
    if !ours {
        return refuse(StatusCode::FORBIDDEN, w.sign_in_stale);
    }
    if !console.sessions.may_try(&name, now) {
        return refuse(StatusCode::TOO_MANY_REQUESTS, w.sign_in_often);
    }
    let Some(person) = web.service.sign_in(&name, fields.raw("password").to_owned()).await? else {
        info!("Somebody could not sign in.");
        return refuse(StatusCode::FORBIDDEN, w.sign_in_wrong);
    };
    info!(operator = %person.operator, "Signed in.");
    let secret = console.sessions.begin(person, now)?;
    let cookies = [
        (header::SET_COOKIE, set_cookie(&headers, SESSION, &secret, None)),
        (header::SET_COOKIE, set_cookie(&headers, FORM, "", None)),
    ];
    Ok((axum::response::AppendHeaders(cookies), Redirect::to(&next)).into_response())
}

/// `POST /console/sign-out`.
pub(super) async fn sign_out(
    State(web): State<Web>,
    Extension(console): Shared,
    request: Request,
) -> Result<Response, Fault> {
    let headers = request.headers().clone();
    Posted::from_request(request, &web).await?;
    if let Some(secret) = cookie(&headers, SESSION) {
        console.sessions.end(secret);
    }
    let ended = [(header::SET_COOKIE, set_cookie(&headers, SESSION, "", None))];
    Ok((ended, Redirect::to("/console/sign-in?done=out")).into_response())
}

/// `GET /console/language/{lang}`: changes nothing but what this browser is shown.
pub(super) async fn language(
    Path(lang): Path<String>,
    headers: HeaderMap,
    query: axum::extract::RawQuery,
) -> Result<Response, Fault> {
    let lang: Lang = lang.parse().map_err(|_| Fault::NotFound)?;
    let fields = Fields::of_query(query.0.as_deref());
    let kept = set_cookie(&headers, LANGUAGE, lang.as_str(), Some(LANGUAGE_S));
    let back = Redirect::to(ours(fields.get("back")));
    Ok(([(header::SET_COOKIE, kept)], back).into_response())
}

/// The form with the token that belongs to its cookie.
fn form(headers: &HeaderMap, mut page: SignIn, status: StatusCode) -> Result<Response, Fault> {
    let secret = match cookie(headers, FORM) {
        Some(known) => known.to_owned(),
        None => secret()?,
    };
    page.f.form = form_token(&secret);
    let tied = [(header::SET_COOKIE, set_cookie(headers, FORM, &secret, None))];
    Ok((status, tied, Html(page.render()?)).into_response())
}
