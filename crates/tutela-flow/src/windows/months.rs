//! Exact figures of each account side in windows that follow each other, such as months of thirty days.

use super::Moved;
use crate::transfers::Side;

/// What one side of an account did in one window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Month {
    /// The account.
    pub account: u32,
    /// Which window, counted from 1970.
    pub window: u32,
    /// Transfers.
    pub transfers: u32,
    /// Of them, those of small amounts.
    pub small: u32,
    /// Different accounts on the other side.
    pub counterparties: u32,
    /// Median seconds since the account's transfer before, which may lie in an earlier window; the mean of
    /// two in the middle. None where there is none before.
    pub median_gap_s: Option<f64>,
    /// Sum, in minor units.
    pub sum_minor: u64,
}

/// The figures of all accounts of a side, by account and window. Transfers come in time order; amounts up to
/// `small_minor` are small.
///
/// **Cost.** O(T log T) time in the transfers of an account's window, O(T) memory.
pub fn months(
    side: Side,
    transfers: &[Moved],
    window_s: u32,
    small_minor: u32,
    mut each: impl FnMut(Month),
) {
    let ends = |one: &Moved| match side {
        Side::Payer => (one.payer, one.payee),
        Side::Payee => (one.payee, one.payer),
    };
    let accounts = transfers.iter().map(|one| ends(one).0 as usize + 1).max().unwrap_or(0);
    let mut starts = vec![0_u32; accounts + 1];
    transfers.iter().for_each(|one| starts[ends(one).0 as usize] += 1);
    let mut sum = 0;
    for start in &mut starts {
        sum += std::mem::replace(start, sum);
    }
    // A counting sort, which moves each start to the next one.
    let mut sorted = vec![(0, 0, 0); transfers.len()];
    for one in transfers {
        let (own, other) = ends(one);
        let place = &mut starts[own as usize];
        sorted[*place as usize] = (one.time_s, other, one.amount_minor);
        *place += 1;
    }
    let (mut gaps, mut others, mut start) = (Vec::new(), Vec::new(), 0);
    for (account, end) in (0..).zip(&starts[..accounts]) {
        let own = &sorted[start..*end as usize];
        start = *end as usize;
        let mut before = None;
        for part in own.chunk_by(|a, b| a.0 / window_s == b.0 / window_s) {
            gaps.clear();
            others.clear();
            let (mut small, mut sum_minor) = (0, 0);
            for (time_s, other, amount_minor) in part {
                gaps.extend(before.map(|before| time_s - before));
                before = Some(*time_s);
                others.push(*other);
                small += u32::from(*amount_minor <= small_minor);
                sum_minor += u64::from(*amount_minor);
            }
            each(Month {
                account,
                window: part[0].0 / window_s,
                transfers: part.len() as u32,
                small,
                counterparties: distinct(&mut others),
                median_gap_s: median(&mut gaps),
                sum_minor,
            });
        }
    }
}

fn distinct(others: &mut Vec<u32>) -> u32 {
    if others.len() > 1 {
        others.sort_unstable();
        others.dedup();
    }
    others.len() as u32
}

fn median(gaps: &mut [u32]) -> Option<f64> {
    let middle = gaps.len() / 2;
    match gaps {
        [] => return None,
        [one] => return Some(f64::from(*one)),
        _ => {}
    }
    let even = gaps.len().is_multiple_of(2);
    let (below, upper, _) = gaps.select_nth_unstable(middle);
    let upper = f64::from(*upper);
    let lower = below.iter().max().filter(|_| even).map_or(upper, |lower| f64::from(*lower));
    Some((lower + upper) / 2.0)
}
