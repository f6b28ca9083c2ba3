//! Canaries: planted entries that every run must find again, and the first and last entry of each list.
//!
//! A regression that silently misses matches is the worst defect such a tool can have, so the same
//! indexes that serve the run are asked for answers that are known beforehand.

use tutela_core::{Digests, ListEntry, Md5, OpaqueSignal, Pdq, Sha1, Sha256};
use tutela_match::digests::DigestHasher;
use tutela_match::signals::{FrameSignal, VpdqRule, write_vpdq};

use super::list_set::{CANARY_LIST, ListSet};
use crate::intake::lists::film_frames;
use crate::sentences::{DIGEST_FOUND, FOUND, NOT_FOUND, PDQ_FOUND, PDQ_NOT_FOUND, ROW_FOUND, Said};

/// One thing that was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// In plain words.
    pub name: Said,
    /// Whether it came out as it must.
    pub passed: bool,
    /// What came out.
    pub detail: Said,
}

/// All that was tried.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SelfTest {
    /// One by one.
    pub checks: Vec<Check>,
}

impl SelfTest {
    /// Whether every check held. Without checks nothing is proven.
    pub fn passed(&self) -> bool {
        !self.checks.is_empty() && self.checks.iter().all(|check| check.passed)
    }

    /// Adds one check.
    pub fn push(&mut self, name: Said, passed: bool, detail: Said) {
        self.checks.push(Check { name, passed, detail });
    }

    /// The checks that did not hold, in one line.
    pub fn failures(&self) -> String {
        let failed = self.checks.iter().filter(|check| !check.passed);
        failed
            .map(|check| format!("{} ({})", check.name, check.detail))
            .collect::<Vec<_>>()
            .join("; ")
    }
}

/// An entry of a list whose signals must be found again.
pub(super) struct Probe {
    list: u32,
    name: String,
    row: u64,
    md5: Option<Md5>,
    sha1: Option<Sha1>,
    sha256: Option<Sha256>,
    pdq: Option<Pdq>,
    film: Vec<Pdq>,
}

impl Probe {
    pub(super) fn new(list: u32, name: &str, entry: &ListEntry) -> Self {
        let &ListEntry { row, md5, sha1, sha256, pdq, .. } = entry;
        let film = film_frames(entry);
        Self { list, name: name.to_owned(), row, md5, sha1, sha256, pdq, film }
    }
}

/// The content whose digests are planted.
const CANARY_CONTENT: &[u8] =
    b"Tutela canary: this text is planted among the entries and must be found.";
/// The planted signal: half its bits are set, as in a proper PDQ, and no picture is known to have it.
const CANARY_PDQ: Pdq = Pdq([
    0xa5, 0x3c, 0x69, 0x96, 0xc3, 0x5a, 0x0f, 0xf0, 0x33, 0xcc, 0x55, 0xaa, 0x99, 0x66, 0x3c, 0xc3,
    0x5a, 0xa5, 0xf0, 0x0f, 0xcc, 0x33, 0xaa, 0x55, 0x66, 0x99, 0xc3, 0x3c, 0x96, 0x69, 0xa5, 0x5a,
]);

fn canary_digests() -> Digests {
    let mut hasher = DigestHasher::new();
    hasher.update(CANARY_CONTENT);
    hasher.finish()
}

/// What is planted in every set of lists.
pub(super) fn planted() -> [ListEntry; 1] {
    let Digests { md5, sha1, sha256 } = canary_digests();
    let frame = FrameSignal { pdq: CANARY_PDQ, quality: 100, at_ms: 0 };
    [ListEntry {
        row: 1,
        md5: Some(md5),
        sha1: Some(sha1),
        sha256: Some(sha256),
        pdq: Some(CANARY_PDQ),
        other: vec![OpaqueSignal { kind: "vpdq".to_owned(), value: write_vpdq(&[frame]) }],
        ..ListEntry::default()
    }]
}

impl ListSet {
    /// Looks up the canaries and the ends of every list, at the radius of the run.
    pub fn self_test(&self, radius: u16) -> SelfTest {
        let mut test = SelfTest::default();
        let Digests { md5, sha1, sha256 } = canary_digests();
        for (name, found) in [
            ("SHA-256", self.holds(self.by_sha256(&sha256), CANARY_LIST, 1)),
            ("SHA-1", self.holds(self.by_sha1(&sha1), CANARY_LIST, 1)),
            ("MD5", self.holds(self.by_md5(&md5), CANARY_LIST, 1)),
            ("vPDQ", self.holds(self.alike_films(&[CANARY_PDQ]), CANARY_LIST, 1)),
        ] {
            test.push(DIGEST_FOUND.say([("kind", name.to_owned())]), found, said(found));
        }
        for distance in [0, radius] {
            let found = self.canary_distance(distance, radius) == Some(distance);
            test.push(PDQ_FOUND.say([("bits", distance.to_string())]), found, said(found));
        }
        let beyond = radius + 1;
        let found = self.canary_distance(beyond, radius).is_some();
        test.push(PDQ_NOT_FOUND.say([("bits", beyond.to_string())]), !found, said(found));
        for probe in &self.probes {
            let found = self.finds(probe);
            let row = [("row", probe.row.to_string()), ("list", probe.name.clone())];
            test.push(ROW_FOUND.say(row), found, said(found));
        }
        test
    }

    /// The distance at which the canary comes back for a query that many bits away.
    fn canary_distance(&self, bits: u16, radius: u16) -> Option<u16> {
        let mut query = CANARY_PDQ;
        // Bits spread over all words, so that no part of an index is left out.
        for bit in (0..256).map(|i| i * 37 % 256).take(usize::from(bits)) {
            query.0[bit / 8] ^= 1 << (bit % 8);
        }
        let hits = self.pdq.search(&[query], radius, 1);
        let planted = |entry: u32| self.entry_of(entry).is_some_and(|e| e.list == CANARY_LIST);
        hits.iter().find(|hit| planted(hit.entry)).map(|hit| hit.distance)
    }

    /// Every signal of the probe leads back to its row.
    fn finds(&self, probe: &Probe) -> bool {
        let at =
            |numbers: &mut dyn Iterator<Item = u32>| self.holds(numbers, probe.list, probe.row);
        probe.md5.is_none_or(|md5| at(&mut self.by_md5(&md5)))
            && probe.sha1.is_none_or(|sha1| at(&mut self.by_sha1(&sha1)))
            && probe.sha256.is_none_or(|sha256| at(&mut self.by_sha256(&sha256)))
            && probe.pdq.is_none_or(|pdq| {
                let hits = self.pdq.search(&[pdq], 0, 1);
                at(&mut hits
                    .iter()
                    .filter_map(|hit| self.pdq_entries.get(hit.entry as usize).copied()))
            })
            && (probe.film.is_empty() || at(&mut self.alike_films(&probe.film)))
    }

    fn alike_films(&self, frames: &[Pdq]) -> impl Iterator<Item = u32> {
        self.films.search(frames, &VpdqRule::default()).into_iter().map(|(number, _)| number)
    }

    fn holds(&self, mut numbers: impl Iterator<Item = u32>, list: u32, row: u64) -> bool {
        numbers.any(|number| self.entry(number).is_some_and(|e| e.list == list && e.row == row))
    }
}

fn said(found: bool) -> Said {
    if found { FOUND.say([]) } else { NOT_FOUND.say([]) }
}
