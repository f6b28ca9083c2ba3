//! Alerts on payments: listed, shown without names, closed by two operators.

use serde_json::json;

use super::server::Server;
use crate::support::{Place, json as run_json, keys};

fn server() -> (Server, String) {
    let place = Place::with_workspace();
    let (ws, world) = (place.text("ws"), place.text("world"));
    run_json(&["operator", "add", "B. Example", "--dir", &ws]);
    run_json(&["payments", "generate", "--out", &world, "--transfers", "3000", "--seed", "7"]);
    let file = format!("{world}/transfers.csv");
    run_json(&["payments", "import", &file, "--top", "10", "--dir", &ws]);
    let second = run_json(&[
        "token",
        "create",
        "second",
        "--scopes",
        "review",
        "--as",
        "B. Example",
        "--dir",
        &ws,
    ]);
    let second = second["secret"].as_str().or(second["token"].as_str()).unwrap().to_owned();
    (Server::over(place, &[]), second)
}

#[test]
fn two_operators_close_an_alert() {
    let (server, second) = server();
    let page = server.get("/v1/alerts?side=payee&limit=4").expect(200);
    assert_eq!(keys(&page), ["alerts", "counts", "next_cursor", "ranked_at"]);
    assert_eq!(page["alerts"].as_array().unwrap().len(), 4);
    let cursor = page["next_cursor"].as_str().unwrap();
    let rest = server.get(&format!("/v1/alerts?side=payee&cursor={cursor}")).expect(200);
    assert_eq!((rest["alerts"].as_array().unwrap().len(), &rest["next_cursor"]), (6, &json!(null)));
    server.get("/v1/alerts?cursor=x").problem(422, "web.bad_address");
    server.get("/v1/alerts?colour=red").problem(422, "web.bad_address");

    let id = page["alerts"][0]["id"].as_str().unwrap();
    let path = |rest: &str| format!("/v1/alerts/{id}{rest}");
    let full = server.get(&path("")).expect(200);
    assert!(full["parts"].as_array().unwrap().len() > 2);
    assert!(full["masked"][0]["name"].as_str().unwrap().contains('…'), "no name without a purpose");
    server.post(&path("/names"), &json!({"purpose": " "})).problem(422, "app.bad_field");
    let names = server.post(&path("/names"), &json!({"purpose": "a test"})).expect(200);
    let account = full["account"].as_str().unwrap();
    assert!(!names["accounts"][account][0]["name"].as_str().unwrap().contains('…'));

    server.post(&path("/assign"), &json!({})).expect(200);
    server.post(&path("/notes"), &json!({"text": "looked at"})).expect(200);
    let reasons = server.get("/v1/alerts/reasons").expect(200);
    assert_eq!(reasons["reasons"][0]["id"], "family_support");
    let bare = json!({"outcome": "dismissed"});
    server.post(&path("/propose"), &bare).problem(404, "app.no_such");
    server.post(&path("/approve"), &json!({})).problem(409, "store.alert_state");
    let propose = json!({"outcome": "confirmed", "text": "as the alert says"});
    let proposed = server.post(&path("/propose"), &propose).expect(200);
    assert_eq!(
        (&proposed["state"], &proposed["proposal"]["outcome"]),
        (&json!("in_review"), &json!("confirmed"))
    );
    server.post(&path("/approve"), &json!({})).problem(403, "store.four_eyes");
    let bearer = format!("authorization: Bearer {second}");
    let closed = server.ask("POST", &path("/approve"), &[&bearer], b"").expect(200);
    assert_eq!(closed["state"], "confirmed");
    server.post(&path("/return"), &json!({"text": "no"})).problem(409, "store.alert_state");
    server.ask("GET", "/v1/matches", &[&bearer], b"").problem(403, "web.no_scope");

    // The queue is put in order beside the requests.
    let begun = std::time::Instant::now();
    while server.get("/v1/alerts?limit=1").expect(200)["ranked_at"].is_null() {
        assert!(begun.elapsed() < std::time::Duration::from_secs(60), "not ranked");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let gone = "/v1/alerts/01234567-89ab-7cde-8f01-23456789abcd";
    server.get(gone).problem(404, "store.not_found");
}
