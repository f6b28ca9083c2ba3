//! Segments and the live index against a plain list of rows, and against damaged bytes.

use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::test_runner::Config;
use proptest::{prop_assert, prop_assert_eq, proptest};
use tutela_core::Pdq;
use tutela_match::index::{Found, LiveIndex, Row, Segment, SegmentError, distance};

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

fn flip(mut signal: Pdq, bit: u8) -> Pdq {
    signal.0[usize::from(bit / 8)] ^= 1 << (bit % 8);
    signal
}

/// Signals as good as random, from a number.
fn spread(number: u64) -> Pdq {
    let word = |salt: u64| {
        let mixed = (number ^ salt.rotate_left(32)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        let mixed = (mixed ^ (mixed >> 32)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        mixed ^ (mixed >> 29)
    };
    Pdq::from_words([word(1), word(2), word(3), word(4)])
}

fn rows_of(signals: impl Iterator<Item = Pdq>) -> Vec<Row> {
    signals.zip(0..).map(|(signal, id)| Row { signal, id }).collect()
}

/// Enough rows of each kind for parts to pay, and what they are.
fn large() -> Vec<(&'static str, Vec<Row>)> {
    const COUNT: u64 = 30_000;
    let centre = |n: u64| spread(n % 7);
    let near = |n: u64| {
        let flips = spread(n ^ 1 << 40).0;
        flips[..(n % 31) as usize].iter().fold(centre(n), |signal, bit| flip(signal, *bit))
    };
    let flat = |n: u64| flip(Pdq([(n % 3) as u8 * 0x55; 32]), (n % 11) as u8);
    let one_bucket = |n: u64| {
        let mut signal = spread(n);
        signal.0[..20].fill(0x5a);
        signal
    };
    vec![
        ("uniform", rows_of((0..COUNT).map(spread))),
        ("clusters", rows_of((0..COUNT).map(near))),
        (
            "clusters among others",
            rows_of((0..COUNT).map(|n| if n % 4 == 0 { near(n) } else { spread(n) })),
        ),
        ("all equal", rows_of((0..COUNT).map(|_| spread(1)))),
        ("all zero", rows_of((0..COUNT).map(|_| Pdq::ZERO))),
        ("flat", rows_of((0..COUNT).map(flat))),
        ("single bits", rows_of((0..COUNT).map(|n| flip(Pdq::ZERO, n as u8)))),
        ("one bucket", rows_of((0..COUNT).map(one_bucket))),
    ]
}

#[test]
fn many_rows_are_found_as_by_a_plain_loop() {
    for (kind, rows) in large() {
        let segment = Segment::build(rows.clone(), 5);
        let mut queries: Vec<Pdq> = rows.iter().step_by(6_007).map(|row| row.signal).collect();
        let flips: Vec<u8> = (0..30).map(|n| n * 8).collect();
        queries.push(flips.iter().fold(queries[0], |signal, bit| flip(signal, *bit)));
        queries.extend([Pdq::ZERO, Pdq([0xff; 32]), spread(1 << 50)]);
        for radius in [0, 1, 2, 9, 16, 24, 30, 31, 32, 40, 256] {
            if radius == 256 && kind != "uniform" {
                continue;
            }
            let expected = plain(&rows, &queries, radius);
            let mut found = Vec::new();
            segment.search(&queries, radius, &mut found);
            assert!(found == expected, "{kind}, {radius}: {} {}", found.len(), expected.len());
        }
        let copy = Segment::open(Arc::new(segment.bytes().to_vec())).unwrap();
        assert_eq!(copy.verify(), Ok(()));
        assert_eq!((copy.mark(), copy.len()), (5, rows.len()));
    }
}

/// What happens to a live index.
#[derive(Debug, Clone)]
enum Step {
    Append(u8, u8),
    /// So many rows at once.
    AppendMany(u16),
    Remove(u8),
    Merge,
    MergeAll,
    /// Begins a merge that is installed some steps later.
    Begin,
    Install,
    Search(u8, u16),
    /// Writes all to files and opens them again.
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (any::<u8>(), any::<u8>()).prop_map(|(signal, id)| Step::Append(signal, id % 32)),
        4 => (0..3_000_u16).prop_map(Step::AppendMany),
        4 => any::<u8>().prop_map(|id| Step::Remove(id % 32)),
        3 => Just(Step::Merge),
        1 => Just(Step::MergeAll),
        3 => Just(Step::Begin),
        3 => Just(Step::Install),
        6 => (any::<u8>(), prop_oneof![0..=40_u16, Just(256)]).prop_map(|(s, r)| Step::Search(s, r)),
        1 => Just(Step::Restart),
    ]
}

/// Few centres with some bits flipped, so that rows are equal and near.
fn signal(seed: u8) -> Pdq {
    let bits = spread(u64::from(seed)).0;
    bits[..usize::from(seed % 5) * 4].iter().fold(spread(u64::from(seed % 8)), |s, b| flip(s, *b))
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::with_cases(48) })]

    #[test]
    fn a_live_index_is_exact_at_every_step(steps in vec(step(), 1..60)) {
        let mut index = LiveIndex::new();
        let mut rows: Vec<Row> = Vec::new();
        let mut begun = None;
        let mut many = 0;
        for step in steps {
            match step {
                Step::Append(seed, id) => {
                    let row = Row { signal: signal(seed), id: u64::from(id) };
                    index.append(row.signal, row.id);
                    rows.push(row);
                }
                Step::AppendMany(count) => {
                    for _ in 0..count {
                        many += 1;
                        let row = Row { signal: spread(many + 1_000), id: 32 + many % 40 };
                        index.append(row.signal, row.id);
                        rows.push(row);
                    }
                }
                Step::Remove(id) => {
                    index.remove(u64::from(id));
                    index.remove(u64::from(id) + 40);
                    rows.retain(|row| row.id != u64::from(id) && row.id != u64::from(id) + 40);
                }
                Step::Merge => {
                    while let Some(merge) = index.merge_due() {
                        prop_assert!(index.install(merge.run(0)));
                        begun = None;
                    }
                }
                Step::MergeAll => {
                    if let Some(merge) = index.merge_all() {
                        prop_assert!(index.install(merge.run(0)));
                        prop_assert_eq!(index.snapshot().removed_len(), 0);
                        begun = None;
                    }
                }
                Step::Begin => begun = index.merge_due().or_else(|| index.merge_all()),
                Step::Install => {
                    if let Some(merge) = begun.take() {
                        prop_assert!(index.install(merge.run(0)));
                    }
                }
                Step::Search(seed, radius) => {
                    let queries = [signal(seed), spread(many + 999), Pdq::ZERO];
                    let mut found = Vec::new();
                    let snapshot = index.snapshot();
                    snapshot.search(&queries, radius, &mut found);
                    prop_assert_eq!(&found, &plain(&rows, &queries, radius));
                }
                Step::Restart => {
                    if let Some(merge) = index.merge_all() {
                        index.install(merge.run(0));
                    }
                    // What is still in the tail is for the caller to repeat.
                    let snapshot = index.snapshot();
                    let bytes = snapshot.segments().map(|segment| segment.bytes().to_vec());
                    let segments: Vec<_> =
                        bytes.map(|bytes| Arc::new(Segment::open(Arc::new(bytes)).unwrap())).collect();
                    let mut kept: Vec<Row> = segments.iter().flat_map(|s| s.rows()).collect();
                    kept.sort_unstable();
                    index = LiveIndex::of(segments);
                    let mut missing = rows.clone();
                    missing.retain(|row| kept.binary_search(row).is_err());
                    missing.iter().for_each(|row| index.append(row.signal, row.id));
                    begun = None;
                }
            }
        }
        while let Some(merge) = index.merge_due() {
            prop_assert!(index.install(merge.run(0)));
        }
        let queries: Vec<Pdq> = (0..40).map(signal).collect();
        let mut found = Vec::new();
        index.snapshot().search(&queries, 31, &mut found);
        prop_assert_eq!(&found, &plain(&rows, &queries, 31));
    }
}

#[test]
fn a_snapshot_stays_as_it_was() {
    let mut index = LiveIndex::new();
    index.append(spread(1), 1);
    let before = index.snapshot();
    index.append(spread(1), 2);
    index.remove(1);
    index.append(spread(2), 1);
    let ids = |snapshot: &tutela_match::index::Snapshot| -> Vec<u64> {
        let mut found = Vec::new();
        snapshot.search(&[spread(1), spread(2)], 0, &mut found);
        found.iter().map(|found| found.id).collect()
    };
    assert_eq!(ids(&before), [1]);
    assert_eq!(ids(&index.snapshot()), [2, 1]);
    assert_eq!((before.len(), index.snapshot().len()), (1, 3));
}

#[test]
fn damage_is_refused_wherever_it_is() {
    let whole = Segment::build(rows_of((0..3_000).map(spread)), 0).bytes().to_vec();
    for at in (0..whole.len()).step_by(61).chain(0..600) {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        let verified = Segment::open(Arc::new(bytes)).and_then(|segment| segment.verify());
        assert!(verified.is_err(), "byte {at} is not looked at");
    }
    for len in [0, 7, 8, 511, 512, 513, whole.len() - 1] {
        let error = Segment::open(Arc::new(whole[..len].to_vec())).unwrap_err();
        let expected = match len {
            0..8 => SegmentError::NotSegment,
            _ => SegmentError::Cut { found: len as u64 },
        };
        assert_eq!(error, expected);
    }
    let longer = [whole.as_slice(), b"x"].concat();
    assert!(matches!(Segment::open(Arc::new(longer)), Err(SegmentError::Cut { .. })));
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::with_cases(200) })]

    /// Somebody wrote the file on purpose: the header is right, and the content is not.
    #[test]
    fn a_hostile_segment_never_panics(
        changes in vec((any::<usize>(), any::<u8>()), 1..400),
        stretch in (any::<usize>(), 0..4_000_usize, any::<u8>()),
        repeats in any::<bool>(),
    ) {
        let step = if repeats { 2 } else { 1 };
        let rows = rows_of((0..3_000).map(|n| spread(n / step)));
        let mut bytes = Segment::build(rows, 0).bytes().to_vec();
        let body = bytes.len() - 512;
        for (at, value) in changes {
            bytes[512 + at % body] = value;
        }
        let start = 512 + stretch.0 % body;
        let end = (start + stretch.1).min(bytes.len());
        bytes[start..end].fill(stretch.2);
        let segment = Segment::open(Arc::new(bytes)).unwrap();
        let mut found = Vec::new();
        for radius in [0, 31, 40, 256] {
            segment.search(&[spread(1), Pdq::ZERO], radius, &mut found);
        }
        let _ = segment.rows().count();
    }
}
