//! Texts told apart by number, so that accounts and attributes take four bytes where they are used.

use std::hash::{BuildHasher, RandomState};

/// A store of different texts, numbered from 0 in the order in which they first came.
///
/// **Cost.** The bytes of each text once, and 16 to 32 bytes beside them. Hashes are keyed by chance, so
/// nobody can choose texts that fall into one place.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    text: String,
    ends: Vec<u64>,
    /// Pairs of (part of the hash, number + 1); a power of two of them, at most three quarters full.
    slots: Vec<(u32, u32)>,
    keys: RandomState,
}

/// More texts than numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("more than four thousand million different texts")]
pub struct Full;

impl Texts {
    /// How many different texts there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text of this number; empty where there is none.
    pub fn get(&self, number: u32) -> &str {
        let number = number as usize;
        let start = number.checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        let end = self.ends.get(number).copied().unwrap_or_default();
        self.text.get(start.unwrap_or(0) as usize..end as usize).unwrap_or_default()
    }

    /// The number of a text that is there.
    pub fn find(&self, text: &str) -> Option<u32> {
        self.probe(self.keys.hash_one(text), text).ok()
    }

    /// The number of a text, and whether it is new.
    ///
    /// # Errors
    /// All numbers are taken.
    pub fn intern(&mut self, text: &str) -> Result<(u32, bool), Full> {
        if (self.ends.len() + 1) * 4 > self.slots.len() * 3 {
            self.grow();
        }
        let hash = self.keys.hash_one(text);
        match self.probe(hash, text) {
            Ok(number) => Ok((number, false)),
            Err(slot) => {
                let number = u32::try_from(self.ends.len()).map_err(|_| Full)?;
                self.slots[slot] = (part(hash), number.checked_add(1).ok_or(Full)?);
                self.text.push_str(text);
                self.ends.push(self.text.len() as u64);
                Ok((number, true))
            }
        }
    }

    /// Gives back the memory that only [`intern`](Self::intern) and [`find`](Self::find) need:
    /// afterwards nothing is found.
    pub fn seal(&mut self) {
        self.slots = Vec::new();
        self.text.shrink_to_fit();
    }

    /// The number of the text, or the slot where it would go.
    fn probe(&self, hash: u64, text: &str) -> Result<u32, usize> {
        if self.slots.is_empty() {
            return Err(0);
        }
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            match self.slots[slot] {
                (_, 0) => return Err(slot),
                (same, number) if same == part(hash) && self.get(number - 1) == text => {
                    return Ok(number - 1);
                }
                _ => slot = (slot + 1) & mask,
            }
        }
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(16);
        let mut slots = vec![(0, 0); size];
        for number in 0..self.ends.len() as u32 {
            let hash = self.keys.hash_one(self.get(number));
            let mut slot = hash as usize & (size - 1);
            while slots[slot].1 != 0 {
                slot = (slot + 1) & (size - 1);
            }
            slots[slot] = (part(hash), number + 1);
        }
        self.slots = slots;
    }
}

/// The upper half, which does not choose the slot.
fn part(hash: u64) -> u32 {
    (hash >> 32) as u32
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::Texts;

    proptest! {
        #[test]
        fn numbers_are_those_of_a_plain_map(words in prop::collection::vec("[a-cé]{0,3}", 0..300)) {
            let mut texts = Texts::default();
            let mut plain: HashMap<String, u32> = HashMap::new();
            for word in &words {
                let next = plain.len() as u32;
                let new = !plain.contains_key(word);
                let number = *plain.entry(word.clone()).or_insert(next);
                prop_assert_eq!(texts.intern(word), Ok((number, new)));
                prop_assert_eq!(texts.get(number), word);
            }
            prop_assert_eq!(texts.len(), plain.len());
            prop_assert_eq!(texts.find("nowhere"), None);
            prop_assert_eq!(texts.get(u32::MAX), "");
            let found = words.first().and_then(|word| texts.find(word));
            prop_assert_eq!(found, words.first().map(|_| 0));
        }
    }
}
