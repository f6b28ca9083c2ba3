//! `/h`: signals of uploads and of what URLs lead to.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use serde_json::json;

use super::{bank, flat};
use crate::served::Served;
use crate::support::{CHART, CHART_PDQ};

#[test]
fn uploads_are_hashed() {
    let (_place, served) = Served::fresh(&[]);
    let chart = ("photo", Some("x.png"), CHART);
    let post = |path: &str, parts: &[(&str, Option<&str>, &[u8])]| served.form(path, parts);
    let pdq = json!({"pdq": CHART_PDQ});
    post("/h/hash", &[chart]).is(200, &pdq);
    post("/h/hash?types=pdq", &[chart]).is(200, &pdq);
    let all = post("/h/hash?types=pdq,md5,sha1,sha256", &[chart]).json();
    for (kind, digits) in [("md5", 32), ("sha1", 40), ("sha256", 64), ("pdq", 64)] {
        assert_eq!(all[kind].as_str().unwrap().len(), digits, "{all}");
    }
    post("/h/hash", &[("photo", Some("x.png"), &flat())]).is(200, &json!({"pdq": ""}));
    // A film is known by its digest, whatever it holds.
    let film = json!({"video_md5": "c4ca4238a0b923820dcc509a6f75849b"});
    post("/h/hash", &[("video", Some("x.mp4"), b"1")]).is(200, &film);
    for (parts, message) in [
        (&[chart, chart][..], "Only one file allowed per request"),
        (&[chart, ("video", Some("y"), b"1")][..], "Only one file allowed per request"),
        (&[("file", Some("x"), &b"1"[..])][..], "no such content_type: 'file'"),
        (&[("photo", None, &b"x"[..])][..], "Missing multipart/form-data file upload"),
        (&[][..], "Missing multipart/form-data file upload"),
    ] {
        post("/h/hash", parts).says(400, message);
    }
    served
        .ask("POST", "/h/hash", "content-type: image/png\r\n", CHART)
        .says(400, "Missing multipart/form-data file upload");
    let other = "signal type 'video_md5' doesn't exist or is disabled";
    post("/h/hash?types=video_md5", &[chart]).says(400, other);
    post("/h/hash?types=zz", &[chart]).says(400, "signal type 'zz' doesn't exist or is disabled");
    post("/h/hash?types=,", &[chart]).says(400, "empty signal type selection");
}

#[test]
fn what_cannot_be_decoded_is_refused_and_harms_nothing() {
    let (_place, served) = Served::fresh(&[]);
    // Pictures that lie: no picture, cut short, and a side of two thousand million pixels.
    let mut huge = CHART.to_vec();
    huge[16..20].copy_from_slice(&0x7fff_ffff_u32.to_be_bytes());
    let cut = CHART[..CHART.len() / 2].to_vec();
    for lie in [&b""[..], b"no picture", b"\xff\xd8\xff\xd9", &cut, &huge, b"%PDF-1.7", &[0; 4096]]
    {
        let answer = served.form("/h/hash", &[("photo", Some("x.jpg"), lie)]);
        assert_eq!(answer.status, 400, "{}", answer.text());
        assert!(answer.text().contains("cannot be hashed as pdq"), "{}", answer.text());
        assert_eq!(served.form("/m/lookup", &[("photo", Some("x.jpg"), lie)]).status, 400);
    }
    served.form("/h/hash", &[("photo", Some("x"), CHART)]).is(200, &json!({"pdq": CHART_PDQ}));
    let head = "content-type: multipart/form-data; boundary=x\r\n";
    for body in [
        &b""[..],
        b"--x\r\n",
        b"--x\r\ncontent-disposition: form-data; name=\"photo\"; filename=\"a\"\r\n\r\nabc",
    ] {
        assert_eq!(served.ask("POST", "/h/hash", head, body).status, 400);
    }
    let head = "content-type: multipart/form-data\r\n";
    assert_eq!(served.ask("POST", "/h/hash", head, b"x").status, 400);
}

#[test]
fn urls_are_fetched_from_listed_hosts_only() {
    let host = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", host.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in host.incoming() {
            let mut stream = stream.unwrap();
            let mut head = [0; 2048];
            let read = stream.read(&mut head).unwrap();
            let head = String::from_utf8_lossy(&head[..read]).into_owned();
            let (line, body) = match head.split(' ').nth(1).unwrap() {
                "/a.png" => ("200 OK\r\ncontent-type: image/png", CHART),
                "/a.mp4" => ("200 OK\r\ncontent-type: video/mp4", &b"1"[..]),
                "/text" => ("200 OK\r\ncontent-type: text/plain", &b"1"[..]),
                "/nothing" => ("200 OK", CHART),
                "/on" => ("302 Found\r\nlocation: /a.png", &b""[..]),
                "/away" => ("302 Found\r\nlocation: http://192.0.2.1/a.png", &b""[..]),
                _ => ("404 Not Found", &b""[..]),
            };
            let head = format!(
                "HTTP/1.1 {line}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
        }
    });
    let unsafe_url = "Invalid or unsafe URL provided";
    let (_place, served) = Served::fresh(&[]);
    served.get(&format!("/h/hash?url={base}/a.png")).says(400, unsafe_url);
    drop(served);

    let place = crate::support::Place::with_workspace();
    let toml = std::fs::read_to_string(place.path("ws/tutela.toml")).unwrap();
    let toml = toml.replacen("hosts = []", "hosts = [\"127.0.0.1\"]", 1);
    std::fs::write(place.path("ws/tutela.toml"), toml).unwrap();
    let served = Served::over(&place, &[]);
    let get = |query: &str| served.get(&format!("/h/hash?url={base}{query}"));
    get("/a.png").is(200, &json!({"pdq": CHART_PDQ}));
    get("/on").is(200, &json!({"pdq": CHART_PDQ}));
    get("/a.mp4").is(200, &json!({"video_md5": "c4ca4238a0b923820dcc509a6f75849b"}));
    get("/text&content_type=video")
        .is(200, &json!({"video_md5": "c4ca4238a0b923820dcc509a6f75849b"}));
    for query in ["/text", "/nothing"] {
        assert!(get(query).text().contains("unsupported url ContentType"), "{query}");
    }
    get("/away").says(400, unsafe_url);
    get("/none").says(400, "Failed to fetch URL: the host answered with status 404");
    get("/a.png&content_type=zz").says(400, "no such content_type: 'zz'");
    get("/a.png&types=zz").says(400, "signal type 'zz' doesn't exist or is disabled");
    for url in [
        "ftp://127.0.0.1/a",
        "data:,a",
        "//127.0.0.1/a",
        "x",
        "http://user@127.0.0.1/",
        "http://192.0.2.1/",
    ] {
        served.get(&format!("/h/hash?url={url}")).says(400, unsafe_url);
    }
    assert_eq!(served.get("/h/hash").status, 422);

    bank(&served, "A");
    let path = format!("/c/bank/A/content?url={base}/a.png&content_type=photo");
    let added = served.send("POST", &path, &json!({"note": "n", "metadata": {"content_id": "c"}}));
    added.is(200, &json!({"id": 1, "signals": {"pdq": CHART_PDQ}}));
    let near = json!({"A": [{"bank_content_id": 1, "distance": "0"}]});
    served.get(&format!("/m/lookup?url={base}/a.png")).is(200, &json!({"pdq": near}));
    served.get(&format!("/m/lookup?url={base}/a.png&signal_type=pdq")).is(200, &near);
    served.get(&format!("/m/lookup?url={base}/a.png&signal_type=zz")).is(200, &json!({}));
}
