//! What holds at every path.

use serde_json::json;

use super::server::Server;

#[test]
fn every_path_of_the_description_is_served_and_needs_a_token() {
    let server = Server::start();
    let described = server.ask("GET", "/v1/openapi.json", &[], b"").expect(200);
    let paths = described["paths"].as_object().unwrap();
    assert!(paths.len() >= 14, "{}", paths.len());
    for (path, methods) in paths {
        let path = path.replace("{id}", "01234567-89ab-7cde-8f01-23456789abcd");
        let path = path.replace("{content}", "1").replace("{number}", "1");
        let path = path.replace(['{', '}'], "");
        for method in methods.as_object().unwrap().keys() {
            let method = method.to_uppercase();
            server.ask(&method, &path, &[], b"").problem(401, "web.no_token");
            let answer = server.ask(&method, &path, &[&server.bearer()], b"");
            assert!(
                ![401, 403, 405, 500].contains(&answer.status),
                "{method} {path}: {}",
                answer.status
            );
            if answer.status == 404 {
                assert_ne!(answer.json()["code"], "web.no_route", "{method} {path}");
            }
        }
        server.ask("OPTIONS", &path, &[&server.bearer()], b"").problem(405, "web.no_method");
    }
}

#[test]
fn what_is_not_served_is_a_problem_too() {
    let server = Server::start();
    server.get("/v1/colours").problem(404, "web.no_route");
    for root in ["/v1", "/v1/"] {
        server.get(root).problem(404, "web.no_route");
    }
    server.get("/v1/banks/").problem(404, "web.no_route");
    server.get("/v1/banks/%FF").problem(404, "web.no_route");
    server.delete("/v1/banks").problem(405, "web.no_method");
    let untyped = server.ask("POST", "/v1/banks", &[&server.bearer()], b"{\"name\":\"A\"}");
    untyped.problem(415, "web.media_type");
    let types = server.get("/v1/signal_types").expect(200);
    let first = &types["signal_types"][0];
    assert_eq!(
        first,
        &json!({"kind": "pdq", "content_types": ["photo"], "distance": 31, "enabled_ratio": 1.0})
    );
    let index = server.get("/v1/index").expect(200);
    assert_eq!(index["kinds"][0], json!({"kind": "pdq", "signals": 0}));
}
