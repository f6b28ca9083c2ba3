//! Hash lists ready for look-ups by every signal that Tutela can compare: in memory, or compiled.

mod builder;

use std::collections::HashSet;

use tutela_core::{Category, ListInfo, ListRole, Md5, Sha1, Sha256};
use tutela_match::index::compiled::Indexed;
use tutela_match::index::{ExactIndex, FilmIndex};

pub use builder::ListSetBuilder;

use super::canary::Probe;
use super::signal_index::{SearchBy, SignalIndex};
use crate::intake::compiled::{About, CompiledFile};

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

impl LoadedList {
    fn of_compiled(about: &About, name: String, role: ListRole) -> Self {
        let mut list = Self {
            name,
            role,
            format: about.format.clone(),
            info: about.info(),
            sha256: about.sha256().unwrap_or(Sha256([0; 32])),
            entries: about.entries,
            withdrawn: about.withdrawn,
            rejected: about.rejected,
            row_errors: about.row_errors.clone(),
            truncated: about.truncated,
            notes: about.notes.clone(),
        };
        list.note_opaque(about.opaque);
        list
    }

    fn note_opaque(&mut self, opaque: u64) {
        if opaque > 0 {
            self.notes.push(format!(
                "{opaque} entries carry only signals that are kept and cannot be looked up"
            ));
        }
    }
}

#[cfg(test)]
impl LoadedList {
    /// A list of which only this is known.
    pub(crate) fn named(name: &str, role: ListRole) -> Self {
        Self {
            name: name.to_owned(),
            role,
            format: "test".to_owned(),
            info: ListInfo::default(),
            sha256: Sha256([7; 32]),
            entries: 0,
            withdrawn: 0,
            rejected: 0,
            row_errors: Vec::new(),
            truncated: false,
            notes: Vec::new(),
        }
    }
}

/// One entry in memory, as far as a finding needs it.
#[derive(Debug, Clone)]
struct Held {
    /// Index of its list; [`CANARY_LIST`] for planted ones.
    list: u32,
    /// Row in it, from 1.
    row: u64,
    /// The sender's key.
    key: Option<Box<str>>,
    /// Index of its category.
    category: Option<u32>,
    /// Which signals it carries: SHA-256, SHA-1, MD5, PDQ.
    carries: [bool; 4],
    /// It is a film that can be looked up.
    film: bool,
    /// A later row of the same list takes it back: it must not match.
    withdrawn: bool,
}

/// One entry that stands, wherever it is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    /// Index of its list; [`CANARY_LIST`] for planted ones.
    pub(super) list: u32,
    /// Row in it, from 1.
    pub(super) row: u64,
    /// The sender's key.
    pub(super) key: Option<&'a str>,
    /// Its category.
    pub(super) category: Option<&'a Category>,
    /// Which signals it carries: SHA-256, SHA-1, MD5, PDQ.
    pub(super) carries: [bool; 4],
}

/// A compiled list among the others.
struct Compiled {
    file: CompiledFile,
    /// Index of the list.
    list: u32,
    /// Number of its first entry.
    first: u32,
}

/// Entries with numbers one after another. Entries count from 0 over all lists, in their order.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    /// Number of the first.
    first: u32,
    place: Place,
}

/// Where the entries of a stretch are kept.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// In memory, from this index on.
    Held(usize),
    /// In the compiled list with this index.
    Compiled(usize),
}

/// The list number of planted entries, which never become findings.
pub(super) const CANARY_LIST: u32 = u32::MAX;

/// All lists of one run, ready for look-ups.
pub struct ListSet {
    pub(super) lists: Vec<LoadedList>,
    held: Vec<Held>,
    compiled: Vec<Compiled>,
    /// By rising number.
    stretches: Vec<Stretch>,
    categories: Vec<Category>,
    md5: ExactIndex<16>,
    sha1: ExactIndex<20>,
    sha256: ExactIndex<32>,
    pub(super) pdq: SignalIndex,
    /// Entry of each signal in `pdq`.
    pub(super) pdq_entries: Vec<u32>,
    /// Films, by the number of their entry.
    pub(super) films: FilmIndex,
    /// First and last entry of each list, to be found again at every run.
    pub(super) probes: Vec<Probe>,
    /// Sizes that entries of alert lists in memory state.
    sizes: HashSet<u64>,
}

impl ListSet {
    /// The lists, in the order they were added.
    pub fn lists(&self) -> &[LoadedList] {
        &self.lists
    }

    /// Sets how signals are searched from now on. Each way finds the same.
    pub fn search_by(&mut self, way: SearchBy) {
        self.pdq.search_by(way);
    }

    /// How signals are searched: `linear` or `fast`.
    pub fn index_name(&self) -> &'static str {
        self.pdq.name()
    }

    /// Entries of all lists, the planted ones left out.
    pub fn len(&self) -> u64 {
        self.lists.iter().map(|list| list.entries).sum()
    }

    /// Name of the list an entry stands in, by the entry's number; `None` of one that must not match.
    pub fn list_of(&self, number: u32) -> Option<&str> {
        let entry = self.entry(number)?;
        self.lists.get(entry.list as usize).map(|list| list.name.as_str())
    }

    /// The entry with a number; `None` of one that must not match.
    pub(super) fn entry(&self, number: u32) -> Option<Entry<'_>> {
        let behind = self.stretches.partition_point(|stretch| stretch.first <= number);
        let stretch = self.stretches.get(behind.checked_sub(1)?)?;
        let within = number - stretch.first;
        match stretch.place {
            Place::Held(index) => {
                let held = self.held.get(index + within as usize).filter(|held| !held.withdrawn)?;
                Some(Entry {
                    list: held.list,
                    row: held.row,
                    key: held.key.as_deref(),
                    category: held.category.and_then(|c| self.categories.get(c as usize)),
                    carries: held.carries,
                })
            }
            Place::Compiled(index) => {
                let Compiled { file, list, .. } = self.compiled.get(index)?;
                let record = file.list.record(within)?;
                let [sha256, sha1, md5, pdq, _] = record.carries;
                Some(Entry {
                    list: *list,
                    row: record.row,
                    key: file.list.key(&record),
                    category: record.category.and_then(|c| file.categories.get(c as usize)),
                    carries: [sha256, sha1, md5, pdq],
                })
            }
        }
    }

    /// Numbers of the entries with an MD5.
    pub(super) fn by_md5<'a>(&'a self, md5: &'a Md5) -> impl Iterator<Item = u32> + 'a {
        self.md5.get(&md5.0).chain(self.compiled.iter().flat_map(|c| c.get(md5)))
    }

    /// Numbers of the entries with a SHA-1.
    pub(super) fn by_sha1<'a>(&'a self, sha1: &'a Sha1) -> impl Iterator<Item = u32> + 'a {
        self.sha1.get(&sha1.0).chain(self.compiled.iter().flat_map(|c| c.get(sha1)))
    }

    /// Numbers of the entries with a SHA-256.
    pub(super) fn by_sha256<'a>(&'a self, sha256: &'a Sha256) -> impl Iterator<Item = u32> + 'a {
        self.sha256.get(&sha256.0).chain(self.compiled.iter().flat_map(|c| c.get(sha256)))
    }

    /// Whether an entry of an alert list states this size. Most lists state none; then nothing has it.
    pub fn has_size(&self, size_bytes: u64) -> bool {
        self.sizes.contains(&size_bytes)
            || self.alerts().any(|compiled| compiled.file.list.has_size(size_bytes))
    }

    /// The compiled lists whose matches are findings.
    fn alerts(&self) -> impl Iterator<Item = &Compiled> {
        let role = |of: &Compiled| self.lists.get(of.list as usize).map(|list| list.role);
        self.compiled.iter().filter(move |of| role(of) == Some(ListRole::Alert))
    }

    /// Whether there is nothing to look up in.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Compiled {
    fn get<'a, const N: usize, D: Indexed<N>>(
        &'a self,
        digest: &'a D,
    ) -> impl Iterator<Item = u32> + 'a {
        // What the file says of entries that it does not have leads nowhere.
        self.file.list.get(digest).filter_map(|entry| self.first.checked_add(entry))
    }
}
