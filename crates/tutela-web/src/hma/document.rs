//! What the interface says of itself: its paths, and their description as OpenAPI.

use axum::Json;
use axum::response::Html;
use serde_json::{Map, Value, json};

/// One operation: method, path, what it does, parameters of the query, what its body is.
struct Operation {
    method: &'static str,
    path: &'static str,
    does: &'static str,
    query: &'static [&'static str],
    body: Body,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Body {
    None,
    Json,
    /// One file, whose field names its content type.
    File,
}

const fn op(
    method: &'static str,
    path: &'static str,
    does: &'static str,
    query: &'static [&'static str],
    body: Body,
) -> Operation {
    Operation { method, path, does, query, body }
}

const LOOK_UP: &[&str] =
    &["signal", "signal_type", "url", "content_type", "types", "banks", "seed", "bypass_coinflip"];

/// Every path, as HMA's clients know them.
const OPERATIONS: &[Operation] = &[
    op("get", "/", "Leads to the status", &[], Body::None),
    op("get", "/status", "Whether look-ups can be answered", &[], Body::None),
    op("get", "/status/live", "Whether the process lives", &[], Body::None),
    op("get", "/site-map", "All paths", &[], Body::None),
    op("get", "/openapi/openapi.json", "This document", &[], Body::None),
    op(
        "get",
        "/h/hash",
        "Signals of what a URL leads to",
        &["url", "content_type", "types"],
        Body::None,
    ),
    op("post", "/h/hash", "Signals of an upload", &["types"], Body::File),
    op("get", "/m/lookup", "Contents near a signal, by bank", LOOK_UP, Body::None),
    op(
        "post",
        "/m/lookup",
        "Contents near an upload, by kind and bank",
        &["types", "banks", "seed", "bypass_coinflip"],
        Body::File,
    ),
    op(
        "get",
        "/m/raw_lookup",
        "Contents near a signal, whatever their state",
        &["signal", "signal_type", "banks", "include_distance"],
        Body::None,
    ),
    op("post", "/m/compare", "Compares two signals of each kind", &[], Body::Json),
    op("get", "/m/index/status", "What can be looked up", &["signal_type"], Body::None),
    op("get", "/c/banks", "All banks", &[], Body::None),
    op("post", "/c/banks", "Makes a bank", &[], Body::Json),
    op("get", "/c/bank/{bank_name}", "One bank", &[], Body::None),
    op("put", "/c/bank/{bank_name}", "Changes a bank", &[], Body::Json),
    op("delete", "/c/bank/{bank_name}", "Removes a bank with its contents", &[], Body::None),
    op(
        "post",
        "/c/bank/{bank_name}/content",
        "Adds a content",
        &["url", "content_type", "types"],
        Body::File,
    ),
    op("post", "/c/bank/{bank_name}/signal", "Adds a content by its signals", &[], Body::Json),
    op(
        "get",
        "/c/bank/{bank_name}/content/{content_id}",
        "One content",
        &["include_signals", "include_metadata"],
        Body::None,
    ),
    op("put", "/c/bank/{bank_name}/content/{content_id}", "Changes a content", &[], Body::Json),
    op("delete", "/c/bank/{bank_name}/content/{content_id}", "Removes a content", &[], Body::None),
    op("get", "/c/exchanges", "Names of all exchanges", &[], Body::None),
    op("post", "/c/exchanges", "Sets an exchange up, with the bank of its name", &[], Body::Json),
    op("get", "/c/exchanges/apis", "Interfaces that exchanges may speak", &[], Body::None),
    op(
        "get",
        "/c/exchanges/api/{api_name}",
        "Whether credentials are needed and given",
        &[],
        Body::None,
    ),
    op("post", "/c/exchanges/api/{api_name}", "Keeps credentials", &[], Body::Json),
    op(
        "get",
        "/c/exchanges/api/{api_name}/schema",
        "What an exchange must be told",
        &[],
        Body::None,
    ),
    op("get", "/c/exchange/{exchange_name}", "One exchange", &[], Body::None),
    op("put", "/c/exchange/{exchange_name}", "Lets an exchange fetch, or not", &[], Body::Json),
    op(
        "delete",
        "/c/exchange/{exchange_name}",
        "Removes an exchange and what it sent",
        &[],
        Body::None,
    ),
    op("get", "/c/exchange/{exchange_name}/status", "How far an exchange is", &[], Body::None),
    op("get", "/c/signal_type", "Kinds of signal and their ratios", &[], Body::None),
    op("put", "/c/signal_type/{signal_type_name}", "Changes the ratio of a kind", &[], Body::Json),
    op(
        "get",
        "/c/signal_type/index",
        "What is stored and what can be looked up",
        &["signal_type"],
        Body::None,
    ),
    op("get", "/c/content_type", "What can be uploaded", &[], Body::None),
];

/// `GET /site-map`: the patterns in the form that HMA writes them in.
pub(super) async fn site_map() -> Json<Value> {
    let mut paths: Vec<String> =
        OPERATIONS.iter().map(|operation| pattern(operation.path)).collect();
    paths.sort();
    paths.dedup();
    Json(paths.into())
}

/// `GET /openapi/openapi.json`.
pub(super) async fn openapi() -> Json<Value> {
    let mut paths = Map::new();
    for operation in OPERATIONS {
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        if let Some(path) = path.as_object_mut() {
            path.insert(operation.method.to_owned(), operation.described());
        }
    }
    Json(json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Open Media Match API",
            "description": "The paths of the Hasher-Matcher-Actioner, served by Tutela.",
            "version": env!("CARGO_PKG_VERSION"),
        },
        "paths": paths,
    }))
}

/// `GET /openapi/`.
pub(super) async fn page() -> Html<String> {
    let row = |operation: &Operation| {
        let (method, path) = (operation.method.to_uppercase(), operation.path);
        format!("<tr><td>{method}<td><code>{path}</code><td>{}\n", operation.does)
    };
    let rows: String = OPERATIONS.iter().map(row).collect();
    Html(format!(
        "<!doctype html>\n<html lang=en>\n<title>Open Media Match API</title>\n\
         <h1>Open Media Match API</h1>\n<p><a href=openapi.json>openapi.json</a></p>\n<table>\n{rows}</table>\n"
    ))
}

impl Operation {
    fn described(&self) -> Value {
        let parameter = |name: &str, place: &str| json!({"name": name, "in": place, "required": place == "path", "schema": {"type": "string"}});
        let in_path = self.path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
        let parameters: Vec<Value> = in_path
            .map(|name| parameter(name, "path"))
            .chain(self.query.iter().map(|name| parameter(name, "query")))
            .collect();
        let free = json!({"type": "object", "additionalProperties": true});
        let content = |media_type: &str| json!({"content": {media_type: {"schema": free}}});
        let error = json!({
            "description": "Why not",
            "content": {"application/json": {"schema": {
                "type": "object", "properties": {"message": {"type": "string"}},
            }}},
        });
        let mut described = json!({
            "summary": self.does, "parameters": parameters,
            "responses": {"200": {"description": "The answer"}, "400": error, "404": error, "503": error},
        });
        let body = match self.body {
            Body::None => None,
            Body::Json => Some(content("application/json")),
            Body::File => Some(content("multipart/form-data")),
        };
        if let (Some(body), Some(described)) = (body, described.as_object_mut()) {
            described.insert("requestBody".to_owned(), body);
        }
        described
    }
}

/// HMA's patterns say the type of some parts.
fn pattern(path: &str) -> String {
    let path = path.replace("{content_id}", "<int:content_id>");
    let path = path.replace("{exchange_name}", "<string:exchange_name>");
    path.replace("{api_name}", "<string:api_name>").replace('{', "<").replace('}', ">")
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn patterns_are_written_as_hma_writes_them() {
        let path = "/c/bank/{bank_name}/content/{content_id}";
        assert_eq!(pattern(path), "/c/bank/<bank_name>/content/<int:content_id>");
    }
}
