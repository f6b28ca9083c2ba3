//! Groups depend on what is grouped, not on its order; the fast way equals the plain one.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any};
use proptest::test_runner::Config;
use proptest::{prop_assert_eq, proptest};
use tutela_core::{Pdq, Place};
use tutela_match::cluster::{Gaps, Shot, groups, runs, sessions};
use tutela_match::index::{BandIndex, Hit, distance};

/// Things, and a way to put them in another order.
fn shuffled<T: Clone + std::fmt::Debug>(
    things: impl Strategy<Value = Vec<T>>,
) -> impl Strategy<Value = (Vec<T>, Vec<usize>)> {
    things.prop_flat_map(|things| {
        let order: Vec<usize> = (0..things.len()).collect();
        (Just(things), Just(order).prop_shuffle())
    })
}

/// What the groups of reordered things are in the numbers of the original order.
fn in_first_order<'a>(
    found: impl IntoIterator<Item = &'a Vec<u32>>,
    order: &[usize],
) -> BTreeSet<BTreeSet<usize>> {
    let original = |member: &u32| order[*member as usize];
    found.into_iter().map(|group| group.iter().map(original).collect()).collect()
}

fn reordered<T: Clone>(things: &[T], order: &[usize]) -> Vec<T> {
    order.iter().map(|&at| things[at].clone()).collect()
}

/// Signals a few bits around few centres, so that there are groups.
fn signals() -> impl Strategy<Value = Vec<Pdq>> {
    vec((0..4_u8, vec(any::<u8>(), 0..30)), 0..60).prop_map(|members| {
        let flip = |mut signal: Pdq, bit: &u8| {
            signal.0[usize::from(bit / 8)] ^= 1 << (bit % 8);
            signal
        };
        let one =
            |(centre, flips): (u8, Vec<u8>)| flips.iter().fold(Pdq([centre * 0x55; 32]), flip);
        members.into_iter().map(one).collect()
    })
}

fn shots() -> impl Strategy<Value = Vec<Shot>> {
    let place = (0..20_i32, 0..20_i32).prop_map(|(north, east)| Place {
        latitude_udeg: 45_000_000 + north * 500,
        longitude_udeg: 9_000_000 + east * 500,
    });
    let shot = (0..3_u32, 0..40_i64, proptest::option::of(place))
        .prop_map(|(device, step, place)| Shot { device, taken_s: step * 400, place });
    vec(shot, 0..60)
}

fn names() -> impl Strategy<Value = Vec<(u32, String)>> {
    let name = (0..4_u8, 0..60_u32).prop_map(|(form, n)| match form {
        0 => format!("IMG_{n:04}.jpg"),
        1 => format!("IMG-20240501-WA{n:04}.jpg"),
        2 => format!("PXL_20240501_14{n:02}00.jpg"),
        _ => format!("scan ({n}).png"),
    });
    vec((0..2_u32, name), 0..60)
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::with_cases(150) })]

    #[test]
    fn near_groups_do_not_depend_on_order((signals, order) in shuffled(signals())) {
        // Equal values are interchangeable, so the values of groups are compared.
        let values = |signals: &[Pdq]| {
            let of = |group: &Vec<u32>| {
                let mut group: Vec<Pdq> = group.iter().map(|&n| signals[n as usize]).collect();
                group.sort();
                group
            };
            let mut all: Vec<Vec<Pdq>> = groups(signals, 31).iter().map(of).collect();
            all.sort();
            all
        };
        prop_assert_eq!(values(&signals), values(&reordered(&signals, &order)));
    }

    #[test]
    fn sessions_do_not_depend_on_order((shots, order) in shuffled(shots())) {
        let straight: Vec<usize> = (0..shots.len()).collect();
        let found = in_first_order(&sessions(&shots, Gaps::USUAL), &straight);
        let other = sessions(&reordered(&shots, &order), Gaps::USUAL);
        prop_assert_eq!(found, in_first_order(&other, &order));
    }

    #[test]
    fn runs_do_not_depend_on_order((names, order) in shuffled(names())) {
        let members = |names: &[(u32, String)]| -> Vec<Vec<u32>> {
            let names: Vec<_> = names.iter().map(|(folder, name)| (*folder, name.as_str())).collect();
            runs(&names).into_iter().map(|run| run.members).collect()
        };
        let straight: Vec<usize> = (0..names.len()).collect();
        let found = in_first_order(&members(&names), &straight);
        prop_assert_eq!(found, in_first_order(&members(&reordered(&names, &order)), &order));
    }
}

#[test]
fn bands_equal_a_plain_loop() {
    // Enough unlike entries for the bands to be used, with near ones of every distance among them.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut word = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut entries: Vec<Pdq> =
        (0..6_000).map(|_| Pdq::from_words([word(), word(), word(), word()])).collect();
    for n in 0..2_000_usize {
        let mut near = entries[n];
        for step in 0..n % 40 {
            let bit = (n * 31 + step * 37) % 256;
            near.0[bit / 8] ^= 1 << (bit % 8);
        }
        entries.push(near);
    }
    for radius in [0, 7, 16, 31, 40] {
        let index = BandIndex::new(&entries, radius);
        for query in entries.iter().step_by(97) {
            let mut hits = Vec::new();
            index.search(query, &mut hits);
            let all = (0..).zip(&entries).map(|(entry, other)| (entry, distance(query, other)));
            let near = all.filter(|(_, distance)| *distance <= radius);
            let expected: Vec<Hit> =
                near.map(|(entry, distance)| Hit { query: 0, entry, distance }).collect();
            assert_eq!(hits, expected, "radius {radius}");
        }
    }
}
