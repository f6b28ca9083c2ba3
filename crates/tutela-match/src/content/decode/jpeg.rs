//! JPEG, with its end checked: the decoder fills what is missing with grey and says nothing.
//!
//! Ordinary files are decoded by [`quick`]; zune-jpeg reads the header of each first, and decodes the others.

mod quick;

use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::convert::{cmyk, cmyk_inverted};
use super::{DecodeError, check_size};
use crate::content::{Limits, MAX_JPEG_SCANS, Pixels};

/// Coefficients, planes and the picture of a progressive file with all of its colour.
const QUICK_BYTES_PER_PIXEL: u64 = 13;

type Decoder<'a> = JpegDecoder<ZCursor<&'a [u8]>>;

pub(super) fn decode(bytes: &[u8], limits: &Limits) -> Result<Pixels, DecodeError> {
    if let Some(pixels) = decode_quickly(bytes, limits) {
        return Ok(pixels);
    }
    decode_any(bytes, limits)
}

/// An ordinary picture that nothing is wrong with, up to its end mark.
fn decode_quickly(bytes: &[u8], limits: &Limits) -> Option<Pixels> {
    let (decoder, width, height) = open(bytes, false).ok()?;
    match decoder.input_colorspace()? {
        ColorSpace::Luma => {
            check_size(width, height, QUICK_BYTES_PER_PIXEL, limits).ok()?;
            Pixels::grey(width, height, quick::decode(bytes)?).ok()
        }
        ColorSpace::YCbCr => {
            check_size(width, height, QUICK_BYTES_PER_PIXEL, limits).ok()?;
            Pixels::rgb(width, height, quick::decode(bytes)?).ok()
        }
        _ => None,
    }
}

fn decode_any(bytes: &[u8], limits: &Limits) -> Result<Pixels, DecodeError> {
    // A picture can be whole without its end mark, as some webcams write it. Then only a decoder
    // that forgives nothing can tell, so whatever it finds counts as an early end.
    let complete = has_end_mark(bytes);
    let (mut decoder, width, height) = open(bytes, !complete)?;
    let colours = decoder.input_colorspace().ok_or(DecodeError::Malformed)?;
    let wanted = match colours {
        ColorSpace::Luma => ColorSpace::Luma,
        ColorSpace::CMYK => ColorSpace::CMYK,
        ColorSpace::YCbCr | ColorSpace::RGB | ColorSpace::YCCK => ColorSpace::RGB,
        _ => return Err(DecodeError::Unsupported),
    };
    check_size(width, height, wanted.num_components() as u64, limits)?;
    decoder.set_options(decoder.options().jpeg_set_out_colorspace(wanted));
    let samples = decoder.decode().map_err(|error| match from_jpeg(&error) {
        DecodeError::Malformed if !complete => DecodeError::Truncated,
        error => error,
    })?;
    let pixels = match wanted {
        ColorSpace::Luma => Pixels::grey(width, height, samples),
        ColorSpace::CMYK => {
            // Without Adobe's segment nothing says that the inks are stored upside down.
            let to_rgb = if has_adobe_segment(bytes) { cmyk_inverted } else { cmyk };
            let inks = samples.as_chunks::<4>().0;
            Pixels::rgb(width, height, inks.iter().flat_map(|inks| to_rgb(*inks)).collect())
        }
        _ => Pixels::rgb(width, height, samples),
    };
    pixels.map_err(|_| DecodeError::Malformed)
}

pub(super) fn dimensions(bytes: &[u8]) -> Option<(u32, u32)> {
    open(bytes, false).ok().map(|(_, width, height)| (width, height))
}

fn open(bytes: &[u8], strict: bool) -> Result<(Decoder<'_>, u32, u32), DecodeError> {
    let options = DecoderOptions::default()
        .set_strict_mode(strict)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
        .jpeg_set_max_scans(MAX_JPEG_SCANS);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(|error| from_jpeg(&error))?;
    let (width, height) = decoder.dimensions().ok_or(DecodeError::Malformed)?;
    let side = |side: usize| u32::try_from(side).map_err(|_| DecodeError::Malformed);
    Ok((decoder, side(width)?, side(height)?))
}

fn from_jpeg(error: &DecodeErrors) -> DecodeError {
    match error {
        DecodeErrors::Unsupported(_) => DecodeError::Unsupported,
        DecodeErrors::ExhaustedData | DecodeErrors::IoErrors(_) => DecodeError::Truncated,
        DecodeErrors::ZeroError => DecodeError::NoPixels,
        _ => DecodeError::Malformed,
    }
}

const END_OF_IMAGE: u8 = 0xd9;
const ADOBE_SEGMENT: u8 = 0xee;

/// Whether the picture's own end mark is there; marks inside segments, such as those of an
/// embedded thumbnail, do not count.
fn has_end_mark(bytes: &[u8]) -> bool {
    segments(bytes).any(|(marker, _)| marker == END_OF_IMAGE)
}

fn has_adobe_segment(bytes: &[u8]) -> bool {
    segments(bytes).any(|(marker, body)| marker == ADOBE_SEGMENT && body.starts_with(b"Adobe"))
}

/// Markers of a JPEG in order, with the body where there is one. Ends after the end mark, or where
/// the file does.
/// Source: ITU-T T.81, B.1.1 and B.1.2.
pub(crate) fn segments(bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut rest = bytes.get(2..).unwrap_or_default();
    std::iter::from_fn(move || {
        let marker = loop {
            let mark = find_mark(rest)?;
            rest = &rest[mark..];
            let fill = rest.iter().position(|byte| *byte != 0xff)?;
            let marker = rest[fill];
            rest = &rest[fill + 1..];
            // Zero is an escaped 0xff of the compressed data; restarts and 0x01 stand alone.
            if !matches!(marker, 0 | 0x01 | 0xd0..=0xd8) {
                break marker;
            }
        };
        if marker == END_OF_IMAGE {
            rest = &[];
            return Some((marker, rest));
        }
        let length = usize::from(u16::from_be_bytes([*rest.first()?, *rest.get(1)?]));
        let body = rest.get(2..length.max(2)).unwrap_or_default();
        rest = rest.get(length.max(2)..).unwrap_or_default();
        Some((marker, body))
    })
}

/// Where the next 0xff is. Looked for in pieces, which takes a few steps for each.
fn find_mark(bytes: &[u8]) -> Option<usize> {
    const PIECE: usize = 32;
    let is_mark = |byte: &u8| *byte == 0xff;
    let (pieces, rest) = bytes.as_chunks::<PIECE>();
    let without = |piece: &&[u8; PIECE]| !piece.iter().fold(false, |any, byte| any | is_mark(byte));
    let before = pieces.iter().take_while(without).count();
    let piece = pieces.get(before).map_or(rest, <[u8; PIECE]>::as_slice);
    piece.iter().position(is_mark).map(|mark| before * PIECE + mark)
}

#[cfg(test)]
mod tests {
    use super::{has_end_mark, segments};

    #[test]
    fn only_the_picture_s_own_end_counts() {
        let scan = [0xff, 0xda, 0, 3, 1, 0x55, 0xff, 0, 0xff, 0xd1, 0x66];
        let thumbnail = [0xff, 0xe1, 0, 6, 0xff, 0xd8, 0xff, 0xd9];
        let open = [&[0xff, 0xd8][..], &thumbnail, &scan].concat();
        assert!(!has_end_mark(&open));
        assert!(has_end_mark(&[&open[..], &[0xff, 0xff, 0xd9, 0xff, 0xc0]].concat()));
        assert_eq!(segments(&open).map(|(marker, _)| marker).collect::<Vec<_>>(), [0xe1, 0xda]);
        assert!(!has_end_mark(&[0xff]));
    }
}
