#!/usr/bin/env bash
# Runs the whole comparison on one core; the raw result goes to runs/DATE.jsonl.
set -euo pipefail
cd "$(dirname "$0")"
target=$(cd ../../.. && cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
venv=${PEER_VENV:-$target/peers/venv-pdq}
if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet pdqhash==0.2.8 numpy pillow pooch scikit-image scikit-learn
fi
cargo build --release --package tutela-benches --bin peer-pdq
cargo build --release --manifest-path rust-pdqhash/Cargo.toml --target-dir "$target/peers"
export OMP_NUM_THREADS=1
taskset -c "${PEER_CORE:-0}" "$venv/bin/python" compare.py \
    "$target/release/peer-pdq" "$target/peers/release/peer-rust-pdqhash" \
    | tee "runs/$(date +%F).jsonl"
