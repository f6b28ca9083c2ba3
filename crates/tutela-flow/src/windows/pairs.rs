//! The last transfer of each pair of payer and payee in the window.

use super::Moved;
use super::held::Held;

const FEWEST: usize = 64;

/// A table with open addressing: a part of the hash and the transfer's number, from which the pair is read.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    /// Upper half: hash, never 0. Lower half: number of the transfer.
    slots: Vec<u64>,
    len: usize,
}

/// Odd, so that it is never 0; spread over all bits.
fn hash(one: &Moved) -> u32 {
    let both = u64::from(one.payer) << 32 | u64::from(one.payee);
    let mixed = (both ^ both >> 29).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((mixed ^ mixed >> 32).wrapping_mul(0xD6E8_FEB8_6659_FD93) >> 32) as u32 | 1
}

fn parts(slot: u64) -> (u32, u32) {
    ((slot >> 32) as u32, slot as u32)
}

impl Pairs {
    fn mask(&self) -> usize {
        self.slots.len() - 1
    }

    fn home(&self, hash: u32) -> usize {
        (hash >> 1) as usize & self.mask()
    }

    /// Reads where a pair would stand.
    pub(super) fn touch(&self, one: &Moved) -> u32 {
        if self.slots.is_empty() { 0 } else { self.slots[self.home(hash(one))] as u32 }
    }

    /// Where the pair stands, or the empty place where it would.
    fn find(&self, held: &Held, one: &Moved, hash: u32) -> usize {
        let mut at = self.home(hash);
        loop {
            let (found, number) = parts(self.slots[at]);
            if found == 0 {
                return at;
            }
            if found == hash {
                let other = held.get(number);
                if (other.payer, other.payee) == (one.payer, one.payee) {
                    return at;
                }
            }
            at = (at + 1) & self.mask();
        }
    }

    /// Notes the newest transfer of its pair; true where the window holds no other one of it.
    pub(super) fn set(&mut self, held: &Held, number: u32, one: &Moved) -> bool {
        if self.len * 4 >= self.slots.len() * 3 {
            self.grow();
        }
        let hash = hash(one);
        let at = self.find(held, one, hash);
        let new = self.slots[at] == 0;
        self.slots[at] = u64::from(hash) << 32 | u64::from(number);
        self.len += usize::from(new);
        new
    }

    /// A transfer leaves; true where it was the newest of its pair, which leaves with it.
    pub(super) fn remove(&mut self, held: &Held, number: u32, one: &Moved) -> bool {
        let at = self.find(held, one, hash(one));
        if self.slots[at] == 0 || parts(self.slots[at]).1 != number {
            return false;
        }
        self.len -= 1;
        // What stands behind moves up, unless it stands before its home then.
        let (mut hole, mut next) = (at, at);
        loop {
            next = (next + 1) & self.mask();
            let (found, _) = parts(self.slots[next]);
            if found == 0 {
                break;
            }
            let from_home = next.wrapping_sub(self.home(found)) & self.mask();
            let from_hole = next.wrapping_sub(hole) & self.mask();
            if from_home >= from_hole {
                self.slots[hole] = self.slots[next];
                hole = next;
            }
        }
        self.slots[hole] = 0;
        true
    }

    fn grow(&mut self) {
        let len = (self.slots.len() * 2).max(FEWEST);
        let old = std::mem::replace(&mut self.slots, vec![0; len]);
        for slot in old.into_iter().filter(|slot| *slot != 0) {
            let mut at = self.home(parts(slot).0);
            while self.slots[at] != 0 {
                at = (at + 1) & self.mask();
            }
            self.slots[at] = slot;
        }
    }
}
