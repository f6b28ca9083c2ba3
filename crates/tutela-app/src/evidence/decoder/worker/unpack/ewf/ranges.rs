//! Ranges of chunks, as few words as they need.

use std::collections::BTreeMap;

/// Ranges that do not touch, by their start.
#[derive(Debug, Default)]
pub(super) struct Ranges(BTreeMap<u64, u64>);

/// Ranges that are kept apart; beyond it, what lies between the last two counts as well.
const MAX_RANGES: usize = 100_000;

impl Ranges {
    /// Adds the numbers from `start` up to, not including, `end`.
    pub(super) fn add(&mut self, mut start: u64, mut end: u64) {
        if let Some((before, until)) = self.0.range(..=start).next_back()
            && *until >= start
        {
            (start, end) = (*before, end.max(*until));
        }
        while let Some((inner, until)) = self.0.range(start..=end).next() {
            let (inner, until) = (*inner, *until);
            end = end.max(until);
            self.0.remove(&inner);
        }
        self.0.insert(start, end);
        if self.0.len() > MAX_RANGES
            && let Some((last, until)) = self.0.pop_last()
            && let Some(mut before) = self.0.last_entry()
        {
            debug_assert!(*before.key() < last);
            *before.get_mut() = until;
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many numbers there are.
    pub(super) fn count(&self) -> u64 {
        self.0.iter().map(|(start, end)| end - start).sum()
    }

    /// Each range from its first to its last number, and which bytes those are, in texts of about
    /// `most` letters. One number stands for `unit` bytes.
    pub(super) fn texts(&self, most: usize, unit: u64) -> Vec<String> {
        let mut texts = vec![String::new()];
        for (start, end) in &self.0 {
            let last = end - 1;
            let range = if *start == last { format!("{start}") } else { format!("{start}-{last}") };
            let (from, to) = (start.saturating_mul(unit), end.saturating_mul(unit) - 1);
            let range = format!("{range} (bytes {from}-{to})");
            match texts.last_mut() {
                Some(text) if text.len() + range.len() + 2 <= most => {
                    if !text.is_empty() {
                        text.push_str(", ");
                    }
                    text.push_str(&range);
                }
                _ => texts.push(range),
            }
        }
        texts
    }
}

#[cfg(test)]
mod tests {
    use super::Ranges;

    #[test]
    fn ranges_grow_together() {
        let mut ranges = Ranges::default();
        for (start, end) in [(5, 6), (9, 12), (6, 7), (0, 1), (8, 9), (20, 30), (25, 26), (10, 40)]
        {
            ranges.add(start, end);
        }
        assert_eq!(ranges.texts(99, 10), ["0 (bytes 0-9), 5-6 (bytes 50-69), 8-39 (bytes 80-399)"]);
        assert_eq!(ranges.texts(40, 1), ["0 (bytes 0-0), 5-6 (bytes 5-6)", "8-39 (bytes 8-39)"]);
        assert_eq!(ranges.count(), 35);
    }
}
