//! Scans of progressive pictures: each adds coefficients, or bits of them, to all blocks.

use std::ops::Range;

use super::Block;
use super::bits::Bits;
use super::colour::Plane;
use super::frame::{Blocks, Component, Frame, Scan, place};
use super::huffman::Table;
use super::transform::{Weights, flat, samples};
use crate::simd::{Kernel, Level};

/// Reads the units of one interval: those of the frame where the scan has all components, else blocks
/// of its one component.
pub(super) struct Interval<'a> {
    pub(super) frame: &'a Frame,
    pub(super) scan: &'a Scan,
    /// For constant terms one for each component, else the one of the scan.
    pub(super) tables: &'a [&'a Table],
    pub(super) bits: Bits<'a>,
    pub(super) units: Range<usize>,
    pub(super) blocks: &'a mut [Blocks],
}

impl Kernel for Interval<'_> {
    type Output = Option<()>;

    #[inline(always)]
    fn run<L: Level>(mut self, level: L) -> Option<()> {
        let (first, last) = self.scan.band;
        let lowest = self.scan.lowest;
        let [(place, ..), others @ ..] = self.scan.components.as_slice() else { return None };
        if !others.is_empty() {
            self.constants_of_all()?;
            return self.bits.is_used_up().then_some(());
        }
        let component = self.frame.components.get(*place)?;
        let Blocks { blocks, used } = self.blocks.get_mut(*place)?;
        let mut places = places(component, self.units);
        let bits = &mut self.bits;
        if first == 0 {
            let mut constant = 0;
            for place in places {
                let block = blocks.get_mut(place)?;
                match self.scan.known {
                    None => add_constant(bits, self.tables.first()?, &mut constant, lowest, block)?,
                    Some(_) => refine_constant(bits, lowest, block)?,
                }
            }
            return self.bits.is_used_up().then_some(());
        }
        let table = self.tables.first()?;
        // How many blocks have nothing more, this one included.
        let mut empty = 0_u32;
        if self.scan.known.is_none() {
            while let Some(place) = places.next() {
                add(
                    bits,
                    table,
                    (first, last),
                    lowest,
                    blocks.get_mut(place)?,
                    used.get_mut(place)?,
                    &mut empty,
                )?;
                if empty > 1 {
                    places.nth(empty as usize - 2)?;
                }
                empty = 0;
            }
        } else {
            let band = u64::MAX >> first & u64::MAX << (63 - last);
            for place in places {
                let used = used.get_mut(place)?;
                // Most of the blocks in such a run have nothing to refine.
                if empty > 0 && *used & band == 0 {
                    empty -= 1;
                    continue;
                }
                refine(
                    level,
                    bits,
                    table,
                    band,
                    1 << lowest,
                    blocks.get_mut(place)?,
                    used,
                    &mut empty,
                )?;
            }
            if empty > 0 {
                return None;
            }
        }
        self.bits.is_used_up().then_some(())
    }
}

/// Where the blocks of a component lie that a scan of it alone goes through.
#[inline(always)]
fn places(component: &Component, units: Range<usize>) -> impl Iterator<Item = usize> {
    let (needed, stride) = (component.needed_across, component.blocks_across);
    units.map(move |unit| unit / needed * stride + unit % needed)
}

impl Interval<'_> {
    #[inline(always)]
    fn constants_of_all(&mut self) -> Option<()> {
        let mut constants = [0; 3];
        for unit in self.units.clone() {
            let (x, y) = (unit % self.frame.across, unit / self.frame.across);
            let parts = self.frame.components.iter().zip(self.tables).zip(&mut *self.blocks);
            for (((component, table), blocks), constant) in parts.zip(&mut constants) {
                for down in 0..component.down {
                    let line = (y * component.down + down) * component.blocks_across;
                    for across in 0..component.across {
                        let place = line + x * component.across + across;
                        let block = blocks.blocks.get_mut(place)?;
                        let (bits, lowest) = (&mut self.bits, self.scan.lowest);
                        match self.scan.known {
                            None => add_constant(bits, table, constant, lowest, block)?,
                            Some(_) => refine_constant(bits, lowest, block)?,
                        }
                    }
                }
            }
        }
        Some(())
    }
}

/// Source: ITU-T T.81, G.1.2.1.
#[inline(always)]
fn add_constant(
    bits: &mut Bits,
    table: &Table,
    constant: &mut i32,
    lowest: u32,
    block: &mut Block,
) -> Option<()> {
    bits.refill()?;
    let entry = table.entry(bits.held())?;
    *constant += entry.value(bits.held());
    bits.skip(entry.bits());
    block[0] = i16::try_from(constant.checked_mul(1 << lowest)?).ok()?;
    Some(())
}

#[inline(always)]
fn refine_constant(bits: &mut Bits, lowest: u32, block: &mut Block) -> Option<()> {
    bits.refill()?;
    let bit = (bits.take(1) as i16) << lowest;
    block[0] = block[0].checked_add(bit)?;
    Some(())
}

/// Adds the coefficients of a block. `empty` becomes the number of blocks, from this one on, that have
/// no more. Source: ITU-T T.81, G.1.2.2.
#[inline(always)]
fn add(
    bits: &mut Bits,
    table: &Table,
    (first, last): (usize, usize),
    lowest: u32,
    block: &mut Block,
    used: &mut u64,
    empty: &mut u32,
) -> Option<()> {
    let mut place = first;
    let mut new = 0;
    while place <= last {
        bits.refill()?;
        for _ in 0..2 {
            let entry = table.entry(bits.held())?;
            if entry.size() == 0 {
                bits.skip(entry.bits());
                if entry.run() < 15 {
                    bits.refill()?;
                    *empty = (1 << entry.run()) + bits.take(entry.run());
                    *used |= new;
                    return Some(());
                }
                place += 16;
            } else {
                place += entry.run() as usize;
                if place > last {
                    return None;
                }
                let value = entry.value(bits.held()) << lowest;
                block[self::place(place)] = value as i16;
                new |= 1 << 63 >> place;
                bits.skip(entry.bits());
                place += 1;
            }
            if place > last {
                break;
            }
        }
    }
    *used |= new;
    (place == last + 1).then_some(())
}

/// Adds one bit to each coefficient that is there, and such as have only this bit.
/// Source: ITU-T T.81, G.1.2.3.
#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "the state of a scan, in registers")]
fn refine<L: Level>(
    level: L,
    bits: &mut Bits,
    table: &Table,
    band: u64,
    bit: i16,
    block: &mut Block,
    used: &mut u64,
    empty: &mut u32,
) -> Option<()> {
    let mut rest = band;
    let mut new = 0;
    while *empty == 0 && rest != 0 {
        bits.refill()?;
        let entry = table.entry(bits.held())?;
        let value = entry.value(bits.held());
        bits.skip(entry.bits());
        if entry.size() == 0 && entry.run() < 15 {
            *empty = (1 << entry.run()) + bits.take(entry.run());
            break;
        }
        if entry.size() > 1 {
            return None;
        }
        // Past `run` places where nothing is, to the next of these.
        let zeros = rest & !*used;
        let below = zeros.count_ones().checked_sub(entry.run() + 1)?;
        let target = level.deposit(1 << below, zeros);
        correct(level, bits, rest & *used & !(target | (target - 1)), bit, block)?;
        if entry.size() == 1 {
            block[place(target.leading_zeros() as usize)] = if value > 0 { bit } else { -bit };
            new |= target;
        }
        rest &= target - 1;
    }
    if *empty > 0 {
        correct(level, bits, rest & *used, bit, block)?;
        *empty -= 1;
    }
    *used |= new;
    Some(())
}

/// Reads a bit for each coefficient of `which` and makes it greater where the bit is set.
#[inline(always)]
fn correct<L: Level>(
    level: L,
    bits: &mut Bits,
    which: u64,
    bit: i16,
    block: &mut Block,
) -> Option<()> {
    for which in [which & !0 << 32, which & !0 >> 32] {
        if which == 0 {
            continue;
        }
        bits.refill()?;
        let mut greater = level.deposit(bits.take(which.count_ones()).into(), which);
        while greater != 0 {
            let place = greater.leading_zeros();
            greater ^= 1 << 63 >> place;
            let coefficient = &mut block[self::place(place as usize)];
            // One that has the bit already keeps it.
            if *coefficient & bit == 0 {
                let step = if *coefficient > 0 { bit } else { -bit };
                *coefficient = coefficient.wrapping_add(step);
            }
        }
    }
    Some(())
}

/// Makes samples of all blocks of a component.
pub(super) struct Finish<'a> {
    pub(super) component: &'a Component,
    pub(super) weights: &'a Weights,
    pub(super) blocks: &'a Blocks,
    pub(super) plane: &'a mut Plane,
}

impl Kernel for Finish<'_> {
    type Output = Option<()>;

    #[inline(always)]
    fn run<L: Level>(self, level: L) -> Option<()> {
        let Blocks { blocks, used } = self.blocks;
        let across = self.component.blocks_across;
        let stride = self.plane.stride;
        for (place, (block, used)) in blocks.iter().zip(used).enumerate() {
            let start = place / across * 8 * stride + place % across * 8;
            let out = self.plane.samples.get_mut(start..)?;
            if *used == 0 {
                flat(block, self.weights, out, stride)?;
            } else {
                samples(level, block, self.weights, out, stride)?;
            }
        }
        Some(())
    }
}
