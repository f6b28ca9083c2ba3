//! The times of the last sixteen transfers of an account side: one in place, four or sixteen in a block.

use super::LAST;

const FEW: usize = 4;

/// Where the times stand: with the account, or in the block of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Times {
    One(u32),
    Few(u32),
    Many(u32),
}

/// Blocks of one size, with a list of those that are free.
#[derive(Debug)]
struct Blocks<const N: usize> {
    blocks: Vec<[u32; N]>,
    free: Vec<u32>,
}

impl<const N: usize> Blocks<N> {
    const NONE: Self = Self { blocks: Vec::new(), free: Vec::new() };

    /// The newest time stands last.
    fn add(&mut self, times: &[u32]) -> u32 {
        let mut block = [0; N];
        block[N - times.len()..].copy_from_slice(times);
        if let Some(place) = self.free.pop() {
            self.blocks[place as usize] = block;
            return place;
        }
        self.blocks.push(block);
        self.blocks.len() as u32 - 1
    }

    fn shift(&mut self, place: u32, time_s: u32) {
        let block = &mut self.blocks[place as usize];
        block.copy_within(1.., 0);
        block[N - 1] = time_s;
    }
}

#[derive(Debug)]
pub(super) struct Recent {
    few: Blocks<FEW>,
    many: Blocks<LAST>,
}

impl Default for Recent {
    fn default() -> Self {
        Self { few: Blocks::NONE, many: Blocks::NONE }
    }
}

impl Recent {
    /// One more time, with which there are so many transfers in the window.
    pub(super) fn push(&mut self, times: Times, transfers: u32, time_s: u32) -> Times {
        match times {
            Times::One(_) if transfers == 1 => Times::One(time_s),
            Times::One(first_s) => Times::Few(self.few.add(&[first_s, time_s])),
            Times::Few(place) if transfers as usize > FEW => {
                let [a, b, c, d] = self.few.blocks[place as usize];
                self.few.free.push(place);
                Times::Many(self.many.add(&[a, b, c, d, time_s]))
            }
            Times::Few(place) => {
                self.few.shift(place, time_s);
                times
            }
            Times::Many(place) => {
                self.many.shift(place, time_s);
                times
            }
        }
    }

    /// No transfer is left.
    pub(super) fn clear(&mut self, times: Times) -> Times {
        match times {
            Times::One(_) => {}
            Times::Few(place) => self.few.free.push(place),
            Times::Many(place) => self.many.free.push(place),
        }
        Times::One(0)
    }

    pub(super) fn median_gap_s(&self, times: Times, transfers: u32) -> Option<u32> {
        if transfers < 2 {
            return None;
        }
        let block: &[u32] = match times {
            Times::One(_) => return None,
            Times::Few(place) => &self.few.blocks[place as usize],
            Times::Many(place) => &self.many.blocks[place as usize],
        };
        let inside = &block[block.len() - block.len().min(transfers as usize)..];
        let mut gaps = [0; LAST - 1];
        for (gap, pair) in gaps.iter_mut().zip(inside.windows(2)) {
            *gap = pair[1] - pair[0];
        }
        let gaps = &mut gaps[..inside.len() - 1];
        gaps.sort_unstable();
        gaps.get(gaps.len() / 2).copied()
    }
}
