//! Generated landscapes: sky, sun, hills and trees from a seed. Nothing in them was ever photographed.

use image::codecs::gif::GifEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::imageops::{self, FilterType};
use image::{Delay, DynamicImage, ExtendedColorType, Frame, ImageEncoder, ImageError, RgbImage};

/// A small, portable source of numbers: the same seed draws the same landscape everywhere.
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (SplitMix64).
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number of `low` to `high`, both included.
    pub(super) fn between(&mut self, low: u32, high: u32) -> u32 {
        let span = u64::from(high - low) + 1;
        low + u32::try_from(self.next() % span).unwrap_or(0)
    }

    fn unit(&mut self) -> f32 {
        f32::from(u16::try_from(self.next() >> 48).unwrap_or(0)) / f32::from(u16::MAX)
    }
}

/// A ridge of hills: three waves on top of one another.
struct Ridge {
    base: f32,
    waves: [(f32, f32, f32); 3],
    colour: [f32; 3],
}

impl Ridge {
    fn new(chance: &mut Chance, depth: f32) -> Self {
        let mut wave = |length: f32| {
            (length * (1.0 + chance.unit()), 0.03 + 0.09 * chance.unit(), 6.3 * chance.unit())
        };
        let waves = [wave(2.0), wave(6.0), wave(17.0)];
        let tint = chance.unit() * 60.0;
        let colour = [30.0 + tint + 70.0 * (1.0 - depth), 90.0 + 60.0 * (1.0 - depth), 40.0 + tint];
        Self { base: 0.35 + 0.45 * depth, waves, colour }
    }

    /// Height of the ridge at `x` of 0 to 1, as a part of the picture's height from above.
    fn top(&self, x: f32) -> f32 {
        let waves =
            self.waves.iter().map(|(length, height, phase)| height * (x * length + phase).sin());
        self.base + waves.sum::<f32>() * 0.6
    }
}

/// Draws the landscape of a seed.
pub(super) fn landscape(seed: u64, width: u32, height: u32) -> RgbImage {
    let mut chance = Chance::new(seed);
    let sky =
        [40.0 + 150.0 * chance.unit(), 90.0 + 90.0 * chance.unit(), 150.0 + 100.0 * chance.unit()];
    let sun = (chance.unit(), 0.08 + 0.25 * chance.unit(), 0.03 + 0.06 * chance.unit());
    let ridges: Vec<Ridge> =
        (0..4u8).map(|depth| Ridge::new(&mut chance, f32::from(depth) / 4.0)).collect();
    // Enough of them, light and dark, that a signal has something to hold on to.
    let trees: Vec<(f32, f32, f32, f32)> = (0..chance.between(60, 110))
        .map(|_| {
            let shade = if chance.unit() < 0.4 { 190.0 } else { 5.0 };
            (
                chance.unit(),
                0.45 + 0.5 * chance.unit(),
                0.02 + 0.05 * chance.unit(),
                shade + 40.0 * chance.unit(),
            )
        })
        .collect();
    let ratio = width as f32 / height as f32;
    let mut picture = RgbImage::from_fn(width, height, |px, py| {
        let (x, y) = (px as f32 / width as f32, py as f32 / height as f32);
        let mut colour = sky.map(|channel| channel + (255.0 - channel) * y * 0.9);
        if ((x - sun.0) * ratio).hypot(y - sun.1) < sun.2 {
            colour = [255.0, 240.0, 180.0];
        }
        for ridge in &ridges {
            let top = ridge.top(x);
            if y > top {
                let grain = ((x * 531.0).sin() * (y * 417.0).cos()) * 9.0;
                colour = ridge.colour.map(|channel| channel * (1.15 - 0.6 * (y - top)) + grain);
            }
        }
        image::Rgb(colour.map(|channel| channel.clamp(0.0, 255.0) as u8))
    });
    for (at, foot, size, shade) in trees {
        let colour =
            [shade, shade + 20.0, shade * 0.6].map(|channel| channel.clamp(0.0, 255.0) as u8);
        let centre = ((at * width as f32) as i32, (foot * height as f32) as i32);
        let radius = (size * 0.5 * height as f32) as i32;
        draw_filled_ellipse(&mut picture, centre, (radius, radius * 5 / 3), image::Rgb(colour));
    }
    picture
}

/// An ellipse, cut off at the edges of the picture.
fn draw_filled_ellipse(
    picture: &mut RgbImage,
    centre: (i32, i32),
    radius: (i32, i32),
    colour: image::Rgb<u8>,
) {
    let (rx, ry) = (radius.0.max(1), radius.1.max(1));
    for dy in -ry..=ry {
        for dx in -rx..=rx {
            let inside = (dx * dx) * (ry * ry) + (dy * dy) * (rx * rx) <= rx * rx * ry * ry;
            let at = (u32::try_from(centre.0 + dx), u32::try_from(centre.1 + dy));
            if inside
                && let (Ok(x), Ok(y)) = at
                && let Some(pixel) = picture.get_pixel_mut_checked(x, y)
            {
                *pixel = colour;
            }
        }
    }
}

/// A plain icon: what a program brings along, and a known-good list holds.
pub(super) fn icon(seed: u64) -> RgbImage {
    let mut chance = Chance::new(seed);
    let colours = [0, 1].map(|_| [0; 3].map(|_: u8| chance.between(40, 220) as u8));
    let step = chance.between(6, 14);
    RgbImage::from_fn(64, 64, |x, y| image::Rgb(colours[((x / step + y / step) % 2) as usize]))
}

pub(super) fn jpeg(
    picture: &RgbImage,
    quality: u8,
    exif: Option<Vec<u8>>,
) -> Result<Vec<u8>, ImageError> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    if let Some(exif) = exif {
        encoder.set_exif_metadata(exif).map_err(ImageError::Unsupported)?;
    }
    encoder.write_image(picture, picture.width(), picture.height(), ExtendedColorType::Rgb8)?;
    Ok(bytes)
}

pub(super) fn png(picture: &RgbImage) -> Result<Vec<u8>, ImageError> {
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes).write_image(
        picture,
        picture.width(),
        picture.height(),
        ExtendedColorType::Rgb8,
    )?;
    Ok(bytes)
}

/// An animation of these pictures, two a second.
pub(super) fn gif(frames: &[RgbImage]) -> Result<Vec<u8>, ImageError> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    for frame in frames {
        let picture = DynamicImage::from(frame.clone()).into_rgba8();
        let delay = Delay::from_numer_denom_ms(500, 1);
        encoder.encode_frame(Frame::from_parts(picture, 0, 0, delay))?;
    }
    drop(encoder);
    Ok(bytes)
}

/// The picture at another size, in percent.
pub(super) fn scaled(picture: &RgbImage, percent: u32) -> RgbImage {
    let (width, height) = (picture.width() * percent / 100, picture.height() * percent / 100);
    imageops::resize(picture, width, height, FilterType::Triangle)
}

/// The picture without a margin of some pixels on every side.
pub(super) fn cropped(picture: &RgbImage, margin: u32) -> RgbImage {
    let (width, height) = (picture.width() - 2 * margin, picture.height() - 2 * margin);
    imageops::crop_imm(picture, margin, margin, width, height).to_image()
}

#[cfg(test)]
mod tests {
    use tutela_core::PdqVariant;
    use tutela_match::content::Pixels;
    use tutela_match::signals::pdq;

    use super::landscape;
    use crate::engines::media::MIN_QUALITY;

    #[test]
    fn landscapes_have_the_detail_that_a_near_match_needs() {
        for seed in (0..8).chain(1_000..1_002).chain(1_100..1_105).chain(1_200..1_204) {
            let picture = landscape(seed, 400, 300);
            let pixels = Pixels::rgb(400, 300, picture.into_raw()).unwrap();
            let quality = pdq(&pixels, PdqVariant::Reference).quality;
            assert!(quality >= MIN_QUALITY + 10, "seed {seed}: {quality}");
        }
    }
}
