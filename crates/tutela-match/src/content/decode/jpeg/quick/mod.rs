//! The JPEGs that nearly everybody writes, decoded faster: grey or YCbCr, 8 bits, Huffman codes,
//! sequential in one scan or progressive, and nothing wrong with them.
//!
//! Samples are those of zune-jpeg, bit for bit, because signals that are kept must not change. What is
//! unusual or damaged in any way gives `None`, and is left to zune-jpeg with all its leniency.

mod baseline;
mod bits;
mod colour;
mod frame;
mod huffman;
mod progressive;
#[cfg(test)]
mod tests;
mod transform;
#[cfg(test)]
mod writer;

use self::baseline::Coding;
use self::bits::{Bits, PADDING};
use self::colour::{Colour, Plane};
use self::frame::{Blocks, Component, Frame, Scan, Tables};
use self::progressive::Finish;
use super::find_mark;
use crate::content::MAX_JPEG_SCANS;
use crate::simd;

/// Coefficients of 8×8 samples, a line of frequencies after the other.
type Block = [i16; 64];

/// The samples of a picture, grey or RGB. The file's header must have been found good by the other
/// decoder, and its colours to be grey or YCbCr.
pub(super) fn decode(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut picture = None;
    let mut tables = Tables::default();
    let mut at = 2;
    loop {
        let (marker, body, next) = segment(bytes, at)?;
        at = match marker {
            0xc0..=0xc2 if picture.is_none() => {
                picture = Some(Picture::new(Frame::parse(body, marker == 0xc2)?));
                next
            }
            0xc4 => {
                // Which codes a table may have, the frame says.
                let progressive = picture.as_ref().is_some_and(|p| p.frame.progressive);
                tables.code(body, progressive || picture.is_none())?;
                next
            }
            0xdb if picture.as_ref().is_none_or(|picture| picture.scans == 0) => {
                tables.weigh(body)?;
                next
            }
            0xdd if picture.as_ref().is_none_or(|picture| picture.scans == 0) => {
                tables.restart = usize::from(u16::from_be_bytes(body.try_into().ok()?));
                next
            }
            0xda => picture.as_mut()?.scan(&tables, body, bytes, next)?,
            0xd9 => return picture?.finish(&tables),
            0xe0..=0xef | 0xfe => next,
            _ => return None,
        };
    }
}

/// A marker, what belongs to it, and where the next one is.
fn segment(bytes: &[u8], at: usize) -> Option<(u8, &[u8], usize)> {
    let (&[0xff, marker], rest) = bytes.get(at..)?.split_first_chunk()? else { return None };
    if marker == 0xd9 {
        return Some((marker, &[], at + 2));
    }
    let length = usize::from(u16::from_be_bytes(*rest.first_chunk()?));
    Some((marker, rest.get(2..length)?, at + 2 + length))
}

struct Picture {
    frame: Frame,
    scans: usize,
    planes: Vec<Plane>,
    /// Of progressive pictures, which need all scans first.
    blocks: Vec<Blocks>,
    /// Content of one interval, without stuffing.
    interval: Vec<u8>,
}

impl Picture {
    fn new(frame: Frame) -> Self {
        let plane = |component: &Component| {
            Plane::new(component.blocks_across * 8, component.blocks_down * 8)
        };
        let planes = frame.components.iter().map(plane).collect();
        let blocks = |component: &Component| {
            let count = component.blocks_across * component.blocks_down;
            Blocks { blocks: vec![[0; 64]; count], used: vec![0; count] }
        };
        let blocks = if frame.progressive {
            frame.components.iter().map(blocks).collect()
        } else {
            Vec::new()
        };
        Self { frame, scans: 0, planes, blocks, interval: Vec::new() }
    }

    /// Reads a scan whose content begins at a place; the place of the marker after it.
    fn scan(&mut self, tables: &Tables, head: &[u8], bytes: &[u8], at: usize) -> Option<usize> {
        let scan = Scan::parse(head, &self.frame)?;
        self.scans += 1;
        if self.scans > MAX_JPEG_SCANS || (self.scans > 1 && !self.frame.progressive) {
            return None;
        }
        let units = match scan.components.as_slice() {
            [(place, ..)] => {
                let component = self.frame.components.get(*place)?;
                component.needed_across * component.needed_down
            }
            _ => self.frame.across * self.frame.down,
        };
        let step = if tables.restart == 0 { units } else { tables.restart };
        let mut at = at;
        for (count, start) in (0..units).step_by(step).enumerate() {
            if count > 0 {
                let restart = 0xd0 | (count - 1) as u8 & 7;
                if bytes.get(at..at + 2)? != [0xff, restart] {
                    return None;
                }
                at += 2;
            }
            at = unstuff(bytes, at, &mut self.interval)?;
            let units = start..units.min(start + step);
            self.interval(tables, &scan, units)?;
        }
        Some(at)
    }

    fn interval(
        &mut self,
        tables: &Tables,
        scan: &Scan,
        units: std::ops::Range<usize>,
    ) -> Option<()> {
        let bits = Bits::new(&self.interval);
        let frame = &self.frame;
        if !frame.progressive {
            let codings = scan.components.iter().map(|(place, dc, ac)| {
                Some(Coding {
                    dc: tables.dc.get(*dc)?.as_ref()?,
                    ac: tables.ac.get(*ac)?.as_ref()?,
                    weights: tables.weights.get(frame.components[*place].weights)?.as_ref()?,
                })
            });
            let codings = &codings.collect::<Option<Vec<_>>>()?;
            let planes = &mut self.planes;
            return simd::run(baseline::Interval { frame, codings, bits, units, planes });
        }
        // Bits that refine constant terms have no code; the other decoder wants a table all the same.
        let coding = |(_, dc, ac): &(usize, usize, usize)| {
            let constants = scan.band.0 == 0;
            let (tables, place) = if constants { (&tables.dc, *dc) } else { (&tables.ac, *ac) };
            tables.get(place)?.as_ref()
        };
        let tables = &scan.components.iter().map(coding).collect::<Option<Vec<_>>>()?;
        let blocks = &mut self.blocks;
        simd::run(progressive::Interval { frame, scan, tables, bits, units, blocks })
    }

    fn finish(mut self, tables: &Tables) -> Option<Vec<u8>> {
        if self.scans == 0 {
            return None;
        }
        let parts = self.frame.components.iter().zip(&self.blocks).zip(&mut self.planes);
        for ((component, blocks), plane) in parts {
            let weights = tables.weights.get(component.weights)?.as_ref()?;
            simd::run(Finish { component, weights, blocks, plane })?;
        }
        Some(simd::run(Colour { frame: &self.frame, planes: &self.planes }))
    }
}

/// Takes what stands before the next marker, without its stuffing; the place of the marker.
/// Source: ITU-T T.81, B.1.1.5.
fn unstuff(bytes: &[u8], mut at: usize, out: &mut Vec<u8>) -> Option<usize> {
    out.clear();
    loop {
        let rest = bytes.get(at..)?;
        let mark = find_mark(rest)?;
        out.extend_from_slice(&rest[..mark]);
        at += mark;
        match rest.get(mark + 1)? {
            0 => {
                out.push(0xff);
                at += 2;
            }
            0xff => return None,
            _ => break,
        }
    }
    out.extend_from_slice(&[0; PADDING]);
    Some(at)
}
