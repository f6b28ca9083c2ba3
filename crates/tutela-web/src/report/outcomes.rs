//! The five outcomes as a reader meets them: key, word, symbol and number.

use tutela_app::views::{ItemView, OutcomeCounts};
use tutela_core::Outcome;

use crate::WebError;
use crate::words::Words;

/// One outcome in the words of one language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    /// Which one.
    pub(super) outcome: Outcome,
    /// The key that shows or hides it, from 1.
    pub(super) key: usize,
    /// Its name in documents, style sheet and symbols.
    pub(super) id: &'static str,
    /// What readers call it.
    pub(super) word: &'static str,
    /// What it says, in one sentence.
    pub(super) meaning: &'static str,
}

impl Mark {
    /// One outcome in some language.
    pub(super) fn of(outcome: Outcome, words: &Words) -> Self {
        let (key, word, meaning) = match outcome {
            Outcome::Known => (1, words.known, words.known_means),
            Outcome::Near => (2, words.near, words.near_means),
            Outcome::KnownGood => (3, words.known_good, words.known_good_means),
            Outcome::New => (4, words.new, words.new_means),
            Outcome::Failed => (5, words.failed, words.failed_means),
        };
        Self { outcome, key, id: outcome.as_str(), word, meaning }
    }

    /// All five, in the order of the keys.
    pub(super) fn all(words: &Words) -> [Self; 5] {
        Outcome::ALL.map(|outcome| Self::of(outcome, words))
    }
}

/// How many files have this outcome.
pub(super) fn files(counts: &OutcomeCounts, outcome: Outcome) -> u64 {
    match outcome {
        Outcome::Known => counts.known,
        Outcome::Near => counts.near,
        Outcome::KnownGood => counts.known_good,
        Outcome::New => counts.new,
        Outcome::Failed => counts.failed,
    }
}

/// The outcome of an item; a name that is none of the five is refused.
pub(super) fn of_item(item: &ItemView) -> Result<Outcome, WebError> {
    Outcome::ALL
        .into_iter()
        .find(|outcome| outcome.as_str() == item.outcome)
        .ok_or(WebError::UnknownOutcome { index: item.index })
}

#[cfg(test)]
mod tests {
    use super::Mark;
    use crate::words::EN;

    #[test]
    fn keys_follow_the_order_of_the_outcomes() {
        assert_eq!(Mark::all(&EN).map(|mark| mark.key), [1, 2, 3, 4, 5]);
        assert_eq!(
            Mark::all(&EN).map(|mark| mark.id),
            ["known", "near", "known_good", "new", "failed"]
        );
    }
}
