//! The transfers of a window, oldest first, in pieces of one size: none is moved, and what left gives room.

use std::collections::VecDeque;

use super::Moved;

/// Transfers a piece: one MiB.
const PIECE: u32 = 1 << 16;
/// More are not counted: two bits above a count say something else.
const MOST: u32 = (1 << 30) - 1;

#[derive(Debug, Default)]
pub(super) struct Held {
    pieces: VecDeque<Box<[Moved]>>,
    /// A piece that is free again.
    spare: Option<Box<[Moved]>>,
    /// Number of the first place of the first piece. Numbers start again from zero after the last.
    base: u32,
    /// Places of the first piece that are free again.
    gone: u32,
    len: u32,
}

impl Held {
    pub(super) fn len(&self) -> usize {
        self.len as usize
    }

    /// Its number, until it leaves; none where all numbers are in use.
    pub(super) fn push(&mut self, one: Moved) -> Option<u32> {
        if self.len >= MOST {
            return None;
        }
        let place = self.gone + self.len;
        if (place / PIECE) as usize == self.pieces.len() {
            let empty = || vec![Moved::default(); PIECE as usize].into_boxed_slice();
            self.pieces.push_back(self.spare.take().unwrap_or_else(empty));
        }
        self.pieces[(place / PIECE) as usize][(place % PIECE) as usize] = one;
        self.len += 1;
        Some(self.base.wrapping_add(place))
    }

    /// The transfer of a number that is in the window.
    pub(super) fn get(&self, number: u32) -> &Moved {
        let place = number.wrapping_sub(self.base);
        &self.pieces[(place / PIECE) as usize][(place % PIECE) as usize]
    }

    pub(super) fn first(&self) -> Option<(u32, Moved)> {
        let number = self.base.wrapping_add(self.gone);
        (self.len > 0).then(|| (number, *self.get(number)))
    }

    pub(super) fn drop_first(&mut self) {
        self.len -= 1;
        self.gone += 1;
        if self.gone == PIECE {
            self.spare = self.pieces.pop_front();
            self.base = self.base.wrapping_add(PIECE);
            self.gone = 0;
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Moved> {
        let first = self.base.wrapping_add(self.gone);
        (0..self.len).map(move |after| *self.get(first.wrapping_add(after)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Held, Moved, PIECE};

    #[test]
    fn numbers_hold_while_pieces_come_and_go_and_start_again() {
        let mut held = Held { base: u32::MAX - PIECE + 1, ..Held::default() };
        let of = |time_s| Moved { time_s, ..Moved::default() };
        let mut numbers = std::collections::VecDeque::new();
        for time_s in 0..5 * PIECE {
            numbers.push_back((held.push(of(time_s)).unwrap(), time_s));
            if time_s >= PIECE + 7 {
                let (number, oldest) = numbers.pop_front().unwrap();
                assert_eq!(held.first(), Some((number, of(oldest))));
                held.drop_first();
            }
        }
        assert_eq!(held.len(), numbers.len());
        assert!(numbers.iter().all(|(number, time_s)| held.get(*number).time_s == *time_s));
        assert!(held.pieces.len() <= 3);
    }
}
