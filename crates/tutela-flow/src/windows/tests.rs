//! The window beside a plain recount of everything, on graphs of several shapes.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{LAST, Month, Moved, Refused, Seen, Windows, months};
use crate::transfers::Side;

const WINDOW_S: u32 = 100;
const SMALL_MINOR: u32 = 50;

fn ends(side: Side, one: &Moved) -> (u32, u32) {
    match side {
        Side::Payer => (one.payer, one.payee),
        Side::Payee => (one.payee, one.payer),
    }
}

fn median_gap_s(times: &[u32]) -> Option<u32> {
    let last = &times[times.len().saturating_sub(LAST)..];
    let mut gaps: Vec<u32> = last.windows(2).map(|two| two[1] - two[0]).collect();
    gaps.sort_unstable();
    gaps.get(gaps.len() / 2).copied()
}

/// From nothing, from all that came until now.
fn recount(taken: &[Moved], now_s: u32, side: Side, account: u32) -> Seen {
    let inside: Vec<&Moved> = taken
        .iter()
        .filter(|one| ends(side, one).0 == account && one.time_s + WINDOW_S >= now_s)
        .collect();
    let others: BTreeSet<u32> = inside.iter().map(|one| ends(side, one).1).collect();
    Seen {
        transfers: inside.len() as u32,
        small: inside.iter().filter(|one| one.amount_minor <= SMALL_MINOR).count() as u32,
        counterparties: others.len() as u32,
        median_gap_s: median_gap_s(&inside.iter().map(|one| one.time_s).collect::<Vec<_>>()),
        sum_minor: inside.iter().map(|one| u64::from(one.amount_minor)).sum(),
    }
}

fn windows() -> Windows {
    Windows::new(WINDOW_S).with_small_minor(SMALL_MINOR)
}

/// Steps in time, payer, payee and amount, as a stream.
fn stream(steps: &[(u32, u32, u32, u32)]) -> Vec<Moved> {
    let mut time_s = 0;
    let each = steps.iter().map(|(step, payer, payee, amount_minor)| {
        time_s += step;
        Moved { time_s, payer: *payer, payee: *payee, amount_minor: *amount_minor }
    });
    each.collect()
}

fn shapes() -> impl Strategy<Value = Vec<Moved>> {
    let of = |payer: BoxedStrategy<u32>, payee: BoxedStrategy<u32>, step: u32| {
        prop::collection::vec((0..step, payer, payee, 1..100_u32), 1..250)
    };
    let some = |n: u32| (0..n).boxed();
    // Half of what is paid goes to two hubs.
    let hubs = prop_oneof![0..2_u32, 2..40_u32].boxed();
    prop_oneof![
        of(some(8), some(8), 12),
        of(some(40), some(40), 6),
        of(some(60), hubs, 4),
        of(some(30), Just(0).boxed(), 3),
        of(Just(3).boxed(), some(90), 250),
    ]
    .prop_map(|steps| stream(&steps))
}

/// Everything that a window would still tell.
fn all(windows: &Windows) -> Vec<[Seen; 2]> {
    (0..100).map(|n| [Side::Payer, Side::Payee].map(|side| windows.seen(side, n))).collect()
}

fn plain_months(side: Side, transfers: &[Moved]) -> Vec<Month> {
    let accounts: BTreeSet<(u32, u32)> =
        transfers.iter().map(|one| (ends(side, one).0, one.time_s / WINDOW_S)).collect();
    let of = |(account, window): (u32, u32)| {
        let own: Vec<&Moved> =
            transfers.iter().filter(|one| ends(side, one).0 == account).collect();
        let inside = |one: &&&Moved| one.time_s / WINDOW_S == window;
        let others: BTreeSet<u32> =
            own.iter().filter(inside).map(|one| ends(side, one).1).collect();
        let pairs = own.windows(2).filter(|two| two[1].time_s / WINDOW_S == window);
        let mut gaps: Vec<u32> = pairs.map(|two| two[1].time_s - two[0].time_s).collect();
        gaps.sort_unstable();
        let middle = [gaps.len().saturating_sub(1) / 2, gaps.len() / 2];
        let median = middle.map(|at| gaps.get(at).copied().unwrap_or(0)).iter().sum::<u32>();
        Month {
            account,
            window,
            transfers: own.iter().filter(inside).count() as u32,
            small: own.iter().filter(inside).filter(|one| one.amount_minor <= SMALL_MINOR).count()
                as u32,
            counterparties: others.len() as u32,
            median_gap_s: (!gaps.is_empty()).then_some(f64::from(median) / 2.0),
            sum_minor: own.iter().filter(inside).map(|one| u64::from(one.amount_minor)).sum(),
        }
    };
    accounts.into_iter().map(of).collect()
}

proptest! {
    #[test]
    fn equals_a_recount_at_every_transfer(transfers in shapes(), together in any::<bool>()) {
        let mut windows = windows();
        let mut said = Vec::new();
        if together {
            windows.push_all(&transfers, |_, seen| said.push(seen)).unwrap();
        } else {
            said.extend(transfers.iter().map(|one| windows.push(*one).unwrap()));
        }
        for (n, (one, said)) in transfers.iter().zip(&said).enumerate() {
            let taken = &transfers[..=n];
            prop_assert_eq!(said[0], recount(taken, one.time_s, Side::Payer, one.payer));
            prop_assert_eq!(said[1], recount(taken, one.time_s, Side::Payee, one.payee));
        }
        let now_s = transfers.last().unwrap().time_s;
        for account in 0..100 {
            for side in [Side::Payer, Side::Payee] {
                prop_assert_eq!(
                    windows.seen(side, account),
                    recount(&transfers, now_s, side, account)
                );
            }
        }
    }

    #[test]
    fn what_is_left_out_changes_nothing_else(transfers in shapes()) {
        let mut whole = windows();
        let mut one_side = windows().only(Side::Payee);
        let mut sums = windows().only(Side::Payer).without_counterparties().without_gaps();
        for one in &transfers {
            let [payer, payee] = whole.push(*one).unwrap();
            prop_assert_eq!(one_side.push(*one).unwrap(), [Seen::default(), payee]);
            let less = Seen { counterparties: 0, median_gap_s: None, ..payer };
            prop_assert_eq!(sums.push(*one).unwrap(), [less, Seen::default()]);
        }
        prop_assert_eq!(sums.merge(&one_side), Err(Refused::Different));
    }

    #[test]
    fn parts_merge_to_the_whole(
        transfers in shapes(),
        marks in prop::collection::vec(any::<bool>(), 250),
        by_time in any::<bool>(),
    ) {
        let [mut whole, mut part, mut other] = [windows(), windows(), windows()];
        for (n, (one, mark)) in transfers.iter().zip(marks).enumerate() {
            whole.push(*one).unwrap();
            let first = if by_time { n < transfers.len() / 2 } else { mark };
            (if first { &mut part } else { &mut other }).push(*one).unwrap();
        }
        part.merge(&other).unwrap();
        prop_assert_eq!(part.len(), whole.len());
        prop_assert_eq!(all(&part), all(&whole));
        // And goes on from there.
        let now_s = transfers.last().unwrap().time_s;
        let next = Moved { time_s: now_s + 40, payer: 3, payee: 0, amount_minor: 7 };
        prop_assert_eq!(part.push(next), whole.push(next));
        prop_assert_eq!(all(&part), all(&whole));
    }

    #[test]
    fn months_equal_a_recount(transfers in shapes()) {
        for side in [Side::Payer, Side::Payee] {
            let mut found = Vec::new();
            months(side, &transfers, WINDOW_S, SMALL_MINOR, |month| found.push(month));
            prop_assert_eq!(found, plain_months(side, &transfers));
        }
    }
}

#[test]
fn what_comes_late_is_refused_and_changes_nothing() {
    let mut windows = windows();
    let one = |time_s| Moved { time_s, payer: 1, payee: 2, amount_minor: 10 };
    windows.push(one(500)).unwrap();
    let before = all(&windows);
    assert_eq!(windows.push(one(499)), Err(Refused::Late));
    assert_eq!(all(&windows), before);
    assert_eq!(windows.merge(&Windows::new(7)), Err(Refused::Different));
    windows.advance(601);
    assert!(windows.is_empty());
    assert_eq!(windows.seen(Side::Payer, 1), Seen::default());
}

/// Linear also where all is one hub: the work is counted in what the hub's account costs, not in its transfers.
#[test]
fn one_hub_of_many_is_no_dearer() {
    let mut windows = windows();
    for n in 0..200_000_u32 {
        let one = Moved { time_s: n / 2_000, payer: n % 50_000, payee: 0, amount_minor: 60 };
        let [_, hub] = windows.push(one).unwrap();
        assert_eq!(hub.transfers, n + 1);
        assert_eq!(hub.counterparties, (n + 1).min(50_000));
    }
    windows.advance(1_000);
    assert!(windows.is_empty() && windows.seen(Side::Payee, 0) == Seen::default());
}
