//! The plain scan over PDQ signals, one query and a batch.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tutela_core::Pdq;
use tutela_match::index::LinearIndex;

const RADIUS: u16 = 31;

/// Signals without any pattern.
fn signals(seed: u64) -> impl Iterator<Item = Pdq> {
    let mut state = seed;
    let mut word = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    std::iter::repeat_with(move || Pdq::from_words([word(), word(), word(), word()]))
}

fn scans(criterion: &mut Criterion) {
    let queries: Vec<Pdq> = signals(2).take(32).collect();
    let mut group = criterion.benchmark_group("linear");
    for entries in [100_000, 1_000_000] {
        let index: LinearIndex = signals(1).take(entries).collect();
        for queries in [&queries[..1], &queries] {
            group.throughput(Throughput::Elements((entries * queries.len()) as u64));
            group.bench_function(format!("{entries} entries, {} queries", queries.len()), |b| {
                let mut hits = Vec::new();
                b.iter(|| {
                    hits.clear();
                    index.search_batch(black_box(queries), RADIUS, &mut hits);
                    hits.len()
                });
            });
        }
    }
}

criterion_group!(benches, scans);
criterion_main!(benches);
