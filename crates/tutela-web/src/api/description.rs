//! `/v1/openapi.json`: the API described by the types that it sends.

use axum::Router;
use axum::response::Json;
use axum::routing::get;
use utoipa::openapi::RefOr;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::{alerts, banks, contents, exchanges, look_ups, matches, signals, state, transfers};
use crate::router::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/openapi.json", get(|| async { Json(Description::openapi()) }))
}

/// The description of the API, as it is checked in: an OpenAPI document.
pub fn openapi_json() -> String {
    // Plain data of our own making: it always serialises.
    Description::openapi().to_pretty_json().unwrap_or_default() + "\n"
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tutela",
        description = "Matching of signals against banks, their curation, and alerts on payments. Names are snake_case, times RFC 3339 in UTC. \
            Lists come in pages: pass `next_cursor` on as `cursor`. Errors are problem documents (RFC 9457) with a stable `code`. \
            A match or an alert is a machine's claim, never proof: people decide.",
        version = "1",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    paths(
        signals::create,
        look_ups::create,
        banks::list,
        banks::create,
        banks::show,
        banks::change,
        banks::remove,
        contents::list,
        contents::create,
        contents::show,
        contents::change,
        contents::remove,
        contents::enable,
        contents::disable,
        contents::held_back,
        contents::release,
        matches::list,
        matches::show,
        matches::confirm,
        matches::dispute,
        alerts::list,
        alerts::reasons_list,
        alerts::show,
        alerts::assign,
        alerts::note,
        alerts::propose,
        alerts::approve,
        alerts::send_back,
        alerts::names,
        exchanges::list,
        exchanges::create,
        exchanges::show,
        exchanges::change,
        exchanges::remove,
        exchanges::status,
        exchanges::fetch,
        exchanges::verdicts,
        exchanges::deliveries,
        exchanges::retry,
        state::list,
        state::change,
        state::index,
        transfers::create,
    ),
    tags(
        (name = "signals", description = "Signals of uploads."),
        (name = "look-ups", description = "What is near signals, digests or uploads."),
        (name = "banks", description = "Signal banks."),
        (name = "contents", description = "What the banks hold."),
        (name = "matches", description = "What the service claims, and what people make of it."),
        (name = "alerts", description = "Accounts that a screening of transfers asks people to look at, and what people make of them."),
        (name = "exchanges", description = "Where signals come from, and who is told of findings."),
        (name = "transfers", description = "Transfers as they arrive, and how their ends rank."),
        (name = "signal types", description = "What can be matched, and what is in memory."),
    ),
    security(("token" = [])),
    modifiers(&Tokens, &Names),
)]
struct Description;

/// How callers show their token.
struct Tokens;

impl Modify for Tokens {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("A token that `tutela token create` made."))
            .build();
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(bearer));
    }
}

/// A name of its own for each operation, and words for each answer.
struct Names;

impl Modify for Names {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        for (path, item) in &mut openapi.paths.paths {
            let plain = path.trim_start_matches("/v1/").replace(['{', '}'], "").replace('/', "_");
            let operations = [
                ("get", &mut item.get),
                ("post", &mut item.post),
                ("patch", &mut item.patch),
                ("delete", &mut item.delete),
            ];
            for (method, operation) in operations {
                let Some(operation) = operation else { continue };
                operation.operation_id = Some(format!("{method}_{plain}"));
                for (status, answer) in &mut operation.responses.responses {
                    if let RefOr::T(answer) = answer {
                        answer.description = words(status).to_owned();
                    }
                }
            }
        }
    }
}

fn words(status: &str) -> &'static str {
    match status {
        "201" => "It is made.",
        "204" => "It is done.",
        "default" => "Why it was not done.",
        _ => "The answer.",
    }
}
