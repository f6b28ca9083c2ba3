//! Segments against a plain loop, on few rows laid out as if they were many.

use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;
use proptest::test_runner::Config;
use proptest::{prop_assert_eq, proptest};
use tutela_core::Pdq;

use super::plan::Part;
use super::search::Usual;
use super::{Found, Row, Segment, build, plan, replay_segment};
use crate::index::distance;

/// Numbers of signals with different plans: few, a million, ten million, very many.
const AS_IF: [usize; 4] = [30_000, 1_000_000, 10_000_000, 100_000_000];

fn segment_as_if(rows: &[Row], signals: usize) -> Segment {
    // Directories as for few, which are made in a moment, are as right as others.
    let small = |part: Part| Part { directory_bits: part.directory_bits.min(12), ..part };
    let parts = || plan::parts(signals).into_iter().map(small).collect();
    let image = build::build(rows.to_vec(), 7, |_| parts());
    let mut segment = Segment::open(Arc::new(image)).unwrap();
    assert!(!segment.header.parts.is_empty());
    segment.usual = Usual::new(&segment.header.parts, signals);
    segment
}

fn plain(rows: &[Row], queries: &[Pdq], radius: u16) -> Vec<Found> {
    let mut found = Vec::new();
    for (query, signal) in (0..).zip(queries) {
        for Row { signal: other, id } in rows {
            let distance = distance(signal, other);
            if distance <= radius {
                found.push(Found { query, distance, id: *id, signal: *other });
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn signal() -> impl Strategy<Value = Pdq> {
    any::<[u8; 32]>().prop_map(Pdq)
}

fn flip(mut signal: Pdq, bit: u8) -> Pdq {
    signal.0[usize::from(bit / 8)] ^= 1 << (bit % 8);
    signal
}

/// A signal with half of its bits set.
fn proper(seed: [u8; 16]) -> Pdq {
    let mut bytes = [0; 32];
    for (pair, byte) in bytes.as_chunks_mut::<2>().0.iter_mut().zip(seed) {
        *pair = [byte, !byte];
    }
    Pdq(bytes)
}

/// Uniform, proper, all equal, few different, one bit each, one half alike, and clusters.
fn signals() -> impl Strategy<Value = Vec<Pdq>> {
    let len = 0..400_usize;
    len.prop_flat_map(|len| {
        let cluster = (vec(signal(), 1..4), vec((any::<usize>(), vec(any::<u8>(), 0..45)), len));
        prop_oneof![
            vec(signal(), len),
            vec(any::<[u8; 16]>().prop_map(proper), len),
            signal().prop_map(move |entry| vec![entry; len]),
            vec((0..3_u8).prop_map(|byte| Pdq([byte * 85; 32])), len),
            vec(any::<u8>().prop_map(|bit| flip(Pdq::ZERO, bit)), len),
            vec(any::<[u8; 16]>(), len).prop_map(|halves| {
                let half =
                    |half: &[u8; 16]| Pdq(std::array::from_fn(|i| half[i % 16] * (i as u8 / 16)));
                halves.iter().map(half).collect()
            }),
            cluster.prop_map(|(centres, members)| {
                let near = members.into_iter().map(|(centre, flips)| {
                    flips.iter().fold(centres[centre % centres.len()], |s, bit| flip(s, *bit))
                });
                near.collect()
            }),
            Just(vec![Pdq::ZERO; len]),
        ]
    })
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::with_cases(150) })]

    #[test]
    fn a_segment_finds_what_a_plain_loop_finds(
        signals in signals(),
        ids in 1..500_u64,
        strangers in vec(signal(), 0..3),
        picks in vec((any::<usize>(), vec(any::<u8>(), 0..50)), 0..12),
        as_if in select(&AS_IF),
        radius in prop_oneof![0..=40_u16, Just(256)],
    ) {
        let rows: Vec<Row> =
            signals.into_iter().zip(0..).map(|(signal, n)| Row { signal, id: n % ids }).collect();
        let mut queries = strangers;
        for (place, bits) in picks {
            if let Some(row) = rows.get(place % rows.len().max(1)) {
                queries.push(bits.iter().fold(row.signal, |signal, bit| flip(signal, *bit)));
            }
        }
        let expected = plain(&rows, &queries, radius);
        let segment = segment_as_if(&rows, as_if);
        let mut found = Vec::new();
        segment.search(&queries, radius, &mut found);
        prop_assert_eq!(&found, &expected);
        // The same as it would be chosen for so few rows.
        let segment = Segment::build(rows.clone(), 0);
        found.clear();
        segment.search(&queries, radius, &mut found);
        prop_assert_eq!(&found, &expected);
        let mut all: Vec<Row> = segment.rows().collect();
        let mut rows = rows;
        all.sort_unstable();
        rows.sort_unstable();
        rows.dedup();
        prop_assert_eq!(all, rows);
    }
}

/// 250 signals at every distance from a query, whatever the distances within the parts.
#[test]
fn every_plan_finds_every_distance() {
    let query = proper(*b"sixteen letters.");
    let mut state = 1_u64;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    let mut rows = Vec::new();
    for distance in 0..=40_u16 {
        while rows.len() < 250 * (usize::from(distance) + 1) {
            // Half of them have their flips close together, within two parts.
            let (from, width) = if rows.len() % 2 == 0 { (0, 255) } else { (next(), 40) };
            let mut signal = query;
            while crate::index::distance(&signal, &query) < distance {
                let bit = from.wrapping_add(next() % width);
                if (signal.0[usize::from(bit / 8)] ^ query.0[usize::from(bit / 8)]) >> (bit % 8) & 1
                    == 0
                {
                    signal = flip(signal, bit);
                }
            }
            rows.push(Row { signal, id: rows.len() as u64 });
        }
    }
    for as_if in AS_IF {
        let segment = segment_as_if(&rows, as_if);
        for radius in (0..=40).chain([63, 64, 256]) {
            let mut found = Vec::new();
            segment.search(&[query, Pdq::ZERO], radius, &mut found);
            assert!(found == plain(&rows, &[query, Pdq::ZERO], radius), "{as_if}, {radius}");
        }
    }
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::with_cases(40) })]

    #[test]
    fn any_bytes_can_be_replayed(
        bytes in prop_oneof![vec(any::<u8>(), 0..4_000), vec(0..2_u8, 0..4_000)],
    ) {
        replay_segment(&bytes);
    }
}
