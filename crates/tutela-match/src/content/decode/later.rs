//! The frames and pages after the first: of GIF, WebP, PNG and TIFF.

use std::io::Cursor;
use std::ops::ControlFlow;

use image::codecs::gif::GifDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::{AnimationDecoder, Frame, Frames, ImageDecoder, ImageResult, Limits as ImageLimits};

use super::convert::over_white;
use super::{DecodeError, check_size, picture_format, tiff};
use crate::content::{Limits, PictureFormat, Pixels, blocks};

/// Copies of a frame that are held at once: the canvas, the frame before, the frame, its samples.
const COPIES: u64 = 4;

/// A frame of an animation, or a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaterFrame {
    /// Its number. The picture that [`decode`](super::decode) gives has 0, so this is 1 or more.
    pub number: u32,
    /// When it appears, in milliseconds from the first frame. Pages have no time.
    pub at_ms: Option<u64>,
    /// What is to be seen then, transparency laid over white.
    pub pixels: Pixels,
}

/// Hands every frame after the first to `each`, up to the limit of frames.
///
/// # Errors
/// A frame cannot be decoded: those before it have been handed on. Pages are independent of one
/// another, so all that can be decoded are handed on.
pub fn later_frames(
    bytes: &[u8],
    limits: &Limits,
    each: &mut dyn FnMut(LaterFrame) -> ControlFlow<()>,
) -> Result<(), DecodeError> {
    match picture_format(bytes)? {
        PictureFormat::Jpeg | PictureFormat::Bmp | PictureFormat::Heic => Ok(()),
        PictureFormat::Tiff => pages(bytes, limits, each),
        PictureFormat::Gif => {
            let decoder = GifDecoder::new(Cursor::new(bytes))?;
            animation(checked(decoder, limits)?.into_frames(), 0, limits, each)
        }
        PictureFormat::WebP => {
            let decoder = WebPDecoder::new(Cursor::new(bytes))?;
            if !decoder.has_animation() {
                return Ok(());
            }
            animation(checked(decoder, limits)?.into_frames(), 0, limits, each)
        }
        PictureFormat::Png => {
            let decoder = PngDecoder::with_limits(Cursor::new(bytes), allowance(limits))?;
            if !decoder.is_apng()? {
                return Ok(());
            }
            let frames = checked(decoder, limits)?.apng()?.into_frames();
            animation(frames, u32::from(!shows_first(bytes)), limits, each)
        }
    }
}

/// Refuses an animation whose canvas is too large to be held several times.
fn checked<D: ImageDecoder>(mut decoder: D, limits: &Limits) -> Result<D, DecodeError> {
    let (width, height) = decoder.dimensions();
    check_size(width, height, COPIES * 4, limits)?;
    decoder.set_limits(allowance(limits))?;
    Ok(decoder)
}

fn allowance(limits: &Limits) -> ImageLimits {
    let mut allowance = ImageLimits::no_limits();
    allowance.max_alloc = Some(limits.max_alloc_bytes);
    allowance
}

/// Whether the picture that a plain reader sees is the first frame, too: its control chunk then
/// stands before the data. Source: APNG specification, "Structure".
fn shows_first(bytes: &[u8]) -> bool {
    blocks::png(bytes).map(|(name, _)| name).find(|name| matches!(*name, b"fcTL" | b"IDAT"))
        == Some(b"fcTL")
}

/// `first` is the number of the first frame that comes; number 0 is passed over.
fn animation(
    frames: Frames<'_>,
    first: u32,
    limits: &Limits,
    each: &mut dyn FnMut(LaterFrame) -> ControlFlow<()>,
) -> Result<(), DecodeError> {
    let mut at_ms = 0;
    for (number, frame) in (first..limits.max_frames).zip(frames) {
        let frame: Frame = as_decoded(frame)?;
        let (time, unit) = frame.delay().numer_denom_ms();
        let shown_ms = u64::from(time) / u64::from(unit.max(1));
        if number > 0 {
            let pixels = flat(&frame)?;
            if each(LaterFrame { number, at_ms: Some(at_ms), pixels }).is_break() {
                break;
            }
        }
        at_ms += shown_ms;
    }
    Ok(())
}

fn as_decoded<T>(result: ImageResult<T>) -> Result<T, DecodeError> {
    result.map_err(DecodeError::from)
}

fn flat(frame: &Frame) -> Result<Pixels, DecodeError> {
    let picture = frame.buffer();
    let seen = picture.pixels().flat_map(|pixel| {
        let [r, g, b, alpha] = pixel.0;
        [r, g, b].map(|sample| over_white(sample, alpha))
    });
    Pixels::rgb(picture.width(), picture.height(), seen.collect())
        .map_err(|_| DecodeError::Malformed)
}

fn pages(
    bytes: &[u8],
    limits: &Limits,
    each: &mut dyn FnMut(LaterFrame) -> ControlFlow<()>,
) -> Result<(), DecodeError> {
    let mut result = Ok(());
    for number in 1..tiff::pages(bytes, limits.max_frames) {
        match tiff::page(bytes, number, limits) {
            Ok(pixels) => {
                if each(LaterFrame { number, at_ms: None, pixels }).is_break() {
                    break;
                }
            }
            Err(error) => result = Err(error),
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use image::codecs::gif::GifEncoder;
    use image::{Delay, Frame, Rgba, RgbaImage};

    use super::{LaterFrame, later_frames};
    use crate::content::Limits;

    fn gif(frames: u8) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = GifEncoder::new(&mut bytes);
        for n in 0..frames {
            let picture = RgbaImage::from_pixel(8, 6, Rgba([n * 20, 0, 0, 255]));
            let delay = Delay::from_numer_denom_ms(100, 1);
            encoder.encode_frame(Frame::from_parts(picture, 0, 0, delay)).unwrap();
        }
        drop(encoder);
        bytes
    }

    fn read(bytes: &[u8], max_frames: u32) -> (Vec<LaterFrame>, bool) {
        let mut frames = Vec::new();
        let limits = Limits { max_frames, ..Limits::default() };
        let whole = later_frames(bytes, &limits, &mut |frame| {
            frames.push(frame);
            ControlFlow::Continue(())
        });
        (frames, whole.is_ok())
    }

    #[test]
    fn frames_come_with_number_and_time_up_to_the_limit() {
        let bytes = gif(5);
        let (frames, whole) = read(&bytes, 64);
        let times: Vec<_> = frames.iter().map(|frame| (frame.number, frame.at_ms)).collect();
        assert_eq!(times, [(1, Some(100)), (2, Some(200)), (3, Some(300)), (4, Some(400))]);
        assert!(whole && frames[3].pixels.samples()[0] > 70);
        assert_eq!(read(&bytes, 3).0.len(), 2);
        let (frames, whole) = read(&bytes[..bytes.len() - 10], 64);
        assert!(frames.len() < 4 && !whole, "{} frames", frames.len());
    }

    #[test]
    fn a_picture_of_one_frame_has_no_later_ones() {
        assert_eq!(read(&gif(1), 64), (Vec::new(), true));
    }
}
