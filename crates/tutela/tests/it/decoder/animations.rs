//! Animations and pages through a real worker: every frame of animated WebP and PNG, every page of a TIFF.

use image::{DynamicImage, ImageFormat, RgbImage, imageops};
use tutela_app::evidence::decoder::MediaFacts;
use tutela_match::index::distance;

use super::failure_code;
use super::fixtures::{crc32, scene};
use super::parts::{full_signal, look};

fn scenes() -> [RgbImage; 3] {
    [1, 3, 4].map(|seed| scene(seed, 160, 120))
}

fn encoded(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    DynamicImage::from(picture.clone()).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// Each frame after the first is there, with its number and time, and looks as it was drawn.
fn check(facts: &MediaFacts, scenes: &[RgbImage], times: &[Option<u64>]) {
    assert_eq!(failure_code(facts), None);
    let count = scenes.len() as u32;
    assert_eq!((facts.frames, facts.frames_looked_at), (Some(count), count));
    assert!(!facts.frames_missing);
    assert!(distance(&facts.signals[1].values[0], &full_signal(&scenes[0])) <= 31);
    assert_eq!(facts.stills.len(), scenes.len() - 1);
    for (number, still) in (1..).zip(&facts.stills) {
        assert_eq!((still.number, still.at_ms), (number, times[number as usize - 1]));
        let drawn = full_signal(&scenes[number as usize]);
        assert!(distance(&still.signals[1].values[0], &drawn) <= 31, "frame {number}");
    }
}

/// Source: WebP container specification, "Animation".
fn webp(scenes: &[RgbImage], delay_ms: u32) -> Vec<u8> {
    let chunk = |name: &[u8; 4], body: &[u8]| {
        let pad = vec![0; body.len() % 2];
        [name, &(body.len() as u32).to_le_bytes()[..], body, &pad].concat()
    };
    let of_24_bits = |value: u32| value.to_le_bytes()[..3].to_vec();
    let (width, height) = scenes[0].dimensions();
    let sides = [of_24_bits(width - 1), of_24_bits(height - 1)].concat();
    let frame = |scene: &RgbImage| {
        // Behind the header of a picture of one frame stands its data, as a chunk.
        let data = &encoded(scene, ImageFormat::WebP)[12..];
        let place = [&[0; 6], sides.as_slice(), &of_24_bits(delay_ms), &[0], data].concat();
        chunk(b"ANMF", &place)
    };
    let mut body = b"WEBP".to_vec();
    body.extend(chunk(b"VP8X", &[&[2, 0, 0, 0], sides.as_slice()].concat()));
    body.extend(chunk(b"ANIM", &[0; 6]));
    body.extend(scenes.iter().flat_map(frame));
    [b"RIFF", &(body.len() as u32).to_le_bytes()[..], &body].concat()
}

/// The chunks of a PNG by name, those of the data joined.
fn data_of(png: &[u8]) -> Vec<u8> {
    let (mut at, mut data) = (8, Vec::new());
    while at < png.len() {
        let length = u32::from_be_bytes(png[at..at + 4].try_into().unwrap()) as usize;
        if &png[at + 4..at + 8] == b"IDAT" {
            data.extend(&png[at + 8..at + 8 + length]);
        }
        at += 12 + length;
    }
    data
}

/// `hidden` stands where readers that know no animation look, and is no frame.
/// Source: PNG, third edition, 11.3.6.
fn apng(scenes: &[RgbImage], hidden: Option<&RgbImage>, delay_ms: u16) -> Vec<u8> {
    let chunk = |name: &[u8; 4], content: &[u8]| {
        let body = [name.as_slice(), content].concat();
        [&(content.len() as u32).to_be_bytes(), body.as_slice(), &crc32(&body).to_be_bytes()]
            .concat()
    };
    let (width, height) = scenes[0].dimensions();
    let control = |number: u32| {
        let mut control = [number, width, height, 0, 0].map(u32::to_be_bytes).concat();
        control.extend([delay_ms, 1000].map(u16::to_be_bytes).concat());
        control.extend([0, 0]);
        chunk(b"fcTL", &control)
    };
    let first = encoded(hidden.unwrap_or(&scenes[0]), ImageFormat::Png);
    let mut file = first[..33].to_vec();
    let counts = [scenes.len() as u32, 0].map(u32::to_be_bytes).concat();
    file.extend(chunk(b"acTL", &counts));
    let mut number = 0;
    let mut rest = scenes;
    if hidden.is_none() {
        file.extend(control(number));
        number += 1;
        rest = &scenes[1..];
    }
    file.extend(chunk(b"IDAT", &data_of(&first)));
    for scene in rest {
        file.extend(control(number));
        let data = data_of(&encoded(scene, ImageFormat::Png));
        file.extend(chunk(b"fdAT", &[&(number + 1).to_be_bytes()[..], &data].concat()));
        number += 2;
    }
    file.extend(chunk(b"IEND", &[]));
    file
}

/// A TIFF of several pages, each its own directory. Source: TIFF 6.0, section 2.
fn tiff(pages: &[RgbImage]) -> Vec<u8> {
    let mut file = b"II*\0\x08\0\0\0".to_vec();
    for (number, page) in (1..).zip(pages) {
        let (width, height) = page.dimensions();
        let bytes = page.as_raw().len() as u32;
        let start = file.len() as u32;
        let behind = start + 2 + 9 * 12 + 4;
        let entries = [
            (256, width),
            (257, height),
            (258, behind),
            (259, 1),
            (262, 2),
            (273, behind + 6),
            (277, 3),
            (278, height),
            (279, bytes),
        ];
        file.extend(9_u16.to_le_bytes());
        for (tag, value) in entries {
            let (kind, count): (u16, u32) = if tag == 258 { (3, 3) } else { (4, 1) };
            file.extend([(tag as u16).to_le_bytes(), kind.to_le_bytes()].concat());
            file.extend([count.to_le_bytes(), u32::to_le_bytes(value)].concat());
        }
        let next = if number == pages.len() { 0 } else { behind + 6 + bytes };
        file.extend(u32::to_le_bytes(next));
        file.extend([8, 0, 8, 0, 8, 0]);
        file.extend(page.as_raw());
    }
    file
}

#[test]
fn every_frame_of_an_animated_webp_is_looked_at() {
    let scenes = scenes();
    let bytes = webp(&scenes, 100);
    check(&look(&bytes), &scenes, &[Some(100), Some(200)]);
    // What is cut off is said; the frames before stand.
    let cut = look(&bytes[..bytes.len() - 2000]);
    assert!(cut.frames_missing || failure_code(&cut).is_some(), "{cut:?}");
}

#[test]
fn every_frame_of_an_animated_png_is_looked_at() {
    let scenes = scenes();
    let bytes = apng(&scenes, None, 250);
    check(&look(&bytes), &scenes, &[Some(250), Some(500)]);
    let cut = look(&bytes[..bytes.len() - 2000]);
    assert!(cut.frames_missing && cut.signals.len() == 2, "{cut:?}");
}

/// Readers that know no animation show a picture that is no frame: all must be looked at.
#[test]
fn a_png_with_a_picture_before_its_animation_hides_nothing() {
    let scenes = scenes();
    let hidden = imageops::rotate90(&scene(2, 120, 160));
    let facts = look(&apng(&scenes, Some(&hidden), 250));
    assert_eq!(failure_code(&facts), None);
    assert!(distance(&facts.signals[1].values[0], &full_signal(&hidden)) <= 31);
    assert_eq!(facts.stills.len(), 3, "{:?}", facts.stills.iter().map(|s| s.number));
    for (still, drawn) in facts.stills.iter().zip(&scenes) {
        assert!(distance(&still.signals[1].values[0], &full_signal(drawn)) <= 31);
    }
}

#[test]
fn every_page_of_a_tiff_is_looked_at() {
    let pages = scenes();
    let bytes = tiff(&pages);
    check(&look(&bytes), &pages, &[None, None]);
    let cut = look(&bytes[..bytes.len() - 20_000]);
    assert!(cut.frames_missing && cut.stills.len() == 1, "{cut:?}");
    assert_eq!(failure_code(&cut), None, "the first page is whole");
}
