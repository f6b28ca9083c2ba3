//! Acquisitions that came to harm: what is left is read, and what is not is named.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::making::{FileSystem, PARTITION_BYTES, acquire};
use super::{codes, item, outcomes, planted, scan};
use crate::support::Place;

/// Bytes of a chunk as `ewfacquire` makes them.
const CHUNK_BYTES: u64 = 32 * 1024;

/// A volume with many files, acquired; gives the first segment.
fn acquired(place: &Place, options: &[&str]) -> Option<PathBuf> {
    for n in 0..40_u64 {
        place.file(&format!("planted/{n}.bin"), planted::noise(n + 1, 200_000));
    }
    let volume = place.path("volume");
    if !FileSystem::Ext4.make(&volume, &place.path("planted"), PARTITION_BYTES) {
        return None;
    }
    acquire(&volume, &place.path("image"), options).map(PathBuf::from)
}

fn code(item: &Value) -> &str {
    item["error"]["code"].as_str().unwrap_or("none")
}

fn message(item: &Value) -> &str {
    item["error"]["message"].as_str().unwrap_or_default()
}

/// How many files came out whole; each of the others must say which chunk it lacks.
fn whole(place: &Place, items: &[Value], first: &Path) -> usize {
    let prefix = format!("{}!/ext4/", first.to_str().unwrap());
    let mut whole = 0;
    for (name, (_, sha256, failure)) in outcomes(items, &prefix) {
        match (sha256, failure.as_deref()) {
            (Some(sha256), None) => {
                let alone = scan(place, &place.text(&format!("planted/{name}")), &[]);
                assert_eq!(alone[0]["sha256"], sha256, "{name}");
                whole += 1;
            }
            (None, Some("archive.unreadable_chunk")) => {}
            other => panic!("{name}: {other:?}"),
        }
    }
    whole
}

#[test]
fn bytes_that_flip_cost_their_chunk_alone() {
    let place = Place::with_workspace();
    let Some(first) = acquired(&place, &["-c", "none", "-S", "1GiB"]) else { return };
    let mut bytes = fs::read(&first).unwrap();
    // One file's noise stands in a chunk that is stored as it is.
    let noise = planted::noise(8, 200_000);
    let at = bytes.windows(64).position(|window| window == &noise[100_000..100_064]).unwrap();
    bytes[at] ^= 0x10;
    fs::write(&first, bytes).unwrap();
    let items = scan(&place, first.to_str().unwrap(), &[]);
    let image = item(&items, "image.E01");
    assert_eq!(code(image), "archive.unreadable_chunks");
    assert!(message(image).starts_with("1 of 768 chunks of 32768 bytes cannot be read: "));
    let chunk: u64 =
        message(image).rsplit(": ").next().unwrap().split(' ').next().unwrap().parse().unwrap();
    let place_of_chunk =
        format!("(bytes {}-{})", chunk * CHUNK_BYTES, (chunk + 1) * CHUNK_BYTES - 1);
    assert!(message(image).contains(&place_of_chunk), "{}", message(image));
    let whole = whole(&place, &items, &first);
    assert!((38..40).contains(&whole), "{whole}");
}

#[test]
fn an_image_that_was_cut_off_gives_what_comes_before() {
    let place = Place::with_workspace();
    let Some(first) = acquired(&place, &["-c", "best"]) else { return };
    let bytes = fs::read(&first).unwrap();
    // The table of its chunks stands at the end, and is gone.
    fs::write(&first, &bytes[..bytes.len() * 3 / 4]).unwrap();
    let items = scan(&place, first.to_str().unwrap(), &[]);
    let image = item(&items, "image.E01");
    assert_eq!(code(image), "archive.unreadable_chunks", "{image}");
    assert_eq!(codes(image), ["archive.damaged_segment"]);
    let whole = whole(&place, &items, &first);
    assert!((20..39).contains(&whole), "{whole}");
}

#[test]
fn a_segment_that_is_missing_leaves_the_others() {
    let place = Place::with_workspace();
    let Some(first) = acquired(&place, &["-c", "none", "-S", "3MiB"]) else { return };
    assert!(first.with_extension("E05").exists());
    fs::remove_file(first.with_extension("E03")).unwrap();
    // What bears the name of a segment and is none is no harm.
    fs::write(first.with_extension("txt"), "notes of the acquisition").unwrap();
    let items = scan(&place, first.to_str().unwrap(), &[]);
    let image = item(&items, "image.E01");
    assert_eq!(code(image), "archive.unreadable_chunks", "{image}");
    assert_eq!(codes(image), ["archive.missing_segment"]);
    let found = whole(&place, &items, &first);
    assert!((20..39).contains(&found), "{found}");

    // On a walk, a further segment is its first one's; without the first it stays shut.
    let folder = place.path("segments");
    fs::create_dir(&folder).unwrap();
    for ending in ["E01", "E02"] {
        fs::copy(first.with_extension(ending), folder.join("image").with_extension(ending))
            .unwrap();
    }
    let items = scan(&place, folder.to_str().unwrap(), &[]);
    let second = item(&items, "image.E02");
    assert_eq!((code(second), codes(second)), ("none", vec!["archive.further_segment"]));
    fs::remove_file(folder.join("image.E01")).unwrap();
    let items = scan(&place, folder.to_str().unwrap(), &[]);
    assert_eq!(code(item(&items, "image.E02")), "archive.first_segment_missing");
}

#[test]
fn a_digest_that_does_not_hold_is_said() {
    let place = Place::with_workspace();
    let Some(first) = acquired(&place, &["-c", "best"]) else { return };
    let mut bytes = fs::read(&first).unwrap();
    let section = bytes.windows(5).rposition(|window| window == b"hash\0").unwrap();
    bytes[section + 76] ^= 1;
    fs::write(&first, bytes).unwrap();
    let items = scan(&place, first.to_str().unwrap(), &[]);
    let image = item(&items, "image.E01");
    assert_eq!(code(image), "archive.ewf_digest_mismatch", "{image}");
    assert_eq!(whole(&place, &items, &first), 40);
}
