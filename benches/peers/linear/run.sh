#!/usr/bin/env bash
# Runs the whole comparison on one core; the raw result goes to runs/DATE.jsonl.
set -euo pipefail
cd "$(dirname "$0")"
target=$(cd ../../.. && cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
venv=${PEER_VENV:-$target/peers/venv-linear}
if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet faiss-cpu==1.15.1 numpy
fi
cargo build --release --package tutela-benches --bin peer-linear
export OMP_NUM_THREADS=1
taskset -c "${PEER_CORE:-0}" "$venv/bin/python" compare.py "$target/release/peer-linear" \
    100000 1000000 10000000 | tee "runs/$(date +%F).jsonl"
