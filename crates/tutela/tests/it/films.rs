//! Films through a fenced ffmpeg. Where ffmpeg is not installed these tests have nothing to try.

use std::process::{Command, Stdio};

use serde_json::Value;
use tutela_app::evidence::decoder::{Decoder, DecoderConfig};

use crate::support::{Place, json, read_jsonl, tutela};

/// Makes films of test charts; `None` where there is no ffmpeg.
fn make(place: &Place, name: &str, options: &[&str]) -> Option<String> {
    let path = place.text(name);
    std::fs::create_dir_all(place.path(name).parent().unwrap()).unwrap();
    let chart = ["-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25:duration=5"];
    let made = Command::new("ffmpeg")
        .args(["-nostdin", "-hide_banner", "-loglevel", "error", "-y"])
        .args(chart)
        .args(options)
        .arg(&path)
        .output();
    let Ok(made) = made else {
        eprintln!("skipped: ffmpeg is not installed");
        return None;
    };
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Some(path)
}

fn scan(place: &Place, lists: &[&str], out: &str) -> (Value, Vec<Value>) {
    let (device, ws, out) = (place.text("device"), place.text("ws"), place.text(out));
    let mut args = vec!["media", "scan", &device, "--dir", &ws, "--out", &out];
    args.extend(lists.iter().flat_map(|list| ["--list", *list]));
    let summary = json(&args);
    (summary, read_jsonl(&std::path::Path::new(&out).join("items.jsonl")))
}

fn item<'a>(items: &'a [Value], name: &str) -> &'a Value {
    items.iter().find(|item| item["path"].as_str().unwrap().ends_with(name)).unwrap()
}

#[test]
fn films_are_compared_with_films_and_with_stills() {
    let place = Place::with_workspace();
    let gop = ["-c:v", "mpeg4", "-g", "25"];
    if make(&place, "device/a.mp4", &gop).is_none() {
        return;
    }
    make(&place, "device/smaller.mkv", &["-c:v", "mpeg4", "-g", "25", "-vf", "scale=240:180"]);
    make(&place, "still.png", &["-ss", "2", "-frames:v", "1"]);
    place.file("device/sound.m3u8", "#EXTM3U\n#EXTINF:1,\n/etc/hostname\n");
    place.file("device/cut.mp4", &std::fs::read(place.path("device/a.mp4")).unwrap()[..40_000]);

    let (summary, first) = scan(&place, &[], "one");
    let checks = summary["self_test"]["checks"].as_array().unwrap();
    let of_films = |check: &&Value| check["name"].as_str().unwrap().contains("process of films");
    assert_eq!(checks.iter().filter(of_films).count(), 3, "{checks:?}");
    let film = item(&first, "a.mp4");
    assert_eq!((&film["outcome"], &film["frames"]), (&"new".into(), &5.into()), "{film}");
    assert_eq!((&film["width"], &film["height"]), (&320.into(), &240.into()));
    let duration = film["duration_ms"].as_u64().unwrap();
    assert!((4_900..5_200).contains(&duration), "{duration}");
    let signal = film["signals"][0]["value"].as_str().unwrap();
    assert_eq!(film["signals"][0]["kind"], "vpdq");
    assert_eq!(item(&first, "cut.mp4")["outcome"], "failed");

    let quoted = signal.replace('"', "\"\"");
    let films = place.file(
        "films.vpdq.te",
        format!(
            "indicator,indicator_id,first_descriptor_id,added_on,labels\n\"{quoted}\",1,2,,example\n"
        ),
    );
    let still = json(&["media", "hash", &place.text("still.png")]);
    let stills = place.file("stills.txt", still["signals"][0]["value"].as_str().unwrap());
    let (summary, items) = scan(&place, &[&films, &stills], "two");
    assert_eq!(summary["self_test"]["passed"], true);
    for name in ["a.mp4", "smaller.mkv"] {
        let matches = item(&items, name)["matches"].as_array().unwrap();
        let of = |method: &str| matches.iter().find(|m| m["method"] == method).unwrap();
        assert_eq!(
            (&of("vpdq")["exhibit_percent"], &of("vpdq")["part"]),
            (&100.into(), &"whole".into())
        );
        assert_eq!(
            (&of("pdq")["part"], &of("pdq")["frame_at_ms"]),
            (&"frame".into(), &2000.into())
        );
        assert_eq!(item(&items, name)["outcome"], "near");
    }
    assert_eq!(item(&items, "sound.m3u8")["mime"], "text/plain", "a playlist is no film");
}

#[test]
fn without_a_decoder_films_are_said_to_be_left_alone() {
    let place = Place::with_workspace();
    place.file("device/a.mp4", b"\0\0\0\x14ftypisom\0\0\0\0mp42 and so on");
    let (device, ws) = (place.text("device"), place.text("ws"));
    let output = tutela()
        .args(["media", "scan", &device, "--dir", &ws, "--out", &place.text("out"), "--json"])
        .env("TUTELA__MEDIA__FFMPEG", "none")
        .output()
        .unwrap();
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    let remarks: Vec<_> =
        summary["remarks"].as_array().unwrap().iter().map(|r| r.as_str().unwrap()).collect();
    assert!(remarks.iter().any(|r| r.starts_with("1 film was not looked into")), "{remarks:?}");
    let items = read_jsonl(&place.path("out/items.jsonl"));
    assert_eq!(items[0]["error"]["code"], "decode.no_video_decoder");
}

/// A film whose key frames lie two and a half seconds apart, looked at by key frames and by seconds.
#[test]
fn every_second_of_a_film_is_seen_where_asked_for() {
    let place = Place::with_workspace();
    let slow = ["-c:v", "mpeg4", "-g", "62", "-sc_threshold", "1000000000"];
    let Some(film) = make(&place, "device/a.mp4", &slow) else { return };
    let hash = |frames: &str| {
        let output = tutela()
            .args(["media", "hash", &film, "--json"])
            .env("TUTELA__MEDIA__FILM_FRAMES", frames)
            .output()
            .unwrap();
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    let times = |view: &Value| -> Vec<String> {
        let value: Vec<String> =
            serde_json::from_str(view["signals"][0]["value"].as_str().unwrap()).unwrap();
        value.iter().map(|frame| frame.rsplit(',').next().unwrap().to_owned()).collect()
    };
    let (key, second) = (hash("key"), hash("second"));
    assert_eq!(times(&key), ["0.000", "2.480", "4.960"], "{key}");
    assert_eq!(times(&second), ["0.000", "1.000", "2.000", "3.000", "4.000"], "{second}");
    assert_eq!((&second["frames"], &second["error"]), (&5.into(), &Value::Null));
    assert!((4_900..5_200).contains(&second["duration_ms"].as_u64().unwrap()));

    // A list made at one frame a second, as others make it, and a smaller copy with key frames elsewhere.
    let options = ["-c:v", "mpeg4", "-g", "40", "-vf", "scale=240:180"];
    make(&place, "device/copy.mkv", &options);
    let quoted = second["signals"][0]["value"].as_str().unwrap().replace('"', "\"\"");
    let head = "indicator,indicator_id,first_descriptor_id,added_on,labels";
    let list = place.file("films.vpdq.te", format!("{head}\n\"{quoted}\",1,2,,example\n"));
    let (device, ws, out) = (place.text("device"), place.text("ws"), place.text("out"));
    let output = tutela()
        .args(["media", "scan", &device, "--dir", &ws, "--out", &out, "--list", &list, "--json"])
        .env("TUTELA__MEDIA__FILM_FRAMES", "second")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let items = read_jsonl(&place.path("out/items.jsonl"));
    for name in ["a.mp4", "copy.mkv"] {
        let found = &item(&items, name)["matches"][0];
        assert_eq!((&found["method"], &found["exhibit_percent"]), (&"vpdq".into(), &100.into()));
        assert_eq!(found["entry_percent"], 100, "{name}: {found}");
    }
}

/// Minutes of large pictures, each of them whole: no processor is through with them in a second.
#[test]
fn what_was_seen_of_a_film_until_its_deadline_stands() {
    let place = Place::new();
    let large = "color=size=3840x2160:rate=1:duration=60";
    let options = ["-f", "lavfi", "-i", large, "-map", "1:v", "-c:v", "mjpeg"];
    let Some(film) = make(&place, "a.avi", &options) else { return };
    let output = tutela()
        .args(["media", "hash", &film, "--json"])
        .env("TUTELA__MEDIA__FILM_DEADLINE_S", "1")
        .output()
        .unwrap();
    let view: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(view["error"]["code"], "decode.deadline", "{view}");
    let frames = view["frames"].as_u64().unwrap();
    assert!(frames < 60, "{frames}");
    // A machine with much else to do may not come to the first.
    if frames > 0 {
        assert_eq!((&view["width"], &view["signals"][0]["kind"]), (&3840.into(), &"vpdq".into()));
    }
}

#[test]
fn a_film_longer_than_the_limit_is_seen_up_to_it() {
    let place = Place::with_workspace();
    let long = "testsrc2=size=32x24:rate=1:duration=7300";
    let options = ["-map", "1:v", "-c:v", "mpeg4", "-g", "1"];
    let second = [&["-f", "lavfi", "-i", long][..], &options].concat();
    if make(&place, "device/long.avi", &second).is_none() {
        return;
    }
    let (_, items) = scan(&place, &[], "out");
    assert_eq!((&items[0]["frames"], &items[0]["error"]), (&7200.into(), &Value::Null));
    assert_eq!(items[0]["notes"][0]["code"], "decode.frames_beyond", "{}", items[0]["notes"]);
}

#[test]
fn hash_gives_the_signals_of_films_and_of_pictures_coded_like_them() {
    let place = Place::new();
    let Some(film) = make(&place, "a.mp4", &["-c:v", "mpeg4", "-g", "25"]) else { return };
    let still = make(&place, "a.png", &["-frames:v", "1"]).unwrap();
    let view = json(&["media", "hash", &film]);
    assert_eq!((&view["frames"], &view["width"]), (&5.into(), &320.into()), "{view}");
    assert_eq!(view["signals"].as_array().unwrap().len(), 1);
    assert_eq!(view["signals"][0]["kind"], "vpdq");

    let text = tutela().args(["media", "hash", &film]).output().unwrap();
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    assert!(text.contains("vpdq    5 frames of 5."), "{text}");

    let encoders = Command::new("ffmpeg").args(["-hide_banner", "-encoders"]).output().unwrap();
    if String::from_utf8_lossy(&encoders.stdout).contains("libaom-av1") {
        let av1 = ["-frames:v", "1", "-c:v", "libaom-av1", "-still-picture", "1", "-cpu-used", "8"];
        let picture = make(&place, "a.avif", &av1).unwrap();
        let (avif, png) = (json(&["media", "hash", &picture]), json(&["media", "hash", &still]));
        assert_eq!((&avif["error"], &avif["width"]), (&Value::Null, &320.into()), "{avif}");
        let of = |view: &Value| view["signals"][0]["value"].as_str().unwrap().parse().unwrap();
        let bits = tutela_match::index::distance(&of(&avif), &of(&png));
        assert!(bits <= 31 && avif["signals"][0]["kind"] == "pdq", "{bits} bits");
    }

    let output = tutela()
        .args(["media", "hash", &film])
        .env("TUTELA__MEDIA__FFMPEG", "none")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && text.contains("[decode.no_video_decoder]"), "{text}");
    assert!(text.contains("sha256"), "its digests are there all the same: {text}");
}

/// Runs a program where ffmpeg would run; gives what it printed.
#[cfg(target_os = "linux")]
fn fenced(script: &str, film: &std::path::Path) -> String {
    let output = tutela()
        .args(["__film", "20", "/bin/sh", "-c", script])
        .stdin(std::fs::File::open(film).unwrap())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[cfg(target_os = "linux")]
#[test]
fn what_decodes_films_can_read_the_film_and_nothing_else() {
    let place = Place::new();
    let film = place.file("film", "of stars\n");
    let (film, other) = (std::path::PathBuf::from(film), place.file("other", "of others\n"));
    // The shell's own commands only: starting another program is refused, too.
    assert_eq!(fenced("read a b < /proc/self/fd/0 && echo $b", &film), "stars\n");
    let program = std::path::PathBuf::from(env!("CARGO_BIN_EXE_tutela"));
    let protection = Decoder::new(DecoderConfig::new(program)).protection().unwrap();
    if protection.landlock_abi.is_none() {
        eprintln!("skipped: this kernel has no Landlock");
        return;
    }
    assert_eq!(fenced(&format!("read a < {other}; echo got $a"), &film), "got\n");
    assert_eq!(fenced(&format!("echo x > {other}2; echo done"), &film), "done\n");
    assert!(!place.path("other2").exists());
    assert_eq!(fenced("/bin/cat /dev/null && echo started; echo end", &film), "");
}
