//! Answers of services that share signals, page by page: one file a service.
//!
//! A page is sound or it is refused as a whole, so that a broken answer never passes for an empty one.
//! A single record that makes no sense is counted and left out.

pub mod ncmec;
pub mod stopncii;
pub mod threatexchange;

use tutela_core::ContentSignal;

/// Longest key of a sender that is kept; digests and ids are far shorter.
const MAX_KEY_BYTES: usize = 512;
/// Labels kept of one record, and the longest of them.
const MAX_LABELS: usize = 32;
const MAX_LABEL_BYTES: usize = 128;

/// A record of a sender, as it stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The sender's own key.
    pub key: String,
    /// Its signals as received, by kind; none where it counts no more.
    pub signals: Vec<ContentSignal>,
    /// What the sender files it under.
    pub labels: Vec<String>,
    /// What the sender says of it, as JSON.
    pub record_json: String,
}

/// The records of a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Records {
    /// Those that make sense, in the order of the page.
    pub sound: Vec<Record>,
    /// How many do not.
    pub unsound: u64,
}

impl Records {
    /// How many records the page has.
    pub fn count(&self) -> u64 {
        self.sound.len() as u64 + self.unsound
    }

    fn take(&mut self, record: Option<Record>) {
        match record.filter(|record| !record.key.is_empty() && record.key.len() <= MAX_KEY_BYTES) {
            Some(record) => self.sound.push(record),
            None => self.unsound += 1,
        }
    }
}

/// Labels in order, each once, without what is too long for one.
fn labels<'a>(all: impl Iterator<Item = &'a str>) -> Vec<String> {
    let fits = |label: &&str| !label.is_empty() && label.len() <= MAX_LABEL_BYTES;
    let mut labels: Vec<String> = all.map(str::trim).filter(fits).map(str::to_owned).collect();
    labels.sort_unstable();
    labels.dedup();
    labels.truncate(MAX_LABELS);
    labels
}

/// Whether a signal is in doubt: at least as many members say no to it as say yes.
fn is_disputed(affirmed: usize, disputed: usize) -> bool {
    disputed > 0 && disputed >= affirmed
}

/// Sends any bytes through every reader. For fuzzing: it must return, whatever the bytes are.
pub fn replay(bytes: &[u8]) {
    drop(ncmec::page(bytes));
    drop(stopncii::page(bytes));
    drop(threatexchange::page(bytes));
}
