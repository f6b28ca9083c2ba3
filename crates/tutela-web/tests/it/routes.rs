//! Every route of `/v1` is described, and nothing is described that is not served.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// Methods of routes.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];
/// Served and not described: the description itself.
const UNDESCRIBED: &str = "get /v1/openapi.json";

/// `method path` of every `.route(…)` in a source: its literal, and the methods of its handlers.
fn routes(source: &str) -> Vec<String> {
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    let mut found = Vec::new();
    for route in code.split(".route(\"").skip(1) {
        let Some((path, rest)) = route.split_once('"') else { continue };
        // To the end of the call: the parenthesis that closes what was opened.
        let mut open = 1;
        let end = rest.find(|c| {
            open += i32::from(c == '(') - i32::from(c == ')');
            open == 0
        });
        let handlers = end.map_or(rest, |end| &rest[..end]);
        for method in METHODS {
            let is_called = handlers.match_indices(&format!("{method}(")).any(|(at, _)| {
                !handlers[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_')
            });
            if is_called {
                found.push(format!("{method} /v1{path}"));
            }
        }
    }
    found
}

#[test]
fn every_route_is_described_and_every_description_is_served() {
    let crate_dir = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut served = BTreeSet::new();
    for file in fs::read_dir(crate_dir.join("src/api")).unwrap().map(|file| file.unwrap().path()) {
        // The root is put together in `mod.rs`.
        if !file.ends_with("mod.rs") {
            served.extend(routes(&fs::read_to_string(file).unwrap()));
        }
    }
    assert!(served.remove(UNDESCRIBED), "the description is served: {served:?}");
    let openapi = fs::read_to_string(crate_dir.join("../../docs/openapi.json")).unwrap();
    let openapi: Value = serde_json::from_str(&openapi).unwrap();
    let mut described = BTreeSet::new();
    for (path, item) in openapi["paths"].as_object().unwrap() {
        let methods = item.as_object().unwrap().keys();
        let methods = methods.filter(|key| METHODS.contains(&key.as_str()));
        described.extend(methods.map(|method| format!("{method} {path}")));
    }
    assert!(described.len() >= 30, "{described:?}");
    let undescribed: Vec<_> = served.difference(&described).collect();
    let unserved: Vec<_> = described.difference(&served).collect();
    assert!(undescribed.is_empty() && unserved.is_empty(), "{undescribed:?} {unserved:?}");
}

#[test]
fn routes_are_read_with_all_their_methods() {
    let source = r#"Router::new().route("/a/{b}", get(x).patch(y).delete(budget(z))).route("/c", any(|| ()))"#;
    assert_eq!(routes(source), ["get /v1/a/{b}", "patch /v1/a/{b}", "delete /v1/a/{b}"]);
}
