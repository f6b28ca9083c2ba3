//! Looks up what is inside: frames, pages, embedded thumbnails, and films as a whole.

use std::collections::{HashMap, HashSet};

use tutela_core::{Method, Part};
use tutela_match::signals::{FrameSignal, VpdqRule, comparable};

use super::list_set::ListSet;
use super::look_up::rank;
use crate::evidence::decoder::VariantSignals;

/// What there is inside some content.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parts {
    /// Parts that are pictures of their own.
    pub pictures: Vec<PartSignals>,
    /// Frames of a film, for the comparison of films.
    pub film: Vec<FrameSignal>,
}

/// One part and its signals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartSignals {
    /// Which one it is.
    pub part: Part,
    /// One a computation.
    pub signals: Vec<VariantSignals>,
}

impl ListSet {
    /// Entries that only a part matches, each by its nearest part: films first, then by distance.
    pub(super) fn find_parts(
        &self,
        whole: &[(u32, Method)],
        parts: &Parts,
        rule: &VpdqRule,
    ) -> Vec<(u32, Method, Part)> {
        let known: HashSet<u32> = whole.iter().map(|(number, _)| *number).collect();
        let mut best: HashMap<u32, (Method, Part)> = HashMap::new();
        for PartSignals { part, signals } in &parts.pictures {
            let mut found = HashMap::new();
            self.by_signal(signals, rule.distance, &mut found);
            for (number, method) in found {
                let entry = best.entry(number).or_insert((method, *part));
                if (rank(method), *part) < (rank(entry.0), entry.1) {
                    *entry = (method, *part);
                }
            }
        }
        let mut pictures: Vec<_> = best.into_iter().map(|(n, (m, part))| (n, m, part)).collect();
        pictures.sort_by_key(|&(number, method, part)| (rank(method), part, number));
        let films = self.films.search(&comparable(&parts.film), rule).into_iter();
        let films = films.map(|(number, partners)| {
            let (exhibit_percent, entry_percent) =
                (partners.query_percent(), partners.compared_percent());
            (number, Method::Vpdq { exhibit_percent, entry_percent }, Part::Whole)
        });
        films.chain(pictures).filter(|(number, ..)| !known.contains(number)).collect()
    }
}

#[cfg(test)]
mod tests {
    use tutela_core::{
        ListEntry, ListInfo, ListRole, Method, OpaqueSignal, Orientation, Part, Pdq, PdqVariant,
        Sha256,
    };
    use tutela_match::signals::{FrameSignal, VpdqRule, write_vpdq};

    use super::{PartSignals, Parts};
    use crate::engines::media::{ListSet, ListSetBuilder, LoadedList};
    use crate::evidence::decoder::VariantSignals;

    fn pdq(byte: u8) -> Pdq {
        Pdq([byte; 32])
    }

    fn frame(byte: u8) -> FrameSignal {
        FrameSignal { pdq: pdq(byte), quality: 90, at_ms: u64::from(byte) * 1000 }
    }

    /// Row 1 is a still, row 2 a film of four scenes.
    fn set() -> ListSet {
        let mut builder = ListSetBuilder::default();
        builder.add(ListEntry { row: 1, pdq: Some(pdq(0x0f)), ..ListEntry::default() });
        let film = write_vpdq(&[0x00, 0x33, 0x55, 0xff].map(frame));
        let film = OpaqueSignal { kind: "vpdq".to_owned(), value: film };
        builder.add(ListEntry { row: 2, other: vec![film], ..ListEntry::default() });
        let broken = OpaqueSignal { kind: "vpdq".to_owned(), value: "[1]".to_owned() };
        builder.add(ListEntry { row: 3, other: vec![broken], ..ListEntry::default() });
        builder.finish_list(LoadedList {
            name: "list".to_owned(),
            role: ListRole::Alert,
            format: "test".to_owned(),
            info: ListInfo::default(),
            sha256: Sha256([7; 32]),
            entries: 0,
            withdrawn: 0,
            rejected: 0,
            row_errors: Vec::new(),
            truncated: false,
            notes: Vec::new(),
        });
        builder.build()
    }

    fn picture(part: Part, byte: u8) -> PartSignals {
        let values = [pdq(byte), pdq(1), pdq(1), pdq(1), pdq(1), pdq(1), pdq(1), pdq(1)];
        let signals = vec![VariantSignals { variant: PdqVariant::Full, quality: 90, values }];
        PartSignals { part, signals }
    }

    fn found(pictures: Vec<PartSignals>, film: &[u8]) -> Vec<(u64, Method, Part)> {
        let parts = Parts { pictures, film: film.iter().map(|byte| frame(*byte)).collect() };
        let answer = set().look_up_all(None, &[], &parts, &VpdqRule::default());
        answer.matches.into_iter().map(|m| (m.row, m.method, m.part)).collect()
    }

    #[test]
    fn the_nearest_frame_stands_for_all() {
        let frame = |number| Part::Frame { number, at_ms: 40 * u64::from(number) };
        let mut off = picture(frame(1), 0x0f);
        off.signals[0].values[0].0[0] ^= 1;
        let method = Method::Pdq {
            variant: PdqVariant::Full,
            orientation: Orientation::Original,
            distance: 0,
        };
        let pictures = vec![off.clone(), picture(frame(2), 0x0f), picture(frame(3), 0x0f)];
        assert_eq!(found(pictures, &[]), [(1, method, frame(2))]);
        let thumbnail = picture(Part::Thumbnail, 0x0f);
        assert_eq!(found(vec![off, thumbnail], &[]), [(1, method, Part::Thumbnail)]);
    }

    #[test]
    fn films_are_alike_where_enough_frames_are() {
        let alike = |exhibit_percent, entry_percent| {
            vec![(2, Method::Vpdq { exhibit_percent, entry_percent }, Part::Whole)]
        };
        assert_eq!(found(Vec::new(), &[0x00, 0x33, 0x55, 0xff]), alike(100, 100));
        assert_eq!(found(Vec::new(), &[0x33]), alike(100, 25));
        assert_eq!(found(Vec::new(), &[0x00, 0x33, 0x55, 0xff, 0xaa]), alike(80, 100));
        assert_eq!(found(Vec::new(), &[0x00, 0x33, 0x55, 0xaa]), []);
        assert_eq!(found(Vec::new(), &[]), []);
    }

    #[test]
    fn what_cannot_be_read_as_a_film_is_said_and_films_are_found_again() {
        let set = set();
        assert_eq!(set.lists()[0].entries, 2);
        assert!(set.lists()[0].notes[0].contains("cannot be looked up"));
        let test = set.self_test(31);
        assert!(test.passed(), "{}", test.failures());
    }
}
