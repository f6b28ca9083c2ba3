//! Images that somebody, or chance, has changed: each ends in a result or a failure, in time.

use std::fs;
use std::io::Write;
use std::ops::ControlFlow;
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use tutela_app::evidence::decoder::{
    Decoder, DecoderConfig, UnpackEvent, UnpackLimits, UnpackRequest, UnpackSummary,
};
use tutela_match::content::ArchiveFormat;

use super::making::{FileSystem, acquire, ran};
use super::planted;
use crate::support::Place;

/// Images made of each: every one goes through a worker.
const ROUNDS: u64 = 100;
/// Bytes of each volume: small, as each round reads all of it.
const VOLUME_BYTES: u64 = 4 << 20;

fn decoder() -> Decoder {
    let config = DecoderConfig::new(PathBuf::from(env!("CARGO_BIN_EXE_tutela")));
    Decoder::new(DecoderConfig { unpack_idle_deadline: Duration::from_secs(10), ..config })
}

fn unpack(decoder: &mut Decoder, bytes: &[u8], format: ArchiveFormat) -> (UnpackSummary, u64) {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    let size_bytes = bytes.len() as u64;
    let limits = UnpackLimits::of(format, size_bytes);
    let request = UnpackRequest { format, name: String::new(), segments: Vec::new(), limits };
    let (mut begun, mut ended) = (0, 0);
    let summary = decoder.unpack(file.as_fd(), size_bytes, &request, &mut |event| {
        match event {
            UnpackEvent::Start(_) => begun += 1,
            UnpackEvent::Data(_) => {}
            UnpackEvent::End | UnpackEvent::Failed(_) => ended += 1,
        }
        ControlFlow::Continue(())
    });
    let summary = summary.unwrap();
    assert_eq!((begun, ended), (summary.entries, summary.entries), "{summary:?}");
    (summary, begun)
}

/// Changes a few bytes where the image holds anything, so that structures are hit.
fn changed(bytes: &[u8], filled: &[usize], seed: u64) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let chance = planted::noise(seed, 8 * 8);
    let count = 1 + usize::from(chance[0] % 8);
    for step in chance.chunks_exact(8).take(count) {
        let pick = u32::from_le_bytes([step[1], step[2], step[3], step[4]]) as usize;
        // Structures stand in front: every second change is made there.
        let among = if step[5] & 1 == 0 { filled.len() } else { filled.len().min(4096) };
        bytes[filled[pick % among]] = if step[5] & 2 == 0 { step[6] } else { 0xff };
    }
    bytes
}

/// All rounds of one image. None hangs, takes the memory or goes unanswered.
fn torment(name: &str, bytes: &[u8], format: ArchiveFormat) {
    let mut decoder = decoder();
    let (summary, entries) = unpack(&mut decoder, bytes, format);
    assert_eq!(summary.failure, None, "{name} as it was made");
    assert!(entries > 0, "{name} as it was made");
    let filled: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] != 0).collect();
    let mut died = 0;
    for seed in 0..ROUNDS {
        let (summary, _) = unpack(&mut decoder, &changed(bytes, &filled, seed), format);
        if let Some(failure) = summary.failure {
            let ours = failure.code.starts_with("archive.") || failure.code.starts_with("decode.");
            assert!(ours, "{name}, seed {seed}: {failure:?}");
            assert_ne!(failure.code, "decode.bad_reply", "{name}, seed {seed}: {failure:?}");
            died += u64::from(failure.code.starts_with("decode."));
        }
    }
    println!("{name}: {ROUNDS} changed images, {died} of them the end of a worker");
    assert!(died <= ROUNDS / 10, "{name}: {died} workers died of {ROUNDS} images");
}

fn small_tree(place: &Place) {
    for n in 0..30_u64 {
        let size = 100 + 700 * n as usize;
        place.file(&format!("planted/{}/{n}.bin", n % 4), planted::noise(n + 1, size));
    }
}

#[test]
fn changed_file_systems_end_in_results_or_failures() {
    let place = Place::new();
    small_tree(&place);
    for system in [FileSystem::Ext4, FileSystem::Ntfs, FileSystem::Fat] {
        let volume = place.path(system.name());
        if system.make(&volume, &place.path("planted"), VOLUME_BYTES) {
            torment(system.name(), &fs::read(&volume).unwrap(), ArchiveFormat::Disk);
        }
    }
}

#[test]
fn changed_acquisitions_end_in_results_or_failures() {
    let place = Place::new();
    small_tree(&place);
    let volume = place.path("volume");
    if !FileSystem::Ext4.make(&volume, &place.path("planted"), VOLUME_BYTES) {
        return;
    }
    if let Some(first) = acquire(&volume, &place.path("image"), &["-c", "best"]) {
        torment("E01", &fs::read(first).unwrap(), ArchiveFormat::Ewf);
    }
}

#[test]
fn changed_archives_end_in_results_or_failures() {
    let place = Place::new();
    small_tree(&place);
    let archive = place.text("archive.7z");
    if ran("7z", ["a", "-bd", &archive, &place.text("planted")]) {
        torment("7z", &fs::read(archive).unwrap(), ArchiveFormat::SevenZip);
    }
}

#[test]
fn what_is_no_image_is_none() {
    let mut decoder = decoder();
    for size in [0, 1, 511, 512, 4096, 100_000] {
        for format in [ArchiveFormat::Disk, ArchiveFormat::Ewf, ArchiveFormat::SevenZip] {
            let (summary, entries) = unpack(&mut decoder, &planted::noise(9, size), format);
            assert_eq!(entries, 0);
            let small = format == ArchiveFormat::Disk && size < 32 * 1024;
            assert_eq!(summary.failure.is_none(), small, "{format:?} of {size}: {summary:?}");
        }
    }
    // The worker lives: nothing of this was its end.
    let id = decoder.worker_id().unwrap().to_string();
    assert!(Command::new("kill").args(["-0", &id]).status().unwrap().success());
}
