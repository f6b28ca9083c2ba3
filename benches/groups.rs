//! Grouping of 50,000 signals: all unlike, and with many near-duplicates among them.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use tutela_core::Pdq;
use tutela_match::cluster::groups;

const SIGNALS: usize = 50_000;
const RADIUS: u16 = 31;

/// Signals without any pattern, each followed by `copies` that differ from it in a few bits.
fn signals(copies: usize) -> Vec<Pdq> {
    let mut state = 1_u64;
    let mut word = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut signals = Vec::new();
    while signals.len() < SIGNALS {
        let original = Pdq::from_words([word(), word(), word(), word()]);
        signals.push(original);
        for _ in 0..copies {
            let mut copy = original;
            for _ in 0..8 {
                let bit = (word() % 256) as usize;
                copy.0[bit / 8] ^= 1 << (bit % 8);
            }
            signals.push(copy);
        }
    }
    signals.truncate(SIGNALS);
    signals
}

fn grouping(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("groups");
    group.sample_size(10);
    for copies in [0, 4, 500] {
        let signals = signals(copies);
        group.bench_function(format!("{SIGNALS} signals, {copies} copies of each"), |b| {
            b.iter(|| groups(black_box(&signals), RADIUS).len());
        });
    }
}

criterion_group!(benches, grouping);
criterion_main!(benches);
