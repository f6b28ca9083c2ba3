//! The files of the scan that never was: landscapes by name, digests and signals by a counter.

use sha2::{Digest, Sha256};
use tutela_app::views::{
    CaptureView, FailureView, ItemView, ListMatchView, RaisedView, SignalView,
};
use tutela_core::{Orientation, Pdq};

/// Sizes of the near-duplicate groups.
const GROUPS: [u64; 12] = [48, 31, 22, 17, 12, 9, 7, 5, 4, 3, 2, 2];
/// Maker, model and serial of cameras that do not exist.
const CAMERAS: [(&str, &str, Option<&str>); 5] = [
    ("Examplar", "Vista 5", Some("EX0050417")),
    ("Examplar", "Vista 5", None),
    ("Acme Optics", "Pocket 12", Some("AO-000912")),
    ("Sample Phones", "S-1", None),
    ("Sample Phones", "S-2 Pro", None),
];
/// What the pictures are called.
const SCENES: [&str; 8] =
    ["harbour", "glacier", "dunes", "old_bridge", "tea_terraces", "lighthouse", "fjord", "steppe"];

/// SHA-256 of some text in hex: a digest that belongs to nothing.
pub(super) fn digest(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Numbers that look random and are the same on every run.
fn spread(seed: u64) -> u64 {
    let mixed = (seed ^ (seed >> 30)).wrapping_add(1).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 7
}

/// One text of a table, in turn.
fn turn<T: Copy>(table: &[T], number: u64) -> Option<T> {
    let at = usize::try_from(number % table.len() as u64).ok()?;
    table.get(at).copied()
}

/// Every file of the scan.
pub(in crate::report) fn items() -> Vec<ItemView> {
    let mut items = Vec::new();
    for number in 0..23 {
        items.push(known(number));
    }
    for number in 0..9 {
        items.push(near(number));
    }
    for number in 0..118 {
        items.push(known_good(number));
    }
    for (rank, size) in (1..).zip(GROUPS) {
        for number in 0..size {
            items.push(ItemView { cluster: Some(rank), ..picture(rank, number) });
        }
    }
    for number in 0..204 {
        items.push(picture(100 + number, number));
    }
    for number in 0..64 {
        items.push(document(number));
    }
    for number in 0..11 {
        items.push(failed(number));
    }
    for (index, item) in (0..).zip(&mut items) {
        number_item(index, item);
    }
    items
}

fn number_item(index: u64, item: &mut ItemView) {
    let cut = |kind: &str, digits: usize| {
        digest(&format!("{kind} of sample {index}")).get(..digits).map(str::to_owned)
    };
    item.index = index;
    item.exhibit = format!("01960000-e8b1-7000-8000-{index:012x}");
    item.md5 = cut("md5", 32);
    item.sha1 = cut("sha1", 40);
    item.sha256 = cut("sha256", 64);
    for found in &mut item.matches {
        found.finding = format!("01960000-f1d0-7000-8000-{index:012x}");
    }
}

fn file(path: String, mime: &str, outcome: &str, size_bytes: u64) -> ItemView {
    ItemView {
        schema: ItemView::SCHEMA,
        index: 0,
        exhibit: String::new(),
        path,
        size_bytes,
        modified_at: Some("2025-11-02T17:40:05Z".to_owned()),
        mime: mime.to_owned(),
        width: None,
        height: None,
        md5: None,
        sha1: None,
        sha256: None,
        frames: None,
        duration_ms: None,
        signals: Vec::new(),
        outcome: outcome.to_owned(),
        error: None,
        matches: Vec::new(),
        other_findings: Vec::new(),
        known_good: Vec::new(),
        capture: None,
        creation_mode: None,
        provenance_grade: "V0",
        provenance: Vec::new(),
        notes: Vec::new(),
        cluster: None,
        groups: Vec::new(),
        earlier: Vec::new(),
        categories: Vec::new(),
    }
}

/// A new picture of a series; members of one series have signals a few bits apart.
fn picture(series: u64, number: u64) -> ItemView {
    let chance = spread(series * 1000 + number);
    let scene = turn(&SCENES, series).unwrap_or_default();
    let path = match series % 5 {
        0 => format!("/mnt/exhibit-07/backup/travel.zip!/{scene}/IMG_{:04}.jpg", 1200 + number),
        1 => format!(
            "/mnt/exhibit-08/card/DCIM/10{}EXMPL/IMG_{:04}.JPG",
            series % 7,
            series * 37 % 900 + number
        ),
        2 => format!("/mnt/exhibit-07/pictures/{scene}/{scene}_{number:03}.jpg"),
        3 => format!(
            "/mnt/exhibit-07/phone/DCIM/Camera/2025{:02}{:02}_{:06}.jpg",
            series % 12 + 1,
            number % 28 + 1,
            chance % 235_959
        ),
        _ => format!(
            "/mnt/exhibit-07/messages/received/{}.webp",
            digest(&chance.to_string()).get(..20).unwrap_or_default()
        ),
    };
    let mut words = [series, series + 1, series + 2, series + 3]
        .map(|word| spread(word * 77_777) << 7 ^ spread(word));
    if let Some(word) = words.get_mut(1) {
        *word ^= 1 << (number % 50);
    }
    let signal = |variant: &str| SignalView {
        kind: "pdq".to_owned(),
        variant: variant.to_owned(),
        value: Pdq::from_words(words).to_string(),
        quality: Some(100),
        orientation: None,
    };
    let (width, height) = if chance.is_multiple_of(3) { (1600, 1200) } else { (4000, 3000) };
    let mime = if path.ends_with("webp") { "image/webp" } else { "image/jpeg" };
    ItemView {
        width: Some(width),
        height: Some(height),
        signals: vec![signal("reference"), signal("full")],
        capture: (series % 5 != 4).then(|| capture(series, number)),
        ..file(path, mime, "new", 400_000 + chance % 4_000_000)
    }
}

fn capture(series: u64, number: u64) -> CaptureView {
    let camera = turn(&CAMERAS, series / 2);
    let month = spread(series) % 22;
    let taken = format!(
        "{}-{:02}-{:02}T{:02}:{:02}:{:02}",
        2024 + month / 12,
        month % 12 + 1,
        number % 28 + 1,
        8 + number % 11,
        spread(number) % 60,
        number * 7 % 60
    );
    CaptureView {
        make: camera.map(|(make, _, _)| make.to_owned()),
        model: camera.map(|(_, model, _)| model.to_owned()),
        serial: camera.and_then(|(_, _, serial)| serial).map(str::to_owned),
        lens_serial: None,
        taken_at: (series % 4 != 2).then_some(taken),
        software: (series % 4 == 1).then(|| "Example Gallery 3.1".to_owned()),
        latitude: None,
        longitude: None,
    }
}

fn listed(list: &str, row: u64, code: &str, method: &str) -> ListMatchView {
    let has_scheme = list.starts_with("national");
    ListMatchView {
        finding: String::new(),
        raised: raised(if method == "pdq" { "media.near" } else { "media.exact" }),
        list: list.to_owned(),
        row,
        key: has_scheme.then(|| format!("MD-{row:07}")),
        scheme: has_scheme.then(|| "example-national:2024".to_owned()),
        code: Some(code.to_owned()),
        method: method.to_owned(),
        distance: 0,
        variant: None,
        orientation: None,
        part: "whole",
        frame: None,
        frame_at_ms: None,
        exhibit_percent: None,
        entry_percent: None,
    }
}

/// How some rule raised a finding, over digests that belong to nothing.
pub(in crate::report) fn raised(rule: &str) -> RaisedView {
    let near = [("distance_max", "31"), ("quality_min", "50")].into_iter();
    let parameters = near.filter(|_| rule == "media.near");
    RaisedView {
        rule: rule.to_owned(),
        rule_version: 1,
        parameters: parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        inputs: vec![digest("sample file"), digest("sample list")],
        state: "open",
        decided_by: None,
        decided_at: None,
    }
}

fn known(number: u64) -> ItemView {
    let row = spread(number) % 1_800_000 + 1;
    let code = if number.is_multiple_of(3) { "2" } else { "1" };
    let mut matches = vec![listed("national-list-2026-02.json", row, code, "md5")];
    if number.is_multiple_of(6) {
        matches.insert(0, listed("partner-signals.csv", row % 40_000, "B", "sha256"));
    }
    ItemView {
        outcome: "known".to_owned(),
        matches,
        path: format!("/mnt/exhibit-07/downloads/set_{}/{:03}.jpg", number % 4 + 1, number),
        ..picture(400 + number, number)
    }
}

fn near(number: u64) -> ItemView {
    let orientation = turn(&Orientation::ALL, number).unwrap_or(Orientation::Original);
    let found = ListMatchView {
        distance: u16::try_from(2 + number * 3).unwrap_or_default(),
        variant: Some("reference".to_owned()),
        orientation: Some(orientation.as_str().to_owned()),
        ..listed("partner-signals.csv", spread(number) % 40_000 + 1, "B", "pdq")
    };
    ItemView {
        outcome: "near".to_owned(),
        matches: vec![found],
        path: format!("/mnt/exhibit-07/downloads/resized/{number:03}_small.jpg"),
        ..picture(500 + number, number)
    }
}

fn known_good(number: u64) -> ItemView {
    let path = format!("/mnt/exhibit-07/Windows/Web/Wallpaper/tile_{number:03}.png");
    ItemView {
        known_good: vec!["operating-systems.txt".to_owned()],
        width: Some(256),
        height: Some(256),
        ..file(path, "image/png", "known_good", 9_000 + spread(number) % 30_000)
    }
}

fn document(number: u64) -> ItemView {
    let kinds = [
        ("pdf", "application/pdf"),
        ("mp4", "video/mp4"),
        ("txt", "text/plain"),
        ("zip", "application/zip"),
        ("mp3", "audio/mpeg"),
    ];
    let (ending, mime) = turn(&kinds, spread(number)).unwrap_or_default();
    let path = format!("/mnt/exhibit-07/documents/manual_{number:02}.{ending}");
    file(path, mime, "new", 20_000 + spread(number) % 9_000_000)
}

fn failed(number: u64) -> ItemView {
    let reasons = [
        ("decode.truncated", "the file ends before the picture does"),
        (
            "decode.too_many_pixels",
            "30000 × 30000 pixels are more than the 100000000 that are decoded",
        ),
        ("intake.unreadable_file", "cannot be read: device or resource busy"),
    ];
    let (code, message) = turn(&reasons, number).unwrap_or_default();
    // The last name reverses the reading direction: it reads as a picture and is a program.
    let name = if number == 10 {
        "view_\u{202e}gpj.exe".to_owned()
    } else {
        format!("IMG_{:04}.JPG", 7000 + number)
    };
    ItemView {
        error: Some(FailureView { code: code.to_owned(), message: message.to_owned() }),
        ..file(
            format!("/mnt/exhibit-08/card/DCIM/102EXMPL/{name}"),
            "image/jpeg",
            "failed",
            number * 512,
        )
    }
}
