//! `/c`: banks and contents.

use serde_json::{Value, json};

use super::{A, A2, MD5, bank, flat, signal};
use crate::served::{Answer, Served};
use crate::support::{CHART, CHART_PDQ};

/// The one fault of a schema error.
fn fault(answer: &Answer, kind: &str, field: &str) {
    let faults = answer.json();
    assert_eq!(answer.status, 422, "{faults}");
    let fault = &faults[0];
    let of = (fault["type"].as_str(), fault["loc"][0].as_str().unwrap_or_default());
    assert_eq!(of, (Some(kind), field), "{faults}");
    for key in ["msg", "input", "url"] {
        assert!(fault.get(key).is_some(), "no {key}: {faults}");
    }
}

#[test]
fn banks_are_made_changed_and_removed() {
    let (_place, served) = Served::fresh(&[]);
    served.get("/c/banks").is(200, &json!([]));
    let object = |name: &str, ratio: f64| json!({"name": name, "matching_enabled_ratio": ratio});
    let made = |body: Value, expected: Value| {
        let name = expected["name"].as_str().unwrap().to_owned();
        served.send("POST", "/c/banks", &body).is(201, &expected);
        served.get(&format!("/c/bank/{name}")).is(200, &expected);
        served.delete(&format!("/c/bank/{name}")).says(200, "Done");
        served.delete(&format!("/c/bank/{name}")).says(200, "Done");
        served.get(&format!("/c/bank/{name}")).says(404, &format!("bank '{name}' not found"));
    };
    made(json!({"name": "A"}), object("A", 1.0));
    made(json!({"name": "A", "enabled_ratio": "0.5"}), object("A", 0.5));
    made(json!({"name": "A", "enabled_ratio": null}), object("A", 1.0));
    made(json!({"name": "A", "enabled": false}), object("A", 0.0));
    made(json!({"name": "A", "enabled": "no", "enabled_ratio": 0.25}), object("A", 0.25));
    made(json!({"name": "_A1", "what_else": 1}), object("_A1", 1.0));

    let post = |body: Value| served.send("POST", "/c/banks", &body);
    for name in ["lower", "1A", "", "A\n", "A B", "Ä", &"A".repeat(256)] {
        post(json!({"name": name})).says(400, "Bank names must be UPPER_WITH_UNDERSCORE");
    }
    fault(&post(json!({})), "missing", "name");
    fault(&post(json!({"name": null})), "string_type", "name");
    fault(&post(json!({"name": 5})), "string_type", "name");
    fault(&post(json!({"name": "A", "enabled_ratio": "x"})), "float_parsing", "enabled_ratio");
    fault(&post(json!({"name": "A", "enabled_ratio": 7})), "less_than_equal", "enabled_ratio");
    fault(&post(json!({"name": "A", "enabled_ratio": -1})), "greater_than_equal", "enabled_ratio");
    fault(&post(json!({"name": "A", "enabled": "perhaps"})), "bool_parsing", "enabled");
    fault(&post(json!([1])), "model_type", "");
    fault(&served.ask("POST", "/c/banks", "content-type: text/plain\r\n", b"x"), "model_type", "");
    fault(
        &served.ask("POST", "/c/banks", "content-type: application/json\r\n", b"{"),
        "model_type",
        "",
    );

    bank(&served, "A");
    bank(&served, "B");
    post(json!({"name": "A"})).says(403, "Bank already exists");
    let put = |name: &str, body: Value| served.send("PUT", &format!("/c/bank/{name}"), &body);
    put("NONE", json!({})).says(404, "Bank not found");
    put("A", json!({"name": "B"})).says(403, "Bank name already exists");
    put("A", json!({"name": "x"})).says(400, "Bank names must be UPPER_WITH_UNDERSCORE");
    put("A", json!({})).is(200, &object("A", 1.0));
    put("A", json!({"enabled": "false"})).is(200, &object("A", 0.0));
    put("A", json!({"enabled_ratio": "0.75"})).is(200, &object("A", 0.75));
    fault(&put("A", json!({"enabled_ratio": "x"})), "float_parsing", "enabled_ratio");
    // Contents stay under the new name.
    let content = signal(&served, "A", A);
    put("A", json!({"name": "C"})).is(200, &object("C", 0.75));
    assert_eq!(served.get(&format!("/c/bank/C/content/{content}")).status, 200);
    served.get("/c/banks").is(200, &json!([object("C", 0.75), object("B", 1.0)]));
    served.get("//c/banks").is(200, &json!([object("C", 0.75), object("B", 1.0)]));
}

#[test]
fn signals_are_added_as_they_are_or_refused() {
    let (_place, served) = Served::fresh(&[]);
    bank(&served, "A");
    let post = |body: Value| served.send("POST", "/c/bank/A/signal", &body);
    post(json!({"pdq": A, "note": "n"})).is(200, &json!({"id": 1, "signals": {"pdq": A}}));
    let padded = format!(" {} ", MD5.to_uppercase());
    post(json!({"video_md5": padded})).is(200, &json!({"id": 2, "signals": {"video_md5": MD5}}));
    post(json!({"pdq": A, "video_md5": MD5}))
        .is(200, &json!({"id": 3, "signals": {"pdq": A, "video_md5": MD5}}));
    for bad in [A.to_uppercase(), "ab".to_owned(), String::new(), format!("{A}00"), format!(" {A}")]
    {
        post(json!({"pdq": bad})).says(400, "Invalid pdq signal: invalid PDQ hash");
    }
    post(json!({"zz": "ab"})).says(400, "No such signal type zz");
    for empty in [json!({}), json!([]), json!({"note": "x"})] {
        post(empty).says(400, "No signals given");
    }
    post(json!({"pdq": 5})).says(400, "Invalid pdq signal: a text was expected");
    post(json!({"pdq": A, "note": 5})).says(400, "note should be a string");
    post(json!({"pdq": A, "note": "x".repeat(256)}))
        .says(400, "note must be at most 255 characters");
    // One bad value loses the whole content.
    post(json!({"pdq": A, "video_md5": "zz"}))
        .says(400, "Invalid video_md5 signal: not 32 hexadecimal digits");
    let other = served.ask("POST", "/c/bank/A/signal", "content-type: text/plain\r\n", b"x");
    assert_eq!(other.status, 415);
    let broken = served.ask("POST", "/c/bank/A/signal", "content-type: application/json\r\n", b"{");
    assert_eq!(broken.status, 400);
    served
        .send("POST", "/c/bank/NONE/signal", &json!({"pdq": A}))
        .says(404, "bank 'NONE' not found");
    assert_eq!(served.get("/m/index/status").json()["pdq"]["size"], 2);
}

#[test]
fn contents_are_added_by_upload() {
    let (_place, served) = Served::fresh(&[]);
    bank(&served, "A");
    let path = "/c/bank/A/content";
    let chart = ("photo", Some("x.png"), CHART);
    let metadata = json!({"content_id": "c1", "json": {"a": 1}}).to_string();
    let parts = [chart, ("note", None, &b"fn"[..]), ("metadata", None, metadata.as_bytes())];
    served.form(path, &parts).is(200, &json!({"id": 1, "signals": {"pdq": CHART_PDQ}}));
    served.get("/c/bank/A/content/1?include_signals=true").is(
        200,
        &json!({
            "id": 1, "disable_until_ts": 1, "original_media_uri": null, "note": "fn",
            "bank": {"name": "A", "matching_enabled_ratio": 1.0}, "signals": {"pdq": CHART_PDQ},
            "metadata": {"content_id": "c1", "content_uri": null, "json": {"a": 1}, "collab": null},
        }),
    );
    // Some clients send the inner object alone, or put what they know into the query.
    let inner = json!({"team": 7}).to_string();
    served.form(path, &[chart, ("metadata", None, inner.as_bytes())]).json();
    let stored = served.get("/c/bank/A/content/2").json();
    assert_eq!(stored["metadata"]["json"], json!({"team": 7}));
    let query = format!("{path}?content_id=7&content_uri=urn%3Ax&metadata=%7B%22b%22%3A2%7D");
    assert_eq!(served.form(&query, &[chart]).status, 200);
    let stored = served.get("/c/bank/A/content/3").json();
    let expected =
        json!({"content_id": "7", "content_uri": "urn:x", "json": {"b": 2}, "collab": null});
    assert_eq!(stored["metadata"], expected);

    served
        .form(path, &[("video", Some("x.mp4"), b"pretend film")])
        .is(200, &json!({"id": 4, "signals": {"video_md5": "cf54dc3a79e75f2a500b3dae9568c2c7"}}));
    served
        .form(path, &[("photo", Some("x.png"), &flat())])
        .says(400, "Invalid pdq signal: invalid PDQ hash");
    served.form(path, &[("file", Some("x.png"), CHART)]).says(400, "no such content_type: 'file'");
    served.form(path, &[chart, chart]).says(400, "Only one file allowed per request");
    let nothing = "Neither `url` nor multipart file upload was received";
    served.form(path, &[("note", None, b"x")]).says(400, nothing);
    served.ask("POST", path, "", b"").says(400, nothing);
    served.form("/c/bank/NONE/content", &[chart]).says(404, "bank 'NONE' not found");
    for (metadata, begins) in
        [("{", "Invalid metadata: "), ("[]", "metadata should be a json object")]
    {
        let answer = served.form(path, &[chart, ("metadata", None, metadata.as_bytes())]);
        assert_eq!(answer.status, 400);
        assert!(answer.text().contains(begins), "{}", answer.text());
    }
    let foreign = json!({"metadata": {"zz": 1}});
    let answer = served.send("POST", &format!("{path}?url=http://example.org/a"), &foreign);
    assert_eq!(answer.status, 400);
    assert!(answer.text().contains("Invalid metadata: zz"), "{}", answer.text());
    let url = served.ask("POST", &format!("{path}?url=http://example.org/a.jpg"), "", b"");
    url.says(400, "Invalid or unsafe URL provided");
}

#[test]
fn contents_are_shown_changed_and_removed() {
    let (_place, served) = Served::fresh(&[]);
    bank(&served, "A");
    bank(&served, "B");
    signal(&served, "A", A);
    let path = "/c/bank/A/content/1";
    let shown = json!({
        "id": 1, "disable_until_ts": 1, "original_media_uri": null,
        "bank": {"name": "A", "matching_enabled_ratio": 1.0},
    });
    served.get(path).is(200, &shown);
    served.get(&format!("{path}?include_metadata=false")).is(200, &shown);
    for (path, message) in [
        ("/c/bank/A/content/999", "content '999' not found"),
        ("/c/bank/A/content/99999999999999999999", "content '18446744073709551615' not found"),
        ("/c/bank/NONE/content/1", "bank 'NONE' not found"),
        // Not as HMA, which does not look at the bank.
        ("/c/bank/B/content/1", "content '1' not found"),
    ] {
        served.get(path).says(404, message);
        served.send("PUT", path, &json!({})).says(404, message);
    }
    assert_eq!(served.get("/c/bank/A/content/xx").status, 404);
    let put = |body: Value| served.send("PUT", path, &body);
    let changed = |enabled: i64, note: Value| {
        json!({
            "id": 1, "disable_until_ts": enabled, "original_media_uri": null, "note": note,
            "bank": {"name": "A", "matching_enabled_ratio": 1.0}, "user_metadata": null,
            "collab_metadata": {},
        })
    };
    put(json!({})).is(200, &changed(1, json!(null)));
    put(json!({"disable_until_ts": "0"})).is(200, &changed(0, json!(null)));
    put(json!({"note": "other"})).is(200, &changed(0, json!("other")));
    put(json!({"note": ""})).is(200, &changed(0, json!(null)));
    let soon = tutela_core::Timestamp::now().as_second() + 1_000;
    put(json!({"disable_until_ts": soon, "note": null})).is(200, &changed(soon, json!(null)));
    put(json!({"disable_until_ts": -1}))
        .says(400, "disable_until_ts must be a non-negative integer");
    let far = "disable_until_ts must be less than 5 years in the future";
    put(json!({"disable_until_ts": 9_999_999_999_i64})).says(400, far);
    put(json!({"disable_until_ts": "x"})).says(400, "Invalid int: 'x'");
    put(json!({"disable_until_ts": null})).says(400, "Invalid int: 'null'");
    put(json!({"note": 5})).says(400, "note should be a string");
    put(json!({"note": "x".repeat(256)})).says(400, "note must be at most 255 characters");

    served.delete("/c/bank/B/content/1").is(200, &json!({"deleted": 0}));
    served.delete("/c/bank/NONE/content/1").says(404, "bank 'NONE' not found");
    assert_eq!(served.delete("/c/bank/A/content/xx").status, 404);
    served.delete(path).is(200, &json!({"deleted": 1}));
    served.delete(path).is(200, &json!({"deleted": 0}));
    served.get(path).says(404, "content '1' not found");
    // A number is never given again.
    assert_eq!(signal(&served, "A", A2), 2);
}

#[test]
fn kinds_of_signal_have_ratios() {
    let (_place, served) = Served::fresh(&[]);
    bank(&served, "A");
    signal(&served, "A", A);
    let kinds = served.get("/c/signal_type").json();
    assert_eq!(kinds[0], json!({"name": "pdq", "enabled_ratio": 1.0}));
    assert_eq!(kinds[1], json!({"name": "video_md5", "enabled_ratio": 1.0}));
    served
        .get("/c/content_type")
        .is(200, &json!([{"name": "photo", "enabled": true}, {"name": "video", "enabled": true}]));
    let index = served.get("/c/signal_type/index").json();
    let pdq = &index["pdq"];
    let sizes = (&pdq["db_size"], &pdq["index_size"], &pdq["index_out_of_date"]);
    assert_eq!(sizes, (&json!(1), &json!(1), &json!(false)));
    assert!(pdq["newest_db_item"].as_i64().unwrap() > 1_700_000_000);
    assert_eq!(index["video_md5"]["index_built_to"], -1);
    assert_eq!(
        served.get("/c/signal_type/index?signal_type=pdq").json().as_object().unwrap().len(),
        1
    );
    served.get("/c/signal_type/index?signal_type=zz").says(400, "No such signal type 'zz'");

    let put =
        |name: &str, body: Value| served.send("PUT", &format!("/c/signal_type/{name}"), &body);
    let look_up = format!("/m/lookup?signal_type=pdq&signal={A}");
    assert_eq!(put("pdq", json!({"enabled_ratio": "0"})).status, 204);
    served.get(&look_up).says(400, "SignalType 'pdq' is not enabled");
    assert_eq!(put("pdq", json!({"enabled_ratio": 1})).status, 204);
    assert_eq!(served.get(&look_up).status, 200);
    put("zz", json!({"enabled_ratio": 1})).says(404, "No such signal type 'zz'");
    fault(&put("pdq", json!({})), "missing", "enabled_ratio");
    fault(&put("pdq", json!({"enabled_ratio": "x"})), "float_parsing", "enabled_ratio");
}
