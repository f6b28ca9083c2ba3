//! The right edge of the tree: enough to append and to tell the root, in O(log n) memory.

use tutela_core::Sha256;

use crate::LedgerError;
use crate::tree::{empty_root, node_hash};

/// The roots of the complete subtrees that make up a tree, largest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Sha256>,
}

impl Frontier {
    /// Adds a leaf by its hash. Amortised O(1).
    pub fn append(&mut self, leaf: Sha256) {
        let mut node = leaf;
        for _ in 0..self.size.trailing_ones() {
            let Some(left) = self.peaks.pop() else { break };
            node = node_hash(left, node);
        }
        self.peaks.push(node);
        self.size += 1;
    }

    /// The root of the tree. O(log n).
    pub fn root(&self) -> Sha256 {
        let mut peaks = self.peaks.iter().rev().copied();
        let Some(smallest) = peaks.next() else { return empty_root() };
        peaks.fold(smallest, |right, left| node_hash(left, right))
    }

    /// Leaves so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Text form: the size, then the peaks in hex, joined by `:`.
    pub fn to_text(&self) -> String {
        self.peaks.iter().fold(self.size.to_string(), |text, peak| format!("{text}:{peak}"))
    }

    /// Reads the text form. Errors: [`LedgerError::BadFrontier`].
    pub fn parse(text: &str) -> Result<Self, LedgerError> {
        let mut parts = text.split(':');
        let size: u64 =
            parts.next().and_then(|s| s.parse().ok()).ok_or(LedgerError::BadFrontier)?;
        let peaks: Vec<Sha256> = parts
            .map(|hex| hex.parse().map_err(|_| LedgerError::BadFrontier))
            .collect::<Result<_, _>>()?;
        let frontier = Self { size, peaks };
        // Comparing the text also refuses other spellings, such as a leading zero.
        if frontier.peaks.len() != size.count_ones() as usize || frontier.to_text() != text {
            return Err(LedgerError::BadFrontier);
        }
        Ok(frontier)
    }
}

#[cfg(test)]
mod tests {
    use super::Frontier;
    use crate::tree::leaf_hash;

    #[test]
    fn the_text_form_round_trips_and_only_that_is_read() {
        let mut frontier = Frontier::default();
        for n in 0..40_u8 {
            let text = frontier.to_text();
            assert_eq!(Frontier::parse(&text).as_ref(), Ok(&frontier));
            for wrong in
                [format!("0{text}"), format!("{text}:"), format!("{text} "), text.to_uppercase()]
            {
                let read = Frontier::parse(&wrong);
                assert!(read.is_err() || wrong == text, "{wrong}");
            }
            frontier.append(leaf_hash(&[n]));
        }
    }
}
