//! Counts what a list holds, without keeping it.

use std::collections::{BTreeMap, HashMap};

use tutela_core::{Category, ListEntry};

use super::lists::film_frames;

/// Kinds of signals and categories that are counted apart. A list could make names up.
const MAX_NAMES: usize = 4096;

/// What a list holds, by kind of signal and by category. Entries that are taken back do not count.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Tally {
    /// Entries that can be looked up.
    pub(crate) entries: u64,
    /// Entries that carry only signals which cannot.
    pub(crate) opaque: u64,
    /// Rows that take entries back.
    pub(crate) withdrawn: u64,
    /// Signals of each kind.
    pub(crate) signals: BTreeMap<String, u64>,
    /// Entries that can be looked up, of each category.
    pub(crate) categories: BTreeMap<Category, u64>,
}

impl Tally {
    /// Counts a list that is gone through twice: what is taken back is known only at its end.
    pub(crate) fn of<E>(
        mut each: impl FnMut(&mut dyn FnMut(ListEntry)) -> Result<(), E>,
    ) -> Result<Self, E> {
        let mut tally = Self::default();
        let mut withdrawn: HashMap<String, u64> = HashMap::new();
        each(&mut |entry| {
            if entry.withdrawn {
                tally.withdrawn += 1;
                withdrawn.extend(entry.key.map(|key| (key, entry.row)));
            }
        })?;
        each(&mut |entry| {
            let row = entry.key.as_ref().and_then(|key| withdrawn.get(key));
            if !entry.withdrawn && row.is_none_or(|row| entry.row >= *row) {
                tally.count(&entry);
            }
        })?;
        Ok(tally)
    }

    fn count(&mut self, entry: &ListEntry) {
        let ListEntry { md5, sha1, sha256, pdq, .. } = entry;
        let own = [
            ("md5", md5.is_some()),
            ("sha1", sha1.is_some()),
            ("sha256", sha256.is_some()),
            ("pdq", pdq.is_some()),
        ];
        let carried = own.into_iter().filter(|(_, carried)| *carried).map(|(kind, _)| kind);
        let others = entry.other.iter().map(|signal| signal.kind.as_str());
        for kind in carried.chain(others) {
            let kind = if self.signals.len() < MAX_NAMES { kind } else { "further kinds" };
            *self.signals.entry(kind.to_owned()).or_default() += 1;
        }
        if own.iter().all(|(_, carried)| !carried) && film_frames(entry).is_empty() {
            self.opaque += 1;
            return;
        }
        self.entries += 1;
        if let Some(category) = &entry.category
            && (self.categories.len() < MAX_NAMES || self.categories.contains_key(category))
        {
            *self.categories.entry(category.clone()).or_default() += 1;
        }
    }
}
