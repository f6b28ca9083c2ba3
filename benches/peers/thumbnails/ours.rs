//! How far thumbnails are from their own pictures, and from others: the table behind the threshold.
#![forbid(unsafe_code)]

use anyhow::{Context, Result};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};
use tutela_core::PdqVariant;
use tutela_match::content::{Limits, Pixels, compare_embedded, decode};
use tutela_match::signals::{PdqSignals, pdq};

const SCENES: u64 = 60;
const SIZES: [(u32, u32); 4] = [(640, 480), (600, 800), (960, 540), (1024, 683)];
const VARIANTS: [PdqVariant; 2] = [PdqVariant::Reference, PdqVariant::Full];

fn main() -> Result<()> {
    let mut rows: Vec<(&str, Vec<u16>)> = Vec::new();
    let mut left_out = 0;
    for seed in 0..SCENES {
        let (width, height) = SIZES[(seed % 4) as usize];
        let picture = scene(seed, width, height);
        let pixels = through_jpeg(&picture, 90)?;
        let signals = VARIANTS.map(|variant| pdq(&pixels, variant));
        if signals.iter().any(|signals| signals.quality < 50) {
            left_out += 1;
            continue;
        }
        let other = scene(seed + 1_000_000, width / 3, height / 3);
        for (name, thumbnail) in thumbnails(&picture, &other) {
            let thumbnail = through_jpeg(&thumbnail, if name.contains("q30") { 30 } else { 75 })?;
            let Some(distance) = far(&pixels, &signals, &thumbnail) else { continue };
            match rows.iter_mut().find(|(known, _)| *known == name) {
                Some((_, distances)) => distances.push(distance),
                None => rows.push((name, vec![distance])),
            }
        }
    }
    println!("kind,pairs,least,p1,median,p99,most");
    for (name, mut distances) in rows {
        distances.sort_unstable();
        let at = |part: usize| distances[(distances.len() - 1) * part / 100];
        println!(
            "{name},{},{},{},{},{},{}",
            distances.len(),
            at(0),
            at(1),
            at(50),
            at(99),
            at(100)
        );
    }
    println!("# {left_out} of {SCENES} scenes left out: quality below 50");
    Ok(())
}

fn far(picture: &Pixels, signals: &[PdqSignals], thumbnail: &Pixels) -> Option<u16> {
    let compared = compare_embedded(thumbnail, Some((picture, signals)), PdqVariant::Full);
    compared.distance.filter(|_| compared.signals.quality >= 50)
}

fn thumbnails(picture: &RgbImage, other: &RgbImage) -> Vec<(&'static str, RgbImage)> {
    let fit = |picture: &RgbImage, side: u32, filter| {
        let (width, height) = picture.dimensions();
        let longer = width.max(height);
        imageops::resize(picture, width * side / longer, height * side / longer, filter)
    };
    let small = fit(picture, 160, FilterType::Triangle);
    let mut boxed = RgbImage::from_pixel(160, 120, Rgb([0, 0, 0]));
    let inside = imageops::resize(
        picture,
        160.min(120 * picture.width() / picture.height()),
        120.min(160 * picture.height() / picture.width()),
        FilterType::Triangle,
    );
    let at = |outer: u32, inner: u32| i64::from((outer - inner) / 2);
    imageops::overlay(&mut boxed, &inside, at(160, inside.width()), at(120, inside.height()));
    let side = picture.width().min(picture.height());
    let (left, top) = ((picture.width() - side) / 2, (picture.height() - side) / 2);
    let middle = imageops::crop_imm(picture, left, top, side, side).to_image();
    vec![
        ("same, 160", small.clone()),
        ("same, 160, q30", small.clone()),
        ("same, 160, nearest", fit(picture, 160, FilterType::Nearest)),
        ("same, 320", fit(picture, 320, FilterType::Lanczos3)),
        ("same, 96", fit(picture, 96, FilterType::Triangle)),
        ("same, 160×120 with bars", boxed.clone()),
        ("same, 160×120 with bars, q30", boxed),
        ("same, square middle, 160", fit(&middle, 160, FilterType::Triangle)),
        ("same, turned", imageops::rotate90(&small)),
        ("same, turned, q30", imageops::rotate270(&small)),
        ("same, mirrored", imageops::flip_horizontal(&small)),
        ("same, brighter by 40", imageops::brighten(&small, 40)),
        ("same, darker by 40", imageops::brighten(&small, -40)),
        ("other, 160", fit(other, 160, FilterType::Triangle)),
        ("other, 160, q30", fit(other, 160, FilterType::Triangle)),
    ]
}

fn through_jpeg(picture: &RgbImage, quality: u8) -> Result<Pixels> {
    let mut bytes = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality))?;
    Ok(decode(&bytes, &Limits::default()).context("our own JPEG")?.pixels)
}

/// Smooth noise of six sizes, each half as strong as the one twice as large, with discs in front: the
/// spectrum of photographs. Another one for each seed, the same at every size.
fn scene(seed: u64, width: u32, height: u32) -> RgbImage {
    let longer = width.max(height) as f32;
    let disc = |n: u64, what: u64| unit(seed, 90 + n * 8 + what);
    let mut picture = RgbImage::from_fn(width, height, |x, y| {
        let (x, y) = (x as f32 / longer, y as f32 / longer);
        let mut light = [0.0; 3];
        for octave in 0..6_u64 {
            let cells = 2.0 * f32::from(1_u16 << octave);
            for (channel, light) in light.iter_mut().enumerate() {
                *light += noise(seed * 3 + u64::from(channel == 2), octave, x * cells, y * cells)
                    / f32::from(1_u16 << octave);
            }
        }
        Rgb(light.map(|light| (128.0 + 95.0 * light).clamp(0.0, 255.0) as u8))
    });
    for n in 0..8 {
        let centre = (disc(n, 0) * width as f32, disc(n, 1) * height as f32);
        let radius = (0.02 + 0.1 * disc(n, 2)) * longer;
        let colour = Rgb([disc(n, 3), disc(n, 4), disc(n, 5)].map(|part| (255.0 * part) as u8));
        for y in 0..height {
            for x in 0..width {
                if (x as f32 - centre.0).hypot(y as f32 - centre.1) < radius {
                    picture.put_pixel(x, y, colour);
                }
            }
        }
    }
    picture
}

/// −1 to 1, smooth between the corners of a grid.
fn noise(seed: u64, octave: u64, x: f32, y: f32) -> f32 {
    let corner = |dx: f32, dy: f32| {
        let (column, row) = ((x.floor() + dx) as u64, (y.floor() + dy) as u64);
        2.0 * unit(seed, 1_000 + octave * 1_000_003 + column * 1_009 + row) - 1.0
    };
    let smooth = |t: f32| t * t * (3.0 - 2.0 * t);
    let (u, v) = (smooth(x.fract()), smooth(y.fract()));
    let upper = corner(0.0, 0.0) * (1.0 - u) + corner(1.0, 0.0) * u;
    let lower = corner(0.0, 1.0) * (1.0 - u) + corner(1.0, 1.0) * u;
    upper * (1.0 - v) + lower * v
}

/// 0 to 1, another number for each pair. Source: SplitMix64.
fn unit(seed: u64, what: u64) -> f32 {
    let mut z = (seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
        .wrapping_add(what.wrapping_mul(0xd1b5_4a32_d192_ed03));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    f32::from((z >> 48) as u16) / f32::from(u16::MAX)
}
