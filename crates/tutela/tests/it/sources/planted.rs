//! Files with a known fate: known, near, known good, new, and hostile in several ways.

use image::codecs::jpeg::JpegEncoder;
use image::{GrayImage, Luma};

use super::Outcomes;
use crate::support::{CHART, Place, json_lines};

/// Writes the files and the lists; gives the arguments that name the lists.
pub(super) fn plant(place: &Place) -> Vec<String> {
    let known = place.file("planted/DCIM/known.jpg", jpeg(1, 90));
    // What is near is listed by its original, which is nowhere.
    let original = place.file("listed/original.jpg", jpeg(2, 95));
    place.file("planted/DCIM/near.jpg", jpeg(2, 45));
    place.file("planted/DCIM/deep/er/new.jpg", jpeg(3, 90));
    let good = place.file("planted/Windows/system.txt", "a file that every device has");
    place.file("planted/notes.txt", "nothing special");
    place.file("planted/empty", "");
    place.file("planted/large.bin", noise(4, 3_000_000));
    place.file(
        "planted/in.zip",
        zip(&[("known.jpg", &jpeg(1, 90)), ("deeper/new.jpg", &jpeg(5, 90))]),
    );
    place.file("planted/hostile/cut.jpg", &jpeg(6, 90)[..4000]);
    place.file("planted/hostile/bomb.zip", bomb());
    place.file("planted/hostile/planes.tif", tiled_planes());
    place.file("planted/hostile/pixels.png", huge_png());
    place.file("planted/hostile/size.zip", lying_zip());
    let digest = |path: &str, key: &str| {
        let (lines, _) = json_lines(&["media", "hash", path]);
        let line = &lines[0];
        let value = if key == "pdq" { &line["signals"][0]["value"] } else { &line[key] };
        value.as_str().unwrap().to_owned()
    };
    let sha256 = place.file("listed/known.csv", format!("sha256\n{}\n", digest(&known, "sha256")));
    let pdq = place.file("listed/near.txt", format!("{}\n", digest(&original, "pdq")));
    let good = place.file("listed/good.csv", format!("sha256\n{}\n", digest(&good, "sha256")));
    ["--list", &sha256, "--list", &pdq, "--known-good", &good].map(str::to_owned).to_vec()
}

/// The fate of each.
pub(super) fn check(outcomes: &Outcomes) {
    let fates = [
        ("DCIM/known.jpg", "known", None),
        ("DCIM/near.jpg", "near", None),
        ("DCIM/deep/er/new.jpg", "new", None),
        ("Windows/system.txt", "known_good", None),
        ("notes.txt", "new", None),
        ("empty", "new", None),
        ("large.bin", "new", None),
        ("in.zip", "new", None),
        ("in.zip!/known.jpg", "known", None),
        ("in.zip!/deeper/new.jpg", "new", None),
        ("hostile/cut.jpg", "failed", Some("decode.truncated")),
        ("hostile/bomb.zip", "failed", Some("archive.expansion_ratio")),
        ("hostile/bomb.zip!/zeros", "failed", Some("archive.expansion_ratio")),
        ("hostile/planes.tif", "failed", Some("decode.panicked")),
        ("hostile/pixels.png", "failed", Some("decode.too_many_pixels")),
        ("hostile/size.zip", "new", None),
        ("hostile/size.zip!/a.txt", "failed", Some("archive.truncated")),
    ];
    for (path, fate, code) in fates {
        let (outcome, _, failure) = &outcomes[path];
        assert_eq!((outcome.as_str(), failure.as_deref()), (fate, code), "{path}");
    }
    assert_eq!(outcomes.len(), fates.len(), "{outcomes:#?}");
}

/// Bytes that chance might have made, from a seed.
pub(super) fn noise(seed: u64, size: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    (0..size).map(|_| next()).collect()
}

/// Soft hills of grey that differ from seed to seed.
fn jpeg(seed: u64, quality: u8) -> Vec<u8> {
    const HILLS: usize = 10;
    let heights = noise(seed, HILLS * HILLS);
    let height =
        |x: usize, y: usize| f32::from(heights[y.min(HILLS - 1) * HILLS + x.min(HILLS - 1)]);
    let picture = GrayImage::from_fn(320, 320, |x, y| {
        let (x, y) = (x as f32 / 36.0, y as f32 / 36.0);
        let (left, top, right, down) = (x as usize, y as usize, x.fract(), y.fract());
        let upper = height(left, top) * (1.0 - right) + height(left + 1, top) * right;
        let lower = height(left, top + 1) * (1.0 - right) + height(left + 1, top + 1) * right;
        Luma([(upper * (1.0 - down) + lower * down) as u8])
    });
    let mut bytes = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality)).unwrap();
    bytes
}

/// A zip of stored members.
pub(super) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    archive(members, zip::CompressionMethod::Stored)
}

fn archive(members: &[(&str, &[u8])], method: zip::CompressionMethod) -> Vec<u8> {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(method);
    for (name, bytes) in members {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn bomb() -> Vec<u8> {
    archive(&[("zeros", &vec![0; 100_000_000])], zip::CompressionMethod::Deflated)
}

/// A zip whose one member claims to be longer than it is.
fn lying_zip() -> Vec<u8> {
    let mut bytes = archive(&[("a.txt", b"short")], zip::CompressionMethod::Deflated);
    let long = 500_u32.to_le_bytes();
    let directory = bytes.windows(4).position(|mark| mark == b"PK\x01\x02").unwrap();
    bytes[22..26].copy_from_slice(&long);
    bytes[directory + 24..directory + 28].copy_from_slice(&long);
    bytes
}

/// The chart, with a header of 30,000 by 30,000 pixels.
fn huge_png() -> Vec<u8> {
    let mut bytes = CHART.to_vec();
    bytes[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
    let mut sum = flate2::Crc::new();
    sum.update(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.sum().to_be_bytes());
    bytes
}

/// A valid TIFF in tiles and planes, at whose cut tiles its decoder panics.
fn tiled_planes() -> Vec<u8> {
    const TILES: u32 = 12;
    const TILE_BYTES: u32 = 256;
    let tags: [(u16, u16, u32, u32); 11] = [
        (256, 4, 1, 20),
        (257, 4, 1, 20),
        (258, 3, 3, 200),
        (259, 3, 1, 1),
        (262, 3, 1, 2),
        (277, 3, 1, 3),
        (284, 3, 1, 2),
        (322, 4, 1, 16),
        (323, 4, 1, 16),
        (324, 4, TILES, 208),
        (325, 4, TILES, 256),
    ];
    let mut bytes = b"II*\0\x08\0\0\0\x0b\0".to_vec();
    for (tag, kind, count, value) in tags {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        bytes.extend(value.to_le_bytes());
    }
    bytes.resize(200, 0);
    bytes.extend([8, 0, 8, 0, 8, 0, 0, 0]);
    bytes.extend((0..TILES).flat_map(|n| (304 + n * TILE_BYTES).to_le_bytes()));
    bytes.extend((0..TILES).flat_map(|_| TILE_BYTES.to_le_bytes()));
    bytes.extend(noise(7, (TILES * TILE_BYTES) as usize));
    bytes
}
