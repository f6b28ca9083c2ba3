//! The decoder through the real program: what it finds, and that nothing gets out of hand.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod animations;
mod archives;
mod fixtures;
mod heic;
mod heif;
mod parts;

use std::fs::File;
use std::io::{Seek, Write};
use std::ops::ControlFlow;
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use tutela_app::evidence::decoder::{
    Decoder, DecoderConfig, DecoderError, LIMITS, MediaFacts, MediaRequest, UnpackEvent,
    UnpackLimits, UnpackRequest, UnpackSummary,
};
use tutela_core::PdqVariant;
use tutela_match::content::{ArchiveFormat, DecodeError, Kind, Limits, PictureFormat, decode};
use tutela_match::signals::pdq;

use fixtures::{jpeg, jpeg_by, png_header, zip_of};

fn config() -> DecoderConfig {
    DecoderConfig::new(PathBuf::from(env!("CARGO_BIN_EXE_tutela")))
}

fn file_of(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    // Workers read by position: where the cursor stands must make no difference.
    file.seek(std::io::SeekFrom::End(0)).unwrap();
    file
}

fn look(decoder: &mut Decoder, bytes: &[u8]) -> MediaFacts {
    let request = MediaRequest {
        variants: vec![PdqVariant::Reference, PdqVariant::Full],
        thumbnail: false,
        parts: false,
        statements: true,
    };
    decoder.media(file_of(bytes).as_fd(), bytes.len() as u64, &request).unwrap()
}

fn failure_code(facts: &MediaFacts) -> Option<&str> {
    facts.failure.as_ref().map(|failure| failure.code.as_str())
}

fn signal_worker(decoder: &Decoder, signal: &str) {
    let id = decoder.worker_id().unwrap().to_string();
    assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
}

/// Unpacks and counts; `each` sees every event.
fn unpack(
    decoder: &mut Decoder,
    bytes: &[u8],
    format: ArchiveFormat,
    each: &mut dyn FnMut(UnpackEvent<'_>) -> ControlFlow<()>,
) -> UnpackSummary {
    let limits = UnpackLimits::default();
    let request = UnpackRequest { format, name: "box.gz".to_owned(), segments: Vec::new(), limits };
    decoder.unpack(file_of(bytes).as_fd(), bytes.len() as u64, &request, each).unwrap()
}

#[test]
fn a_picture_is_decoded_as_in_process() {
    let bytes = jpeg(700, 600);
    let facts = look(&mut Decoder::new(config()), &bytes);
    assert_eq!(facts.failure, None);
    assert_eq!(
        (facts.mime.as_str(), facts.kind),
        ("image/jpeg", Kind::Picture(PictureFormat::Jpeg))
    );
    assert_eq!((facts.width, facts.height, facts.frames), (Some(700), Some(600), Some(1)));
    let pixels = decode(&bytes, &Limits::default()).unwrap().pixels;
    for (signals, variant) in facts.signals.iter().zip([PdqVariant::Reference, PdqVariant::Full]) {
        let expected = pdq(&pixels, variant);
        assert_eq!(signals.variant, variant);
        assert_eq!((signals.quality, signals.values), (expected.quality, expected.values));
    }
    assert_eq!(facts.signals.len(), 2);
    assert_eq!(facts.thumbnail, None);
}

#[test]
fn a_thumbnail_is_made_only_when_asked_for() {
    let bytes = jpeg(300, 200);
    let request = MediaRequest { thumbnail: true, ..MediaRequest::signals_only(Vec::new()) };
    let mut decoder = Decoder::new(config());
    let facts = decoder.media(file_of(&bytes).as_fd(), bytes.len() as u64, &request).unwrap();
    let thumbnail = decode(&facts.thumbnail.unwrap(), &Limits::default()).unwrap();
    assert_eq!((thumbnail.width, thumbnail.height, thumbnail.pixels.channels()), (96, 64, 1));
    assert_eq!((facts.signals.len(), facts.failure), (0, None));
}

#[test]
fn what_is_no_picture_is_named_and_only_pictures_are_missed() {
    let mut decoder = Decoder::new(config());
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\0";
    let avif = b"\0\0\0\x18ftypavif\0\0\0\0mif1avif\0\0\0\0";
    let cases: [(&[u8], &str, Option<&str>); 6] = [
        (b"", "inode/x-empty", None),
        (b"hello\n", "text/plain", None),
        (heic, "image/heic", Some("decode.malformed")),
        (avif, "image/avif", Some("decode.unsupported")),
        (b"\xff\xd8\xff\xe0", "image/jpeg", Some("decode.truncated")),
        (&zip_of(&[("a", b"b")]), "application/zip", None),
    ];
    for (bytes, mime, code) in cases {
        let facts = look(&mut decoder, bytes);
        assert_eq!((facts.mime.as_str(), failure_code(&facts)), (mime, code));
    }
}

#[test]
fn capture_data_survive_a_broken_picture() {
    let mut decoder = Decoder::new(config());
    let whole = jpeg_by(b"Exm");
    for (bytes, code) in
        [(&whole[..], None), (&whole[..whole.len() - 50], Some("decode.truncated"))]
    {
        let facts = look(&mut decoder, bytes);
        assert_eq!((facts.capture.make.as_deref(), failure_code(&facts)), (Some("Exm"), code));
        assert_eq!((facts.width, facts.height), (Some(64), Some(48)));
    }
}

#[test]
fn a_bomb_is_refused_from_its_header() {
    let mut decoder = Decoder::new(config());
    let facts = look(&mut decoder, &png_header(11_000, 11_000));
    assert_eq!(failure_code(&facts), Some("decode.too_many_pixels"));
    assert_eq!((facts.width, facts.height), (Some(11_000), Some(11_000)));
    let id = decoder.worker_id();
    assert_eq!(look(&mut decoder, &jpeg(64, 64)).failure, None);
    assert_eq!(decoder.worker_id(), id, "a refusal must not cost a worker");
}

#[test]
fn a_worker_that_hangs_is_ended_and_replaced() {
    let mut decoder =
        Decoder::new(DecoderConfig { media_deadline: Duration::from_secs(2), ..config() });
    decoder.protection().unwrap();
    signal_worker(&decoder, "-STOP");
    let facts = look(&mut decoder, &jpeg(64, 64));
    assert_eq!(failure_code(&facts), Some("decode.deadline"));
    assert_eq!(decoder.worker_id(), None);
    assert_eq!(look(&mut decoder, &jpeg(64, 64)).failure, None);
}

#[test]
fn a_worker_killed_amid_an_archive_is_reported_and_replaced() {
    let mut decoder = Decoder::new(config());
    decoder.protection().unwrap();
    let id = decoder.worker_id().unwrap().to_string();
    // Far more than a socket holds, so the worker is still sending when it dies.
    let content = vec![7; 8 << 20];
    let mut last = None;
    let summary =
        unpack(&mut decoder, &zip_of(&[("large", &content)]), ArchiveFormat::Zip, &mut |event| {
            if let UnpackEvent::Start(_) = event {
                assert!(Command::new("kill").args(["-KILL", &id]).status().unwrap().success());
            }
            if let UnpackEvent::Failed(failure) = event {
                last = Some(failure.clone());
            }
            ControlFlow::Continue(())
        });
    let failure = summary.failure.unwrap();
    assert_eq!((failure.code.as_str(), summary.entries), ("decode.crashed", 1));
    assert!(failure.message.contains("SIGKILL"), "{}", failure.message);
    assert_eq!(last.as_ref(), Some(&failure), "the open entry fails with the archive");
    assert_eq!(look(&mut decoder, &jpeg(64, 64)).failure, None);
}

#[test]
fn a_worker_that_died_between_files_costs_no_file() {
    let mut decoder = Decoder::new(config());
    decoder.protection().unwrap();
    signal_worker(&decoder, "-KILL");
    while PathBuf::from(format!("/proc/{}/fd/0", decoder.worker_id().unwrap())).exists() {
        std::thread::yield_now();
    }
    assert_eq!(look(&mut decoder, &jpeg(64, 64)).failure, None);
}

#[test]
fn workers_end_with_their_decoder() {
    let mut decoder = Decoder::new(config());
    decoder.protection().unwrap();
    let id = decoder.worker_id().unwrap();
    drop(decoder);
    assert!(!PathBuf::from(format!("/proc/{id}")).exists(), "neither alive nor a zombie");
}

#[test]
fn what_is_no_worker_is_not_waited_for() {
    let mut decoder = Decoder::new(DecoderConfig::new(PathBuf::from("/bin/false")));
    assert!(matches!(decoder.protection(), Err(DecoderError::Silent(_))));
    let mut decoder = Decoder::new(DecoderConfig::new(PathBuf::from("/nonexistent")));
    assert!(matches!(decoder.protection(), Err(DecoderError::Start(_))));
}

#[cfg(target_os = "linux")]
#[test]
fn the_fences_stand_and_hold() {
    let mut decoder = Decoder::new(config());
    let protection = decoder.protection().unwrap();
    assert!(protection.seccomp && protection.rlimits && protection.no_new_privs, "{protection}");
    let test = decoder.fence_test().unwrap();
    assert!(test.passed(), "{test:?}");
    // The worker that broke its fence is gone; the next request finds a fresh one.
    assert_eq!(look(&mut decoder, &jpeg(64, 64)).failure, None);
}

#[test]
fn the_documentation_lists_every_limit_and_code() {
    let text = include_str!("../../../../docs/decoding.md");
    for limit in tutela_match::content::LIMITS.iter().chain(LIMITS) {
        let (name, value) = (limit.name, grouped(limit.value));
        let row = format!("| `{name}` | {value} | {} | {} |", limit.unit, limit.why);
        assert!(text.contains(&row), "docs/decoding.md lacks: {row}");
    }
    for code in DecodeError::CODES {
        assert!(text.contains(&format!("`{code}`")), "docs/decoding.md lacks {code}");
    }
}

/// A number with commas between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let comma = |at: usize| if at > 0 && (digits.len() - at).is_multiple_of(3) { "," } else { "" };
    digits.char_indices().map(|(at, digit)| format!("{}{digit}", comma(at))).collect()
}
