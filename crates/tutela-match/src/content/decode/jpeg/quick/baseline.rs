//! Scans of sequential pictures: each block is read once and becomes samples at once.

use std::ops::Range;

use super::Block;
use super::bits::Bits;
use super::colour::Plane;
use super::frame::{Frame, place};
use super::huffman::Table;
use super::transform::{Weights, flat, samples};
use crate::simd::{Kernel, Level};

/// Tables of one component.
#[derive(Clone, Copy)]
pub(super) struct Coding<'a> {
    pub(super) dc: &'a Table,
    pub(super) ac: &'a Table,
    pub(super) weights: &'a Weights,
}

/// Reads the units of one interval.
pub(super) struct Interval<'a> {
    pub(super) frame: &'a Frame,
    pub(super) codings: &'a [Coding<'a>],
    pub(super) bits: Bits<'a>,
    pub(super) units: Range<usize>,
    pub(super) planes: &'a mut [Plane],
}

impl Kernel for Interval<'_> {
    type Output = Option<()>;

    #[inline(always)]
    fn run<L: Level>(mut self, level: L) -> Option<()> {
        let mut constants = [0; 3];
        for unit in self.units {
            let (x, y) = (unit % self.frame.across, unit / self.frame.across);
            let parts = self.frame.components.iter().zip(self.codings).zip(&mut *self.planes);
            for (((component, coding), plane), constant) in parts.zip(&mut constants) {
                for down in 0..component.down {
                    let line = (y * component.down + down) * 8 * plane.stride;
                    for across in 0..component.across {
                        let mut block = [0; 64];
                        let is_flat = read(&mut self.bits, coding, constant, &mut block)?;
                        let start = line + (x * component.across + across) * 8;
                        let out = plane.samples.get_mut(start..)?;
                        if is_flat {
                            flat(&block, coding.weights, out, plane.stride)?;
                        } else {
                            samples(level, &block, coding.weights, out, plane.stride)?;
                        }
                    }
                }
            }
        }
        self.bits.is_used_up().then_some(())
    }
}

/// Reads a block of zeros; whether it has only a constant term.
/// Source: ITU-T T.81, F.2.2.
#[inline(always)]
fn read(bits: &mut Bits, coding: &Coding, constant: &mut i32, block: &mut Block) -> Option<bool> {
    bits.refill()?;
    let entry = coding.dc.entry(bits.held())?;
    *constant += entry.value(bits.held());
    block[0] = i16::try_from(*constant).ok()?;
    bits.skip(entry.bits());
    let mut coded = 1;
    loop {
        // Each takes 26 bits at most.
        bits.refill()?;
        for _ in 0..2 {
            let entry = coding.ac.entry(bits.held())?;
            let value = match entry.known() {
                Some(value) => value,
                None if entry.size() > 0 => entry.value(bits.held()) as i16,
                None => {
                    bits.skip(entry.bits());
                    match entry.run() {
                        0 => return Some(coded == 1),
                        15 if coded < 48 => coded += 16,
                        _ => return None,
                    }
                    continue;
                }
            };
            coded += entry.run() as usize;
            block[place(coded)] = value;
            bits.skip(entry.bits());
            coded += 1;
            if coded > 63 {
                return (coded == 64).then_some(false);
            }
        }
    }
}
