//! The indexes against plain loops and maps.

use std::collections::HashMap;

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::test_runner::Config;
use proptest::{prop_assert_eq, proptest};
use tutela_core::Pdq;
use tutela_match::index::{ExactIndex, Hit, LinearIndex, PDQ_BITS, distance};

/// Entries of every kind: uniform, all equal, all zero, and clusters of a few bits around centres.
fn entries(len: impl Strategy<Value = usize>) -> impl Strategy<Value = Vec<Pdq>> {
    len.prop_flat_map(|len| {
        prop_oneof![
            vec(signal(), len),
            signal().prop_map(move |entry| vec![entry; len]),
            Just(vec![Pdq::ZERO; len]),
            (vec(signal(), 1..4), vec((any::<usize>(), vec(any::<u8>(), 0..40)), len)).prop_map(
                |(centres, members)| {
                    let near = members.into_iter().map(|(centre, flips)| {
                        flips.iter().fold(centres[centre % centres.len()], |s, bit| flip(s, *bit))
                    });
                    near.collect()
                }
            ),
        ]
    })
}

fn signal() -> impl Strategy<Value = Pdq> {
    any::<[u8; 32]>().prop_map(Pdq)
}

fn flip(mut signal: Pdq, bit: u8) -> Pdq {
    signal.0[usize::from(bit / 8)] ^= 1 << (bit % 8);
    signal
}

/// Lengths around the borders of chunks and blocks, and others.
fn lengths() -> impl Strategy<Value = usize> {
    prop_oneof![
        0..70_usize,
        proptest::sample::select(vec![31, 32, 33, 63, 64, 65, 1023, 1024, 1025, 2047, 2048, 2049]),
    ]
}

fn radii() -> impl Strategy<Value = u16> {
    prop_oneof![
        proptest::sample::select(vec![0, 1, 30, 31, 32, 127, 128, 129, 255, PDQ_BITS]),
        0..=PDQ_BITS,
    ]
}

fn plain(entries: &[Pdq], queries: &[Pdq], radius: u16) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (query, signal) in (0..).zip(queries) {
        for (entry, other) in (0..).zip(entries) {
            let distance = distance(signal, other);
            if distance <= radius {
                hits.push(Hit { query, entry, distance });
            }
        }
    }
    hits
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::with_cases(200) })]

    #[test]
    fn linear_equals_a_plain_loop(
        entries in entries(lengths()),
        strangers in vec(signal(), 0..3),
        picks in vec((any::<usize>(), any::<u8>()), 0..6),
        radius in radii(),
        threads in 0..5_usize,
    ) {
        let mut queries = strangers;
        for (place, bit) in picks {
            if let Some(entry) = entries.get(place % entries.len().max(1)) {
                queries.extend([*entry, flip(*entry, bit)]);
            }
        }
        let index: LinearIndex = entries.iter().copied().collect();
        prop_assert_eq!(index.len(), entries.len());
        let expected = plain(&entries, &queries, radius);

        let mut batch = Vec::new();
        index.search_batch(&queries, radius, &mut batch);
        prop_assert_eq!(&batch, &expected);

        let mut parallel = Vec::new();
        index.search_parallel(&queries, radius, threads, &mut parallel);
        prop_assert_eq!(&parallel, &expected);

        let mut single = Vec::new();
        for (number, query) in (0..).zip(&queries) {
            let first = single.len();
            index.search(query, radius, &mut single);
            single[first..].iter_mut().for_each(|hit: &mut Hit| hit.query = number);
        }
        prop_assert_eq!(&single, &expected);
    }

    #[test]
    fn exact_equals_a_map(
        // Few different bytes, so that digests repeat and share prefixes.
        digests in vec(proptest::array::uniform16(0..3_u8), 0..300),
        scattered in vec(any::<[u8; 16]>(), 0..300),
        strangers in vec(any::<[u8; 16]>(), 0..20),
    ) {
        let all: Vec<[u8; 16]> = digests.into_iter().chain(scattered).collect();
        let mut map: HashMap<[u8; 16], Vec<u32>> = HashMap::new();
        for (entry, digest) in (0..).zip(&all) {
            map.entry(*digest).or_default().push(entry);
        }
        let index = ExactIndex::build(all.iter().copied().zip(0..).collect());
        prop_assert_eq!(index.len(), all.len());
        for digest in all.iter().chain(&strangers) {
            let found: Vec<u32> = index.get(digest).collect();
            prop_assert_eq!(found.as_slice(), map.get(digest).map_or(&[][..], Vec::as_slice));
        }
    }
}

#[test]
fn exact_keeps_every_entry_of_a_repeated_digest() {
    let index = ExactIndex::<20>::build((0..1000).map(|entry| ([7; 20], entry)).collect());
    assert!(index.get(&[7; 20]).eq(0..1000));
    assert_eq!(index.get(&[8; 20]).count(), 0);
    assert_eq!(ExactIndex::<32>::build(Vec::new()).get(&[0; 32]).count(), 0);
}
