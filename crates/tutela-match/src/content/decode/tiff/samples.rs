//! Samples as a TIFF stores them, brought to 8 bits and to pixel order.

use tiff::ColorType;
use tiff::decoder::{BufferLayoutPreference, DecodingResult};

use crate::content::DecodeError;
use crate::content::decode::convert::{narrow, unit};

/// 8-bit samples, pixel by pixel, channels interleaved.
pub(super) struct Samples {
    pub(super) bytes: Vec<u8>,
    pub(super) colour: ColorType,
    /// Colours are already multiplied by alpha.
    pub(super) premultiplied: bool,
    /// What a stored 1 stands for: 255 for full depth, less where few bits were spread.
    pub(super) bits: u8,
}

/// Samples of one pixel, of the colour types that are decoded.
pub(super) fn channels(colour: ColorType) -> Result<u16, DecodeError> {
    match colour {
        ColorType::Gray(_) | ColorType::Palette(_) => Ok(1),
        ColorType::GrayA(_) => Ok(2),
        ColorType::RGB(_) | ColorType::YCbCr(_) => Ok(3),
        ColorType::RGBA(_) | ColorType::CMYK(_) => Ok(4),
        ColorType::Multiband { num_samples: 2, .. } => Ok(2),
        _ => Err(DecodeError::Unsupported),
    }
}

impl Samples {
    pub(super) fn new(
        stored: DecodingResult,
        layout: &BufferLayoutPreference,
        colour: ColorType,
        width: u32,
        height: u32,
        premultiplied: bool,
    ) -> Result<Self, DecodeError> {
        let channels = usize::from(channels(colour)?);
        let (width, height) = (width as usize, height as usize);
        let bits = colour.bit_depth();
        let planes = layout.planes.max(1);
        let row = width * channels / planes;
        let bytes = match stored {
            DecodingResult::U8(packed) if bits < 8 => spread(&packed, bits, row)?,
            stored => to_bytes(stored)?,
        };
        // A buffer for the first plane alone means that the others did not fit into the limit.
        if bytes.len() < row * height * planes {
            return Err(DecodeError::OutOfMemory);
        }
        let bytes = if planes > 1 { interleave(&bytes, planes) } else { bytes };
        Ok(Self { bytes, colour, premultiplied, bits })
    }
}

/// Samples of 1, 2 or 4 bits, packed into rows of whole bytes, to the full range of 8 bits.
fn spread(packed: &[u8], bits: u8, row: usize) -> Result<Vec<u8>, DecodeError> {
    if !matches!(bits, 1 | 2 | 4) {
        return Err(DecodeError::Unsupported);
    }
    let highest = (1_u8 << bits) - 1;
    let per_byte = usize::from(8 / bits);
    let rows = packed.chunks_exact(row.div_ceil(per_byte).max(1));
    let samples = rows.flat_map(|packed| {
        (0..row).map(move |at| {
            let shift = 8 - usize::from(bits) * (at % per_byte + 1);
            (packed[at / per_byte] >> shift & highest) * (255 / highest)
        })
    });
    Ok(samples.collect())
}

fn to_bytes(stored: DecodingResult) -> Result<Vec<u8>, DecodeError> {
    Ok(match stored {
        DecodingResult::U8(samples) => samples,
        DecodingResult::U16(samples) => samples.into_iter().map(narrow).collect(),
        DecodingResult::U32(samples) => {
            samples.into_iter().map(|s| unit(f64::from(s) / f64::from(u32::MAX))).collect()
        }
        DecodingResult::U64(samples) => {
            samples.into_iter().map(|s| unit(s as f64 / u64::MAX as f64)).collect()
        }
        DecodingResult::F16(samples) => samples.into_iter().map(|s| unit(s.to_f64())).collect(),
        DecodingResult::F32(samples) => samples.into_iter().map(|s| unit(s.into())).collect(),
        DecodingResult::F64(samples) => samples.into_iter().map(unit).collect(),
        DecodingResult::I8(_)
        | DecodingResult::I16(_)
        | DecodingResult::I32(_)
        | DecodingResult::I64(_) => return Err(DecodeError::Unsupported),
    })
}

/// Planes, one after the other, to pixels.
fn interleave(planes: &[u8], count: usize) -> Vec<u8> {
    let plane = planes.len() / count;
    (0..plane).flat_map(|at| (0..count).map(move |which| planes[which * plane + at])).collect()
}

#[cfg(test)]
mod tests {
    use super::{interleave, spread};

    #[test]
    fn few_bits_fill_the_range_and_rows_begin_at_bytes() {
        assert_eq!(spread(&[0b1010_0000, 0b0100_0000], 1, 3).unwrap(), [255, 0, 255, 0, 255, 0]);
        assert_eq!(spread(&[0b0001_1011], 2, 4).unwrap(), [0, 85, 170, 255]);
        assert_eq!(spread(&[0x0f, 0x80], 4, 3).unwrap(), [0, 255, 136]);
        assert!(spread(&[0], 3, 1).is_err());
    }

    #[test]
    fn planes_become_pixels() {
        assert_eq!(interleave(b"rrggbb", 3), b"rgbrgb");
    }
}
