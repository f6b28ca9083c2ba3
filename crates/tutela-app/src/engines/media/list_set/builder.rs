//! Collects the lists of one run entry by entry, or as they were compiled, and builds their indexes.

use std::collections::{HashMap, HashSet};

use tutela_core::{Category, ListEntry, ListRole, Md5, Pdq, Sha1, Sha256};
use tutela_match::index::{ExactIndex, FilmIndex, LinearIndex};

use super::super::canary::{self, Probe};
use super::super::signal_index::SignalIndex;
use super::{CANARY_LIST, Compiled, Held, ListSet, LoadedList, Place, Stretch};
use crate::AppError;
use crate::intake::compiled::CompiledFile;
use crate::intake::lists::film_frames;

/// Collects lists entry by entry.
#[derive(Default)]
pub struct ListSetBuilder {
    lists: Vec<LoadedList>,
    held: Vec<Held>,
    compiled: Vec<Compiled>,
    stretches: Vec<Stretch>,
    /// Number of the next entry.
    next: u32,
    categories: Vec<Category>,
    category_numbers: HashMap<Category, u32>,
    md5: Vec<([u8; 16], u32)>,
    sha1: Vec<([u8; 20], u32)>,
    sha256: Vec<([u8; 32], u32)>,
    pdq: LinearIndex,
    pdq_entries: Vec<u32>,
    films: FilmIndex,
    probes: Vec<Probe>,
    sizes: HashSet<u64>,
    current: Current,
}

/// What is collected of the list that is being read.
#[derive(Default)]
struct Current {
    withdrawn: u64,
    /// Row of the last withdrawal of each key: entries before it are taken back, later ones stand.
    withdrawn_keys: HashMap<Box<str>, u64>,
    first_held: usize,
    first: Option<ListEntry>,
    last: Option<ListEntry>,
    /// Sizes that entries state, each with the place of its entry.
    sizes: Vec<(usize, u64)>,
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
        if signals_of(&entry) == [false; 4] && film_frames(&entry).is_empty() {
            return;
        }
        let place = self.held.len().saturating_sub(1);
        self.current.sizes.extend(entry.size_bytes.map(|size| (place, size)));
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
        if !current.withdrawn_keys.is_empty() {
            self.withdraw(current.first_held, &current.withdrawn_keys);
        }
        let standing = self.held[current.first_held..].iter().filter(|held| !held.withdrawn);
        let (mut entries, mut opaque) = (0, 0);
        for held in standing {
            let looked_up = held.film || held.carries != [false; 4];
            *(if looked_up { &mut entries } else { &mut opaque }) += 1;
        }
        let taken_back = |entry: &ListEntry| {
            let key = entry.key.as_deref().and_then(|key| current.withdrawn_keys.get(key));
            key.is_some_and(|row| entry.row < *row)
        };
        let ends = [current.first, current.last];
        let probes = ends.into_iter().flatten().filter(|entry| !taken_back(entry));
        self.probes.extend(probes.map(|entry| Probe::new(number, &list.name, &entry)));
        list.note_opaque(opaque);
        if list.role == ListRole::Alert {
            let stands = |place: usize| self.held.get(place).is_some_and(|held| !held.withdrawn);
            let sizes = current.sizes.into_iter().filter(|(place, _)| stands(*place));
            self.sizes.extend(sizes.map(|(_, size)| size));
        }
        list.entries = entries;
        list.withdrawn = current.withdrawn;
        self.lists.push(list);
        self.current.first_held = self.held.len();
    }

    /// Adds a compiled list. Of `list` only name and role are taken; the rest the file knows.
    ///
    /// # Errors
    /// The entries of all lists are more than can be numbered.
    pub(crate) fn add_compiled(
        &mut self,
        file: CompiledFile,
        name: String,
        role: ListRole,
    ) -> Result<(), AppError> {
        let too_many = AppError::TooManyEntries { max: u64::from(CANARY_LIST) };
        let number = u32::try_from(self.lists.len()).unwrap_or(CANARY_LIST - 1);
        let first = self.next;
        let next = u32::try_from(u64::from(first) + file.list.len());
        // One number stays for the canary.
        self.next = next.ok().filter(|next| *next < u32::MAX).ok_or(too_many)?;
        for (pdq, entry) in file.list.pdqs() {
            self.pdq.push(pdq);
            self.pdq_entries.push(first.saturating_add(entry));
        }
        let frames: Vec<_> = file.list.film_frames().collect();
        for film in frames.chunk_by(|(_, one), (_, next)| one == next) {
            let frames: Vec<Pdq> = film.iter().map(|(frame, _)| *frame).collect();
            self.films.push(first.saturating_add(film[0].1), &frames);
        }
        self.probes.extend(file.probes.iter().map(|entry| Probe::new(number, &name, entry)));
        self.lists.push(LoadedList::of_compiled(&file.about, name, role));
        self.stretches.push(Stretch { first, place: Place::Compiled(self.compiled.len()) });
        self.compiled.push(Compiled { file, list: number, first });
        Ok(())
    }

    /// Whether a list with these bytes is in already, for the same use.
    pub fn holds(&self, sha256: Sha256, role: ListRole) -> bool {
        self.lists.iter().any(|list| list.sha256 == sha256 && list.role == role)
    }

    /// Drops what was read since the last list was finished.
    pub fn forget_current(&mut self) {
        let from = std::mem::take(&mut self.current).first_held;
        for entry in &mut self.held[from..] {
            entry.withdrawn = true;
        }
        self.current.first_held = self.held.len();
    }

    /// Builds the indexes, with the canaries planted among the entries.
    pub fn build(mut self) -> ListSet {
        for entry in canary::planted() {
            self.index(CANARY_LIST, &entry);
        }
        ListSet {
            lists: self.lists,
            held: self.held,
            compiled: self.compiled,
            stretches: self.stretches,
            categories: self.categories,
            md5: ExactIndex::build(self.md5),
            sha1: ExactIndex::build(self.sha1),
            sha256: ExactIndex::build(self.sha256),
            pdq: SignalIndex::Scanned(self.pdq),
            pdq_entries: self.pdq_entries,
            films: self.films,
            probes: self.probes,
            sizes: self.sizes,
        }
    }

    fn index(&mut self, list: u32, entry: &ListEntry) {
        let number = self.next;
        // Past the last number nothing more is taken; adding a compiled list says so.
        let Some(next) = number.checked_add(1) else { return };
        self.next = next;
        if !matches!(self.stretches.last(), Some(Stretch { place: Place::Held(_), .. })) {
            self.stretches.push(Stretch { first: number, place: Place::Held(self.held.len()) });
        }
        let category = entry.category.as_ref().map(|category| self.category_number(category));
        let film = film_frames(entry);
        self.held.push(Held {
            list,
            row: entry.row,
            key: entry.key.as_deref().map(Box::from),
            category,
            carries: signals_of(entry),
            film: !film.is_empty(),
            withdrawn: false,
        });
        self.md5.extend(entry.md5.map(|Md5(bytes)| (bytes, number)));
        self.sha1.extend(entry.sha1.map(|Sha1(bytes)| (bytes, number)));
        self.sha256.extend(entry.sha256.map(|Sha256(bytes)| (bytes, number)));
        if let Some(pdq) = entry.pdq {
            self.pdq.push(pdq);
            self.pdq_entries.push(number);
        }
        if !film.is_empty() {
            self.films.push(number, &film);
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

    /// Marks entries whose key a later row of the same list withdraws.
    fn withdraw(&mut self, from: usize, keys: &HashMap<Box<str>, u64>) {
        for entry in &mut self.held[from..] {
            let row = entry.key.as_ref().and_then(|key| keys.get(key));
            if row.is_some_and(|row| entry.row < *row) {
                entry.withdrawn = true;
            }
        }
    }
}

/// Which signals an entry carries that can be looked up: SHA-256, SHA-1, MD5, PDQ.
fn signals_of(entry: &ListEntry) -> [bool; 4] {
    let ListEntry { sha256, sha1, md5, pdq, .. } = entry;
    [sha256.is_some(), sha1.is_some(), md5.is_some(), pdq.is_some()]
}

#[cfg(test)]
mod tests {
    use tutela_core::{
        Category, Digests, ListEntry, ListRole, Md5, OpaqueSignal, Pdq, Sha1, Sha256,
    };

    use tutela_match::signals::{FrameSignal, VpdqRule, write_vpdq};

    use super::{ListSet, ListSetBuilder, LoadedList};
    use crate::intake::compiled::{About, CompiledFile, Compiler};

    /// Entries of every kind: few different digests, so that many are equal; keys that come again;
    /// withdrawals; entries with nothing to look up.
    fn entries(len: u64) -> Vec<ListEntry> {
        let random = |row: u64, what: u64| {
            let mixed = (row * 31 + what).wrapping_mul(0xff51_afd7_ed55_8ccd);
            (mixed ^ (mixed >> 29)).wrapping_mul(0xc4ce_b9fe_1a85_ec53) >> 33
        };
        let entry = |row: u64| {
            let byte = |what| (random(row, what) % 50) as u8;
            let opaque = OpaqueSignal { kind: "photodna".to_owned(), value: "x".to_owned() };
            let frame = |what| FrameSignal { pdq: Pdq([byte(what); 32]), quality: 90, at_ms: 0 };
            let film = write_vpdq(&[frame(13), frame(14)]);
            let film = OpaqueSignal { kind: "vpdq".to_owned(), value: film };
            let category = Category { scheme: "test".to_owned(), code: byte(5).to_string() };
            ListEntry {
                row,
                key: (random(row, 6) % 4 > 0).then(|| (random(row, 7) % 60).to_string()),
                md5: (random(row, 0) % 5 > 0).then(|| Md5([byte(8); 16])),
                sha1: (random(row, 1) % 3 > 1).then(|| Sha1([byte(9); 20])),
                sha256: (random(row, 2) % 5 == 0).then(|| Sha256([byte(10); 32])),
                pdq: (random(row, 3) % 9 == 0).then(|| Pdq([byte(11); 32])),
                other: if random(row, 15) % 8 == 0 { vec![opaque, film] } else { vec![opaque] },
                category: (random(row, 4) % 3 > 0).then_some(category),
                size_bytes: (random(row, 16) % 4 == 0).then(|| u64::from(byte(17))),
                withdrawn: random(row, 12) % 20 == 0,
                ..ListEntry::default()
            }
        };
        (1..=len).map(entry).collect()
    }

    fn compiled(entries: &[ListEntry]) -> CompiledFile {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("list");
        let mut compiler = Compiler::new(dir.path()).unwrap();
        entries.iter().for_each(|entry| compiler.add(entry.clone()));
        let about = About { sha256: Sha256([7; 32]).to_string(), ..About::default() };
        let about = About { format: "test".to_owned(), ..about };
        compiler.finish(&path, about).unwrap();
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "something is left beside");
        CompiledFile::open(&path).unwrap()
    }

    fn in_memory(builder: &mut ListSetBuilder, name: &str, entries: &[ListEntry]) {
        entries.iter().for_each(|entry| builder.add(entry.clone()));
        builder.finish_list(LoadedList::named(name, ListRole::Alert));
    }

    fn assert_alike(compiled: &ListSet, memory: &ListSet) {
        for (a, b) in compiled.lists().iter().zip(memory.lists()) {
            assert_eq!((&a.name, a.role, a.sha256), (&b.name, b.role, b.sha256));
            assert_eq!((a.entries, a.withdrawn, &a.notes), (b.entries, b.withdrawn, &b.notes));
        }
        for byte in 0..60 {
            let digests = Digests {
                md5: Md5([byte; 16]),
                sha1: Sha1([byte; 20]),
                sha256: Sha256([byte; 32]),
            };
            let (a, b) = (
                compiled.look_up(Some(&digests), &[], 31),
                memory.look_up(Some(&digests), &[], 31),
            );
            assert_eq!(a, b, "digests of {byte}");
            let size = u64::from(byte);
            assert_eq!(compiled.has_size(size), memory.has_size(size), "size {byte}");
            let signal = [Pdq([byte; 32])];
            let entries = |set: &ListSet| -> Vec<(u32, u32, u16)> {
                let found = set.find_signals(&signal, 31, 1);
                found.into_iter().filter(|(_, entry, _)| set.entry(*entry).is_some()).collect()
            };
            assert_eq!(entries(compiled), entries(memory), "signals of {byte}");
            let films = |set: &ListSet| -> Vec<u32> {
                let found = set.films.search(&signal, &VpdqRule::default());
                let found = found.into_iter().map(|(entry, _)| entry);
                found.filter(|entry| set.entry(*entry).is_some()).collect()
            };
            assert_eq!(films(compiled), films(memory), "films of {byte}");
        }
        assert!(!memory.has_size(60) && !compiled.has_size(60));
        assert!(compiled.self_test(31).passed(), "{}", compiled.self_test(31).failures());
        assert!(memory.self_test(31).passed(), "{}", memory.self_test(31).failures());
    }

    #[test]
    fn a_compiled_list_answers_as_one_in_memory() {
        for len in [0, 1, 2, 7, 300, 2_000] {
            let entries = entries(len);
            let mut memory = ListSetBuilder::default();
            in_memory(&mut memory, "one", &entries);
            let mut builder = ListSetBuilder::default();
            builder.add_compiled(compiled(&entries), "one".to_owned(), ListRole::Alert).unwrap();
            assert_alike(&builder.build(), &memory.build());
        }
    }

    #[test]
    fn compiled_lists_and_others_stand_side_by_side() {
        let parts = [entries(100), entries(70), entries(40), entries(10)];
        let mut memory = ListSetBuilder::default();
        let mut mixed = ListSetBuilder::default();
        for (part, name) in parts.iter().zip(["a", "b", "c", "d"]) {
            in_memory(&mut memory, name, part);
            if name == "a" || name == "c" {
                mixed.add_compiled(compiled(part), name.to_owned(), ListRole::Alert).unwrap();
            } else {
                in_memory(&mut mixed, name, part);
            }
        }
        assert_alike(&mixed.build(), &memory.build());
    }

    #[test]
    fn the_same_entries_give_the_same_file() {
        let (one, two) = (compiled(&entries(500)), compiled(&entries(500)));
        assert_eq!(one.about, two.about);
        assert_eq!(one.about.probes.len(), 3);
        let counted: u64 = one.about.categories.iter().map(|category| category.entries).sum();
        assert!((1..60).contains(&one.list.sizes()), "many entries, few sizes");
        assert!(counted > 0 && counted <= one.about.entries);
        assert!(one.about.signals["photodna"] > 400, "one an entry, withdrawn ones apart");
    }
}
