//! `/c/bank/N/content`, `/c/bank/N/signal`: what a bank holds.

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use tutela_app::service::{Content, KindType, NewContent};
use tutela_core::{
    Class, Coded, ContentNumber, ContentSignal, ContentTerms, Enabled, OperatorId, Timestamp,
};

use super::access::{Caller, Curate};
use super::answer::{Refusal, unknown_path};
use super::banks;
use super::body::{JsonBody, bytes, is_json};
use super::hash::{upload_signals, url_signals};
use super::metadata::Metadata;
use super::params::Params;
use super::signals::value;
use super::upload::Form;
use crate::router::Web;

/// Characters of a note.
const MAX_NOTE_CHARS: usize = 255;
/// Seconds from now within which a content may come back: five years.
const MAX_DISABLED_S: i64 = 5 * 365 * 86_400;

/// `POST /c/bank/N/content`: what a URL leads to, or an upload.
pub(super) async fn add(
    State(web): State<Web>,
    caller: Caller<Curate>,
    Path(bank): Path<String>,
    params: Params,
    request: Request,
) -> Result<Json<Value>, Refusal> {
    banks::named(&web, &bank).await?;
    let (form, metadata, note) = if is_json(request.headers()) {
        let body = bytes(request, &web).await?;
        let body: Value = serde_json::from_slice(&body).unwrap_or_default();
        (Form::default(), Metadata::of_json(body.get("metadata"))?, note(body.get("note"))?)
    } else {
        let form = Form::read(&web, request).await?;
        let metadata = Metadata::of_form(form.field("metadata"))?;
        let note = note(form.field("note").map(Value::from).as_ref())?;
        (form, metadata, note)
    };
    let metadata = metadata.or_of_query(&params);
    let signals = if let Some(url) = params.filled("url") {
        url_signals(&web, url, &params).await?
    } else if form.file.is_some() {
        upload_signals(&web, form.only_file()?, &params).await?
    } else {
        return Err(Refusal::bad("Neither `url` nor multipart file upload was received"));
    };
    let signals = signals.into_iter().map(|(kind, text)| checked(kind, &text)).collect();
    let terms = ContentTerms { note, metadata_json: metadata.stored(), ..ContentTerms::default() };
    put(&web, caller.by, &bank, terms, signals).await
}

/// `POST /c/bank/N/signal`: bare signals.
pub(super) async fn add_signals(
    State(web): State<Web>,
    caller: Caller<Curate>,
    Path(bank): Path<String>,
    JsonBody(body): JsonBody,
) -> Result<Json<Value>, Refusal> {
    banks::named(&web, &bank).await?;
    let mut body = match body {
        Value::Object(body) => body,
        _ => Map::new(),
    };
    let note = note(body.remove("note").as_ref())?;
    if body.is_empty() {
        return Err(Refusal::bad("No signals given"));
    }
    let signal = |(name, text): (&String, &Value)| {
        let kind = KindType::by_id(name)
            .ok_or_else(|| Refusal::bad(format!("No such signal type {name}")))?;
        let text = text
            .as_str()
            .ok_or_else(|| Refusal::bad(format!("Invalid {name} signal: a text was expected")))?;
        checked(kind, text)
    };
    let signals = body.iter().map(signal).collect();
    let terms = ContentTerms { note, ..ContentTerms::default() };
    put(&web, caller.by, &bank, terms, signals).await
}

/// `GET /c/bank/N/content/ID`.
pub(super) async fn show(
    State(web): State<Web>,
    _: Caller<Curate>,
    Path((bank, id)): Path<(String, String)>,
    params: Params,
) -> Response {
    let Some(number) = number(&id) else { return unknown_path().await.into_response() };
    let found = match content(&web, &bank, number).await {
        Ok(found) => found,
        Err(refusal) => return refusal.into_response(),
    };
    let says =
        |name: &str, word: &str| params.get(name).map(|said| said.eq_ignore_ascii_case(word));
    let mut object = json!({
        "id": found.number.0, "disable_until_ts": found.terms.enabled.disable_until(),
        "original_media_uri": found.terms.uri, "bank": bank_object(&web, &bank),
    });
    let mut put = |key: &str, value: Option<Value>| {
        if let (Some(value), Some(object)) = (value, object.as_object_mut()) {
            object.insert(key.to_owned(), value);
        }
    };
    put("note", found.terms.note.clone().map(Value::from));
    if says("include_signals", "true") == Some(true) {
        let signals = found.signals.iter().map(|one| (one.kind.clone(), one.value.clone().into()));
        put("signals", Some(Value::Object(signals.collect())));
    }
    if says("include_metadata", "true") != Some(false) {
        put("metadata", Metadata::of(&found.terms).object(&bank, &found.terms));
    }
    Json(object).into_response()
}

/// `PUT /c/bank/N/content/ID`.
pub(super) async fn change(
    State(web): State<Web>,
    caller: Caller<Curate>,
    Path((bank, id)): Path<(String, String)>,
    JsonBody(body): JsonBody,
) -> Response {
    let Some(number) = number(&id) else { return unknown_path().await.into_response() };
    match changed(&web, caller.by, &bank, number, &body).await {
        Ok(found) => {
            let metadata = Metadata::of(&found.terms);
            let object = json!({
                "id": found.number.0, "disable_until_ts": found.terms.enabled.disable_until(),
                "original_media_uri": found.terms.uri, "note": found.terms.note,
                "bank": bank_object(&web, &bank), "user_metadata": metadata.user(),
                "collab_metadata": Metadata::collab(&bank, &found.terms),
            });
            Json(object).into_response()
        }
        Err(refusal) => refusal.into_response(),
    }
}

/// `DELETE /c/bank/N/content/ID`.
pub(super) async fn remove(
    State(web): State<Web>,
    caller: Caller<Curate>,
    Path((bank, id)): Path<(String, String)>,
) -> Response {
    let Some(number) = number(&id) else { return unknown_path().await.into_response() };
    if let Err(refusal) = banks::named(&web, &bank).await {
        return refusal.into_response();
    }
    let removed = match storable(number) {
        true => web.service.remove_content(caller.by, &bank, number).await,
        false => Ok(false),
    };
    match removed {
        Ok(removed) => Json(json!({"deleted": u8::from(removed)})).into_response(),
        Err(error) => Refusal::from(error).into_response(),
    }
}

async fn put(
    web: &Web,
    by: OperatorId,
    bank: &str,
    terms: ContentTerms,
    signals: Result<Vec<ContentSignal>, Refusal>,
) -> Result<Json<Value>, Refusal> {
    let signals = signals?;
    let object: Map<String, Value> =
        signals.iter().map(|one| (one.kind.clone(), one.value.clone().into())).collect();
    let added = web.service.add_contents(by, bank, vec![NewContent { terms, signals }]).await;
    let number = added.map_err(|error| no_bank_or(error, bank))?.pop();
    Ok(Json(json!({"id": number.map(|number| number.0), "signals": object})))
}

async fn changed(
    web: &Web,
    by: OperatorId,
    bank: &str,
    number: ContentNumber,
    body: &Value,
) -> Result<Content, Refusal> {
    let found = content(web, bank, number).await?;
    let enabled = body.get("disable_until_ts").map(enabled).transpose()?;
    let note = body.get("note").map(|text| note(Some(text))).transpose()?;
    if enabled.is_none() && note.is_none() {
        return Ok(found);
    }
    let change = |terms: &mut ContentTerms| {
        terms.enabled = enabled.unwrap_or(terms.enabled);
        if let Some(note) = note {
            terms.note = note;
        }
    };
    let changed = web.service.change_content(by, bank, number, change).await;
    changed.map_err(|error| no_content_or(error, number))
}

async fn content(web: &Web, bank: &str, number: ContentNumber) -> Result<Content, Refusal> {
    banks::named(web, bank).await?;
    if !storable(number) {
        return Err(no_content(number));
    }
    let found = web.service.content(bank, number).await;
    found.map_err(|error| no_content_or(error, number))
}

fn checked(kind: &KindType, text: &str) -> Result<ContentSignal, Refusal> {
    let read = value(kind, text);
    let value = read.map_err(|why| Refusal::bad(format!("Invalid {} signal: {why}", kind.id)))?;
    Ok(ContentSignal { kind: kind.id.to_owned(), value })
}

/// When a content comes back, by the number or text that the clients send.
fn enabled(said: &Value) -> Result<Enabled, Refusal> {
    let read = match said {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    let seconds = read.ok_or_else(|| {
        let text = said.as_str().map_or_else(|| said.to_string(), str::to_owned);
        Refusal::bad(format!("Invalid int: '{text}'"))
    })?;
    if seconds < 0 {
        return Err(Refusal::bad("disable_until_ts must be a non-negative integer"));
    }
    if seconds > Timestamp::now().as_second() + MAX_DISABLED_S {
        return Err(Refusal::bad("disable_until_ts must be less than 5 years in the future"));
    }
    Ok(Enabled::from_disable_until(seconds))
}

/// A note; the empty one is none.
fn note(said: Option<&Value>) -> Result<Option<String>, Refusal> {
    match said {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.chars().count() > MAX_NOTE_CHARS => {
            Err(Refusal::bad(format!("note must be at most {MAX_NOTE_CHARS} characters")))
        }
        Some(Value::String(text)) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
        Some(_) => Err(Refusal::bad("note should be a string")),
    }
}

fn bank_object(web: &Web, name: &str) -> Value {
    web.service.bank(name).map_or(Value::Null, |bank| banks::object(&bank.terms))
}

/// The number of a content in a path; `None` for what is no number.
fn number(text: &str) -> Option<ContentNumber> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| ContentNumber(text.parse().unwrap_or(u64::MAX)))
}

fn storable(number: ContentNumber) -> bool {
    i64::try_from(number.0).is_ok()
}

fn no_content(number: ContentNumber) -> Refusal {
    Refusal::not_found(format!("content '{number}' not found"))
}

fn no_content_or(error: tutela_app::AppError, number: ContentNumber) -> Refusal {
    if error.class() == Class::NotFound { no_content(number) } else { error.into() }
}

fn no_bank_or(error: tutela_app::AppError, bank: &str) -> Refusal {
    if error.class() == Class::NotFound { Refusal::no_bank(bank) } else { error.into() }
}
