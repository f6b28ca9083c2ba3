//! Exchanges and deliveries, as far as they need no sender; what senders do is told in the app's own tests.

use serde_json::{Value, json};

use super::server::Server;
use crate::support::keys;

#[test]
fn an_exchange_is_set_up_shown_switched_and_removed() {
    let server = Server::start();
    let new = json!({"name": "PARTNER", "api": "https_file", "config": {"url": "https://lists.example.org/a.csv"}});
    let made = server.post("/v1/exchanges", &new).expect(201);
    assert_eq!(
        keys(&made),
        ["api", "bank", "config", "enabled", "has_credentials", "name", "status"]
    );
    assert_eq!((&made["bank"], &made["enabled"]), (&json!("PARTNER"), &json!(true)));
    assert_eq!(server.get("/v1/exchanges").expect(200)["exchanges"].as_array().unwrap().len(), 1);
    let off = server.patch("/v1/exchanges/PARTNER", &json!({"enabled": false})).expect(200);
    assert_eq!(off["enabled"], false);
    let status = server.get("/v1/exchanges/PARTNER/status").expect(200);
    assert_eq!((&status["fetched"], &status["checkpoint_at"]), (&json!(0), &Value::Null));
    assert_eq!(server.get("/v1/exchanges/PARTNER/verdicts").expect(200), json!({"verdicts": []}));
    // Its host is not among those that may be spoken to.
    let refused = server.post("/v1/exchanges/PARTNER/fetch", &json!({}));
    assert!(refused.status >= 400 && refused.status != 500, "{}", refused.status);
    assert!(refused.json()["code"].as_str().is_some());
    assert_eq!(server.delete("/v1/exchanges/PARTNER").status, 204);
    server.get("/v1/exchanges/PARTNER").problem(404, "app.no_such");
}

#[test]
fn exchanges_and_deliveries_that_cannot_be_are_refused() {
    let server = Server::start();
    let check = |body: Value, status: u16, code: &str| {
        server.post("/v1/exchanges", &body).problem(status, code);
    };
    check(json!({"name": "A", "api": "telepathy"}), 404, "app.no_such");
    check(json!({"name": "A"}), 422, "web.bad_body");
    check(json!({"name": "A", "api": "https_file", "colour": "blue"}), 422, "web.bad_body");
    for path in ["", "/status", "/verdicts"] {
        server.get(&format!("/v1/exchanges/GONE{path}")).problem(404, "app.no_such");
    }
    server.post("/v1/exchanges/GONE/fetch", &json!({})).problem(404, "app.no_such");
    server.patch("/v1/exchanges/GONE", &json!({"enabled": true})).problem(404, "app.no_such");
    server.delete("/v1/exchanges/GONE").problem(404, "app.no_such");
    assert_eq!(
        server.get("/v1/webhook_deliveries").expect(200),
        json!({"webhook_deliveries": [], "next_cursor": null})
    );
    server.get("/v1/webhook_deliveries?state=sent&limit=1").expect(200);
    server.get("/v1/webhook_deliveries?state=lost").problem(422, "web.bad_address");
    server.get("/v1/webhook_deliveries?limit=0").problem(422, "web.bad_address");
    server.post("/v1/webhook_deliveries/7/retry", &json!({})).problem(404, "store.not_found");
    server
        .post("/v1/webhook_deliveries/18446744073709551615/retry", &json!({}))
        .problem(404, "app.no_such");
    server.post("/v1/webhook_deliveries/x/retry", &json!({})).problem(404, "web.no_route");
}
