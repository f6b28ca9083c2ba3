//! One look-up: which entries of which lists a file matches, and how.

use std::collections::HashMap;

use tutela_core::{
    Digests, KnownGoodMark, ListMatch, ListRole, Method, Orientation, Part, Pdq, PdqVariant,
};
use tutela_match::index::Hit;
use tutela_match::signals::VpdqRule;

use super::list_set::{Entry, ListSet};
use super::parts::Parts;
use crate::evidence::decoder::VariantSignals;

/// Pictures below this quality have too little detail: their signals are near everything flat.
/// Source: python-threatexchange drops PDQ below 50.
pub const MIN_QUALITY: u8 = 50;
/// Matches kept of one file: a signal near more entries than this says nothing about any of them.
pub const MAX_MATCHES: usize = 100;

/// What a look-up gave.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LookUp {
    /// Matches in alert lists: equal digests first, then by distance; at most [`MAX_MATCHES`].
    pub matches: Vec<ListMatch>,
    /// Matches beyond those.
    pub more: u64,
    /// Known-good lists that hold a digest of it.
    pub known_good: Vec<KnownGoodMark>,
    /// An entry shares a weak digest with the file, but not a stronger one that it carries too.
    pub digest_conflict: bool,
}

impl ListSet {
    /// Looks up digests and, of a picture, every orientation of every computation of its signal.
    pub fn look_up(
        &self,
        digests: Option<&Digests>,
        signals: &[VariantSignals],
        radius: u16,
    ) -> LookUp {
        self.look_up_all(digests, signals, &Parts::default(), &VpdqRule::at(radius))
    }

    /// The same, and then what is inside: frames, pages, the embedded thumbnail, a film as a whole.
    /// An entry that the whole matches is not matched once more by a part.
    pub fn look_up_all(
        &self,
        digests: Option<&Digests>,
        signals: &[VariantSignals],
        parts: &Parts,
        rule: &VpdqRule,
    ) -> LookUp {
        let (found, digest_conflict) = self.find(digests, signals, rule.distance);
        let mut answer = LookUp { digest_conflict, ..LookUp::default() };
        let inside = self.find_parts(&found, parts, rule);
        for (number, method) in found {
            self.sort_in(number, method, Part::Whole, &mut answer);
        }
        for (number, method, part) in inside {
            self.sort_in(number, method, part, &mut answer);
        }
        answer
    }

    /// Every entry that matches, best first, by its number, planted and withdrawn ones among them;
    /// and whether a weak digest disagrees with a stronger one.
    pub fn find(
        &self,
        digests: Option<&Digests>,
        signals: &[VariantSignals],
        radius: u16,
    ) -> (Vec<(u32, Method)>, bool) {
        let mut found = HashMap::new();
        let conflict = digests.is_some_and(|digests| self.by_digest(digests, &mut found));
        self.by_signal(signals, radius, &mut found);
        let mut found: Vec<(u32, Method)> = found.into_iter().collect();
        found.sort_by_key(|&(number, method)| (rank(method), number));
        (found, conflict)
    }

    /// Entries near bare signals: query, number of the entry, distance; by query, then entry.
    pub fn find_signals(
        &self,
        queries: &[Pdq],
        radius: u16,
        threads: usize,
    ) -> Vec<(u32, u32, u16)> {
        let hits = self.pdq.search(queries, radius, threads);
        let number = |hit: &Hit| self.pdq_entries.get(hit.entry as usize).copied();
        hits.iter().filter_map(|hit| Some((hit.query, number(hit)?, hit.distance))).collect()
    }

    /// Entries with an equal digest, by the strongest that is equal. Returns whether an entry that
    /// carries a stronger digest too differs in it: a weak digest has collided, or the list errs.
    fn by_digest(&self, digests: &Digests, found: &mut HashMap<u32, Method>) -> bool {
        let by_sha256 = self.by_sha256(&digests.sha256).map(|number| (number, Method::Sha256));
        let by_sha1 = self.by_sha1(&digests.sha1).map(|number| (number, Method::Sha1));
        let by_md5 = self.by_md5(&digests.md5).map(|number| (number, Method::Md5));
        for (number, method) in by_sha256.chain(by_sha1).chain(by_md5) {
            found.entry(number).or_insert(method);
        }
        found.iter().any(|(&number, &method)| {
            self.entry(number).is_some_and(|entry| match method {
                Method::Sha1 => entry.carries[0],
                Method::Md5 => entry.carries[0] || entry.carries[1],
                Method::Sha256 | Method::Pdq { .. } | Method::Vpdq { .. } => false,
            })
        })
    }

    /// Entries whose signal is near one of the picture's, by the nearest.
    pub(super) fn by_signal(
        &self,
        signals: &[VariantSignals],
        radius: u16,
        found: &mut HashMap<u32, Method>,
    ) {
        let usable = signals.iter().filter(|signals| signals.quality >= MIN_QUALITY);
        let mut how: Vec<(PdqVariant, Orientation)> = Vec::new();
        let mut queries: Vec<Pdq> = Vec::new();
        for signals in usable {
            for (orientation, value) in Orientation::ALL.into_iter().zip(signals.values) {
                // Up to 512 pixels a side both computations agree: no need to ask twice.
                if !queries.contains(&value) {
                    queries.push(value);
                    how.push((signals.variant, orientation));
                }
            }
        }
        for Hit { query, entry, distance } in self.pdq.search(&queries, radius, 1) {
            let (Some(&(variant, orientation)), Some(&number)) =
                (how.get(query as usize), self.pdq_entries.get(entry as usize))
            else {
                continue;
            };
            let method = Method::Pdq { variant, orientation, distance };
            found
                .entry(number)
                .and_modify(|known| {
                    if rank(method) < rank(*known) {
                        *known = method;
                    }
                })
                .or_insert(method);
        }
    }

    fn sort_in(&self, number: u32, method: Method, part: Part, answer: &mut LookUp) {
        // Planted entries are in no list, so they go no further than this.
        let Some(entry) = self.entry(number) else { return };
        let Some(list) = self.lists.get(entry.list as usize) else { return };
        match list.role {
            ListRole::KnownGood if !method.is_exact() => {}
            ListRole::KnownGood => {
                answer.known_good.push(KnownGoodMark { list: list.name.clone(), row: entry.row });
            }
            ListRole::Alert if answer.matches.len() >= MAX_MATCHES => answer.more += 1,
            ListRole::Alert => answer.matches.push(ListMatch {
                list: list.name.clone(),
                list_sha256: list.sha256,
                row: entry.row,
                key: entry.key.map(str::to_owned),
                category: entry.category.cloned(),
                method,
                part,
            }),
        }
    }

    pub(super) fn entry_of(&self, signal: u32) -> Option<Entry<'_>> {
        self.entry(*self.pdq_entries.get(signal as usize)?)
    }
}

/// Order of methods: the same bytes before alike pictures, then nearest first, then the least turned.
pub(super) fn rank(method: Method) -> (u16, Orientation, PdqVariant) {
    let exact = |place| (place, Orientation::Original, PdqVariant::Reference);
    match method {
        Method::Sha256 => exact(0),
        Method::Sha1 => exact(1),
        Method::Md5 => exact(2),
        Method::Pdq { variant, orientation, distance } => (3 + distance, orientation, variant),
        // Behind every distance a signal can have.
        Method::Vpdq { exhibit_percent, .. } => exact(400 - u16::from(exhibit_percent)),
    }
}

#[cfg(test)]
mod tests {
    use tutela_core::{
        Category, Digests, ListEntry, ListInfo, ListRole, Md5, Method, OpaqueSignal, Pdq, Sha1,
        Sha256,
    };

    use super::super::{ListSet, ListSetBuilder, LoadedList};

    fn list(name: &str, role: ListRole) -> LoadedList {
        LoadedList {
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

    fn entry(row: u64, md5: u8) -> ListEntry {
        ListEntry { row, md5: Some(Md5([md5; 16])), ..ListEntry::default() }
    }

    fn digests(byte: u8) -> Digests {
        Digests { md5: Md5([byte; 16]), sha1: Sha1([byte; 20]), sha256: Sha256([byte; 32]) }
    }

    fn set(add: impl FnOnce(&mut ListSetBuilder)) -> ListSet {
        let mut builder = ListSetBuilder::default();
        add(&mut builder);
        builder.build()
    }

    #[test]
    fn an_empty_set_still_proves_itself() {
        let set = set(|_| {});
        assert!(set.is_empty());
        assert!(set.self_test(31).passed(), "{}", set.self_test(31).failures());
    }

    #[test]
    fn roles_keep_matches_and_marks_apart() {
        let set = set(|builder| {
            builder.add(ListEntry {
                category: Some(Category {
                    scheme: "projectvic:us".to_owned(),
                    code: "2".to_owned(),
                }),
                ..entry(1, 1)
            });
            builder.finish_list(list("alert", ListRole::Alert));
            builder.add(entry(5, 1));
            builder.finish_list(list("good", ListRole::KnownGood));
        });
        let answer = set.look_up(Some(&digests(1)), &[], 31);
        assert_eq!(answer.matches.len(), 1);
        assert_eq!(answer.matches[0].method, Method::Md5);
        assert_eq!(answer.matches[0].category.as_ref().unwrap().to_string(), "projectvic:us:2");
        assert_eq!((answer.known_good[0].list.as_str(), answer.known_good[0].row), ("good", 5));
        assert!(set.self_test(31).passed(), "{}", set.self_test(31).failures());
    }

    #[test]
    fn withdrawn_entries_never_match_even_when_listed_before() {
        let set = set(|builder| {
            let keyed = |row, md5, withdrawn| ListEntry {
                key: Some("7-1".to_owned()),
                withdrawn,
                ..entry(row, md5)
            };
            builder.add(keyed(1, 1, false));
            builder.add(entry(2, 2));
            builder.add(keyed(3, 9, true));
            builder.add(keyed(4, 4, false));
            builder.finish_list(list("alert", ListRole::Alert));
        });
        assert!(set.look_up(Some(&digests(1)), &[], 31).matches.is_empty());
        assert_eq!(set.look_up(Some(&digests(4)), &[], 31).matches.len(), 1, "issued again later");
        assert_eq!(set.look_up(Some(&digests(2)), &[], 31).matches.len(), 1);
        assert_eq!((set.lists()[0].entries, set.lists()[0].withdrawn), (2, 1));
        assert!(set.self_test(31).passed(), "{}", set.self_test(31).failures());
    }

    #[test]
    fn a_weak_digest_alone_is_a_match_with_a_warning() {
        let set = set(|builder| {
            builder.add(ListEntry { sha1: Some(Sha1([9; 20])), ..entry(1, 1) });
            builder.finish_list(list("alert", ListRole::Alert));
        });
        let answer = set.look_up(Some(&digests(1)), &[], 31);
        assert_eq!(answer.matches[0].method, Method::Md5);
        assert!(answer.digest_conflict);
    }

    #[test]
    fn what_cannot_be_looked_up_is_not_counted_as_if_it_could() {
        let set = set(|builder| {
            let opaque = OpaqueSignal { kind: "photodna".to_owned(), value: "x".to_owned() };
            builder.add(ListEntry { row: 1, other: vec![opaque], ..ListEntry::default() });
            builder.finish_list(list("alert", ListRole::Alert));
        });
        assert_eq!(set.lists()[0].entries, 0);
        assert!(set.lists()[0].notes[0].contains("cannot be looked up"));
        assert!(
            !set.self_test(31).checks.iter().any(|check| check.name.text().contains("of alert"))
        );
    }

    #[test]
    fn a_lost_entry_fails_the_self_test() {
        let mut broken = set(|builder| {
            builder.add(ListEntry { pdq: Some(Pdq([0x0f; 32])), ..entry(1, 1) });
            builder.finish_list(list("alert", ListRole::Alert));
        });
        broken.pdq_entries.rotate_left(1);
        let test = broken.self_test(31);
        assert!(!test.passed());
        assert!(test.failures().contains("row 1 of alert"), "{}", test.failures());
    }
}
