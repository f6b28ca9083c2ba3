#!/usr/bin/env bash
# Makes the streams and runs the whole comparison on one core; the raw result goes to runs/DATE.jsonl.
# Needs Python 3. PEER_CORE picks a core, PEER_ROUNDS the rounds, PEER_LARGE the length of the long streams.
set -euo pipefail
cd "$(dirname "$0")"
target=$(cd ../../.. && cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
venv=${PEER_VENV:-$target/peers/venv-flows}
streams=${PEER_STREAMS:-$target/peers/flows}
if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet snapml==1.17.2 duckdb==2.0.1 polars==2.1.0 pyarrow==26.0.1 numpy==2.4.6
fi
cargo build --release --package tutela-benches --bin peer-flows
mkdir -p "$streams"
{
    printf '{"machine": "%s", "peers": "%s", "rustc": "%s", "commit": "%s"}\n' \
        "$(lscpu | sed -n 's/^Model name: *//p'), $(nproc) cores" \
        "$("$venv/bin/pip" list --format freeze | grep -E '^(snapml|duckdb|polars|pyarrow|numpy)=' | paste -sd ' ')" \
        "$(rustc --version)" "$(git rev-parse --short HEAD)"
    taskset -c "${PEER_CORE:-0}" "$venv/bin/python" compare.py "$target/release/peer-flows" "$streams" \
        "${PEER_ROUNDS:-3}" "${PEER_LARGE:-10000000}"
} | tee "runs/$(date +%F).jsonl"
