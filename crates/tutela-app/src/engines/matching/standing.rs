//! Which banks and contents may answer, in few bytes a content.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use tutela_core::{BankNumber, ContentNumber, Enabled, Ratio, Timestamp};
use tutela_store::{Bank, Content};

use super::kinds::Near;
use super::{Banks, Question};

/// Banks, contents and what was disputed.
#[derive(Debug, Default)]
pub(super) struct Book {
    pub(super) banks: Banks,
    pub(super) ratios: HashMap<String, Ratio>,
    /// By number of the content: they are given out one after another. [`NOWHERE`] where there is none.
    contents: Vec<Packed>,
    /// Those that are more than on or off.
    timed: HashMap<ContentNumber, Standing>,
    /// Signal type and query, by content.
    disputed: HashMap<ContentNumber, HashSet<(String, String)>>,
}

/// Which kinds of signal a content has: a bit each, in the order of `KINDS`.
pub(super) type KindBits = u8;

/// When a content answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    bank: BankNumber,
    enabled: Enabled,
    /// Second of Unix time from which it is expired.
    expires_s: Option<i64>,
    quarantined: bool,
    kinds: KindBits,
}

impl Standing {
    pub(super) fn of(content: &Content, kinds: KindBits) -> Self {
        Self {
            bank: content.bank,
            kinds,
            enabled: content.terms.enabled,
            expires_s: content.terms.expires_at.map(|at| at.as_second()),
            quarantined: content.quarantined_at.is_some(),
        }
    }

    /// Whether the content takes part in look-ups.
    fn awake(&self, now: Timestamp) -> bool {
        self.enabled.at(now)
            && !self.quarantined
            && self.expires_s.is_none_or(|expires_s| now.as_second() < expires_s)
    }
}

/// Contents of a bank by state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BankCounts {
    /// The bank.
    pub bank: BankNumber,
    /// All of them.
    pub contents: u64,
    /// Those that take part in look-ups now.
    pub active: u64,
    /// Those held back because too much matched them.
    pub held_back: u64,
}

/// Bank and state of a content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Packed {
    bank: u32,
    state: State,
    kinds: KindBits,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Nowhere,
    On,
    Off,
    /// It stands in `timed`.
    Timed,
}

impl State {
    const ALL: [Self; 4] = [Self::Nowhere, Self::On, Self::Off, Self::Timed];
}

/// Bytes of a content in a file: bank, state, kinds.
const PACKED_BYTES: usize = 6;

const NOWHERE: Packed = Packed { bank: 0, state: State::Nowhere, kinds: 0 };

impl Book {
    pub(super) fn bank(&mut self, number: BankNumber, bank: Bank) {
        self.banks.insert(number, Arc::new(bank));
    }

    pub(super) fn stand(&mut self, number: ContentNumber, standing: Standing) {
        let Ok(place) = usize::try_from(number.0) else { return };
        if self.contents.len() <= place {
            self.contents.resize(place + 1, NOWHERE);
        }
        let state = match standing {
            Standing { enabled: Enabled::On, expires_s: None, quarantined: false, .. } => State::On,
            Standing { enabled: Enabled::Off, expires_s: None, quarantined: false, .. } => {
                State::Off
            }
            _ => State::Timed,
        };
        if state == State::Timed {
            self.timed.insert(number, standing);
        } else {
            self.timed.remove(&number);
        }
        self.contents[place] = Packed { bank: standing.bank.0, state, kinds: standing.kinds };
        // Whoever tells of a content tells of its disputed pairs too.
        self.disputed.remove(&number);
    }

    /// The kinds of signal that a content has; `None` where there is no such content.
    pub(super) fn kinds(&self, number: ContentNumber) -> Option<KindBits> {
        let packed = self.contents.get(usize::try_from(number.0).ok()?)?;
        (packed.state != State::Nowhere).then_some(packed.kinds)
    }

    /// The contents of a bank.
    pub(super) fn contents_of(&self, bank: BankNumber) -> Vec<ContentNumber> {
        let of_bank =
            |(_, packed): &(u64, &Packed)| packed.bank == bank.0 && packed.state != State::Nowhere;
        (0..).zip(&self.contents).filter(of_bank).map(|(number, _)| ContentNumber(number)).collect()
    }

    /// Everything but banks, ratios and disputes, to be read again by [`Book::restore`].
    pub(super) fn written(&self) -> Vec<u8> {
        let mut bytes = (self.contents.len() as u64).to_le_bytes().to_vec();
        bytes.reserve(self.contents.len() * PACKED_BYTES);
        for Packed { bank, state, kinds } in &self.contents {
            bytes.extend(bank.to_le_bytes());
            bytes.extend([*state as u8, *kinds]);
        }
        for (number, standing) in &self.timed {
            bytes.extend(number.0.to_le_bytes());
            bytes.extend(standing.enabled.disable_until().to_le_bytes());
            bytes.extend(standing.expires_s.unwrap_or(i64::MAX).to_le_bytes());
            bytes.extend(u64::from(standing.quarantined).to_le_bytes());
        }
        bytes
    }

    /// Takes in what [`Book::written`] gave; `None` where it is something else.
    pub(super) fn restore(&mut self, bytes: &[u8]) -> Option<()> {
        let (count, rest) = bytes.split_first_chunk::<8>()?;
        let count = usize::try_from(u64::from_le_bytes(*count)).ok()?;
        let (packed, timed) = rest.split_at_checked(count.checked_mul(PACKED_BYTES)?)?;
        let one = |bytes: &[u8; PACKED_BYTES]| {
            let state = State::ALL.into_iter().find(|state| *state as u8 == bytes[4])?;
            let bank = u32::from_le_bytes(*bytes.first_chunk()?);
            Some(Packed { bank, state, kinds: bytes[5] })
        };
        let contents = packed.as_chunks().0.iter().map(one).collect::<Option<Vec<_>>>()?;
        for row in timed.as_chunks::<32>().0 {
            let (fields, _) = row.as_chunks::<8>();
            let number = u64::from_le_bytes(fields[0]);
            let packed = contents.get(usize::try_from(number).ok()?)?;
            let expires_s = i64::from_le_bytes(fields[2]);
            let standing = Standing {
                bank: BankNumber(packed.bank),
                enabled: Enabled::from_disable_until(i64::from_le_bytes(fields[1])),
                expires_s: (expires_s != i64::MAX).then_some(expires_s),
                quarantined: u64::from_le_bytes(fields[3]) != 0,
                kinds: packed.kinds,
            };
            self.timed.insert(ContentNumber(number), standing);
        }
        self.contents = contents;
        Some(())
    }

    pub(super) fn forget(&mut self, number: ContentNumber) {
        if let Some(packed) = self.packed_mut(number) {
            *packed = NOWHERE;
        }
        self.timed.remove(&number);
        self.disputed.remove(&number);
    }

    pub(super) fn standing(&self, number: ContentNumber) -> Option<Standing> {
        let packed = *self.contents.get(usize::try_from(number.0).ok()?)?;
        let enabled = match packed.state {
            State::Nowhere => return None,
            State::On => Enabled::On,
            State::Off => Enabled::Off,
            State::Timed => return self.timed.get(&number).copied(),
        };
        let bank = BankNumber(packed.bank);
        Some(Standing { bank, enabled, expires_s: None, quarantined: false, kinds: packed.kinds })
    }

    /// Contents of each bank by state. O(n) in the contents, some milliseconds a million.
    pub(super) fn counts(&self, now: Timestamp) -> Vec<BankCounts> {
        let mut counts: HashMap<u32, BankCounts> = HashMap::new();
        let empty = |number| BankCounts { bank: number, contents: 0, active: 0, held_back: 0 };
        for number in self.banks.keys() {
            counts.insert(number.0, empty(*number));
        }
        for packed in &self.contents {
            let active = match packed.state {
                State::Nowhere => continue,
                State::On => 1,
                State::Off | State::Timed => 0,
            };
            if let Some(count) = counts.get_mut(&packed.bank) {
                count.contents += 1;
                count.active += active;
            }
        }
        for standing in self.timed.values() {
            if let Some(count) = counts.get_mut(&standing.bank.0) {
                count.active += u64::from(standing.awake(now));
                count.held_back += u64::from(standing.quarantined);
            }
        }
        counts.into_values().collect()
    }

    pub(super) fn dispute(&mut self, kind: &str, query: &str, content: ContentNumber) {
        let pair = (kind.to_owned(), query.to_owned());
        self.disputed.entry(content).or_default().insert(pair);
    }

    /// The bank of a near content, if it may answer the question. `query` is what was asked about, in its
    /// indexed form.
    pub(super) fn answers(
        &self,
        question: &Question,
        near: &Near,
        query: &str,
    ) -> Option<&Arc<Bank>> {
        let standing = self.standing(near.content)?;
        let bank = self.banks.get(&standing.bank)?;
        let terms = &bank.terms;
        if !question.banks.as_ref().is_none_or(|names| names.contains(&terms.name)) {
            return None;
        }
        if let (Some(bits), Some(radius)) = (near.nearness.bits(), terms.distance)
            && bits > radius
        {
            return None;
        }
        if question.all {
            return Some(bank);
        }
        let awake = standing.awake(question.now);
        let ratio = terms.enabled_ratio.get();
        let drawn = question.coin < 0.0 || (ratio > 0.0 && ratio >= question.coin);
        let disputed = self.disputed.get(&near.content).is_some_and(|pairs| {
            pairs.iter().any(|(kind, asked)| kind == question.kind.id && asked == query)
        });
        (awake && drawn && !disputed).then_some(bank)
    }

    fn packed_mut(&mut self, number: ContentNumber) -> Option<&mut Packed> {
        self.contents.get_mut(usize::try_from(number.0).ok()?)
    }
}
