//! Benchmarks: criterion benches of the engines; `peers/` holds the comparisons with other tools.
