//! Hash lists in memory, indexed by every signal that Tutela can look up.

use std::collections::HashMap;

use tutela_core::{Category, ListEntry, ListInfo, ListRole, Md5, Sha1, Sha256};
use tutela_match::index::{ExactIndex, LinearIndex};

use super::canary::{self, Probe};

/// What is known of one list besides its entries.
#[derive(Debug, Clone)]
pub struct LoadedList {
    /// Name in findings and reports: file or bank.
    pub name: String,
    /// What a match means.
    pub role: ListRole,
    /// Format id.
    pub format: String,
    /// Source, date and scheme.
    pub info: ListInfo,
    /// SHA-256 of the file.
    pub sha256: Sha256,
    /// Entries that can be looked up.
    pub entries: u64,
    /// Entries the sender has withdrawn.
    pub withdrawn: u64,
    /// Rows that could not be used.
    pub rejected: u64,
    /// The first of them, in words.
    pub row_errors: Vec<String>,
    /// The file ends inside an entry.
    pub truncated: bool,
    /// What else the reader noticed.
    pub notes: Vec<String>,
}

/// One entry, as far as a finding needs it.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// Index of its list; [`CANARY_LIST`] for planted ones.
    pub(super) list: u32,
    /// Row in it, from 1.
    pub(super) row: u64,
    /// The sender's key.
    pub(super) key: Option<Box<str>>,
    /// Index of its category.
    pub(super) category: Option<u32>,
    /// Which digests it carries: SHA-256, SHA-1, MD5.
    pub(super) carries: [bool; 3],
    /// A later row of the same list takes it back: it must not match.
    pub(super) withdrawn: bool,
}

/// The list number of planted entries, which never become findings.
pub(super) const CANARY_LIST: u32 = u32::MAX;

/// All lists of one run, ready for look-ups.
pub struct ListSet {
    pub(super) lists: Vec<LoadedList>,
    pub(super) entries: Vec<Entry>,
    pub(super) categories: Vec<Category>,
    pub(super) md5: ExactIndex<16>,
    pub(super) sha1: ExactIndex<20>,
    pub(super) sha256: ExactIndex<32>,
    pub(super) pdq: LinearIndex,
    /// Entry of each signal in `pdq`.
    pub(super) pdq_entries: Vec<u32>,
    /// First and last entry of each list, to be found again at every run.
    pub(super) probes: Vec<Probe>,
}

impl ListSet {
    /// The lists, in the order they were added.
    pub fn lists(&self) -> &[LoadedList] {
        &self.lists
    }

    /// Entries of all lists, the planted ones left out.
    pub fn len(&self) -> u64 {
        self.lists.iter().map(|list| list.entries).sum()
    }

    /// Name of the list an entry stands in, by the entry's number; `None` of one that must not match.
    pub fn list_of(&self, number: u32) -> Option<&str> {
        let entry = self.entries.get(number as usize).filter(|entry| !entry.withdrawn)?;
        self.lists.get(entry.list as usize).map(|list| list.name.as_str())
    }

    /// Whether there is nothing to look up in.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Collects lists entry by entry.
#[derive(Default)]
pub struct ListSetBuilder {
    lists: Vec<LoadedList>,
    entries: Vec<Entry>,
    categories: Vec<Category>,
    category_numbers: HashMap<Category, u32>,
    md5: Vec<([u8; 16], u32)>,
    sha1: Vec<([u8; 20], u32)>,
    sha256: Vec<([u8; 32], u32)>,
    pdq: LinearIndex,
    pdq_entries: Vec<u32>,
    probes: Vec<Probe>,
    current: Current,
}

/// What is collected of the list that is being read.
#[derive(Default)]
struct Current {
    entries: u64,
    withdrawn: u64,
    /// Entries that can be looked up by nothing: they carry only what is kept as received.
    opaque: u64,
    /// Row of the last withdrawal of each key: entries before it are taken back, later ones stand.
    withdrawn_keys: HashMap<Box<str>, u64>,
    first_entry: usize,
    first: Option<ListEntry>,
    last: Option<ListEntry>,
}

impl ListSetBuilder {
    /// Takes one entry of the list that is being read. Entries with nothing to look up are counted only.
    pub fn add(&mut self, entry: ListEntry) {
        if entry.withdrawn {
            self.current.withdrawn += 1;
            let key = entry.key.map(String::into_boxed_str);
            self.current.withdrawn_keys.extend(key.map(|key| (key, entry.row)));
            return;
        }
        let list = u32::try_from(self.lists.len()).unwrap_or(CANARY_LIST - 1);
        self.index(list, &entry);
        self.current.entries += 1;
        let digests = [entry.md5.is_some(), entry.sha1.is_some(), entry.sha256.is_some()];
        if entry.pdq.is_none() && !digests.contains(&true) {
            self.current.opaque += 1;
            return;
        }
        if self.current.first.is_none() {
            self.current.first = Some(entry.clone());
        }
        self.current.last = Some(entry);
    }

    /// Ends the list that is being read and says what is known of it. `list.entries` and
    /// `list.withdrawn` are counted here.
    pub fn finish_list(&mut self, mut list: LoadedList) {
        let current = std::mem::take(&mut self.current);
        let number = u32::try_from(self.lists.len()).unwrap_or(CANARY_LIST - 1);
        let mut entries = current.entries;
        if !current.withdrawn_keys.is_empty() {
            entries -= self.withdraw(current.first_entry, &current.withdrawn_keys);
        }
        let taken_back = |entry: &ListEntry| {
            let key = entry.key.as_deref().and_then(|key| current.withdrawn_keys.get(key));
            key.is_some_and(|row| entry.row < *row)
        };
        let ends = [current.first, current.last];
        let probes = ends.into_iter().flatten().filter(|entry| !taken_back(entry));
        self.probes.extend(probes.map(|entry| Probe::new(number, &list.name, &entry)));
        if current.opaque > 0 {
            list.notes.push(format!(
                "{} entries carry only signals that are kept and cannot be looked up",
                current.opaque
            ));
        }
        list.entries = entries.saturating_sub(current.opaque);
        list.withdrawn = current.withdrawn;
        self.lists.push(list);
        self.current.first_entry = self.entries.len();
    }

    /// Whether a list with these bytes is in already, for the same use.
    pub fn holds(&self, sha256: Sha256, role: ListRole) -> bool {
        self.lists.iter().any(|list| list.sha256 == sha256 && list.role == role)
    }

    /// Drops what was read since the last list was finished.
    pub fn forget_current(&mut self) {
        let from = std::mem::take(&mut self.current).first_entry;
        for entry in &mut self.entries[from..] {
            entry.withdrawn = true;
        }
        self.current.first_entry = self.entries.len();
    }

    /// Builds the indexes, with the canaries planted among the entries.
    pub fn build(mut self) -> ListSet {
        for entry in canary::planted() {
            self.index(CANARY_LIST, &entry);
        }
        ListSet {
            lists: self.lists,
            entries: self.entries,
            categories: self.categories,
            md5: ExactIndex::build(self.md5),
            sha1: ExactIndex::build(self.sha1),
            sha256: ExactIndex::build(self.sha256),
            pdq: self.pdq,
            pdq_entries: self.pdq_entries,
            probes: self.probes,
        }
    }

    fn index(&mut self, list: u32, entry: &ListEntry) {
        let Ok(number) = u32::try_from(self.entries.len()) else { return };
        let category = entry.category.as_ref().map(|category| self.category_number(category));
        self.entries.push(Entry {
            list,
            row: entry.row,
            key: entry.key.as_deref().map(Box::from),
            category,
            carries: [entry.sha256.is_some(), entry.sha1.is_some(), entry.md5.is_some()],
            withdrawn: false,
        });
        self.md5.extend(entry.md5.map(|Md5(bytes)| (bytes, number)));
        self.sha1.extend(entry.sha1.map(|Sha1(bytes)| (bytes, number)));
        self.sha256.extend(entry.sha256.map(|Sha256(bytes)| (bytes, number)));
        if let Some(pdq) = entry.pdq {
            self.pdq.push(pdq);
            self.pdq_entries.push(number);
        }
    }

    fn category_number(&mut self, category: &Category) -> u32 {
        if let Some(number) = self.category_numbers.get(category) {
            return *number;
        }
        let number = u32::try_from(self.categories.len()).unwrap_or(u32::MAX);
        self.categories.push(category.clone());
        self.category_numbers.insert(category.clone(), number);
        number
    }

    /// Marks entries whose key a later row of the same list withdraws. Returns how many.
    fn withdraw(&mut self, from: usize, keys: &HashMap<Box<str>, u64>) -> u64 {
        let mut withdrawn = 0;
        for entry in &mut self.entries[from..] {
            let row = entry.key.as_ref().and_then(|key| keys.get(key));
            if row.is_some_and(|row| entry.row < *row) {
                entry.withdrawn = true;
                withdrawn += 1;
            }
        }
        withdrawn
    }
}
