#!/usr/bin/env bash
# Looks random digests up in a list of ten million, ours beside others, on one core; needs python3 and hfind.
# The raw result goes to runs/DATE.jsonl. PEER_ENTRIES, PEER_LOOKUPS and PEER_CORE may be set.
set -euo pipefail
cd "$(dirname "$0")"
target=$(cd ../../.. && cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
entries=${PEER_ENTRIES:-10000000} lookups=${PEER_LOOKUPS:-10000000}
cargo build --release --package tutela-benches --bin peer-lookup
ours=$target/release/peer-lookup
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$ours" generate md5 "$entries" >"$scratch/listed.md5"
"$ours" generate md5 "$((entries + 200000))" | tail -n 200000 >"$scratch/misses.md5"
{
    taskset -c "${PEER_CORE:-0}" "$ours" time "$entries" "$lookups"
    taskset -c "${PEER_CORE:-0}" python3 peers.py "$scratch/listed.md5" "$scratch/misses.md5"
} | tee "runs/$(date +%F).jsonl"
