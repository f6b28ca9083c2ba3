//! The signals of the banks, held in memory and kept fresh: what a service asks for every look-up.

mod comparing;
mod kept;
mod kinds;
mod standing;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use tutela_core::{BankNumber, BankRole, ContentNumber, Orientation, Ratio, Timestamp};
use tutela_store::{Bank, BankChange, Content, DisputedPair, query_index};

pub use comparing::{Compared, compare};
pub(crate) use kept::{LOCK, discard};
pub use kinds::{KINDS, KindType, Nearness, Parts};

use self::kinds::{LiveKind, Near};
pub use self::standing::BankCounts;
use self::standing::{Book, KindBits, Standing};
use crate::settings::MediaSettings;

/// A look-up: one signal, or one picture in several orientations.
#[derive(Debug, Clone)]
pub struct Question {
    /// The kind of signal.
    pub kind: &'static KindType,
    /// Canonical values, each with the orientation that it is of; the first is the picture as it is.
    pub values: Vec<(Orientation, String)>,
    /// Names of the banks that may answer; `None`: all.
    pub banks: Option<Vec<String>>,
    /// Banks answer whose ratio is at least this, 0 to 1; below 0 even those that are off.
    pub coin: f64,
    /// Radius in bits; `None`: that of each bank, else of the kind.
    pub distance: Option<u16>,
    /// Whether contents answer that are switched off, expired, held back or disputed.
    pub all: bool,
    /// When it is asked.
    pub now: Timestamp,
}

impl Question {
    /// A question about one value to all banks.
    pub fn about(kind: &'static KindType, value: String, now: Timestamp) -> Self {
        Self {
            kind,
            values: vec![(Orientation::Original, value)],
            banks: None,
            coin: 0.0,
            distance: None,
            all: false,
            now,
        }
    }
}

/// One content that is near.
#[derive(Debug, Clone, PartialEq)]
pub struct Matched {
    /// Its bank.
    pub bank: Arc<Bank>,
    /// The content.
    pub content: ContentNumber,
    /// How near.
    pub nearness: Nearness,
    /// Index of the value asked about that was nearest.
    pub value: usize,
}

/// What a look-up gave, the nearest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answer {
    /// Contents of alert banks.
    pub matches: Vec<Matched>,
    /// Contents of negative banks: where there are any, `matches` are not to be reported.
    pub allowed: Vec<Matched>,
}

impl Answer {
    /// What is to be reported.
    pub fn reported(&self) -> &[Matched] {
        if self.allowed.is_empty() { &self.matches } else { &[] }
    }
}

/// How many signals of one kind are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KindStatus {
    /// The kind.
    pub kind: &'static str,
    /// Contents with a signal of it.
    pub signals: u64,
    /// How they are kept.
    pub parts: Parts,
}

/// The banks in memory. Look-ups run while it changes.
pub struct Matcher {
    kinds: Vec<Box<dyn LiveKind>>,
    book: RwLock<Book>,
    /// The last change that is in.
    upto: AtomicU64,
    /// Second of the newest content that is in, Unix time.
    newest_s: AtomicU64,
    /// Pieces of an index that were built anew since the start.
    builds: AtomicU64,
}

impl Default for Matcher {
    fn default() -> Self {
        Self {
            kinds: KINDS.iter().map(|kind| (kind.new)()).collect(),
            book: RwLock::default(),
            upto: AtomicU64::new(0),
            newest_s: AtomicU64::new(0),
            builds: AtomicU64::new(0),
        }
    }
}

impl Matcher {
    /// The last change that is in: ask the store for those behind it.
    pub fn upto(&self) -> u64 {
        self.upto.load(Ordering::Acquire)
    }

    /// Second of the newest content that is in, Unix time; `None` where there is none.
    pub fn newest_s(&self) -> Option<u64> {
        Some(self.newest_s.load(Ordering::Relaxed)).filter(|second| *second > 0)
    }

    /// Takes in changes up to number `upto`, with the disputed pairs of the contents among them.
    /// Changes come in order, one caller at a time.
    pub fn apply(&self, changes: Vec<BankChange>, disputed: &[DisputedPair], upto: u64) {
        let had = self.upto();
        for change in changes {
            match change {
                BankChange::Bank(number, None) => self.drop_bank(number),
                BankChange::Bank(number, Some(bank)) => self.write().bank(number, bank),
                BankChange::Content(number, content) => {
                    self.content(number, content.as_ref(), had);
                }
            }
        }
        let mut book = self.write();
        for (kind, query, content) in disputed {
            book.dispute(kind, query, *content);
        }
        drop(book);
        self.upto.store(upto, Ordering::Release);
    }

    /// Says how much of the look-ups each kind takes part in.
    pub fn set_ratios(&self, ratios: Vec<(String, Ratio)>) {
        self.write().ratios = ratios.into_iter().collect();
    }

    /// The ratio of a kind.
    pub fn ratio(&self, kind: &KindType) -> Ratio {
        self.read().ratios.get(kind.id).copied().unwrap_or(Ratio::ON)
    }

    /// The banks by name.
    pub fn banks(&self) -> Vec<Arc<Bank>> {
        let mut banks: Vec<_> = self.read().banks.values().cloned().collect();
        banks.sort_by_key(|bank| bank.number);
        banks
    }

    /// How many contents each bank holds, and in which state.
    pub fn bank_counts(&self, now: Timestamp) -> Vec<BankCounts> {
        self.read().counts(now)
    }

    /// Every content that is near and whose bank answers.
    pub fn look_up(&self, question: &Question) -> Answer {
        let Some(kind) = self.kind(question.kind) else { return Answer::default() };
        let default = question.kind.signal.threshold.unwrap_or(0);
        let radius = question.distance.unwrap_or(default).min(MediaSettings::MAX_DISTANCE);
        let values: Vec<&str> = question.values.iter().map(|(_, value)| value.as_str()).collect();
        let mut near: Vec<(Near, usize)> = Vec::new();
        kind.look_up(&values, radius, &mut near);
        if near.is_empty() {
            return Answer::default();
        }
        if question.values.len() > 1 {
            near.sort_by_key(|(near, value)| (near.content, near.nearness.rank(), *value));
            near.dedup_by_key(|(near, _)| near.content);
        }
        near.sort_by_key(|(near, _)| (near.nearness.rank(), near.content));
        let queries: Vec<String> =
            question.values.iter().map(|(_, value)| query_index(value)).collect();
        let book = self.read();
        let mut answer = Answer::default();
        for (near, value) in near {
            let Some(bank) = book.answers(question, &near, &queries[value]) else { continue };
            let of = match bank.terms.role {
                BankRole::Alert => &mut answer.matches,
                BankRole::Allow => &mut answer.allowed,
            };
            let bank = Arc::clone(bank);
            of.push(Matched { bank, content: near.content, nearness: near.nearness, value });
        }
        answer
    }

    /// What is held.
    pub fn status(&self) -> Vec<KindStatus> {
        let kinds = KINDS.iter().zip(&self.kinds);
        kinds
            .map(|(kind, live)| KindStatus {
                kind: kind.id,
                signals: live.len(),
                parts: live.parts(),
            })
            .collect()
    }

    /// Does one piece of work that makes look-ups faster, if one is due; says whether there was one.
    pub fn tend(&self) -> bool {
        let tended = self.kinds.iter().any(|kind| kind.tend());
        self.builds.fetch_add(u64::from(tended), Ordering::Relaxed);
        tended
    }

    /// Pieces of an index that were built anew since the start.
    pub fn builds(&self) -> u64 {
        self.builds.load(Ordering::Relaxed)
    }

    /// Does the work for quiet moments: then look-ups are as fast as they can be.
    pub fn settle(&self) {
        self.kinds.iter().for_each(|kind| _ = kind.settle());
    }

    /// Whether the files that it was restored from are as they were written. Reads every byte of them.
    pub fn holds(&self) -> bool {
        self.kinds.iter().all(|kind| kind.holds())
    }

    fn drop_bank(&self, number: BankNumber) {
        // First: from here on nothing in it answers.
        self.write().banks.remove(&number);
        let contents = self.read().contents_of(number);
        contents.into_iter().for_each(|content| self.drop_content(content));
    }

    fn drop_content(&self, number: ContentNumber) {
        let Some(kinds) = self.read().kinds(number) else { return };
        self.write().forget(number);
        self.remove(number, kinds);
    }

    fn content(&self, number: ContentNumber, content: Option<&Content>, had: u64) {
        let Some(content) = content else { return self.drop_content(number) };
        let known = self.read().kinds(number);
        let signals = content.signals.iter().filter_map(|signal| {
            Some((KINDS.iter().position(|kind| kind.id == signal.kind)?, signal.value.as_str()))
        });
        let signals: Vec<(usize, &str)> = signals.collect();
        let kinds = signals.iter().fold(0, |kinds, (place, _)| kinds | bit(*place));
        // Its standing comes last for what is new, and first for what changes: nobody sees a signal whose
        // content is unknown, or one that should be off already.
        if let Some(old) = known {
            self.write().stand(number, Standing::of(content, kinds));
            if content.signals_change > had {
                self.remove(number, old);
                self.add(number, &signals);
            }
        } else {
            self.add(number, &signals);
            self.write().stand(number, Standing::of(content, kinds));
        }
        let second = u64::try_from(content.created_at.as_second()).unwrap_or(0);
        self.newest_s.fetch_max(second, Ordering::Relaxed);
    }

    fn add(&self, number: ContentNumber, signals: &[(usize, &str)]) {
        for (place, value) in signals {
            if let Some(live) = self.kinds.get(*place) {
                live.add(number, value);
            }
        }
    }

    fn remove(&self, number: ContentNumber, kinds: KindBits) {
        let has = |(place, _): &(usize, _)| kinds & bit(*place) != 0;
        self.kinds.iter().enumerate().filter(has).for_each(|(_, live)| live.remove(number));
    }

    fn kind(&self, kind: &KindType) -> Option<&dyn LiveKind> {
        let place = KINDS.iter().position(|known| known.id == kind.id)?;
        self.kinds.get(place).map(AsRef::as_ref)
    }

    fn read(&self) -> RwLockReadGuard<'_, Book> {
        self.book.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Book> {
        self.book.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The bit of the kind at a place of [`KINDS`].
fn bit(place: usize) -> KindBits {
    1 << place
}
const _: () = assert!(KINDS.len() <= KindBits::BITS as usize);

/// Banks by number.
type Banks = HashMap<BankNumber, Arc<Bank>>;

#[cfg(test)]
mod tests;
