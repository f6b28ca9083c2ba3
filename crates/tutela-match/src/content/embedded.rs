//! The small picture that cameras embed in a picture, and whether both show the same.
//!
//! Programs that change a picture often leave its thumbnail alone. A thumbnail that shows something
//! else is a trace of what the file held before, or of two files put together.

use exif::{In, Tag};
use tutela_core::{Orientation, PdqVariant};

use super::decode::{DecodeError, decode};
use super::{Kind, Limits, PictureFormat, Pixels, THUMBNAIL_DISTANCE, boxes, capture, sniff};
use crate::index::distance;
use crate::signals::{PdqSignals, pdq};

/// Thumbnails are small; what is larger is a preview of its own and decoded as if it were one.
const MAX_THUMBNAIL_BYTES: usize = 1 << 20;
/// HEIC files that are copied to reach their thumbnail.
const MAX_COPIED_BYTES: usize = 64 << 20;

/// Brightness up to which a row or column counts as black, in the mean.
const BLACK_MEAN: u32 = 16;
/// Part of a side that bars must take to be cut off: less is no letterbox.
const LEAST_BARS: f32 = 0.04;
/// Part of a side that must be left between them: a dark picture is no letterbox.
const LEAST_PICTURE: f32 = 0.4;
/// Difference of proportions from which a thumbnail counts as cut out of the picture's middle.
const OTHER_PROPORTIONS: f32 = 0.03;

/// The small picture embedded in a JPEG, PNG, WebP or HEIC: in the EXIF block, or as an item of its
/// own. `None` where there is none that can be decoded.
pub fn embedded(bytes: &[u8], limits: &Limits) -> Option<Pixels> {
    let found = sniff(bytes);
    // The second directory of a TIFF is its second page.
    if matches!(found.kind, Kind::Picture(PictureFormat::Tiff)) {
        return None;
    }
    let from_exif = exif_thumbnail(bytes).and_then(|jpeg| decoded(&jpeg, limits).ok());
    from_exif.or_else(|| {
        let is_heic = matches!(found.kind, Kind::Picture(PictureFormat::Heic));
        if !is_heic || bytes.len() > MAX_COPIED_BYTES {
            return None;
        }
        decoded(&boxes::with_thumbnail_first(bytes)?, limits).ok()
    })
}

fn decoded(bytes: &[u8], limits: &Limits) -> Result<Pixels, DecodeError> {
    decode(bytes, &Limits { max_frames: 1, ..*limits }).map(|decoded| decoded.pixels)
}

/// Source: Exif 2.32, 4.5.1: the second directory of the block points at a JPEG.
fn exif_thumbnail(bytes: &[u8]) -> Option<Vec<u8>> {
    let exif = capture::read(bytes)?;
    let number = |tag| exif.get_field(tag, In::THUMBNAIL)?.value.get_uint(0);
    let start = usize::try_from(number(Tag::JPEGInterchangeFormat)?).ok()?;
    let length = usize::try_from(number(Tag::JPEGInterchangeFormatLength)?).ok()?;
    if length > MAX_THUMBNAIL_BYTES {
        return None;
    }
    exif.buf().get(start..start.checked_add(length)?).map(<[u8]>::to_vec)
}

/// What a thumbnail shows, and how near the picture is to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Embedded {
    /// Width and height, black bars included.
    pub size: (u32, u32),
    /// Signals, black bars left out.
    pub signals: PdqSignals,
    /// Bits that differ at the best of all ways to lay one over the other: 0 to 256. Says nothing
    /// where one of the two has a quality below 50. `None` without a picture.
    pub distance: Option<u16>,
}

/// Signals of a thumbnail, and its distance to the picture it stands in. A thumbnail may be turned,
/// may have black bars, and may be cut out of the middle: whatever comes nearest counts, so that a
/// difference is one of content. `None` for `picture` where it could not be decoded.
pub fn compare_embedded(
    thumbnail: &Pixels,
    picture: Option<(&Pixels, &[PdqSignals])>,
    variant: PdqVariant,
) -> Embedded {
    let bare = without_bars(thumbnail);
    let shown = bare.as_ref().unwrap_or(thumbnail);
    let signals = pdq(shown, variant);
    let whole = bare.is_some().then(|| pdq(thumbnail, variant));
    let smalls: Vec<&PdqSignals> = [&signals].into_iter().chain(&whole).collect();
    let distance = picture.and_then(|(pixels, of_picture)| {
        let distance = of_picture.iter().map(|of| nearest(of, &smalls)).min()?;
        if distance <= THUMBNAIL_DISTANCE {
            return Some(distance);
        }
        let of_middle =
            middle(pixels, shown).map(|middle| nearest(&pdq(&middle, variant), &smalls));
        Some(of_middle.map_or(distance, |of_middle| distance.min(of_middle)))
    });
    Embedded { size: (thumbnail.width(), thumbnail.height()), signals, distance }
}

fn nearest(picture: &PdqSignals, smalls: &[&PdqSignals]) -> u16 {
    let original = picture.original();
    let turned = smalls.iter().flat_map(|small| Orientation::ALL.map(|how| small.get(how)));
    turned.map(|small| distance(&original, &small)).min().unwrap_or(u16::MAX)
}

/// The middle of the picture in the proportions of the thumbnail; `None` where they are alike.
fn middle(picture: &Pixels, thumbnail: &Pixels) -> Option<Pixels> {
    let (width, height) = (picture.width(), picture.height());
    let wanted = thumbnail.width() as f32 / thumbnail.height().max(1) as f32;
    let ratio = width as f32 / height.max(1) as f32 / wanted.max(f32::MIN_POSITIVE);
    if (ratio - 1.0).abs() < OTHER_PROPORTIONS {
        return None;
    }
    let (crop_width, crop_height) = if ratio > 1.0 {
        ((width as f32 / ratio) as u32, height)
    } else {
        (width, (height as f32 * ratio) as u32)
    };
    picture.crop((width - crop_width) / 2, (height - crop_height) / 2, crop_width, crop_height)
}

/// The thumbnail without black bars above and below, or left and right; `None` without such bars.
fn without_bars(pixels: &Pixels) -> Option<Pixels> {
    let (width, height) = (pixels.width(), pixels.height());
    let (top, bottom) = bars(height, |row| mean(pixels, 0..width, row..row + 1));
    let (left, right) = bars(width, |column| mean(pixels, column..column + 1, 0..height));
    if top + bottom + left + right == 0 {
        return None;
    }
    pixels.crop(left, top, width - left - right, height - top - bottom)
}

/// How many lines are black from either end of a side, where that looks like a letterbox.
fn bars(side: u32, brightness: impl Fn(u32) -> u32) -> (u32, u32) {
    let black = |line: &u32| brightness(*line) <= BLACK_MEAN;
    let before = (0..side).take_while(black).count() as u32;
    let after = (before..side).rev().take_while(black).count() as u32;
    let bars = (before + after) as f32 / side.max(1) as f32;
    if (LEAST_BARS..=1.0 - LEAST_PICTURE).contains(&bars) { (before, after) } else { (0, 0) }
}

fn mean(pixels: &Pixels, columns: std::ops::Range<u32>, rows: std::ops::Range<u32>) -> u32 {
    let channels = usize::from(pixels.channels());
    let stride = pixels.width() as usize * channels;
    let count = columns.len() * rows.len() * channels;
    let part = |row: u32| {
        let row = &pixels.samples()[row as usize * stride..][..stride];
        &row[columns.start as usize * channels..columns.end as usize * channels]
    };
    let sum: u64 = rows.flat_map(part).map(|sample| u64::from(*sample)).sum();
    u32::try_from(sum / count.max(1) as u64).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use tutela_core::PdqVariant;

    use super::{compare_embedded, without_bars};
    use crate::content::{Pixels, THUMBNAIL_DISTANCE};
    use crate::signals::pdq;

    fn scene(seed: u32, width: u32, height: u32) -> Pixels {
        // Waves so slow that the smallest size still holds them: alike at every size.
        let wave = |x: f32, y: f32, c: u32| {
            let [a, b] = [3 + (seed * 7 + c) % 5, 2 + (seed * 5 + c) % 7].map(|n| n as f32);
            let value = (x * a + seed as f32).sin() + (y * b).cos() + (x * y * a).sin();
            (127.0 + value * 40.0) as u8
        };
        let place = |i: u32| (i % width, i / width);
        let samples = (0..width * height).flat_map(|i| {
            let (x, y) = place(i);
            let (x, y) = (x as f32 / width as f32 * 3.0, y as f32 / height as f32 * 3.0);
            [0, 1, 2].map(|c| wave(x, y, c))
        });
        Pixels::rgb(width, height, samples.collect()).unwrap()
    }

    /// Patches of greys that have nothing to do with the waves, from a linear congruential generator.
    fn patches(width: u32, height: u32) -> Pixels {
        let mut state = 7_u32;
        let greys: Vec<u8> = (0..16 * 9)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 24) as u8
            })
            .collect();
        let patch = |i: u32| (i / width * 9 / height * 16 + i % width * 16 / width) as usize;
        let samples = (0..width * height).map(|i| greys[patch(i)]).collect();
        Pixels::grey(width, height, samples).unwrap()
    }

    /// Bars above and below until the picture is `height` high.
    fn letterboxed(pixels: &Pixels, height: u32) -> Pixels {
        let bar = vec![2; ((height - pixels.height()) / 2 * pixels.width() * 3) as usize];
        let samples = [&bar, pixels.samples(), &bar].concat();
        Pixels::rgb(pixels.width(), height, samples).unwrap()
    }

    #[test]
    fn bars_are_cut_off_and_dark_pictures_are_not() {
        let small = scene(1, 160, 90);
        assert_eq!(without_bars(&letterboxed(&small, 120)), Some(small.clone()));
        assert_eq!(without_bars(&small), None);
        assert_eq!(without_bars(&Pixels::grey(40, 30, vec![3; 1200]).unwrap()), None);
    }

    #[test]
    fn only_another_picture_is_far_away() {
        let picture = scene(1, 640, 360);
        let signals = [PdqVariant::Reference, PdqVariant::Full].map(|v| pdq(&picture, v));
        let far = |thumbnail: &Pixels| {
            let picture = Some((&picture, signals.as_slice()));
            compare_embedded(thumbnail, picture, PdqVariant::Reference).distance.unwrap()
        };
        let small = scene(1, 160, 90);
        assert!(far(&small) <= 31, "{}", far(&small));
        assert!(far(&letterboxed(&small, 120)) <= 31);
        // The middle of the picture, 4:3.
        let middle = picture.crop(80, 0, 480, 360).unwrap();
        assert!(far(&middle) <= THUMBNAIL_DISTANCE, "{}", far(&middle));
        let other = far(&patches(160, 90));
        assert!(other > THUMBNAIL_DISTANCE, "{other}");
    }
}
