//! Exact figures of both sides of each transfer over a rolling window, in one pass through time.
//!
//! Each transfer enters the window once and leaves it once, and both times touches its two accounts and the
//! pair that they make: the work is linear on every graph shape. A hub costs what any other account costs.

mod held;
mod months;
mod pairs;
mod recent;

pub use months::{Month, months};

use crate::profiles::SMALL_MINOR;
use crate::transfers::{Side, TransferNumber, Transfers};
use held::Held;
use pairs::Pairs;
use recent::{Recent, Times};

/// Thirty days, in seconds.
pub const DAYS_30_S: u32 = 30 * 86_400;
/// The median gap is that between the last so many transfers of the window.
pub const LAST: usize = 16;

/// One transfer. Payers and payees may be numbered together or each from zero: the sides are kept apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moved {
    /// Seconds since 1970.
    pub time_s: u32,
    /// Number of who pays.
    pub payer: u32,
    /// Number of who is paid.
    pub payee: u32,
    /// Minor units of one currency.
    pub amount_minor: u32,
}

impl Moved {
    /// A transfer as it was read; none without a comparable amount.
    pub fn of(transfers: &Transfers, transfer: TransferNumber) -> Option<Self> {
        Some(Self {
            time_s: transfers.time_s(transfer),
            payer: transfers.payer(transfer),
            payee: transfers.payee(transfer),
            amount_minor: transfers.reference_minor(transfer)?,
        })
    }
}

/// What one side of an account did within the window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// Transfers.
    pub transfers: u32,
    /// Of them, those of small amounts.
    pub small: u32,
    /// Different accounts on the other side.
    pub counterparties: u32,
    /// Median seconds between one transfer and the next among the last sixteen, the upper one of two in the
    /// middle; none for fewer than two transfers.
    pub median_gap_s: Option<u32>,
    /// Sum, in minor units.
    pub sum_minor: u64,
}

impl Seen {
    /// Share of small amounts, 0 to 1.
    pub fn small_share(&self) -> f64 {
        f64::from(self.small) / f64::from(self.transfers.max(1))
    }
}

/// Why a transfer or another window is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is earlier than what was taken before.
    #[error("a transfer is earlier than the one before it")]
    Late,
    /// The window holds as many as can be numbered.
    #[error("more transfers in one window than can be numbered")]
    Full,
    /// The other one counts something else.
    #[error("windows that count different things cannot be merged")]
    Different,
}

/// What is kept of one side of an account: 24 bytes.
#[derive(Debug, Clone, Copy, Default)]
struct Standing {
    sum_minor: u64,
    transfers: u32,
    small: u32,
    /// Above them, in two bits, what kind of place `at` is.
    counterparties: u32,
    at: u32,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Wanted {
    window_s: u32,
    small_minor: u32,
    sides: [bool; 2],
    counterparties: bool,
    gaps: bool,
}

/// The window. A transfer is in it while it is at most so many seconds older than the newest.
///
/// **Cost.** O(1) a transfer, amortised. 16 bytes a transfer in the window; 8 to 21 a pair in it; 24 times
/// the highest number of each side; 16 or 64 for an account side with two transfers or with more than four.
#[derive(Debug)]
pub struct Windows {
    wanted: Wanted,
    latest_s: u32,
    held: Held,
    pairs: Pairs,
    sides: [Vec<Standing>; 2],
    recent: Recent,
}

/// So many transfers are looked up together, so that the processor waits for their memory once.
const TOGETHER: usize = 32;

impl Windows {
    /// An empty window of so many seconds. Small is what [`SMALL_MINOR`] says.
    pub fn new(window_s: u32) -> Self {
        Self {
            wanted: Wanted {
                window_s,
                small_minor: SMALL_MINOR,
                sides: [true; 2],
                counterparties: true,
                gaps: true,
            },
            latest_s: 0,
            held: Held::default(),
            pairs: Pairs::default(),
            sides: [Vec::new(), Vec::new()],
            recent: Recent::default(),
        }
    }

    /// Amounts up to this are small.
    #[must_use]
    pub fn with_small_minor(mut self, small_minor: u32) -> Self {
        self.wanted.small_minor = small_minor;
        self
    }

    /// Counts one side only: for those who part transfers by payer, or by payee.
    #[must_use]
    pub fn only(mut self, side: Side) -> Self {
        self.wanted.sides = [side == Side::Payer, side == Side::Payee];
        self
    }

    /// Leaves counterparties at zero. Most of the work and half the memory go into them.
    #[must_use]
    pub fn without_counterparties(mut self) -> Self {
        self.wanted.counterparties = false;
        self
    }

    /// Leaves gaps out.
    #[must_use]
    pub fn without_gaps(mut self) -> Self {
        self.wanted.gaps = false;
        self
    }

    /// Transfers in the window.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether no transfer is in the window.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes the next transfer, and says what its payer and its payee have done in the window that ends with
    /// it, this one included. Transfers of one second come in any order.
    ///
    /// # Errors
    /// It is earlier than one before it, or there is no room; nothing has changed then.
    pub fn push(&mut self, one: Moved) -> Result<[Seen; 2], Refused> {
        if one.time_s < self.latest_s {
            return Err(Refused::Late);
        }
        self.advance(one.time_s);
        let number = self.held.push(one).ok_or(Refused::Full)?;
        let wanted = self.wanted;
        let new = wanted.counterparties && self.pairs.set(&self.held, number, &one);
        let small = u32::from(one.amount_minor <= wanted.small_minor);
        let ends = [one.payer, one.payee];
        let mut seen = [Seen::default(); 2];
        for n in (0..2).filter(|n| wanted.sides[*n]) {
            let (side, end) = (&mut self.sides[n], ends[n]);
            let at = end as usize;
            if at >= side.len() {
                side.resize(at + 1, Standing::default());
            }
            let standing = &mut side[at];
            standing.sum_minor += u64::from(one.amount_minor);
            standing.transfers += 1;
            standing.small += small;
            standing.counterparties += u32::from(new);
            if wanted.gaps {
                let times = self.recent.push(standing.times(), standing.transfers, one.time_s);
                standing.set_times(times);
            }
            seen[n] = standing.seen(&self.recent);
        }
        Ok(seen)
    }

    /// Takes many transfers in time order, and hands over what [`push`](Self::push) says of each. Faster than
    /// one by one where the window is larger than the processor's caches.
    ///
    /// # Errors
    /// As for one; those before it have been taken.
    pub fn push_all(
        &mut self,
        all: &[Moved],
        mut each: impl FnMut(&Moved, [Seen; 2]),
    ) -> Result<(), Refused> {
        for part in all.chunks(TOGETHER) {
            std::hint::black_box(self.touch(part));
            for one in part {
                each(one, self.push(*one)?);
            }
        }
        Ok(())
    }

    /// Reads what the next transfers will need, without using it.
    fn touch(&self, part: &[Moved]) -> u32 {
        let side = |side: usize, end: u32| {
            self.sides[side].get(end as usize).map_or(0, |standing| standing.transfers)
        };
        part.iter().fold(0, |sum, one| {
            sum ^ side(0, one.payer) ^ side(1, one.payee) ^ self.pairs.touch(one)
        })
    }

    /// Lets go of what is older than the window at this time. An earlier time than the newest changes nothing.
    pub fn advance(&mut self, time_s: u32) {
        self.latest_s = self.latest_s.max(time_s);
        let wanted = self.wanted;
        let Some(start_s) = self.latest_s.checked_sub(wanted.window_s) else { return };
        while let Some((number, one)) = self.held.first()
            && one.time_s < start_s
        {
            let gone = wanted.counterparties && self.pairs.remove(&self.held, number, &one);
            self.held.drop_first();
            let small = u32::from(one.amount_minor <= wanted.small_minor);
            let ends = [one.payer, one.payee];
            for n in (0..2).filter(|n| wanted.sides[*n]) {
                let standing = &mut self.sides[n][ends[n] as usize];
                standing.sum_minor -= u64::from(one.amount_minor);
                standing.transfers -= 1;
                standing.small -= small;
                standing.counterparties -= u32::from(gone);
                if standing.transfers == 0 {
                    standing.set_times(self.recent.clear(standing.times()));
                }
            }
        }
    }

    /// What one side of an account did in the window that ends with the newest transfer.
    pub fn seen(&self, side: Side, account: u32) -> Seen {
        let standing = self.sides[side as usize].get(account as usize);
        standing.map_or_else(Seen::default, |standing| standing.seen(&self.recent))
    }

    /// Takes over what another one holds of other transfers between the same accounts. However transfers are
    /// split, what is merged from the parts stands as if one window had taken them all.
    ///
    /// **Cost.** O(T) for T transfers in both.
    ///
    /// # Errors
    /// Their windows differ, or there is no room.
    pub fn merge(&mut self, other: &Self) -> Result<(), Refused> {
        if self.wanted != other.wanted {
            return Err(Refused::Different);
        }
        let latest_s = self.latest_s.max(other.latest_s);
        let start_s = latest_s.saturating_sub(self.wanted.window_s);
        let mut both = Self { wanted: self.wanted, ..Self::new(0) };
        {
            let mut ours = self.held.iter().peekable();
            let mut theirs = other.held.iter().peekable();
            loop {
                let next = match (ours.peek(), theirs.peek()) {
                    (Some(a), Some(b)) if b.time_s < a.time_s => theirs.next(),
                    (Some(_), _) => ours.next(),
                    (None, _) => theirs.next(),
                };
                let Some(next) = next else { break };
                // What the later of the two has let go of is not taken in.
                if next.time_s >= start_s {
                    both.push(next)?;
                }
            }
        }
        both.advance(latest_s);
        *self = both;
        Ok(())
    }
}

/// Counts stay below this.
const KIND: u32 = 30;

impl Standing {
    fn times(&self) -> Times {
        match self.counterparties >> KIND {
            0 => Times::One(self.at),
            1 => Times::Few(self.at),
            _ => Times::Many(self.at),
        }
    }

    fn set_times(&mut self, times: Times) {
        let (kind, at) = match times {
            Times::One(at) => (0, at),
            Times::Few(at) => (1, at),
            Times::Many(at) => (2, at),
        };
        self.counterparties = self.counterparties & ((1 << KIND) - 1) | kind << KIND;
        self.at = at;
    }

    fn seen(&self, recent: &Recent) -> Seen {
        Seen {
            transfers: self.transfers,
            small: self.small,
            counterparties: self.counterparties & ((1 << KIND) - 1),
            median_gap_s: recent.median_gap_s(self.times(), self.transfers),
            sum_minor: self.sum_minor,
        }
    }
}

#[cfg(test)]
mod tests;
