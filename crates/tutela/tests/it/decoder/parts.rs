//! Further frames and embedded thumbnails, through a real worker.

use image::codecs::gif::GifEncoder;
use image::{DynamicImage, Frame, RgbImage, imageops};
use tutela_app::evidence::decoder::{Decoder, MediaFacts, MediaRequest};
use tutela_core::{Pdq, PdqVariant};
use tutela_match::content::{Pixels, THUMBNAIL_DISTANCE};
use tutela_match::index::distance;
use tutela_match::signals::pdq;

use super::fixtures::{jpeg_of, scene, with_thumbnail};
use super::{config, failure_code, file_of};
use std::os::fd::AsFd;

pub(super) fn look(bytes: &[u8]) -> MediaFacts {
    let variants = vec![PdqVariant::Reference, PdqVariant::Full];
    let request = MediaRequest { parts: true, ..MediaRequest::signals_only(variants) };
    let mut decoder = Decoder::new(config());
    decoder.media(file_of(bytes).as_fd(), bytes.len() as u64, &request).unwrap()
}

pub(super) fn full_signal(picture: &RgbImage) -> Pdq {
    let pixels = Pixels::rgb(picture.width(), picture.height(), picture.as_raw().clone()).unwrap();
    pdq(&pixels, PdqVariant::Full).original()
}

fn gif(frames: &[RgbImage]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    for frame in frames {
        let delay = image::Delay::from_numer_denom_ms(100, 1);
        let picture = DynamicImage::from(frame.clone()).into_rgba8();
        encoder.encode_frame(Frame::from_parts(picture, 0, 0, delay)).unwrap();
    }
    drop(encoder);
    bytes
}

#[test]
fn every_frame_that_shows_something_else_comes_out() {
    let scenes = [1, 2, 2, 3].map(|seed| scene(seed, 120, 90));
    let bytes = gif(&scenes);
    let facts = look(&bytes);
    assert_eq!((facts.frames, facts.frames_looked_at, facts.frames_missing), (Some(4), 4, false));
    let places: Vec<_> = facts.stills.iter().map(|still| (still.number, still.at_ms)).collect();
    assert_eq!(places, [(1, Some(100)), (3, Some(300))]);
    for (still, scene) in facts.stills.iter().zip([&scenes[1], &scenes[3]]) {
        assert!(distance(&still.signals[1].values[0], &full_signal(scene)) <= 31);
    }
    let facts = look(&bytes[..bytes.len() * 9 / 10]);
    assert!(facts.frames_missing && facts.signals.len() == 2 && failure_code(&facts).is_none());
}

#[test]
fn a_thumbnail_of_something_else_is_far_from_its_picture() {
    let picture = jpeg_of(&scene(1, 640, 480), 90);
    let (same, other) = (scene(1, 160, 120), scene(4, 160, 120));
    let far = |thumbnail: &RgbImage| {
        let facts = look(&with_thumbnail(&picture, &jpeg_of(thumbnail, 60)));
        let embedded = facts.embedded.unwrap();
        assert_eq!((embedded.width, embedded.height), (thumbnail.width(), thumbnail.height()));
        assert!(distance(&embedded.signals.values[0], &full_signal(thumbnail)) <= 31);
        embedded.distance.unwrap()
    };
    assert!(far(&same) <= 31);
    assert!(far(&imageops::rotate90(&same)) <= THUMBNAIL_DISTANCE);
    assert!(far(&other) > THUMBNAIL_DISTANCE);
    // A picture that is lost leaves its thumbnail behind.
    let bytes = with_thumbnail(&picture, &jpeg_of(&other, 60));
    let facts = look(&bytes[..bytes.len() - 900]);
    assert_eq!(failure_code(&facts), Some("decode.truncated"));
    assert_eq!(facts.embedded.unwrap().distance, None);
    assert_eq!(look(&picture).embedded, None);
}
