//! What every answer of the console carries: headers that let a browser do nothing else, and words where a
//! request is refused.

use askama::Template;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

use super::fault::Refusal;
use super::frame::{Frame, language, ours};
use crate::Lang;
use crate::show::filters;

/// Everything comes from this program; nothing is inline, nobody frames it, forms go nowhere else.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
    form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Puts words into a refusal, and headers on everything.
pub(super) async fn dress(request: Request, next: Next) -> Response {
    let lang = language(request.headers());
    let path = request.uri().path_and_query().map_or("", |path| path.as_str()).to_owned();
    let mut response = next.run(request).await;
    let status = response.status();
    if status.is_client_error() || status.is_server_error() {
        let is_page = response
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|mime| mime.to_str().is_ok_and(|mime| mime.starts_with("text/html")));
        if !is_page {
            let code = response.extensions().get::<Refusal>().map_or("web.request", |one| one.code);
            let words = Refused::new(lang, &path, status, code);
            response = match words.render() {
                Ok(page) => (status, Html(page)).into_response(),
                Err(_) => (status, code).into_response(),
            };
        }
    }
    let headers = response.headers_mut();
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // What is shown to one operator is not kept for the next.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The page of a refused request.
#[derive(Template)]
#[template(path = "console/refused.html", whitespace = "minimize")]
pub(super) struct Refused {
    f: Frame,
    text: &'static str,
    code: &'static str,
}

impl Refused {
    fn new(lang: Lang, path: &str, status: StatusCode, code: &'static str) -> Self {
        let f = Frame::outside(lang, ours(path));
        let text = match status {
            StatusCode::FORBIDDEN => f.w.error_denied,
            StatusCode::NOT_FOUND => f.w.error_not_found,
            StatusCode::CONFLICT => f.w.error_conflict,
            StatusCode::PAYLOAD_TOO_LARGE => f.w.error_too_large,
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => {
                f.w.error_unavailable
            }
            status if status.is_client_error() => f.w.error_invalid,
            _ => f.w.error_internal,
        };
        Self { f, text, code }
    }

    pub(super) fn sample(lang: Lang) -> Self {
        Self::new(lang, "/console/nowhere", StatusCode::NOT_FOUND, "web.no_page")
    }
}
