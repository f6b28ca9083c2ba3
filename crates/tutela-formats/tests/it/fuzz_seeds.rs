//! Every seed of the fuzzer goes through every reader and writer.

use std::path::Path;

#[test]
#[expect(clippy::disallowed_methods, reason = "the seeds are files; the engine still gets bytes")]
fn every_seed_replays() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds/lists");
    let mut seeds = 0;
    for seed in std::fs::read_dir(&folder).unwrap() {
        let path = seed.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        tutela_formats::lists::replay(&bytes);
        tutela_formats::answers::replay(&bytes);
        seeds += 1;
    }
    assert!(seeds >= 20, "only {seeds} seeds in {}", folder.display());
}

#[test]
fn every_example_replays() {
    for list in tutela_formats::lists::LISTS {
        for example in list.examples {
            tutela_formats::lists::replay(example.bytes);
            tutela_formats::answers::replay(example.bytes);
        }
    }
}
