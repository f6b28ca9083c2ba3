//! What stands around every page: the language, who is signed in, the way to the other pages.

use std::fmt::Write;

use askama::Template;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::{Extension, Form};
use tutela_app::service::Person;
use tutela_core::Timestamp;

use super::Console;
use super::fault::Fault;
use super::session::{self, SESSION, form_token, same};
use crate::Lang;
use crate::router::Web;
use crate::words::ConsoleWords;

/// The cookie that a language is kept in.
pub(super) const LANGUAGE: &str = "tutela_language";

/// Which section a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Here {
    Overview,
    Alerts,
    Banks,
    Exchanges,
    Matches,
    LookUp,
    Index,
    Elsewhere,
}

/// What the template of every page is given.
#[derive(Clone)]
pub(super) struct Frame {
    pub(super) lang: Lang,
    pub(super) w: &'static ConsoleWords,
    pub(super) here: Here,
    /// Who is signed in.
    pub(super) name: Option<String>,
    /// What every form carries.
    pub(super) form: String,
    /// This page, for the switch of the language.
    pub(super) path: String,
    /// What has just been done.
    pub(super) done: Option<String>,
}

impl Frame {
    /// Around a page for somebody who is not signed in.
    pub(super) fn outside(lang: Lang, path: &str) -> Self {
        Self {
            lang,
            w: lang.console_words(),
            here: Here::Elsewhere,
            name: None,
            form: String::new(),
            path: path.to_owned(),
            done: None,
        }
    }

    pub(super) fn lang_code(&self) -> &'static str {
        self.lang.as_str()
    }

    /// Where the switch of the language leads.
    pub(super) fn other_language(&self) -> String {
        format!("/console/language/{}?back={}", self.w.other_language_code, encoded(&self.path))
    }

    pub(super) fn is(&self, here: &str) -> bool {
        let name = match self.here {
            Here::Overview => "overview",
            Here::Alerts => "alerts",
            Here::Banks => "banks",
            Here::Exchanges => "exchanges",
            Here::Matches => "matches",
            Here::LookUp => "look-up",
            Here::Index => "index",
            Here::Elsewhere => "",
        };
        name == here
    }

    pub(super) fn sample(lang: Lang, here: Here) -> Self {
        Self {
            here,
            name: Some("A. Example".to_owned()),
            form: "form-token".to_owned(),
            ..Self::outside(lang, "/console/")
        }
    }
}

/// Somebody who is signed in asks for a page.
#[derive(Debug)]
pub(super) struct Visit {
    pub(super) person: Person,
    pub(super) lang: Lang,
    /// What every form of the answer carries.
    form: String,
    path: String,
    /// What has just been done, where the address says so.
    pub(super) query: Fields,
}

impl Visit {
    pub(super) fn frame(&self, here: Here) -> Frame {
        Frame {
            here,
            name: Some(self.person.name.clone()),
            form: self.form.clone(),
            ..Frame::outside(self.lang, &self.path)
        }
    }

    /// Whether a form that came in parts belongs to this visit.
    pub(super) fn owns(&self, form: &str) -> bool {
        same(&self.form, form)
    }
}

impl FromRequestParts<Web> for Visit {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Fault> {
        let path = parts.uri.path_and_query().map_or("/console/", |path| path.as_str()).to_owned();
        let next = || match parts.method.is_safe() {
            true => Fault::SignIn { next: path.clone() },
            // What a form wanted is not done later, when somebody else may sit there.
            false => Fault::SignIn { next: "/console/".to_owned() },
        };
        let console = console(parts)?;
        let secret = session::cookie(&parts.headers, SESSION).ok_or_else(next)?;
        let person = console.sessions.person(secret, Timestamp::now()).ok_or_else(next)?;
        if !web.service.still_holds(&person).await? {
            console.sessions.end(secret);
            return Err(next());
        }
        Ok(Self {
            person,
            lang: language(&parts.headers),
            form: form_token(secret),
            query: Fields::of_query(parts.uri.query()),
            path,
        })
    }
}

/// Somebody who is signed in sends a form that is ours.
pub(super) struct Posted {
    pub(super) visit: Visit,
    pub(super) fields: Fields,
}

impl FromRequest<Web> for Posted {
    type Rejection = Fault;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Fault> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, web).await?;
        if !from_here(&parts.headers) {
            return Err(Fault::Denied);
        }
        let fields = Fields::read(Request::from_parts(parts, body)).await?;
        if !visit.owns(fields.get("form")) {
            return Err(Fault::Denied);
        }
        Ok(Self { visit, fields })
    }
}

/// What the console keeps beside the service.
pub(super) fn console(parts: &Parts) -> Result<std::sync::Arc<Console>, Fault> {
    parts.extensions.get().cloned().ok_or(Fault::NotFound)
}

/// Whether a request that changes something comes from a page of this console, as far as the browser tells.
pub(super) fn from_here(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").and_then(|site| site.to_str().ok());
    site.is_none_or(|site| matches!(site, "same-origin" | "none"))
}

/// The fields of a form or an address, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// The fields of a form.
    pub(super) async fn read(request: Request) -> Result<Self, Fault> {
        match Form::<Vec<(String, String)>>::from_request(request, &()).await {
            Ok(Form(fields)) => Ok(Self(fields)),
            Err(rejection) => Err(Fault::Rejected(rejection.into_response().status())),
        }
    }

    pub(super) fn of_query(query: Option<&str>) -> Self {
        let uri = format!("/?{}", query.unwrap_or_default()).parse().unwrap_or_default();
        let read = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&uri);
        Self(read.map(|query| query.0).unwrap_or_default())
    }

    pub(super) fn of(fields: &[(&str, &str)]) -> Self {
        Self(fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
    }

    /// A field, without blanks around it; empty where it is not there.
    pub(super) fn get(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// A field that may be left empty.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        Some(self.get(name).to_owned()).filter(|text| !text.is_empty())
    }

    /// Every value of a field.
    pub(super) fn all<'f>(&'f self, name: &str) -> impl Iterator<Item = &'f str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.trim())
    }

    /// A field as it was typed.
    pub(super) fn raw(&self, name: &str) -> &str {
        let mut fields = self.0.iter();
        fields.find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

/// The language that was chosen, else the first that the browser asks for and we speak.
pub(super) fn language(headers: &HeaderMap) -> Lang {
    if let Some(lang) = session::cookie(headers, LANGUAGE).and_then(|code| code.parse().ok()) {
        return lang;
    }
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|asked| asked.to_str().ok());
    let mut best: Option<(f32, Lang)> = None;
    for part in asked.unwrap_or_default().split(',') {
        let (tag, weight) = part.split_once(";q=").unwrap_or((part, "1"));
        let code = tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
        let weight = weight.trim().parse().unwrap_or(0.0);
        if let Ok(lang) = code.parse()
            && weight > 0.0
            && best.is_none_or(|(most, _)| weight > most)
        {
            best = Some((weight, lang));
        }
    }
    best.map_or(Lang::En, |(_, lang)| lang)
}

/// Text as part of an address.
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// The page that a path names, if it is one of ours: no way leads out of the console.
pub(super) fn ours(path: &str) -> &str {
    let plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if plain && path.starts_with("/console/") { path } else { "/console/" }
}

/// A page as an answer.
pub(super) fn page(page: &impl Template) -> Result<Response, Fault> {
    Ok(Html(page.render()?).into_response())
}

/// A form again, with what is wrong with it.
pub(super) fn again(page: &impl Template) -> Result<Response, Fault> {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page.render()?)).into_response())
}

pub(super) type Shared = Extension<std::sync::Arc<Console>>;

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue};

    use super::{Fields, encoded, from_here, language, ours};
    use crate::Lang;

    #[test]
    fn the_language_is_what_was_chosen_or_what_the_browser_likes_best() {
        let check = |asked: &'static str, chosen: &'static str, expected| {
            let mut headers = HeaderMap::new();
            headers.insert("accept-language", HeaderValue::from_static(asked));
            headers.insert("cookie", HeaderValue::from_static(chosen));
            assert_eq!(language(&headers), expected, "{asked} {chosen}");
        };
        check("", "", Lang::En);
        check("it", "", Lang::It);
        check("de, it-CH;q=0.8, en;q=0.7", "", Lang::It);
        check("en-GB,it;q=0.9", "", Lang::En);
        check("it;q=0, fr", "", Lang::En);
        check("it;q=x", "tutela_language=xx", Lang::En);
        check("en", "tutela_language=it", Lang::It);
    }

    #[test]
    fn no_way_leads_out_of_the_console() {
        for own in ["/console/", "/console/banks/A?find=1"] {
            assert_eq!(ours(own), own);
        }
        for other in [
            "",
            "//example.org",
            "https://example.org",
            "/v1/",
            "/console",
            "/console/\\a",
            "/console/\r\nx",
        ] {
            assert_eq!(ours(other), "/console/", "{other}");
        }
        assert_eq!(encoded("/a b?c=ü&d"), "/a%20b%3Fc%3D%C3%BC%26d");
    }

    #[test]
    fn fields_come_in_order_and_without_blanks() {
        let fields = Fields::of_query(Some("a=+1+&b=&a=2"));
        assert_eq!(fields.all("a").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!((fields.get("a"), fields.raw("a"), fields.text("b")), ("1", " 1 ", None));
        assert_eq!(fields.get("c"), "");
    }

    #[test]
    fn other_sites_send_no_forms() {
        let check = |site: Option<&'static str>, expected| {
            let mut headers = HeaderMap::new();
            if let Some(site) = site {
                headers.insert("sec-fetch-site", HeaderValue::from_static(site));
            }
            assert_eq!(from_here(&headers), expected, "{site:?}");
        };
        check(None, true);
        check(Some("same-origin"), true);
        check(Some("none"), true);
        check(Some("same-site"), false);
        check(Some("cross-site"), false);
    }
}
