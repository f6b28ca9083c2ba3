//! Pixels to PDQ signals, in both variants.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use tutela_core::PdqVariant;
use tutela_match::content::Pixels;
use tutela_match::signals::pdq;

/// A picture with smooth and rough parts, from a formula.
fn picture(width: u32, height: u32) -> Option<Pixels> {
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let samples = places.flat_map(|(x, y)| [(x ^ y) as u8, (x * y / 64) as u8, (x + y) as u8]);
    Pixels::rgb(width, height, samples.collect()).ok()
}

fn pixels_to_signals(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("pdq");
    for (name, width, height) in [("512x512", 512, 512), ("12 MP", 4032, 3024)] {
        let Some(picture) = picture(width, height) else { continue };
        for variant in [PdqVariant::Reference, PdqVariant::Full] {
            group.bench_function(format!("{name} {}", variant.as_str()), |bencher| {
                bencher.iter(|| pdq(black_box(&picture), variant));
            });
        }
    }
}

criterion_group!(benches, pixels_to_signals);
criterion_main!(benches);
