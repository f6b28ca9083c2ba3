//! Look-ups: signals, digests and uploads, with every option.

use serde_json::{Value, json};

use super::banks::{pdq, signal};
use super::server::{Server, create_token};
use crate::support::{CHART, CHART_PDQ, keys};

/// A server with one bank and contents with these signals.
fn with_bank(name: &str, more: Value, signals: &[Value]) -> Server {
    let server = Server::start();
    add_bank(&server, name, more, signals);
    server
}

fn add_bank(server: &Server, name: &str, mut more: Value, signals: &[Value]) -> Vec<u64> {
    more["name"] = json!(name);
    server.post("/v1/banks", &more).expect(201);
    let contents: Vec<Value> = signals.iter().map(|one| json!({"signals": [one]})).collect();
    let path = format!("/v1/banks/{name}/contents");
    let added = server.post(&path, &json!({"contents": contents})).expect(201);
    let added = added["contents"].as_array().unwrap();
    added.iter().map(|content| content["content"].as_u64().unwrap()).collect()
}

fn look_up(server: &Server, query: Value, options: Value) -> Value {
    let body = json!({"queries": [query], "options": options});
    server.post("/v1/look_ups", &body).expect(200)["answers"][0].clone()
}

/// Bank and distance of each match.
fn distances(answer: &Value) -> Vec<(&str, Option<u64>)> {
    let matches = answer["matches"].as_array().unwrap();
    matches.iter().map(|one| (one["bank"].as_str().unwrap(), one["distance"].as_u64())).collect()
}

#[test]
fn near_signals_are_told_nearest_first() {
    let server = with_bank("A", json!({}), &[pdq(&signal(8)), pdq(&signal(2)), pdq(&signal(7))]);
    let answer = look_up(&server, pdq(&signal(0)), json!({}));
    assert_eq!(keys(&answer), ["error", "kinds", "matches", "query", "suppressed_by"]);
    assert_eq!(distances(&answer), [("A", Some(8)), ("A", Some(28))]);
    let first = &answer["matches"][0];
    assert_eq!(keys(first), ["bank", "content", "distance", "kind", "orientation"]);
    assert_eq!((&first["kind"], &first["orientation"]), (&json!("pdq"), &json!("original")));
    let nearer = look_up(&server, pdq(&signal(0)), json!({"distance": 27}));
    assert_eq!(distances(&nearer), [("A", Some(8))]);
    // Upper case is the same signal.
    let upper = look_up(&server, pdq(&signal(0).to_uppercase()), json!({}));
    assert_eq!(upper["matches"], answer["matches"]);
}

#[test]
fn what_is_wrong_with_one_query_leaves_the_others_alone() {
    let server = with_bank("A", json!({}), &[pdq(&signal(0))]);
    let queries = json!([
        pdq(&signal(0)), pdq("short"), {"kind": "colour", "value": "blue"}, {}, {"kind": "pdq"},
        {"kind": "pdq", "value": signal(0), "digests": {"md5": "0".repeat(32)}}, {"digests": {}},
        {"kind": "pdq", "values": []}, {"kind": "pdq", "values": [{"orientation": "sideways", "value": signal(0)}]},
        pdq(&signal(0)),
    ]);
    let answers = server.post("/v1/look_ups", &json!({"queries": queries})).expect(200);
    let codes: Vec<_> = answers["answers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["query"].as_u64().unwrap(), one["error"]["code"].as_str().unwrap_or("-")))
        .collect();
    assert_eq!(
        codes,
        [
            (0, "-"),
            (1, "app.bad_signal"),
            (2, "app.no_such"),
            (3, "app.bad_field"),
            (4, "app.bad_field"),
            (5, "app.bad_field"),
            (6, "app.bad_field"),
            (7, "app.bad_field"),
            (8, "app.no_such"),
            (9, "-")
        ]
    );
    assert_eq!(answers["answers"][9]["matches"], answers["answers"][0]["matches"]);
    assert_eq!(answers["answers"][1]["matches"], json!([]));
}

#[test]
fn requests_that_cannot_be_are_refused() {
    let server = with_bank("A", json!({}), &[pdq(&signal(0))]);
    let check = |body: Value, status: u16, code: &str| {
        server.post("/v1/look_ups", &body).problem(status, code);
    };
    let one = json!([pdq(&signal(0))]);
    check(json!({"queries": []}), 422, "app.bad_field");
    check(json!({"queries": vec![pdq(&signal(0)); 1_001]}), 422, "app.bad_field");
    check(json!({"queries": [{"kind": "pdq", "value": 7}]}), 422, "web.bad_body");
    check(json!({"queries": one, "colour": "blue"}), 422, "web.bad_body");
    let with = |options: Value| json!({"queries": one, "options": options});
    check(with(json!({"banks": ["GONE"]})), 404, "app.no_such");
    check(with(json!({"distance": 32})), 422, "app.bad_field");
    check(with(json!({"include": ["everything"]})), 422, "web.bad_body");
    check(with(json!({"kinds": ["colour"]})), 404, "app.no_such");
    check(with(json!({"seed": "x".repeat(256)})), 422, "app.bad_field");
    check(with(json!({"colour": "blue"})), 422, "web.bad_body");
    server.upload("/v1/look_ups", "image/png", CHART).problem(415, "web.media_type");
    server.upload("/v1/look_ups", "application/json", b"{").problem(422, "web.bad_body");
    server.upload("/v1/look_ups", "application/json", b"\xff").problem(422, "web.bad_body");
    let large = vec![b' '; 200 << 20];
    server.upload("/v1/look_ups", "application/json", &large).problem(413, "web.too_large");
}

#[test]
fn banks_answer_by_their_radius_ratio_and_role() {
    let server = with_bank("NEAR", json!({"distance": 8}), &[pdq(&signal(2)), pdq(&signal(3))]);
    add_bank(&server, "OFF", json!({"enabled_ratio": 0}), &[pdq(&signal(1))]);
    let half = add_bank(&server, "HALF", json!({"enabled_ratio": 0.5}), &[pdq(&signal(5))]);
    let ask = |options: Value| look_up(&server, pdq(&signal(0)), options);
    let answers = |seed: &str| ask(json!({"seed": seed}));
    let of_half = |answer: &Value| distances(answer).contains(&("HALF", Some(20)));
    let drawn: Vec<bool> = (0..40).map(|n| of_half(&answers(&n.to_string()))).collect();
    assert!(drawn.contains(&true) && drawn.contains(&false), "{drawn:?}");
    assert_eq!(of_half(&answers("7")), of_half(&answers("7")), "a seed draws the same");
    let all = ask(json!({"bypass_ratio": true}));
    assert_eq!(distances(&all), [("OFF", Some(4)), ("NEAR", Some(8)), ("HALF", Some(20))]);
    let one = ask(json!({"bypass_ratio": true, "banks": ["HALF"]}));
    assert_eq!(one["matches"][0]["content"], half[0]);
    let allowed = add_bank(&server, "ALLOW", json!({"role": "allow"}), &[pdq(&signal(0))]);
    let silent = ask(json!({"bypass_ratio": true}));
    assert_eq!(silent["matches"], json!([]));
    assert_eq!(silent["suppressed_by"][0]["content"], allowed[0]);
    assert_eq!(silent["suppressed_by"][0]["bank"], "ALLOW");
    // A signal type that is off is not looked up.
    server.patch("/v1/signal_types/pdq", &json!({"enabled_ratio": 0})).expect(200);
    assert_eq!(ask(json!({}))["kinds"], json!([]));
    server
        .patch("/v1/signal_types/pdq", &json!({"enabled_ratio": 2}))
        .problem(422, "app.bad_field");
    server
        .patch("/v1/signal_types/colour", &json!({"enabled_ratio": 1}))
        .problem(404, "app.no_such");
}

#[test]
fn what_is_known_of_a_content_is_told_where_asked_for() {
    let server = Server::start();
    server.post("/v1/banks", &json!({"name": "A"})).expect(201);
    let content = json!({
        "signals": [pdq(&signal(1))], "labels": ["x"], "note": "generated", "metadata": [1],
        "uri": "https://files.example.org/1",
    });
    server.post("/v1/banks/A/contents", &json!({"contents": [content]})).expect(201);
    let answer = look_up(&server, pdq(&signal(0)), json!({"include": ["content", "exchange"]}));
    let found = &answer["matches"][0];
    assert_eq!(
        found["facts"],
        json!({
            "stored": signal(1), "labels": ["x"], "note": "generated", "metadata": [1],
            "uri": "https://files.example.org/1",
        })
    );
    assert_eq!((found.get("exchange"), found.get("frames")), (Some(&Value::Null), None));
}

#[test]
fn digests_and_films_match_too() {
    let digest = |kind: &str, digits: usize| json!({"kind": kind, "value": "a".repeat(digits)});
    let film = json!({"kind": "vpdq", "value": format!("[\"{},100,0.000\",\"{},90,1.000\"]", signal(0), signal(40))});
    let signals = [
        digest("md5", 32),
        digest("video_md5", 32),
        digest("sha1", 40),
        digest("sha256", 64),
        film.clone(),
    ];
    let server = with_bank("A", json!({}), &signals);
    let query = json!({"digests": {"md5": "A".repeat(32), "sha256": "a".repeat(64)}});
    let answer = look_up(&server, query.clone(), json!({}));
    assert_eq!(answer["kinds"], json!(["video_md5", "md5", "sha256"]));
    let kinds: Vec<_> =
        answer["matches"].as_array().unwrap().iter().map(|one| &one["kind"]).collect();
    assert_eq!(kinds, ["video_md5", "md5", "sha256"]);
    assert_eq!(answer["matches"][0]["distance"], Value::Null);
    let fewer = look_up(&server, query, json!({"kinds": ["md5"]}));
    assert_eq!(fewer["kinds"], json!(["md5"]));
    let bad = look_up(&server, json!({"digests": {"sha1": "a"}}), json!({}));
    assert_eq!(bad["error"]["code"], "app.bad_signal");
    let answer = look_up(&server, film, json!({}));
    assert_eq!(
        answer["matches"][0]["frames"],
        json!({"asked_percent": 100, "stored_percent": 100})
    );
}

/// A form with parts: name, file name, bytes.
fn form(parts: &[(&str, Option<&str>, &[u8])]) -> (String, Vec<u8>) {
    let boundary = "part-of-a-test";
    let mut body = Vec::new();
    for (name, file, bytes) in parts {
        let file = file.map_or(String::new(), |file| format!("; filename=\"{file}\""));
        let head = format!(
            "--{boundary}\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={boundary}"), body)
}

#[test]
fn hashed_on_one_tier_and_matched_on_another() {
    let server = with_bank("A", json!({}), &[pdq(CHART_PDQ)]);
    let made = server.upload("/v1/signals", "image/png", CHART).expect(200);
    assert_eq!(
        keys(&made),
        ["content_type", "digests", "failure", "mime", "signals", "size_bytes"]
    );
    assert_eq!((&made["mime"], &made["content_type"]), (&json!("image/png"), &json!("photo")));
    assert_eq!(made["size_bytes"], CHART.len());
    let kinds: Vec<_> =
        made["signals"].as_array().unwrap().iter().map(|one| &one["kind"]).collect();
    assert_eq!(kinds, ["pdq", "md5", "sha1", "sha256"]);
    assert_eq!(
        made["signals"][0],
        json!({"kind": "pdq", "value": CHART_PDQ, "variant": "full", "orientation": "original", "quality": 100})
    );
    assert_eq!(made["signals"][3], json!({"kind": "sha256", "value": made["digests"]["sha256"]}));

    let (media_type, body) = form(&[("upload", Some("chart.png"), CHART)]);
    let path = "/v1/signals?kinds=pdq&orientations=all&variant=both";
    let made = server.upload(path, &media_type, &body).expect(200);
    let signals = made["signals"].as_array().unwrap();
    assert_eq!(signals.len(), 16);
    // The other tier turns nothing: it is given all orientations of a picture that was turned.
    let of_one = signals.iter().filter(|one| one["variant"] == "full");
    let values: Vec<Value> = of_one
        .map(|one| json!({"orientation": one["orientation"], "value": one["value"]}))
        .collect();
    let mirrored = json!({"kind": "pdq", "values": values});
    let answer = look_up(&server, mirrored, json!({}));
    assert_eq!(answer["matches"][0]["orientation"], "original");
    let only_turned = json!({"kind": "pdq", "values": [values[5]]});
    add_bank(&server, "MIRRORED", json!({}), &[pdq(values[5]["value"].as_str().unwrap())]);
    let answer = look_up(&server, only_turned, json!({"banks": ["MIRRORED"]}));
    assert_eq!(answer["matches"][0]["orientation"], "flip_y");
}

#[test]
fn uploads_are_looked_up() {
    let server = with_bank("A", json!({}), &[pdq(CHART_PDQ)]);
    let options = br#"{"include": ["content"], "orientations": "all"}"#;
    let parts: [(&str, Option<&str>, &[u8]); 4] = [
        ("a", Some("chart.png"), CHART),
        ("options", None, options),
        ("b", Some("broken.png"), &CHART[..500]),
        ("c", Some("words.txt"), b"words"),
    ];
    let (media_type, body) = form(&parts);
    let answers = server.upload("/v1/look_ups", &media_type, &body).expect(200);
    let answers = answers["answers"].as_array().unwrap();
    assert_eq!(answers.len(), 3);
    assert_eq!(answers[0]["kinds"], json!(["pdq", "md5", "sha1", "sha256"]));
    assert_eq!(answers[0]["matches"][0]["distance"], 0);
    assert_eq!(answers[0]["matches"][0]["facts"]["stored"], CHART_PDQ);
    // A file that cannot be decoded still has its digests looked up.
    assert_eq!(answers[1]["kinds"], json!(["md5", "sha1", "sha256"]));
    assert!(answers[1]["error"]["code"].as_str().unwrap().starts_with("decode."));
    assert_eq!(answers[2]["kinds"], json!(["md5", "sha1", "sha256"]));

    let check = |parts: &[(&str, Option<&str>, &[u8])], code: &str| {
        let (media_type, body) = form(parts);
        server.upload("/v1/look_ups", &media_type, &body).problem(422, code);
    };
    check(&[("options", None, b"{}")], "web.bad_body");
    check(&[("a", Some("x"), b"x"), ("options", None, b"{")], "web.bad_body");
    check(&[("a", Some("x"), b"x"), ("colour", None, b"blue")], "web.bad_body");
    let many: Vec<(&str, Option<&str>, &[u8])> = vec![("a", Some("x"), b"x"); 17];
    check(&many, "web.bad_body");
    server.upload("/v1/look_ups", "multipart/form-data", &body).problem(422, "web.bad_body");
    let (media_type, body) = form(&parts);
    server.upload("/v1/look_ups", &media_type, &body[..600]).problem(422, "web.bad_body");
    // Whoever may look up may not have files hashed.
    let secret = create_token(&server.place, &["--scopes", "match"]);
    std::thread::sleep(std::time::Duration::from_millis(600));
    let headers =
        [format!("authorization: Bearer {secret}"), format!("content-type: {media_type}")];
    let answer = server.ask("POST", "/v1/look_ups", &[&headers[0], &headers[1]], &body);
    answer.problem(403, "web.no_scope");
}

#[test]
fn uploads_that_cannot_be_hashed_are_told_so() {
    let server = Server::start();
    let check = |query: &str, status: u16, code: &str| {
        let path = format!("/v1/signals{query}");
        server.upload(&path, "image/png", CHART).problem(status, code);
    };
    check("?kinds=colour", 404, "app.no_such");
    check("?kinds=", 404, "app.no_such");
    check("?variant=best", 422, "web.bad_address");
    check("?orientations=some", 422, "web.bad_address");
    check("?colour=blue", 422, "web.bad_address");
    server.upload("/v1/signals", "image/png", b"").problem(422, "web.bad_body");
    let (media_type, body) = form(&[("a", Some("x"), CHART), ("b", Some("y"), CHART)]);
    server.upload("/v1/signals", &media_type, &body).problem(422, "web.bad_body");
    let broken = server.upload("/v1/signals", "image/png", &CHART[..500]).expect(200);
    assert!(broken["failure"]["code"].as_str().unwrap().starts_with("decode."));
    assert_eq!(broken["signals"].as_array().unwrap().len(), 3, "its digests");
    let words = server.upload("/v1/signals", "text/plain", b"words").expect(200);
    assert_eq!((&words["content_type"], &words["failure"]), (&Value::Null, &Value::Null));
}
