//! `/m`: which contents are near a signal.

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};
use tutela_app::service::{Answer, KindType, Matched, Nearness, Question, compare};
use tutela_core::Timestamp;

use super::access::{Caller, Match};
use super::answer::Refusal;
use super::body::JsonBody;
use super::hash::{Signals, upload_signals, url_signals};
use super::params::Params;
use super::signals::{asked, value};
use super::upload::Form;
use crate::coin;
use crate::router::Web;

/// `GET /m/lookup`: by signal, or by what a URL leads to.
pub(super) async fn by_signal(
    State(web): State<Web>,
    _: Caller<Match>,
    params: Params,
) -> Result<Response, Refusal> {
    let coin = if params.truth("bypass_coinflip")? {
        coin::BYPASS
    } else {
        coin::draw(params.get("seed"))
    };
    let banks = banks(&params);
    let named = params.filled("signal_type");
    if let Some(url) = params.filled("url") {
        need_hasher(&web)?;
        let signals = url_signals(&web, url, &params).await?;
        let found = look_all_up(&web, signals, banks.as_deref(), coin)?;
        let Some(named) = named else { return Ok(Json(ByKind(&found)).into_response()) };
        let only = found.iter().find(|(kind, _)| kind.id == named);
        let matches = only.map_or(&[][..], |(_, answer)| answer.reported());
        return Ok(Json(ByBank(matches)).into_response());
    }
    let (Some(text), Some(named)) = (params.get("signal"), named) else {
        return Err(Refusal::bad("Either url or both signal and signal_type are required"));
    };
    let kind = asked(&web, named)?;
    // A picture of poor quality has the empty signal, and that is near nothing.
    let answer = match text {
        "" => Answer::default(),
        text => look_up(&web, kind, read(kind, text)?, banks, coin)?,
    };
    Ok(Json(ByBank(answer.reported())).into_response())
}

/// `POST /m/lookup`: by an upload.
pub(super) async fn by_upload(
    State(web): State<Web>,
    _: Caller<Match>,
    params: Params,
    request: Request,
) -> Result<Response, Refusal> {
    need_hasher(&web)?;
    let upload = Form::read(&web, request).await?.only_file()?;
    let signals = upload_signals(&web, upload, &params).await?;
    let bypass = params.get("bypass_coinflip") == Some("true");
    let coin = if bypass { coin::BYPASS } else { coin::draw(params.get("seed")) };
    let found = look_all_up(&web, signals, banks(&params).as_deref(), coin)?;
    Ok(Json(ByKind(&found)).into_response())
}

/// `GET /m/raw_lookup`: whatever the state of contents and banks.
pub(super) async fn raw(
    State(web): State<Web>,
    _: Caller<Match>,
    params: Params,
) -> Result<Json<Value>, Refusal> {
    let (text, named) = match (params.get("signal"), params.get("signal_type")) {
        (Some(text), Some(named)) => (text, named),
        (text, named) => return Err(missing(&params, text.is_none(), named.is_none())),
    };
    let with_distance = params.truth("include_distance")?;
    let kind = asked(&web, named)?;
    need_ready(&web)?;
    let mut question = Question::about(kind, read(kind, text)?, Timestamp::now());
    (question.banks, question.all) = (banks(&params), true);
    let found = web.service.look_up(&question);
    if !found.matches.is_empty() {
        // What takes part in look-ups was found, and is recorded as such; the rest is only shown.
        question.all = false;
        let answer = web.service.look_up(&question);
        web.service.saw(&question, answer.reported())?;
    }
    let matches: Vec<Value> = found
        .matches
        .iter()
        .chain(&found.allowed)
        .map(|one| if with_distance { json!(One(one)) } else { one.content.0.into() })
        .collect();
    web.figures.looked_up(kind.id, matches.len());
    Ok(Json(json!({"matches": matches})))
}

/// `POST /m/compare`: two signals with each other.
pub(super) async fn two(
    State(web): State<Web>,
    _: Caller<Match>,
    JsonBody(body): JsonBody,
) -> Result<Json<Value>, Refusal> {
    let Value::Object(pairs) = body else {
        return Err(Refusal::bad("Request input was not a dict"));
    };
    let mut answers = serde_json::Map::new();
    for (name, pair) in pairs {
        let Value::Array(pair) = pair else {
            return Err(Refusal::bad(format!("Comparison hashes for {name} was not a list")));
        };
        let [left, right] = &pair[..] else {
            return Err(Refusal::bad("Comparison hash list length must be exactly 2"));
        };
        let kind = asked(&web, &name)?;
        let read = |text: &Value| {
            let text = text.as_str().ok_or_else(|| "it is not a text".to_owned());
            text.and_then(|text| value(kind, text))
                .map_err(|why| Refusal::bad(format!("Invalid {name} hash: {why}")))
        };
        let compared = compare(kind, &read(left)?, &read(right)?);
        let distance = match compared.nearness {
            Some(Nearness::Bits(bits)) => json!({"distance": bits}),
            Some(Nearness::Frames(asked, stored)) => {
                json!({"query_match_pct": asked, "compared_match_pct": stored})
            }
            Some(Nearness::Equal) | None => json!({}),
        };
        answers.insert(name, json!([compared.near, distance]));
    }
    Ok(Json(answers.into()))
}

/// `GET /m/index/status`.
pub(super) async fn index_status(
    State(web): State<Web>,
    _: Caller<Match>,
    params: Params,
) -> Result<Json<Value>, Refusal> {
    let (_, newest_s) = web.service.built_to();
    let mut answers = serde_json::Map::new();
    for status in super::signal_types::chosen(&web, &params)? {
        let built_to = newest_s.filter(|_| status.signals > 0);
        let built_to = built_to.map_or(Value::from(-1), Value::from);
        let present = status.signals > 0;
        let one = json!({"present": present, "built_to": built_to, "size": status.signals});
        answers.insert(status.kind.to_owned(), one);
    }
    Ok(Json(answers.into()))
}

fn look_all_up(
    web: &Web,
    signals: Signals,
    banks: Option<&[String]>,
    coin: f64,
) -> Result<Vec<(&'static KindType, Answer)>, Refusal> {
    let one = |(kind, value): (&'static KindType, String)| {
        let answer = match value.as_str() {
            "" => Answer::default(),
            _ => look_up(web, kind, value, banks.map(<[String]>::to_vec), coin)?,
        };
        Ok((kind, answer))
    };
    signals.into_iter().map(one).collect()
}

fn look_up(
    web: &Web,
    kind: &'static KindType,
    value: String,
    banks: Option<Vec<String>>,
    coin: f64,
) -> Result<Answer, Refusal> {
    need_ready(web)?;
    if web.service.ratio(kind).get() < coin {
        return Ok(Answer::default());
    }
    let mut question = Question::about(kind, value, Timestamp::now());
    (question.banks, question.coin) = (banks, coin);
    let answer = web.service.look_up(&question);
    let reported = answer.reported();
    web.service.saw(&question, reported)?;
    web.figures.looked_up(kind.id, reported.len());
    Ok(answer)
}

fn read(kind: &KindType, text: &str) -> Result<String, Refusal> {
    value(kind, text).map_err(|why| Refusal::bad(format!("invalid signal: {why}")))
}

fn need_ready(web: &Web) -> Result<(), Refusal> {
    if web.service.is_ready() { Ok(()) } else { Err(Refusal::later("index not yet ready")) }
}

fn need_hasher(web: &Web) -> Result<(), Refusal> {
    if web.service.settings().serve.has_role("hasher") {
        Ok(())
    } else {
        Err(Refusal::forbidden("Hashing is disabled, missing role"))
    }
}

fn missing(params: &Params, signal: bool, signal_type: bool) -> Refusal {
    let faults = [(signal, "signal"), (signal_type, "signal_type")];
    let fault = |(_, field)| super::answer::Fault {
        kind: "missing",
        field: Some(field),
        message: "Field required".to_owned(),
        input: params.json(),
    };
    Refusal::Schema(faults.into_iter().filter(|(missing, _)| *missing).map(fault).collect())
}

/// The banks that may answer; all where none is named.
fn banks(params: &Params) -> Option<Vec<String>> {
    Some(params.filled("banks")?.split(',').map(str::to_owned).collect())
}

/// Matches as the clients know them: by kind, then by bank.
struct ByKind<'a>(&'a [(&'static KindType, Answer)]);

impl Serialize for ByKind<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.0.len()))?;
        for (kind, answer) in self.0 {
            map.serialize_entry(kind.id, &ByBank(answer.reported()))?;
        }
        map.end()
    }
}

/// Matches by bank, the nearest first in each.
struct ByBank<'a>(&'a [Matched]);

impl Serialize for ByBank<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut banks: Vec<(&str, Vec<One<'_>>)> = Vec::new();
        for matched in self.0 {
            let name = matched.bank.terms.name.as_str();
            match banks.iter_mut().find(|(known, _)| *known == name) {
                Some((_, matches)) => matches.push(One(matched)),
                None => banks.push((name, vec![One(matched)])),
            }
        }
        to.collect_map(banks)
    }
}

/// One match.
struct One<'a>(&'a Matched);

impl Serialize for One<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        struct Text(Nearness);
        impl Serialize for Text {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(&self.0)
            }
        }
        let mut map = to.serialize_map(Some(2))?;
        map.serialize_entry("bank_content_id", &self.0.content.0)?;
        map.serialize_entry("distance", &Text(self.0.nearness))?;
        map.end()
    }
}
