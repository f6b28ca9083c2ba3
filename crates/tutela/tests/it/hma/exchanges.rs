//! `/c/exchanges`: where signals come from.

use serde_json::{Value, json};

use super::bank;
use crate::served::Served;

#[test]
fn interfaces_say_what_they_need_and_keep_their_secrets() {
    let (_place, served) = Served::fresh(&[]);
    let apis = served.get("/c/exchanges/apis").json();
    for api in ["sample", "fb_threatexchange", "ncmec", "stop_ncii"] {
        assert!(apis.as_array().unwrap().contains(&json!(api)), "{apis}");
        let schema = served.get(&format!("/c/exchanges/api/{api}/schema")).json();
        assert!(schema["config_schema"]["fields"].is_array(), "{schema}");
        assert_eq!(schema["credentials_schema"].is_null(), api == "sample", "{schema}");
    }
    served.get("/c/exchanges/api/zz/schema").says(404, "no such Exchange API 'zz'");
    served.get("/c/exchanges/api/zz").says(400, "no such Exchange API 'zz'");
    let state = |needed: bool, given: bool| json!({"supports_authentification": needed, "has_set_authentification": given});
    served.get("/c/exchanges/api/sample").is(200, &state(false, false));
    let path = "/c/exchanges/api/fb_threatexchange";
    served.get(path).is(200, &state(true, false));
    let post = |body: Value| served.send("POST", path, &body);
    post(json!({})).is(200, &state(true, false));
    post(json!({"credential_json": {"api_token": "generated"}})).is(200, &state(true, true));
    served.get(path).is(200, &state(true, true));
    assert!(!served.get(path).text().contains("generated"), "a secret is never told");
    post(json!({"credential_json": {}})).is(200, &state(true, false));
    post(json!([])).says(400, "this endpoint expects a json object payload");
    assert_eq!(post(json!({"credential_json": {"zz": 1}})).status, 400);
}

#[test]
fn exchanges_are_set_up_switched_and_removed() {
    let (_place, served) = Served::fresh(&[]);
    bank(&served, "A");
    let post = |body: Value| served.send("POST", "/c/exchanges", &body);
    for (body, message) in [
        (json!({}), "bank is required"),
        (json!({"bank": "EX"}), "Field `api_type` is required"),
        (json!({"bank": "ex", "api": "sample"}), "Field `bank` must match /^[A-Z0-9_]+$/"),
        (json!({"bank": "1EX", "api": "sample"}), "Bank names must be UPPER_WITH_UNDERSCORE"),
        (json!({"bank": "EX", "api": "zz"}), "No such exchange type 'zz'"),
        (json!({"bank": "EX", "api": "sample", "api_json": []}), "Field `api_json` must be object"),
    ] {
        post(body).says(400, message);
    }
    let lacking = post(json!({"bank": "EX", "api": "fb_threatexchange", "api_json": {}}));
    assert!(
        lacking.status == 400 && lacking.text().contains("privacy_group"),
        "{}",
        lacking.text()
    );
    assert_eq!(served.ask("POST", "/c/exchanges", "", b"x").status, 415);
    served.get("/c/exchanges").is(200, &json!([]));

    let facts = json!({"privacy_group": 123, "enabled": false});
    let made = json!({"bank": "EX", "api": "fb_threatexchange", "api_json": facts});
    post(made.clone()).says(201, "Created successfully");
    assert_eq!(post(made).status, 403);
    served.get("/c/exchanges").is(200, &json!(["EX"]));
    let object = |enabled: bool| json!({"name": "EX", "api": "fb_threatexchange", "enabled": enabled, "privacy_group": 123});
    served.get("/c/exchange/EX").is(200, &object(false));
    served.get("/c/bank/EX").is(200, &json!({"name": "EX", "matching_enabled_ratio": 1.0}));
    served.get("/c/exchange/EX/status").is(
        200,
        &json!({
            "checkpoint_ts": null, "fetched_items": 0, "last_fetch_complete_ts": null,
            "last_fetch_succeeded": null, "running_fetch_start_ts": null, "up_to_date": false,
        }),
    );
    let put = |body: Value| served.send("PUT", "/c/exchange/EX", &body);
    put(json!({})).is(200, &object(false));
    put(json!({"enabled": "false"})).is(200, &object(false));
    assert_eq!(put(json!({"enabled": "zz"})).status, 422);
    let none = "Exchange 'NONE' not found";
    served.get("/c/exchange/NONE").says(404, none);
    served.get("/c/exchange/NONE/status").says(404, none);
    served.send("PUT", "/c/exchange/NONE", &json!({"enabled": true})).says(404, none);
    served.delete("/c/exchange/NONE").says(200, "Exchange deleted");
    served.delete("/c/exchange/EX").says(200, "Exchange deleted");
    served.get("/c/exchange/EX").says(404, "Exchange 'EX' not found");
}

#[test]
fn what_an_exchange_sends_is_found() {
    let (_place, served) = Served::fresh(&[]);
    let made = served.send(
        "POST",
        "/c/exchanges",
        &json!({"bank": "SAMPLE", "api": "sample", "api_json": {}}),
    );
    made.says(201, "Created successfully");
    served
        .wait("/c/exchange/SAMPLE/status", |answer| answer.json()["last_fetch_succeeded"] == true);
    served.wait("/m/index/status", |answer| answer.json()["pdq"]["present"] == true);
    let figures = served.get("/metrics").text();
    assert!(figures.contains("tutela_exchange_lag_seconds{exchange=\"SAMPLE\"} "), "{figures}");
    assert!(figures.contains("tutela_exchange_failures{exchange=\"SAMPLE\"} 0\n"), "{figures}");
}
