//! Pictures of palette indices, which the decoder behind this refuses.
//!
//! A copy of the file that calls its indices grey is decoded instead, and every grey is then looked
//! up in the file's palette.

use std::io::Cursor;

use tiff::ColorType;
use tiff::decoder::Decoder;
use tiff::tags::{PhotometricInterpretation, Tag};

use super::from_tiff;
use super::samples::Samples;
use crate::content::decode::convert::narrow;
use crate::content::{DecodeError, Limits};

/// A file of palette indices, disguised as grey.
pub(super) struct Indexed {
    pub(super) bytes: Vec<u8>,
    pub(super) colours: Colours,
}

impl Indexed {
    /// `None` where the picture has no palette.
    pub(super) fn find(bytes: &[u8], limits: &Limits) -> Result<Option<Self>, DecodeError> {
        let Some(place) = interpretation(bytes) else { return Ok(None) };
        if place.value(bytes) != Some(PhotometricInterpretation::RGBPalette.to_u16()) {
            return Ok(None);
        }
        let mut decoder = Decoder::new(Cursor::new(bytes)).map_err(from_tiff)?;
        let (width, height) = decoder.dimensions().map_err(from_tiff)?;
        super::check_size(width, height, 3, limits)?;
        let table = decoder.get_tag_u16_vec(Tag::ColorMap).map_err(from_tiff)?;
        let mut bytes = bytes.to_vec();
        place.write(&mut bytes, PhotometricInterpretation::BlackIsZero.to_u16());
        Ok(Some(Self { bytes, colours: Colours { table } }))
    }
}

/// All reds, then all greens, then all blues, each of 16 bits.
pub(super) struct Colours {
    table: Vec<u16>,
}

impl Colours {
    /// The colours of grey samples that were indices.
    pub(super) fn lookup(&self, indices: &Samples) -> Result<Vec<u8>, DecodeError> {
        // Samples beside the index, such as transparency, were not meant for a palette.
        let alone = matches!(indices.colour, ColorType::Gray(_));
        if !alone || indices.bits > 8 || self.table.len() != 3 << indices.bits {
            return Err(DecodeError::Unsupported);
        }
        let count = 1_usize << indices.bits;
        // Indices of few bits were spread over the range of 8.
        let step = 255 / (count - 1);
        let colour = |index: usize, channel: usize| narrow(self.table[channel * count + index]);
        let indices = indices.bytes.iter().map(|sample| usize::from(*sample) / step);
        Ok(indices.flat_map(|index| [0, 1, 2].map(|channel| colour(index, channel))).collect())
    }
}

/// Where a file says what its samples mean.
struct Place {
    at: usize,
    big_endian: bool,
}

impl Place {
    fn value(&self, bytes: &[u8]) -> Option<u16> {
        number(bytes, self.at, 2, self.big_endian)?.try_into().ok()
    }

    fn write(&self, bytes: &mut [u8], value: u16) {
        let new = if self.big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
        if let Some(place) = bytes.get_mut(self.at..self.at + 2) {
            place.copy_from_slice(&new);
        }
    }
}

/// The entry of the first directory that says what samples mean.
/// Source: TIFF 6.0, section 2; BigTIFF design, "The BigTIFF File Format".
fn interpretation(bytes: &[u8]) -> Option<Place> {
    let big_endian = bytes.starts_with(b"MM");
    let field = |at: usize, length: usize| number(bytes, at, length, big_endian);
    let is_big_tiff = field(2, 2)? == 43;
    let (offset, count_bytes, entry_bytes, value_at) =
        if is_big_tiff { (field(8, 8)?, 8, 20, 12) } else { (field(4, 4)?, 2, 12, 8) };
    let directory = usize::try_from(offset).ok()?;
    let count = field(directory, count_bytes)?;
    let first = directory.checked_add(count_bytes)?;
    let tag = u64::from(Tag::PhotometricInterpretation.to_u16());
    // A directory ends with the file, whatever its count says.
    let entries = (0..usize::try_from(count).ok()?).map(|entry| first + entry * entry_bytes);
    let entry = entries
        .take_while(|at| at + entry_bytes <= bytes.len())
        .find(|at| field(*at, 2) == Some(tag))?;
    Some(Place { at: entry + value_at, big_endian })
}

fn number(bytes: &[u8], at: usize, length: usize, big_endian: bool) -> Option<u64> {
    let field = bytes.get(at..at.checked_add(length)?)?;
    let append = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
    Some(if big_endian { field.iter().fold(0, append) } else { field.iter().rev().fold(0, append) })
}
